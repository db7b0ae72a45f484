"""Checkpoints: what is in the box, tied into a public chain that nobody can change unseen.

Each one adds the commitments that are not yet in the public list, sorted bytewise, to a Merkle tree
over the whole list, and publishes a head (`budgeting.tally.heads`). Empty ones are made too, so
that silence can be told from standstill. A server also notes the head beside the box key, outside
the database and its backups: after a restore from an older backup the chain lacks that head, and
the box stays shut.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import closing
from datetime import datetime, timedelta

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from home.errors import DomainError

from .box_keys import witness_path
from .box_locks import lock_chain
from .models import Box, Checkpoint, FrozenRules, Round
from .phases import database_clock
from .tally.heads import FIRST_HEAD, Chain, ChainBrokenError, Link, head_of, recompute_chain
from .tally.merkle import GrowingTree

INTERVAL = timedelta(minutes=55)
READ_AT_ONCE = 20_000
COMMITMENT_BYTES = 32

Occasion = Checkpoint.Occasion


class ChainError(DomainError):
    """The chain of checkpoints is not what it must be."""


class ChainBroken(ChainError):
    """A checkpoint does not follow from the public list of commitments."""


class ChainBehind(ChainError):
    """The database lacks a head that has been published: it is older than the vote."""


class WitnessMissing(ChainError):
    """There is no note of a published head on this server: the folder of keys is not shared."""


class NoMoreCheckpoints(ChainError):
    """The box is sealed: its chain has ended."""


def rules_hash_of(round_id: int, *, using: str = DEFAULT_DB_ALIAS) -> bytes:
    """Return the hash of the rules as frozen at opening, 32 bytes."""
    rules = FrozenRules.objects.using(using).get(round_id=round_id, number=0)
    return bytes.fromhex(rules.sha256)


@transaction.atomic
def make_checkpoint(*, round: Round, occasion: Occasion) -> Checkpoint:
    """Add what is new in the box to the public list and the next link to the chain.

    Waits for another checkpoint of the same round, never for votes. Raises ChainBehind after a
    restore, WitnessMissing without the shared folder of keys, NoMoreCheckpoints for a sealed box.
    """
    with connection.cursor() as cursor:
        lock_chain(cursor, round.pk)
        round.refresh_from_db(fields=["state"])
        if round.state not in (Round.State.PREPARATION, Round.State.OPEN, Round.State.CLOSED):
            raise NoMoreCheckpoints(_("The box is sealed: its chain of checkpoints has ended."))
        box = Box.objects.get(pk=round.pk)
        check_witness(cursor, box)
        last = Checkpoint.objects.filter(round=round).order_by("-number").first()
        count = last.count if last else 0
        cursor.execute(
            """
            INSERT INTO budgeting_leaf (round_id, position, commitment)
            SELECT b.round_id, %s + row_number() OVER (ORDER BY b.commitment) - 1, b.commitment
              FROM budgeting_ballot b
             WHERE b.round_id = %s AND b.commitment IS NOT NULL
               AND NOT EXISTS (
                   SELECT FROM budgeting_leaf l
                    WHERE l.round_id = b.round_id AND l.commitment = b.commitment)
            """,
            [count, round.pk],
        )
    made_at = database_clock()
    tree = GrowingTree()
    for commitment in published_commitments(round.pk):
        tree.append(commitment)
    root = tree.root()
    checkpoint = Checkpoint.objects.create(
        round=round,
        number=last.number + 1 if last else 1,
        occasion=occasion,
        count=tree.size,
        root=root,
        head=head_of(
            previous=last.head if last else FIRST_HEAD,
            root=root,
            count=tree.size,
            rules_hash=rules_hash_of(round.pk),
        ),
        made_at=made_at,
    )
    transaction.on_commit(lambda: write_witness(box, checkpoint), robust=True)
    return checkpoint


def published_commitments(
    round_id: int, *, using: str = DEFAULT_DB_ALIAS
) -> Generator[bytes, None, None]:
    """Yield the public list of a round's commitments in its order; constant memory."""
    # In blocks of many: a row for each would take longer to read than to hash.
    with connections[using].chunked_cursor() as cursor:
        cursor.execute(
            """
            SELECT string_agg(commitment, ''::bytea ORDER BY position)
              FROM budgeting_leaf WHERE round_id = %s
             GROUP BY position / %s ORDER BY position / %s
            """,
            [round_id, READ_AT_ONCE, READ_AT_ONCE],
        )
        while row := cursor.fetchone():
            block = bytes(row[0])
            for start in range(0, len(block), COMMITMENT_BYTES):
                yield block[start : start + COMMITMENT_BYTES]


def verify_chain(*, round: Round, using: str = DEFAULT_DB_ALIAS) -> Chain:
    """Recompute every checkpoint of a round from the public list. Raises ChainBroken."""
    rules_hash = rules_hash_of(round.pk, using=using)
    links = [
        Link(number=each.number, count=each.count, root=each.root, head=each.head)
        for each in Checkpoint.objects.using(using).filter(round=round).order_by("number")
    ]
    with closing(published_commitments(round.pk, using=using)) as leaves:
        try:
            return recompute_chain(links, leaves, rules_hash=rules_hash)
        except ChainBrokenError as error:
            raise _broken(error.number) from error


def make_due_checkpoints(now: datetime) -> list[str]:
    """Make the checkpoints that are due; return a line for each.

    Raises an ExceptionGroup of those that could not be made, once all others are.
    """
    done, refused = [], []
    for round in Round.objects.filter(
        state__in=[Round.State.OPEN, Round.State.CLOSED], box__isnull=False
    ).order_by("pk"):
        occasion = _due(round, now)
        if occasion is None:
            continue
        try:
            checkpoint = make_checkpoint(round=round, occasion=occasion)
        except DomainError as error:
            refused.append(error)
        else:
            done.append(f"checkpoint {checkpoint}")
    if refused:
        raise ExceptionGroup("checkpoints that are due and could not be made", refused)
    return done


def check_witness(cursor: CursorWrapper, box: Box) -> None:
    """Refuse a database that lacks the last published head, or a server that does not know it.

    Raises ChainBehind, WitnessMissing.
    """
    witness = read_witness(box)
    if witness is None:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM budgeting_checkpoint WHERE round_id = %s)", [box.pk]
        )
        if cursor.fetchone()[0]:
            raise WitnessMissing(
                _(
                    "This server does not know the last published checkpoint of the ballot box, "
                    "so nobody can vote here. Its folder of box keys must be the one that all "
                    "servers share."
                )
            )
        return
    number, head = witness
    cursor.execute(
        "SELECT head FROM budgeting_checkpoint WHERE round_id = %s AND number = %s",
        [box.pk, number],
    )
    row = cursor.fetchone()
    if row is None or bytes(row[0]) != head:
        raise ChainBehind(
            _(
                "The ballot box lacks its last published checkpoint, number %(number)d. Voting "
                "stays shut until the whole box is back."
            )
            % {"number": number}
        )


def read_witness(box: Box) -> tuple[int, bytes] | None:
    """Return number and head of the last checkpoint this server noted; None if it noted none."""
    try:
        number, head = witness_path(box).read_text().split()
    except FileNotFoundError:
        return None
    return int(number), bytes.fromhex(head)


def write_witness(box: Box, checkpoint: Checkpoint) -> None:
    """Note a published head beside the key, whole or not at all; an older one changes nothing.

    Two checkpoints may reach this in the other order than they were made in.
    """
    path = witness_path(box)
    with open(path.with_name(f"{path.name}.lock"), "w", opener=_private) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        noted = read_witness(box)
        if noted is not None and noted[0] >= checkpoint.number:
            return
        half_written = path.with_name(f"{path.name}.{os.getpid()}")
        with open(half_written, "w", opener=_private) as file:
            file.write(f"{checkpoint.number} {checkpoint.head.hex()}\n")
            file.flush()
            os.fsync(file.fileno())
        half_written.replace(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _due(round: Round, now: datetime) -> Occasion | None:
    last = Checkpoint.objects.filter(round=round).order_by("-number").first()
    if round.state == Round.State.OPEN:
        return Occasion.HOURLY if last is None or now - last.made_at >= INTERVAL else None
    if not Checkpoint.objects.filter(round=round, occasion=Occasion.CLOSE).exists():
        return Occasion.CLOSE
    return None


def _broken(number: int) -> ChainBroken:
    return ChainBroken(
        _("Checkpoint %(number)d does not follow from the public list of commitments.")
        % {"number": number}
    )
