"""The locks around a ballot box, and the order they are taken in.

1. the row of the round, by acts, the close, checkpoints and sealing;
2. the box, shared by whoever puts something in, exclusive for the close, an annulment and sealing;
3. the chain, by checkpoints and sealing.

Casting takes only the second, shared: it waits for nobody but the close, an annulment and sealing.
All end with the transaction. The box's are advisory locks: a lock on a row is written to the row.
"""

from django.db.backends.utils import CursorWrapper

from .models import Round

# Classes of PostgreSQL's two-number advisory locks; the second number is the round's.
BOX = 0x52494F42
CHAIN = 0x52494F43


def lock_round(cursor: CursorWrapper, round_id: int) -> str:
    """Lock the round against other acts and return its state as it is then."""
    cursor.execute("SELECT state FROM budgeting_round WHERE id = %s FOR NO KEY UPDATE", [round_id])
    row = cursor.fetchone()
    if row is None:
        raise Round.DoesNotExist
    return str(row[0])


def lock_box_shared(cursor: CursorWrapper, round_id: int) -> None:
    """Keep the box from being closed until the transaction ends, and commit to disk.

    Waits for a close that has begun. What the transaction reads in later statements is what stood
    when the lock was given.
    """
    cursor.execute(
        "SELECT set_config('synchronous_commit', 'on', true), pg_advisory_xact_lock_shared(%s, %s)",
        [BOX, round_id],
    )


def lock_box(cursor: CursorWrapper, round_id: int) -> None:
    """Wait for everything that is on its way into the box, and let nothing more in."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [BOX, round_id])


def lock_chain(cursor: CursorWrapper, round_id: int) -> None:
    """Let one checkpoint of a round be made at a time, and none during the sealing.

    The round's state is settled when the lock is given.
    """
    cursor.execute("SELECT FROM budgeting_round WHERE id = %s FOR KEY SHARE", [round_id])
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CHAIN, round_id])
