"""Ballots per second: the whole of `budgeting.casting`, against the bare SQL it sends.

Each client is a process with a connection of its own; every ballot is another person's, is judged
whole, and is on disk before the next. The bare loop sends the same statements with values made
beforehand. Figures are for information: disks differ.
"""

import multiprocessing
import os
import secrets
import time
from collections.abc import Callable
from typing import Any

CLIENTS = (1, 4, 16)
BALLOTS = 1_600


def main() -> None:
    from benchmarks._database import own_database

    with own_database() as name:
        round_id, contest_id, entries = _prepare()
        from django.db import connections

        connections.close_all()
        per_client: dict[tuple[str, int], float] = {}
        for clients in CLIENTS:
            for what, work in (("bare SQL", _bare), ("casting", _cast)):
                share = BALLOTS // clients
                batches = [[entries.pop() for _ in range(share)] for _ in range(clients)]
                latencies, seconds = _run(work, name, round_id, contest_id, batches)
                rate = len(latencies) / seconds
                per_client[what, clients] = rate
                latencies.sort()
                print(
                    f"{what:9} {clients:3} clients: {rate:7.0f}/s, "
                    f"p50 {_at(latencies, 0.5):6.1f} ms, p99 {_at(latencies, 0.99):6.1f} ms"
                )
            share = per_client["casting", clients] / per_client["bare SQL", clients]
            print(f"          {clients:3} clients: casting runs at {share:.0%} of its bare SQL")


def _prepare() -> tuple[int, int, list[int]]:
    from residents.models import RollEntry
    from tests.factories.box import make_contest, make_round, make_scope, open_vote

    round = make_round()
    contest = make_contest(make_scope(round), projects=20)
    open_vote(round)
    total = BALLOTS * len(CLIENTS) * 2
    RollEntry.objects.bulk_create(
        [
            RollEntry(
                roll=round.roll,
                fiscal_code_hash=secrets.token_bytes(32),
                birth_date="1980-05-17",
            )
            for _ in range(total)
        ],
        batch_size=2_000,
    )
    return round.pk, contest.pk, list(RollEntry.objects.values_list("pk", flat=True))


Work = Callable[[int, int, list[int]], list[float]]


def _run(
    work: Work, name: str, round_id: int, contest_id: int, batches: list[list[int]]
) -> tuple[list[float], float]:
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(len(batches) + 1), context.Queue()

    def client(entries: list[int]) -> None:
        from django.db import connection

        connection.ensure_connection()
        barrier.wait()
        results.put(work(round_id, contest_id, entries))
        connection.close()

    processes = [context.Process(target=client, args=(entries,)) for entries in batches]
    for process in processes:
        process.start()
    barrier.wait()
    started = time.perf_counter()
    latencies = [latency for _ in processes for latency in results.get()]
    seconds = time.perf_counter() - started
    for process in processes:
        process.join()
    return latencies, seconds


def _timed(call: Callable[[], Any]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _cast(round_id: int, contest_id: int, entries: list[int]) -> list[float]:
    from budgeting.casting import BallotForm, cast
    from budgeting.models import Contest
    from residents.models import RollEntry

    def vote(entry_id: int) -> None:
        cast(
            entry=RollEntry.objects.get(pk=entry_id),
            contest=Contest.objects.select_related("scope__round").get(pk=contest_id),
            chosen=[1, 5, 9],
            form=BallotForm(secrets.token_bytes(16), replaces=0),
        )

    return [_timed(lambda entry_id=entry_id: vote(entry_id)) for entry_id in entries]


def _bare(round_id: int, contest_id: int, entries: list[int]) -> list[float]:
    from django.db import connection, transaction

    from budgeting.box_gate import read_situation
    from budgeting.box_locks import lock_box_shared
    from budgeting.casting import _insert
    from budgeting.models import Contest

    contest = Contest.objects.get(pk=contest_id)
    content = f'{{"choices":[1,5,9],"contest":"{contest.slug}"}}'

    def insert(entry_id: int) -> None:
        tracker = os.urandom(16)
        with transaction.atomic(), connection.cursor() as cursor:
            lock_box_shared(cursor, round_id)
            read_situation(cursor, round_id, entry_id, tracker)
            _insert(
                cursor,
                round_id=round_id,
                scope_id=contest.scope_id,
                ballot_key=os.urandom(32),
                replaces=0,
                channel="online",
                content=content,
                blinding=os.urandom(32),
                tracker=tracker,
                commitment=os.urandom(32),
            )

    return [_timed(lambda entry_id=entry_id: insert(entry_id)) for entry_id in entries]


def _at(latencies: list[float], share: float) -> float:
    return latencies[min(int(len(latencies) * share), len(latencies) - 1)] * 1000
