"""What this app adds to the Wagtail admin."""

from wagtail import hooks

from . import staff

# After Wagtail's own, which they replace.
for _action in (staff.AssignRole, staff.SetActiveState):
    hooks.register("register_bulk_action", _action, order=10)
