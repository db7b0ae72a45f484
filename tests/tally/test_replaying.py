"""Every trace replays to its outcome, and a changed figure is found at its step."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgeting.tally import (
    BallotGroup,
    Comparison,
    Compat,
    Completion,
    Draw,
    Election,
    GreedyStep,
    Method,
    OutcomeError,
    Overflow,
    Override,
    OverrideKind,
    Project,
    Rule,
    SharesStep,
    TieBreak,
    Ties,
    UndecidedTieError,
    Utility,
    VoteType,
    count,
    detailed,
    read_outcome,
    replay,
)

from .strategies import cases


@settings(max_examples=400)
@given(cases(), st.sampled_from(Ties))
def test_every_outcome_agrees_with_its_replay(case: tuple[Election, Rule], ties: Ties) -> None:
    election, rule = case
    try:
        outcome = count(election, replace(rule, ties=ties), draw=Draw("20260315"))
    except UndecidedTieError:
        return
    found = replay(election, outcome)
    assert found.disagreements == ()
    assert found.steps == len(outcome.trace)
    full = detailed(election, outcome)
    assert replay(election, full).agrees
    assert full.winners == outcome.winners
    text = json.dumps(full.to_json())
    again = read_outcome(json.loads(text))
    assert again == full
    assert json.dumps(again.to_json()) == text


@settings(max_examples=200)
@given(cases(), st.data())
def test_a_changed_step_is_found_where_it_stands(
    case: tuple[Election, Rule], data: st.DataObject
) -> None:
    election, rule = case
    outcome = count(election, rule)
    if not outcome.trace:
        return
    at = data.draw(st.integers(0, len(outcome.trace) - 1))
    changed = replace(outcome.trace[at], votes=outcome.trace[at].votes + 1)
    trace = (*outcome.trace[:at], changed, *outcome.trace[at + 1 :])
    found = replay(election, replace(outcome, trace=trace))
    (wrong,) = found.disagreements
    assert (wrong.step, wrong.field) == (at + 1, "votes")
    assert wrong.to_json()["told"] == str(changed.votes)
    assert found.steps == at
    with pytest.raises(ValueError, match="does not agree"):
        detailed(election, replace(outcome, trace=trace))


def approval(costs: list[int], ballots: list[tuple[int, ...]], budget: int, **more) -> Election:
    """Projects A, B, C, … and ballots as positions."""
    projects = tuple(Project("ABCDEFGHIJKLMN"[index], cost) for index, cost in enumerate(costs))
    groups = tuple(BallotGroup(choices) for choices in ballots)
    return Election(projects, groups, VoteType.APPROVAL, budget, **more)


SHARES = Rule(Method.EQUAL_SHARES, ties=Ties.FILE_ORDER)
FOUR = approval([40, 45, 36], [(0, 1, 2), (0, 1, 2), (1,), (2,)], budget=100)


def test_each_step_of_equal_shares_tells_who_paid_who_came_next_and_who_dropped_out() -> None:
    """Four ballots own 25 each. B takes 15 from three; A's two supporters then have 20 of 40."""
    outcome = count(FOUR, SHARES)
    assert outcome.trace[0].to_json()["payers"] == []
    first, second = (step.to_json() for step in detailed(FOUR, outcome).trace)
    assert first["payers"] == [["25/1", "15/1", 3]]
    # A unit of cost is 1/3 with B and with C, which is the same price, and 1/2 with A.
    assert first["tie"] == {"projects": ["B", "C"], "decided_by": "file-order"}
    assert first["runner_up"] == {"project": "A", "figure": "1/2"}
    assert first["dropped"] == [{"project": "A", "had": "20/1"}]
    # C: one ballot pays 16 of its 25, two give the 10 they have left.
    assert second["payers"] == [["25/1", "16/1", 1], ["10/1", "10/1", 2]]
    assert (second["runner_up"], second["dropped"]) == (None, [])


def test_many_kinds_of_payers_are_not_listed() -> None:
    """Thirteen ballots buy a project of their own each, 1 to 13, and then one together."""
    costs = [*range(1, 14), 650]
    election = approval(costs, [(own, 13) for own in range(13)], budget=1300)
    rule = replace(SHARES, utility=Utility.CARDINALITY)
    last = detailed(election, count(election, rule)).trace[-1]
    assert isinstance(last, SharesStep)
    assert (last.project, last.payers) == ("N", ())


def test_equals_that_need_no_decision_replay_without_one() -> None:
    refusing = {"ties": Ties.REFUSE}
    apart = approval([4, 4], [(0,), (1,)], budget=8)
    for method in Method:
        outcome = count(apart, Rule(method, **refusing))
        assert [tie.decided_by for tie in outcome.ties] == ["any-order"]
        assert replay(apart, outcome).agrees


@pytest.mark.parametrize("overflow", [Overflow.STOP, Overflow.SKIP])
@pytest.mark.parametrize("compat", [Compat.NONE, Compat.PABUTOOLS])
def test_phragmen_replays_however_it_ends(overflow: Overflow, compat: Compat) -> None:
    rule = Rule(Method.PHRAGMEN, ties=Ties.FILE_ORDER, overflow=overflow, compat=compat)
    short = approval([2, 9, 5, 3, 4], [(0, 1), (1,), (1, 2), (3,), ()], budget=10)
    tied = approval([2, 4, 6], [(0,), (0,), (1,), (1,), (2,), (2,), (2,)], budget=7)
    for election in (short, tied):
        assert replay(election, count(election, rule)).agrees


COMPARED = replace(SHARES, comparison=Comparison.SATISFACTION)


def test_every_part_of_an_outcome_that_was_changed_is_named() -> None:
    outcome = detailed(FOUR, count(FOUR, COMPARED))
    first, second = outcome.trace
    scan, comparison = outcome.scan, outcome.comparison
    assert scan is not None
    assert comparison is not None
    assert replay(FOUR, outcome).agrees

    def fields(**changes) -> set[tuple[int, str]]:
        found = replay(FOUR, replace(outcome, **changes))
        assert not found.agrees
        return {(item.step, item.field) for item in found.disagreements}

    assert fields(ballots=5) == {(0, "ballots")}
    assert fields(votes=outcome.votes | {"A": 9}) == {(0, "votes of A")}
    assert fields(excess=1) == {(0, "excess")}
    assert fields(scan=None) == {(0, "scan")}
    assert fields(scan=replace(scan, per_ballot=Fraction(24))) == {(0, "per_ballot")}
    assert fields(not_funded=()) == {(0, "reason of A")}
    assert fields(ties=(TieBreak(("A", "B"), "cost"),)) == {(0, "ties")}
    assert fields(comparison=replace(comparison, prefer_greedy=4)) == {(0, "comparison")}
    assert (2, "project") in fields(trace=(first,))
    other = GreedyStep("C", 36, 3, 19)
    assert (2, "project") in fields(trace=(first, other))
    assert isinstance(first, SharesStep)
    assert isinstance(second, SharesStep)
    assert fields(trace=(replace(first, payers=()), second)) == {(1, "payers")}
    assert fields(trace=(first, replace(second, rho=Fraction(1)))) == {(2, "rho")}


def test_an_outcome_of_no_ballots_and_one_that_greedy_replaced_replay_too() -> None:
    nobody = approval([4], [], budget=4)
    assert replay(nobody, count(nobody, SHARES)).agrees
    # Each owns 9/5, so nothing is bought, and three ballots do better under greedy.
    election = approval([6, 4], [(0,), (0,), (0,), (1,), (1,)], budget=9)
    outcome = count(election, COMPARED)
    assert outcome.comparison is not None
    assert outcome.comparison.replaced
    assert replay(election, outcome).agrees
    completed = replace(SHARES, completion=Completion.ADD1U)
    assert replay(election, count(election, completed)).agrees


@pytest.mark.parametrize(
    "change",
    [
        {"trace": [{"kind": "borda"}]},
        {"rule": {"method": "borda"}},
        {"draw": {"colour": "red"}},
        {"winners": None},
        {"not_funded": [{"project": "A", "reason": "whim"}]},
        {"scan": {"runs": 1}},
    ],
)
def test_what_is_not_an_outcome_is_refused(change: dict) -> None:
    data = count(FOUR, SHARES).to_json()
    assert read_outcome(data) == count(FOUR, SHARES)
    with pytest.raises(OutcomeError, match="not an outcome"):
        read_outcome(data | change)


def test_a_record_of_decisions_is_read_back() -> None:
    override = Override(OverrideKind.FUNDED_ELSEWHERE, "A gift.", ("Ada", "Bruno"), "A")
    outcome = replace(count(FOUR, SHARES), overrides=(override,))
    assert read_outcome(json.loads(json.dumps(outcome.to_json()))) == outcome
