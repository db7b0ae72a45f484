"""What the budget registers with Wagtail."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from home.demonstration import HOOK as DEMONSTRATION
from home.tick import HOOK as TICK

from . import checkpoints, closing, demonstration

# A vote is closed before its closing checkpoint is due.
hooks.register(TICK, closing.close_due_rounds, order=10)
hooks.register(TICK, checkpoints.make_due_checkpoints, order=20)

hooks.register(DEMONSTRATION, demonstration.load, order=30)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Name the acts that the log tells of."""
    actions.register_action("budgeting.round.set", _("Change a round"), _("Round changed"))
    actions.register_action("budgeting.scope.set", _("Change contests"), _("Contests changed"))
    actions.register_action("budgeting.criteria.set", _("Change criteria"), _("Criteria changed"))
    actions.register_action("budgeting.phases.set", _("Change dates"), _("Dates changed"))
    actions.register_action("budgeting.project.set", _("Change a project"), _("Project changed"))
    actions.register_action(
        "budgeting.projects.imported", _("Import projects"), _("Projects imported")
    )
    actions.register_action("budgeting.hold.placed", _("Place a hold"), _("Hold placed"))
    actions.register_action("budgeting.hold.lifted", _("Lift a hold"), _("Hold lifted"))
    actions.register_action("budgeting.act.requested", _("Ask for an act"), _("Act asked for"))
    actions.register_action("budgeting.act.confirmed", _("Confirm an act"), _("Act confirmed"))
    actions.register_action("budgeting.act.refused", _("Refuse an act"), _("Act refused"))
