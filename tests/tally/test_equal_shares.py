"""Equal Shares, its completions and the comparison step on examples one can follow by hand."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from budgeting.tally import (
    BallotGroup,
    Comparison,
    Completion,
    Election,
    GreedyStep,
    Method,
    Project,
    Reason,
    Rule,
    Start,
    Stop,
    Ties,
    Utility,
    VoteType,
    count,
    read_election,
)

SHARES = Rule(Method.EQUAL_SHARES, ties=Ties.FILE_ORDER)
ADD1 = replace(SHARES, completion=Completion.ADD1)


def approval(costs: list[int], ballots: list[tuple[int, ...]], budget: int, **more) -> Election:
    """Projects A, B, C, … and ballots as positions."""
    projects = tuple(Project("ABCDEF"[index], cost) for index, cost in enumerate(costs))
    groups = tuple(BallotGroup(choices) for choices in ballots)
    return Election(projects, groups, VoteType.APPROVAL, budget, **more)


# Three ballots, one of them blank, own 10/3 each; A and B need 5 from one voter.
SCAN = approval([5, 5, 90], [(0, 2), (1,), ()], budget=10)


def test_without_completion_money_may_be_left() -> None:
    outcome = count(SCAN, SHARES)
    assert outcome.winners == ()
    assert outcome.scan.to_json() == {
        "runs": 1,
        "kept": 0,
        "per_ballot": "10/3",
        "ended": "none",
        "next_cost": None,
    }
    assert outcome.not_funded[0].details["had"] == Fraction(10, 3)


def test_the_scan_raises_the_money_and_keeps_an_outcome_that_costs_all() -> None:
    outcome = count(SCAN, ADD1)
    assert (outcome.winners, outcome.cost) == (("A", "B"), 10)
    # 10/3, 13/3, 16/3: from there both are paid for, until C would be too.
    assert outcome.scan.ended == "overspend"
    assert outcome.scan.next_cost == 100
    assert outcome.scan.per_ballot == Fraction(10, 3) + outcome.scan.kept
    exhaustive = count(SCAN, replace(ADD1, stop=Stop.EXHAUSTIVE))
    assert exhaustive.winners == outcome.winners
    assert (exhaustive.scan.ended, exhaustive.scan.kept, exhaustive.scan.runs) == (
        "exhaustive",
        2,
        3,
    )
    assert exhaustive.scan.per_ballot == Fraction(16, 3)


def test_the_scan_may_start_at_the_whole_part_in_major_units() -> None:
    rule = replace(ADD1, stop=Stop.EXHAUSTIVE, start=Start.FLOOR)
    assert count(SCAN, rule).scan.per_ballot == 5
    cents = count(SCAN.rescaled(2), rule)
    assert (cents.scan.per_ballot, cents.scan.kept) == (500, 2)


def test_the_scan_ends_when_everything_supported_is_funded() -> None:
    outcome = count(approval([5, 5], [(0,), (1,), ()], budget=1000), ADD1)
    assert outcome.winners == ("A", "B")
    assert (outcome.scan.runs, outcome.scan.ended) == (1, "all-funded")


def test_nobody_supports_it_so_equal_shares_leaves_it_and_add1u_takes_it_if_it_fits() -> None:
    election = approval([5, 5, 3], [(0,), (1,), ()], budget=13)
    outcome = count(election, ADD1)
    assert outcome.not_funded[0].reason is Reason.NO_SUPPORTER
    completed = count(election, replace(ADD1, completion=Completion.ADD1U))
    assert completed.winners == ("A", "B", "C")
    assert isinstance(completed.trace[2], GreedyStep)
    assert (completed.cost, completed.trace[2].left) == (13, 0)


@pytest.mark.parametrize(
    ("stop", "winners", "cost"), [(Stop.OVERSPEND, 30, 995_079), (Stop.EXHAUSTIVE, 31, 984_579)]
)
def test_the_two_stops_differ_in_wieliczka(stop: Stop, winners: int, cost: int) -> None:
    path = Path(__file__).parent.parent / "data" / "poland_wieliczka_2023_green-budget.pb"
    outcome = count(read_election(path).election, replace(ADD1, stop=stop))
    assert (len(outcome.winners), outcome.cost) == (winners, cost)


def test_cost_and_cardinality_prefer_different_projects() -> None:
    # A (30) has three supporters, B (2) has two: by money B is cheap, by its own cost A is better.
    election = approval([30, 2], [(0, 1), (0, 1), (0,), ()], budget=40)
    assert count(election, SHARES).winners == ("A",)
    by_number = replace(SHARES, utility=Utility.CARDINALITY)
    assert count(election, by_number).winners == ("B",)


def test_a_free_project_with_a_supporter_comes_first() -> None:
    outcome = count(approval([5, 0, 0], [(0, 1), (0,)], budget=10), SHARES)
    assert outcome.winners == ("B", "A")
    assert outcome.to_json()["trace"][0]["effective_votes"] is None
    assert outcome.not_funded[0].reason is Reason.NO_SUPPORTER


def test_no_ballots_fund_nothing() -> None:
    outcome = count(approval([5, 0], [], budget=10), ADD1)
    assert outcome.winners == ()
    assert outcome.scan.ended == "no-ballots"


def test_funding_a_project_excludes_its_rival() -> None:
    rivals = frozenset({frozenset("AB")})
    outcome = count(approval([4, 4], [(0, 1), (0, 1)], 100, conflicts=rivals), ADD1)
    assert outcome.winners == ("A",)
    assert outcome.not_funded[0].details == {"rival": "A"}
    assert outcome.scan.ended == "all-funded"


def compared(**more) -> Election:
    """Two want A, which only greedy funds; two want B, which only Equal Shares funds."""
    projects = (Project("A", 6), Project("B", 5))
    groups = (BallotGroup((0, 1), (3, -1), 2), BallotGroup((0, 1), (-1, 1), 2))
    return Election(projects, groups, VoteType.SCORING, 10, **more)


def test_the_comparison_asks_every_ballot_and_a_draw_leaves_equal_shares() -> None:
    outcome = count(compared(), replace(SHARES, comparison=Comparison.SATISFACTION))
    assert outcome.winners == ("B",)
    assert outcome.comparison.to_json() == {
        "prefer_equal_shares": 2,
        "prefer_greedy": 2,
        "replaced": False,
    }


def test_greedy_replaces_equal_shares_when_more_ballots_do_better() -> None:
    """Each owns 9/5: the three for A have 27/5 of 6, the two for B 18/5 of 4: nothing is bought."""
    election = approval([6, 4], [(0,), (0,), (0,), (1,), (1,)], budget=9)
    satisfied = replace(SHARES, comparison=Comparison.SATISFACTION)
    outcome = count(election, satisfied)
    assert outcome.comparison.replaced
    assert (outcome.comparison.prefer_equal_shares, outcome.comparison.prefer_greedy) == (0, 3)
    assert outcome.winners == ("A",)
    assert isinstance(outcome.trace[0], GreedyStep)
    assert outcome.not_funded[0].reason is Reason.DID_NOT_FIT


def test_coverage_asks_only_whether_anything_was_funded() -> None:
    # Equal Shares funds A and C; greedy funds A, B. Voters of A and B see two instead of one.
    election = approval([6, 6, 6], [(0, 1), (0, 1), (0, 1), (2,), (2,), (2,)], budget=14)
    outcome = count(election, replace(SHARES, comparison=Comparison.SATISFACTION))
    by_coverage = count(election, replace(SHARES, comparison=Comparison.COVERAGE))
    assert (outcome.comparison.prefer_equal_shares, outcome.comparison.prefer_greedy) == (3, 3)
    assert by_coverage.winners == ("A", "C")
    found = by_coverage.comparison
    assert (found.prefer_equal_shares, found.prefer_greedy) == (3, 0)
