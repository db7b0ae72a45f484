"""An election whose parts contradict each other cannot be built."""

from decimal import Decimal

import pytest

from budgeting.tally import (
    BallotGroup,
    Election,
    ElectionError,
    Limits,
    Project,
    VoteType,
    group_ballots,
)
from budgeting.tally.money import to_units

A, B = Project("A", 10), Project("B", 20)


def build(
    *groups: BallotGroup,
    projects: tuple[Project, ...] = (A, B),
    vote_type: VoteType = VoteType.APPROVAL,
    budget: int = 30,
    **more,
) -> Election:
    return Election(projects, groups, vote_type, budget, **more)


@pytest.mark.parametrize(
    ("problem", "make"),
    [
        ("negative", lambda: build(budget=-1)),
        ("comma", lambda: build(projects=(Project("A,1", 1),))),
        ("empty", lambda: build(projects=(Project("", 1),))),
        ("empty", lambda: build(projects=(Project(" A", 1),))),
        ("twice", lambda: build(projects=(A, A))),
        ("negative cost", lambda: build(projects=(Project("A", -1),))),
        ("not a pair", lambda: build(conflicts=frozenset({frozenset({"A", "C"})}))),
        ("not a pair", lambda: build(conflicts=frozenset({frozenset({"A"})}))),
        ("at least one", lambda: build(BallotGroup((0,), (), 0))),
        ("not there", lambda: build(BallotGroup((2,)))),
        ("not there", lambda: build(BallotGroup((-1,)))),
        ("points", lambda: build(BallotGroup((0,), (1,)))),
        ("points", lambda: build(BallotGroup((0,)), vote_type=VoteType.CUMULATIVE)),
        (
            "longer",
            lambda: build(
                BallotGroup((0, 1)), vote_type=VoteType.ORDINAL, limits=Limits(max_length=1)
            ),
        ),
        ("more than one", lambda: build(BallotGroup((0, 1)), vote_type=VoteType.CHOOSE_ONE)),
        ("negative points", lambda: build(BallotGroup((0,), (-1,)), vote_type=VoteType.CUMULATIVE)),
        ("too large", lambda: build(BallotGroup((0,), (2**64,)), vote_type=VoteType.SCORING)),
        ("more points", lambda: build(BallotGroup((0,), (2**61,), 2), vote_type=VoteType.SCORING)),
        (
            "more points",
            lambda: build(BallotGroup((0,), (-(2**61),), 2), vote_type=VoteType.SCORING),
        ),
    ],
)
def test_contradictions_are_refused(problem: str, make) -> None:
    with pytest.raises(ElectionError, match=problem):
        make()


def test_money_keeps_its_worth_in_another_scale_and_never_loses_any() -> None:
    limits = Limits(min_sum_cost=1, max_sum_cost=9)
    fine = build(limits=limits).rescaled(2)
    assert (fine.budget, fine.projects[1].cost, fine.scale) == (3000, 2000, 2)
    assert (fine.limits.min_sum_cost, fine.limits.max_sum_cost) == (100, 900)
    with pytest.raises(ElectionError, match="would lose money"):
        fine.rescaled(0)


def test_an_amount_finer_than_the_scale_is_refused_rather_than_rounded() -> None:
    assert to_units(Decimal("4000.50"), 2) == 400050
    with pytest.raises(ValueError, match="does not fit in 1 decimals"):
        to_units(Decimal("4000.55"), 1)


def test_single_ballots_are_grouped_whatever_the_order_of_choices() -> None:
    ballots = [((1, 0), ()), ((0, 1), ()), ((0,), ()), ((), ())]
    grouped = group_ballots(VoteType.APPROVAL, ballots)
    assert sorted(grouped) == [
        BallotGroup(()),
        BallotGroup((0,)),
        BallotGroup((0, 1), (), 2),
    ]
    ranked = group_ballots(VoteType.ORDINAL, ballots[:2])
    assert len(ranked) == 2


@pytest.mark.parametrize(
    ("vote_type", "given", "kept"),
    [
        (VoteType.APPROVAL, BallotGroup((2, 0, 2)), BallotGroup((0, 2))),
        (VoteType.SCORING, BallotGroup((2, 0, 2), (5, 1, 3)), BallotGroup((0, 2), (1, 5))),
        (VoteType.ORDINAL, BallotGroup((2, 0, 2)), BallotGroup((2, 0))),
        (VoteType.CHOOSE_ONE, BallotGroup((2, 2)), BallotGroup((2,))),
    ],
)
def test_of_a_project_named_twice_the_first_mention_counts(vote_type, given, kept):
    projects = tuple(Project(id=name, cost=1) for name in "ABC")
    blank = BallotGroup((), ())
    election = Election(projects, (given, blank), vote_type, budget=1)
    assert set(election.ballots) == {kept, blank}
