"""What ballots own during a run: exact where it is asked, and bounds that hold."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgeting.tally import (
    BallotGroup,
    Election,
    Method,
    Rule,
    SharesStep,
    TieOrder,
    Ties,
    Utility,
    count,
)
from budgeting.tally.equal_shares import Contest, Run
from budgeting.tally.standing import find_standing

from .strategies import elections

SHARES = Rule(Method.EQUAL_SHARES, ties=Ties.FILE_ORDER)
peopled = elections().filter(lambda election: election.num_ballots > 0)


def run_of(election: Election, utility: Utility) -> Run:
    rule = replace(SHARES, utility=utility)
    standing = find_standing(election, rule).projects
    contest = Contest(election, standing, rule, TieOrder(election, rule.ties, None))
    return Run(contest, Fraction(election.budget, election.num_ballots))


def larger(election: Election, factor: int) -> Election:
    """Where every ballot was cast so many times."""
    groups = (replace(group, count=group.count * factor) for group in election.ballots)
    return replace(election, ballots=tuple(groups))


def left_by_hand(election: Election, run: Run, group: BallotGroup, utility: Utility) -> Fraction:
    """What one ballot of a group has left, from the prices the run names."""
    purse = run.per_ballot
    given = dict(election.scores(group))
    for purchase in run.purchases:
        worth = election.projects[purchase.project].cost if utility is Utility.COST else 1
        purse -= min(purse, purchase.rho * worth * max(0, given.get(purchase.project, 0)))
    return purse


@settings(max_examples=300)
@given(peopled, st.sampled_from(Utility), st.sampled_from([1, 2**54 + 1]))
def test_purses_are_what_the_payments_left(small: Election, utility: Utility, factor: int) -> None:
    election = larger(small, factor)
    run = run_of(election, utility)
    purses, groups = run.purses, np.arange(len(election.ballots))
    left = [left_by_hand(election, run, group, utility) for group in election.ballots]
    assert [Fraction(owned, purses.denominator) for owned in purses.each(groups)] == left
    together = sum(purse * group.count for purse, group in zip(left, election.ballots, strict=True))
    assert Fraction(purses.together(groups), purses.denominator) == together
    for purse, least, spent in zip(left, purses.least.tolist(), purses.spent.tolist(), strict=True):
        assert least <= purse * purses.scale <= least + purses.error
        assert not (spent and purse)


@settings(max_examples=150)
@given(peopled, st.sampled_from(Utility), st.sampled_from([10**15, 10**40]))
def test_richer_cities_decide_as_poorer_ones(
    election: Election, utility: Utility, factor: int
) -> None:
    richer = replace(
        election,
        budget=election.budget * factor,
        projects=tuple(
            replace(project, cost=project.cost * factor) for project in election.projects
        ),
    )
    rule = replace(SHARES, utility=utility)
    assert count(richer, rule).winners == count(election, rule).winners


@settings(max_examples=150)
@given(peopled, st.sampled_from(Utility))
def test_larger_cities_decide_as_smaller_ones(election: Election, utility: Utility) -> None:
    factor = 2**54 + 1
    rule = replace(SHARES, utility=utility)
    found, expected = count(larger(election, factor), rule), count(election, rule)
    assert found.winners == expected.winners
    for step, other in zip(found.trace, expected.trace, strict=True):
        assert isinstance(step, SharesStep)
        assert isinstance(other, SharesStep)
        assert step.payment * factor == other.payment


@pytest.mark.parametrize("utility", Utility)
@settings(max_examples=100)
@given(election=peopled)
def test_prices_never_fall(utility: Utility, election: Election) -> None:
    prices = [purchase.rho for purchase in run_of(election, utility).purchases]
    assert all(before <= after for before, after in pairwise(prices))
