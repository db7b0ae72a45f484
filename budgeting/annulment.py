"""Annulling a person's ballot in a scope, by two people, between the opening and the sealing.

The choices are never shown, and earlier versions never come back. Somebody who was *impersonated*
may vote again: the next ballot replaces the annulled version, so the chain of versions goes on.
Somebody *not entitled* is suspended on the roll. What is written stands on the person's side and
names no ballot key. A paper token cannot be annulled: the sheet lies among the others.
"""

from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from home.errors import DomainError
from residents import rolls
from residents.models import RollEntry

from .box_keys import load_key
from .box_locks import lock_box
from .eligibility import versions
from .joint_acts import Effect
from .models import Annulment, Channel, JointAct, Round, Scope


class AnnulmentRefused(DomainError):
    """This ballot cannot be annulled."""


def parameters_for(
    *, entry: RollEntry, scope: Scope, reason: Annulment.Reason | str
) -> dict[str, Any]:
    """Return what a request to annul carries."""
    return {"entry": entry.pk, "scope": scope.pk, "reason": str(Annulment.Reason(reason))}


def check(act: JointAct) -> None:
    """Raise AnnulmentRefused or BoxKeyError unless there is a ballot that can be annulled.

    Raises NotAllowedError when it would suspend an entry and who asks may not change rolls.
    """
    if not act.reason:
        raise AnnulmentRefused(_("Write how it came to light."), field="reason")
    if act.parameters["reason"] == Annulment.Reason.NOT_ENTITLED:
        rolls.require_right(act.requested_by)
    _current_version(act)


def apply(act: JointAct) -> None:
    """Annul everything cast so far in this person's name, and suspend who was not entitled.

    Runs in the transaction that confirms the act, which holds the round's lock.
    """
    with connection.cursor() as cursor:
        # A ballot on its way is in before its version is looked up, or comes after.
        lock_box(cursor, act.round_id)
    entry, scope, version = _current_version(act)
    annulment = Annulment.objects.create(
        act=act,
        entry=entry,
        scope=scope,
        through_version=version,
        reason=act.parameters["reason"],
    )
    if annulment.reason == Annulment.Reason.NOT_ENTITLED:
        _suspend(entry, act)


def _suspend(entry: RollEntry, act: JointAct) -> None:
    if entry.state == RollEntry.State.SUSPENDED:
        return
    longest = RollEntry._meta.get_field("state_reason").max_length
    rolls.suspend(entry=entry, reason=act.reason[:longest], by=act.requested_by)


def details(act: JointAct) -> list[tuple[Any, Any]]:
    """Return what the second person reads before signing; never the choices."""
    entry = RollEntry.objects.get(pk=act.parameters["entry"])
    scope = Scope.objects.get(pk=act.parameters["scope"])
    return [
        (_("Roll entry"), entry),
        (_("Scope"), scope.name),
        (_("Reason"), Annulment.Reason(act.parameters["reason"]).label),
    ]


def annulled_versions(round: Round, *, using: str) -> list[tuple[bytes, int]]:
    """Return, for each annulled person and scope, the ballot key and the last annulled version.

    Needs the box key; for sealing, inside its transaction.
    """
    key = load_key(round.pk)
    return [
        (key.ballot_key(scope_id=scope_id, voting_id=voting_id), version)
        for scope_id, voting_id, version in Annulment.objects.using(using)
        .filter(scope__round=round)
        .values_list("scope_id", "entry__voting_id", "through_version")
    ]


def _current_version(act: JointAct) -> tuple[RollEntry, Scope, int]:
    state = Round.objects.values_list("state", flat=True).get(pk=act.round_id)
    if state not in (Round.State.OPEN, Round.State.CLOSED):
        raise AnnulmentRefused(
            _("Ballots are annulled between the opening of the vote and the sealing of the box.")
        )
    scope = Scope.objects.select_related("round__roll").get(
        pk=act.parameters["scope"], round_id=act.round_id
    )
    entry = RollEntry.objects.get(pk=act.parameters["entry"], roll=scope.round.roll)
    found = versions(entry=entry, scope=scope)
    if not found:
        raise AnnulmentRefused(_("No ballot of this person is in the box."))
    version, channel = found[-1]
    if channel == Channel.PAPER:
        raise AnnulmentRefused(
            _("This person voted on paper: the sheet lies among the others and cannot be found.")
        )
    if Annulment.objects.filter(entry=entry, scope=scope, through_version__gte=version).exists():
        raise AnnulmentRefused(_("This ballot is already annulled."))
    return entry, scope, version


EFFECT = Effect(check=check, apply=apply, details=details)
