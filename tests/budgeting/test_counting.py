"""The count: only of a sealed box, the same for the same input, stored once."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from budgeting import tally
from budgeting.casting import cast, new_form
from budgeting.closing import close_if_due
from budgeting.counting import NotSealedError, TieError, count_contest, publish_counts
from budgeting.joint_acts import effect_of
from budgeting.models import Count, Delivery, Project, Round
from budgeting.sealing import seal_round

from ..factories.box import let_time_pass, make_entry, open_contest, signed_act
from ..factories.budgeting import ContestFactory, ProjectFactory
from .elections import import_small

pytestmark = pytest.mark.django_db


def test_an_open_round_is_not_counted():
    contest = ContestFactory()
    ProjectFactory(contest=contest)
    with pytest.raises(NotSealedError):
        count_contest(contest=contest)
    assert not Count.objects.exists()


def test_a_result_that_was_not_counted_is_not_published():
    contest = ContestFactory()
    with pytest.raises(NotSealedError):
        publish_counts(round_=contest.scope.round)


def test_counting_again_gives_the_same(tmp_path):
    round_ = import_small(tmp_path)
    first = Count.objects.get(contest__scope__round=round_)
    second = count_contest(contest=first.contest)
    assert second.inputs_sha256 == first.inputs_sha256
    assert second.outcome == first.outcome
    assert second.published_at is None


def test_other_ballots_have_another_hash(tmp_path):
    one = import_small(tmp_path, instance="2024")
    same = import_small(tmp_path, instance="2023", ballots=("B", "A,C", "A", "A,B") * 5)
    other = import_small(tmp_path, instance="2022", ballots=("B", "A,C", "A", "A,C") * 5)
    hashes = [
        Count.objects.get(contest__scope__round=round_).inputs_sha256
        for round_ in (one, same, other)
    ]
    assert hashes[0] == hashes[1] != hashes[2]


def test_one_published_count_for_each_contest(tmp_path):
    round_ = import_small(tmp_path)
    first = Count.objects.get(contest__scope__round=round_)
    second = count_contest(contest=first.contest)
    publish_counts(round_=round_)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.published_at is None, second.published_at is None) == (True, False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Count.objects.filter(pk=first.pk).update(published_at=second.published_at)


def test_an_undecided_tie_stops_the_count(tmp_path):
    """Two projects alike, money for one: without a draw nobody is chosen."""
    projects = [("A", 6000, "Alberi"), ("B", 6000, "Biblioteca")]
    import_small(tmp_path, projects=projects, ballots=["A", "B"] * 10)  # official order decides
    contest = Count.objects.get().contest
    rule = tally.Rule(tally.Method.GREEDY).to_json()
    # What a round's rules say is frozen; only this object asks for a draw.
    contest.scope.award_rule = rule
    with pytest.raises(TieError, match="A, B"):
        count_contest(contest=contest)
    draw = tally.Draw(seed="07-14-33", round="r", contest="c")
    count = count_contest(contest=contest, draw=draw)
    assert count.overview["ties"][0]["decided_by"] == "draw"
    assert count.overview["draw"]["seed"] == "07-14-33"


def test_every_project_has_a_row_with_its_reason(tmp_path):
    round_ = import_small(tmp_path)
    count = Count.objects.get(contest__scope__round=round_)
    rows = {row.project.code: row for row in count.rows.select_related("project")}
    assert {code: row.reason for code, row in rows.items()} == {
        "A": "funded",
        "B": "funded",
        "C": "did-not-fit",
        "D": "funded",
    }
    assert rows["C"].figures == {"remaining": 300_000, "missing": 200_000}
    assert [rows[code].order_funded for code in "ABD"] == [1, 2, 3]
    assert [rows[code].place for code in "ABCD"] == [1, 2, 3, 4]
    assert rows["A"].figures["left"] == 600_000


def test_what_was_missing_is_never_rounded_away(tmp_path):
    """Three people own 33.33… each: the project for 33.34 lacks a hundredth, not nothing."""
    projects = [("A", "33.34", "Alberi"), ("B", 60, "Biblioteca")]
    round_ = import_small(
        tmp_path,
        projects=projects,
        budget="100",
        ballots=["A", *["B"] * 2],
        rule="equalshares",
    )
    row = Count.objects.get(contest__scope__round=round_).rows.get(project__code="A")
    assert row.reason == "money-short"
    assert row.figures["missing"] == 1
    assert row.figures["had"] == 3333


def test_blank_ballots_are_counted(tmp_path):
    round_ = import_small(tmp_path, ballots=["A", "", "B", ""] * 5)
    count = Count.objects.get(contest__scope__round=round_)
    assert (count.ballots, count.blank_ballots) == (20, 10)


def test_only_own_rounds_start_deliveries(tmp_path):
    from budgeting.importing import RoundFacts

    import_small(tmp_path)
    assert not Delivery.objects.exists()
    own = import_small(tmp_path, facts=RoundFacts(name="Nostro", is_ours=True))
    funded = Project.objects.filter(round=own, result_rows__reason="funded")
    assert set(Delivery.objects.values_list("project", flat=True)) == {
        project.pk for project in funded
    }
    publish_counts(round_=Round.objects.get(pk=own.pk))
    assert Delivery.objects.count() == funded.count()


def test_an_own_round_is_counted_with_its_turnout():
    contest = open_contest()
    round_ = contest.scope.round
    for number in range(24):
        born = datetime.date(1960 if number % 2 else 2000, 5, 17)
        entry = make_entry(round_, birth_date=born)
        form = new_form(entry=entry, scope=contest.scope)
        chosen = [1, 2] if number % 3 else [3]
        channel = "online" if number < 13 else "assisted"
        cast(entry=entry, contest=contest, chosen=chosen, form=form, channel=channel)
    let_time_pass(round_)
    close_if_due(round_id=round_.pk)
    signed_act(round_, "sealing")
    seal_round(round=round_)
    round_.refresh_from_db()
    with pytest.raises(NotSealedError):
        count_contest(contest=contest)  # the key is still there
    act = signed_act(round_, "key_destruction", backups="destroyed")
    effect_of("key_destruction").apply(act)
    contest.scope.award_rule = {"method": "greedy", "ties": "file-order"}
    count = count_contest(contest=contest)
    publish_counts(round_=round_)
    round_.refresh_from_db()
    assert (count.ballots, round_.state) == (24, "published")
    assert len(count.rules_sha256) == 64
    tables = {table.kind: table.cells for table in contest.turnout_tables.all()}
    assert tables == {
        "channel": [
            {"labels": ["online"], "ballots": 13},
            {"labels": ["assisted"], "ballots": 11},
        ],
        "age": [{"labels": ["25-34"], "ballots": 12}, {"labels": ["65-74"], "ballots": 12}],
    }
