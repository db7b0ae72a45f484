"""Addresses for sitemap.xml, in both languages."""

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from .models import CommonGood, Neighbourhood


class NeighbourhoodSitemap(Sitemap[Neighbourhood]):
    """One page for each neighbourhood and language."""

    i18n = True
    alternates = True
    changefreq = "weekly"

    def items(self) -> QuerySet[Neighbourhood]:
        """Return every neighbourhood, without its boundary."""
        return Neighbourhood.objects.only("slug").order_by("pk")


class CommonGoodSitemap(Sitemap[CommonGood]):
    """One page for each common good and language."""

    i18n = True
    alternates = True
    changefreq = "weekly"

    def items(self) -> QuerySet[CommonGood]:
        """Return every common good."""
        return CommonGood.objects.only("slug").order_by("pk")
