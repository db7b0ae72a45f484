"""Past elections under other rules: what a scenario changes, and what it must not."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgeting.tally import (
    BallotGroup,
    Election,
    Eligibility,
    Limits,
    Method,
    Project,
    Rule,
    Ties,
    UndecidedTieError,
    VoteType,
    count,
)
from budgeting.tally.rules import Areas
from budgeting.tally.scenario import Scenario, ScenarioError, arrange, leaves_to_chance, shorten
from budgeting.tally.simulating import TurnoutPoint, counts_needed, simulate, turnout_needed

from .strategies import elections, rules

GREEDY = Rule(Method.GREEDY, ties=Ties.FILE_ORDER)
SHARES = Rule(Method.EQUAL_SHARES, ties=Ties.FILE_ORDER)


def small(**changes: object) -> Election:
    """Two dear projects of the many, two cheap ones of the few; 10 ballots, budget 100."""
    plain = Election(
        projects=(
            Project("park", 50, neighborhood="North"),
            Project("road", 50, neighborhood="North"),
            Project("tree", 30, neighborhood="South"),
            Project("bench", 10, neighborhood="South"),
        ),
        ballots=(BallotGroup((0, 1), count=6), BallotGroup((2, 3), count=4)),
        vote_type=VoteType.APPROVAL,
        budget=100,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_equal_shares_gives_the_few_their_part_and_says_who_wins_and_loses() -> None:
    as_it_was = simulate(small(), Scenario(), own=GREEDY)
    assert as_it_was.winners == ("park", "road")
    found = simulate(small(), Scenario(rule=SHARES), own=GREEDY, base=as_it_was.winners)
    assert set(found.winners) == {"park", "tree", "bench"}
    assert found.difference is not None
    assert set(found.difference.gained) == {"tree", "bench"}
    assert found.difference.lost == ("road",)
    assert found.measures.with_something == 10
    assert as_it_was.measures.with_something == 6
    assert {area.name: area.cost for area in found.measures.neighborhoods} == {
        "North": 50,
        "South": 40,
    }


@settings(max_examples=100)
@given(elections(), rules)
def test_a_scenario_that_varies_nothing_changes_nothing(election: Election, rule: Rule) -> None:
    rule = replace(rule, ties=Ties.FILE_ORDER)
    counted = count(election, rule)
    found = simulate(election, Scenario(), own=rule, base=counted.winners)
    assert found.outcome.to_json() == counted.to_json()
    assert found.difference is not None
    assert (found.difference.gained, found.difference.lost) == ((), ())
    assert found.difference.equal == election.num_ballots


@settings(max_examples=100)
@given(elections(), rules, st.integers(1, 4), st.randoms(use_true_random=False))
def test_the_order_of_ballots_and_projects_changes_nothing(
    election: Election, rule: Rule, most: int, random: object
) -> None:
    rule = replace(rule, ties=Ties.TEXT)
    scenario = Scenario(max_length=most)
    singles = [
        replace(group, count=1) for group in election.ballots for _copy in range(group.count)
    ]
    random.shuffle(singles)  # type: ignore[attr-defined]
    order = list(range(len(election.projects)))
    random.shuffle(order)  # type: ignore[attr-defined]
    new = {old: at for at, old in enumerate(order)}
    turned = replace(
        election,
        projects=tuple(election.projects[old] for old in order),
        ballots=tuple(
            replace(group, choices=tuple(new[index] for index in group.choices))
            for group in singles
        ),
    )
    one = simulate(election, scenario, own=rule, turnout_steps=3, draws=2)
    other = simulate(turned, scenario, own=rule, turnout_steps=3, draws=2)
    assert one.winners == other.winners
    assert one.turnout == other.turnout
    assert one.won_in == other.won_in
    assert one.measures.by_choices_funded == other.measures.by_choices_funded


@settings(max_examples=200)
@given(elections(), st.integers(1, 4))
def test_a_shortened_ballot_names_fewer_of_the_same_projects(election: Election, most: int) -> None:
    cut = shorten(election, most)
    assert cut.num_ballots == election.num_ballots
    assert all(len(group.choices) <= most for group in cut.ballots)
    before = {group.choices for group in election.ballots}
    for group in cut.ballots:
        assert any(set(group.choices) <= set(choices) for choices in before)
    if election.vote_type is VoteType.CUMULATIVE and election.limits.max_points is None:
        assert sum(sum(g.points) * g.count for g in cut.ballots) == sum(
            sum(g.points) * g.count
            for g in election.ballots
            if len(g.choices) <= most or max(g.points, default=0) > 0
        )


def test_of_an_approval_ballot_chance_keeps_each_project_about_as_often() -> None:
    election = small(ballots=(BallotGroup((0, 1, 2, 3), count=4_000),))
    for votes in shorten(election, 1).votes:
        assert 900 < votes < 1_100
    assert shorten(election, 1, seed="other").votes != shorten(election, 1).votes
    assert leaves_to_chance(election, Scenario(max_length=1))
    assert not leaves_to_chance(election, Scenario(max_length=4))


def test_a_ranking_keeps_its_first_and_counts_like_a_shorter_one() -> None:
    election = small(
        vote_type=VoteType.ORDINAL,
        ballots=(BallotGroup((2, 0, 1)),),
        limits=Limits(max_length=3),
    )
    cut = shorten(election, 2)
    assert cut.ballots[0].choices == (2, 0)
    assert cut.votes == (1, 0, 2, 0)
    assert not leaves_to_chance(election, Scenario(max_length=2))


def test_points_of_a_shortened_ballot_are_shared_out_again() -> None:
    election = small(vote_type=VoteType.CUMULATIVE, ballots=(BallotGroup((0, 1, 2), (5, 3, 2)),))
    assert shorten(election, 2).ballots[0].points == (6, 4)  # 6¼ and 3¾
    capped = replace(election, limits=Limits(max_points=5))
    assert shorten(capped, 2).ballots[0].points == (5, 4)
    scored = replace(election, vote_type=VoteType.SCORING)
    assert shorten(scored, 2).ballots[0].points == (5, 3)
    nothing_given = replace(election, ballots=(BallotGroup((0, 1, 2), (0, 0, 0)),))
    assert shorten(nothing_given, 2).ballots[0].points == (0, 0)


def test_a_threshold_can_be_varied_without_the_rule() -> None:
    found = simulate(small(), Scenario(min_votes=5), own=SHARES)
    assert found.rule == replace(SHARES, min_votes=5)
    assert found.winners == ("park",)
    _varied, rule = arrange(
        small(),
        Scenario(min_share=Fraction(1, 2), eligibility=Eligibility.THREE_BUDGETS),
        own=GREEDY,
    )
    assert (rule.min_share, rule.eligibility) == (Fraction(1, 2), Eligibility.THREE_BUDGETS)


def test_money_can_be_varied_in_all_or_project_by_project() -> None:
    varied, _rule = arrange(
        small(), Scenario(budget_factor=Fraction(1, 3), cost_factor=Fraction(11, 10)), own=GREEDY
    )
    assert varied.budget == 33
    assert [project.cost for project in varied.projects] == [55, 55, 33, 11]
    found = simulate(
        small(), Scenario(budget=Fraction(90), costs={"park": Fraction(1)}), own=GREEDY
    )
    assert found.winners == ("park", "road", "tree")
    assert found.outcome.budget == 90


def test_areas_can_have_budgets_of_their_own() -> None:
    areas = (("North", Fraction(50)), ("South", Fraction(50)))
    found = simulate(small(), Scenario(areas=areas), own=GREEDY)
    assert set(found.winners) == {"park", "tree", "bench"}
    assert found.rule.areas is Areas.LAPSE
    moved = Scenario(areas=(areas[1], areas[0]), unspent=Areas.NEXT)
    richer = simulate(small(), moved, own=GREEDY)
    assert richer.rule.areas is Areas.NEXT
    assert richer.outcome.budget == 100
    halved, _rule = arrange(
        replace(small(), areas=(("North", 75), ("South", 25))),
        Scenario(budget_factor=Fraction(1, 2)),
        own=GREEDY,
    )
    assert (halved.areas, halved.budget) == ((("North", 37), ("South", 12)), 49)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"max_length": 0}, "max_length"),
        ({"max_length": True}, "max_length"),
        ({"min_votes": -1}, "min_votes"),
        ({"min_share": "3/2"}, "min_share"),
        ({"budget": "-1"}, "budget"),
        ({"budget": 10, "budget_factor": 2}, "budget_factor"),
        ({"areas": {"North": 1}}, "areas"),
        ({"areas": [["North", -1]]}, "areas"),
        ({"areas": [["North", 1]], "budget": 3}, "areas"),
        ({"unspent": "none"}, "unspent"),
        ({"cost_factor": 0}, "cost_factor"),
        ({"cost_factor": 0.5}, "cost_factor"),
        ({"costs": {"park": "x"}}, "costs"),
        ({"costs": ["park"]}, "costs"),
        ({"costs": {"park": -1}}, "costs"),
        ({"rule": {"method": "best"}}, "rule"),
        ({"rule": "greedy"}, "rule"),
        ({"seed": ""}, "seed"),
        ({"name": 3}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"turnout": 3}, "turnout"),
        ([], "scenario"),
    ],
)
def test_a_wrong_part_of_a_scenario_is_named(data: object, field: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_json(data)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("scenario", "field"),
    [
        (Scenario(costs={"pool": Fraction(1)}), "costs"),
        (Scenario(costs={"park": Fraction(1, 2)}), "costs"),
        (Scenario(budget=Fraction(1, 2)), "budget"),
        (Scenario(areas=(("North", Fraction(100)),)), "areas"),
    ],
)
def test_a_scenario_that_does_not_fit_the_election_is_refused(
    scenario: Scenario, field: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        simulate(small(), scenario, own=GREEDY)
    assert caught.value.field == field


def test_a_city_with_areas_is_asked_for_a_budget_of_each() -> None:
    with pytest.raises(ScenarioError) as caught:
        simulate(
            small(areas=(("North", 75), ("South", 25))),
            Scenario(budget=Fraction(90)),
            own=replace(GREEDY, areas=Areas.LAPSE),
        )
    assert caught.value.field == "budget"
    assert "each area" in caught.value.message


def test_a_scenario_is_the_same_after_writing_and_reading() -> None:
    scenario = Scenario(
        name="Three choices",
        rule=SHARES,
        min_votes=3,
        min_share=Fraction(1, 50),
        eligibility=Eligibility.NONE,
        max_length=3,
        budget=Fraction(1, 3),
        unspent=Areas.CITY,
        cost_factor=Fraction(11, 10),
        costs={"b": Fraction(1), "a": Fraction(2)},
        seed="2026",
    )
    written = json.dumps(scenario.to_json())
    assert Scenario.from_json(json.loads(written)) == scenario
    divided = Scenario(areas=(("b", Fraction(1)), ("", Fraction(2))), unspent=Areas.NEXT)
    assert Scenario.from_json(json.loads(json.dumps(divided.to_json()))) == divided
    turned = replace(scenario, costs={"a": Fraction(2), "b": Fraction(1)})
    assert json.dumps(turned.to_json()) == written
    assert Scenario.from_json({}) == Scenario()
    assert Scenario.from_json({"rule": {"method": "greedy"}}).rule == Rule(Method.GREEDY)


def test_ties_are_drawn_by_the_seed_unless_the_rule_refuses() -> None:
    election = small(ballots=(BallotGroup((0,)), BallotGroup((1,))), budget=50)
    drawn = Rule(Method.GREEDY)
    winners = {
        simulate(election, Scenario(seed=f"seed {at}"), own=drawn).winners for at in range(20)
    }
    assert winners == {("park",), ("road",)}
    with pytest.raises(UndecidedTieError):
        simulate(election, Scenario(), own=replace(GREEDY, ties=Ties.REFUSE))


def test_turnout_is_counted_on_growing_parts_of_the_ballots() -> None:
    told = []
    found = simulate(
        small(),
        Scenario(min_votes=3),
        own=GREEDY,
        turnout_steps=5,
        tell=lambda: told.append(1),
    )
    assert [point.ballots for point in found.turnout] == [2, 4, 6, 8, 10]
    assert found.turnout[0].standing == 0
    assert found.turnout[-1].same
    assert found.turnout[-1].funded == len(found.winners)
    assert len(told) == 6 == counts_needed(small(), Scenario(min_votes=3), turnout_steps=5)
    standing = [point.standing for point in found.turnout]
    assert standing == sorted(standing)


def test_no_ballots_need_no_turnout() -> None:
    found = simulate(small(ballots=()), Scenario(), own=GREEDY, turnout_steps=20)
    assert found.turnout == ()
    assert turnout_needed(found.turnout).any is None


def test_what_turnout_is_needed_is_read_from_where_it_holds_to_the_end() -> None:
    points = [
        TurnoutPoint(10, 0, 0, 0, same=False),
        TurnoutPoint(20, 5, 3, 9, same=True),
        TurnoutPoint(30, 5, 1, 9, same=False),
        TurnoutPoint(40, 5, 2, 9, same=False),
        TurnoutPoint(50, 5, 3, 9, same=True),
    ]
    needed = turnout_needed(points)
    assert (needed.any, needed.half, needed.all, needed.same) == (20, 40, 50, 50)


def test_what_chance_decides_is_counted_several_times() -> None:
    election = small(ballots=(BallotGroup((0, 1, 2, 3), count=9),), budget=50)
    found = simulate(election, Scenario(max_length=1), own=GREEDY, draws=8)
    assert found.draws == 8
    assert sum(found.won_in.values()) >= 8
    assert max(found.won_in.values()) < 8
    assert simulate(election, Scenario(), own=GREEDY, draws=8).draws == 1
    assert json.dumps(found.to_json(), sort_keys=True) == json.dumps(
        simulate(election, Scenario(max_length=1), own=GREEDY, draws=8).to_json(), sort_keys=True
    )
