"""Where the marks of a result's chart stand. Pages draw them as SVG.

The tables below say the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .explanations import Row

WIDTH = 640
HEIGHT = 280
SQUARE = 14
TOP = 24
"""Room above the highest mark, where the budget's line has its label."""


@dataclass(frozen=True)
class Column:
    """One project's votes: a column from the ground up."""

    x: float
    y: float
    width: float
    height: float
    funded: bool


@dataclass(frozen=True)
class VotesChart:
    """Projects from the most voted, and the share of the budget spent as the count goes on."""

    columns: tuple[Column, ...]
    spent: str
    width: int = WIDTH
    height: int = HEIGHT
    budget_y: int = TOP


@dataclass(frozen=True)
class Dot:
    """One project by how many chose it and what it costs."""

    x: float
    y: float
    left: float
    top: float
    funded: bool


@dataclass(frozen=True)
class SupportChart:
    """Projects by supporters (to the right) and cost (upwards)."""

    dots: tuple[Dot, ...]
    width: int = WIDTH
    height: int = HEIGHT


def votes_chart(rows: Sequence[Row], budget: int) -> VotesChart:
    """Draw votes as columns, most voted first, with the money spent so far as a line.

    The top line is the whole budget; the line of spending touches it when nothing is left.
    """
    ordered = sorted(rows, key=lambda row: (row.place, row.order_funded or 0, row.number))
    room = HEIGHT - TOP
    most = max([1, *(row.votes for row in ordered)])
    step = WIDTH / max(1, len(ordered))
    columns, points, spent = [], [(0.0, float(HEIGHT))], 0
    for index, row in enumerate(ordered):
        height = room * max(0, row.votes) / most
        left = index * step
        columns.append(
            Column(
                round(left + step * 0.1, 1),
                round(HEIGHT - height, 1),
                round(step * 0.8, 1),
                round(height, 1),
                row.is_funded,
            )
        )
        if row.is_funded:
            spent += row.cost
        level = HEIGHT - room * min(1.0, spent / budget)
        points += [(left + step / 2, points[-1][1]), (left + step / 2, level)]
    points.append((float(WIDTH), points[-1][1]))
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return VotesChart(tuple(columns), line)


def support_chart(rows: Sequence[Row]) -> SupportChart:
    """Draw each project at its supporters and its cost."""
    margin = 14
    most = max([1, *(row.supporters for row in rows)])
    dearest = max([1, *(row.cost for row in rows if row.reason != "withdrawn")])
    dots = []
    for row in rows:
        if row.reason != "withdrawn":
            x = round(margin + (WIDTH - 2 * margin) * row.supporters / most, 1)
            y = round(HEIGHT - margin - (HEIGHT - 2 * margin) * row.cost / dearest, 1)
            dots.append(Dot(x, y, x - SQUARE / 2, y - SQUARE / 2, row.is_funded))
    return SupportChart(tuple(dots))
