"""What this app adds to the Wagtail admin."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from home.demonstration import HOOK as DEMONSTRATION
from home.hooks import NavigationItem

from . import demonstration, staff

# After Wagtail's own, which they replace.
for _action in (staff.AssignRole, staff.SetActiveState):
    hooks.register("register_bulk_action", _action, order=10)

hooks.register(DEMONSTRATION, demonstration.load, order=10)


@hooks.register("rione_person_items")
def person_items(request: HttpRequest) -> list[NavigationItem]:
    return [
        NavigationItem(_("Personal area"), reverse("residents:personal_area"), order=10),
        NavigationItem(_("Sign out"), reverse("account_logout"), order=1000),
    ]
