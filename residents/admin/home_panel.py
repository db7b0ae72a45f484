"""What the admin's home says first: what this person's part is here, and where it is done.

Apps above this one add panels of their own for the roles that they give work to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from .. import roles


@dataclass(frozen=True)
class Link:
    """Where something is done: what it is called, and its address by name."""

    label: str | Promise
    name: str
    arguments: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The address."""
        return reverse(self.name, args=self.arguments)


@dataclass(frozen=True)
class Part:
    """What somebody does here in one role."""

    text: str | Promise
    links: tuple[Link, ...] = ()


PAGES = Link(_("Pages"), "wagtailadmin_explore_root")
TERRITORY = (
    Link(_("Neighbourhoods"), "wagtailsnippets_commons_neighbourhood:list"),
    Link(_("Common goods"), "wagtailsnippets_commons_commongood:list"),
)
PARTS: Mapping[str, Part] = {
    roles.EDITORS: Part(
        _(
            "You write pages, pictures and documents and submit them; a publisher publishes them. "
            "You also keep neighbourhoods and common goods up to date."
        ),
        (PAGES, Link(_("Pictures"), "wagtailimages:index"), *TERRITORY),
    ),
    roles.PUBLISHERS: Part(
        _(
            "You read the pages that editors submit, and publish them or send them back. What "
            "waits for you stands on this page, below. You also look after neighbourhoods and "
            "common goods."
        ),
        (PAGES, *TERRITORY),
    ),
    roles.MODERATORS: Part(
        _(
            "You look after what residents write. Nobody can write proposals or comments on this "
            "site yet, so nothing waits for you."
        )
    ),
    roles.REVIEWERS: Part(
        _(
            "You answer for your office whether a proposal can be done. There are no proposals on "
            "this site yet, so nothing waits for you."
        )
    ),
    roles.OPERATORS: Part(
        _(
            "You help people to vote at the desk. This site has no desk yet, so nothing waits for "
            "you."
        )
    ),
    roles.LIBRARIANS: Part(
        _(
            "You run the sessions of the living library. They are not on this site yet, so "
            "nothing waits for you."
        )
    ),
    roles.ADMINISTRATORS: Part(
        _(
            "You decide who works here and in which role, and set up name, colour and contacts of "
            "the city. In a round you sign nothing."
        ),
        (
            Link(_("People"), "wagtailusers_users:index"),
            Link(_("Groups"), "wagtailusers_groups:index"),
            Link(_("City"), "wagtailsettings:edit", ("home", "citysettings")),
        ),
    ),
}


class PartsPanel(Component):
    """The reader's parts, one for each role they have; nothing for other groups of the city."""

    name = "your_part"
    template_name = "residents/admin/home_parts.html"
    order = 10

    class Media:
        css = {"all": ["css/admin-home.css"]}

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        names = set(user.groups.values_list("name", flat=True))
        if user.is_superuser:
            names.add(roles.ADMINISTRATORS)
        return {"parts": [part for role, part in PARTS.items() if role in names]}


def add_parts(request: HttpRequest, panels: list[Component]) -> None:
    """Put the reader's parts on the admin's home."""
    panels.append(PartsPanel())
