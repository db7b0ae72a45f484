"""Sequential Phragmén on examples one can follow with a pencil."""

from dataclasses import replace
from fractions import Fraction

import pytest

from budgeting.tally import (
    BallotGroup,
    Compat,
    Draw,
    Election,
    Method,
    Overflow,
    PhragmenStep,
    Project,
    Reason,
    Rule,
    RuleError,
    RunnerUp,
    Savers,
    Ties,
    UndecidedTieError,
    VoteType,
    count,
)

STOP = Rule(Method.PHRAGMEN, ties=Ties.FILE_ORDER)
SKIP = replace(STOP, overflow=Overflow.SKIP)


def approval(costs: list[int], ballots: list[tuple[int, ...]], budget: int, **more) -> Election:
    """Projects A, B, C, … and ballots as positions."""
    projects = tuple(Project("ABCDEF"[index], cost) for index, cost in enumerate(costs))
    groups = tuple(BallotGroup(choices) for choices in ballots)
    return Election(projects, groups, VoteType.APPROVAL, budget, **more)


def steps(election: Election, rule: Rule) -> list[PhragmenStep]:
    return [step for step in count(election, rule).trace if isinstance(step, PhragmenStep)]


def reasons(election: Election, rule: Rule) -> dict[str, tuple[Reason, dict]]:
    told = count(election, rule).not_funded
    return {item.project: (item.reason, dict(item.details)) for item in told}


# Ballots 1 and 2 want A; 2 and 3 want B; 3 wants C too.
THREE = approval([4, 6, 5], [(0,), (0, 1), (1, 2)], budget=15)


def test_the_group_that_has_saved_enough_buys_and_begins_again() -> None:
    """A at 2: two ballots with 2 each. Then B has 0 + 2 and needs 6: two more each, at 4."""
    first, second, third = steps(THREE, STOP)
    assert (first.project, first.time, first.left) == ("A", 2, 11)
    assert first.savers == (Savers(0, 2),)
    assert first.runner_up == RunnerUp("B", Fraction(3))
    # At 4 ballot 2 has saved since step 1, ballot 3 since the beginning: 2 + 4 = 6.
    assert (second.project, second.time, second.left) == ("B", 4, 5)
    assert second.savers == (Savers(0, 1), Savers(1, 1))
    assert second.runner_up == RunnerUp("C", Fraction(5))
    # C then waits for ballot 3 to save 5 anew.
    assert (third.project, third.time, third.left) == ("C", 9, 0)
    assert third.savers == (Savers(2, 1),)
    assert third.to_json() == {
        "kind": "phragmen",
        "project": "C",
        "cost": 5,
        "votes": 1,
        "time": "9/1",
        "savers": [[2, 1]],
        "left": 0,
        "tie": None,
        "runner_up": None,
        "passed": [],
    }


def test_the_first_that_costs_more_than_is_left_ends_the_count_or_is_passed_over() -> None:
    # A at 2, B at 4, C at 5, D at 7: after A 8 are left, too little for B.
    election = approval([2, 9, 5, 3], [(0, 1), (1,), (1, 2), (3,)], budget=10)
    assert [(step.project, step.time) for step in steps(election, STOP)] == [("A", 2), ("D", 3)]
    dearer = replace(election, budget=9)
    assert reasons(replace(dearer, budget=5), STOP)["B"] == (
        Reason.DID_NOT_FIT,
        {"remaining": 5, "missing": 4},
    )
    assert count(dearer, STOP).winners == ("A", "D")
    assert reasons(dearer, STOP)["B"] == (Reason.DID_NOT_FIT, {"remaining": 4, "missing": 5})
    assert reasons(dearer, STOP)["C"] == (Reason.STOPPED, {"after": "B"})
    skipping = count(replace(dearer, budget=10), SKIP)
    assert skipping.winners == ("A", "D", "C")
    assert skipping.trace[-1].passed == ("B",)


def test_what_costs_more_than_the_budget_or_nobody_wants_never_takes_part() -> None:
    rivals = frozenset({frozenset("BC")})
    election = approval([20, 3, 1], [(0, 1), (0,), (0,)], budget=10, conflicts=rivals)
    assert count(election, STOP).winners == ("B",)
    assert reasons(election, STOP) == {
        "A": (Reason.DID_NOT_FIT, {"remaining": 10, "missing": 10}),
        "C": (Reason.NO_SUPPORTER, {}),
    }


def test_what_is_free_comes_first() -> None:
    (free, *_others) = steps(approval([4, 0], [(0, 1)], budget=4), STOP)
    assert (free.project, free.time) == ("B", 0)


def test_funding_a_project_excludes_its_rivals() -> None:
    rivals = frozenset({frozenset("AB")})
    election = replace(THREE, conflicts=rivals)
    assert count(election, STOP).winners == ("A", "C")
    assert reasons(election, STOP)["B"] == (Reason.RIVAL_FUNDED, {"rival": "A"})


def test_times_that_have_become_too_early_are_asked_again() -> None:
    """After A everybody is later: B at 5 instead of 4, D at 5.5 instead of 4.5; C is out."""
    rivals = frozenset({frozenset("AC")})
    election = approval([2, 8, 9, 9], [(0, 1, 2, 3)] * 2, budget=30, conflicts=rivals)
    found = [(step.project, step.time) for step in steps(election, STOP)]
    assert found == [("A", 1), ("B", 5), ("D", Fraction(19, 2))]


# A (4) and B (6) can both be paid at 2; 6 are in the budget.
TIED = approval([4, 6], [(0,), (0,), (1,), (1,), (1,)], budget=6)


def test_a_habit_of_pabutools_ends_at_any_tied_project_that_does_not_fit() -> None:
    short = replace(TIED, projects=(Project("C", 2), *TIED.projects), budget=7)
    moved = tuple(
        BallotGroup(tuple(index + 1 for index in group.choices), (), group.count)
        for group in TIED.ballots
    )
    short = replace(short, ballots=(*moved, BallotGroup((0,), (), 2)))
    assert count(short, STOP).winners == ("C", "A")
    habit = replace(STOP, compat=Compat.PABUTOOLS)
    assert count(short, habit).winners == ("C",)
    assert reasons(short, habit) == {
        "A": (Reason.STOPPED, {"after": "B"}),
        "B": (Reason.DID_NOT_FIT, {"remaining": 5, "missing": 1}),
    }


def test_a_tie_is_decided_by_cost_then_by_the_draw_and_only_if_it_matters() -> None:
    standard = Rule(Method.PHRAGMEN)
    tie = count(TIED, standard).ties[0]
    assert (tie.projects, tie.decided_by) == (("A", "B"), "cost")
    same = approval([4, 4], [(0,), (0,), (1,), (1,)], budget=6)
    with pytest.raises(UndecidedTieError):
        count(same, standard)
    assert count(same, standard, draw=Draw("7")).ties[0].decided_by == "draw"
    both = count(replace(same, budget=8), standard)
    assert [tie.decided_by for tie in both.ties] == ["any-order"]
    # Each fits, but whoever pays for one cannot pay for the other at once: the order matters.
    shared = approval([4, 4], [(0, 1), (0, 1)], budget=8)
    with pytest.raises(UndecidedTieError):
        count(shared, standard)
    rivals = replace(same, budget=8, conflicts=frozenset({frozenset("AB")}))
    with pytest.raises(UndecidedTieError):
        count(rivals, standard)


def test_a_tie_of_which_none_fits_needs_no_decision() -> None:
    election = approval([2, 4, 4], [(0,), (0,), (1,), (2,)], budget=5)
    outcome = count(election, Rule(Method.PHRAGMEN))
    assert outcome.winners == ("A",)
    assert [tie.decided_by for tie in outcome.ties] == ["any-order"]


def test_ballots_that_cannot_pay_in_equal_parts_are_refused_by_name() -> None:
    for vote_type in (VoteType.CUMULATIVE, VoteType.SCORING, VoteType.ORDINAL):
        election = Election((Project("A", 1),), (), vote_type, 1)
        with pytest.raises(RuleError, match=f"Phragmén is not defined for {vote_type}") as caught:
            count(election, STOP)
        assert (caught.value.code, caught.value.field) == ("ballot-type", "method")
    chosen = Election((Project("A", 1),), (BallotGroup((0,)),), VoteType.CHOOSE_ONE, 1)
    assert count(chosen, STOP).winners == ("A",)


def test_a_near_tie_is_decided_exactly() -> None:
    """At 1/3 of a unit in 10**15 no float can tell the two apart."""
    big = 10**15
    election = approval([3 * big, 3 * big - 1], [(0,)] * 3 + [(1,)] * 3, budget=3 * big)
    (only,) = steps(election, STOP)
    assert only.project == "B"
    assert only.runner_up == RunnerUp("A", Fraction(big))
    assert only.time == big - Fraction(1, 3)


def test_no_ballots_fund_nothing() -> None:
    assert count(approval([4], [], budget=4), STOP).winners == ()
