"""What pages of rounds and projects show of a published result."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from budgeting.charts import Bar
from budgeting.folding import PER_SCREEN, place_of
from budgeting.models import Delivery, Override, Project, Round
from budgeting.override_words import Decision, decision
from budgeting.result_pages import ProjectLine, project_outcome
from home.templatetags.rione import icon

register = template.Library()

_ROW = (
    '<tr{place_on_page}><th scope="row"><a href="{url}"{lang}>{title}</a> '
    '<span class="rione-meta">{number}{place}</span>{notes}</th>'
    '<td class="text-end" data-label="{cost_word}">{cost}</td>{more}</tr>'
)
_MORE = (
    '<td class="text-end" data-label="{votes_word}">{votes}</td>{effective}'
    '<td class="result-why">{sentence} <a href="{why_url}">{why_word}'
    '<span class="visually-hidden"> {title}</span></a></td>'
)
_NOTE = (
    '<span class="result-note"><span class="rione-state rione-state-info">{icon}'
    "<span>{word}</span></span></span>"
)
_EFFECTIVE = '<td class="text-end" data-label="{word}">{votes}</td>'


@register.filter
def marks(bars: Iterable[Bar]) -> SafeString:
    """Draw the bars of a chart's row: `{{ row.bars|marks }}`, inside an svg element."""
    return SafeString(
        "".join(
            f'<rect class="chart-{bar.kind}" x="{bar.x:g}%" width="{bar.width:g}%" height="100%" />'
            for bar in bars
        )
    )


@register.filter
def figure_cells(texts: Iterable[str]) -> SafeString:
    """Write figures as cells of a table's row, in line on the right."""
    return format_html_join("", '<td class="text-end">{}</td>', ((text,) for text in texts))


@register.filter
def hidden_lines(page: Page, screenful: int = PER_SCREEN) -> int:
    """Count the lines of a page that a telephone folds away."""
    return max(0, len(page) - screenful)


@register.simple_tag
def row_place(number: int, page: Page, anchor: str, screenful: int = PER_SCREEN) -> SafeString:
    """Say in attributes where a line is seen; `number` counts from 1 over all pages."""
    at = number - page.start_index()
    place = place_of(at, len(page), screenful)
    if at == screenful and place:
        return format_html(' class="{}" id="{}"', place, anchor)
    return format_html(' class="{}"', place) if place else SafeString()


@register.simple_tag
def project_rows(
    lines: Sequence[ProjectLine],
    page: Page,
    anchor: str,
    headings: Mapping[str, str],
    with_effective: bool,
) -> SafeString:
    """Write the body of a result's list. As a template it took half of the page's time.

    `lines` are those of all pages, since paper has no next page; `anchor` names the first row that
    a telephone folds away. `headings` are the words for cost, votes, effective votes, "Why?" and
    "No.", by name.
    """
    first, last = max(0, page.start_index() - 1), page.end_index()
    rows = (
        _row(line, row_place(number, page, anchor), headings, with_effective)
        for number, line in enumerate(lines[first:last], start=first + 1)
    )
    return format_html(
        "{}<tbody>{}</tbody>{}",
        _paper_rows(lines[:first], with_effective),
        SafeString("".join(rows)),
        _paper_rows(lines[last:], with_effective),
    )


def _row(
    line: ProjectLine, place_on_page: str, headings: Mapping[str, str], with_effective: bool
) -> SafeString:
    more = SafeString()
    if line.sentence:
        effective = SafeString()
        if with_effective:
            effective = format_html(
                _EFFECTIVE, word=headings["effective"], votes=line.effective_votes or "–"
            )
        more = format_html(
            _MORE,
            votes_word=headings["votes"],
            votes=line.votes,
            effective=effective,
            sentence=line.sentence,
            why_url=line.why_url,
            why_word=headings["why"],
            title=line.title,
        )
    place = format_html(", <span{}>{}</span>", line.lang, line.place) if line.place else ""
    return format_html(
        _ROW,
        place_on_page=place_on_page,
        url=line.url,
        lang=line.lang,
        title=line.title,
        number=f"{headings['number']} {line.number}",
        place=place,
        notes=format_html_join("", "{}", ((_note(each),) for each in line.decisions)),
        cost_word=headings["cost"],
        cost=line.cost or "–",
        more=more,
    )


def _paper_rows(lines: Sequence[ProjectLine], with_effective: bool) -> SafeString:
    """Write the rows of other pages, for paper only and so without links."""
    if not lines:
        return SafeString()
    rows = format_html_join(
        "",
        '<tr><th scope="row">{} <small>{}</small></th>{}</tr>',
        (
            (
                line.title,
                ", ".join(
                    filter(
                        None,
                        [str(line.number), line.place, *(each.word for each in line.decisions)],
                    )
                ),
                _paper_cells(line, with_effective),
            )
            for line in lines
        ),
    )
    return format_html('<tbody class="paper-only">{}</tbody>', rows)


def _paper_cells(line: ProjectLine, with_effective: bool) -> SafeString:
    cost = line.cost or "–"
    if not line.sentence:
        return figure_cells([cost])
    effective = [line.effective_votes or "–"] if with_effective else []
    cells = figure_cells([cost, line.votes, *effective])
    return format_html("{}<td>{}</td>", cells, line.sentence)


def _note(decision: Decision) -> SafeString:
    return format_html(_NOTE, icon=icon(decision.icon, "xs"), word=decision.word)


@register.inclusion_tag("budgeting/decisions.html")
def decisions_on(record: Project | Round) -> dict[str, Any]:
    """Show what two people decided above the rule about a project, or of a whole round's inputs.

    Changes of what is counted are public at once, notes beside a result with the result. One query
    once the vote is over, none before.
    """
    round_ = record.round if isinstance(record, Project) else record
    if round_.state in (Round.State.PREPARATION, Round.State.OPEN) or round_.is_from_elsewhere:
        return {"decisions": []}
    found = Override.objects.select_related("project", "contest", "revoked_by")
    if isinstance(record, Project):
        found = found.filter(project=record)
        if round_.state != Round.State.PUBLISHED:
            found = found.before_the_count()
    else:
        found = found.of(round_).before_the_count()
    return {
        "decisions": [decision(each, round_.currency) for each in found],
        "project": record if isinstance(record, Project) else None,
        "round": round_,
    }


@register.inclusion_tag("budgeting/project_outcome.html")
def outcome_of(project: Project) -> dict[str, Any]:
    """Say whether the project was funded and why; nothing before the result is out.

    Three queries once it is out, none before.
    """
    if project.round.state != Round.State.PUBLISHED:
        return {"outcome": None}
    return {
        "project": project,
        "round": project.round,
        "outcome": project_outcome(project),
        "is_followed": Delivery.objects.filter(project=project, is_public=True).exists(),
    }
