"""Who may change the territory in the admin, what is refused, what is logged."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from wagtail.images.widgets import AdminImageChooser
from wagtail.models import ModelLogEntry, ReferenceIndex
from wagtail.users.models import UserProfile

from commons.models import CommonGood, Neighbourhood
from residents import second_factor
from residents.models import User
from tests.factories.commons import CommonGoodFactory, NeighbourhoodFactory, square

pytestmark = pytest.mark.django_db

NEIGHBOURHOOD = "wagtailsnippets_commons_neighbourhood"
GOOD = "wagtailsnippets_commons_commongood"


def staff_client(*permissions: str) -> Client:
    person = User.objects.create_user(f"{'-'.join(permissions) or 'nobody'}@example.org")
    person.is_staff = True
    person.save()
    names = ["access_admin", *permissions]
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    UserProfile.objects.create(user=person, preferred_language="en")
    client = Client()
    client.force_login(person)
    request = HttpRequest()
    request.session, request.user = client.session, person
    second_factor.record_shown(request, person, kind="totp")
    request.session.save()
    return client


def fields(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Porta Nuova",
        "slug": "porta-nuova",
        "alternative_names": "Il Borgo, Il Borgo , Porta Nuova",
        "kind": "quartiere",
        "inhabitants": "1200",
        "position": "1",
        "summary_it": "",
        "description_it": "",
        "summary_en": "",
        "description_en": "",
        "boundary": "",
        "neighbours": [],
        **changes,
    }


MAY = [
    # permissions, list, add, edit, delete
    ([], False, False, False, False),
    (["view_neighbourhood"], True, False, False, False),
    (["change_neighbourhood"], True, False, True, False),
    (["add_neighbourhood"], True, True, False, False),
    (["delete_neighbourhood"], True, False, False, True),
    (["change_commongood"], False, False, False, False),
]


@pytest.mark.parametrize(("permissions", "lists", "adds", "edits", "deletes"), MAY)
def test_each_permission_opens_its_own_page(
    permissions: list[str], lists: bool, adds: bool, edits: bool, deletes: bool
) -> None:
    client = staff_client(*permissions)
    neighbourhood = NeighbourhoodFactory()
    answers = {
        "list": client.get(reverse(f"{NEIGHBOURHOOD}:list")),
        "add": client.get(reverse(f"{NEIGHBOURHOOD}:add")),
        "edit": client.get(reverse(f"{NEIGHBOURHOOD}:edit", args=[neighbourhood.pk])),
        "delete": client.get(reverse(f"{NEIGHBOURHOOD}:delete", args=[neighbourhood.pk])),
    }
    opened = {name: answer.status_code == 200 for name, answer in answers.items()}
    assert opened == {"list": lists, "add": adds, "edit": edits, "delete": deletes}


@pytest.mark.parametrize("name", [NEIGHBOURHOOD, GOOD])
def test_strangers_see_nothing_of_the_admin(client: Client, name: str) -> None:
    assert client.get(reverse(f"{name}:list")).status_code == 302


def test_a_boundary_comes_from_a_file_and_makes_neighbours() -> None:
    beside = NeighbourhoodFactory(boundary=square(west=12.41))
    upload = SimpleUploadedFile("porta.geojson", json.dumps(square()).encode())
    client = staff_client("add_neighbourhood")
    answer = client.post(reverse(f"{NEIGHBOURHOOD}:add"), fields(boundary_file=upload))
    assert answer.status_code == 302, answer.context["form"].errors
    made = Neighbourhood.objects.get(slug="porta-nuova")
    assert made.boundary == square()
    assert list(made.neighbours.all()) == [beside]
    assert made.alternative_names == ["Il Borgo"]
    assert ModelLogEntry.objects.filter(action="wagtail.create", object_id=made.pk).exists()


def test_a_wrong_file_is_told_at_its_field_and_nothing_is_lost() -> None:
    upload = SimpleUploadedFile("porta.geojson", b'{"type": "Point", "coordinates": [1, 2]}')
    client = staff_client("add_neighbourhood")
    answer = client.post(reverse(f"{NEIGHBOURHOOD}:add"), fields(boundary_file=upload))
    form = answer.context["form"]
    assert "not a Point" in form.errors["boundary_file"][0]
    assert form["name"].value() == "Porta Nuova"
    assert not Neighbourhood.objects.exists()


def test_a_wrong_pasted_boundary_is_told_at_its_field() -> None:
    ring = square()["coordinates"][0][:-1]
    pasted = json.dumps({"type": "Polygon", "coordinates": [ring]})
    client = staff_client("add_neighbourhood")
    answer = client.post(reverse(f"{NEIGHBOURHOOD}:add"), fields(boundary=pasted))
    assert "not closed" in answer.context["form"].errors["boundary"][0]


def test_the_box_of_a_boundary_is_empty_without_one_and_keeps_what_is_stored() -> None:
    client = staff_client("add_neighbourhood", "change_neighbourhood")
    new = client.get(reverse(f"{NEIGHBOURHOOD}:add")).context["form"]
    assert not new["boundary"].value()
    # Wagtail's own widgets stay.
    assert isinstance(new["image"].field.widget, AdminImageChooser)
    stored = NeighbourhoodFactory(boundary=square())
    page = client.get(reverse(f"{NEIGHBOURHOOD}:edit", args=[stored.pk]))
    assert json.loads(page.context["form"]["boundary"].value()) == square()
    without = NeighbourhoodFactory(boundary=None)
    data = fields(boundary="", slug="senza")
    url = reverse(f"{NEIGHBOURHOOD}:edit", args=[without.pk])
    assert client.post(url, data).status_code == 302
    without.refresh_from_db()
    assert without.boundary is None


def test_neighbours_chosen_by_hand_stay_while_the_boundary_does() -> None:
    far = NeighbourhoodFactory(boundary=None)
    neighbourhood = NeighbourhoodFactory(boundary=square())
    client = staff_client("change_neighbourhood")
    url = reverse(f"{NEIGHBOURHOOD}:edit", args=[neighbourhood.pk])
    data = fields(boundary=json.dumps(square()), neighbours=[far.pk])
    assert client.post(url, data).status_code == 302
    assert list(neighbourhood.neighbours.all()) == [far]


def test_a_neighbourhood_with_goods_stays() -> None:
    good = CommonGoodFactory()
    client = staff_client("delete_neighbourhood")
    client.post(reverse(f"{NEIGHBOURHOOD}:delete", args=[good.neighbourhood.pk]))
    assert Neighbourhood.objects.filter(pk=good.neighbourhood.pk).exists()


PLACES = [
    ("43.105", "12.405", None),
    ("", "", None),
    ("43.105", "", "longitude"),
    ("", "12.405", "latitude"),
    ("43.5", "12.405", "latitude"),
    ("91", "12.405", "latitude"),
]


@pytest.mark.parametrize(("latitude", "longitude", "wrong"), PLACES)
def test_a_good_stands_in_its_neighbourhood(
    latitude: str, longitude: str, wrong: str | None
) -> None:
    neighbourhood = NeighbourhoodFactory(boundary=square())
    client = staff_client("add_commongood")
    answer = client.post(
        reverse(f"{GOOD}:add"),
        {
            "name": "Lavatoio",
            "slug": "lavatoio",
            "neighbourhood": neighbourhood.pk,
            "state": "in_use",
            "place": "",
            "summary_it": "",
            "summary_en": "",
            "description_it": "",
            "description_en": "",
            "latitude": latitude,
            "longitude": longitude,
        },
    )
    if wrong is None:
        assert CommonGood.objects.filter(slug="lavatoio").exists()
    else:
        assert list(answer.context["form"].errors) == [wrong]


def test_what_something_else_needs_is_not_deleted_and_people_are_told_by_what() -> None:
    good = CommonGoodFactory()
    client = staff_client("delete_neighbourhood", "view_neighbourhood")
    # The reference index has not heard of the good, as when the worker is behind.
    ReferenceIndex.objects.all().delete()
    url = reverse(f"{NEIGHBOURHOOD}:delete", args=[good.neighbourhood.pk])
    response = client.post(url, follow=True)
    assert response.status_code == 200
    assert good.name in response.content.decode()
    assert Neighbourhood.objects.filter(pk=good.neighbourhood.pk).exists()
