from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class ResidentsConfig(AppConfig):
    default = True  # of the two in this module
    name = "residents"
    verbose_name = _("Residents")

    def ready(self) -> None:
        # What each app grants to the roles; see residents/roles.py.
        autodiscover_modules("role_permissions")
        post_migrate.connect(_give_roles_their_permissions, dispatch_uid="residents.roles")
        from . import separation

        separation.connect()


class StaffUsersConfig(WagtailUsersAppConfig):
    """Wagtail's user administration, for accounts without user name and password."""

    user_viewset = "residents.staff.StaffViewSet"
    group_viewset = "residents.staff.RoleViewSet"


def _give_roles_their_permissions(app_config: AppConfig, using: str, **_: Any) -> None:
    from . import roles

    # Apps are migrated together but announced one by one; groups need auth's own tables only.
    if using == "default" and apps.is_installed("django.contrib.auth"):
        roles.add_declared_permissions(app_config=app_config)
