"""Which pages anybody may read."""

from typing import TypeVar

from django.db.models import QuerySet
from wagtail.models import Page

AnyPage = TypeVar("AnyPage", bound=Page)

# As an expression of Django this condition costs more to build than the whole query to run.
_NO_RESTRICTION_ABOVE = """
NOT EXISTS (
    SELECT 1 FROM wagtailcore_pageviewrestriction restriction
    JOIN wagtailcore_page restricted ON restricted.id = restriction.page_id
    WHERE starts_with(wagtailcore_page.path, restricted.path)
)
"""


def readable_by_anybody(pages: QuerySet[AnyPage]) -> QuerySet[AnyPage]:
    """Return the published pages that no restriction covers, in the same query."""
    return pages.filter(live=True).extra(where=[_NO_RESTRICTION_ABOVE])  # noqa: S610  a constant


def with_openness(pages: QuerySet[AnyPage]) -> QuerySet[AnyPage]:
    """Say of each page, as `is_open`, whether no restriction covers it."""
    return pages.extra(select={"is_open": _NO_RESTRICTION_ABOVE})  # noqa: S610  a constant
