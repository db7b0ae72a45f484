"""Axes, bars and rows of a result's charts, of which a page has so many that templates are slow.

Whatever people wrote goes through `escape`; what does not is a number, an address of ours or
markup.
"""

from collections.abc import Iterable, Sequence
from html import escape

from django import template
from django.core.paginator import Page
from django.utils.safestring import SafeString

from budgeting.charts import Bar, Tick
from budgeting.folding import BARS_PER_SCREEN
from budgeting.result_charts import ChartRow
from budgeting.result_comparison import BarLine
from home.templatetags.rione import icon

register = template.Library()


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
def tick_lines(ticks: Iterable[Tick]) -> SafeString:
    """Draw the lines that cross a chart at the marks of its axis, inside an svg element."""
    return SafeString(
        "".join(f'<line x1="{tick.at:g}%" x2="{tick.at:g}%" y1="0" y2="100%" />' for tick in ticks)
    )


@register.filter
def tick_labels(ticks: Iterable[Tick], y: int) -> SafeString:
    """Write the figures of an axis at a height of `y` pixels, inside an svg element."""
    return SafeString("".join(_tick_label(tick, y) for tick in ticks))


def _tick_label(tick: Tick, y: int) -> str:
    minor = ' class="chart-minor"' if tick.is_minor else ""
    return (
        f'<text{minor} x="{tick.at:g}%" y="{y}" text-anchor="{tick.anchor}">'
        f"{escape(tick.label)}</text>"
    )


@register.filter
def figure_cells(texts: Iterable[str]) -> SafeString:
    """Write figures as cells of a table's row, in line on the right."""
    return SafeString("".join(f'<td class="text-end">{escape(text)}</td>' for text in texts))


@register.filter
def figure_rows(rows: Iterable[Sequence[str]]) -> SafeString:
    """Write rows of a table, the first cell of each as its heading."""
    return SafeString(
        "".join(
            f'<tr><th scope="row">{escape(row[0])}</th>{figure_cells(row[1:])}</tr>' for row in rows
        )
    )


@register.filter
def bar_lines(lines: Iterable[BarLine]) -> SafeString:
    """Write what each rule gives as lines of a list: its name, its figure, its bar."""
    return SafeString(
        "".join(
            '<li class="chart-row"><div class="chart-words">'
            f'<p>{escape(line.label)}</p><p class="chart-figures">{escape(line.figure)}</p></div>'
            f"{_drawn(line.bars)}</li>"
            for line in lines
        )
    )


@register.simple_tag
def chart_rows(rows: Sequence[ChartRow], refused_position: int | None) -> SafeString:
    """Write the rows of a result's chart; the one at `refused_position` can be led to."""
    return SafeString(
        "".join(
            _chart_row(row, at, is_refused=row.position == refused_position)
            for at, row in enumerate(rows)
        )
    )


def _chart_row(row: ChartRow, at: int, *, is_refused: bool) -> str:
    line = row.line
    is_funded = line.row.is_funded
    funded = " chart-row-funded" if is_funded else ""
    folded = " fold" if at >= BARS_PER_SCREEN else ""
    anchor = ' id="more-chart"' if at == BARS_PER_SCREEN else ""
    refused = ' id="refused"' if is_refused else ""
    mark = icon("it-check-circle" if is_funded else "it-close-circle", "xs")
    return (
        f'<li class="chart-row{funded}{folded}"{anchor}><div class="chart-words"{refused}>'
        f'<p><span class="chart-position" aria-hidden="true">{row.position}</span>'
        f'<a href="{escape(line.why_url)}"{line.lang}>{escape(line.title)}</a></p>'
        f'<p class="chart-facts"><span>{escape(row.figures)}</span> '
        f'<span class="chart-state">{mark}{escape(row.state)}</span></p></div>'
        f"{_drawn(row.bars)}</li>"
    )


@register.filter
def chart_table_rows(rows: Iterable[ChartRow]) -> SafeString:
    """Write the rows of the table that equals a result's chart."""
    return SafeString(
        "".join(
            f'<tr><th scope="row"{row.line.lang}>{escape(row.line.title)}</th>'
            f"{figure_cells(row.cells[:-1])}<td>{escape(row.cells[-1])}</td></tr>"
            for row in rows
        )
    )


@register.filter
def hidden_chart_rows(page: Page) -> int:
    """Count the rows of a page of a chart that a telephone folds away."""
    return max(0, len(page) - BARS_PER_SCREEN)


def _drawn(bars: Iterable[Bar]) -> str:
    return f'<svg class="chart-bars" aria-hidden="true" focusable="false">{marks(bars)}</svg>'
