"""What the admin's home says to those who coordinate or guarantee rounds, and what waits there."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from budgeting import joint_acts, phases
from budgeting.joint_acts import Role
from budgeting.models import Hold, JointAct, Round
from residents.admin.home_panel import Link, Part

from .base import may_see_rounds

MOST_ROUNDS = 10
MOST_ACTS = 20
ROUNDS = Link(_("Rounds"), "rounds_admin:rounds")
SIGNATURES = Link(_("Signatures"), "rounds_admin:acts")
PARTS: Mapping[Role, Part] = {
    Role.COORDINATOR: Part(
        _(
            "You prepare rounds with their rules, projects and voter roll, and run them until the "
            "works are done. What must not be one person's decision you ask for, and a guarantor "
            "signs."
        ),
        (
            ROUNDS,
            SIGNATURES,
            Link(_("Voter rolls"), "residents_roll_modeladmin_index"),
            Link(_("Works"), "budgeting_delivery_modeladmin_index"),
            Link(_("Simulator"), "simulations_admin:simulations"),
        ),
    ),
    Role.GUARANTOR: Part(
        _(
            "You read what coordinators ask for in a round, and confirm it or refuse it with a "
            "reason: opening, sealing, draw, publication."
        ),
        (SIGNATURES, ROUNDS),
    ),
}


class RoundsPanel(Component):
    """The reader's part in rounds, the signatures that wait, and where the rounds stand."""

    name = "rounds"
    template_name = "budgeting/admin/home_panel.html"
    order = 20

    class Media:
        css = {"all": ["css/admin-home.css"]}

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        role = joint_acts.role_of(user)
        waiting = list(
            JointAct.objects.filter(state=JointAct.State.REQUESTED)
            .select_related("round", "requested_by")
            .order_by("requested_at", "pk")
        )
        mine = [act for act in waiting if joint_acts.may_decide(act, user)]
        others = [act for act in waiting if act not in mine]
        now = phases.database_clock()
        rounds = Round.objects.exclude(state=Round.State.PUBLISHED).prefetch_related(
            "phases",
            Prefetch("holds", Hold.objects.filter(lifted_at__isnull=True), to_attr="open_holds"),
        )
        return {
            "part": PARTS.get(role) if role else None,
            "mine": mine[:MOST_ACTS],
            "others": others[:MOST_ACTS],
            "rounds": [
                (
                    each,
                    phases.phase_at(each.phases.all(), now),
                    phases.next_phase(each.phases.all(), now),
                )
                for each in rounds[:MOST_ROUNDS]
            ],
        }


def add_rounds(request: HttpRequest, panels: list[Component]) -> None:
    """Put the rounds on the admin's home of those who coordinate or guarantee."""
    if may_see_rounds(request.user):
        panels.append(RoundsPanel())
