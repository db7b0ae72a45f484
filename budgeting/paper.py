"""Paper ballots: a token for each one handed out, and the sheets themselves, which are nobody's."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from residents.models import RollEntry

from .box_gate import (
    CastingRefused,
    VotingClosed,
    box_of,
    read_situation,
    refuse_unless_eligible,
    refuse_unless_open,
)
from .box_keys import KEY_BYTES, TRACKER_BYTES, commitment_of, load_key_of
from .box_locks import lock_box_shared
from .casting import BLINDING_BYTES
from .checkpoints import check_witness
from .choices import BallotRules, InvalidBallot, arrange, check_ballot, write_ballot
from .closing import close_if_due
from .models import Annulment, Box, Channel, Contest, Round, Scope


class AlreadyVoted(CastingRefused):
    """A ballot or a token of this person is in the box: no paper ballot is handed out."""


class SheetRefused(CastingRefused):
    """Paper sheets enter the box between the close and the sealing."""


def issue_token(*, entry: RollEntry, scope: Scope, place: str) -> None:
    """Note in the box that a person takes a paper ballot, which is final for every channel.

    `place` is the polling place's code. One row and nothing else, like a ballot. Raises
    AlreadyVoted, NotEligible, VotingNotOpen, VotingClosed, ChainBehind or BoxKeyError.
    """
    box = box_of(scope)
    ballot_key = load_key_of(box).ballot_key(scope_id=scope.pk, voting_id=entry.voting_id)
    try:
        _issue(box, entry, scope.pk, ballot_key, place)
    except VotingClosed:
        close_if_due(round_id=scope.round_id)
        raise


@transaction.atomic(durable=True)
def _issue(box: Box, entry: RollEntry, scope_id: int, ballot_key: bytes, place: str) -> None:
    with connection.cursor() as cursor:
        lock_box_shared(cursor, box.pk)
        check_witness(cursor, box)
        found = read_situation(cursor, box.pk, entry.pk)
        refuse_unless_open(found)
        refuse_unless_eligible(found)
        cursor.execute(
            """
            INSERT INTO budgeting_ballot (round_id, scope_id, ballot_key, version, channel, place)
            VALUES (%s, %s, %s, 1, 'paper', %s)
            ON CONFLICT DO NOTHING
            RETURNING version
            """,
            [box.pk, scope_id, ballot_key, place],
        )
        if cursor.fetchone() is None:
            if Annulment.objects.filter(entry=entry, scope_id=scope_id).exists():
                raise AlreadyVoted(
                    _(
                        "A ballot in this person's name was annulled: its place in the box is "
                        "taken, so no paper ballot is possible. Help the person to vote online "
                        "here instead."
                    )
                )
            raise AlreadyVoted(
                _("This person has already voted, or has already taken a paper ballot.")
            )


@transaction.atomic(durable=True)
def enter_sheet(*, contest: Contest, chosen: Iterable[Any], place: str) -> None:
    """Put an agreed sheet into the box, under a random key: it belongs to nobody.

    Raises InvalidBallot, or SheetRefused before the close and after the sealing.
    """
    scope = contest.scope
    choices = arrange(scope.vote_type, chosen)
    reasons = check_ballot(BallotRules.of(contest), choices)
    if reasons:
        raise InvalidBallot(reasons)
    content = write_ballot(contest=contest.slug, choices=choices)
    tracker = secrets.token_bytes(TRACKER_BYTES)
    blinding = secrets.token_bytes(BLINDING_BYTES)
    commitment = commitment_of(
        scope_id=scope.pk, tracker=tracker, content=content, blinding=blinding
    )
    with connection.cursor() as cursor:
        lock_box_shared(cursor, scope.round_id)
        if read_situation(cursor, scope.round_id, None).state != Round.State.CLOSED:
            raise SheetRefused(
                _("Paper ballots are entered between the close of the vote and the sealing.")
            )
        cursor.execute(
            """
            INSERT INTO budgeting_ballot (round_id, scope_id, ballot_key, version, channel, place,
                                          content, blinding, tracker, commitment)
            VALUES (%s, %s, %s, 1, %s, %s, %s, %s, %s, %s)
            """,
            [
                scope.round_id,
                scope.pk,
                secrets.token_bytes(KEY_BYTES),
                Channel.PAPER,
                place,
                content,
                blinding,
                tracker,
                commitment,
            ],
        )
