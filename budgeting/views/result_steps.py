"""The count step by step: the list of all steps, and each of them alone."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from home.caching import public_page

from ..result_pages import MOST_ON_PAPER, address
from ..result_steps import scene, scene_address
from .opened import open_explained

STEPS_PER_PAGE = 50


@require_safe
@public_page
def result_steps(request: HttpRequest, slug: str, contest: str) -> HttpResponse:
    """List all steps of the count."""
    opened = open_explained(slug, contest)
    found = opened.found
    page = Paginator(found.step_rows, STEPS_PER_PAGE).get_page(request.GET.get("page"))
    # Paper has no next page.
    whole = page.paginator.count <= MOST_ON_PAPER
    shown = (1, page.paginator.count) if whole else (page.start_index(), page.end_index())
    context = {
        "result": found,
        "round": found.round,
        "contest": found.contest,
        "page_obj": page,
        "steps": found.steps(*shown),
        "first_url": scene_address(found.count, 1),
        "result_url": opened.url,
        "picture_url": address(found.count, "result_picture"),
        "breadcrumbs": opened.trail((_("Step by step"), None)),
    }
    return render(request, "budgeting/result_steps.html", context)


@require_safe
@public_page
def result_step(request: HttpRequest, slug: str, contest: str, number: int) -> HttpResponse:
    """Show one step of the count."""
    opened = open_explained(slug, contest)
    found = opened.found
    try:
        shown = scene(found, number)
    except IndexError as error:
        raise Http404 from error
    steps_url = address(found.count, "result_steps")
    context = {
        "result": found,
        "round": found.round,
        "contest": found.contest,
        "scene": shown,
        "steps_url": steps_url,
        "result_url": opened.url,
        "picture_url": address(found.count, "result_picture"),
        "breadcrumbs": opened.trail(
            (_("Step by step"), steps_url), (_("Step %(number)s") % {"number": number}, None)
        ),
    }
    return render(request, "budgeting/result_step.html", context)
