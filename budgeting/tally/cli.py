"""``rione-tally``: count a Pabulib file on the command line.

Exit codes: 0 counted, 2 the file, the rule or a tie needs a decision (standard error says which).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from .console import FAILED, Parser, RefusedError, run, trouble
from .console import WORDS as SHARED
from .count import check_rule, count
from .election import Election, ElectionError
from .explaining import explain, explain_steps
from .language import spoken, tell
from .messages import PLACES, PabulibError, ReadWarning
from .money import decimals, parse_decimal, to_units
from .outcome import Outcome
from .pabulib_reader import Reading, read_election
from .replaying import detailed
from .report import report
from .rule_file import RuleFile, RuleFileError, read_rule
from .rules import (
    Areas,
    Comparison,
    Compat,
    Completion,
    Eligibility,
    Method,
    Order,
    Overflow,
    Rule,
    RuleError,
    Start,
    Stop,
    Ties,
    Utility,
)
from .tally_words import WORDS
from .ties import Draw, UndecidedTieError

FROM_FILE = "from-file"
EVERY_STEP = ""
DECIMALS = 2

BOTH_IN_ORDER = frozenset({Method.GREEDY, Method.PHRAGMEN})
OPTIONS: Mapping[str, tuple[str, Collection[Method]]] = {
    "order": ("--order", {Method.GREEDY}),
    "partial_share": ("--partial-share", {Method.GREEDY}),
    "overflow": ("--overflow", BOTH_IN_ORDER),
    "utility": ("--utility", {Method.EQUAL_SHARES}),
    "completion": ("--completion", {Method.EQUAL_SHARES}),
    "stop": ("--stop", {Method.EQUAL_SHARES}),
    "start": ("--start", {Method.EQUAL_SHARES}),
    "step": ("--step", {Method.EQUAL_SHARES}),
    "comparison": ("--comparison", {Method.EQUAL_SHARES}),
}
"""Parameters that do not go with every method: the option that sets each, and its methods."""


def _say(key: str, /, **figures: object) -> str:
    return tell(WORDS, key, **figures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the console script; gives the exit code."""
    return run("rione-tally", _run, arguments)


def _run(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    try:
        reading = _read(options.file)
        election = _changed(reading.election, options)
        if options.explain is not None:
            election = _explainable(election, options.explain)
        rule, draw = _choose_rule(options, election)
        outcome = _count(election, rule, draw)
    except RefusedError as failure:
        print(f"rione-tally: {options.file}: {failure}", file=sys.stderr)
        print(f"  {failure.remedy}", file=sys.stderr)
        return FAILED
    for warning in reading.warnings:
        print(f"rione-tally: {options.file}: {_sentence(warning)}", file=sys.stderr)
    if options.json:
        full = detailed(election, outcome)
        data = full.to_json() | {"warnings": [_plain(warning) for warning in reading.warnings]}
        print(json.dumps(data, ensure_ascii=False, indent=2))
    elif options.explain == EVERY_STEP:
        print(explain_steps(election, outcome, language=spoken()))
    elif options.explain is not None:
        print(explain(election, outcome, options.explain, language=spoken()))
    else:
        print(report(election, outcome))
    return 0


def _explainable(election: Election, wanted: str) -> Election:
    """Check that the project is there; let amounts have two decimals, since shares need them."""
    if wanted != EVERY_STEP and wanted not in election.position:
        raise RefusedError(_say("no-project", project=wanted), _say("name-one"))
    return election.rescaled(max(election.scale, DECIMALS))


def _parser() -> Parser:
    parser = Parser("rione-tally", description=_say("description"), epilog=_say("epilog"))
    parser.add_argument("file", metavar="FILE.pb", help=_say("help-file"))
    parser.add_argument(
        "--rule",
        type=_rule,
        metavar="RULE",
        default=FROM_FILE,
        help=_say("help-rule", methods=", ".join(Method)),
    )
    both = parser.add_argument_group(_say("group-every"))
    both.add_argument("--min-votes", type=_minimum, metavar="N", help=_say("help-min-votes"))
    both.add_argument("--eligibility", choices=list(Eligibility), help=_say("help-eligibility"))
    both.add_argument("--ties", choices=list(Ties), help=_say("help-ties"))
    both.add_argument("--draw", metavar="SEED", help=_say("help-draw"))
    both.add_argument("--areas", choices=list(Areas), help=_say("help-areas"))
    both.add_argument(
        "--area",
        action="append",
        type=_area,
        default=[],
        metavar="NAME=AMOUNT",
        help=_say("help-area"),
    )
    both.add_argument(
        "--conflict",
        action="append",
        type=_pair,
        default=[],
        metavar="ID,ID",
        help=_say("help-conflict"),
    )
    both.add_argument("--compat", choices=list(Compat), help=_say("help-compat"))
    greedy = parser.add_argument_group(_say("group-order"))
    greedy.add_argument("--order", choices=list(Order), help=_say("help-order"))
    unfit = greedy.add_mutually_exclusive_group()
    unfit.add_argument(
        "--overflow", choices=[Overflow.SKIP, Overflow.STOP], help=_say("help-overflow")
    )
    unfit.add_argument(
        "--stop-at-first",
        action="store_const",
        const=Overflow.STOP,
        dest="overflow",
        help=_say("help-stop-at-first"),
    )
    greedy.add_argument(
        "--partial-share", type=_share, metavar="SHARE", help=_say("help-partial-share")
    )
    shares = parser.add_argument_group(_say("group-shares"))
    shares.add_argument("--utility", choices=list(Utility), help=_say("help-utility"))
    shares.add_argument("--completion", choices=list(Completion), help=_say("help-completion"))
    shares.add_argument("--stop", choices=list(Stop), help=_say("help-stop"))
    shares.add_argument("--start", choices=list(Start), help=_say("help-start"))
    shares.add_argument("--step", type=_amount, metavar="N", help=_say("help-step"))
    shares.add_argument(
        "--comparison",
        nargs="?",
        const=Comparison.SATISFACTION.value,
        choices=list(Comparison),
        help=_say("help-comparison"),
    )
    parser.add_argument(
        "--explain", nargs="?", const=EVERY_STEP, metavar="PROJECT", help=_say("help-explain")
    )
    parser.add_argument("--json", action="store_true", help=_say("help-json"))
    parser.add_common()
    return parser


def _rule(text: str) -> str | RuleFile:
    if text == FROM_FILE or text in list(Method):
        return text
    try:
        if text.startswith("{"):
            return read_rule(text)
        path = Path(text)
        if path.suffix == ".json" or path.is_file():
            return read_rule(path.read_text(encoding="utf-8"))
    except (RuleFileError, UnicodeDecodeError) as error:
        where = _say("rule-as-json") if text.startswith("{") else text
        raise argparse.ArgumentTypeError(f"{where}: {error}") from error
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{text}: {trouble(error)}") from error
    names = ", ".join([FROM_FILE, *Method])
    raise argparse.ArgumentTypeError(_say("no-rule", text=text, names=names))


def _number(text: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise argparse.ArgumentTypeError(_say("no-number", text=text)) from error


def _amount(text: str) -> Fraction:
    value = _number(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(_say("above-0"))
    return value


def _share(text: str) -> Fraction:
    value = _number(text[:-1]) / 100 if text.endswith("%") else _number(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(_say("share"))
    return value


def _minimum(text: str) -> dict[str, int | Fraction]:
    if text.endswith("%"):
        return {"min_votes": 0, "min_share": _share(text)}
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(_say("no-minimum", text=text))
    return {"min_votes": int(text), "min_share": Fraction(0)}


def _area(text: str) -> tuple[str, Decimal]:
    name, found, amount = text.rpartition("=")
    value = parse_decimal(amount.strip())
    if not found or value is None or value < 0:
        raise argparse.ArgumentTypeError(_say("no-area", text=text))
    return name.strip(), value


def _pair(text: str) -> frozenset[str]:
    pair = frozenset(name.strip() for name in text.split(","))
    if len(pair) != 2:
        raise argparse.ArgumentTypeError(_say("no-pair", text=text))
    return pair


def _changed(election: Election, options: argparse.Namespace) -> Election:
    """Add what no file carries: conflicts, and other budgets of areas."""
    try:
        if isinstance(options.rule, RuleFile):
            election = options.rule.complete(election)
        if options.conflict:
            election = replace(election, conflicts=frozenset(options.conflict))
        if options.area:
            election = _with_areas(election, options.area)
    except ElectionError as error:
        raise RefusedError(f"{error}.", _say("correct-options")) from error
    return election


def _with_areas(election: Election, areas: Iterable[tuple[str, Decimal]]) -> Election:
    areas = list(areas)
    election = election.rescaled(
        max(election.scale, *(decimals(amount) for _name, amount in areas))
    )
    budgets = tuple((name, to_units(amount, election.scale)) for name, amount in areas)
    total = sum(budget for _name, budget in budgets)
    return replace(election, areas=budgets, budget=total)


def _read(path: str) -> Reading:
    try:
        return read_election(path)
    except PabulibError as error:
        raise RefusedError(f"{error.where}{error.message}", error.remedy) from error
    except OSError as error:
        raise RefusedError(f"{trouble(error)}.", tell(SHARED, "check-name")) from error


def _choose_rule(options: argparse.Namespace, election: Election) -> tuple[Rule, Draw | None]:
    given = _given(options)
    drawn = None
    try:
        if isinstance(options.rule, RuleFile):
            rule, drawn = options.rule.rule, options.rule.draw
            given.setdefault("ties", rule.ties)
        elif options.rule == FROM_FILE:
            rule = Rule.from_file(election.meta)
        else:
            rule = Rule(Method(options.rule))
    except RuleError as error:
        raise RefusedError(f"META, {error.field}: {error.message}.", _say("choose-rule")) from error
    for name, (option, methods) in OPTIONS.items():
        if name in given and rule.method not in methods:
            raise RefusedError(
                _say("option-unfit", option=option, method=rule.method), _say("leave-option-out")
            )
    if options.draw is not None:
        given.setdefault("ties", Ties.STANDARD)
        if given["ties"] is not Ties.STANDARD:
            raise RefusedError(_say("draw-unfit", ties=given["ties"]), _say("leave-one-out"))
    try:
        rule = replace(rule, **given)
        check_rule(election, rule)
    except RuleError as error:
        raise RefusedError(f"{error.message}.", _say("change-rule")) from error
    return rule, drawn if options.draw is None else _draw(options.draw, election.meta)


def _given(options: argparse.Namespace) -> dict[str, Any]:
    """Collect the parameters that were named on the command line."""
    given: dict[str, Any] = dict(options.min_votes or {})
    kinds = {
        "eligibility": Eligibility,
        "ties": Ties,
        "order": Order,
        "utility": Utility,
        "completion": Completion,
        "stop": Stop,
        "start": Start,
        "comparison": Comparison,
        "overflow": Overflow,
        "areas": Areas,
        "compat": Compat,
    }
    for name, kind in kinds.items():
        value = getattr(options, name)
        if value is not None:
            given[name] = kind(value)
    if options.step is not None:
        given["step"] = options.step
    if options.partial_share is not None:
        given |= {"overflow": Overflow.PARTIAL, "partial_share": options.partial_share}
    return given


def _draw(seed: str, meta: Mapping[str, str]) -> Draw:
    try:
        return Draw.for_file(meta, seed)
    except ValueError as error:
        raise RefusedError(f"--draw: {error}.", _say("give-seed")) from error


def _count(election: Election, rule: Rule, draw: Draw | None) -> Outcome:
    try:
        return count(election, rule, draw=draw)
    except UndecidedTieError as error:
        raise RefusedError(f"{error}.", _say("give-draw")) from error


def _sentence(warning: ReadWarning) -> str:
    place = f"{tell(PLACES, 'line', number=warning.line)}: " if warning.line else ""
    times = _say("times", count=warning.count) if warning.count > 1 else ""
    return f"{place}{warning.message} {warning.remedy}{times}"


def _plain(warning: ReadWarning) -> dict[str, Any]:
    return {
        "code": warning.code,
        "line": warning.line,
        "field": warning.field,
        "count": warning.count,
        "message": warning.message,
    }


if __name__ == "__main__":
    sys.exit(main())
