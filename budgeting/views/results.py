"""Pages of a published result, and its downloads."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from home.caching import public_page

from .. import explanations, exporting
from ..models import Count, Project, ResultRow, Round
from ..result_pages import (
    CHART_ROWS,
    PER_PAGE,
    ContestResult,
    address,
    public_round,
    published_counts,
)

FILE_SECONDS = 3600


@require_safe
@public_page
def result(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the result of a round: its only contest, or an overview of all of them."""
    round_ = public_round(slug)
    counts = _published(round_)
    if len(counts) == 1:
        return _contest_page(request, ContestResult(counts[0]), counts)
    results = [ContestResult(count) for count in counts]
    context = {
        "round": round_,
        "results": [(item, address(item.count)) for item in results],
        "breadcrumbs": _trail(round_),
    }
    return render(request, "budgeting/result_overview.html", context)


@require_safe
@public_page
def result_contest(request: HttpRequest, slug: str, contest: str) -> HttpResponse:
    """Show the result of one of several contests."""
    round_ = public_round(slug)
    counts = _published(round_)
    if len(counts) == 1 and counts[0].contest.slug == contest:
        return redirect(_result_address(round_))
    return _contest_page(request, ContestResult(_pick(counts, contest)), counts)


def _contest_page(request: HttpRequest, found: ContestResult, counts: list[Count]) -> HttpResponse:
    funded = Paginator(found.funded_rows, PER_PAGE).get_page(request.GET.get("funded"))
    others = Paginator(found.other_rows, PER_PAGE).get_page(request.GET.get("others"))
    drawn = Paginator(range(len(found.rows)), CHART_ROWS).get_page(request.GET.get("chart"))
    several = len(counts) > 1
    context: dict[str, Any] = {
        "result": found,
        "chart": found.chart(max(0, drawn.start_index() - 1), drawn.end_index()),
        "chart_page": drawn,
        "round": found.round,
        "contest": found.contest,
        "count": found.count,
        "several": several,
        "funded_page": funded,
        "funded_lines": found.lines(funded.object_list),
        "others_page": others,
        "other_lines": found.lines(others.object_list),
        "steps_url": address(found.count, "result_steps"),
        "breadcrumbs": _trail(found.round, found if several else None),
    }
    return render(request, "budgeting/result.html", context)


@require_safe
@public_page
def result_steps(request: HttpRequest, slug: str, contest: str) -> HttpResponse:
    """Show the count step by step."""
    round_ = public_round(slug)
    counts = _published(round_)
    found = ContestResult(_pick(counts, contest))
    if found.publishes_totals_only:
        raise Http404
    page = Paginator(found.step_rows, PER_PAGE).get_page(request.GET.get("page"))
    several = len(counts) > 1
    context = {
        "result": found,
        "round": round_,
        "contest": found.contest,
        "page_obj": page,
        "steps": found.steps(list(page.object_list)),
        "result_url": address(found.count) if several else _result_address(round_),
        "breadcrumbs": _trail(round_, found if several else None, (_("Step by step"), None)),
    }
    return render(request, "budgeting/result_steps.html", context)


@require_safe
@public_page
def why(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Explain why one project was funded, or not."""
    round_ = public_round(slug)
    counts = _published(round_)
    project = get_object_or_404(Project, round=round_, number=number)
    count = next((item for item in counts if item.contest_id == project.contest_id), None)
    if count is None or count.publishes_totals_only:
        raise Http404
    found = ContestResult(count)
    row = next((row for row in found.rows if row.number == number), None)
    if row is None:  # admitted after the count
        raise Http404
    several = len(counts) > 1
    context = {
        "result": found,
        "round": round_,
        "contest": found.contest,
        "line": found.line(row),
        "row": row,
        "reason_word": ResultRow.Reason(row.reason).label,
        "answer": explanations.short_answer(row),
        "sentences": explanations.why_sentences(row, found.terms),
        "result_url": address(count) if several else _result_address(round_),
        "steps_url": address(count, "result_steps"),
        "breadcrumbs": _trail(
            round_,
            found if several else None,
            (_("Why, for project %(number)s") % {"number": number}, None),
        ),
    }
    return render(request, "budgeting/why.html", context)


@require_safe
@public_page(seconds=FILE_SECONDS)
def ballots_file(request: HttpRequest, slug: str, contest: str) -> StreamingHttpResponse:
    """Send all counted ballots of a contest as a Pabulib file."""
    count = _published_count(slug, contest)
    if count.publishes_totals_only:
        raise Http404
    return _attachment(exporting.pabulib_pieces(count), count, "pb", "text/plain; charset=utf-8")


@require_safe
@public_page(seconds=FILE_SECONDS)
def table_file(request: HttpRequest, slug: str, contest: str) -> StreamingHttpResponse:
    """Send the result of every project as CSV."""
    count = _published_count(slug, contest)
    return _attachment(exporting.csv_pieces(count), count, "csv", "text/csv; charset=utf-8")


@require_safe
@public_page(seconds=FILE_SECONDS)
def data_file(request: HttpRequest, slug: str, contest: str) -> StreamingHttpResponse:
    """Send everything about a contest's result as JSON."""
    count = _published_count(slug, contest)
    return _attachment(exporting.json_pieces(count), count, "json", "application/json")


def _attachment(
    pieces: Iterator[str], count: Count, ending: str, content_type: str
) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=content_type)
    name = f"{count.contest.scope.round.slug}-{count.contest.slug}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _published(round_: Round) -> list[Count]:
    counts = published_counts(round_)
    if not counts:
        raise Http404
    return counts


def _pick(counts: list[Count], contest: str) -> Count:
    for count in counts:
        if count.contest.slug == contest:
            return count
    raise Http404


def _published_count(slug: str, contest: str) -> Count:
    return get_object_or_404(
        Count.objects.filter(
            published_at__isnull=False, contest__scope__round__is_public=True
        ).select_related("contest__scope__round"),
        contest__slug=contest,
        contest__scope__round__slug=slug,
    )


def _result_address(round_: Round) -> str:
    return reverse("budgeting:result", kwargs={"slug": round_.slug})


def _trail(
    round_: Round, found: ContestResult | None = None, last: tuple[str, None] | None = None
) -> list[tuple[str, str | None]]:
    """List where the reader is: home, round, result, contest, this page."""
    trail: list[tuple[str, str | None]] = [
        (_("Home"), f"/{get_language()}/"),
        (str(round_), round_.get_absolute_url()),
        (_("Result"), _result_address(round_)),
    ]
    if found is not None:
        trail.append((str(found.contest), address(found.count)))
    if last is not None:
        trail.append(last)
    return trail
