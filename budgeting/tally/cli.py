"""``rione-tally``: count a Pabulib file on the command line.

Exit codes: 0 counted, 2 the file, the rule or a tie needs a decision (standard error says which).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from .count import count
from .election import Election
from .messages import PabulibError, ReadWarning
from .outcome import Outcome
from .pabulib_reader import Reading, read_election
from .report import report
from .rules import (
    Comparison,
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
from .ties import Draw, UndecidedTieError

FROM_FILE = "from-file"
FAILED = 2

GREEDY_OPTIONS = {
    "order": "--order",
    "overflow": "--stop-at-first",
    "partial_share": "--partial-share",
}
SHARES_OPTIONS = {
    "utility": "--utility",
    "completion": "--completion",
    "stop": "--stop",
    "start": "--start",
    "step": "--step",
    "comparison": "--comparison",
}


class _RefusedError(Exception):
    """What went wrong and what to do, for standard error."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the console script; gives the exit code."""
    options = _parser().parse_args(arguments)
    try:
        reading = _read(options.file)
        rule, draw = _choose_rule(options, reading.election)
        outcome = _count(reading.election, rule, draw)
    except _RefusedError as failure:
        print(f"rione-tally: {options.file}: {failure}", file=sys.stderr)
        print(f"  {failure.remedy}", file=sys.stderr)
        return FAILED
    for warning in reading.warnings:
        print(f"rione-tally: {options.file}: {_sentence(warning)}", file=sys.stderr)
    if options.json:
        data = outcome.to_json() | {"warnings": [_plain(warning) for warning in reading.warnings]}
        print(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        print(report(reading.election, outcome))
    return 0


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
        f"{', '.join(Method)}; or a whole rule as JSON",
    )
    both = parser.add_argument_group("both rules")
    both.add_argument(
        "--min-votes", type=_minimum, metavar="N", help="least votes (or N%% of ballots)"
    )
    both.add_argument(
        "--eligibility", choices=list(Eligibility), help="3B: votes/ballots >= cost/(3 budget)"
    )
    both.add_argument("--ties", choices=list(Ties), help="how equal projects are told apart")
    both.add_argument("--draw", metavar="SEED", help="seed of the drawn order for --ties standard")
    greedy = parser.add_argument_group("greedy")
    greedy.add_argument("--order", choices=list(Order), help="what projects are sorted by (votes)")
    greedy.add_argument(
        "--stop-at-first", action="store_true", help="end at the first project that does not fit"
    )
    greedy.add_argument(
        "--partial-share",
        type=_share,
        metavar="SHARE",
        help="end there, but fund it if this share (0.8) of its cost is left",
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
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    return parser


def _rule(text: str) -> str | Rule:
    if text == FROM_FILE or text in list(Method):
        return text
    if not text.startswith("{"):
        names = ", ".join([FROM_FILE, *Method])
        raise argparse.ArgumentTypeError(f"{text!r} is none of {names}, nor a rule as JSON")
    try:
        return Rule.from_json(json.loads(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"the rule as JSON: {error}") from error


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


def _read(path: str) -> Reading:
    try:
        return read_election(path)
    except PabulibError as error:
        raise _RefusedError(f"{error.where}{error.message}", error.remedy) from error
    except OSError as error:
        raise _RefusedError(error.strerror or str(error), "Check the name of the file.") from error


def _choose_rule(options: argparse.Namespace, election: Election) -> tuple[Rule, Draw | None]:
    given = _given(options)
    try:
        if isinstance(options.rule, Rule):
            rule = options.rule
            given.setdefault("ties", rule.ties)
        elif options.rule == FROM_FILE:
            rule = Rule.from_file(election.meta)
        else:
            rule = Rule(Method(options.rule))
    except RuleError as error:
        raise _RefusedError(
            f"META, {error.field}: {error.message}.", "Choose the rule with --rule."
        ) from error
    others = SHARES_OPTIONS if rule.method is Method.GREEDY else GREEDY_OPTIONS
    for name, option in others.items():
        if name in given:
            raise _RefusedError(
                f"{option} does not go with the rule {rule.method}.", "Leave the option out."
            )
    if options.draw is not None:
        given.setdefault("ties", Ties.STANDARD)
        if given["ties"] is not Ties.STANDARD:
            raise _RefusedError(
                f"--draw does not go with --ties {given['ties']}.", "Leave one of them out."
            )
    return replace(rule, **given), _draw(options.draw, election.meta)


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
    }
    for name, kind in kinds.items():
        value = getattr(options, name)
        if value is not None:
            given[name] = kind(value)
    if options.step is not None:
        given["step"] = options.step
    if options.stop_at_first:
        given["overflow"] = Overflow.STOP
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
