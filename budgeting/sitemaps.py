"""Addresses for sitemap.xml, in both languages."""

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from .models import Project, Round


class RoundSitemap(Sitemap[Round]):
    """One page for each public round and language."""

    i18n = True
    alternates = True
    changefreq = "daily"

    def items(self) -> QuerySet[Round]:
        """Return every public round."""
        return Round.objects.public().only("slug").order_by("pk")


class GuideSitemap(Sitemap[str]):
    """The page that compares award rules, in each language."""

    i18n = True
    alternates = True
    changefreq = "monthly"

    def items(self) -> list[str]:
        """Return the name of its address."""
        return ["budgeting:how_awards_differ"]

    def location(self, item: str) -> str:
        """Return its address in the active language."""
        return reverse(item)


class ProjectSitemap(Sitemap[Project]):
    """One page for each project of a public round and language."""

    i18n = True
    alternates = True
    changefreq = "weekly"

    def items(self) -> QuerySet[Project]:
        """Return every project of the public rounds."""
        projects = Project.objects.filter(round__is_public=True).select_related("round")
        return projects.only("number", "round__slug").order_by("pk")
