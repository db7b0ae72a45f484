"""What this app's permissions, Wagtail's and Django's own mean for the roles."""

from . import roles

# Rights on pages, pictures and documents depend on place (page tree, collections): the migration
# `publishers` gives them. Translating is a right of its own.
roles.grant(roles.EDITORS, "wagtail_localize.submit_translation")
roles.grant(roles.PUBLISHERS, "wagtail_localize.submit_translation")

# The territory: commons lies below this app and cannot say it itself.
_TERRITORY = ["commons.{}_neighbourhood", "commons.{}_commongood"]
roles.grant(roles.EDITORS, *[p.format(action) for p in _TERRITORY for action in ["view", "change"]])
for _role in (roles.PUBLISHERS, roles.ADMINISTRATORS):
    roles.grant(
        _role,
        *[p.format(action) for p in _TERRITORY for action in ["view", "add", "change", "delete"]],
    )
roles.grant(roles.COORDINATORS, *[p.format("view") for p in _TERRITORY])

roles.grant(
    roles.COORDINATORS,
    "residents.view_roll",
    "residents.add_roll",
    "residents.change_roll",
    "residents.delete_roll",
    "residents.manage_roll",
    "residents.view_rollentry",
    "residents.add_rollentry",
    "residents.change_rollentry",
    "residents.view_rolldoubt",
    "residents.change_rolldoubt",
)
roles.grant(roles.GUARANTORS, "residents.view_roll", "residents.view_rollentry")

roles.grant(
    roles.ADMINISTRATORS,
    "residents.view_user",
    "residents.add_user",
    "residents.change_user",
    "home.change_citysettings",
    *[f"auth.{action}_group" for action in ["view", "add", "change", "delete"]],
    *[f"wagtailcore.{action}_workflow" for action in ["add", "change", "delete"]],
    *[f"wagtailcore.{action}_task" for action in ["add", "change", "delete"]],
    *[f"wagtailcore.{action}_site" for action in ["add", "change"]],
    *[f"wagtailredirects.{action}_redirect" for action in ["add", "change", "delete"]],
    "wagtail_localize.submit_translation",
)
roles.grant_on_collections(
    roles.ADMINISTRATORS,
    *[f"wagtailcore.{action}_collection" for action in ["add", "change", "delete"]],
)
