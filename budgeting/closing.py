"""The close of the vote: a latch that goes shut once and waits for the votes on their way."""

from datetime import datetime

from django.db import connection, transaction

from .box_locks import lock_box, lock_round
from .checkpoints import make_checkpoint
from .models import Checkpoint, Phase, Round


def close_if_due(*, round_id: int) -> bool:
    """Close the vote of a round if its closing time has passed; return whether this call did it.

    Runs in a transaction of its own, and then makes the closing checkpoint in another; should the
    process die between the two, the next tick makes it.
    """
    if not _close(round_id):
        return False
    make_checkpoint(round=Round.objects.get(pk=round_id), occasion=Checkpoint.Occasion.CLOSE)
    return True


def close_due_rounds(now: datetime) -> list[str]:
    """Close every vote whose time has passed by the database's clock; return a line for each."""
    passed = Round.objects.filter(
        state=Round.State.OPEN, phases__kind=Phase.Kind.VOTE, phases__ends_at__lte=now
    ).order_by("pk")
    return [f"vote closed: {round}" for round in passed if close_if_due(round_id=round.pk)]


@transaction.atomic(durable=True)
def _close(round_id: int) -> bool:
    with connection.cursor() as cursor:
        if lock_round(cursor, round_id) != Round.State.OPEN:
            return False
        # The close can have moved until the round was locked, and no later.
        cursor.execute(
            "SELECT ends_at <= clock_timestamp() FROM budgeting_phase "
            "WHERE round_id = %s AND kind = %s",
            [round_id, Phase.Kind.VOTE],
        )
        row = cursor.fetchone()
        if row is None or not row[0]:
            return False
        lock_box(cursor, round_id)
        cursor.execute(
            "UPDATE budgeting_round SET state = %s WHERE id = %s", [Round.State.CLOSED, round_id]
        )
    return True
