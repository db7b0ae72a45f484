"""A sealed box: what may be read from it, and how ballots from elsewhere come into one."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from home.errors import DomainError

from .choices import Choices, write_choices
from .models import Box, Channel, Round, Seal, SealedChoices, SealedTotal
from .phases import database_clock

READ_AT_ONCE = 5_000


class BallotsRefused(DomainError):
    """Ballots from elsewhere enter only a round that has never had a box."""


@dataclass(frozen=True, slots=True)
class ImportedBallot:
    """A ballot from elsewhere: the contest's primary key, arranged choices, and its channel."""

    contest_id: int
    choices: Choices
    channel: str = Channel.UNKNOWN


def counted_ballots(contest_id: int) -> Iterator[Choices]:
    """Yield the counted ballots of a contest in the order drawn at sealing; constant memory."""
    for text in (
        SealedChoices.objects.filter(contest_id=contest_id)
        .order_by("number")
        .values_list("choices", flat=True)
        .iterator(chunk_size=READ_AT_ONCE)
    ):
        yield json.loads(text)


def may_be_counted(round: Round) -> bool:
    """Say whether the count may run: the box is sealed and its key is destroyed, or never was."""
    seal = Seal.objects.filter(round=round).first()
    if seal is None:
        return False
    return (
        seal.is_imported or Box.objects.filter(round=round, key_destroyed_at__isnull=False).exists()
    )


@transaction.atomic
def import_sealed(*, round: Round, ballots: Iterable[ImportedBallot]) -> Seal:
    """Fill and seal the box of a round whose ballots come from elsewhere; return its seal.

    The ballots are read once, need not fit in memory and are kept in a random order. Moves the
    round from preparation to sealed. Raises BallotsRefused for a round in any other state.
    """
    locked = Round.objects.select_for_update().get(pk=round.pk)
    if locked.state != Round.State.PREPARATION:
        raise BallotsRefused(_("Only a round in preparation can take ballots from elsewhere."))
    totals: Counter[tuple[int, str]] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE budgeting_incoming (contest_id bigint, choices text) "
            "ON COMMIT DROP"
        )
        lines = _Lines(_tallied(ballots, totals))
        try:
            cursor.copy_expert("COPY budgeting_incoming FROM STDIN", lines)
        except Exception:
            # Of what went wrong while reading the ballots the driver keeps only the words.
            if lines.problem is not None:
                raise lines.problem from None
            raise
        cursor.execute(
            "SELECT count(*) FROM budgeting_incoming i WHERE NOT EXISTS ("
            "SELECT FROM budgeting_contest c JOIN budgeting_scope s ON s.id = c.scope_id "
            "WHERE c.id = i.contest_id AND s.round_id = %s)",
            [round.pk],
        )
        if cursor.fetchone()[0]:
            raise ValueError("A ballot names a contest of another round.")
        cursor.execute(
            """
            INSERT INTO budgeting_sealedchoices (contest_id, number, choices)
            SELECT contest_id, row_number() OVER (PARTITION BY contest_id ORDER BY shuffle), choices
              FROM (SELECT *, gen_random_uuid() AS shuffle FROM budgeting_incoming) AS shuffled
            """
        )
        counted = cursor.rowcount
        cursor.execute("DROP TABLE budgeting_incoming")
    SealedTotal.objects.bulk_create(
        SealedTotal(
            contest_id=contest_id,
            channel=channel,
            ballots=number,
        )
        for (contest_id, channel), number in sorted(totals.items())
    )
    seal = Seal.objects.create(
        round=locked, is_imported=True, counted=counted, sealed_at=database_clock()
    )
    Round.objects.filter(pk=round.pk).update(state=Round.State.SEALED)
    round.state = Round.State.SEALED
    return seal


def _tallied(
    ballots: Iterable[ImportedBallot],
    totals: Counter[tuple[int, str]],
) -> Iterator[str]:
    """Yield COPY's lines; JSON of whole numbers holds nothing that COPY would need escaped."""
    for ballot in ballots:
        totals[ballot.contest_id, ballot.channel] += 1
        yield f"{ballot.contest_id}\t{write_choices(ballot.choices)}\n"


class _Lines:
    """The file that COPY wants, over an iterator."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._rest = ""
        self.problem: Exception | None = None

    def read(self, size: int = -1) -> str:
        parts, length = [self._rest], len(self._rest)
        while size < 0 or length < size:
            try:
                line = next(self._lines, None)
            except Exception as problem:
                self.problem = problem
                raise
            if line is None:
                break
            parts.append(line)
            length += len(line)
        text = "".join(parts)
        end = length if size < 0 else size
        self._rest = text[end:]
        return text[:end]
