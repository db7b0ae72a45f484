"""A GeoJSON file brings neighbourhoods in whole, or not at all."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import ModelLogEntry

from commons import neighbours
from commons.boundaries import BoundaryError
from commons.importing import import_neighbourhoods
from commons.models import Neighbourhood
from tests.factories.commons import NeighbourhoodFactory, square

pytestmark = pytest.mark.django_db


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


EAST = square(west=12.41)


def test_properties_become_fields() -> None:
    report = import_neighbourhoods(
        data=collection(
            feature(
                square(),
                NOME="Porta Nuova",
                abitanti="1200",
                tipo="zona",
                altri_nomi="Il Borgo; La Porta",
                sommario="Una zona.",
            )
        )
    )
    assert report.is_clean
    neighbourhood = Neighbourhood.objects.get()
    assert neighbourhood.slug == "porta-nuova"
    assert neighbourhood.inhabitants == 1200
    assert neighbourhood.kind == "zona"
    assert neighbourhood.alternative_names == ["Il Borgo", "La Porta"]
    assert neighbourhood.summary_it == "Una zona."
    assert neighbourhood.boundary == square()


def test_those_that_touch_become_neighbours_and_the_log_knows() -> None:
    import_neighbourhoods(
        data=collection(
            feature(square(), name="A"), feature(EAST, name="B"), feature(square(13), name="C")
        )
    )
    a, b, c = Neighbourhood.objects.order_by("name")
    assert list(a.neighbours.all()) == [b]
    assert list(b.neighbours.all()) == [a]
    assert not c.neighbours.exists()
    assert ModelLogEntry.objects.filter(action="wagtail.create").count() == 3


def test_a_second_import_updates_and_leaves_out_what_the_file_does_not_say() -> None:
    known = NeighbourhoodFactory(name="A", slug="la-a", inhabitants=7, boundary=square())
    report = import_neighbourhoods(data=collection(feature(EAST, name="A")))
    assert [line.is_new for line in report.features] == [False]
    known.refresh_from_db()
    assert (known.slug, known.inhabitants, known.boundary) == ("la-a", 7, EAST)


def test_one_wrong_feature_keeps_everything_out() -> None:
    open_ring = {"type": "Polygon", "coordinates": [square()["coordinates"][0][:-1]]}
    report = import_neighbourhoods(
        data=collection(
            feature(square(), name="A"),
            feature(open_ring, name="B"),
            feature(EAST, name="C", inhabitants="many", kind="contrada"),
            feature(EAST),
            feature(None, name="E"),
            feature(EAST, name="A"),
            "F",
        )
    )
    assert not Neighbourhood.objects.exists()
    assert not ModelLogEntry.objects.exists()
    errors = {line.number: " ".join(line.errors) for line in report.features}
    assert "several features" in errors[1]
    assert "not closed" in errors[2]
    assert "“many” is not a whole number" in errors[3]
    assert "contrada" in errors[3]
    assert "has no name" in errors[4]
    assert "no geometry" in errors[5]
    assert "several features" in errors[6]
    assert "not a feature" in errors[7]


def test_a_dry_run_reports_and_writes_nothing() -> None:
    report = import_neighbourhoods(data=collection(feature(square(), name="A")), dry_run=True)
    assert report.is_clean
    assert not Neighbourhood.objects.exists()


def test_the_command_reports_by_feature(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "city.geojson"
    path.write_text(collection(feature(square(), name="A"), feature(None, name="B")))
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("import_neighbourhoods", path)
    assert "feature 2 B: " in capsys.readouterr().err
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_neighbourhoods", tmp_path / "none.geojson")
    path.write_text("{}")
    with pytest.raises(CommandError, match="FeatureCollection"):
        call_command("import_neighbourhoods", path)


def test_a_file_that_is_no_list_of_features_is_refused() -> None:
    for document in ([], {"type": "Feature"}, {"type": "FeatureCollection", "features": []}):
        with pytest.raises(BoundaryError):
            import_neighbourhoods(data=json.dumps(document))


@pytest.mark.parametrize(
    ("given", "kept"), [(["Il Borgo ", ""], ["Il Borgo"]), ("Borgo, Porta", ["Borgo", "Porta"])]
)
def test_alternative_names_are_a_list_or_words_between_commas(given: Any, kept: list[str]) -> None:
    data = collection(feature(square(), name="A", alternative_names=given))
    assert import_neighbourhoods(data=data).is_clean
    assert Neighbourhood.objects.get().alternative_names == kept


@pytest.mark.parametrize("given", [7, ["Borgo", 7], {"it": "Borgo"}])
def test_alternative_names_that_are_no_names_are_refused(given: Any) -> None:
    data = collection(feature(square(), name="A", alternative_names=given))
    report = import_neighbourhoods(data=data)
    assert not report.is_clean
    assert not Neighbourhood.objects.exists()


def test_without_a_boundary_the_neighbours_that_people_chose_stay() -> None:
    one, other = NeighbourhoodFactory(boundary=None), NeighbourhoodFactory(boundary=square())
    one.neighbours.add(other)
    neighbours.link(neighbourhood=one)
    assert list(one.neighbours.all()) == [other]
