"""``rione-simulate``: count past elections under other rules on the command line.

Exit codes: 0 counted, 2 a file, a scenario or a tie needs a decision (standard error says which).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from .console import FAILED, Parser, RefusedError, run, trouble
from .console import WORDS as SHARED
from .election import Election
from .language import digits, tell, with_marks
from .messages import PabulibError
from .money import format_units
from .pabulib_reader import read_election
from .report import describe_ballots, describe_rule
from .rules import PABULIB_RULES, Method, Rule, RuleError
from .scenario import DEFAULT_SEED, Scenario, ScenarioError
from .simulating import DRAWS, TURNOUT_STEPS, Simulated, simulate, turnout_needed
from .tally_words import WORDS
from .ties import UndecidedTieError

NAME_WIDTH = 48
LABEL_WIDTH = 34
COLUMN_WIDTH = 16
MOST_FUNDED = 3
"""Ballots with more choices funded than this share a line."""


def _say(key: str, /, **figures: object) -> str:
    return tell(WORDS, key, **figures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the console script; gives the exit code."""
    return run("rione-simulate", _run, arguments)


def _run(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    documents = []
    try:
        for number, path in enumerate(options.files):
            election, base, found = _simulate(path, options)
            if options.json:
                counted = [each.to_json() for each in found]
                documents.append({"file": path, "base": base.to_json(), "scenarios": counted})
            else:
                print("\n" * min(number, 1) + "\n".join(_report(election, [base, *found])))
    except RefusedError as failure:
        print(f"rione-simulate: {failure}", file=sys.stderr)
        print(f"  {failure.remedy}", file=sys.stderr)
        return FAILED
    if options.json:
        print(json.dumps(documents, ensure_ascii=False, indent=2, sort_keys=True))
    return 0


def _parser() -> Parser:
    parser = Parser(
        "rione-simulate",
        description=_say("simulate-description"),
        epilog=_say("simulate-epilog"),
    )
    parser.add_argument("files", nargs="+", metavar="FILE.pb", help=_say("help-election"))
    parser.add_argument("--base", metavar="RULE", type=_rule, help=_say("help-base"))
    parser.add_argument(
        "--scenario",
        action="append",
        default=[],
        metavar="FILE.json",
        type=_scenarios,
        help=_say("help-scenario"),
    )
    parser.add_argument(
        "--rule",
        action="append",
        default=[],
        metavar="RULE",
        type=_rule,
        help=_say("help-other-rule", names=RULES),
    )
    parser.add_argument("--min-votes", type=_minimum, metavar="N", help=_say("help-min-votes"))
    parser.add_argument("--max-length", type=int, metavar="K", help=_say("help-max-length"))
    parser.add_argument("--budget", type=_number, metavar="AMOUNT", help=_say("help-budget"))
    parser.add_argument(
        "--budget-factor", type=_number, metavar="F", help=_say("help-budget-factor")
    )
    parser.add_argument("--cost-factor", type=_number, metavar="F", help=_say("help-cost-factor"))
    parser.add_argument("--seed", default=None, help=_say("help-seed", seed=DEFAULT_SEED))
    parser.add_argument(
        "--turnout",
        nargs="?",
        type=int,
        const=TURNOUT_STEPS,
        default=0,
        metavar="STEPS",
        help=_say("help-turnout"),
    )
    parser.add_argument(
        "--draws", type=int, default=DRAWS, metavar="N", help=_say("help-draws", draws=DRAWS)
    )
    parser.add_argument("--json", action="store_true", help=_say("help-json-all"))
    parser.add_common()
    return parser


RULES = ", ".join(dict.fromkeys([*Method, *PABULIB_RULES]))


def _rule(text: str) -> str | Rule:
    if text in list(Method) or text in PABULIB_RULES:
        return text
    if not text.startswith("{"):
        raise argparse.ArgumentTypeError(_say("no-rule-name", text=text, names=RULES))
    try:
        return Rule.from_json(json.loads(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{_say('rule-as-json')}: {error}") from error


def _scenarios(path: str) -> list[Scenario]:
    try:
        data = json.loads(Path(path).read_text("utf-8"))
        found = [Scenario.from_json(each) for each in (data if isinstance(data, list) else [data])]
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{path}: {trouble(error)}") from error
    except ScenarioError as error:
        raise argparse.ArgumentTypeError(f"{path}: {error.message}") from error
    except ValueError as error:
        raise argparse.ArgumentTypeError(_say("no-json", path=path, problem=error)) from error
    return [each if each.name else replace(each, name=Path(path).stem[:20]) for each in found]


def _number(text: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise argparse.ArgumentTypeError(_say("no-number", text=text)) from error


def _minimum(text: str) -> dict[str, Any]:
    if text.endswith("%"):
        return {"min_votes": 0, "min_share": _number(text[:-1]) / 100}
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(_say("no-minimum", text=text))
    return {"min_votes": int(text), "min_share": Fraction(0)}


def _named(rule: str | Rule, own: Rule) -> Rule:
    """Make the rule of a name; equal projects are told apart as the election does."""
    if isinstance(rule, Rule):
        return rule
    if rule in PABULIB_RULES:
        return replace(Rule(**PABULIB_RULES[rule]), ties=own.ties)
    return Rule(Method(rule), ties=own.ties)


def _simulate(
    path: str, options: argparse.Namespace
) -> tuple[Election, Simulated, list[Simulated]]:
    try:
        election = read_election(path).election
    except PabulibError as error:
        raise RefusedError(f"{path}: {error.where}{error.message}", error.remedy) from error
    except OSError as error:
        raise RefusedError(f"{path}: {trouble(error)}.", tell(SHARED, "check-name")) from error
    own = _own(path, election, options.base)
    found: list[Simulated] = []
    steps = {"turnout_steps": max(0, options.turnout)}
    for scenario in [Scenario(name=_say("as-it-was")), *_given(options, own)]:
        try:
            counted = simulate(
                election,
                scenario,
                own=own,
                base=found[0].winners if found else None,
                draws=options.draws,
                **steps,
            )
        except ScenarioError as error:
            raise RefusedError(
                f"{path}: {scenario.name}: {error.message}.", _say("change-scenario")
            ) from error
        except RuleError as error:
            raise RefusedError(
                f"{path}: {scenario.name}: {error.message}.", _say("choose-another")
            ) from error
        except UndecidedTieError as error:
            raise RefusedError(f"{path}: {scenario.name}: {error}.", _say("other-ties")) from error
        found.append(counted)
    return election, found[0], found[1:]


def _own(path: str, election: Election, base: str | Rule | None) -> Rule:
    try:
        if isinstance(base, Rule):
            return base
        if base is not None:
            return _named(base, Rule(Method.GREEDY, ties=Rule.from_file({"rule": "greedy"}).ties))
        return Rule.from_file(election.meta)
    except RuleError as error:
        raise RefusedError(
            f"{path}: META, {error.field}: {error.message}.", _say("say-base")
        ) from error


def _given(options: argparse.Namespace, own: Rule) -> list[Scenario]:
    """Collect the scenarios of files, then those that the other options make."""
    given: dict[str, Any] = dict(options.min_votes or {})
    for name in ("max_length", "budget", "budget_factor", "cost_factor", "seed"):
        if getattr(options, name) is not None:
            given[name] = getattr(options, name)
    scenarios = [each for several in options.scenario for each in several]
    try:
        for rule in options.rule:
            name = rule if isinstance(rule, str) else str(rule.method)
            scenarios.append(Scenario(name=name, rule=_named(rule, own), **given))
        if given.keys() - {"seed"} and not options.rule:
            scenarios.append(Scenario(name=_say("varied"), **given))
    except ScenarioError as error:
        raise RefusedError(f"{error.message}.", _say("change-option")) from error
    if not scenarios:
        raise RefusedError(_say("nothing-varied"), _say("vary"))
    return scenarios


# --- the table -----------------------------------------------------------------------------------


def _report(election: Election, found: Sequence[Simulated]) -> Iterator[str]:
    base = found[0]
    title = election.meta.get("description") or election.meta.get("unit", "")
    if title:
        yield title
    currency = f" {election.currency}" if election.currency else ""
    yield _say(
        "election",
        ballots=digits(election.num_ballots),
        vote_type=describe_ballots(election.vote_type),
        projects=len(election.projects),
        currency=currency,
    )
    for number, each in enumerate(found):
        yield f"  {number}  {each.scenario.name}: {describe_rule(each.rule)}"
    yield ""
    yield _line("", [str(number) for number in range(len(found))])
    for label, cells in _rows(election, found):
        yield _line(label, cells)
    names = {project.id: project for project in election.projects}
    for number, each in enumerate(found):
        difference = each.difference
        if difference is None:  # the base itself
            continue
        for word, ids, costs in (
            ("gained", difference.gained, each.election),
            ("lost", difference.lost, base.election),
        ):
            yield ""
            yield _say(word, number=number, count=len(ids))
            for name in ids:
                cost = costs.projects[costs.position[name]].cost
                amount = format_units(cost, election.scale)
                yield f"  {name:<10} {amount:>12}  {names[name].name[:NAME_WIDTH]}"


def _line(label: str, cells: Sequence[str]) -> str:
    return f"{label[:LABEL_WIDTH]:<{LABEL_WIDTH}}" + "".join(
        f"{cell:>{COLUMN_WIDTH}}" for cell in cells
    )


def _rows(election: Election, found: Sequence[Simulated]) -> Iterator[tuple[str, list[str]]]:
    def money(units: int) -> str:
        whole = format_units(units, election.scale)
        head, point, rest = whole.partition(".")
        return with_marks(f"{int(head):,}{point}{rest}")

    yield _say("funded-projects"), [digits(len(each.winners)) for each in found]
    yield _say("budget"), [money(each.outcome.budget) for each in found]
    yield _say("cost-of-funded"), [money(each.outcome.cost) for each in found]
    yield (
        _say("fewest-votes"),
        [_fewest(each) for each in found],
    )
    for number in range(MOST_FUNDED):
        label = _say("exactly", number=number)
        yield label, [digits(_exactly(each, number)) for each in found]
    yield (
        _say("or-more", number=MOST_FUNDED),
        [digits(sum(each.measures.by_choices_funded[MOST_FUNDED:])) for each in found],
    )
    yield _say("with-something"), [_percent(each.measures.share_with_something) for each in found]
    compared = [each.difference for each in found]
    yield (
        _say("better-off"),
        ["" if each is None else digits(each.better_under_other) for each in compared],
    )
    yield (
        _say("worse-off"),
        ["" if each is None else digits(each.better_under_one) for each in compared],
    )
    for area in found[0].measures.neighborhoods:
        paid = [
            {each.name: each.cost for each in one.measures.neighborhoods}[area.name]
            for one in found
        ]
        yield f"  {area.name or _say('no-place')}", [money(cost) for cost in paid]
    if any(each.turnout for each in found):
        needed = [turnout_needed(each.turnout) for each in found]
        for label, values in (
            (_say("needed-any"), [each.any for each in needed]),
            (_say("needed-half"), [each.half for each in needed]),
            (_say("needed-all"), [each.all for each in needed]),
            (_say("needed-same"), [each.same for each in needed]),
        ):
            yield label, [_say("never") if each is None else digits(each) for each in values]


def _exactly(each: Simulated, number: int) -> int:
    counts = each.measures.by_choices_funded
    return counts[number] if number < len(counts) else 0


def _fewest(each: Simulated) -> str:
    votes = [each.outcome.votes[name] for name in each.winners]
    return digits(min(votes)) if votes else "–"


def _percent(share: Fraction | None) -> str:
    return "–" if share is None else with_marks(f"{float(share):.1%}")


if __name__ == "__main__":
    sys.exit(main())
