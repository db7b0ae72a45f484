"""Which pages anybody may read."""

from typing import TypeVar

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Length, Substr
from wagtail.models import Page, PageViewRestriction

AnyPage = TypeVar("AnyPage", bound=Page)


def readable_by_anybody(pages: QuerySet[AnyPage]) -> QuerySet[AnyPage]:
    """Return the published pages that no restriction covers, in the same query."""
    above = PageViewRestriction.objects.filter(
        page__path=Substr(OuterRef("path"), 1, Length("page__path"))
    )
    return pages.filter(live=True).exclude(Exists(above))
