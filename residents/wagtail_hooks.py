"""What this app adds to the Wagtail admin, to the pages and to what is done regularly."""

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail_modeladmin.options import modeladmin_register

from home.demonstration import HOOK as DEMONSTRATION
from home.hooks import NavigationItem
from home.tick import HOOK as TICK

from . import demonstration, pruning, staff
from .admin.home_panel import add_parts
from .admin.registers import RollsGroup

modeladmin_register(RollsGroup)
hooks.register("construct_homepage_panels", add_parts)
hooks.register(DEMONSTRATION, demonstration.load, order=10)
for _job in pruning.JOBS:
    hooks.register(TICK, _job)

# After Wagtail's own, which they replace.
for _action in (staff.AssignRole, staff.SetActiveState, staff.DeletePeople):
    hooks.register("register_bulk_action", _action, order=10)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLResolver]:
    return [path("rolls/", include("residents.admin.urls"))]


@hooks.register("rione_person_items")
def person_items(request: HttpRequest) -> list[NavigationItem]:
    return [
        NavigationItem(_("Personal area"), reverse("residents:personal_area"), order=10),
        NavigationItem(_("Sign out"), reverse("account_logout"), order=1000),
    ]


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    for name, label, message in (
        ("roll.import", gettext_lazy("Import"), gettext_lazy("Imported a file")),
        ("roll.look_up", gettext_lazy("Look up"), gettext_lazy("Looked up a person by code")),
        ("roll.empty", gettext_lazy("Empty"), gettext_lazy("Emptied the roll")),
        (
            "signer.change",
            gettext_lazy("Change of a signer"),
            gettext_lazy("Changed the account of a coordinator or guarantor"),
        ),
        ("roll_entry.add", gettext_lazy("Add"), gettext_lazy("Added by hand")),
        ("roll_entry.settle", gettext_lazy("Settle"), gettext_lazy("Settled a doubt")),
        ("roll_entry.suspend", gettext_lazy("Suspend"), gettext_lazy("Suspended")),
        ("roll_entry.reactivate", gettext_lazy("Reactivate"), gettext_lazy("May vote again")),
    ):
        actions.register_action(f"residents.{name}", label, message)
