"""Reading and counting past elections: seconds of the processor, memory, number of runs.

Each line is a process of its own. ``first`` is the first count of that process; where it is longer
than ``count``, the difference is loading compiled code (or compiling it, once per installation).
"""

from benchmarks._elections import LARGE, OTHER_BALLOTS, SMALL, count_here, folder

RULES = {
    name: ("greedy", "phragmen", "equalshares", "add1")
    if name not in OTHER_BALLOTS
    else ("greedy", "equalshares")
    for name in (*SMALL, *LARGE, *OTHER_BALLOTS)
}


def main() -> None:
    """Print the table."""
    elections = folder()
    if elections is None:
        return
    print(
        f"{'election':<30}{'ballots × projects':>20}  {'rule':<14}"
        f"{'read s':>8}{'count s':>9}{'first s':>9}{'MB':>6}{'runs':>8}"
    )
    for name, rules in RULES.items():
        for rule in rules:
            found = count_here(elections / f"{name}.pb", rule)
            print(
                f"{name[:29]:<30}{found['size']:>20}  {rule:<14}{found['reading']:>8.3f}"
                f"{found['counting']:>9.4f}{found['first']:>9.3f}{found['megabytes']:>6.0f}"
                f"{found['runs']:>8,}",
                flush=True,
            )


if __name__ == "__main__":
    main()
