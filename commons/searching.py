"""How the site's search finds neighbourhoods and common goods."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.searching import SearchResult, SearchSource, fold, matching, result

from .models import CommonGood, Neighbourhood

_SUMMARIES = ("summary_it", "summary_en")


def search_neighbourhoods(query: str, language: str) -> list[SearchResult]:
    """Find neighbourhoods by name, by the other names people use, and by what is written of them.

    One query.
    """
    found = matching(
        Neighbourhood.objects.only("name", "slug", "alternative_names", *_SUMMARIES),
        fields=["name", "alternative_names", f"summary_{language}", f"description_{language}"],
        query=query,
        language=language,
    )
    return [
        result(
            neighbourhood,
            kind=_("Neighbourhood"),
            title=neighbourhood.name,
            text=f"{_why(neighbourhood, query)}{neighbourhood.summary}",
        )
        for neighbourhood in found
    ]


def _why(neighbourhood: Neighbourhood, query: str) -> str:
    """Name the other names that were asked for, where the neighbourhood's own says nothing."""
    # The beginnings of words: the database compares words without their endings.
    words = [word[:4] for word in query.split()]
    if any(word in fold(neighbourhood.name) for word in words):
        return ""
    asked = [
        name
        for name in neighbourhood.alternative_names
        if any(word in fold(name) for word in words)
    ]
    return f"{_('Also called')}: {', '.join(asked)}. " if asked else ""


def search_goods(query: str, language: str) -> list[SearchResult]:
    """Find common goods by name, place, neighbourhood, and by what is written of them.

    One query.
    """
    found = matching(
        CommonGood.objects.only("name", "slug", *_SUMMARIES),
        fields=[
            "name",
            "place",
            "neighbourhood__name",
            f"summary_{language}",
            f"description_{language}",
        ],
        query=query,
        language=language,
    )
    return [
        result(good, kind=_("Common good"), title=good.name, text=good.summary) for good in found
    ]


NEIGHBOURHOODS = SearchSource(
    key="neighbourhoods", label=gettext_lazy("Neighbourhoods"), search=search_neighbourhoods
)
GOODS = SearchSource(key="goods", label=gettext_lazy("Common goods"), search=search_goods)
