"""``rione-recount``: check a recount kit on the command line, the count included.

Exit codes: 0 everything that can be checked agrees, 1 something does not, 2 the kit cannot be read
(standard error says why).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
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
        return _report(check_kit(open_kit(options.kit)), quiet=options.quiet)
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
    parser.add_argument("--quiet", action="store_true", help="say only what does not agree")
    return parser


def _report(findings: Iterable[Finding], *, quiet: bool) -> int:
    """Print each finding as it comes and a last line; give the exit code."""
    seen = []
    for finding in findings:
        seen.append(finding.verdict)
        if finding.verdict is not Verdict.AGREES or not quiet:
            mark = MARKS[finding.verdict]
            print(f"{mark}  {finding.what:<{WIDTH}} {finding.detail}", flush=True)
    print(_last_line(seen))
    return DIFFERS if Verdict.DIFFERS in seen else AGREES


def _last_line(seen: Sequence[Verdict]) -> str:
    wrong = seen.count(Verdict.DIFFERS)
    if wrong:
        return f"This kit does NOT agree: {wrong} {'thing' if wrong == 1 else 'things'} above."
    if Verdict.NOT_POSSIBLE in seen:
        return "Nothing disagrees. The award itself could not be computed again."
    return "Everything agrees: the recount gives the published result."


if __name__ == "__main__":
    sys.exit(main())
