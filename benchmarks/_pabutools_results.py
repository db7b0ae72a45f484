"""Count election files with pabutools and keep its results as JSON, for the tests to compare with.

Run it with the Python of an environment that has pabutools 1.2.3 and nothing of this project:

    python _pabutools_results.py FOLDER_OF_ELECTIONS FOLDER_OF_RESULTS [NAME …]

Every count runs in a process of its own that may use ten minutes of processor time; what does not
end is recorded as such. Files that already have every result are passed over. pabutools counts
exactly (``gmpy2`` fractions) and settles ties by project id as text, its own habit.

pabutools has no greedy by votes and no notion of a ranking's k, so it is given what makes it do
what the definitions say: greedy sorts by satisfaction per cost, hence by votes when satisfaction is
cost × votes; rankings enter as their points k, k − 1, …, where k is the file's ``max_length``.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pabutools.election import (
    CardinalBallot,
    Cardinality_Sat,
    CardinalProfile,
    Cost_Sat,
    parse_pabulib,
)
from pabutools.election.profile import AbstractApprovalProfile, AbstractOrdinalProfile
from pabutools.election.satisfaction import Additive_Cardinal_Sat, AdditiveSatisfaction
from pabutools.fractions import frac
from pabutools.rules import (
    exhaustion_by_budget_increase,
    greedy_utilitarian_welfare,
    method_of_equal_shares,
    sequential_phragmen,
)
from pabutools.rules.budgetallocation import BudgetAllocation

SECONDS = 600
TOO_LONG = f"more than {SECONDS} s"

# Add-one makes hundreds of runs, and one run takes pabutools 5 to 54 s on each of these.
WITHOUT_ADD_ONE = {
    "Hungary_Budapest_2024",
    "Poland_Warszawa_2020_Praga-Poludnie",
    "Poland_Warszawa_2023_Mokotow",
    "Poland_Warszawa_2024",
    "Poland_Warszawa_2026",
}

SLOW = {
    "France_Toulouse_2022",
    "Poland_Katowice_2023",
    "Poland_Krakow_2024",
    "Poland_Wroclaw_2015_150_-_500",
}
"""They come last, because their add-one takes long, if it ends."""


def _cost_times_points(
    _instance: Any, _profile: Any, ballot: Any, project: Any, _known: Any
) -> Any:
    return project.cost * ballot.get(project, 0)


class CostTimesPoints(AdditiveSatisfaction):
    """What a ballot with points gets from a project, measured by money."""

    def __init__(self, instance: Any, profile: Any, ballot: Any) -> None:
        super().__init__(instance, profile, ballot, _cost_times_points)


Count = Callable[[], Any]


def prepared(path: Path) -> tuple[Any, Any, Any]:
    """Read a file; give its instance, its ballots, and how a ballot measures by money."""
    instance, profile = parse_pabulib(str(path))
    if isinstance(profile, AbstractApprovalProfile):
        return instance, profile, Cost_Sat
    if isinstance(profile, AbstractOrdinalProfile):
        profile = _with_points(profile, int(instance.meta["max_length"]))
    return instance, profile, CostTimesPoints


def counts_of(path: Path) -> dict[str, Count]:
    """Name every count pabutools can make of a file."""
    instance, profile, by_cost = prepared(path)
    approval = by_cost is Cost_Sat
    by_number = Cardinality_Sat if approval else Additive_Cardinal_Sat
    counts: dict[str, Count] = {
        "greedy-votes": lambda: greedy_utilitarian_welfare(instance, profile, sat_class=by_cost),
        "greedy-votes-per-cost": lambda: greedy_utilitarian_welfare(
            instance, profile, sat_class=by_number
        ),
        "equalshares-cost": lambda: method_of_equal_shares(instance, profile, sat_class=by_cost),
        "equalshares-cardinality": lambda: method_of_equal_shares(
            instance, profile, sat_class=by_number
        ),
    }
    if approval:
        counts["phragmen"] = lambda: _in_order_bought(instance, profile)
    if path.stem not in WITHOUT_ADD_ONE:
        counts["equalshares-cost-add1-exhaustive"] = lambda: method_of_equal_shares(
            instance, profile, sat_class=by_cost, voter_budget_increment=1
        )
        counts["equalshares-cardinality-add1-exhaustive"] = lambda: method_of_equal_shares(
            instance, profile, sat_class=by_number, voter_budget_increment=1
        )
        counts["equalshares-cost-add1-overspend"] = lambda: exhaustion_by_budget_increase(
            instance,
            profile,
            method_of_equal_shares,
            {"sat_class": by_cost},
            exhaustive_stop=False,
            budget_step=frac(profile.num_ballots()),
        )
    return counts


def _in_order_bought(instance: Any, profile: Any) -> Any:
    """Run Phragmén and keep the order of purchase, which pabutools sorts away at the very end."""
    BudgetAllocation.sort = lambda _self: None
    return sequential_phragmen(instance, profile)


def _with_points(rankings: Any, longest: int) -> CardinalProfile:
    ballots = []
    for ranking in rankings:
        places = {project: longest - place for place, project in enumerate(ranking)}
        ballots.append(CardinalBallot(places))
    return CardinalProfile(ballots)


def _work(count: Count, answers: Any) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.setrecursionlimit(10_000)
    answers.put([project.name for project in count()])


def limited(count: Count) -> list[str] | str:
    """Give the winners in order, or say that it took too long."""
    fork = multiprocessing.get_context("fork")
    answers = fork.SimpleQueue()
    process = fork.Process(target=_work, args=(count, answers))
    process.start()
    process.join()
    if process.exitcode != 0:
        if process.exitcode in (-9, -24):
            return TOO_LONG
        raise RuntimeError(f"pabutools ended with {process.exitcode}")
    winners: list[str] = answers.get()
    return winners


def record(path: Path, folder: Path, *, add_one: bool) -> None:
    """Make what is missing of one file's results and write it after every count."""
    target = folder / f"{path.stem}.json"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    known = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {}
    results = known.get("winners", {}) if known.get("sha256") == digest else {}
    counts = counts_of(path)
    for name, count in counts.items():
        if name in results or ("add1" in name) != add_one:
            continue
        results[name] = limited(count)
        target.write_text(written(digest, results), encoding="utf-8")
        sys.stdout.write(f"{path.stem} {name} {str(results[name])[:60]}\n")
        sys.stdout.flush()


def written(digest: str, results: dict[str, Any]) -> str:
    """Write the results as JSON, one line for each count."""
    lines = [
        f"  {json.dumps(name)}: {json.dumps(found, ensure_ascii=False)}"
        for name, found in sorted(results.items())
    ]
    counts = ",\n".join(lines)
    return (
        f'{{\n "pabutools": "1.2.3",\n "sha256": "{digest}",\n "winners": {{\n{counts}\n }}\n}}\n'
    )


def main() -> None:
    """Go through the files from the smallest to the largest; leave add-one for the end."""
    elections, folder, *names = sys.argv[1:]
    folder_of_results = Path(folder)
    folder_of_results.mkdir(parents=True, exist_ok=True)
    paths = [path for path in Path(elections).glob("*.pb") if not names or path.stem in names]
    paths.sort(key=lambda path: (path.stem in SLOW, path.stat().st_size))
    for add_one in (False, True):
        for path in paths:
            record(path, folder_of_results, add_one=add_one)


if __name__ == "__main__":
    main()
