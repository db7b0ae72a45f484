"""``rione-recount``: check a recount kit on the command line, the count included.

Exit codes: 0 everything that can be checked agrees, 1 something does not, 2 the kit cannot be read
(standard error says why).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .console import WORDS as SHARED
from .console import Parser, run, trouble
from .kit_archive import ArchiveError, open_kit
from .language import tell
from .recount_words import WORDS
from .recounting import Finding, KitError, Verdict, check_kit

AGREES, DIFFERS, UNREADABLE = 0, 1, 2

MARKS = {Verdict.AGREES: "ok", Verdict.DIFFERS: "NO", Verdict.NOT_POSSIBLE: "--"}
WIDTH = 20


def _say(key: str, number: int | None = None, /, **figures: object) -> str:
    return tell(WORDS, key, number, **figures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the console script; gives the exit code."""
    return run("rione-recount", _run, arguments)


def _run(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    try:
        return _report(options)
    except (ArchiveError, KitError) as failure:
        print(f"rione-recount: {options.kit}: {failure}.", file=sys.stderr)
        print(f"  {failure.remedy}", file=sys.stderr)
    except BrokenPipeError:
        raise
    except OSError as error:
        print(f"rione-recount: {options.kit}: {trouble(error)}.", file=sys.stderr)
        print(f"  {tell(SHARED, 'check-name')}", file=sys.stderr)
    return UNREADABLE


def _parser() -> Parser:
    parser = Parser("rione-recount", description=_say("description"), epilog=_say("epilog"))
    parser.add_argument("kit", metavar="KIT.zip", type=Path, help=_say("help-kit"))
    parser.add_argument("--verbose", action="store_true", help=_say("help-verbose"))
    parser.add_argument("--quiet", action="store_true", help=_say("help-quiet"))
    parser.add_common()
    return parser


def _report(options: argparse.Namespace) -> int:
    """Print each finding as it comes and a last line; give the exit code.

    A kit in which something differs is told to differ even if the rest cannot be read.
    """
    seen: list[Finding] = []
    try:
        for finding in check_kit(open_kit(options.kit)):
            seen.append(finding)
            if finding.follows and not options.verbose:
                continue
            if finding.verdict is not Verdict.AGREES or not options.quiet:
                mark = MARKS[finding.verdict]
                print(f"{mark}  {finding.what:<{WIDTH}} {finding.detail}", flush=True)
    except KitError as failure:
        if not _differing(seen):
            raise
        print(f"NO  {_say('the-rest'):<{WIDTH}} {_say('cannot-check', problem=failure)}")
    print(_last_line(seen, verbose=options.verbose))
    return DIFFERS if _differing(seen) else AGREES


def _differing(seen: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in seen if finding.verdict is Verdict.DIFFERS]


def _last_line(seen: Sequence[Finding], *, verbose: bool) -> str:
    wrong = _differing(seen)
    hidden = 0 if verbose else sum(finding.follows for finding in wrong)
    if wrong:
        shown = len(wrong) - hidden
        line = _say("not-agreeing", shown, number=shown)
        return f"{line} {_say('more', number=hidden)}" if hidden else line
    if any(each.verdict is Verdict.NOT_POSSIBLE and each.what == _say("count") for each in seen):
        return _say("nothing-disagrees")
    return _say("everything-agrees")


if __name__ == "__main__":
    sys.exit(main())
