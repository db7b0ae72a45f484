"""What commons registers with Wagtail and with home."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from home.demonstration import HOOK as DEMONSTRATION
from home.hooks import NavigationItem
from home.searching import SearchSource

from . import demonstration, home_section, searching
from .admin import TerritoryGroup
from .sitemaps import CommonGoodSitemap, NeighbourhoodSitemap

register_snippet(TerritoryGroup)
hooks.register(DEMONSTRATION, demonstration.load, order=10)
hooks.register("rione_home_sections", home_section.map_section)


@hooks.register("rione_navigation_items")
def navigation_items() -> list[NavigationItem]:
    """Offer the two lists of the territory for the main navigation."""
    return [
        NavigationItem(_("Neighbourhoods"), reverse("commons:neighbourhoods"), order=20),
        NavigationItem(_("Common goods"), reverse("commons:goods"), order=30),
    ]


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
