"""Rows and drawings of simulations, of which a page has so many that templates would be slow.

Every text goes through `escape`; what does not is a number or markup.
"""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString

from budgeting.simulator.pages import Line, MoneyCell, MoneyLine, ProjectChange, Segment

register = template.Library()


@register.filter
def figure_lines(lines: Iterable[Line]) -> SafeString:
    """Write rows of a table: what each scenario says of one figure."""
    return SafeString("".join(_figure_line(line) for line in lines))


def _figure_line(line: Line) -> str:
    help = f'<span class="sim-help">{escape(line.help)}</span>' if line.help else ""
    cells = "".join(
        f'<td data-label="{escape(cell.heading)}">{escape(cell.text)}</td>' for cell in line.cells
    )
    return f'<tr><th scope="row">{escape(line.label)}{help}</th>{cells}</tr>'


@register.filter
def money_lines(lines: Iterable[MoneyLine]) -> SafeString:
    """Write rows of a table: the money of one place or theme under each scenario, with its bar."""
    return SafeString("".join(_money_line(line) for line in lines))


def _money_line(line: MoneyLine) -> str:
    cells = "".join(_money_cell(cell) for cell in line.cells)
    return f'<tr><th scope="row">{escape(line.name)}</th>{cells}</tr>'


def _money_cell(cell: MoneyCell) -> str:
    return (
        f'<td data-label="{escape(cell.heading)}">{escape(cell.amount)} '
        f'<span class="sim-help">{escape(cell.funded)}</span>'
        '<svg class="sim-money" viewBox="0 0 600 10" preserveAspectRatio="none" '
        'aria-hidden="true" focusable="false">'
        f'<rect x="0" y="0" width="{cell.width:g}" height="10" /></svg></td>'
    )


@register.simple_tag
def project_changes(projects: Iterable[ProjectChange], mark: str, language: str) -> SafeString:
    """Write the projects gained or lost as lines of a list, their names in `language` if given."""
    lang = f' lang="{escape(language)}"' if language else ""
    return SafeString(
        "".join(
            f'<li><span aria-hidden="true" class="sim-mark">{escape(mark)}</span> '
            f"<span{lang}>{escape(project.name)}</span> "
            f'<span class="sim-help">{escape(project.figures)}</span></li>'
            for project in projects
        )
    )


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
