"""The people of the demonstration city, all invented."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import roles
from .models import User


@dataclass(frozen=True)
class Person:
    """Somebody invented: name, and role (None for residents)."""

    first_name: str
    last_name: str
    role: str | None = None
    language: str = "it"

    @property
    def email(self) -> str:
        return f"{self.first_name}.{self.last_name}@example.org".lower().replace(" ", "")

    @property
    def description(self) -> str | Promise:
        """What the person is here, as read on the sign-in page."""
        return _DESCRIPTIONS[self.role]


_DESCRIPTIONS: dict[str | None, str | Promise] = {
    None: _("resident"),
    roles.EDITORS: _("editor"),
    roles.PUBLISHERS: _("publisher"),
    roles.MODERATORS: _("moderator"),
    roles.REVIEWERS: _("reviewer"),
    roles.COORDINATORS: _("coordinator"),
    roles.GUARANTORS: _("guarantor"),
    roles.OPERATORS: _("operator"),
    roles.LIBRARIANS: _("librarian"),
    roles.ADMINISTRATORS: _("administrator"),
}

PEOPLE = (
    Person("Anna", "Bellini"),
    Person("Karim", "Haddad"),
    Person("Grace", "Osei", language="en"),
    Person("Elena", "Fabbri", roles.EDITORS),
    Person("Paolo", "Guidi", roles.PUBLISHERS),
    Person("Marta", "Salvi", roles.MODERATORS),
    Person("Renzo", "Tosi", roles.REVIEWERS),
    Person("Lucia", "Verri", roles.REVIEWERS),
    Person("Carla", "Monti", roles.COORDINATORS),
    Person("Dario", "Neri", roles.COORDINATORS),
    Person("Giulia", "Prato", roles.GUARANTORS),
    Person("Tommaso", "Leoni", roles.GUARANTORS),
    Person("Omar", "Rinaldi", roles.OPERATORS),
    Person("Livia", "Bassi", roles.LIBRARIANS),
    Person("Sandra", "Corti", roles.ADMINISTRATORS),
)


def load(say: Callable[[str], None]) -> None:
    """Create the people with their roles."""
    groups = {group.name: group for group in Group.objects.all()}
    for person in PEOPLE:
        user = User.objects.create_user(
            person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            language=person.language,
            is_staff=person.role is not None,
        )
        if person.role is not None:
            user.groups.add(groups[person.role])
    say(f"{len(PEOPLE)} invented people")
