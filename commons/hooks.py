"""What commons asks of the apps above it, through Wagtail's hooks.

`rione_neighbourhood_sections`
    `(request, neighbourhood) -> PageSection | None`: what an app has to show on the page of a
    neighbourhood.

`rione_good_sections`
    `(request, good) -> PageSection | None`: the same for the page of a common good.

Both pages are kept by caches for anonymous readers and may cost eight queries in all: a section
takes no session, no CSRF token, and one or two queries whatever the number of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from wagtail import hooks

NOW = "now"
MORE = "more"


@dataclass(frozen=True)
class PageSection:
    """A rendered part of a page, its headings from level 2 (in "now": level 3).

    `slot` is "now" (beside the picture, first of all: what happens here at this moment, what money
    is at stake, until when) or "more" (lists further down, each a whole
    `<section class="rione-section">`).
    """

    slot: str
    html: SafeString
    order: int = 100

    def __post_init__(self) -> None:
        if self.slot not in {NOW, MORE}:
            raise ValueError(f"A section's slot is {NOW} or {MORE}.")


def page_sections(hook: str, request: HttpRequest, subject: Any) -> dict[str, Sequence[SafeString]]:
    """Return the sections that the apps offer for a page, by slot and in order."""
    offered = [offer(request, subject) for offer in hooks.get_hooks(hook)]
    sections = sorted((s for s in offered if s is not None), key=lambda section: section.order)
    return {slot: [s.html for s in sections if s.slot == slot] for slot in (NOW, MORE)}
