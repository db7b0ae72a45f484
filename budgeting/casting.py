"""Casting a ballot: one row in one table, and only then an acknowledgement.

Nothing is written on the person's side, and nothing beside the row: two rows of one transaction
carry the same transaction number, which would join every ballot to its voter. Views that call this
must not write a session, a task, a counter or a log entry either.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from residents.models import RollEntry

from .box_gate import (
    CastingRefused,
    Situation,
    VotingClosed,
    box_of,
    read_situation,
    refuse_unless_eligible,
    refuse_unless_open,
)
from .box_keys import BoxKey, commitment_of, load_key_of
from .box_locks import lock_box_shared
from .checkpoints import check_witness
from .choices import (
    BallotRules,
    Choices,
    InvalidBallot,
    Reason,
    arrange,
    check_ballot,
    read_ballot,
    write_ballot,
)
from .closing import close_if_due
from .models import Annulment, Ballot, Box, Channel, Contest, Round, Scope

FORM_BYTES = 16
BLINDING_BYTES = 32
MOST_VERSIONS = 32_767


class BallotChangedMeanwhile(CastingRefused):
    """The version this form replaces is no longer the current one: another tab or device."""


class AlreadyVotedOnPaper(CastingRefused):
    """This person took a paper ballot, which is final."""


class ReplayWithOtherChoices(CastingRefused):
    """A form that was already used came again with other choices."""


class FormUnreadable(CastingRefused):
    """The hidden part of the form is not what the booth wrote."""


@dataclass(frozen=True)
class BallotForm:
    """What a booth's form carries: 16 random bytes, and the version it replaces (0 for none)."""

    bits: bytes
    replaces: int

    def __post_init__(self) -> None:
        if len(self.bits) != FORM_BYTES or not 0 <= self.replaces < MOST_VERSIONS:
            raise FormUnreadable(_("This form cannot be used: open the ballot again."))

    def __str__(self) -> str:
        return f"{self.replaces}.{self.bits.hex()}"

    @classmethod
    def read(cls, text: str) -> "BallotForm":
        """Read what `str` wrote. Raises FormUnreadable."""
        replaces, _dot, bits = text.partition(".")
        try:
            return cls(bits=bytes.fromhex(bits), replaces=int(replaces))
        except ValueError as error:
            raise FormUnreadable(_("This form cannot be used: open the ballot again.")) from error


@dataclass(frozen=True)
class Receipt:
    """What the voter takes home; it tells and proves no choice.

    `checkpoint` and `head` are the last published ones, which do not hold this commitment yet.
    """

    tracker: bytes
    commitment: bytes
    checkpoint: int
    head: bytes


@dataclass(frozen=True)
class RecordedBallot:
    """A person's ballot as it is in the box.

    A paper token has no contest and no choices. Those of an annulled ballot are shown to nobody:
    somebody else may have made them.
    """

    version: int
    channel: str
    contest: str | None
    choices: Choices | None
    tracker: bytes | None
    commitment: bytes | None
    is_annulled: bool


def new_form(*, entry: RollEntry, scope: Scope) -> BallotForm:
    """Return what a fresh booth form carries: it replaces the person's current version.

    Raises BoxKeyError, AlreadyVotedOnPaper.
    """
    current = current_ballot(entry=entry, scope=scope)
    if current is not None and current.channel == Channel.PAPER:
        raise _on_paper()
    return BallotForm(
        bits=secrets.token_bytes(FORM_BYTES), replaces=current.version if current else 0
    )


def current_ballot(*, entry: RollEntry, scope: Scope) -> RecordedBallot | None:
    """Return a person's ballot as recorded, while voting is open; None if there is none.

    Raises VotingClosed afterwards: then nobody's ballot is looked up. Raises BoxKeyError.
    """
    state = Round.objects.values_list("state", flat=True).get(pk=scope.round_id)
    if state != Round.State.OPEN:
        raise VotingClosed(_("Voting is over: nobody's ballot can be looked up any more."))
    key = load_key_of(box_of(scope))
    ballot = (
        Ballot.objects.filter(
            round_id=scope.round_id,
            ballot_key=key.ballot_key(scope_id=scope.pk, voting_id=entry.voting_id),
        )
        .order_by("-version")
        .first()
    )
    if ballot is None:
        return None
    is_annulled = Annulment.objects.filter(
        entry=entry, scope=scope, through_version__gte=ballot.version
    ).exists()
    contest, choices = None, None
    if ballot.content is not None and not is_annulled:
        contest, choices = read_ballot(ballot.content)
    return RecordedBallot(
        version=ballot.version,
        channel=ballot.channel,
        contest=contest,
        choices=choices,
        tracker=ballot.tracker,
        commitment=ballot.commitment,
        is_annulled=is_annulled,
    )


def cast(
    *,
    entry: RollEntry,
    contest: Contest,
    chosen: Iterable[Any],
    form: BallotForm,
    channel: str = Channel.ONLINE,
) -> Receipt:
    """Put a whole ballot into the box and return its receipt once it is safely on disk.

    `chosen` names projects by ballot number, or pairs of number and points. A form that is sent
    again with the same choices gets the same answer, also after the close. Raises a CastingRefused,
    InvalidBallot, NotEligible, ChainBehind or BoxKeyError; then nothing was written.
    """
    if channel not in (Channel.ONLINE, Channel.ASSISTED):
        raise ValueError(f"A ballot is not cast {channel}.")
    scope = contest.scope
    box = box_of(scope)
    key = load_key_of(box)
    choices = arrange(scope.vote_type, chosen)
    reasons = check_ballot(BallotRules.of(contest), choices)
    try:
        return _cast(
            box=box,
            key=key,
            entry=entry,
            scope_id=scope.pk,
            content=write_ballot(contest=contest.slug, choices=choices),
            reasons=reasons,
            form=form,
            channel=channel,
        )
    except VotingClosed:
        # Whoever first sees that the time has passed closes the latch.
        close_if_due(round_id=scope.round_id)
        raise


@transaction.atomic(durable=True)
def _cast(
    *,
    box: Box,
    key: BoxKey,
    entry: RollEntry,
    scope_id: int,
    content: str,
    reasons: list[Reason],
    form: BallotForm,
    channel: str,
) -> Receipt:
    ballot_key = key.ballot_key(scope_id=scope_id, voting_id=entry.voting_id)
    tracker = key.tracker(ballot_key=ballot_key, replaces=form.replaces, form_bits=form.bits)
    with connection.cursor() as cursor:
        lock_box_shared(cursor, box.pk)
        check_witness(cursor, box)
        found = read_situation(cursor, box.pk, entry.pk, tracker)
        if found.known_content is not None:
            return _same_answer(found, tracker, content)
        refuse_unless_open(found)
        refuse_unless_eligible(found)
        if reasons:
            raise InvalidBallot(reasons)
        blinding = secrets.token_bytes(BLINDING_BYTES)
        commitment = commitment_of(
            scope_id=scope_id, tracker=tracker, content=content, blinding=blinding
        )
        is_in = _insert(
            cursor,
            round_id=box.pk,
            scope_id=scope_id,
            ballot_key=ballot_key,
            replaces=form.replaces,
            channel=channel,
            content=content,
            blinding=blinding,
            tracker=tracker,
            commitment=commitment,
        )
        if not is_in:
            found = read_situation(cursor, box.pk, entry.pk, tracker)
            if found.known_content is not None:  # the same form, sent twice at once
                return _same_answer(found, tracker, content)
            raise _why_no_row(cursor, box.pk, ballot_key)
        return _receipt(found, tracker, commitment)


def _insert(
    cursor: CursorWrapper,
    *,
    round_id: int,
    scope_id: int,
    ballot_key: bytes,
    replaces: int,
    channel: str,
    content: str,
    blinding: bytes,
    tracker: bytes,
    commitment: bytes,
) -> bool:
    """Insert the next version, if the one it replaces is there, current, and not a paper token."""
    cursor.execute(
        """
        INSERT INTO budgeting_ballot (round_id, scope_id, ballot_key, version, channel, content,
                                      blinding, tracker, commitment)
        SELECT %(round)s, %(scope)s, %(key)s, %(replaces)s + 1, %(channel)s, %(content)s,
               %(blinding)s, %(tracker)s, %(commitment)s
         WHERE %(replaces)s = 0 OR EXISTS (
               SELECT FROM budgeting_ballot
                WHERE round_id = %(round)s AND ballot_key = %(key)s
                  AND version = %(replaces)s AND content IS NOT NULL)
        ON CONFLICT DO NOTHING
        RETURNING version
        """,
        {
            "round": round_id,
            "scope": scope_id,
            "key": ballot_key,
            "replaces": replaces,
            "channel": channel,
            "content": content,
            "blinding": blinding,
            "tracker": tracker,
            "commitment": commitment,
        },
    )
    return cursor.fetchone() is not None


def _same_answer(found: Situation, tracker: bytes, content: str) -> Receipt:
    if found.known_content != content:
        raise ReplayWithOtherChoices(
            _(
                "This form has already been used for another ballot, which counts. To change your "
                "vote, open the ballot again."
            )
        )
    return _receipt(found, tracker, bytes(found.known_commitment))


def _receipt(found: Situation, tracker: bytes, commitment: bytes) -> Receipt:
    return Receipt(
        tracker=tracker,
        commitment=commitment,
        checkpoint=found.checkpoint,
        head=bytes(found.head),
    )


def _why_no_row(cursor: CursorWrapper, round_id: int, ballot_key: bytes) -> CastingRefused:
    cursor.execute(
        "SELECT FROM budgeting_ballot "
        "WHERE round_id = %s AND ballot_key = %s AND version = 1 AND content IS NULL",
        [round_id, ballot_key],
    )
    if cursor.fetchone() is not None:
        return _on_paper()
    return BallotChangedMeanwhile(
        _(
            "Your ballot changed meanwhile, in another window or on another device. This one was "
            "not recorded: look at your ballot as it is now, and change it if you want."
        )
    )


def _on_paper() -> AlreadyVotedOnPaper:
    return AlreadyVotedOnPaper(
        _("A paper ballot was handed out in your name: you can no longer vote online.")
    )
