"""Boundaries drawn as SVG on the server: the map everybody gets, with or without JavaScript."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import QuerySet
from shapely.geometry import Point, shape

from . import boundaries
from .models import CommonGood, Neighbourhood

WIDTH = 1000
MARGIN = 12
DETAIL = 0.8  # drawing units: what is finer is left out, since nobody would see it
TALLEST = 1400
# As map.css draws them on a phone, in drawing units.
LETTER_WIDTH = 17
LINE_HEIGHT = 36
SPOT_RADIUS = 15


@dataclass(frozen=True)
class Area:
    """One neighbourhood on the drawing; `path` is an SVG path, lines of the label are words."""

    neighbourhood: Neighbourhood
    path: str
    label_x: float
    label_y: float
    label_lines: Sequence[str]
    is_current: bool
    tint: int


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
    neighbourhood: Neighbourhood | None


@dataclass(frozen=True)
class Drawing:
    """A map: its size in drawing units, its areas, its spots, perhaps a mark."""

    width: int
    height: int
    areas: Sequence[Area]
    spots: Sequence[Spot]
    mark: Mark | None = None


def with_boundary() -> QuerySet[Neighbourhood]:
    """Return the neighbourhoods that can be drawn, with what a drawing needs of them."""
    found: QuerySet[Neighbourhood] = Neighbourhood.objects.exclude(boundary=None)
    return found.only("name", "slug", "boundary", "position")


def draw(
    neighbourhoods: Iterable[Neighbourhood],
    goods: Iterable[CommonGood] = (),
    *,
    current: Neighbourhood | None = None,
    mark: tuple[Decimal, Decimal] | None = None,
) -> Drawing | None:
    """Return the map of the neighbourhoods that have a boundary, or None when none has.

    `mark` is the latitude and longitude of a place to mark; outside the map it is left out.
    Degrees are laid out flat around the middle latitude, which at the size of a city nobody can
    tell from a better projection.
    """
    drawn = [n for n in neighbourhoods if n.boundary]
    if not drawn:
        return None
    shapes = [shape(n.boundary) for n in drawn]
    west, south, east, north = (
        pick(side)
        for pick, side in zip(
            (min, min, max, max), zip(*(s.bounds for s in shapes), strict=True), strict=True
        )
    )
    squeeze = math.cos(math.radians((south + north) / 2)) or 1.0
    wide, tall = (east - west) * squeeze, north - south
    scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / tall)
    left = (WIDTH - wide * scale) / 2

    def place(longitude: float, latitude: float) -> tuple[float, float]:
        return (
            round(left + (longitude - west) * squeeze * scale, 1),
            round(MARGIN + (north - latitude) * scale, 1),
        )

    areas = []
    for number, (neighbourhood, outline) in enumerate(zip(drawn, shapes, strict=True)):
        simple = outline.simplify(DETAIL / scale)
        rings = [
            ring
            for part in getattr(simple, "geoms", [simple])
            for ring in (part.exterior, *part.interiors)
        ]
        label_x, label_y = place(*boundaries.centre_of(simple))
        areas.append(
            Area(
                neighbourhood=neighbourhood,
                path="".join(
                    "M"
                    + "L".join(f"{x:g} {y:g}" for x, y in (place(*p[:2]) for p in ring.coords))
                    + "Z"
                    for ring in rings
                ),
                label_x=label_x,
                label_y=label_y,
                label_lines=neighbourhood.name.split(),
                is_current=current is not None and neighbourhood.pk == current.pk,
                tint=number % 6 + 1,
            )
        )
    spots = [
        Spot(good, *place(float(good.longitude), float(good.latitude)))
        for good in goods
        if isinstance(good.longitude, Decimal) and isinstance(good.latitude, Decimal)
    ]
    marked = None
    if mark is not None:
        latitude, longitude = map(float, mark)
        if west <= longitude <= east and south <= latitude <= north:
            point = Point(longitude, latitude)
            inside = (n for n, outline in zip(drawn, shapes, strict=True) if outline.covers(point))
            marked = Mark(*place(longitude, latitude), next(inside, None))
    shown: list[Spot | Mark] = [*spots, marked] if marked else [*spots]
    # The page names the one in the middle: its name goes where it would lie under a spot.
    areas = [
        replace(area, label_lines=())
        if area.is_current and any(_covers(spot, area) for spot in shown)
        else area
        for area in areas
    ]
    return Drawing(WIDTH, math.ceil(tall * scale + 2 * MARGIN), areas, spots, marked)


def _covers(spot: Spot | Mark, area: Area) -> bool:
    """Whether a spot lies on the label of an area, as large as it is on a phone."""
    wide = max(map(len, area.label_lines)) * LETTER_WIDTH / 2
    tall = len(area.label_lines) * LINE_HEIGHT / 2
    return (
        abs(spot.x - area.label_x) < wide + SPOT_RADIUS
        and abs(spot.y - area.label_y) < tall + SPOT_RADIUS
    )
