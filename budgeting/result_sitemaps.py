"""Addresses of results and works for sitemap.xml, in both languages."""

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from .models import Delivery, Round


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
