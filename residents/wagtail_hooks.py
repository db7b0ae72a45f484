"""What this app adds to the Wagtail admin."""

from wagtail import hooks

from home.demonstration import HOOK as DEMONSTRATION

from . import demonstration, staff

# After Wagtail's own, which they replace.
for _action in (staff.AssignRole, staff.SetActiveState):
    hooks.register("register_bulk_action", _action, order=10)

hooks.register(DEMONSTRATION, demonstration.load, order=10)
