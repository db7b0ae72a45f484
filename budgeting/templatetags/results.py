"""What pages of rounds and projects show of a published result."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from budgeting.charts import Bar
from budgeting.models import Delivery, Project, Round
from budgeting.result_pages import ProjectLine, project_outcome

register = template.Library()

_ROW = (
    '<tr><th scope="row"><a href="{url}"{lang}>{title}</a> <span class="rione-meta">{number}'
    "{place}</span></th>"
    '<td class="text-end" data-label="{cost_word}">{cost}</td>{more}</tr>'
)
_MORE = (
    '<td class="text-end" data-label="{votes_word}">{votes}</td>{effective}'
    '<td class="result-why">{sentence} <a href="{why_url}">{why_word}'
    '<span class="visually-hidden"> {title}</span></a></td>'
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


@register.simple_tag
def project_rows(
    lines: Iterable[ProjectLine], headings: Mapping[str, str], with_effective: bool
) -> SafeString:
    """Write the rows of a result's list. As a template they took half of the page's time.

    `headings` are the words for cost, votes, effective votes, "Why?" and "No.", by name.
    """
    rows = []
    for line in lines:
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
        rows.append(
            format_html(
                _ROW,
                url=line.url,
                lang=line.lang,
                title=line.title,
                number=f"{headings['number']} {line.number}",
                place=place,
                cost_word=headings["cost"],
                cost=line.cost or "–",
                more=more,
            )
        )
    return SafeString("".join(rows))


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
