"""Boundaries drawn as SVG on the server: the map everybody gets, with or without JavaScript."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import shapely
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from shapely.geometry import Point, shape

from . import boundaries
from .models import CommonGood, Neighbourhood

KEPT_SECONDS = 30
_KEY = "commons.map"

WIDTH = 1000
MARGIN = 12
DETAIL = 0.8  # drawing units: what is finer is left out, since nobody would see it
TALLEST = 1400
# As map.css draws them on a phone, in drawing units.
LETTER_WIDTH = 17
LINE_HEIGHT = 36
SPOT_RADIUS = 15


@dataclass(frozen=True)
class Listed:
    """One neighbourhood in the list beside the map."""

    key: int
    name: str
    slug: str

    def get_absolute_url(self) -> str:
        return reverse("commons:neighbourhood", kwargs={"slug": self.slug})


@dataclass(frozen=True)
class Area(Listed):
    """One neighbourhood on the drawing; `path` is an SVG path, lines of the label are words."""

    path: str
    label_x: float
    label_y: float
    label_lines: Sequence[str]
    tint: int
    is_current: bool = False


@dataclass(frozen=True)
class Spot:
    """One common good on the drawing."""

    good: CommonGood
    x: float
    y: float


@dataclass(frozen=True)
class Mark:
    """A place on the drawing that has no page of its own, and the neighbourhood it lies in."""

    x: float
    y: float
    area: Area | None


@dataclass(frozen=True)
class Drawing:
    """A map: its size in drawing units, its areas, its spots, perhaps a mark."""

    width: int
    height: int
    areas: Sequence[Area]
    spots: Sequence[Spot]
    mark: Mark | None = None


@dataclass(frozen=True)
class _Sheet:
    """What every drawing has in common, and where a place is on it.

    Degrees are laid out flat around the middle latitude, which at the size of a city nobody can
    tell from a better projection.
    """

    west: float
    north: float
    squeeze: float
    scale: float
    left: float
    height: int
    areas: Sequence[Area]
    outlines: Sequence[bytes]

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return a place in drawing units."""
        return (
            round(self.left + (longitude - self.west) * self.squeeze * self.scale, 1),
            round(MARGIN + (self.north - latitude) * self.scale, 1),
        )

    def mark(self, longitude: float, latitude: float) -> Mark | None:
        """Return the mark of a place, or None where it lies outside the drawing."""
        x, y = self.place(longitude, latitude)
        if not (self.left <= x <= WIDTH - self.left and MARGIN <= y <= self.height - MARGIN):
            return None
        inside = shapely.covers(shapely.from_wkb(self.outlines), Point(longitude, latitude))
        areas = (area for area, covers in zip(self.areas, inside, strict=True) if covers)
        return Mark(x, y, next(areas, None))


def listed() -> Sequence[Listed]:
    """Return all the neighbourhoods, on the map or not, in their order; queries as `draw`."""
    return _kept()[0]


def draw(
    goods: Iterable[CommonGood] = (),
    *,
    current: Neighbourhood | None = None,
    mark: tuple[Decimal, Decimal] | None = None,
) -> Drawing | None:
    """Return the map of the neighbourhoods that have a boundary, or None when none has.

    `mark` is the latitude and longitude of a place to mark; outside the map it is left out. One
    query, none while the map is kept.
    """
    _listed, sheet = _kept()
    if sheet is None:
        return None
    spots = [
        Spot(good, *sheet.place(float(good.longitude), float(good.latitude)))
        for good in goods
        if isinstance(good.longitude, Decimal) and isinstance(good.latitude, Decimal)
    ]
    marked = sheet.mark(float(mark[1]), float(mark[0])) if mark is not None else None
    shown: list[Spot | Mark] = [*spots, marked] if marked else [*spots]
    areas = [
        _in_the_middle(area, shown) if current is not None and area.key == current.pk else area
        for area in sheet.areas
    ]
    return Drawing(WIDTH, sheet.height, areas, spots, marked)


def forget_map(**_: Any) -> None:
    """Draw the map anew at the next page; connected to what it is made of.

    Once more after the commit, since others may have drawn it from the old rows meanwhile.
    """
    cache.delete(_KEY)
    transaction.on_commit(lambda: cache.delete(_KEY))


def _kept() -> tuple[Sequence[Listed], _Sheet | None]:
    """Return the list and the sheet: boundaries hardly change, and take longest to draw.

    Another process may show a change up to `KEPT_SECONDS` later; this one shows it at once.
    """
    kept: tuple[Sequence[Listed], _Sheet | None] | None = cache.get(_KEY)
    if kept is None:
        every = list(Neighbourhood.objects.only("name", "slug", "boundary"))
        kept = [Listed(**_named(each)) for each in every], _draw_sheet(every)
        cache.set(_KEY, kept, KEPT_SECONDS)
    return kept


def _named(neighbourhood: Neighbourhood) -> dict[str, Any]:
    return {"key": neighbourhood.pk, "name": neighbourhood.name, "slug": neighbourhood.slug}


def _draw_sheet(every: Iterable[Neighbourhood]) -> _Sheet | None:
    neighbourhoods = [each for each in every if each.boundary]
    if not neighbourhoods:
        return None
    shapes = [shape(neighbourhood.boundary) for neighbourhood in neighbourhoods]
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    squeeze = math.cos(math.radians((south + north) / 2)) or 1.0
    wide, tall = (east - west) * squeeze, north - south
    scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / tall)
    sheet = _Sheet(
        west=west,
        north=north,
        squeeze=squeeze,
        scale=scale,
        left=(WIDTH - wide * scale) / 2,
        height=math.ceil(tall * scale + 2 * MARGIN),
        areas=(),
        outlines=tuple(shapely.to_wkb(shapes)),
    )
    areas = [
        _area(sheet, neighbourhood, outline.simplify(DETAIL / scale), tint=number % 6 + 1)
        for number, (neighbourhood, outline) in enumerate(zip(neighbourhoods, shapes, strict=True))
    ]
    return replace(sheet, areas=areas)


def _area(sheet: _Sheet, neighbourhood: Neighbourhood, outline: Any, *, tint: int) -> Area:
    rings = [
        ring
        for part in getattr(outline, "geoms", [outline])
        for ring in (part.exterior, *part.interiors)
    ]
    label_x, label_y = sheet.place(*boundaries.centre_of(outline))
    return Area(
        **_named(neighbourhood),
        path="".join(
            "M"
            + "L".join(f"{x:g} {y:g}" for x, y in (sheet.place(*p[:2]) for p in ring.coords))
            + "Z"
            for ring in rings
        ),
        label_x=label_x,
        label_y=label_y,
        label_lines=neighbourhood.name.split(),
        tint=tint,
    )


def _in_the_middle(area: Area, shown: Iterable[Spot | Mark]) -> Area:
    """Return the area the page is about: its name gives way to a spot, since the page says it."""
    hidden = any(_covers(spot, area) for spot in shown)
    return replace(area, is_current=True, label_lines=() if hidden else area.label_lines)


def _covers(spot: Spot | Mark, area: Area) -> bool:
    """Whether a spot lies on the label of an area, as large as it is on a phone."""
    wide = max(map(len, area.label_lines)) * LETTER_WIDTH / 2
    tall = len(area.label_lines) * LINE_HEIGHT / 2
    return (
        abs(spot.x - area.label_x) < wide + SPOT_RADIUS
        and abs(spot.y - area.label_y) < tall + SPOT_RADIUS
    )
