"""Pausing a round: while a hold is on, nobody may do what its phase allows."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from home.errors import DomainError
from residents.models import User

from .models import Hold, Round
from .phases import database_clock, require_right


class HoldError(DomainError):
    """A hold that cannot be placed or lifted."""


@transaction.atomic
def place_hold(*, round: Round, reason: Mapping[str, str], by: User) -> Hold:
    """Pause a round, with the reason everybody reads by language ("it", "en").

    Raises HoldError, NotAllowedError.
    """
    require_right(by)
    round = Round.objects.select_for_update().get(pk=round.pk)
    text = {language: words.strip() for language, words in reason.items()}
    if not text.get("it"):
        raise HoldError(_("Write why: everybody reads it."), field="reason_it")
    if round.holds.filter(lifted_at__isnull=True).exists():
        raise HoldError(_("This round is already on hold."))
    hold = Hold.objects.create(
        round=round, reason_it=text["it"], reason_en=text.get("en") or None, placed_by=by
    )
    log(
        instance=round,
        action="budgeting.hold.placed",
        user=by,
        data={"hold": hold.pk, "reason": text["it"]},
    )
    return hold


@transaction.atomic
def lift_hold(*, round: Round, by: User) -> Hold:
    """End the hold of a round. Raises HoldError when there is none, NotAllowedError."""
    require_right(by)
    hold = Hold.objects.select_for_update().filter(round=round, lifted_at__isnull=True).first()
    if hold is None:
        raise HoldError(_("This round is not on hold."))
    hold.lifted_by, hold.lifted_at = by, database_clock()
    hold.save(update_fields=["lifted_by", "lifted_at"])
    log(instance=round, action="budgeting.hold.lifted", user=by, data={"hold": hold.pk})
    return hold
