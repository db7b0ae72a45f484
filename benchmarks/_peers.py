"""This library beside pabutools: the same files and rules, one after the other, on this machine.

``make bench-peers`` makes the environment of the other library and runs this. Options after
``ARGS=``: ``--limit SECONDS`` of the processor for one count by pabutools (600 unless said),
``--only TEXT`` for the files whose name contains it, ``--rules greedy,phragmen,equalshares,add1``.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from benchmarks._elections import LARGE, OTHER_BALLOTS, SMALL, count_here, folder, measure

PYTHON = Path(".venv-peers/bin/python")
PEER = Path(__file__).with_name("_peer_pabutools.py")


def main() -> None:
    """Print one line per file and rule; end with an error when winners or their order differ."""
    options = _options()
    elections = folder()
    if elections is None:
        return
    if not PYTHON.exists():
        sys.exit("make bench-peers makes the environment this needs")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(
        f"{'election':<30}{'rule':<12}{'count s':>9}{'peer s':>9}{'times':>7}"
        f"{'both s':>9}{'peer s':>9}{'times':>7}{'MB':>6}{'peer MB':>9}{'share':>7}  winners"
    )
    different = []
    for name in (*SMALL, *LARGE, *OTHER_BALLOTS):
        for rule in options.rules.split(","):
            if options.only not in name or (rule in ("add1", "phragmen") and name in OTHER_BALLOTS):
                continue
            path = elections / f"{name}.pb"
            ours = count_here(path, rule)
            theirs = measure([str(PYTHON), str(PEER), str(path), rule], options.limit)
            if rule == "phragmen":  # the peer gives its winners sorted, not in the order funded
                ours["winners"].sort()
            print(f"{name[:29]:<30}{rule:<12}{_line(ours, theirs, options.limit)}", flush=True)
            if theirs is not None and ours["winners"] != theirs["winners"]:
                different.append(f"{name} {rule}")
    if different:
        sys.exit(f"not the same winners in the same order: {', '.join(different)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, default=600)
    parser.add_argument("--only", default="")
    parser.add_argument("--rules", default="greedy,phragmen,equalshares,add1")
    return parser.parse_args()


def _line(ours: dict[str, Any], theirs: dict[str, Any] | None, limit: int) -> str:
    count, both = ours["counting"], ours["counting"] + ours["reading"]
    if theirs is None:
        return f"{count:>9.4f}  stopped after {limit} s; read and counted in {both:.2f} s here"
    other = theirs["counting"] + theirs["reading"]
    same = "same" if ours["winners"] == theirs["winners"] else "DIFFERENT"
    return (
        f"{count:>9.4f}{theirs['counting']:>9.2f}{theirs['counting'] / count:>7.0f}"
        f"{both:>9.3f}{other:>9.2f}{other / both:>7.0f}"
        f"{ours['megabytes']:>6.0f}{theirs['megabytes']:>9.0f}"
        f"{ours['megabytes'] / theirs['megabytes']:>7.0%}  {same}"
    )


if __name__ == "__main__":
    main()
