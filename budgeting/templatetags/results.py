"""What pages of rounds and projects show of a published result."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils.html import format_html
from django.utils.safestring import SafeString

from budgeting.folding import PER_SCREEN, place_of
from budgeting.models import Override, Project, Round
from budgeting.override_words import Decision, decision
from budgeting.result_comparison import Change, Mark
from budgeting.result_pages import MOST_ON_PAPER, ProjectLine, Step, project_outcome
from home.templatetags.rione import icon

from .charts import figure_cells

register = template.Library()

_NOTE = (
    '<span class="result-note"><span class="rione-state rione-state-info">{icon}'
    "<span>{word}</span></span></span>"
)


@register.filter
def hidden_lines(page: Page) -> int:
    """Count the lines of a page that a telephone folds away."""
    return max(0, len(page) - PER_SCREEN)


@register.filter
def is_long(number: int) -> bool:
    """Say whether a list of so many lines is too long to be printed from one of its pages."""
    return number > MOST_ON_PAPER


@register.simple_tag
def project_rows(
    lines: Sequence[ProjectLine],
    page: Page,
    anchor: str,
    headings: Mapping[str, str],
    with_effective: bool,
) -> SafeString:
    """Write the body of a result's list. As a template it took half of the page's time.

    `lines` are those of all pages, since paper has no next page, or of the page on the screen
    where the list is too long for paper; `anchor` names the first row that
    a telephone folds away. `headings` are the words for cost, votes, effective votes, "Why?" and
    "No.", by name.
    """
    first, last = max(0, page.start_index() - 1), page.end_index()
    before: Sequence[ProjectLine] = ()
    shown, after = lines, before
    if not is_long(page.paginator.count):
        before, shown, after = lines[:first], lines[first:last], lines[last:]
    words = {name: escape(word) for name, word in headings.items()}
    rows = "".join(
        _row(line, _place(at, len(shown), anchor), words, with_effective)
        for at, line in enumerate(shown)
    )
    return SafeString(
        f"{_paper_rows(before, with_effective)}<tbody>{rows}</tbody>"
        f"{_paper_rows(after, with_effective)}"
    )


def _place(at: int, shown: int, anchor: str) -> str:
    """Say in attributes where a line is seen; `at` counts from 0 at the page's first line."""
    place = place_of(at, shown)
    if not place:
        return ""
    return f' class="{place}" id="{escape(anchor)}"' if at == PER_SCREEN else f' class="{place}"'


# Whatever people wrote goes through `escape` below, and so do sentences, which name projects; what
# does not is a number, an address of ours or markup.
def _row(
    line: ProjectLine, place_on_page: str, words: Mapping[str, str], with_effective: bool
) -> str:
    title, cost = escape(line.title), escape(line.cost or "–")
    place = f", <span{line.lang}>{escape(line.place)}</span>" if line.place else ""
    more = ""
    if line.sentence:
        effective = ""
        if with_effective:
            votes = escape(line.effective_votes or "–")
            effective = f'<td class="text-end" data-label="{words["effective"]}">{votes}</td>'
        more = (
            f'<td class="text-end" data-label="{words["votes"]}">{escape(line.votes)}</td>'
            f'{effective}<td class="result-why">{escape(line.sentence)} '
            f'<a href="{escape(line.why_url)}">{words["why"]}'
            f'<span class="visually-hidden"> {title}</span></a></td>'
        )
    notes = "".join(_note(each) for each in line.decisions)
    return (
        f'<tr{place_on_page}><th scope="row"><a href="{escape(line.url)}"{line.lang}>{title}</a> '
        f'<span class="rione-meta">{words["number"]} {line.number}{place}</span>{notes}</th>'
        f'<td class="text-end" data-label="{words["cost"]}">{cost}</td>{more}</tr>'
    )


def _paper_rows(lines: Sequence[ProjectLine], with_effective: bool) -> str:
    """Write the rows of other pages, for paper only and so without links."""
    if not lines:
        return ""
    rows = "".join(_paper_row(line, with_effective) for line in lines)
    return f'<tbody class="paper-only">{rows}</tbody>'


def _paper_row(line: ProjectLine, with_effective: bool) -> str:
    facts = [str(line.number), line.place, *(each.word for each in line.decisions)]
    where = ", ".join(filter(None, facts))
    figures = [line.cost or "–"]
    if line.sentence:
        figures.append(line.votes)
        if with_effective:
            figures.append(line.effective_votes or "–")
    sentence = f"<td>{escape(line.sentence)}</td>" if line.sentence else ""
    return (
        f'<tr><th scope="row">{escape(line.title)} <small>{escape(where)}</small></th>'
        f"{figure_cells(figures)}{sentence}</tr>"
    )


@register.simple_tag
def step_rows(steps: Iterable[Step], page: Page) -> SafeString:
    """Write the steps of a count as lines of a list; those of other pages are for paper only."""
    first, last = page.start_index(), page.end_index()
    return SafeString(
        "".join(_step_row(step, is_shown=first <= step.number <= last) for step in steps)
    )


def _step_row(step: Step, *, is_shown: bool) -> str:
    line = step.line
    place = "" if is_shown else ' class="paper-only"'
    mark = _mark(is_funded=line.row.is_funded)
    text = escape(" ".join(filter(None, (step.text, step.tie))))
    return (
        f'<li value="{step.number}" id="project-{line.number}"{place}>'
        f'<p class="result-step-title">{mark}'
        f'<a href="{step.number}/"{line.lang}>{escape(line.title)}</a></p><p>{text}</p></li>'
    )


@register.simple_tag
def change_rows(
    changes: Iterable[Change], page: Page, anchor: str, headings: Mapping[str, str]
) -> SafeString:
    """Write the projects on which rules differ as rows, with a cell for each rule.

    `changes` are those of all pages, since paper has no next page.
    """
    words = {name: escape(word) for name, word in headings.items()}
    first, shown = page.start_index() - 1, len(page)
    rows = (
        _change_row(change, _place(at - first, shown, anchor), words)
        for at, change in enumerate(changes)
    )
    return SafeString("".join(rows))


def _change_row(change: Change, place: str, words: Mapping[str, str]) -> str:
    line = change.line
    return (
        f'<tr{place}><th scope="row">'
        f'<a href="{escape(line.why_url)}"{line.lang}>{escape(line.title)}</a></th>'
        f'<td class="text-end" data-label="{words["votes"]}">{escape(line.votes)}</td>'
        f'<td class="text-end" data-label="{words["cost"]}">{escape(line.cost)}</td>'
        f"{''.join(_rule_cell(mark, words) for mark in change.marks)}</tr>"
    )


def _rule_cell(mark: Mark, words: Mapping[str, str]) -> str:
    style = ' class="compare-yes"' if mark.is_funded else ""
    word = words["funded" if mark.is_funded else "not funded"]
    name = escape(mark.name)
    return f'<td data-label="{name}"{style}>{_mark(is_funded=mark.is_funded)} {word}</td>'


def _mark(*, is_funded: bool) -> SafeString:
    if is_funded:
        return icon("it-check-circle", "xs", colour="success")
    return icon("it-close-circle", "xs")


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
    found = Override.objects.select_related("revoked_by")
    if isinstance(record, Project):
        found = found.filter(project=record)
        if round_.state != Round.State.PUBLISHED:
            found = found.before_the_count()
        for override in found:
            override.project = record
    else:
        found = found.of(round_).before_the_count().select_related("project", "contest")
    return {
        "decisions": [decision(each, round_.currency) for each in found],
        "project": record if isinstance(record, Project) else None,
        "round": round_,
    }


@register.inclusion_tag("budgeting/project_outcome.html")
def outcome_of(project: Project) -> dict[str, Any]:
    """Say whether the project was funded and why; nothing before the result is out.

    Two queries once the result is out, none before.
    """
    if project.round.state != Round.State.PUBLISHED:
        return {"outcome": None}
    return {
        "project": project,
        "round": project.round,
        "outcome": project_outcome(project),
    }
