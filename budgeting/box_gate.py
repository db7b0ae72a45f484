"""The gate of the box: what is read under its lock, and who is turned away."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from home.errors import DomainError

from .eligibility import NotEligible, obstacle_of
from .models import Box, Round, Scope


class CastingRefused(DomainError):
    """A ballot that did not go into the box; nothing was written."""


class VotingNotOpen(CastingRefused):
    """Voting has not begun, or is on hold."""


class VotingClosed(CastingRefused):
    """The vote is over, or the box is sealed."""


class Situation(NamedTuple):
    """What one query reads under the lock; the columns of `read_situation`."""

    state: str
    starts_at: datetime | None
    ends_at: datetime | None
    now: datetime
    on_hold: bool
    is_on_roll: bool | None
    entry_state: str | None
    birth_date: Any
    reference_date: Any
    minimum_age: int
    known_content: str | None
    known_commitment: Any
    checkpoint: int  # a box has one from its making on
    head: Any


def box_of(scope: Scope) -> Box:
    """Return the box of a scope. Raises VotingNotOpen while there is none."""
    box = Box.objects.filter(pk=scope.round_id).first()
    if box is None:
        raise VotingNotOpen(_("Voting has not begun yet."))
    return box


def read_situation(
    cursor: CursorWrapper, round_id: int, entry_id: int | None, tracker: bytes | None = None
) -> Situation:
    """Read all that decides about a ballot, in a statement of its own after the lock was given.

    `tracker` finds the ballot that a form sent again has already left in the box.
    """
    # clock_timestamp() moves on while the lock is waited for; now() would stand still.
    cursor.execute(
        """
        SELECT r.state, p.starts_at, p.ends_at, clock_timestamp(),
               EXISTS (SELECT FROM budgeting_hold h
                        WHERE h.round_id = r.id AND h.lifted_at IS NULL),
               e.roll_id = r.roll_id, e.state, e.birth_date, l.reference_date, r.minimum_age,
               b.content, b.commitment, c.number, c.head
          FROM budgeting_round r
          LEFT JOIN budgeting_phase p ON p.round_id = r.id AND p.kind = 'vote'
          LEFT JOIN residents_rollentry e ON e.id = %(entry)s
          LEFT JOIN residents_roll l ON l.id = e.roll_id
          LEFT JOIN budgeting_ballot b ON b.round_id = %(round)s AND b.tracker = %(tracker)s
          LEFT JOIN LATERAL (
               SELECT number, head FROM budgeting_checkpoint
                WHERE round_id = r.id ORDER BY number DESC LIMIT 1) c ON true
         WHERE r.id = %(round)s
        """,
        {"round": round_id, "entry": entry_id, "tracker": tracker},
    )
    return Situation(*cursor.fetchone())


def refuse_unless_open(found: Situation) -> None:
    """Raise VotingNotOpen or VotingClosed unless the box takes ballots at this moment."""
    if found.state == Round.State.PREPARATION or found.starts_at is None:
        raise VotingNotOpen(_("Voting has not begun yet."))
    if found.state != Round.State.OPEN or found.ends_at is None or found.now >= found.ends_at:
        raise voting_closed()
    if found.now < found.starts_at:
        raise VotingNotOpen(_("Voting has not begun yet."))
    if found.on_hold:
        raise VotingNotOpen(_("The vote is on hold at the moment: your ballot was not recorded."))


def refuse_unless_eligible(found: Situation) -> None:
    """Raise NotEligible unless the roll, as it is now, lets this person vote."""
    if not found.is_on_roll or found.entry_state is None:
        raise NotEligible(_("You are not on the roll of this vote."))
    obstacle = obstacle_of(
        state=found.entry_state,
        birth_date=found.birth_date,
        reference_date=found.reference_date,
        minimum_age=found.minimum_age,
    )
    if obstacle:
        raise NotEligible(obstacle)


def voting_closed() -> VotingClosed:
    """Return the refusal of a ballot that came too late."""
    return VotingClosed(_("Voting is over: your ballot was not recorded."))
