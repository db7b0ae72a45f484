"""Read and count one file in a process of its own; print the figures as one line of JSON.

``python -m benchmarks._tally_work FILE RULE``, where RULE is a name of :data:`RULES`. Seconds are
of the processor. ``first`` is the first count of the process, which may load compiled code;
``counting`` is the best of several.
"""

import json
import re
import sys
import time
from dataclasses import replace
from pathlib import Path

from budgeting.tally import (
    Compat,
    Completion,
    Election,
    Method,
    Rule,
    Stop,
    Ties,
    count,
    read_election,
)

REPEATS = 5
SECONDS_ENOUGH = 3.0

_SHARES = Rule(Method.EQUAL_SHARES, ties=Ties.TEXT)
RULES = {
    "greedy": Rule(Method.GREEDY, ties=Ties.TEXT),
    "phragmen": Rule(Method.PHRAGMEN, ties=Ties.TEXT, compat=Compat.PABUTOOLS),
    "equalshares": _SHARES,
    "add1": replace(_SHARES, completion=Completion.ADD1, stop=Stop.EXHAUSTIVE),
    "add1-overspend": replace(_SHARES, completion=Completion.ADD1, stop=Stop.OVERSPEND),
}
"""Ties by id as text, because that is what pabutools does."""


def main() -> None:
    path, name = Path(sys.argv[1]), sys.argv[2]
    readings, countings, peaks = [], [], []
    started = time.process_time()
    while len(countings) < REPEATS and (
        not countings or time.process_time() - started < SECONDS_ENOUGH
    ):
        before = time.process_time()
        election = read_election(path).election
        between = time.process_time()
        outcome = count(election, RULES[name])
        countings.append(time.process_time() - between)
        readings.append(between - before)
        peaks.append(peak_megabytes())
    print(
        json.dumps(
            {
                "reading": min(readings),
                "counting": min(countings),
                "first": countings[0],
                "megabytes": peaks[0],
                "runs": outcome.scan.runs if outcome.scan else 1,
                "winners": list(outcome.winners),
                "size": _size(election),
            }
        )
    )


def _size(election: Election) -> str:
    return f"{election.num_ballots:,} × {len(election.projects)}"


def peak_megabytes() -> float:
    """Give the most memory this process has used; ru_maxrss would count that of its parent too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


if __name__ == "__main__":
    main()
