"""Who may vote: asked here and nowhere else.

Is this person on the roll of this round, in which contests, is a ballot of theirs in the box.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from home.errors import DomainError
from residents.ages import age_on
from residents.models import RollEntry

from .box_keys import load_key
from .models import Ballot, Contest, RegisterMark, Round, Scope


class NotEligible(DomainError):
    """This person may not cast this ballot."""


@dataclass(frozen=True)
class Standing:
    """What the roll says of a person for a round; `obstacle` is empty for those who may vote."""

    entry: RollEntry
    round: Round
    obstacle: str | Promise = ""

    @property
    def may_vote(self) -> bool:
        """Whether nothing on the roll stands against it; phase and box are asked elsewhere."""
        return not self.obstacle


def standing_of(*, entry: RollEntry, round: Round) -> Standing:
    """Return whether a person on a roll may vote in a round, and if not, why."""
    if round.roll is None or entry.roll_id != round.roll_id:
        return Standing(entry, round, _("You are not on the roll of this vote."))
    return Standing(
        entry,
        round,
        obstacle_of(
            state=entry.state,
            birth_date=entry.birth_date,
            reference_date=round.roll.reference_date,
            minimum_age=round.minimum_age,
        ),
    )


def obstacle_of(
    *, state: str, birth_date: date, reference_date: date, minimum_age: int
) -> str | Promise:
    """Return what on a roll entry stands against voting, in words; empty for nothing."""
    if state != RollEntry.State.ACTIVE:
        return _("Your entry on the roll is suspended. Ask the office what to do.")
    if age_on(birth_date, reference_date) < minimum_age:
        return _("On %(date)s you were not yet %(age)d years old.") % {
            "date": date_format(reference_date, "SHORT_DATE_FORMAT"),
            "age": minimum_age,
        }
    return ""


def contests_for(*, entry: RollEntry, scope: Scope) -> Collection[Contest]:
    """Return the contests of a scope a person may choose between: they vote in one of them.

    All of them: the neighbourhood whose contest is chosen is part of the ballot, and need not be
    where the person lives.
    """
    return scope.contests.order_by("position", "pk")


def has_voted(*, entry: RollEntry, scope: Scope) -> bool:
    """Say whether a ballot or a paper token of this person is in the box, or was at sealing.

    Nothing on the person's side knows it before sealing: the answer is looked up under the ballot
    key. Raises BoxKeyError.
    """
    if RegisterMark.objects.filter(entry=entry, scope=scope).exists():
        return True
    if scope.round.state not in (Round.State.OPEN, Round.State.CLOSED):
        return False
    return bool(versions(entry=entry, scope=scope))


def versions(*, entry: RollEntry, scope: Scope) -> list[tuple[int, str]]:
    """Return version and channel of each of a person's ballots in a scope, never the choices.

    Raises BoxKeyError.
    """
    ballot_key = load_key(scope.round_id).ballot_key(scope_id=scope.pk, voting_id=entry.voting_id)
    return list(
        Ballot.objects.filter(round_id=scope.round_id, ballot_key=ballot_key)
        .order_by("version")
        .values_list("version", "channel")
    )
