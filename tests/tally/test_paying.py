"""Who paid for what: every cent of every funded project, and nobody pays what they have not."""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgeting.tally import (
    Areas,
    BallotGroup,
    Election,
    GreedyStep,
    Limits,
    Method,
    Overflow,
    PhragmenStep,
    Project,
    Rule,
    SharesStep,
    Ties,
    VoteType,
    count,
    figures_of,
    payments,
)

from .strategies import elections, rules

flows: st.SearchStrategy[Rule] = st.builds(
    Rule,
    method=st.just(Method.PHRAGMEN),
    ties=st.just(Ties.FILE_ORDER),
    overflow=st.sampled_from([Overflow.SKIP, Overflow.STOP]),
)
approvals = st.sampled_from([VoteType.APPROVAL, VoteType.CHOOSE_ONE]).map(VoteType)


def check_payments(election: Election, rule: Rule) -> None:
    outcome = count(election, rule)
    sizes = np.array([group.count for group in election.ballots], dtype=np.int64)
    spent: dict[int, Fraction] = defaultdict(Fraction)
    for step, payment in zip(outcome.trace, payments(election, outcome), strict=True):
        at = election.position[step.project]
        liked = [
            number
            for number, group in enumerate(election.ballots)
            if any(index == at and points > 0 for index, points in election.scores(group))
        ]
        assert sorted(payment.groups.tolist()) == liked
        if liked:
            assert payment.paid_by(sizes) == step.cost
        paid = [payment.amounts[kind] for kind in payment.kind.tolist()]
        for number, amount in zip(payment.groups.tolist(), paid, strict=True):
            spent[number] += amount
        if isinstance(step, SharesStep):
            assert max(paid, default=0) == step.payment
            owned = sum(
                (outcome.scan.per_ballot - spent[number]) * int(sizes[number]) for number in liked
            )
            assert payment.left == owned
            assert min(outcome.scan.per_ballot - spent[number] for number in liked) >= 0
        elif isinstance(step, PhragmenStep):
            assert all(spent[number] == step.time for number in liked)
            assert payment.left == 0
        else:
            assert isinstance(step, GreedyStep)
            assert payment.left is None


@settings(max_examples=250)
@given(elections(), rules)
def test_payments_add_up_to_the_cost(election: Election, rule: Rule) -> None:
    check_payments(election, rule)


@settings(max_examples=100)
@given(elections(approvals), flows)
def test_savings_add_up_to_the_cost(election: Election, rule: Rule) -> None:
    check_payments(election, rule)


def test_a_positive_default_score_pays_too() -> None:
    scoring = Election(
        (Project("1", 40), Project("2", 20)),
        (BallotGroup((0,), (2,), 2),),
        VoteType.SCORING,
        100,
        limits=Limits(default_score=1),
    )
    check_payments(scoring, Rule(Method.EQUAL_SHARES, ties=Ties.COST))


def test_money_of_areas_has_other_owners() -> None:
    projects = (
        Project("1", 40, neighborhood="North"),
        Project("2", 20, neighborhood="South"),
    )
    ballots = (BallotGroup((0,), count=2), BallotGroup((1,), count=2))
    areas = (("North", 60), ("South", 40))
    election = Election(projects, ballots, VoteType.APPROVAL, 100, areas=areas)
    rule = replace(Rule(Method.EQUAL_SHARES, ties=Ties.COST), areas=Areas.LAPSE)
    outcome = count(election, rule)
    with pytest.raises(ValueError, match="one area at a time"):
        next(payments(election, outcome))
    told = figures_of(election, outcome)
    assert told["1"].figures["left"] == 20
    assert told["1"].figures["left_behind"] == 20
    assert told["2"].order_funded == 2
