"""How long the audit and the sealing of a full box take; RIONE_BENCH_BALLOTS says how full."""

import io
import os
import secrets
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from budgeting.models import Round

BALLOTS = int(os.environ.get("RIONE_BENCH_BALLOTS", "100000"))


def main() -> None:
    from benchmarks._database import own_database

    with own_database():
        round = _fill()
        from budgeting.checkpoints import make_checkpoint
        from budgeting.closing import close_if_due
        from budgeting.models import Checkpoint
        from budgeting.sealing import seal_round
        from tests.factories.box import let_time_pass, signed_act

        started = time.perf_counter()
        make_checkpoint(round=round, occasion=Checkpoint.Occasion.HOURLY)
        print(f"checkpoint of {BALLOTS:,} new ballots: {time.perf_counter() - started:.1f} s")
        let_time_pass(round)
        close_if_due(round_id=round.pk)
        signed_act(round, "sealing")
        started = time.perf_counter()
        seal = seal_round(round=round)
        seconds = time.perf_counter() - started
        print(
            f"sealing {seal.counted:,} ballots: {seconds:.1f} s, "
            f"{seconds / BALLOTS * 1e6:.0f} s for a million"
        )


def _fill() -> "Round":
    from django.db import connection

    from budgeting.box_keys import commitment_of, load_key
    from residents.models import RollEntry
    from tests.factories.box import make_contest, make_round, make_scope, open_vote

    round = make_round()
    contest = make_contest(make_scope(round), projects=20)
    open_vote(round)
    key, scope_id = load_key(round.pk), contest.scope_id
    RollEntry.objects.bulk_create(
        (
            RollEntry(
                roll=round.roll, fiscal_code_hash=secrets.token_bytes(32), birth_date="1980-05-17"
            )
            for _ in range(BALLOTS)
        ),
        batch_size=5_000,
    )
    with connection.cursor() as cursor:
        lines = io.StringIO()
        for (voting_id,) in RollEntry.objects.values_list("voting_id").iterator(20_000):
            ballot_key = key.ballot_key(scope_id=scope_id, voting_id=voting_id)
            tracker, blinding = secrets.token_bytes(16), secrets.token_bytes(32)
            first = secrets.randbelow(18) + 1
            content = f'{{"choices":[{first},{first + 1},{first + 2}],"contest":"{contest.slug}"}}'
            commitment = commitment_of(
                scope_id=scope_id, tracker=tracker, content=content, blinding=blinding
            )
            fields = [ballot_key, blinding, tracker, commitment]
            one, two, three, four = (rf"\\x{field.hex()}" for field in fields)
            lines.write(
                f"{round.pk}\t{scope_id}\t{one}\t1\tonline\t{content}\t{two}\t{three}\t{four}\n"
            )
        lines.seek(0)
        started = time.perf_counter()
        cursor.copy_expert(
            "COPY budgeting_ballot (round_id, scope_id, ballot_key, version, channel, content,"
            " blinding, tracker, commitment) FROM STDIN",
            lines,
        )
        print(f"filling the box: {time.perf_counter() - started:.1f} s")
    return round
