"""Pages that follow funded projects until they are done."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from home.caching import public_page

from ..delivery_pages import public_deliveries
from ..result_pages import public_round


@require_safe
@public_page
def deliveries(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the works of a round."""
    round_ = public_round(slug)
    context = {
        "round": round_,
        "works": public_deliveries(round_),
        "breadcrumbs": [
            (_("Home"), f"/{get_language()}/"),
            (str(round_), round_.get_absolute_url()),
            (_("Works"), None),
        ],
    }
    return render(request, "budgeting/deliveries.html", context)


@require_safe
@public_page
def delivery(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show where one work stands."""
    round_ = public_round(slug)
    found = public_deliveries(round_, number=number)
    if not found:
        raise Http404
    work = found[0]
    context = {
        "round": round_,
        "work": work,
        "project": work.project,
        "breadcrumbs": [
            (_("Home"), f"/{get_language()}/"),
            (str(round_), round_.get_absolute_url()),
            (_("Works"), reverse("budgeting:deliveries", kwargs={"slug": slug})),
            (work.project.title, None),
        ],
    }
    return render(request, "budgeting/delivery.html", context)
