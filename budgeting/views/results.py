"""Pages of a published result, and its downloads."""

from collections.abc import Iterator
from typing import Any

from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from home.caching import public_page
from home.face import face

from .. import explanations, exporting, recording
from ..explanations import Row
from ..insights import first_group_kind
from ..models import Count, ResultRow
from ..result_comparison import group_anchor
from ..result_pages import (
    CHART_ROWS,
    MOST_ON_PAPER,
    PER_PAGE,
    ContestResult,
    address,
)
from ..result_picture import result_picture
from ..result_steps import scene_address
from ..tally.kit_files import BALLOTS
from .opened import Opened, open_result, published_or_404, round_trail

FILE_SECONDS = 3600


@require_safe
@public_page
def result(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the result of a round: its only contest, or an overview of all of them."""
    counts = published_or_404(slug)
    if len(counts) == 1:
        return _contest_page(request, Opened(ContestResult(counts[0]), has_others=False))
    results = [ContestResult(count) for count in counts]
    round_ = results[0].round
    context = {
        "round": round_,
        "results": [(item, address(item.count)) for item in results],
        "breadcrumbs": round_trail(round_),
    }
    return render(request, "budgeting/result_overview.html", context)


@require_safe
@public_page
def result_contest(request: HttpRequest, slug: str, contest: str) -> HttpResponse:
    """Show the result of one of several contests."""
    opened = open_result(slug, contest)
    if not opened.has_others:
        return redirect(opened.url)
    return _contest_page(request, opened)


def _contest_page(request: HttpRequest, opened: Opened) -> HttpResponse:
    found = opened.found
    funded = Paginator(found.funded_rows, PER_PAGE).get_page(request.GET.get("funded"))
    others = Paginator(found.other_rows, PER_PAGE).get_page(request.GET.get("others"))
    drawn = Paginator(range(len(found.rows)), CHART_ROWS).get_page(request.GET.get("chart"))
    refused = found.first_refused
    context: dict[str, Any] = {
        "result": found,
        "chart": found.chart(max(0, drawn.start_index() - 1), drawn.end_index()),
        "chart_page": drawn,
        "refused_page": None if refused is None else refused // CHART_ROWS + 1,
        "refused_position": None if refused is None else refused + 1,
        "round": found.round,
        "contest": found.contest,
        "count": found.count,
        "several": opened.has_others,
        "funded_page": funded,
        "funded_lines": found.lines(_written(funded)),
        "others_page": others,
        "other_lines": found.lines(_written(others)),
        "steps_url": address(found.count, "result_steps"),
        "compare_url": address(found.count, "result_compare"),
        "picture_url": address(found.count, "result_picture"),
        "breadcrumbs": opened.trail(),
    }
    return render(request, "budgeting/result.html", context)


def _written(page: Page[Row]) -> list[Row]:
    """Return the rows that a page holds: all of them, for paper, unless there are too many."""
    whole = page.paginator.count <= MOST_ON_PAPER
    return list(page.paginator.object_list if whole else page.object_list)


@require_safe
@public_page
def why(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Explain why one project was funded, or not."""
    counts = published_or_404(slug)
    # None for a project that was admitted after the count.
    stored = get_object_or_404(
        ResultRow.objects.only("count", "project", "sufficing"),
        count__in=counts,
        project__number=number,
    )
    count = next(item for item in counts if item.pk == stored.count_id)
    if count.publishes_totals_only:
        raise Http404
    opened = Opened(ContestResult(count), len(counts) > 1)
    found = opened.found
    steps = enumerate(found.step_rows, start=1)
    step, row = next((at, row) for at, row in steps if row.key == stored.project_id)
    context = {
        "result": found,
        "round": found.round,
        "contest": found.contest,
        "line": found.line(row),
        "row": row,
        "decisions": [each for each in found.decisions if each.override.project_id == row.key],
        "reason_word": ResultRow.Reason(row.reason).label,
        "story": explanations.whole_story(row, found.terms, stored.sufficing),
        "result_url": opened.url,
        "steps_url": address(count, "result_steps"),
        "picture_url": address(count, "result_picture"),
        "step_url": scene_address(count, step),
        "groups_url": _groups_address(count) if row.is_funded else "",
        "explain_command": found.explain_command(row.code),
        "breadcrumbs": opened.trail((_("Why, for project %(number)s") % {"number": number}, None)),
    }
    return render(request, "budgeting/why.html", context)


def _groups_address(count: Count) -> str:
    """Say where the groups of voters are compared; empty where the source knows of none."""
    kind = first_group_kind(count)
    return f"{address(count, 'result_compare')}#{group_anchor(kind)}" if kind else ""


@require_safe
@public_page(seconds=FILE_SECONDS)
def ballots_file(request: HttpRequest, slug: str, contest: str) -> StreamingHttpResponse:
    """Send all counted ballots of a contest as a Pabulib file, as it lies in the recount kit."""
    count = published_count(slug, contest)
    file = recording.find_file(count, BALLOTS)
    if file is None:
        raise Http404
    return _attachment(
        recording.content_of(file), count, "pb", "text/plain; charset=utf-8", size=file.size
    )


@require_safe
@public_page(seconds=FILE_SECONDS)
def table_file(request: HttpRequest, slug: str, contest: str) -> StreamingHttpResponse:
    """Send the result of every project as CSV."""
    count = published_count(slug, contest)
    return _attachment(exporting.csv_pieces(count), count, "csv", "text/csv; charset=utf-8")


@require_safe
@public_page(seconds=FILE_SECONDS)
def data_file(request: HttpRequest, slug: str, contest: str) -> StreamingHttpResponse:
    """Send everything about a contest's result as JSON."""
    count = published_count(slug, contest)
    return _attachment(exporting.json_pieces(count), count, "json", "application/json")


@require_safe
@public_page(seconds=FILE_SECONDS)
def picture_file(request: HttpRequest, slug: str, contest: str) -> HttpResponse:
    """Send the picture that other sites show beside a link to this result."""
    found = open_result(slug, contest).found
    key = f"budgeting.picture.{found.count.pk}.{get_language()}.{face().theme_version}"
    picture = cache.get_or_set(key, lambda: result_picture(found, face()), FILE_SECONDS)
    return HttpResponse(picture, content_type="image/png")


def _attachment(
    pieces: Iterator[str] | Iterator[bytes],
    count: Count,
    ending: str,
    content_type: str,
    *,
    size: int | None = None,
) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=content_type)
    name = f"{count.contest.scope.round.slug}-{count.contest.slug}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def published_count(slug: str, contest: str) -> Count:
    """Return the published count of a contest that the site shows, without its outcome, or 404."""
    return get_object_or_404(
        Count.objects.filter(
            published_at__isnull=False, contest__scope__round__is_public=True
        ).select_related("contest__scope__round"),
        contest__slug=contest,
        contest__scope__round__slug=slug,
    )
