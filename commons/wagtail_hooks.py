"""What commons registers with Wagtail and with home."""

from collections.abc import Callable

from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from home.hooks import HomeSection, NavigationItem
from home.searching import SearchSource

from . import demonstration, home_section, searching
from .admin import TerritoryGroup
from .sitemaps import CommonGoodSitemap, NeighbourhoodSitemap

register_snippet(TerritoryGroup)


@hooks.register("rione_navigation_items")
def navigation_items() -> list[NavigationItem]:
    """Offer the two lists of the territory for the main navigation."""
    return [
        NavigationItem(_("Neighbourhoods"), reverse("commons:neighbourhoods"), order=20),
        NavigationItem(_("Common goods"), reverse("commons:goods"), order=30),
    ]


@hooks.register("rione_home_sections")
def map_on_the_home_page(request: HttpRequest) -> HomeSection | None:
    """Offer the map of the neighbourhoods with its list for the home page."""
    return home_section.map_section(request)


@hooks.register("rione_search_sources", order=20)
def neighbourhoods_source() -> SearchSource:
    """Let the search find neighbourhoods, by their other names too."""
    return searching.NEIGHBOURHOODS


@hooks.register("rione_search_sources", order=30)
def goods_source() -> SearchSource:
    """Let the search find common goods."""
    return searching.GOODS


@hooks.register("rione_sitemap")
def sitemap() -> dict[str, type[Sitemap]]:
    """Offer the pages of the territory for sitemap.xml."""
    return {"neighbourhoods": NeighbourhoodSitemap, "goods": CommonGoodSitemap}


@hooks.register("rione_demonstration", order=10)
def load_demonstration(say: Callable[[str], None]) -> None:
    """Put Fontelieta on the map."""
    demonstration.load(say=say)
