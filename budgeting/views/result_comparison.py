"""The same ballots under other rules."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from home.caching import public_page

from ..result_comparison import comparison
from ..result_pages import PER_PAGE, address
from .opened import open_explained


@require_safe
@public_page
def result_compare(request: HttpRequest, slug: str, contest: str) -> HttpResponse:
    """Show what other rules would have given, or that it is still being worked out."""
    opened = open_explained(slug, contest)
    found = opened.found
    compared = comparison(found)
    differing = compared.differing if compared else []
    page = Paginator(differing, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "result": found,
        "round": found.round,
        "contest": found.contest,
        "compared": compared,
        "changes_page": page,
        "changes": compared.changes(differing) if compared else [],
        "result_url": opened.url,
        "picture_url": address(found.count, "result_picture"),
        "breadcrumbs": opened.trail((_("Other rules"), None)),
    }
    return render(request, "budgeting/result_compare.html", context)
