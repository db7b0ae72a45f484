"""Withdrawing a project after the opening: marked with the reason, by two people, never removed."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from home.errors import DomainError

from .freezing import add_addendum
from .joint_acts import Effect
from .models import JointAct, Project, Round

POSSIBLE_IN = (Round.State.OPEN, Round.State.CLOSED, Round.State.SEALED)


class WithdrawalError(DomainError):
    """A project that cannot be withdrawn."""


def parameters_for(project: Project) -> dict[str, Any]:
    """Return what a request to withdraw this project carries."""
    return {"project": project.pk}


def _project(act: JointAct) -> Project:
    return Project.objects.select_for_update().get(pk=act.parameters["project"], round=act.round)


def check(act: JointAct) -> None:
    """Raise WithdrawalError unless the project stands in a round between opening and close."""
    if not act.reason:
        raise WithdrawalError(
            _("Write the reason: it is published beside the project."), field="reason"
        )
    if act.round.state == Round.State.PREPARATION:
        raise WithdrawalError(
            _("The vote is not open yet: delete the project, or correct it, instead.")
        )
    if act.round.state not in POSSIBLE_IN:
        raise WithdrawalError(_("The count is done: the result no longer changes."))
    if _project(act).state != Project.State.STANDING:
        raise WithdrawalError(_("This project has already been withdrawn."))


def apply(act: JointAct) -> None:
    """Mark the project as withdrawn and publish the addendum."""
    project = _project(act)
    project.state = Project.State.WITHDRAWN
    project.withdrawal_reason = act.reason
    project.save(update_fields=["state", "withdrawal_reason"])
    add_addendum(
        act.round, kind="withdrawal", reason=act.reason, content={"project": project.number}
    )


def details(act: JointAct) -> list[tuple[Any, Any]]:
    """Return what the guarantor reads before signing."""
    project = Project.objects.select_related("contest").get(pk=act.parameters["project"])
    return [(_("Project"), str(project)), (_("Contest"), project.contest.name)]


EFFECT = Effect(check=check, apply=apply, details=details)
