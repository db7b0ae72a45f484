"""What a count tells beyond its award, as stored and read by pages."""

import pytest
from django.db import IntegrityError, transaction

from budgeting import insights, tally
from budgeting.counting import tell_more
from budgeting.importing import SourceFile, import_round
from budgeting.insights import insights_of
from budgeting.models import Count, Insight, ResultRow

from .elections import PROJECTS, import_small, write_file

pytestmark = pytest.mark.django_db


def only_count() -> Count:
    return Count.objects.get()


def codes(keys: tuple[int, ...]) -> list[str]:
    found = dict(ResultRow.objects.values_list("project", "project__code"))
    return [found[key] for key in keys]


def test_the_same_ballots_under_other_rules(tmp_path):
    ballots = ["A,C"] * 11 + ["B"] * 5 + ["D"] * 4
    import_small(tmp_path, ballots=ballots, budget="9000")
    found = insights_of(only_count())
    assert [award.key for award in found.awards] == ["own", "equal-shares", "phragmen"]
    assert codes(found.own.winners) == ["A", "C"]
    assert found.own.with_something == 11
    shares = found.others[0]
    assert set(codes(shares.winners)) == {"A", "B"}
    assert codes(shares.gained) == ["B"]
    assert codes(shares.lost) == ["C"]
    assert (shares.better_here, shares.better_own, shares.equal) == (5, 11, 4)
    assert shares.by_choices_funded == (4, 16)


def test_a_rule_is_not_compared_with_itself(tmp_path):
    import_small(tmp_path, rule="equalshares")
    assert [award.key for award in insights_of(only_count()).others] == ["greedy", "phragmen"]


def test_a_greedy_rule_that_stops_is_compared_with_the_one_that_skips(tmp_path):
    import_small(tmp_path, rule="greedy-no-skip")
    assert "greedy" in [award.key for award in insights_of(only_count()).others]


def test_phragmen_is_left_out_where_it_is_not_defined(tmp_path):
    import_small(
        tmp_path,
        vote_type="cumulative",
        header="voter_id;vote;points",
        ballots=["A,B;3,2"] * 12,
        max_sum_points="5",
    )
    assert [award.key for award in insights_of(only_count()).others] == ["equal-shares"]


def test_fewer_than_ten_ballots_tell_nothing(tmp_path):
    import_small(tmp_path, ballots=["A"] * 9)
    count = only_count()
    assert tell_more(count=count)
    assert insights_of(count) is None
    assert not count.rows.filter(sufficing__isnull=False).exists()


def test_what_would_have_sufficed_is_answered_later_and_in_pieces(tmp_path):
    import_small(tmp_path)
    count = only_count()
    assert not insights_of(count).is_complete
    assert not tell_more(count=count, seconds=0)
    assert tell_more(count=count)
    answered_at = Insight.objects.get(count=count).completed_at
    assert tell_more(count=count)  # everything is known: nothing is done again
    assert Insight.objects.get(count=count).completed_at == answered_at
    assert insights_of(count).is_complete
    row = count.rows.get(project__code="C")
    answers = tally.Sufficing.from_json(row.sufficing)
    # 5 people chose C, 10 chose B: with 6 more it comes before B and fits beside A.
    assert answers.ballots == tally.Change(6, 20)
    assert answers.cost == tally.Change(2000, 4999)
    assert not count.rows.filter(sufficing__isnull=True).exists()


def test_a_large_count_is_compared_in_the_background(tmp_path, monkeypatch):
    monkeypatch.setattr("budgeting.counting.MOST_AT_ONCE", 1)
    import_small(tmp_path)
    count = only_count()
    assert insights_of(count) is None
    assert tell_more(count=count)
    assert insights_of(count).is_complete


def test_a_count_whose_projects_changed_since_is_not_asked(tmp_path):
    import_small(tmp_path)
    count = only_count()
    count.outcome["winners"] = ["D"]  # as if another had stood when it was made
    assert tell_more(count=count)
    assert set(count.rows.values_list("sufficing__ballots", flat=True)) == {None}
    assert insights_of(count).is_complete


def test_a_draw_never_made_is_replaced_by_the_list_and_said(tmp_path):
    """The own rule met no tie; another rule meets one, between two equal projects."""
    projects = [*PROJECTS[:1], ("B", 4000, "Uno"), ("C", 4000, "Due")]
    ballots = ["A"] * 2 + ["B", "C"] * 10
    rule = tally.Rule(tally.Method.EQUAL_SHARES)
    path = write_file(tmp_path, projects=projects, ballots=ballots, budget="4000")
    import_round(files=[SourceFile(path, rule=rule)])
    found = insights_of(only_count())
    assert [award.needs_list_order for award in found.awards] == [False, True, True]
    assert codes(found.others[0].winners) == ["B"]


def test_small_groups_are_refused_by_the_database(tmp_path):
    import_small(tmp_path)
    small = {"kind": "age", "columns": [0, 1], "groups": [{"labels": ["16-24"], "people": 12}]}
    small["groups"][0]["awards"] = {"own": {"ballots": [3, 9], "money": 0}}
    with pytest.raises(IntegrityError), transaction.atomic():
        Insight.objects.update(groups=[small])
    small["groups"][0]["awards"] = {insights.OWN: {"ballots": [12, 10], "money": 0}}
    Insight.objects.update(groups=[small])


def people_file(tmp_path, **options):
    """120 voters: 60 of Nord and 15 of Sud choose A, 20 and 25 choose C, which does not fit."""
    votes = [("A", "Nord")] * 60 + [("C", "Nord")] * 20 + [("C", "Sud")] * 25 + [("A", "Sud")] * 15
    ballots = [f"{vote};{16 + at % 60};{place}" for at, (vote, place) in enumerate(votes)]
    return write_file(
        tmp_path,
        ballots=ballots,
        header="voter_id;vote;age;neighborhood",
        budget="8000",
        **options,
    )


def test_what_each_award_gives_to_groups_of_voters(tmp_path):
    import_round(files=[SourceFile(people_file(tmp_path))])
    tables = {table.kind: table for table in insights_of(only_count()).groups}
    assert set(tables) == {"neighbourhood", "age"}
    places = tables["neighbourhood"]
    assert places.columns == (0, 1)
    north, south = places.groups
    assert (north.labels, north.people) == (("Nord",), 80)
    assert (south.labels, south.people) == (("Sud",), 40)
    for key in ("own", "equal-shares", "phragmen"):
        assert north.awards[key].ballots == (20, 60)
        assert south.awards[key].ballots == (25, 15)
        # A alone has money from voters: 4,000 from 75 people, 60 of Nord.
        assert north.awards[key].money == 3200_00
        assert south.awards[key].money == 800_00


def groups_of(tmp_path, votes, **options):
    """Import ballots with the place of each voter; give the table of neighbourhoods."""
    ballots = [f"{vote};{place}" for vote, place, times in votes for _each in range(times)]
    header = "voter_id;vote;neighborhood"
    path = write_file(tmp_path, ballots=ballots, header=header, **options)
    import_round(files=[SourceFile(path)])
    (table,) = insights_of(only_count()).groups
    return table


@pytest.mark.parametrize(("few", "stands"), [(1, False), (9, False), (10, True)])
def test_awards_that_differ_by_few_people_of_a_group_do_not_stand_together(tmp_path, few, stands):
    """The own count stops at C, which does not fit; greedy goes on to B, which few of Sud chose."""
    votes = [("A", "Nord", 40), ("C", "Nord", 25), ("A", "Sud", 30), ("C", "Sud", 24)]
    table = groups_of(tmp_path, [*votes, ("B", "Sud", few)], budget="7000", rule="greedy-no-skip")
    found = {award.key: set(codes(award.winners)) for award in insights_of(only_count()).awards}
    assert (found["own"], found["greedy"]) == ({"A"}, {"A", "B"})
    assert [group.awards["own"].ballots for group in table.groups] == [(25, 40), (24 + few, 30)]
    for group in table.groups:
        assert ("greedy" in group.awards) is stands


def test_money_is_not_said_where_few_of_a_group_chose_a_funded_project(tmp_path):
    """Three of Sud chose D: from its money, costs and votes that could be solved."""
    votes = [("A", "Nord", 40), ("", "Nord", 20), ("D", "Nord", 30)]
    votes += [("A", "Sud", 30), ("", "Sud", 20), ("D", "Sud", 3)]
    table = groups_of(tmp_path, votes, budget="7000")
    assert [group.awards["own"].money for group in table.groups] == [None, None]
    assert [sum(group.awards["own"].ballots) for group in table.groups] == [90, 53]


def test_no_number_of_a_group_is_under_ten(tmp_path):
    import_round(files=[SourceFile(people_file(tmp_path))])
    for table in insights_of(only_count()).groups:
        for group in table.groups:
            assert group.people >= 10
            for award in group.awards.values():
                assert min(award.ballots) >= 10
                assert sum(award.ballots) == group.people


def test_a_file_that_is_silent_about_voters_has_no_groups(tmp_path):
    import_small(tmp_path)
    assert insights_of(only_count()).groups == ()
