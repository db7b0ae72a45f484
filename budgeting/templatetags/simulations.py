"""Rows and drawings of simulations, of which a page has so many that templates would be slow."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from budgeting.simulator.pages import Line, MoneyLine, ProjectChange, Segment

register = template.Library()

_CHANGE = (
    '<li><span aria-hidden="true" class="sim-mark">{}</span> <span{}>{}</span> '
    '<span class="sim-help">{}</span></li>'
)
_MONEY_CELL = (
    '<td data-label="{}">{} <span class="sim-help">{}</span>'
    '<svg class="sim-money" viewBox="0 0 600 10" preserveAspectRatio="none" aria-hidden="true" '
    'focusable="false"><rect x="0" y="0" width="{}" height="10" /></svg></td>'
)


@register.filter
def figure_lines(lines: Iterable[Line]) -> SafeString:
    """Write rows of a table: what each scenario says of one figure."""
    return format_html_join("", "<tr>{}{}</tr>", ((_heading(line), _cells(line)) for line in lines))


def _heading(line: Line) -> SafeString:
    help = format_html('<span class="sim-help">{}</span>', line.help) if line.help else ""
    return format_html('<th scope="row">{}{}</th>', line.label, help)


def _cells(line: Line) -> SafeString:
    cells = ((cell.heading, cell.text) for cell in line.cells)
    return format_html_join("", '<td data-label="{}">{}</td>', cells)


@register.filter
def money_lines(lines: Iterable[MoneyLine]) -> SafeString:
    """Write rows of a table: the money of one place or theme under each scenario, with its bar."""
    return format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        ((line.name, _money_cells(line)) for line in lines),
    )


def _money_cells(line: MoneyLine) -> SafeString:
    cells = ((cell.heading, cell.amount, cell.funded, f"{cell.width:g}") for cell in line.cells)
    return format_html_join("", _MONEY_CELL, cells)


@register.simple_tag
def project_changes(projects: Iterable[ProjectChange], mark: str, language: str) -> SafeString:
    """Write the projects gained or lost as lines of a list, their names in `language` if given."""
    lang = format_html(' lang="{}"', language) if language else ""
    lines = ((mark, lang, project.name, project.figures) for project in projects)
    return format_html_join("", _CHANGE, lines)


@register.filter
def voter_parts(segments: Iterable[Segment]) -> SafeString:
    """Draw the parts of a bar of voters, inside an svg element."""
    return SafeString(
        "".join(
            f'<rect class="sim-part-{part.kind}" x="{part.x:g}" y="1" width="{part.width:g}" '
            'height="38" />'
            for part in segments
        )
    )
