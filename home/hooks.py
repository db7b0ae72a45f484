"""What home asks of the apps above it, through Wagtail's hooks.

Each hook's callables come from an app's `wagtail_hooks.py`; lower `order` comes first.

`rione_navigation_items`
    `() -> list[NavigationItem]`: links to record views for the main navigation. Called with the
    reader's language active; the answer is kept for some seconds, so it must not depend on who
    looks.

`rione_person_items`
    `(request) -> list[NavigationItem]`: links for the signed-in person (personal area, sign out).

`rione_home_sections`
    `(request) -> HomeSection | None`: a part of the home page made of records. `slot` says where:
    "today" (what can be done today, first of all), "map", "news" or "delivered".

`rione_search_sources`
    `() -> SearchSource`: records that the search page finds (see `home.searching`).

`rione_sitemap`
    `() -> dict[str, type[Sitemap]]`: addresses of records for sitemap.xml.

`rione_demonstration`
    see `home.demonstration`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail import hooks

from .gathering import HasPicture

HOME_SLOTS = ("today", "map", "news", "delivered")


@dataclass(frozen=True)
class NavigationItem:
    """A link of the main navigation or of the personal menu; `order` places it among the others."""

    label: str
    url: str
    order: int = 100
    icon: str = ""


@dataclass(frozen=True)
class HomeSection:
    """A part of the home page and the slot it belongs to.

    `pictured` are the records whose pictures the template draws: they are fetched for all parts of
    the page together (`home.models.attach_pictures`), before it is drawn.
    """

    slot: str
    template: str
    context: dict[str, Any]
    pictured: Sequence[HasPicture] = ()
    order: int = 100

    def __post_init__(self) -> None:
        if self.slot not in HOME_SLOTS:
            raise ValueError(f"A home section's slot is one of {', '.join(HOME_SLOTS)}.")


def navigation_items() -> list[NavigationItem]:
    """Return the record views' links in the active language."""
    return _collected("rione_navigation_items")


def person_items(request: HttpRequest) -> list[NavigationItem]:
    """Return the links for the person who is signed in."""
    return _collected("rione_person_items", request)


def home_sections(request: HttpRequest) -> dict[str, list[HomeSection]]:
    """Return the sections that the apps offer for the home page, by slot and in order."""
    slots: dict[str, list[HomeSection]] = {slot: [] for slot in HOME_SLOTS}
    for offer in hooks.get_hooks("rione_home_sections"):
        section = offer(request)
        if section is not None:
            slots[section.slot].append(section)
    for sections in slots.values():
        sections.sort(key=lambda section: section.order)
    return slots


def pictured(sections: dict[str, list[HomeSection]]) -> list[HasPicture]:
    """Return the records of all sections whose pictures are to be fetched."""
    return [
        record
        for offered in sections.values()
        for section in offered
        for record in section.pictured
    ]


def drawn(
    sections: dict[str, list[HomeSection]], request: HttpRequest
) -> dict[str, list[SafeString]]:
    """Return the sections as HTML, by slot and in order."""
    return {
        slot: [render_to_string(section.template, section.context, request) for section in offered]
        for slot, offered in sections.items()
    }


def _collected(name: str, *arguments: Any) -> list[NavigationItem]:
    items = [item for offer in hooks.get_hooks(name) for item in offer(*arguments)]
    return sorted(items, key=lambda item: item.order)
