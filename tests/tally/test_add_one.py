"""The compiled scan funds, run by run, what the exact runs fund; where it cannot tell, it asks."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgeting.tally import (
    BallotGroup,
    Completion,
    Election,
    Method,
    Project,
    Rule,
    Stop,
    TieOrder,
    Ties,
    UndecidedTieError,
    Utility,
    VoteType,
    add_one,
    count,
    scan_kernel,
)
from budgeting.tally.equal_shares import Contest, Run
from budgeting.tally.interrupting import interruptible
from budgeting.tally.standing import find_standing

from .strategies import elections

SHARES = Rule(Method.EQUAL_SHARES, ties=Ties.FILE_ORDER)
ADD1 = replace(SHARES, completion=Completion.ADD1, stop=Stop.EXHAUSTIVE)


def contest_of(election: Election, rule: Rule) -> Contest:
    order = TieOrder(election, rule.ties, None)
    return Contest(election, find_standing(election, rule).projects, rule, order)


def stretches(
    election: Election, rule: Rule, money: Fraction, step: Fraction, runs: int
) -> Iterator[add_one.Stretch]:
    """As many stretches as are needed to know so many runs after the first."""
    contest = contest_of(election, rule)
    for stretch in add_one.Walk(contest, Run(contest, money), money, step).stretches():
        yield stretch
        if stretch.last >= runs:
            return


@settings(max_examples=400)
@given(
    elections().filter(lambda election: election.num_ballots > 0),
    st.sampled_from(Utility),
    st.sampled_from([Ties.FILE_ORDER, Ties.COST, Ties.TEXT]),
    st.sampled_from([Fraction(1), Fraction(1, 7), Fraction(5, 2)]),
)
def test_every_run_of_a_scan_is_the_exact_run(
    election: Election, utility: Utility, ties: Ties, step: Fraction
) -> None:
    rule = replace(SHARES, utility=utility, ties=ties)
    contest = contest_of(election, rule)
    money = Fraction(election.budget, election.num_ballots)
    number = 1
    for stretch in stretches(election, rule, money, step, 40):
        assert stretch.first == number
        for index in range(stretch.first, min(stretch.last, 40) + 1):
            run = Run(contest, money + index * step)
            assert set(run.funded) == stretch.funded
            assert set(run.excluded) == stretch.excluded
        number = stretch.last + 1


@settings(max_examples=200)
@given(elections().filter(lambda election: election.num_ballots > 0), st.sampled_from(Utility))
def test_a_tie_nobody_decides_is_raised_by_both_or_by_none(
    election: Election, utility: Utility
) -> None:
    rule = replace(SHARES, utility=utility, ties=Ties.REFUSE)
    contest = contest_of(election, rule)
    money = Fraction(election.budget, election.num_ballots)

    def exact() -> list[set[int]]:
        return [set(Run(contest, money + index).funded) for index in range(20)][1:]

    def scanned() -> list[set[int]]:
        return [
            set(stretch.funded)
            for stretch in stretches(election, rule, money, Fraction(1), 19)
            for index in range(stretch.first, min(stretch.last, 19) + 1)
        ]

    def asked(runs: Callable[[], list[set[int]]]) -> list[set[int]] | tuple[str, ...]:
        try:
            return runs()
        except UndecidedTieError as error:
            return error.projects

    assert asked(scanned) == asked(exact)


def near_tie(supporters: int) -> Election:
    """P and Q exclude each other; P is cheaper by less than 1 / supporters².

    Everybody owns 2. The supporters of A pay (N - 1) / N each and keep 1 + 1/N; those of B, one
    more, keep 1 + 1/(N + 1). One of each then gives all that to P or to Q, and one who has 2 left
    pays the rest of 3: a little less for P. In the official order Q comes first.
    """
    projects = (
        Project("A", supporters - 1),
        Project("B", supporters),
        Project("Q", 3),
        Project("P", 3),
    )
    groups = (
        BallotGroup((0,), (), supporters - 1),
        BallotGroup((0, 3)),
        BallotGroup((1,), (), supporters),
        BallotGroup((1, 2)),
        BallotGroup((2,)),
        BallotGroup((3,)),
    )
    ballots = sum(group.count for group in groups)
    conflicts = frozenset({frozenset("PQ")})
    return Election(projects, groups, VoteType.APPROVAL, 2 * ballots, conflicts=conflicts)


@pytest.mark.parametrize("supporters", [10, 1_000, 2**20, 2**31])
def test_purses_that_differ_by_less_than_any_bound_shows(supporters: int) -> None:
    election = near_tie(supporters)
    assert count(election, SHARES).winners == ("B", "A", "P")
    contest = contest_of(election, SHARES)
    money, step = Fraction(2), Fraction(1, 1000 * supporters**2)
    walk = add_one.Walk(contest, Run(contest, money), money, step)
    stretch = next(walk.stretches())
    assert 3 in stretch.funded
    assert 2 not in stretch.funded
    assert 2 in stretch.excluded


def test_a_near_tie_is_given_to_the_exact_run(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Spy(Run):
        def __init__(self, contest: Contest, per_ballot: Fraction) -> None:
            asked.append(per_ballot)
            super().__init__(contest, per_ballot)

    monkeypatch.setattr(add_one, "Run", Spy)
    step = Fraction(1, 2**80)
    assert len(list(stretches(near_tie(2**31), SHARES, Fraction(2), step, 3))) == 3
    assert [money - 2 for money in asked] == [step, 2 * step, 3 * step]
    asked.clear()
    assert list(stretches(near_tie(1_000), SHARES, Fraction(2), step, 3))
    assert not asked


def test_an_outcome_is_never_given_when_the_scan_misled_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of three projects fit: a scan that tells of none funded, then of all, is found out."""
    projects = (Project("A", 3), Project("B", 3), Project("C", 40))
    groups = (BallotGroup((0,), (), 2), BallotGroup((1,), (), 2), BallotGroup((2,), (), 2))
    election = Election(projects, groups, VoteType.APPROVAL, 12)
    assert set(count(election, ADD1).winners) == {"A", "B"}
    overspent = replace(ADD1, stop=Stop.OVERSPEND)
    assert set(count(election, overspent).winners) == {"A", "B"}

    def misleading(_walk: add_one.Walk) -> Iterator[add_one.Stretch]:
        yield add_one.Stretch(1, 1, frozenset(), frozenset())
        yield add_one.Stretch(2, 2, frozenset({0, 1, 2}), frozenset())

    monkeypatch.setattr(add_one.Walk, "stretches", misleading)
    with pytest.raises(AssertionError, match="not the exact run"):
        count(election, overspent)


def test_amounts_too_large_for_64_bits_are_counted_exactly() -> None:
    election = near_tie(1_000).rescaled(18)
    rule = replace(ADD1, stop=Stop.OVERSPEND)
    assert count(election, rule).to_json()["winners"] == ["B", "A", "P"]
    contest, money = contest_of(election, rule), Fraction(2 * 10**18)
    walk = add_one.Walk(contest, Run(contest, money), money, Fraction(1))
    assert next(walk.stretches()).funded == {0, 1, 3}
    assert walk.market is None


def test_without_a_folder_for_compiled_code_it_is_compiled_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def njit(cache: bool = False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return lambda function: function

    monkeypatch.setattr(scan_kernel.numba, "njit", njit)
    assert scan_kernel._compiled(abs) is abs


def test_only_a_scan_loads_the_compiler() -> None:
    program = """
import sys
from budgeting.tally import *
election = Election((Project("A", 1),), (BallotGroup((0,)),), VoteType.APPROVAL, 1)
for rule in (Rule(Method.GREEDY), Rule(Method.EQUAL_SHARES)):
    count(election, rule)
assert "numba" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)


class EnoughError(Exception):
    """Somebody wants a count to end."""


def test_a_long_count_ends_when_whoever_started_it_says_so() -> None:
    election = Election(
        (Project("A", 10**15), Project("B", 10**15)),
        (BallotGroup((0,), (), 1), BallotGroup((1,), (), 1)),
        VoteType.APPROVAL,
        15 * 10**14,
    )
    asked = []

    def ask() -> None:
        asked.append(None)
        if len(asked) == 3:
            raise EnoughError

    with pytest.raises(EnoughError), interruptible(ask):
        count(election, ADD1)
    assert len(asked) == 3
