"""Addresses of rounds, projects, results and works for sitemap.xml, in both languages."""

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from .models import Delivery, Project, Round


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


class ResultSitemap(Sitemap[Round]):
    """One page for each published result."""

    i18n = True
    alternates = True
    changefreq = "monthly"

    def items(self) -> QuerySet[Round]:
        """Return the rounds with a published result."""
        return (
            Round.objects.filter(
                is_public=True, scopes__contests__counts__published_at__isnull=False
            )
            .distinct()
            .order_by("pk")
        )

    def location(self, item: Round) -> str:
        """Return the address of the result."""
        return reverse("budgeting:result", kwargs={"slug": item.slug})


class DeliverySitemap(Sitemap[Delivery]):
    """One page for each work that can be followed."""

    i18n = True
    alternates = True
    changefreq = "weekly"

    def items(self) -> QuerySet[Delivery]:
        """Return the public works."""
        return (
            Delivery.objects.filter(is_public=True, project__round__is_public=True)
            .select_related("project__round")
            .order_by("pk")
        )

    def location(self, item: Delivery) -> str:
        """Return the address of the work."""
        return reverse(
            "budgeting:delivery",
            kwargs={"slug": item.project.round.slug, "number": item.project.number},
        )
