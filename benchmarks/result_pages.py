"""What the pages of a result with 500 projects cost: processor time, queries, weight.

One election by votes and one by Equal Shares, 3,000 ballots each, written here. The time is the
best of many, which a busy machine disturbs least; the frame of the page is kept, the page is not.
"""

import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROJECTS, BALLOTS = 500, 3_000
TIMES = 30
COSTS = (5_000, 12_000, 30_000, 80_000, 150_000)
THEMES = ("verde", "scuola", "cultura", "sport", "strade")
AREAS = 18
MOST_CHOICES = 8


def main() -> None:
    from benchmarks._database import own_database

    with own_database(), tempfile.TemporaryDirectory() as folder:
        from django.test import Client

        client = Client()
        print(f"{'page':<34}{'CPU ms':>8}{'queries':>9}{'HTML KiB':>10}")
        for rule in ("greedy", "equalshares"):
            for name, address in _addresses(_import(Path(folder), rule)):
                milliseconds, queries, weight = _measure(client, address)
                print(
                    f"{rule + ' ' + name:<34}{milliseconds:>8.1f}{queries:>9}{weight / 1024:>10.1f}"
                )


def _import(folder: Path, rule: str) -> Any:
    """Import an election with many projects, without the recounts a worker would make of it."""
    from django.test import override_settings

    from budgeting.importing import RoundFacts, SourceFile, import_round

    path = folder / f"{rule}.pb"
    path.write_text("\n".join(_lines(rule)) + "\n", encoding="utf-8")
    waiting = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    with override_settings(TASKS=waiting):
        return import_round(files=[SourceFile(path)], facts=RoundFacts(name=f"Bench {rule}"))


def _lines(rule: str) -> Iterator[str]:
    chance = random.Random(500)
    head = {
        "description": "Made up",
        "country": "Italy",
        "unit": "Bench",
        "instance": rule,
        "num_projects": PROJECTS,
        "num_votes": BALLOTS,
        "budget": 2_000_000,
        "vote_type": "approval",
        "rule": rule,
        "date_begin": "01.03.2024",
        "date_end": "15.03.2024",
        "currency": "EUR",
        "language": "it",
    }
    yield from ("META", "key;value", *(f"{key};{value}" for key, value in head.items()))
    yield from ("PROJECTS", "project_id;cost;name;neighborhood;category")
    for number in range(PROJECTS):
        cost = chance.choice(COSTS) + number
        area, theme = f"Quartiere {number % AREAS}", chance.choice(THEMES)
        yield f"P{number};{cost};Progetto numero {number} per chi ci abita;{area};{theme}"
    yield from ("VOTES", "voter_id;vote")
    weights = [1 / (1 + number % 97) for number in range(PROJECTS)]
    for voter in range(BALLOTS):
        chosen = chance.choices(range(PROJECTS), weights, k=chance.randint(1, MOST_CHOICES))
        yield f"{voter};{','.join(f'P{number}' for number in sorted(set(chosen)))}"


def _addresses(round_: Any) -> Iterator[tuple[str, str]]:
    from django.urls import reverse

    contest = round_.scopes.get().contests.get().slug
    for name, more in (
        ("result", {}),
        ("result_steps", {"contest": contest}),
        ("result_step", {"contest": contest, "number": 9}),
        ("result_compare", {"contest": contest}),
        ("why", {"number": 97}),
    ):
        yield name, reverse(f"budgeting:{name}", kwargs={"slug": round_.slug, **more})


def _measure(client: Any, address: str) -> tuple[float, int, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        weight = len(client.get(address).content)
    queries = len(asked)
    best = float("inf")
    for _turn in range(TIMES):
        before = time.process_time()
        client.get(address)
        best = min(best, time.process_time() - before)
    return best * 1000, queries, weight


if __name__ == "__main__":
    main()
