"""The list of projects and the page of one: what a resident reads, and where the place is."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests.factories.budgeting import ContestFactory, ProjectFactory, RoundFactory
from tests.factories.commons import CommonGoodFactory, NeighbourhoodFactory, square

pytestmark = pytest.mark.django_db
MOST_QUERIES = 8


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def read(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def old_town():
    return NeighbourhoodFactory(name="Old Town", boundary=square(west=12.40))


def test_the_place_is_marked_on_the_map_and_told_in_words(old_town):
    NeighbourhoodFactory(name="Station", boundary=square(west=12.41))
    inside = {"latitude": "43.105", "longitude": "12.405"}
    text = read(ProjectFactory(**inside).get_absolute_url())
    assert 'class="territory-mark"' in text
    assert "The mark is in Old Town" in text
    assert "Coordinates" not in text


def test_a_place_off_the_map_or_in_another_city_gets_no_map(old_town):
    off = ProjectFactory(latitude="50", longitude="19")
    elsewhere = ProjectFactory(
        contest__scope__round=RoundFactory(place="Kraków"), latitude="43.105", longitude="12.405"
    )
    for project in (off, elsewhere, ProjectFactory()):
        assert "territory-map" not in read(project.get_absolute_url())


def test_the_common_good_is_led_to():
    good = CommonGoodFactory(name="Orchard")
    text = read(ProjectFactory(good=good).get_absolute_url())
    assert f'<a href="{good.get_absolute_url()}">Orchard</a>' in text


def test_a_project_with_everything_costs_few_queries(old_town):
    project = ProjectFactory(
        neighbourhood=old_town,
        good=CommonGoodFactory(neighbourhood=old_town),
        latitude="43.105",
        longitude="12.405",
    )
    project.rivals.add(ProjectFactory(contest=project.contest))
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        read(project.get_absolute_url())
    assert len(asked) <= MOST_QUERIES


def test_a_card_says_what_it_is_about_and_its_place_once(old_town):
    contest = ContestFactory(name="Old Town")
    ProjectFactory(contest=contest, neighbourhood=old_town, description="Forty trees.", cost=700_00)
    text = read(reverse("budgeting:projects", args=[contest.scope.round.slug]))
    card = text[text.index("<article") : text.index("</article>")]
    assert card.count("Old Town") == 1
    assert "Forty trees." in card
    assert "€700" in card


def test_a_card_names_the_place_that_its_contest_does_not(old_town):
    contest = ContestFactory(name="Whole city")
    ProjectFactory(contest=contest, neighbourhood=old_town)
    text = read(reverse("budgeting:projects", args=[contest.scope.round.slug]))
    assert "Old Town" in text[text.index("<article") : text.index("</article>")]
