"""The roles people have in a city, as groups, and what each may do.

Every app says what its own permissions mean for the roles, in a module named `role_permissions`:

    from residents import roles

    roles.grant(roles.COORDINATORS, "budgeting.coordinate_round", "budgeting.add_round")
    roles.keep_apart("budgeting.coordinate_round", "budgeting.guarantee_round", why=_("…"))

The modules are loaded when the site starts; after every `migrate` the groups are made and the
permissions added. Nothing is ever taken away, so a city may add to its groups.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection, GroupCollectionPermission

from home.errors import DomainError

EDITORS = "Editors"
PUBLISHERS = "Publishers"
MODERATORS = "Moderators"
REVIEWERS = "Reviewers"
COORDINATORS = "Coordinators"
GUARANTORS = "Guarantors"
OPERATORS = "Operators"
LIBRARIANS = "Librarians"
ADMINISTRATORS = "Administrators"

# The groups' names are kept in the database; these are what people read.
ROLES: dict[str, Promise] = {
    EDITORS: _("Editors"),
    PUBLISHERS: _("Publishers"),
    MODERATORS: _("Moderators"),
    REVIEWERS: _("Reviewers"),
    COORDINATORS: _("Coordinators"),
    GUARANTORS: _("Guarantors"),
    OPERATORS: _("Operators"),
    LIBRARIANS: _("Librarians"),
    ADMINISTRATORS: _("Administrators"),
}


@dataclass(frozen=True)
class Separation:
    """Two permissions that nobody may have together, and why."""

    first: str
    second: str
    why: str | Promise


_grants: dict[str, set[str]] = {role: {"wagtailadmin.access_admin"} for role in ROLES}
_collection_grants: dict[str, set[str]] = {role: set() for role in ROLES}
_separations: list[Separation] = []


class JoinedDutiesError(DomainError):
    """Somebody would hold two duties that must stay with different people."""


def grant(role: str, *permissions: str) -> None:
    """Declare that a role has these permissions, each written `app_label.codename`."""
    if role not in ROLES:
        raise ValueError(f"{role!r} is not a role; the roles are {', '.join(ROLES)}.")
    for permission in permissions:
        if permission.count(".") != 1:
            raise ValueError(f"{permission!r} is not written app_label.codename.")
    _grants[role].update(permissions)


def grant_on_collections(role: str, *permissions: str) -> None:
    """Declare that a role has these permissions on every collection of pictures and documents.

    Wagtail asks for them collection by collection: as permissions of a group they do nothing.
    """
    grant(role)
    _collection_grants[role].update(permissions)


def keep_apart(first: str, second: str, *, why: str | Promise) -> None:
    """Declare that nobody may have both permissions through their groups."""
    separation = Separation(first, second, why)
    if separation not in _separations:
        _separations.append(separation)


def separations() -> tuple[Separation, ...]:
    """Return the pairs of permissions that must stay apart."""
    return tuple(_separations)


def refuse_joined_duties(*, permissions: Iterable[Permission]) -> None:
    """Raise JoinedDutiesError when these permissions hold two that must stay apart."""
    names = {
        f"{permission.content_type.app_label}.{permission.codename}" for permission in permissions
    }
    for separation in _separations:
        if {separation.first, separation.second} <= names:
            raise JoinedDutiesError(separation.why)


def refuse_joined_groups(*, groups: Iterable[Group]) -> None:
    """Raise JoinedDutiesError when somebody in all these groups would hold two such duties."""
    refuse_joined_duties(
        permissions=Permission.objects.filter(group__in=[group.pk for group in groups])
        .select_related("content_type")
        .distinct()
    )


def add_declared_permissions(*, app_config: AppConfig) -> None:
    """Make the groups, and give them the declared permissions of one app.

    Called after that app's migrations; may run any number of times.
    """
    create_permissions(app_config, verbosity=0)
    label = app_config.label
    existing = {
        f"{label}.{permission.codename}": permission
        for permission in Permission.objects.filter(content_type__app_label=label)
    }
    for role, names in _grants.items():
        group, _created = Group.objects.get_or_create(name=role)
        declared = {name for name in names if name.startswith(f"{label}.")}
        on_collections = {name for name in _collection_grants[role] if name.startswith(f"{label}.")}
        if missing := (declared | on_collections) - existing.keys():
            raise LookupError(f"{role} are granted {sorted(missing)}, which {label} has not.")
        group.permissions.add(*[existing[name] for name in declared])
        for name in on_collections:
            # What holds at the root holds below it.
            GroupCollectionPermission.objects.get_or_create(
                group=group,
                collection=Collection.get_first_root_node(),
                permission=existing[name],
            )


def names_of(*, user_pk: int) -> list[str]:
    """Return the names of a person's groups as people read them, in the order above."""
    names = set(Group.objects.filter(user=user_pk).values_list("name", flat=True))
    known = [str(label) for role, label in ROLES.items() if role in names]
    return known + sorted(names - ROLES.keys())
