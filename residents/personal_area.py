"""The personal area, to which later apps add their sections.

    from residents.personal_area import HOOK, Section

    @hooks.register(HOOK, order=20)
    def my_proposals(request):
        return Section(_("My proposals"), "proposals/my_proposals.html", {"proposals": …})

A hook returns None where it has nothing to show. The template gets its context and `request`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from wagtail import hooks

HOOK = "rione_personal_area_sections"


@dataclass(frozen=True)
class Section:
    """A part of the personal area: a heading and a template with its context."""

    heading: str | Promise
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


def sections(request: HttpRequest) -> list[Section]:
    """Return what the apps show to this person, in the hooks' order."""
    found = (make(request) for make in hooks.get_hooks(HOOK))
    return [section for section in found if section is not None]
