"""Where the marks of a result's charts stand, in percent of the width. Words are not written here.

Positions are in percent so that a chart fills a telephone and a sheet of paper alike, and its
letters keep their size.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

STEPS = (1, 2, 2.5, 5, 10)
INTERVALS = 4
"""About so many parts between the marks of an axis."""

BEYOND = 1.2
"""How far the axis of money goes beyond the budget where something did not fit."""

THINNEST = 0.6
"""Percent of the width below which a bar would not be seen."""

LABEL_ROOM = 14.0
"""Percent of the width that the label of a mark needs."""


@dataclass(frozen=True)
class Bar:
    """A piece of a row: from where, how long (percent of the width), and what it stands for."""

    x: float
    width: float
    kind: str


@dataclass(frozen=True)
class Tick:
    """A mark of an axis with its figure. Minor ones are left out where there is little room."""

    at: float
    label: str
    anchor: str
    is_minor: bool

    @property
    def from_top(self) -> float:
        """Place the mark on an upright axis."""
        return round(100 - self.at, 2)


@dataclass(frozen=True)
class Scale:
    """An axis from nothing to `top`."""

    top: float

    def at(self, value: float) -> float:
        """Place a value, in percent of the width; what is beyond the axis stands at its end."""
        return round(max(0.0, min(100.0, 100 * value / self.top)), 2)

    def bar(self, start: float, end: float, kind: str) -> Bar:
        """Draw from one value to another; even the smallest amount is seen."""
        x = min(self.at(start), 100 - THINNEST)
        return Bar(round(x, 2), round(max(THINNEST, self.at(end) - x), 2), kind)


def round_step(top: float, smallest: int = 1) -> float:
    """Return a round distance between marks, so that about four reach the top of an axis."""
    wanted = max(top, smallest) / INTERVALS
    power = 10 ** floor(log10(wanted))
    step = next(each * power for each in STEPS if each * power >= wanted)
    return max(step, float(smallest))


def scale_up_to(most: float, smallest: int = 1) -> Scale:
    """Return an axis that ends at the round value above `most`."""
    step = round_step(most, smallest)
    return Scale(step * max(1, ceil(most / step)))


def ticks(
    scale: Scale, label: Callable[[int], str], *, up_to: float | None = None, smallest: int = 1
) -> tuple[Tick, ...]:
    """Mark an axis with round figures from nothing up to its end, or to `up_to`.

    Where the axis goes on beyond `up_to` that value has a mark of its own, so figures close to it
    are left out.
    """
    end = scale.top if up_to is None else up_to
    step = round_step(end, smallest)
    found = []
    for number in range(floor(end / step + 1e-9) + 1):
        at = scale.at(number * step)
        if up_to is None or at <= scale.at(up_to) - LABEL_ROOM:
            anchor = (
                "start" if at < LABEL_ROOM / 2 else "end" if at > 100 - LABEL_ROOM else "middle"
            )
            found.append(Tick(at, label(round(number * step)), anchor, bool(number % 2)))
    return tuple(found)


@dataclass(frozen=True)
class Line:
    """A falling line in a frame of 100 by 100, its axis and the places of its two ends.

    `points` are the corners for a polyline, `area` those of the surface below it.
    """

    points: str
    area: str
    ticks: tuple[Tick, ...]


def falling_line(
    values: Sequence[float], scale: Scale, label: Callable[[int], str], *, smallest: int = 1
) -> Line:
    """Draw what is left after each step, from the first value to the last, as a stair."""
    steps = max(1, len(values) - 1)
    corners: list[tuple[float, float]] = []
    for index, value in enumerate(values):
        x, y = 100 * index / steps, 100 - scale.at(value)
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, y))
    points = " ".join(f"{x:.2f},{y:.2f}" for x, y in corners)
    return Line(points, f"0,100 {points} 100,100", ticks(scale, label, smallest=smallest))


def most(values: Iterable[float]) -> float:
    """Return the largest value, at least one."""
    return max([1.0, *values])
