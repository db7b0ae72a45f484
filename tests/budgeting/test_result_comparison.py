"""The same ballots under other rules, side by side: what pages say is what was stored."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from budgeting.models import Count, Insight, Round
from budgeting.result_comparison import Comparison, comparison
from budgeting.result_pages import ContestResult, published_counts

from .elections import import_small

pytestmark = pytest.mark.django_db

BALLOTS = ["A,C"] * 11 + ["B"] * 5 + ["D"] * 4
"""By votes A and C win; by shares B, whose five people would otherwise get nothing."""


def address(round_: Round) -> str:
    return f"/en/participatory-budget/{round_.slug}/result/prova/compare/"


def why_address(round_: Round, number: int) -> str:
    with translation.override("en"):
        return reverse("budgeting:why", kwargs={"slug": round_.slug, "number": number})


def words(client, round_: Round) -> str:
    response = client.get(address(round_))
    assert response.status_code == 200
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main).replace("\xa0", " "))


def compared(round_: Round) -> Comparison:
    return comparison(ContestResult(published_counts(round_.slug)[0]))


def divided(tmp_path) -> Round:
    return import_small(tmp_path, ballots=BALLOTS, budget="9000")


def test_each_rule_at_a_glance(client, tmp_path):
    text = words(client, divided(tmp_path))
    assert "Most votes first the rule of this vote 2 €9,000 11 (55%)" in text
    assert "Method of Equal Shares 2 €7,000 16 (80%)" in text
    assert "5 people have more of their choices funded, 11 people fewer." in text


def test_anybody_can_count_again_under_each_rule(client, tmp_path):
    text = words(client, divided(tmp_path))
    assert "Sequential Phragmén" in text
    assert "--rule phragmen --overflow skip --ties" in text
    assert "--rule equalshares" in text


def test_projects_on_which_the_rules_differ_are_marked_rule_by_rule(client, tmp_path):
    round_ = divided(tmp_path)
    with translation.override("en"):
        found = compared(round_)
        marks = {
            change.line.title: {mark.name: mark.is_funded for mark in change.marks}
            for change in found.changes(found.differing)
        }
    assert marks["=Biblioteca"]["Most votes first"] is False
    assert marks["=Biblioteca"]["Method of Equal Shares"] is True
    assert "Alberi in piazza" not in marks
    assert "1 project is funded by every rule." in words(client, round_)


def test_two_rules_of_one_name_are_told_apart(tmp_path):
    round_ = import_small(tmp_path, rule="greedy-no-skip")
    with translation.override("en"):
        names = compared(round_).names
    assert names[0] == "Most votes first"
    assert "Most votes first, skipping what does not fit" in names
    assert len(set(names)) == len(names)


def test_every_ballot_is_in_the_bars_and_in_the_table(tmp_path):
    chart = compared(divided(tmp_path)).satisfied
    for line in chart.groups[0].lines:
        assert sum(bar.width for bar in line.bars) == pytest.approx(100, abs=0.1)
    numbers = [[int(re.match(r"\d+", cell)[0]) for cell in row[1:]] for row in chart.rows]
    assert {sum(column) for column in zip(*numbers, strict=True)} == {20}


def test_money_by_area_and_theme(tmp_path):
    header = "project_id;cost;name;neighborhood;category"
    projects = [
        ("A", 4000, "Alberi", "Nord", "verde"),
        ("B", 3000, "Biblioteca", "Sud", "cultura"),
        ("C", 5000, "Campetto", "Nord", "sport"),
        ("D", 2500, "Doposcuola", "", ""),
    ]
    round_ = import_small(
        tmp_path, projects=projects, project_header=header, ballots=BALLOTS, budget="9000"
    )
    with translation.override("en"):
        found = compared(round_)
        rows = {row[0]: row[1:3] for row in found.neighbourhoods.rows}
        assert rows["Nord"] == ("€9,000", "€4,000")
        assert rows["Sud"] == ("€0", "€3,000")
        assert found.categories.title == "What the money is for"


def test_without_areas_there_is_no_chart_of_areas(tmp_path):
    found = compared(divided(tmp_path))
    assert found.neighbourhoods is None
    assert found.categories is None


def test_groups_of_people_say_what_they_got_and_decided(client, tmp_path):
    round_ = divided(tmp_path)
    keys = [award["key"] for award in Insight.objects.get().awards]
    award = {"ballots": [10, 12, 18], "money": 450_000}
    table = {
        "kind": "age",
        "columns": [0, 1, 2],
        "groups": [{"labels": ["16-24"], "people": 40, "awards": dict.fromkeys(keys, award)}],
    }
    Insight.objects.update(groups=[table])
    text = words(client, round_)
    assert "By age" in text
    assert "16–24 · 40 people" in text
    assert "75% have at least one of their choices funded; they decided €4,500" in text
    assert "Group Rule Ballots no choice 1 2 or more Money they decided" in text
    assert "16–24 Most votes first 40 10 (25%) 12 (30%) 18 (45%) €4,500" in text


def test_while_it_is_worked_out_the_page_says_so(client, tmp_path):
    round_ = divided(tmp_path)
    Insight.objects.all().delete()
    assert "Being worked out" in words(client, round_)
    html = client.get(address(round_)).content.decode()
    assert '<meta name="robots" content="noindex">' in html


def test_few_ballots_are_not_compared(client, tmp_path):
    assert client.get(address(import_small(tmp_path, ballots=["A"] * 9))).status_code == 404


def test_the_page_costs_few_queries_whatever_is_compared(client, tmp_path):
    many = [(f"P{n}", 100 + n, f"Progetto {n}") for n in range(200)]
    costs = []
    for options in ({}, {"projects": many, "ballots": ["P1,P2", "P3", "P9"] * 40}):
        round_ = import_small(tmp_path, instance=f"20{len(options)}1", **options)
        client.get(address(round_))
        with CaptureQueriesContext(connection) as captured:
            client.get(address(round_))
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 8
    assert Count.objects.count() == 2


def test_links_to_a_result_bring_a_picture(client, tmp_path):
    round_ = divided(tmp_path)
    html = client.get(f"/en/participatory-budget/{round_.slug}/result/").content.decode()
    found = re.search(r'<meta property="og:image" content="https?://[^/]+([^"]+)"', html)[1]
    picture = client.get(found)
    assert picture["Content-Type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert "public" in picture["Cache-Control"]
    assert re.search(r'<meta property="og:title" content="Result: [^"]+"', html)
    assert '<link rel="canonical" href="' in html


def test_a_funded_project_leads_to_the_groups_where_there_are_any(client, tmp_path):
    round_ = divided(tmp_path)
    why = why_address(round_, 1)
    assert "Groups of people" not in client.get(why).content.decode()
    Insight.objects.update(groups=[{"kind": "age", "columns": [0, 1], "groups": []}])
    html = client.get(why).content.decode()
    target = re.search(r'href="([^"]*)#(group-[^"]*)"', html)
    assert target[1] == address(round_)
    assert f'id="{target[2]}"' in client.get(target[1]).content.decode()
    lost = client.get(why_address(round_, 2)).content.decode()
    assert "Groups of people" not in lost


def test_what_is_left_out_of_a_group_is_left_out_of_its_page(client, tmp_path):
    round_ = divided(tmp_path)
    found = Insight.objects.get()
    own = {"ballots": [10, 20], "money": None}
    groups = [{"labels": ["Nord"], "people": 30, "awards": {"own": own}}]
    found.groups = [{"kind": "neighbourhood", "columns": [0, 1], "groups": groups}]
    found.save()
    text = words(client, round_)
    assert "Nord Most votes first 30 10 (33.3%) 20 (66.7%) not said" in text
    assert "Nord Method of Equal Shares" not in text
