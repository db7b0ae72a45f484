"""Addresses for sitemap.xml, in both languages."""

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from .models import Project, Round


class RoundSitemap(Sitemap[Round]):
    """One page for each public round and language."""

    i18n = True
    alternates = True
    changefreq = "daily"

    def items(self) -> QuerySet[Round]:
        """Return every public round."""
        return Round.objects.public().only("slug").order_by("pk")


class ProjectSitemap(Sitemap[Project]):
    """One page for each project of a public round and language."""

    i18n = True
    alternates = True
    changefreq = "weekly"

    def items(self) -> QuerySet[Project]:
        """Return every project of the public rounds."""
        projects = Project.objects.filter(round__is_public=True).select_related("round")
        return projects.only("number", "round__slug").order_by("pk")
