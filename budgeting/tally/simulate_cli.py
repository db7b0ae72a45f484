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

from .election import Election
from .messages import PabulibError
from .money import format_units
from .pabulib_reader import read_election
from .report import describe_rule
from .rules import PABULIB_RULES, Method, Rule, RuleError
from .scenario import DEFAULT_SEED, Scenario, ScenarioError
from .simulating import DRAWS, TURNOUT_STEPS, Simulated, simulate, turnout_needed
from .ties import UndecidedTieError

FAILED = 2
NAME_WIDTH = 48
LABEL_WIDTH = 34
COLUMN_WIDTH = 16
MOST_FUNDED = 3
"""Ballots with more choices funded than this share a line."""


class _RefusedError(Exception):
    """What went wrong and what to do, for standard error."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the console script; gives the exit code."""
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
    except _RefusedError as failure:
        print(f"rione-simulate: {failure}", file=sys.stderr)
        print(f"  {failure.remedy}", file=sys.stderr)
        return FAILED
    if options.json:
        print(json.dumps(documents, ensure_ascii=False, indent=2, sort_keys=True))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rione-simulate",
        description="Count elections in Pabulib format under other rules, and say what changes. "
        "The first column is the election as it was held.",
        epilog="Every --rule and every --scenario makes a column. A scenario file is a JSON object "
        "(or a list of them) with name, rule, min_votes, min_share, eligibility, max_length, "
        "budget, budget_factor, areas, unspent, cost_factor, costs, seed; what it does not name "
        "stays as it was.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE.pb", help="an election")
    parser.add_argument(
        "--base",
        metavar="RULE",
        type=_rule,
        help="how it was counted, where the file does not say: a name or JSON",
    )
    parser.add_argument(
        "--scenario",
        action="append",
        default=[],
        metavar="FILE.json",
        type=_scenarios,
        help="what to vary; may be given several times",
    )
    parser.add_argument(
        "--rule",
        action="append",
        default=[],
        metavar="RULE",
        type=_rule,
        help=f"{', '.join(dict.fromkeys([*Method, *PABULIB_RULES]))}; or a whole rule as JSON",
    )
    parser.add_argument("--min-votes", type=_minimum, metavar="N", help="least votes (or N%%)")
    parser.add_argument(
        "--max-length", type=int, metavar="K", help="at most so many projects on a ballot"
    )
    parser.add_argument("--budget", type=_number, metavar="AMOUNT", help="in major units")
    parser.add_argument(
        "--budget-factor", type=_number, metavar="F", help="multiply the budget (0.8)"
    )
    parser.add_argument("--cost-factor", type=_number, metavar="F", help="multiply all costs (1.2)")
    parser.add_argument(
        "--seed", default=None, help=f"decides what is left to chance ({DEFAULT_SEED})"
    )
    parser.add_argument(
        "--turnout",
        nargs="?",
        type=int,
        const=TURNOUT_STEPS,
        default=0,
        metavar="STEPS",
        help="also count growing parts of the ballots, to see how many are needed",
    )
    parser.add_argument(
        "--draws",
        type=int,
        default=DRAWS,
        metavar="N",
        help=f"how often chance shortens the ballots ({DRAWS})",
    )
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    return parser


def _rule(text: str) -> str | Rule:
    if text in list(Method) or text in PABULIB_RULES:
        return text
    if not text.startswith("{"):
        names = ", ".join(dict.fromkeys([*Method, *PABULIB_RULES]))
        raise argparse.ArgumentTypeError(f"{text!r} is none of {names}, nor a rule as JSON")
    try:
        return Rule.from_json(json.loads(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"the rule as JSON: {error}") from error


def _scenarios(path: str) -> list[Scenario]:
    try:
        data = json.loads(Path(path).read_text("utf-8"))
        found = [Scenario.from_json(each) for each in (data if isinstance(data, list) else [data])]
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{path}: {error.strerror or error}") from error
    except ScenarioError as error:
        raise argparse.ArgumentTypeError(f"{path}: {error.message}") from error
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{path} is no JSON: {error}") from error
    return [each if each.name else replace(each, name=Path(path).stem[:20]) for each in found]


def _number(text: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from error


def _minimum(text: str) -> dict[str, Any]:
    if text.endswith("%"):
        return {"min_votes": 0, "min_share": _number(text[:-1]) / 100}
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number of votes nor a percentage")
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
        raise _RefusedError(f"{path}: {error.where}{error.message}", error.remedy) from error
    except OSError as error:
        raise _RefusedError(
            f"{path}: {error.strerror or error}", "Check the name of the file."
        ) from error
    own = _own(path, election, options.base)
    found: list[Simulated] = []
    steps = {"turnout_steps": max(0, options.turnout)}
    for scenario in [Scenario(name="as it was"), *_given(options, own)]:
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
            raise _RefusedError(
                f"{path}: {scenario.name}: {error.message}.", "Change the scenario."
            ) from error
        except RuleError as error:
            raise _RefusedError(
                f"{path}: {scenario.name}: {error.message}.", "Choose another rule."
            ) from error
        except UndecidedTieError as error:
            raise _RefusedError(
                f"{path}: {scenario.name}: {error}.", "Give the rule other ties than 'refuse'."
            ) from error
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
        raise _RefusedError(
            f"{path}: META, {error.field}: {error.message}.", "Say how it was counted with --base."
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
            scenarios.append(Scenario(name="varied", **given))
    except ScenarioError as error:
        raise _RefusedError(f"{error.message}.", "Change the option.") from error
    if not scenarios:
        raise _RefusedError(
            "nothing is varied.", "Give --rule, --scenario, --max-length, --min-votes or --budget."
        )
    return scenarios


# --- the table -----------------------------------------------------------------------------------


def _report(election: Election, found: Sequence[Simulated]) -> Iterator[str]:
    base = found[0]
    title = election.meta.get("description") or election.meta.get("unit", "")
    if title:
        yield title
    currency = f" {election.currency}" if election.currency else ""
    yield (
        f"{election.num_ballots:,} ballots ({election.vote_type}), "
        f"{len(election.projects)} projects, amounts in major units{currency}"
    )
    for number, each in enumerate(found):
        yield f"  {number}  {each.scenario.name}: {describe_rule(each.rule)}"
    yield ""
    yield _line("", [str(number) for number in range(len(found))])
    for label, cells in _rows(election, found):
        yield _line(label, cells)
    names = {project.id: project for project in election.projects}
    for number, each in enumerate(found[1:], start=1):
        difference = each.difference
        if difference is None:
            continue
        for word, ids, costs in (
            ("gained", difference.gained, each.election),
            ("lost", difference.lost, base.election),
        ):
            yield ""
            yield f"{number}: {word} {len(ids)}"
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
        return f"{int(head):,}{point}{rest}"

    yield "funded projects", [f"{len(each.winners):,}" for each in found]
    yield "budget", [money(each.outcome.budget) for each in found]
    yield "cost of the funded", [money(each.outcome.cost) for each in found]
    yield (
        "fewest votes of a funded project",
        [_fewest(each) for each in found],
    )
    for number in range(MOST_FUNDED):
        label = f"ballots with {number} choices funded"
        yield label, [f"{_exactly(each, number):,}" for each in found]
    yield (
        f"ballots with {MOST_FUNDED} or more",
        [f"{sum(each.measures.by_choices_funded[MOST_FUNDED:]):,}" for each in found],
    )
    yield "with something funded", [_percent(each.measures.share_with_something) for each in found]
    compared = [each.difference for each in found]
    yield (
        "ballots better off than in 0",
        ["" if each is None else f"{each.better_under_other:,}" for each in compared],
    )
    yield (
        "ballots worse off than in 0",
        ["" if each is None else f"{each.better_under_one:,}" for each in compared],
    )
    for area in found[0].measures.neighborhoods:
        paid = [
            {each.name: each.cost for each in one.measures.neighborhoods}[area.name]
            for one in found
        ]
        yield f"  {area.name or '(no place named)'}", [money(cost) for cost in paid]
    if any(each.turnout for each in found):
        needed = [turnout_needed(each.turnout) for each in found]
        for label, values in (
            ("ballots needed for one project", [each.any for each in needed]),
            ("… for half as many projects", [each.half for each in needed]),
            ("… for as many projects", [each.all for each in needed]),
            ("… for the same projects", [each.same for each in needed]),
        ):
            yield label, ["never" if each is None else f"{each:,}" for each in values]


def _exactly(each: Simulated, number: int) -> int:
    counts = each.measures.by_choices_funded
    return counts[number] if number < len(counts) else 0


def _fewest(each: Simulated) -> str:
    votes = [each.outcome.votes[name] for name in each.winners]
    return f"{min(votes):,}" if votes else "–"


def _percent(share: Fraction | None) -> str:
    return "–" if share is None else f"{float(share):.1%}"


if __name__ == "__main__":
    sys.exit(main())
