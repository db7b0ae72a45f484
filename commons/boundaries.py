"""Boundaries of neighbourhoods: GeoJSON checked before it is kept, and what follows from it.

A boundary is the geometry object of RFC 7946, a Polygon or a MultiPolygon of longitudes and
latitudes in degrees (WGS 84). The checks that can name their ring and point are made here; crossing
lines and holes outside their ring are found by shapely.
"""

import json
import math
from collections.abc import Iterable
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry import MultiPolygon, shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from home.errors import DomainError

MAX_BYTES = 1_000_000
MAX_POINTS = 20_000
DECIMALS = 6  # about ten centimetres
NEIGHBOUR_GAP = 0.0003  # degrees: two boundaries drawn up to some 30 m apart still touch

Geometry = dict[str, Any]


class BoundaryError(DomainError):
    """A boundary that cannot be kept; the message says what is wrong, where, and the remedy."""


def read_boundary(data: str | bytes) -> Geometry:
    """Return the checked boundary in GeoJSON text: a geometry, one feature, or a collection of one.

    Raises BoundaryError.
    """
    return checked_boundary(parse_geojson(data))


def parse_geojson(data: str | bytes, *, max_bytes: int = MAX_BYTES) -> Any:
    """Return the JSON in `data`, of at most `max_bytes` bytes. Raises BoundaryError."""
    size = len(data if isinstance(data, bytes) else data.encode())
    if size > max_bytes:
        raise BoundaryError(
            _(
                "The file has %(size)s kB, and at most %(most)s kB are read. Simplify the lines "
                "in your mapping program (5 metres are precise enough) and export again."
            )
            % {"size": size // 1000, "most": max_bytes // 1000}
        )
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
    except UnicodeDecodeError as error:
        raise BoundaryError(
            _("This is not a text file in UTF-8. Export the boundary as GeoJSON.")
        ) from error
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise BoundaryError(
            _(
                "This is not JSON: line %(line)s, column %(column)s cannot be read. Export the "
                "boundary as GeoJSON and paste it whole."
            )
            % {"line": error.lineno, "column": error.colno}
        ) from error
    except RecursionError as error:
        raise BoundaryError(_("The brackets are nested too deep to be GeoJSON.")) from error
    except ValueError as error:  # a number of thousands of digits
        raise BoundaryError(_("A number in this file is too long to be a coordinate.")) from error


def checked_boundary(data: Any) -> Geometry:
    """Return the geometry in `data` with its coordinates rounded, whole and closed.

    Raises BoundaryError, naming the ring and the point, counted from 1.
    """
    geometry = _geometry_in(data)
    if geometry["type"] == "Polygon":
        polygons: Any = [geometry.get("coordinates")]
    else:
        polygons = geometry.get("coordinates")
        if not isinstance(polygons, list) or not polygons:
            raise BoundaryError(_("The MultiPolygon is empty: it has no “coordinates”."))
    points_left = MAX_POINTS
    checked = []
    for number, polygon in enumerate(polygons, start=1):
        if not isinstance(polygon, list) or not polygon:
            raise BoundaryError(
                _("Polygon %(polygon)s is empty: it has no “coordinates”.") % {"polygon": number}
            )
        rings = []
        for ring_number, ring in enumerate(polygon, start=1):
            where = _("Polygon %(polygon)s, ring %(ring)s") % {
                "polygon": number,
                "ring": ring_number,
            }
            rings.append(_checked_ring(ring, where=where, points_left=points_left))
            points_left -= len(rings[-1])
        checked.append(rings)
    result: Geometry = {
        "type": geometry["type"],
        "coordinates": checked[0] if geometry["type"] == "Polygon" else checked,
    }
    whole = shape(result)
    if not whole.is_valid:
        raise BoundaryError(
            _(
                "The boundary crosses itself or its parts overlap (%(explanation)s). Repair the "
                "geometry in your mapping program and export again."
            )
            % {"explanation": explain_validity(whole)}
        )
    return result


def _refuse_constant(name: str) -> None:
    raise BoundaryError(
        _("“%(name)s” is not a number that JSON knows. Export the boundary again.") % {"name": name}
    )


def _geometry_in(data: Any) -> Geometry:
    if not isinstance(data, dict) or not isinstance(data.get("type"), str):
        raise BoundaryError(
            _("This is not GeoJSON: a geometry or a feature with a “type” is expected.")
        )
    if data["type"] == "FeatureCollection":
        features = data.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise BoundaryError(
                _(
                    "This collection has %(count)s features, and one boundary is one feature. "
                    "Keep the feature of this neighbourhood, or import the whole file with the "
                    "command import_neighbourhoods."
                )
                % {"count": len(features) if isinstance(features, list) else 0}
            )
        return _geometry_in(features[0])
    if data["type"] == "Feature":
        return _geometry_in(data.get("geometry"))
    if data["type"] not in {"Polygon", "MultiPolygon"}:
        raise BoundaryError(
            _("A boundary is a Polygon or a MultiPolygon, not a %(type)s. Draw it as an area.")
            % {"type": data["type"][:40]}
        )
    crs = data.get("crs")
    if crs and "CRS84" not in json.dumps(crs) and "4326" not in json.dumps(crs):
        raise BoundaryError(
            _("The coordinates are not in WGS 84. Export again with the system EPSG:4326.")
        )
    return data


def _checked_ring(ring: Any, *, where: str, points_left: int) -> list[list[float]]:
    if not isinstance(ring, list):
        raise BoundaryError(_("%(where)s is not a list of points.") % {"where": where})
    if len(ring) > points_left:
        raise BoundaryError(
            _(
                "The boundary has more than %(most)s points. Simplify the lines in your mapping "
                "program (5 metres are precise enough) and export again."
            )
            % {"most": MAX_POINTS}
        )
    if len(ring) < 4:
        raise BoundaryError(
            _(
                "%(where)s has %(count)s points. A ring has at least four, the last equal to the "
                "first."
            )
            % {"where": where, "count": len(ring)}
        )
    points = [
        _checked_point(point, where=where, number=number)
        for number, point in enumerate(ring, start=1)
    ]
    if points[0] != points[-1]:
        raise BoundaryError(
            _(
                "%(where)s is not closed: its last point %(last)s differs from its first "
                "%(first)s. Repeat the first point at the end."
            )
            % {"where": where, "first": points[0], "last": points[-1]}
        )
    return points


def _checked_point(point: Any, *, where: str, number: int) -> list[float]:
    if (
        not isinstance(point, list)
        or len(point) not in {2, 3}  # RFC 7946 allows a height, which a boundary has no use for
        or not all(isinstance(n, int | float) and not isinstance(n, bool) for n in point)
    ):
        raise BoundaryError(
            _("%(where)s, point %(number)s is not a pair [longitude, latitude].")
            % {"where": where, "number": number}
        )
    longitude, latitude = point[:2]
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        if math.inf > abs(longitude) > 1000:
            raise BoundaryError(
                _(
                    "%(where)s, point %(number)s (%(point)s) is in metres, not in degrees. "
                    "Export again with the system WGS 84 (EPSG:4326)."
                )
                % {"where": where, "number": number, "point": point[:2]}
            )
        raise BoundaryError(
            _(
                "%(where)s, point %(number)s (%(point)s) is not on Earth: longitude comes first, "
                "from -180 to 180, then latitude, from -90 to 90."
            )
            % {"where": where, "number": number, "point": point[:2]}
        )
    return [round(float(longitude), DECIMALS), round(float(latitude), DECIMALS)]


def touching(boundary: Geometry, others: Iterable[tuple[int, Geometry]]) -> list[int]:
    """Return the keys of the `others` that share a border with `boundary`, in the given order."""
    own = shape(boundary)
    return [key for key, other in others if own.distance(shape(other)) <= NEIGHBOUR_GAP]


def contains(boundary: Geometry, *, latitude: float, longitude: float) -> bool:
    """Return whether a point lies inside `boundary` or on its line."""
    return bool(shape(boundary).intersects(shapely.Point(longitude, latitude)))


def centre_of(outline: BaseGeometry) -> tuple[float, float]:
    """Return (longitude, latitude) of the point of an outline farthest from its border.

    A label has the most room there.
    """
    if isinstance(outline, MultiPolygon):
        outline = max(outline.geoms, key=lambda part: part.area)
    tolerance = math.sqrt(outline.area) / 50
    point = shapely.maximum_inscribed_circle(outline, tolerance=tolerance).coords[0]
    return round(point[0], DECIMALS), round(point[1], DECIMALS)
