"""The last barrier that keeps duties apart, whatever code changes groups or permissions."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Model, Q
from django.db.models.signals import m2m_changed

from . import roles


def people_with_joined_duties() -> list[tuple[int, roles.Separation]]:
    """Return who holds two duties that must stay apart; empty on a sound site."""
    found = []
    people = get_user_model().objects.filter(is_active=True)
    for separation in roles.separations():
        holders = people.filter(_holds(separation.first)).filter(_holds(separation.second))
        found += [(pk, separation) for pk in holders.values_list("pk", flat=True).distinct()]
    return found


def connect() -> None:
    """Watch every way in which a person can gain a permission."""
    user = get_user_model()
    for through in (user.groups.through, user.user_permissions.through, Group.permissions.through):
        m2m_changed.connect(_refuse, sender=through, dispatch_uid=f"separation.{through.__name__}")


def _holds(permission: str) -> Q:
    label, codename = permission.split(".")
    return Q(
        pk__in=get_user_model()
        .objects.filter(
            Q(
                groups__permissions__content_type__app_label=label,
                groups__permissions__codename=codename,
            )
            | Q(
                user_permissions__content_type__app_label=label,
                user_permissions__codename=codename,
            )
        )
        .values("pk")
    )


def _refuse(sender: type[Model], action: str, **_: Any) -> None:
    # Raised inside the transaction of the change, which then does not happen.
    if action == "post_add" and (found := people_with_joined_duties()):
        raise roles.JoinedDutiesError(found[0][1].why)
