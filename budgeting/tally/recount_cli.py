"""``rione-recount``: check a recount kit on the command line, the count included.

Exit codes: 0 everything that can be checked agrees, 1 something does not, 2 the kit cannot be read
(standard error says why).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .kit_archive import ArchiveError, open_kit
from .recounting import Finding, KitError, Verdict, check_kit

AGREES, DIFFERS, UNREADABLE = 0, 1, 2

MARKS = {Verdict.AGREES: "ok", Verdict.DIFFERS: "NO", Verdict.NOT_POSSIBLE: "--"}
WIDTH = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the console script; gives the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return _report(options)
    except (ArchiveError, KitError) as failure:
        print(f"rione-recount: {options.kit}: {failure}.", file=sys.stderr)
        print(f"  {failure.remedy}", file=sys.stderr)
    except OSError as error:
        print(f"rione-recount: {options.kit}: {error.strerror or error}.", file=sys.stderr)
        print("  Check the name of the file.", file=sys.stderr)
    return UNREADABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rione-recount",
        description="Check a recount kit: its files, the frozen rules, the public list of the "
        "ballot box, and the count, made again and compared step by step.",
        epilog="Ends with 0 if everything agrees, 1 if something does not, 2 if the kit cannot be "
        "read. Needs no network.",
    )
    parser.add_argument("kit", metavar="KIT.zip", type=Path, help="the archive, or its folder")
    parser.add_argument(
        "--verbose", action="store_true", help="say every difference of the count, not the first"
    )
    parser.add_argument("--quiet", action="store_true", help="say only what does not agree")
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
        print(f"NO  {'the rest':<{WIDTH}} cannot be checked: {failure}")
    print(_last_line(seen, verbose=options.verbose))
    return DIFFERS if _differing(seen) else AGREES


def _differing(seen: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in seen if finding.verdict is Verdict.DIFFERS]


def _last_line(seen: Sequence[Finding], *, verbose: bool) -> str:
    wrong = _differing(seen)
    hidden = 0 if verbose else sum(finding.follows for finding in wrong)
    if wrong:
        shown = len(wrong) - hidden
        line = f"This kit does NOT agree: {shown} {'thing' if shown == 1 else 'things'} above."
        return f"{line} {hidden} more that may follow: --verbose." if hidden else line
    if any(each.verdict is Verdict.NOT_POSSIBLE and each.what == "count" for each in seen):
        return "Nothing disagrees. The award itself could not be computed again."
    return "Everything agrees: the recount gives the published result."


if __name__ == "__main__":
    sys.exit(main())
