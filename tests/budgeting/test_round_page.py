"""The public pages of rounds: for everybody, cacheable, and in a fixed number of queries."""

import hashlib
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from budgeting import holds
from budgeting.importing import RoundFacts
from budgeting.models import Phase, Round
from budgeting.round_pages import rounds_for_list
from budgeting.tally.rules import Rule
from budgeting.worked_example import worked_example
from tests.budgeting.elections import import_small
from tests.factories.budgeting import (
    ContestFactory,
    ProjectFactory,
    RoundFactory,
    coordinator,
    guarantor,
    open_round,
    ready_round,
    vote_phase,
)
from tests.factories.commons import NeighbourhoodFactory
from tests.signing_in import sign_in_to_admin

pytestmark = pytest.mark.django_db
MOST_QUERIES = 8


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def address(name, *args):
    with translation.override("en"):
        return reverse(f"budgeting:{name}", args=args)


def pages(round):
    return [
        address("rounds"),
        address("round", round.slug),
        address("projects", round.slug),
        address("project", round.slug, round.projects.first().number),
    ]


def number_of_queries(url):
    Client().get(url)  # header and footer are kept from here on
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(url).status_code == 200
    return len(queries)


def test_anonymous_pages_set_no_cookie_and_may_be_kept():
    round = open_round(ready_round())
    for url in [*pages(round), address("frozen_rules", round.slug, 0)]:
        response = Client().get(url)
        assert response.status_code == 200, url
        assert not response.cookies, url
        assert "public" in response["Cache-Control"], url
        assert "Cookie" not in response.get("Vary", ""), url
        assert Client().post(url).status_code == 405


def test_twenty_of_everything_cost_the_queries_of_one():
    round = open_round(ready_round(projects=1))
    before = {url: number_of_queries(url) for url in pages(round)}
    assert all(number <= MOST_QUERIES for number in before.values()), before
    bigger = ready_round(projects=20, slug="grande")
    for number in range(19):
        other = ContestFactory(scope=bigger.scopes.get(), neighbourhood=NeighbourhoodFactory())
        ProjectFactory(contest=other, number=100 + number)
    open_round(bigger)
    after = [number_of_queries(url) for url in pages(bigger)]
    assert after == list(before.values())


@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 404), ("resident", 404), ("coordinator", 200), ("guarantor", 200)],
)
def test_a_round_that_is_not_on_the_site_is_for_staff(client, who, status, django_user_model):
    round = ready_round(is_public=False)
    if who == "resident":
        client.force_login(django_user_model.objects.create_user("r@example.org"))
    elif who != "anonymous":
        sign_in_to_admin(client, {"coordinator": coordinator, "guarantor": guarantor}[who]())
    for url in pages(round)[1:]:
        response = client.get(url)
        assert response.status_code == status
        if status == 200:
            assert "no-store" in response["Cache-Control"]
    assert (round.name_en in client.get(address("rounds")).text) is (status == 200)


def sentence(round):
    cache.clear()
    text = Client().get(address("round", round.slug)).text
    return text.split('class="rounds-do">')[1].split("</p>")[0]


def test_the_page_says_what_can_be_done_now():
    round = RoundFactory()
    assert "dates will be published" in sentence(round)
    now = timezone.now()
    round.phases.create(
        kind=Phase.Kind.PROPOSE, starts_at=now - timedelta(1), ends_at=now + timedelta(1)
    )
    assert "proposing, until" in sentence(round)
    vote = vote_phase(round, starts=timedelta(days=2), lasts=timedelta(days=1))
    round.phases.exclude(pk=vote.pk).delete()
    assert "able to vote from" in sentence(round)
    round.phases.update(starts_at=now - timedelta(1), ends_at=now + timedelta(1))
    assert "about to be opened" in sentence(round)
    round = open_round(ready_round())
    assert "voting, until" in sentence(round)
    holds.place_hold(round=round, reason={"it": "Guasto", "en": "Fault"}, by=coordinator())
    assert "on hold" in sentence(round)
    assert "Fault" in Client().get(address("round", round.slug)).text


def test_the_timeline_marks_today():
    round = RoundFactory()
    now = timezone.now()
    for kind, start in [("propose", -3), ("review", -1), ("vote", 1)]:
        round.phases.create(
            kind=kind, starts_at=now + timedelta(start), ends_at=now + timedelta(start + 2)
        )
    text = Client().get(address("round", round.slug)).text
    states = [part.split('"')[0] for part in text.split('class="rione-step rione-step-')[1:]]
    assert states == ["done", "current", "next"]


def test_the_frozen_document_is_downloaded_byte_for_byte():
    round = open_round(ready_round())
    frozen = round.frozen_rules.get()
    page = Client().get(address("round", round.slug)).text
    url = address("frozen_rules", round.slug, 0)
    assert url in page
    assert frozen.sha256 in page
    response = Client().get(url)
    assert hashlib.sha256(response.content).hexdigest() == frozen.sha256
    assert response["Content-Type"] == "application/json"
    assert Client().get(address("frozen_rules", round.slug, 1)).status_code == 404


def test_projects_are_found_by_contest_words_number_and_state():
    contest = ContestFactory(slug="citta")
    round = contest.scope.round
    other = ContestFactory(scope=contest.scope, slug="stazione")
    ProjectFactory(contest=contest, number=1, title_en="Cycle path", title_it="Ciclabile")
    ProjectFactory(contest=other, number=2, title_en="A café", title_it="Un caffè")

    def found(query):
        page = Client().get(address("projects", round.slug) + query)
        return [project.number for project in page.context["page_obj"]]

    assert found("") == [1, 2]
    assert found("?contest=stazione") == [2]
    assert found("?contest=atlantis") == [1, 2]
    assert found("?q=cafe") == [2]
    assert found("?q=Ciclabile") == [1]
    assert found("?q=2&contest=") == found("?q=02") == [2]
    assert found("?q=Ciclabile%00") == [1]
    assert found("?state=withdrawn") == []
    assert found("?q=zeppelin") == []
    assert (
        "No project like this" in Client().get(address("projects", round.slug) + "?q=zeppelin").text
    )


def test_a_list_longer_than_a_page_goes_on_and_keeps_its_filters():
    contest = ContestFactory(slug="citta")
    for number in range(1, 31):
        ProjectFactory(contest=contest, number=number)
    url = address("projects", contest.scope.round.slug)
    first = Client().get(url + "?contest=citta")
    assert "contest=citta&amp;page=2" in first.text or "page=2&amp;contest=citta" in first.text
    second = Client().get(url + "?contest=citta&page=2")
    numbers = [p.number for page in (first, second) for p in page.context["page_obj"]]
    assert numbers == list(range(1, 31))


def test_a_vote_from_elsewhere_says_so_and_marks_the_language_of_its_projects():
    round = RoundFactory(place="Wieliczka", language="pl", name_en="Wieliczka 2023")
    ProjectFactory(contest__scope__round=round, number=1, title_it="Ławki", title_en="")
    text = Client().get(address("round", round.slug)).text
    assert "A vote of Wieliczka, counted again here" in text
    assert 'lang="pl"' not in text  # the round's own texts are the city's
    for url in (address("projects", round.slug), address("project", round.slug, 1)):
        assert 'lang="pl">Ławki' in Client().get(url).text


def test_what_people_write_is_text_and_never_markup():
    contest = ContestFactory()
    attack = "<script>alert(1)</script>"
    project = ProjectFactory(
        contest=contest, title_en=attack, description_en=attack, area=attack, proposer=attack
    )
    for url in pages(contest.scope.round):
        assert attack not in Client().get(url).text
    assert (
        "&lt;script&gt;"
        in Client().get(address("project", contest.scope.round.slug, project.number)).text
    )


# The worked example is counted, not written


def funded(rule):
    with translation.override("en"):
        example = worked_example(rule, "EUR")
    return [line.title for line in example.lines if line.is_funded]


@pytest.mark.parametrize(
    ("rule", "titles"),
    [
        # 4 votes, 3 votes, then 1.000 left.
        ({"method": "greedy"}, ["Playground", "Cycle racks"]),
        ({"method": "greedy", "overflow": "stop"}, ["Playground", "Cycle racks"]),
        # Each owns 2.000: the playground takes 1.500 of each of its four, who have 500 left; the
        # other two own 4.000, enough for the benches or, as it costs less, the fountain.
        ({"method": "equalshares"}, ["Playground", "Fountain"]),
        # A minimum made for thousands of ballots is left out.
        ({"method": "greedy", "min_votes": 100}, ["Playground", "Cycle racks"]),
    ],
)
def test_the_example_follows_the_rule(rule, titles):
    assert funded(rule) == titles


def test_every_rule_that_can_be_typed_gives_an_example():
    for completion in ("none", "add1", "add1u"):
        for utility in ("cost", "cardinality"):
            for comparison in ("none", "satisfaction", "coverage"):
                rule = {
                    "method": "equalshares",
                    "completion": completion,
                    "utility": utility,
                    "comparison": comparison,
                    "stop": "exhaustive",
                }
                assert funded(rule)
    for overflow in ("skip", "stop", "partial"):
        for order in ("votes", "votes-per-cost"):
            assert funded({"method": "greedy", "overflow": overflow, "order": order})
    assert worked_example({}, "EUR") is None


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"method": "phragmen"}, "what has come to each of them"),
        ({"method": "greedy", "overflow": "partial", "partial_share": "1/100"}, "the count ends"),
    ],
)
def test_the_example_says_how_each_rule_comes_to_its_projects(rule, words):
    with translation.override("en"):
        example = worked_example(Rule.from_json(rule).to_json(), "EUR")
    assert any(words in line.reason for line in example.lines)


# What other pages show of it


def test_search_finds_public_rounds_and_projects_only():
    ProjectFactory(contest__scope__round=ready_round(), title_en="Zeppelin hangar", number=90)
    hidden = ready_round(is_public=False)
    ProjectFactory(contest__scope__round=hidden, title_en="Zeppelin mast", number=91)
    text = Client().get("/en/search/?q=zeppelin").text
    assert "Zeppelin hangar" in text
    assert "Zeppelin mast" not in text


def test_the_sitemap_has_public_rounds_and_projects_only():
    public, hidden = ready_round(), ready_round(is_public=False)
    text = Client().get("/sitemap.xml").text
    if "<sitemapindex" in text:
        text = "".join(Client().get(f"/sitemap-{name}.xml").text for name in ("rounds", "projects"))
    assert f"/{public.slug}/" in text
    assert hidden.slug not in text


def test_the_home_page_and_a_neighbourhood_say_what_is_at_stake():
    place = NeighbourhoodFactory()
    round = ready_round()
    ContestFactory(scope=round.scopes.get(), neighbourhood=place, budget=50_000_00)
    assert round.name_en in Client().get("/en/").text
    assert "€50,000" in Client().get(place.get_absolute_url()).text


def test_a_finished_round_never_hides_the_one_under_way(tmp_path):
    under_way = ready_round()
    finished = import_small(tmp_path, facts=RoundFacts(is_ours=True))
    assert finished.created_at > under_way.created_at
    assert list(rounds_for_list(Round.objects.all())) == [under_way, finished]
    cache.clear()
    assert under_way.name_en in Client().get("/en/").text


def test_projects_are_chosen_by_theme_named_in_the_readers_language():
    round = ready_round()
    contest = round.scopes.first().contests.first()
    for number, title, italian, english in [
        (901, "Cycle path", "mobilità, scuola", "mobility, school"),
        (902, "Solar roof", "scuola", "school"),
        (903, "Old wall", "scuolabus", "school bus"),
    ]:
        ProjectFactory(
            contest=contest,
            number=number,
            title_en=title,
            categories_it=italian,
            categories_en=english,
        )
    url = address("projects", round.slug)
    page = Client().get(url).text
    for italian, english in [("mobilità", "mobility"), ("scuola", "school")]:
        assert f'<option value="{italian}">{english}</option>' in page
    chosen = Client().get(url, {"theme": "scuola"})
    assert {project.title for project in chosen.context["page_obj"]} == {"Cycle path", "Solar roof"}
    # One that there is not chooses nothing.
    assert len(Client().get(url, {"theme": "x"}).context["page_obj"]) > 3


@pytest.mark.parametrize(("ballots", "said"), [(20, "20 ballots counted"), (9, None)])
def test_a_finished_round_says_how_many_ballots_it_counted(tmp_path, ballots, said):
    round = import_small(tmp_path, ballots=["A"] * ballots)
    text = Client().get(address("round", round.slug)).text
    assert "In figures" in text
    assert ("ballots counted" in text) == bool(said)
    assert (said or "In figures") in text


def test_the_way_back_from_results_and_works_leads_through_the_rounds(tmp_path):
    round = import_small(tmp_path)
    for view in ("result", "deliveries"):
        text = Client().get(address(view, round.slug)).text
        trail = text[text.index("rione-breadcrumbs") :].split("</nav>")[0]
        assert f'href="{address("rounds")}"' in trail
