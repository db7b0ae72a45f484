"""Pages that follow funded projects until they are done."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from home.caching import public_page

from ..delivery_pages import FollowedWork, public_deliveries
from ..result_pages import public_round
from .opened import to_round

PER_PAGE = 24


@require_safe
@public_page
def deliveries(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the works of a round."""
    round_ = public_round(slug)
    found = public_deliveries(round_).prefetch_related("milestones")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "round": round_,
        "page_obj": page,
        "works": [FollowedWork(delivery, round_) for delivery in page],
        "breadcrumbs": [
            *to_round(round_),
            (_("Works"), None),
        ],
    }
    return render(request, "budgeting/deliveries.html", context)


@require_safe
@public_page
def delivery(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show where one work stands."""
    round_ = public_round(slug)
    work = FollowedWork(
        get_object_or_404(public_deliveries(round_), project__number=number), round_
    )
    context = {
        "round": round_,
        "work": work,
        "project": work.project,
        "breadcrumbs": [
            *to_round(round_),
            (_("Works"), reverse("budgeting:deliveries", kwargs={"slug": slug})),
            (work.project.title, None),
        ],
    }
    return render(request, "budgeting/delivery.html", context)
