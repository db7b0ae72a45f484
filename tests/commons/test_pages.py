"""The public pages of the territory: what they show, what they cost, who may keep them."""

import json
import re
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail import hooks

from commons.drawing import draw
from commons.hooks import PageSection
from commons.models import CommonGood
from home.models import RioneImage
from tests.factories.commons import CommonGoodFactory, NeighbourhoodFactory, square

pytestmark = pytest.mark.django_db

MOST_QUERIES = 5  # of the eight of a public page; the sections of other apps add theirs


def picture(title: str) -> RioneImage:
    from io import BytesIO

    from PIL import Image

    data = BytesIO()
    Image.new("RGB", (60, 40), "green").save(data, "PNG")
    image = RioneImage(title=title, description=f"{title}.")
    image.file.save(f"{title}.png", ContentFile(data.getvalue(), name=f"{title}.png"), save=False)
    image.save()
    return image


def queries_of(client: Client, url: str) -> int:
    client.get(url)  # renditions and the face of the site are made once and kept
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def pages() -> list[str]:
    neighbourhood = NeighbourhoodFactory(
        slug="quartiere", boundary=square(), image=picture("quartiere")
    )
    CommonGoodFactory(
        slug="bene",
        neighbourhood=neighbourhood,
        latitude="43.105",
        longitude="12.405",
        image=picture("bene"),
    )
    return [
        "/en/neighbourhoods/",
        "/en/neighbourhoods/quartiere/",
        "/en/neighbourhoods/map.geojson",
        "/en/common-goods/",
        "/en/common-goods/bene/",
    ]


def test_one_record_and_twenty_cost_the_same_queries(client: Client) -> None:
    urls = pages()
    one = {url: queries_of(client, url) for url in urls}
    assert all(number <= MOST_QUERIES for number in one.values()), one
    neighbourhood = CommonGood.objects.get().neighbourhood
    for number in range(20):
        other = NeighbourhoodFactory(image=picture(f"n{number}"))
        neighbourhood.neighbours.add(other)
        CommonGoodFactory(neighbourhood=neighbourhood, image=picture(f"g{number}"))
    assert {url: queries_of(client, url) for url in urls} == one


def test_anonymous_pages_set_no_cookie_and_may_be_kept(client: Client) -> None:
    for url in pages():
        response = client.get(url)
        assert not response.cookies, url
        assert "public" in response["Cache-Control"], url
        assert "Cookie" not in response.get("Vary", ""), url
        assert client.post(url).status_code == 405, url


def test_what_is_not_there_is_not_found(client: Client) -> None:
    assert client.get("/en/neighbourhoods/atlantis/").status_code == 404
    assert client.get("/en/common-goods/atlantis/").status_code == 404


def test_an_empty_city_says_so(client: Client) -> None:
    assert "No neighbourhood yet" in client.get("/en/neighbourhoods/").text
    assert "No common good yet" in client.get("/en/common-goods/").text
    assert client.get("/en/neighbourhoods/map.geojson").json()["features"] == []


def test_texts_follow_the_language_of_the_address(client: Client) -> None:
    good = CommonGoodFactory(summary_it="Un lavatoio.", summary_en="A wash-house.")
    with translation.override("it"):
        italian = good.get_absolute_url()
    with translation.override("en"):
        english = good.get_absolute_url()
    assert "Un lavatoio." in client.get(italian).text
    assert "A wash-house." in client.get(english).text


def test_the_drawing_and_the_list_lead_to_the_same_pages(client: Client) -> None:
    for _number in range(3):
        NeighbourhoodFactory()
    html = client.get("/en/neighbourhoods/").text
    svg = re.search(r"<svg class=\"territory-drawing\".*?</svg>", html, re.S)
    assert svg
    cards = html[svg.end() :]
    drawn = set(re.findall(r'href="(/en/neighbourhoods/quartiere-\d+/)"', svg[0]))
    assert len(drawn) == 3
    assert drawn == set(re.findall(r'href="(/en/neighbourhoods/quartiere-\d+/)"', cards))
    assert "style=" not in html
    assert re.search(r'viewBox="0 0 1000 \d+"', html)


def test_goods_are_filtered_by_neighbourhood_and_state(client: Client) -> None:
    here = NeighbourhoodFactory(slug="qui")
    CommonGoodFactory(name="Lavatoio", neighbourhood=here, state="in_use")
    CommonGoodFactory(name="Mulino", neighbourhood=here, state="in_decay")
    CommonGoodFactory(name="Loggia", state="in_decay")

    def found(query: str) -> set[str]:
        html = client.get(f"/en/common-goods/{query}").text
        return {name for name in ("Lavatoio", "Mulino", "Loggia") if f">{name}<" in html}

    assert found("") == {"Lavatoio", "Mulino", "Loggia"}
    assert found("?neighbourhood=qui") == {"Lavatoio", "Mulino"}
    assert found("?state=in_decay") == {"Mulino", "Loggia"}
    assert found("?neighbourhood=qui&state=in_decay") == {"Mulino"}
    assert found("?neighbourhood=qui&state=regenerated") == set()


def test_a_wrong_filter_is_told_at_its_field_and_hides_nothing(client: Client) -> None:
    CommonGoodFactory(name="Lavatoio")
    html = client.get("/en/common-goods/?neighbourhood=atlantis&state=sunk&page=nine").text
    assert "There is no such neighbourhood" in html
    assert "There is no such state" in html
    assert ">Lavatoio<" in html


def test_the_list_of_goods_has_pages_that_keep_the_filter(client: Client) -> None:
    neighbourhood = NeighbourhoodFactory(slug="qui")
    CommonGoodFactory.create_batch(30, neighbourhood=neighbourhood)
    first = client.get("/en/common-goods/?neighbourhood=qui").text
    assert "?neighbourhood=qui&amp;page=2" in first
    second = client.get("/en/common-goods/?neighbourhood=qui&page=2").text
    names = [set(re.findall(r">(Bene \d+)<", html)) for html in (first, second)]
    assert (len(names[0]), len(names[1])) == (24, 6)
    assert not names[0] & names[1]


def test_the_state_is_a_word_with_an_icon(client: Client) -> None:
    for state in CommonGood.State:
        good = CommonGoodFactory(state=state)
        html = client.get(good.get_absolute_url()).text
        badge = re.search(r'<span class="rione-state.*?</span></span>', html, re.S)
        assert badge
        assert str(state.label) in badge[0]
        assert "<svg" in badge[0]


def test_other_apps_add_sections_in_their_order(client: Client) -> None:
    neighbourhood = NeighbourhoodFactory()
    with (
        hooks.register_temporarily(
            "rione_neighbourhood_sections",
            lambda request, shown: PageSection("now", f"<b>Second {shown.slug}</b>", order=2),  # type: ignore[arg-type]
        ),
        hooks.register_temporarily(
            "rione_neighbourhood_sections",
            lambda request, shown: PageSection("now", "First", order=1),  # type: ignore[arg-type]
        ),
        hooks.register_temporarily("rione_neighbourhood_sections", lambda request, shown: None),
    ):
        html = client.get(neighbourhood.get_absolute_url()).text
    assert html.index("First") < html.index(f"Second {neighbourhood.slug}")
    assert "Nothing is being decided" not in html


def test_the_map_data_is_geojson_of_what_the_lists_show(client: Client) -> None:
    neighbourhood = NeighbourhoodFactory(boundary=square())
    NeighbourhoodFactory(boundary=None)
    CommonGoodFactory(neighbourhood=neighbourhood, latitude="43.105", longitude="12.405")
    CommonGoodFactory(neighbourhood=neighbourhood)
    response = client.get("/en/neighbourhoods/map.geojson")
    assert response["Content-Type"] == "application/geo+json"
    area, place = json.loads(response.content)["features"]
    assert area["geometry"] == square()
    assert area["properties"]["url"] == neighbourhood.get_absolute_url()
    assert place["geometry"] == {"type": "Point", "coordinates": [12.405, 43.105]}


def test_map_data_that_a_reader_has_is_not_sent_again(client: Client) -> None:
    neighbourhood = NeighbourhoodFactory()
    etag = client.get("/en/neighbourhoods/map.geojson")["ETag"]
    again = client.get("/en/neighbourhoods/map.geojson", headers={"if-none-match": etag})
    assert again.status_code == 304
    neighbourhood.boundary = square(west=13.0)
    neighbourhood.save()
    changed = client.get("/en/neighbourhoods/map.geojson", headers={"if-none-match": etag})
    assert changed.status_code == 200


def test_search_finds_a_neighbourhood_by_its_other_name_without_accents(client: Client) -> None:
    NeighbourhoodFactory(name="Centro Storico", alternative_names=["Città vecchia"])
    NeighbourhoodFactory(name="Stazione")
    html = client.get("/en/search/?q=citta+VECCHIA").text
    assert ">Centro Storico<" in html
    assert "Also called: Città vecchia." in html
    assert ">Stazione<" not in html
    # Where the name itself was asked for, nothing needs saying.
    assert "Also called" not in client.get("/en/search/?q=storico").text


def test_search_finds_a_good_by_its_place(client: Client) -> None:
    CommonGoodFactory(name="Lavatoio", place="Via delle Lavandaie 1")
    assert ">Lavatoio<" in client.get("/en/search/?q=lavandaie").text


def test_the_sitemap_names_every_page_in_both_languages(client: Client) -> None:
    neighbourhood = NeighbourhoodFactory(slug="qui")
    good = CommonGoodFactory(slug="bene", neighbourhood=neighbourhood)
    text = client.get("/sitemap.xml").text
    for record in (neighbourhood, good):
        for language in ("it", "en"):
            with translation.override(language):
                assert f"{record.get_absolute_url()}</loc>" in text


def test_a_spot_does_not_lie_on_the_name_of_its_neighbourhood() -> None:
    place = NeighbourhoodFactory(name="Centro", boundary=square())
    NeighbourhoodFactory(name="Stazione", boundary=square(west=12.41))
    middle = CommonGoodFactory(
        neighbourhood=place, latitude=Decimal("43.105"), longitude=Decimal("12.405")
    )
    corner = CommonGoodFactory(
        neighbourhood=place, latitude=Decimal("43.101"), longitude=Decimal("12.401")
    )
    for good, names in [(middle, ["Stazione"]), (corner, ["Centro", "Stazione"])]:
        drawing = draw([good], current=place)
        assert [line for area in drawing.areas for line in area.label_lines] == names


def test_a_neighbourhood_that_changes_changes_on_the_map_at_once(client: Client) -> None:
    place = NeighbourhoodFactory(name="Centro", boundary=square())
    assert 'aria-label="Centro"' in client.get("/en/neighbourhoods/").text
    place.name = "Centro storico"
    place.save()
    assert 'aria-label="Centro storico"' in client.get("/en/neighbourhoods/").text
    place.delete()
    assert "territory-drawing" not in client.get("/en/neighbourhoods/").text
