"""Closing the vote later: the only way its end moves, and only before it has come."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from home.dates import format_day_and_time

from .freezing import add_addendum, moment
from .joint_acts import Effect
from .models import JointAct, Phase, Round
from .phases import PhaseError, database_clock


def parameters_for(ends_at: datetime) -> dict[str, Any]:
    """Return what a request to close at this later moment carries."""
    return {"ends_at": moment(ends_at)}


def _vote(act: JointAct) -> Phase:
    return Phase.objects.select_for_update().get(round=act.round, kind=Phase.Kind.VOTE)


def _new_end(act: JointAct) -> datetime:
    return datetime.fromisoformat(act.parameters["ends_at"])


def check(act: JointAct) -> None:
    """Raise PhaseError unless the vote is open and its close moves later."""
    if not act.reason:
        raise PhaseError(_("Write the reason: it is published."), field="reason")
    if act.round.state != Round.State.OPEN:
        raise PhaseError(_("Only an open vote can close later."))
    vote, new_end = _vote(act), _new_end(act)
    if vote.ends_at <= database_clock():
        raise PhaseError(_("The vote has ended: it does not open again."))
    if new_end <= vote.ends_at:
        raise PhaseError(
            _("The close can only move later than %(end)s.")
            % {"end": format_day_and_time(vote.ends_at)},
            field="ends_at",
        )
    after = act.round.phases.filter(starts_at__gte=vote.ends_at, starts_at__lt=new_end).first()
    if after is not None:
        raise PhaseError(
            _("“%(phase)s” begins before then (%(start)s): move it first, among the phases.")
            % {"phase": after, "start": format_day_and_time(after.starts_at)},
            field="ends_at",
        )


def apply(act: JointAct) -> None:
    """Move the close and publish the addendum."""
    vote, new_end = _vote(act), _new_end(act)
    before = vote.ends_at
    vote.ends_at = new_end
    vote.save(update_fields=["ends_at"])
    add_addendum(
        act.round,
        kind="extension",
        reason=act.reason,
        content={"vote_ends_at": moment(new_end), "vote_ended_at_before": moment(before)},
    )


def details(act: JointAct) -> list[tuple[Any, Any]]:
    """Return what the guarantor reads before signing."""
    lines = [(_("New close of the vote"), format_day_and_time(_new_end(act)))]
    if act.state == JointAct.State.REQUESTED:
        vote = Phase.objects.get(round=act.round, kind=Phase.Kind.VOTE)
        lines.insert(0, (_("Close of the vote today"), format_day_and_time(vote.ends_at)))
    return lines


EFFECT = Effect(check=check, apply=apply, details=details)
