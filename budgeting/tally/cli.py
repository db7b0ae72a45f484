"""``rione-tally``: count a Pabulib file on the command line.

Exit codes: 0 counted, 2 the file, the rule or a tie needs a decision (standard error says which).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from .count import check_rule, count
from .election import Election, ElectionError
from .explaining import explain, explain_steps
from .messages import PabulibError, ReadWarning
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
from .sentences import LANGUAGES
from .ties import Draw, UndecidedTieError

FROM_FILE = "from-file"
FAILED = 2
CLOSED = 128 + signal.SIGPIPE
"""As a shell tells of a program whose reader went away."""
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


class _RefusedError(Exception):
    """What went wrong and what to do, for standard error."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the console script; gives the exit code."""
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has read enough, as `head` does; Python must not flush what is left.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED
    return code


def _run(arguments: Sequence[str] | None) -> int:
    options = _parser().parse_args(arguments)
    try:
        reading = _read(options.file)
        election = _changed(reading.election, options)
        if options.explain is not None:
            election = _explainable(election, options.explain)
        rule, draw = _choose_rule(options, election)
        outcome = _count(election, rule, draw)
    except _RefusedError as failure:
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
        print(explain_steps(election, outcome, language=options.language))
    elif options.explain is not None:
        print(explain(election, outcome, options.explain, language=options.language))
    else:
        print(report(election, outcome))
    return 0


def _explainable(election: Election, wanted: str) -> Election:
    """Check that the project is there; let amounts have two decimals, since shares need them."""
    if wanted != EVERY_STEP and wanted not in election.position:
        raise _RefusedError(
            f"there is no project {wanted!r}.",
            "Name one as in the column project_id, or none for every step.",
        )
    return election.rescaled(max(election.scale, DECIMALS))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rione-tally",
        description="Count the ballots of a participatory budget in Pabulib format, exactly.",
        epilog="The order drawn with --draw is SHA-256 of RIONE-T1|round|contest|SEED|project_id, "
        "ascending; round is 'unit instance' of META, contest is 'subunit', else 'district'.",
    )
    parser.add_argument("file", metavar="FILE.pb", help="the election")
    parser.add_argument(
        "--rule",
        type=_rule,
        metavar="RULE",
        default=FROM_FILE,
        help="how to count: from-file (the default) reads rule and threshold from META; "
        f"{', '.join(Method)}; a file with a whole rule as JSON, as rule.json of a recount "
        "kit (then with its draw, conflicts and areas); or the rule as JSON",
    )
    both = parser.add_argument_group("every rule")
    both.add_argument(
        "--min-votes", type=_minimum, metavar="N", help="least votes (or N%% of ballots)"
    )
    both.add_argument(
        "--eligibility", choices=list(Eligibility), help="3B: votes/ballots >= cost/(3 budget)"
    )
    both.add_argument("--ties", choices=list(Ties), help="how equal projects are told apart")
    both.add_argument("--draw", metavar="SEED", help="seed of the drawn order for --ties standard")
    both.add_argument(
        "--areas",
        choices=list(Areas),
        help="whether areas have budgets of their own, and where unspent money goes (none)",
    )
    both.add_argument(
        "--area",
        action="append",
        type=_area,
        default=[],
        metavar="NAME=AMOUNT",
        help="give an area a budget, in the order of counting, in place of those of the file; "
        "without NAME: the city-wide part, last",
    )
    both.add_argument(
        "--conflict",
        action="append",
        type=_pair,
        default=[],
        metavar="ID,ID",
        help="two projects of which at most one can be funded",
    )
    both.add_argument("--compat", choices=list(Compat), help="habits of another program (none)")
    greedy = parser.add_argument_group("greedy and Phragmén")
    greedy.add_argument("--order", choices=list(Order), help="what greedy sorts by (votes)")
    unfit = greedy.add_mutually_exclusive_group()
    unfit.add_argument(
        "--overflow",
        choices=[Overflow.SKIP, Overflow.STOP],
        help="at a project that does not fit: skip it (greedy), or stop there (Phragmén)",
    )
    unfit.add_argument(
        "--stop-at-first",
        action="store_const",
        const=Overflow.STOP,
        dest="overflow",
        help="the same as --overflow stop",
    )
    greedy.add_argument(
        "--partial-share",
        type=_share,
        metavar="SHARE",
        help="greedy: stop there, but fund it if this share (0.8) of its cost is left",
    )
    shares = parser.add_argument_group("Equal Shares")
    shares.add_argument("--utility", choices=list(Utility), help="what a supporter gets (cost)")
    shares.add_argument(
        "--completion", choices=list(Completion), help="how the rest is spent (none)"
    )
    shares.add_argument("--stop", choices=list(Stop), help="when the add-one scan ends (overspend)")
    shares.add_argument("--start", choices=list(Start), help="where the scan begins (exact)")
    shares.add_argument(
        "--step", type=_amount, metavar="N", help="raise per ballot and run, major units (1)"
    )
    shares.add_argument(
        "--comparison",
        nargs="?",
        const=Comparison.SATISFACTION.value,
        choices=list(Comparison),
        help="greedy replaces the award if more ballots prefer it (satisfaction or coverage)",
    )
    parser.add_argument(
        "--explain",
        nargs="?",
        const=EVERY_STEP,
        metavar="PROJECT",
        help="tell one project's story, with what would have been enough; without PROJECT: every "
        "step, to be done again on paper",
    )
    parser.add_argument(
        "--language", choices=LANGUAGES, default="en", help="language of --explain (en)"
    )
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
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
        where = "the rule as JSON" if text.startswith("{") else text
        raise argparse.ArgumentTypeError(f"{where}: {error}") from error
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{text}: {error.strerror or error}") from error
    names = ", ".join([FROM_FILE, *Method])
    raise argparse.ArgumentTypeError(
        f"{text!r} is none of {names}, nor a file with a rule, nor a rule as JSON"
    )


def _number(text: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from error


def _amount(text: str) -> Fraction:
    value = _number(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return value


def _share(text: str) -> Fraction:
    value = _number(text[:-1]) / 100 if text.endswith("%") else _number(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError("must be more than 0 and at most 1")
    return value


def _minimum(text: str) -> dict[str, int | Fraction]:
    if text.endswith("%"):
        return {"min_votes": 0, "min_share": _share(text)}
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number of votes nor a percentage")
    return {"min_votes": int(text), "min_share": Fraction(0)}


def _area(text: str) -> tuple[str, Decimal]:
    name, found, amount = text.rpartition("=")
    value = parse_decimal(amount.strip())
    if not found or value is None or value < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=AMOUNT")
    return name.strip(), value


def _pair(text: str) -> frozenset[str]:
    pair = frozenset(name.strip() for name in text.split(","))
    if len(pair) != 2:
        raise argparse.ArgumentTypeError(f"{text!r} is not two project ids with a comma between")
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
        raise _RefusedError(f"{error}.", "Correct --area, --conflict or the rule.") from error
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
        raise _RefusedError(f"{error.where}{error.message}", error.remedy) from error
    except OSError as error:
        raise _RefusedError(error.strerror or str(error), "Check the name of the file.") from error


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
        raise _RefusedError(
            f"META, {error.field}: {error.message}.", "Choose the rule with --rule."
        ) from error
    for name, (option, methods) in OPTIONS.items():
        if name in given and rule.method not in methods:
            raise _RefusedError(
                f"{option} does not go with the rule {rule.method}.", "Leave the option out."
            )
    if options.draw is not None:
        given.setdefault("ties", Ties.STANDARD)
        if given["ties"] is not Ties.STANDARD:
            raise _RefusedError(
                f"--draw does not go with --ties {given['ties']}.", "Leave one of them out."
            )
    try:
        rule = replace(rule, **given)
        check_rule(election, rule)
    except RuleError as error:
        raise _RefusedError(f"{error.message}.", "Change the rule or its options.") from error
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


def _draw(seed: str | None, meta: Mapping[str, str]) -> Draw | None:
    if seed is None:
        return None
    try:
        return Draw.for_file(meta, seed)
    except ValueError as error:
        raise _RefusedError(
            f"--draw: {error}.", "Give the seed as letters, digits and signs."
        ) from error


def _count(election: Election, rule: Rule, draw: Draw | None) -> Outcome:
    try:
        return count(election, rule, draw=draw)
    except UndecidedTieError as error:
        remedy = "Give the seed of a draw with --draw, or another procedure with --ties."
        raise _RefusedError(f"{error}.", remedy) from error


def _sentence(warning: ReadWarning) -> str:
    place = f"line {warning.line}: " if warning.line else ""
    times = f" ({warning.count} times)" if warning.count > 1 else ""
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
