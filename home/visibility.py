"""Which pages anybody may read."""

from typing import TypeVar

from django.db.models import BooleanField, Func, QuerySet
from wagtail.models import Page

AnyPage = TypeVar("AnyPage", bound=Page)


class Unrestricted(Func):
    """Whether no restriction covers the page with this path: `Unrestricted("path")`.

    In one piece: as a tree of Django's expressions it takes longer to build than to run.
    """

    template = """NOT EXISTS (
        SELECT 1 FROM wagtailcore_pageviewrestriction restriction
        JOIN wagtailcore_page restricted ON restricted.id = restriction.page_id
        WHERE starts_with(%(expressions)s, restricted.path)
    )"""
    output_field = BooleanField()


def readable_by_anybody(pages: QuerySet[AnyPage]) -> QuerySet[AnyPage]:
    """Return the published pages that no restriction covers, in the same query."""
    return pages.filter(Unrestricted("path"), live=True)
