"""Each step of a count can be followed alone: who was next, why, who paid, what was left."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from budgeting import tally
from budgeting.importing import SourceFile, import_round
from budgeting.models import Count, Round

from .elections import PROJECTS, import_small, write_file

pytestmark = pytest.mark.django_db


def page(client, round_: Round, number: int) -> str:
    with translation.override("en"):
        address = reverse(
            "budgeting:result_step",
            kwargs={"slug": round_.slug, "contest": "prova", "number": number},
        )
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    main = re.search(r"<main.*</main>", html, re.DOTALL)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main).replace("\xa0", " "))


def test_a_step_by_votes(client, tmp_path):
    text = words(page(client, import_small(tmp_path), 3))
    assert "Step 3 of 4" in text
    assert "It was next in the order of the count." in text
    assert "At its turn €3,000 of the budget were left, €2,000 less than it costs." in text
    assert "€3,000 of the budget were left, and stay." in text


def test_what_a_step_takes_is_gone_from_the_budget(client, tmp_path):
    text = words(page(client, import_small(tmp_path), 2))
    assert "€6,000 of the budget were left; after this step, €3,000." in text


def test_who_paid_adds_up_to_the_cost(client, tmp_path):
    """Whoever paid for A has 233.33 left: they give all of it for B, the other five the rest."""
    projects = (PROJECTS[0], ("B", 4_500, "Biblioteca"))
    ballots = ["A,B"] * 10 + ["B"] * 5 + ["A"] * 5
    round_ = import_small(tmp_path, rule="equalshares", projects=projects, ballots=ballots)
    text = words(page(client, round_, 2))
    assert "5 people paid ≈ €433.33 each: €2,166.67" in text
    assert "10 people had ≈ €233.33 left and gave all of it: €2,333.33" in text
    assert "Together, its cost: €4,500" in text
    assert "exactly 130000/3 hundredths" in text
    step = Count.objects.get().outcome["trace"][1]
    assert (step["supporters"], step["capped"]) == (15, 10)


def test_with_points_the_trace_tells_who_paid(client, tmp_path):
    round_ = import_small(
        tmp_path,
        rule="equalshares",
        vote_type="cumulative",
        header="voter_id;vote;points",
        ballots=["A,B;3,2"] * 12,
        max_sum_points="5",
    )
    text = words(page(client, round_, 1))
    assert re.search(r"12 people paid (?:≈ )?€\d", text)


def test_a_purchase_tells_who_would_have_been_next(client, tmp_path):
    """At the beginning everybody has 500: the ten people of B would have paid 300 each."""
    ballots = ["A,B"] * 5 + ["A"] * 7 + ["B"] * 5 + ["C"] * 3
    text = words(page(client, import_small(tmp_path, rule="equalshares", ballots=ballots), 1))
    assert "The next best was “=Biblioteca”: it asked at most €300 of each person." in text


def test_by_phragmen_those_who_saved_longer_pay_more(client, tmp_path):
    rule = tally.Rule(method=tally.Method.PHRAGMEN)
    path = write_file(tmp_path, ballots=["A,B"] * 10 + ["B"] * 5)
    round_ = import_round(files=[SourceFile(path, rule=rule)])
    first = words(page(client, round_, 1))
    assert "15 people had saved since the beginning and paid €200 each: €3,000" in first
    second = words(page(client, round_, 2))
    assert "10 people had saved since step 1 and paid €400 each: €4,000" in second


def test_steps_lead_to_each_other_and_end(client, tmp_path):
    round_ = import_small(tmp_path)
    seen = []
    address = f"/en/participatory-budget/{round_.slug}/result/prova/steps/1/"
    while address:
        html = client.get(address).content.decode()
        seen.append(re.search(r"<h1[^>]*>([^<]+)</h1>", html)[1])
        found = re.search(r'<a class="scene-next" href="([^"]+)"', html)
        address = found and found[1]
    assert seen == [title for _id, _cost, title in PROJECTS]
    assert 'rel="prev"' not in page(client, round_, 1)


@pytest.mark.parametrize("number", [0, 5, 400])
def test_there_is_no_other_step(client, tmp_path, number):
    round_ = import_small(tmp_path)
    address = f"/en/participatory-budget/{round_.slug}/result/prova/steps/{number}/"
    assert client.get(address).status_code == 404


def test_steps_of_few_ballots_are_not_told(client, tmp_path):
    round_ = import_small(tmp_path, ballots=["A", "A,B", "C"])
    address = f"/en/participatory-budget/{round_.slug}/result/prova/steps/1/"
    assert client.get(address).status_code == 404


def test_why_leads_to_the_step(client, tmp_path):
    round_ = import_small(tmp_path)
    html = client.get(f"/en/participatory-budget/{round_.slug}/projects/3/why/").content.decode()
    assert f"/en/participatory-budget/{round_.slug}/result/prova/steps/3/" in html


def test_the_list_of_steps_leads_to_each(client, tmp_path):
    round_ = import_small(tmp_path)
    html = client.get(
        f"/en/participatory-budget/{round_.slug}/result/prova/steps/"
    ).content.decode()
    assert re.findall(r'<a href="(\d)/"', html) == ["1", "2", "3", "4"]
