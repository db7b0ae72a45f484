"""What the home page shows of past votes and of works that are done or under way."""

from django.http import HttpRequest
from django.urls import reverse

from home.hooks import HomeSection

from .models import Count, Delivery
from .result_pages import ContestResult

WORKS_SHOWN = 3


def latest_result(request: HttpRequest) -> HomeSection | None:
    """Return the result published last, or None while there is none; one query."""
    count = (
        Count.objects.filter(published_at__isnull=False, contest__scope__round__is_public=True)
        .select_related("contest__scope__round")
        .defer("outcome")
        .order_by("-published_at", "-pk")
        .first()
    )
    if count is None:
        return None
    found = ContestResult(count)
    return HomeSection(
        "news",
        "budgeting/home_result.html",
        {
            "result": found,
            "round": found.round,
            "url": reverse("budgeting:result", kwargs={"slug": found.round.slug}),
        },
        order=50,
    )


def works(request: HttpRequest) -> HomeSection | None:
    """Return the works updated last, those done first; None without any; one query."""
    deliveries = list(
        Delivery.objects.filter(
            is_public=True, project__round__is_public=True, stage__in=["works", "done"]
        )
        .select_related("project__round", "project__neighbourhood")
        .order_by("stage", "-updated_at", "pk")[:WORKS_SHOWN]
    )
    if not deliveries:
        return None
    return HomeSection(
        "delivered",
        "budgeting/home_works.html",
        {"deliveries": deliveries},
        pictured=[delivery.project for delivery in deliveries],
    )
