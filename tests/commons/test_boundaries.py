"""A boundary is kept only when it is a sound area on Earth; else the message names the mistake."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from shapely.geometry import shape

from commons import boundaries
from commons.boundaries import BoundaryError, checked_boundary, read_boundary
from commons.models import Neighbourhood
from tests.factories.commons import NeighbourhoodFactory, square

RING = square()["coordinates"][0]
HOLE = [[12.403, 43.103], [12.403, 43.106], [12.406, 43.106], [12.406, 43.103], [12.403, 43.103]]
BOW_TIE = [[12.4, 43.1], [12.41, 43.11], [12.41, 43.1], [12.4, 43.11], [12.4, 43.1]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


SOUND = {
    "polygon": square(),
    "polygon with a hole": polygon(RING, HOLE),
    "two parts": {
        "type": "MultiPolygon",
        "coordinates": [[RING], square(west=12.5)["coordinates"]],
    },
    "feature": {"type": "Feature", "properties": {}, "geometry": square()},
    "collection of one": {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": square()}],
    },
    "heights are dropped": polygon([[*point, 230.5] for point in RING]),
}


@pytest.mark.parametrize("data", SOUND.values(), ids=SOUND)
def test_a_sound_boundary_is_kept(data: Any) -> None:
    kept = checked_boundary(data)
    assert kept["type"] in {"Polygon", "MultiPolygon"}
    assert checked_boundary(kept) == kept


BROKEN = {
    "not an object": ([1, 2], "not GeoJSON"),
    "no type": ({"coordinates": []}, "not GeoJSON"),
    "a point": ({"type": "Point", "coordinates": [12.4, 43.1]}, "not a Point"),
    "a feature without geometry": ({"type": "Feature", "geometry": None}, "not GeoJSON"),
    "a collection of two": (
        {"type": "FeatureCollection", "features": [{}, {}]},
        "has 2 features",
    ),
    "no coordinates": ({"type": "Polygon"}, "Polygon 1 is empty"),
    "an empty MultiPolygon": ({"type": "MultiPolygon", "coordinates": []}, "is empty"),
    "a ring that is no list": (polygon("ring"), "ring 1 is not a list"),
    "three points": (polygon(RING[:3]), "has 3 points"),
    "an open ring": (polygon(RING[:-1]), "not closed"),
    "an open hole": (polygon(RING, HOLE[:-1]), "ring 2 is not closed"),
    "a text as number": (polygon([["12.4", 43.1], *RING[1:]]), "point 1 is not a pair"),
    "one number": (polygon([RING[0], [12.4], *RING[2:]]), "point 2 is not a pair"),
    "true as number": (polygon([[True, 43.1], *RING[1:]]), "point 1 is not a pair"),
    "latitude out of range": (polygon([RING[0], [12.4, 143.1], *RING[2:]]), "not on Earth"),
    "metres": (polygon([[287_000.5, 4_775_000.1]] * 4), "in metres"),
    "a number beyond all floats": (polygon([[10**400, 0]] * 4), "in metres"),
    "not a number": (polygon([[float("nan"), 43.1], *RING[1:]]), "not on Earth"),
    "crossing lines": (polygon(BOW_TIE), "crosses itself"),
    "a hole outside": (polygon(RING, square(west=13.0)["coordinates"][0]), "crosses itself"),
    "a line there and back": (polygon([RING[0], RING[1], RING[0], RING[0]]), "crosses itself"),
    "another system": (
        {**square(), "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}},
        "not in WGS 84",
    ),
}


@pytest.mark.parametrize(("data", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_boundary_is_refused_for_its_reason(data: Any, message: str) -> None:
    with pytest.raises(BoundaryError, match=message):
        checked_boundary(data)


UNREADABLE = {
    "not JSON": (b'{"type": "Polygon",\n "coordinates": [[', "line 2"),
    "not a number": (b'{"type": "Polygon", "coordinates": [[[NaN, 1]]]}', "NaN"),
    "not UTF-8": (b"\xff\xfe\x00", "UTF-8"),
    "too large": (b" " * (boundaries.MAX_BYTES + 1), "1000 kB"),
    "nested too deep": (b"[" * 100_000, "nested too deep"),
    "a number without end": (b"[" + b"1" * 5_000 + b"]", "too long"),
}


@pytest.mark.parametrize(("data", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(BoundaryError, match=message):
        read_boundary(data)


def test_a_boundary_with_too_many_points_is_refused() -> None:
    ring = [[12.4, 43.1]] * (boundaries.MAX_POINTS + 1)
    with pytest.raises(BoundaryError, match="more than 20000 points"):
        checked_boundary(polygon(ring))


def test_a_file_from_a_windows_program_is_read() -> None:
    assert read_boundary(b"\xef\xbb\xbf" + json.dumps(square()).encode()) == square()


@pytest.mark.django_db
def test_the_model_says_what_is_wrong_at_the_field() -> None:
    neighbourhood = NeighbourhoodFactory.build(boundary=polygon(RING[:-1]))
    with pytest.raises(ValidationError) as caught:
        neighbourhood.full_clean()
    assert "not closed" in caught.value.message_dict["boundary"][0]


@pytest.mark.django_db
def test_the_database_refuses_what_is_not_an_area() -> None:
    neighbourhood = NeighbourhoodFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Neighbourhood.objects.filter(pk=neighbourhood.pk).update(
            boundary={"type": "Point", "coordinates": [12.4, 43.1]}
        )


def test_touching_needs_a_shared_border() -> None:
    others = [(1, square(west=12.41)), (2, square(west=12.45)), (3, square(west=12.39))]
    assert boundaries.touching(square(), others) == [1, 3]


def test_a_label_stands_inside_even_a_crescent() -> None:
    horseshoe = polygon(
        [[0, 0], [3, 0], [3, 3], [2.9, 3], [2.9, 0.1], [0.1, 0.1], [0.1, 3], [0, 3], [0, 0]]
    )
    longitude, latitude = boundaries.centre_of(shape(horseshoe))
    assert boundaries.contains(horseshoe, latitude=latitude, longitude=longitude)


def test_the_label_of_an_area_in_pieces_stands_in_the_largest() -> None:
    island, mainland = square(west=11.0)["coordinates"], square(west=12.4)["coordinates"]
    mainland = [[[x if x < 12.41 else x + 1, y] for x, y in ring] for ring in mainland]
    longitude, _latitude = boundaries.centre_of(
        shape({"type": "MultiPolygon", "coordinates": [island, mainland]})
    )
    assert longitude > 12
