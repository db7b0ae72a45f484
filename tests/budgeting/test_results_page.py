"""Anybody understands a result, and the page stays quick."""

import re
import shlex
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from budgeting import tally
from budgeting.counting import tell_more
from budgeting.explanations import cell_label
from budgeting.importing import RoundFacts, SourceFile, import_round
from budgeting.models import Count, Round, TurnoutTable
from budgeting.result_pages import ContestResult
from budgeting.tally import cli as tally_cli

from .elections import PROJECTS, import_real, import_small, write_file

pytestmark = pytest.mark.django_db


def address(name: str, **arguments: object) -> str:
    with translation.override("en"):
        return reverse(f"budgeting:{name}", kwargs=arguments)


def text_of(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain.replace("\xa0", " ")).replace("&#x27;", "'")


def result(round_: Round) -> str:
    return address("result", slug=round_.slug)


def test_the_result_in_one_sentence(client, tmp_path):
    text = text_of(client, result(import_small(tmp_path)))
    assert "3 of 4 projects funded, 20 ballots, €9,500 of €10,000" in text


def test_each_project_has_its_reason(client, tmp_path):
    text = text_of(client, result(import_small(tmp_path)))
    assert "At its turn €10,000 were left, enough for it." in text
    assert "€3,000 were left at its turn: €2,000 too little." in text


def test_why_a_project_lost_in_two_sentences(client, tmp_path):
    round_ = import_small(tmp_path)
    text = text_of(client, address("why", slug=round_.slug, number=3))
    assert "No, it was not funded. 5 people of 20 chose it; it costs €5,000." in text
    assert "At its turn €3,000 of the budget were left, €2,000 less than it costs." in text


def test_what_would_have_been_enough_is_told_once_it_is_known(client, tmp_path):
    round_ = import_small(tmp_path)
    url = address("why", slug=round_.slug, number=3)
    assert "is being worked out by counting again" in text_of(client, url)
    assert tell_more(count=Count.objects.get())
    text = text_of(client, url)
    assert "6 more votes, on ballots that choose this project alone" in text
    assert "At a cost of €3,000, €2,000 less, it would have been funded; at €3,001" in text
    with translation.override("it"):
        url = reverse("budgeting:why", kwargs={"slug": round_.slug, "number": 3})
    text = text_of(client, url)
    assert "5 persone su 20 lo hanno scelto; costa 5.000 €." in text
    assert "Sarebbero bastati 6 voti in più, su schede che scelgono solo questo" in text


def test_a_funded_project_says_by_how_much(client, tmp_path):
    round_ = import_small(tmp_path)
    assert tell_more(count=Count.objects.get())
    text = text_of(client, address("why", slug=round_.slug, number=1))
    assert "It was funded in step 1 of the count." in text
    assert "By how much" in text


def test_nothing_is_asked_where_only_shares_decide(client, tmp_path):
    round_ = import_small(tmp_path, rule="equalshares")
    text = text_of(client, address("why", slug=round_.slug, number=1))
    assert "worked out" not in text
    assert "By how much" not in text
    assert "afterwards they had" in text


def test_why_a_project_won_by_equal_shares(client, tmp_path):
    round_ = import_small(tmp_path, rule="equalshares")
    text = text_of(client, address("why", slug=round_.slug, number=1))
    assert "Yes, it was funded. 15 people of 20 chose it; it costs €4,000." in text
    assert "nobody paid more than ≈ €266.67" in text


def test_why_a_project_lost_by_equal_shares(client, tmp_path):
    ballots = ["A,B"] * 6 + ["B"] * 5 + ["C"]
    round_ = import_small(tmp_path, rule="equalshares", ballots=ballots, budget="9000")
    text = text_of(client, address("why", slug=round_.slug, number=1))
    assert "had ≈ €2,863.64 left of their shares, after paying for other projects" in text
    text = text_of(client, address("why", slug=round_.slug, number=3))
    assert "1 person of 12 chose it; it costs €5,000." in text
    assert "paid for no other project, and all their shares together are €750" in text
    text = text_of(client, address("why", slug=round_.slug, number=4))
    assert "No, it was not funded. Nobody chose it, of 12; it costs €2,500." in text


def test_the_command_on_the_why_page_tells_the_story_of_its_project(
    client, tmp_path, capsys, monkeypatch
):
    """Numbers of the site and ids of the file are not the same here: Biblioteca is 2, and B."""
    round_ = import_small(tmp_path, rule="equalshares")
    html = client.get(address("why", slug=round_.slug, number=2)).content.decode()
    assert "<dd>2</dd>" in html
    assert "<dd><code>B</code></dd>" in html
    (command,) = re.findall(r"<code>rione-tally (.*?)</code>", html)
    file, *options = shlex.split(unescape(command))
    ballots = reverse("result_ballots", kwargs={"slug": round_.slug, "contest": "prova"})
    monkeypatch.chdir(tmp_path)
    (tmp_path / file).write_bytes(b"".join(client.get(ballots).streaming_content))
    assert tally_cli.main([file, *options]) == 0
    told = capsys.readouterr().out
    assert told.splitlines()[0].endswith("(B)")
    assert "chose it; it costs" in told


def test_money_of_the_ballots_beyond_the_budget_is_called_a_measure(client, tmp_path):
    words = "It is a measure for counting, not cash"
    ballots = ["A,B", "A", "A,C", "B", "D,C"] * 4
    kept = import_small(tmp_path, rule="equalshares", ballots=ballots, instance="2023")
    raised = import_small(tmp_path, rule="equalshares/add1", ballots=ballots, instance="2024")
    for url in ("result", "result_steps"):
        more = {"contest": "prova"} if url == "result_steps" else {}
        assert words not in text_of(client, address(url, slug=kept.slug, **more))
        assert words in text_of(client, address(url, slug=raised.slug, **more))


def test_one_person_alone_is_one_person(client, tmp_path):
    round_ = import_small(tmp_path, rule="equalshares", ballots=["A"] + ["B"] * 11, budget="48000")
    text = text_of(client, address("why", slug=round_.slug, number=1))
    assert "split equally among 1 person." in text


@pytest.mark.parametrize(("least", "words"), [(1, "1 was"), (7, "7 were")])
def test_a_minimum_that_was_missed_is_named(client, tmp_path, least, words):
    rule = tally.Rule(method=tally.Method.GREEDY, min_votes=least)
    path = write_file(tmp_path, ballots=["A"] * 12)
    round_ = import_round(files=[SourceFile(path, rule=rule)])
    text = text_of(client, address("result", slug=round_.slug))
    assert f"at least {words} needed to take part" in text


def test_steps_by_votes_for_each_euro_come_in_their_order(client, tmp_path):
    rule = tally.Rule(method=tally.Method.GREEDY, order=tally.Order.VOTES_PER_COST)
    path = write_file(tmp_path, ballots=["A", "A,D"] * 6)
    round_ = import_round(files=[SourceFile(path, rule=rule)])
    text = text_of(client, address("result_steps", slug=round_.slug, contest="prova"))
    assert text.index("Alberi in piazza") < text.index("Doposcuola")
    path = write_file(
        tmp_path,
        ballots=["A", "A,D"] * 6,
        projects=(("A", 9000, "Alberi"), PROJECTS[3]),
        instance="2023",
    )
    round_ = import_round(files=[SourceFile(path, rule=rule)])
    text = text_of(client, address("result_steps", slug=round_.slug, contest="prova"))
    assert text.index("Doposcuola") < text.index("Alberi")


def test_names_keep_their_language(client, tmp_path):
    round_ = import_small(tmp_path, language="pl")
    html = client.get(result(round_)).content.decode()
    assert re.search(r'<a href="[^"]*" lang="pl">Alberi in piazza</a>', html)


def test_a_foreign_currency_is_named(client, tmp_path):
    text = text_of(client, result(import_small(tmp_path, currency="PLN")))
    assert "PLN 9,500 of PLN 10,000" in text
    assert "Polish zlotys (PLN)" in text


def test_an_unknown_currency_is_said(client, tmp_path):
    text = text_of(client, result(import_small(tmp_path, currency="")))
    assert "The source does not say in which currency" in text
    assert "9,500 of 10,000" in text


def test_differences_with_the_official_award_are_said(client, tmp_path):
    projects = [(*project, mark) for project, mark in zip(PROJECTS, "0120", strict=True)]
    round_ = import_small(
        tmp_path, projects=projects, project_header="project_id;cost;name;selected"
    )
    text = text_of(client, result(round_))
    assert "They differ on 3 projects." in text
    assert "Our count funds it; the official award did not." in text
    assert "It was not funded from this budget; the city paid for it another way." in text


def test_agreement_with_the_official_award_is_said(client):
    text = text_of(client, result(import_real("poland_wieliczka_2023_green-budget.pb")))
    assert "30 of 64 projects funded, 6,586 ballots, PLN 995,079 of PLN 1,000,000" in text
    assert "They are the same, project by project" in text
    assert "so Equal Shares holds" in text
    assert "The count was made 166 times" in text


def test_turnout_or_why_it_is_absent(client, tmp_path):
    ballots = ["A;internet"] * 15 + ["B;paper"] * 12
    round_ = import_small(tmp_path, header="voter_id;vote;voting_method", ballots=ballots)
    text = text_of(client, result(round_))
    assert "Online 15 On paper 12" in text
    left_out = "The source does not say: where people live, people’s ages, how many are women"
    assert text.count("The source does not say") == 1
    assert left_out in text


def test_few_ballots_publish_totals_and_award_only(client, tmp_path):
    round_ = import_small(tmp_path, ballots=["A", "A,B", "C"])
    url = result(round_)
    text = text_of(client, url)
    assert "Fewer than ten people voted" in text
    assert "were left at its turn" not in text
    count = Count.objects.get(contest__scope__round=round_)
    assert count.inputs_sha256 not in text
    contest = round_.scopes.get().contests.get()
    assert client.get(address("why", slug=round_.slug, number=1)).status_code == 404
    steps = address("result_steps", slug=round_.slug, contest=contest.slug)
    assert client.get(steps).status_code == 404
    ballots = reverse("result_ballots", kwargs={"slug": round_.slug, "contest": contest.slug})
    assert client.get(ballots).status_code == 404


def test_few_ballots_do_not_show_in_the_order_of_the_lists(client, tmp_path):
    text = text_of(client, result(import_small(tmp_path, ballots=["D", "D,A", "B,D", "D,A"])))
    places = [text.index(title) for _id, _cost, title in (PROJECTS[0], PROJECTS[1], PROJECTS[3])]
    assert places == sorted(places)


def test_every_row_has_a_cell_for_each_heading(client, tmp_path):
    """Projects that Equal Shares did not buy have no effective votes, yet a cell for them."""
    projects = [("Z", 0, "Zero"), *PROJECTS]
    round_ = import_small(tmp_path, projects=projects, ballots=["Z,A,B"] * 20, rule="equalshares")
    html = client.get(result(round_)).content.decode()
    found = []
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL)[:3]:
        headings = table.count('<th scope="col"')
        rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
        assert {row.count("<td") + 1 for row in rows} == {headings}
        found.append(len(rows))
    assert found == [5, 3, 2]  # the chart's table, the funded, the others


def test_several_contests_have_an_overview(client, tmp_path):
    files = [write_file(tmp_path, name=f"{name}.pb", subunit=name) for name in ("Nord", "Sud")]
    round_ = import_round(files=[SourceFile(file) for file in files])
    text = text_of(client, result(round_))
    assert "2 contests, each with a budget of its own." in text
    page = text_of(client, address("result_contest", slug=round_.slug, contest="sud"))
    assert "Result: Sud" in page


def test_the_only_contest_is_the_result(client, tmp_path):
    round_ = import_small(tmp_path)
    page = client.get(address("result_contest", slug=round_.slug, contest="prova"))
    assert (page.status_code, page["Location"]) == (302, result(round_))


def test_steps_come_in_the_order_of_the_count(client, tmp_path):
    round_ = import_small(tmp_path)
    text = text_of(client, address("result_steps", slug=round_.slug, contest="prova"))
    places = [text.index(title) for _id, _cost, title in PROJECTS]
    assert places == sorted(places)
    assert "15 votes, cost €4,000: funded. €6,000 remain." in text


def test_what_is_not_public_is_not_there(client, tmp_path):
    round_ = import_small(tmp_path)
    Round.objects.update(is_public=False)
    for url in (
        result(round_),
        address("why", slug=round_.slug, number=1),
        reverse("result_data", kwargs={"slug": round_.slug, "contest": "prova"}),
    ):
        assert client.get(url).status_code == 404


def test_downloads_are_attachments_of_a_safe_type(client, tmp_path):
    round_ = import_small(tmp_path)
    types = {"ballots": "text/plain", "table": "text/csv", "data": "application/json"}
    for name, kind in types.items():
        url = reverse(f"result_{name}", kwargs={"slug": round_.slug, "contest": "prova"})
        response = client.get(url)
        assert response["Content-Type"].startswith(kind)
        assert response["Content-Disposition"].startswith("attachment; filename=")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert not response.cookies


def test_anonymous_pages_may_be_kept_and_set_no_cookie(client, tmp_path):
    round_ = import_small(tmp_path)
    for url in (result(round_), address("why", slug=round_.slug, number=1)):
        response = client.get(url)
        assert not response.cookies
        assert "public" in response["Cache-Control"]


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_pages_cost_the_same_for_one_project_and_for_many(client, tmp_path):
    few = import_small(tmp_path, projects=PROJECTS[:1], ballots=["A"] * 20, instance="2023")
    many = [(f"P{n}", 100 + n, f"Progetto {n}") for n in range(150)]
    lots = import_small(tmp_path, projects=many, ballots=["P1,P2", "P3"] * 300, instance="2024")
    for name, arguments in (
        ("result", {}),
        ("why", {"number": 1}),
        ("result_steps", {"contest": "prova"}),
        ("result_step", {"contest": "prova", "number": 1}),
    ):
        costs = [queries(client, address(name, slug=r.slug, **arguments)) for r in (few, lots)]
        assert costs[0] == costs[1] <= 8, name


def test_pages_cost_the_same_for_one_contest_and_for_many(client, tmp_path):
    costs = []
    for number in (2, 6):
        names = [f"{number}-{at}" for at in range(number)]
        files = [write_file(tmp_path, name=f"{name}.pb", subunit=name) for name in names]
        facts = RoundFacts(name=f"Edizione {number}")
        round_ = import_round(files=[SourceFile(file) for file in files], facts=facts)
        urls = [result(round_), address("why", slug=round_.slug, number=4 * number)]
        costs.append([queries(client, url) for url in urls])
    assert costs[0] == costs[1]


def test_long_lists_have_pages(client, tmp_path):
    many = [(f"P{n}", 100, f"Progetto {n:03}") for n in range(150)]
    round_ = import_small(tmp_path, projects=many, ballots=["P1,P2"] * 20, budget="200")
    text = text_of(client, result(round_))
    assert "Page 1 of 5" in text
    assert "Progetto 149" in text_of(client, result(round_) + "?others=5")
    assert "The chart shows projects 1–12 of 150, in the order of the count." in text
    chart = text_of(client, result(round_) + "?chart=13")
    assert "The chart shows projects 145–150 of 150" in chart


def test_merged_groups_say_what_they_hold():
    age, place = TurnoutTable.Kind.AGE, TurnoutTable.Kind.NEIGHBOURHOOD
    with translation.override("en"):
        assert cell_label(age, ["0-15", "16-24"]) == "0–24"
        assert cell_label(age, ["65-74", "75+", ""]) == "65 and over, or not stated"
        assert cell_label(place, ["Nord", "Sud"]) == "Nord, Sud"
        assert cell_label(place, list("abcdef")) == "6 others together"
        assert cell_label(place, [""]) == "Not stated"


def test_own_invented_rounds_say_so(client, tmp_path):
    facts = RoundFacts(name="Nostro", is_ours=True, is_invented=True)
    text = text_of(client, result(import_small(tmp_path, facts=facts)))
    assert "Invented for the demonstration" in text
    assert "another city" not in text


@pytest.mark.parametrize("page", ["", "?funded=9&others=2"])
def test_paper_has_no_next_page_so_every_project_is_there(client, page):
    round_ = import_real("poland_wieliczka_2023_green-budget.pb")
    html = unescape(client.get(result(round_) + page).content.decode())
    lists = re.findall(r'<div class="rione-table result-table.*?</table>', html, re.DOTALL)
    assert len(lists) == 2
    for project in round_.projects.all():
        assert project.title in "".join(lists)
    assert [each.count("<tr") - 1 for each in lists] == [30, 34]


def test_a_place_is_named_once_above_a_reason(client):
    round_ = import_real("poland_wieliczka_2023_green-budget.pb")
    html = client.get(address("why", slug=round_.slug, number=1)).content.decode()
    eyebrow = re.search(r'rione-eyebrow">([^<]*)<', html)[1]
    assert eyebrow == ContestResult(Count.objects.get(contest__scope__round=round_)).name
