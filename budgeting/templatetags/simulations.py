"""Rows and drawings of simulations, of which a page has so many that templates would be slow."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from budgeting.simulator.pages import Line, Segment

register = template.Library()


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
def voter_parts(segments: Iterable[Segment]) -> SafeString:
    """Draw the parts of a bar of voters, inside an svg element."""
    return SafeString(
        "".join(
            f'<rect class="sim-part-{part.kind}" x="{part.x:g}" y="1" width="{part.width:g}" '
            'height="38" />'
            for part in segments
        )
    )
