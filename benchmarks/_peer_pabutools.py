"""Read and count one file with pabutools, exactly; print the figures as one line of JSON.

Runs in the environment made by ``make bench-peers``, which has pabutools and nothing of ours:
``python benchmarks/_peer_pabutools.py FILE RULE``. Its defaults are kept: fractions of gmpy2
(exact), ties by project id as text, add-one that ends when the outcome is exhaustive.
"""

import json
import re
import sys
import time
from pathlib import Path

from _pabutools_results import prepared
from pabutools import fractions
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares, sequential_phragmen


def main() -> None:
    path, rule = sys.argv[1:]
    assert fractions.FRACTION == fractions.GMPY_FRAC, "exact fractions"
    before = time.process_time()
    instance, profile, by_cost = prepared(Path(path))
    between = time.process_time()
    if rule == "greedy":
        # Satisfaction by cost, per cost: the number of votes.
        award = greedy_utilitarian_welfare(instance, profile, sat_class=by_cost)
    elif rule == "phragmen":
        award = sequential_phragmen(instance, profile)
    else:
        step = {"equalshares": None, "add1": 1}[rule]
        award = method_of_equal_shares(
            instance, profile, sat_class=by_cost, voter_budget_increment=step
        )
    print(
        json.dumps(
            {
                "reading": between - before,
                "counting": time.process_time() - between,
                "megabytes": peak_megabytes(),
                "winners": [project.name for project in award],
            }
        )
    )


def peak_megabytes() -> float:
    """Give the most memory this process has used; ru_maxrss would count that of its parent too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


if __name__ == "__main__":
    main()
