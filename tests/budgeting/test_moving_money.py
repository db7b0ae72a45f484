"""Money that a contest leaves moves to the contest the rule names, and nowhere twice."""

import json

import pytest
from django.db import connection
from django.utils import translation

from budgeting import tally
from budgeting.counting import count_contest
from budgeting.exporting import pabulib_pieces, recount_options
from budgeting.importing import SourceFile, import_round
from budgeting.models import Contest, Count, Scope
from budgeting.moving_money import CountedTooEarlyError, budget_with_moved_money, city_wide
from budgeting.publication import PublicationRefused, publish
from budgeting.readiness import _scopes as scope_findings
from budgeting.result_pages import ContestResult
from budgeting.tally import cli
from tests.factories.budgeting import ContestFactory, ScopeFactory
from tests.factories.commons import NeighbourhoodFactory

from .elections import write_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
GREEDY = {"method": "greedy", "ties": "file-order"}


@pytest.fixture
def in_english():
    with translation.override("en"):
        yield


def round_of_three(tmp_path, areas):
    """Three imported contests of one round: two neighbourhoods, then the city; nothing counted.

    Each has 100,00 and funds A (40) and B (30); C (50) comes next.
    """
    paths = [
        write_file(tmp_path, name=f"{name}.pb", subunit=name, budget="100",
                   projects=[("A", 40, "Alberi"), ("B", 30, "Biblioteca"), ("C", 50, "Campetto")],
                   ballots=["A,B,C", "A,B", "A"] * 4)
        for name in ("Nord", "Sud", "City")
    ]  # fmt: skip
    round_ = import_round(files=[SourceFile(path) for path in paths])
    first, second, city = Contest.objects.filter(scope__round=round_).order_by("position", "pk")
    rule = tally.Rule.from_json(GREEDY | {"areas": areas}).to_json()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Contest.objects.filter(scope__round=round_).update(scope=first.scope_id)
        Contest.objects.filter(pk=first.pk).update(neighbourhood=NeighbourhoodFactory())
        Contest.objects.filter(pk=second.pk).update(neighbourhood=NeighbourhoodFactory())
        Scope.objects.filter(round=round_).update(award_rule=rule)
        Count.objects.all().delete()
        cursor.execute("SET LOCAL session_replication_role = origin")
    return [Contest.objects.get(pk=contest.pk) for contest in (first, second, city)]


def counted(contests):
    return [count_contest(contest=contest) for contest in contests]


@pytest.mark.parametrize(
    ("areas", "budgets", "funded"),
    [
        ("none", [100_00, 100_00, 100_00], [2, 2, 2]),
        ("lapse", [100_00, 100_00, 100_00], [2, 2, 2]),
        # 30 are left of 100; with them the next has enough for C, and leaves 10.
        ("next", [100_00, 130_00, 110_00], [2, 3, 2]),
        ("city", [100_00, 100_00, 160_00], [2, 2, 3]),
    ],
)
def test_what_a_contest_leaves_goes_where_the_rule_says(tmp_path, areas, budgets, funded):
    counts = counted(round_of_three(tmp_path, areas))
    assert [count.budget for count in counts] == budgets
    assert [count.funded for count in counts] == funded
    assert [count.overview["moved_in"] for count in counts] == [each - 100_00 for each in budgets]
    assert {count.rule["areas"] for count in counts} == {"none"}
    publish(round_=counts[0].contest.scope.round)
    assert Count.objects.filter(published_at__isnull=False).count() == 3


def test_the_published_file_has_the_money_that_was_counted(tmp_path, capsys):
    last = counted(round_of_three(tmp_path, "city"))[-1]
    count = Count.objects.select_related("contest__scope__round").get(pk=last.pk)
    path = tmp_path / "published.pb"
    path.write_text("".join(pabulib_pieces(count)), encoding="utf-8")
    assert "budget;160\n" in path.read_text("utf-8").replace("\r", "")
    assert cli.main([str(path), *recount_options(count).split(), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["winners"] == count.outcome["winners"]
    (told,) = [line for line in ContestResult(count).course_in_words if "moved here" in line]
    assert "60" in told


@pytest.mark.parametrize("areas", ["next", "city"])
def test_a_contest_waits_for_those_whose_money_comes_to_it(tmp_path, areas):
    first, _second, city = round_of_three(tmp_path, areas)
    count_contest(contest=first)
    with pytest.raises(CountedTooEarlyError):
        count_contest(contest=city)


def test_a_count_made_before_its_money_came_is_not_published(tmp_path):
    contests = round_of_three(tmp_path, "next")
    counted(contests)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Contest.objects.filter(pk=contests[0].pk).update(budget=90_00)
        cursor.execute("SET LOCAL session_replication_role = origin")
    count_contest(contest=Contest.objects.get(pk=contests[0].pk))
    with pytest.raises(PublicationRefused, match="count it again"):
        publish(round_=contests[0].scope.round)


def test_the_city_is_the_only_city_wide_contest_of_the_scope_or_else_of_the_round():
    rule = tally.Rule.from_json(GREEDY | {"areas": "city"}).to_json()
    scope = ScopeFactory(award_rule=rule)
    ContestFactory(scope=scope, neighbourhood=NeighbourhoodFactory())
    assert city_wide(scope) is None
    words = [str(finding.message) for finding in scope_findings(scope.round)]
    assert any("exactly one" in word for word in words)
    other = ScopeFactory(round=scope.round, award_rule=rule)
    city = ContestFactory(scope=other, neighbourhood=None)
    assert city_wide(scope) == city
    with pytest.raises(CountedTooEarlyError):
        budget_with_moved_money(city)
    ContestFactory(scope=other, neighbourhood=None, slug="due")
    assert city_wide(scope) is None
    assert budget_with_moved_money(city) == city.budget


def test_a_rule_that_is_not_complete_moves_no_money():
    scope = ScopeFactory(award_rule={})
    first = ContestFactory(scope=scope, neighbourhood=NeighbourhoodFactory())
    city = ContestFactory(scope=scope, neighbourhood=None, slug="citta")
    for contest in (first, city):
        assert budget_with_moved_money(contest) == contest.budget


def test_a_rule_that_is_not_defined_for_its_ballots_is_found_before_the_opening():
    rule = tally.Rule(tally.Method.PHRAGMEN).to_json()
    scope = ScopeFactory(award_rule=rule, vote_type="ordinal")
    ContestFactory(scope=scope)
    words = [str(finding.message) for finding in scope_findings(scope.round)]
    assert any("not defined" in word for word in words)
