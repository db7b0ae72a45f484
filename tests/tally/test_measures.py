"""What an award gives to the ballots, against an obvious slow way of counting it."""

import json
import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgeting.tally import (
    BallotGroup,
    Election,
    Limits,
    Project,
    VoteType,
    compare,
    measure,
)

from .strategies import elections


def slow_choices_funded(election: Election, winners: list[str]) -> list[int]:
    """For every single ballot, how many funded projects it gives points to."""
    found = []
    for group in election.ballots:
        liked = {election.projects[at].id for at, points in election.scores(group) if points > 0}
        found += [len(liked & set(winners))] * group.count
    return found


@st.composite
def awards(draw: st.DrawFn) -> tuple[Election, list[str], list[str]]:
    election = draw(elections())
    names = [project.id for project in election.projects]
    some = st.lists(st.sampled_from(names), unique=True)
    return election, draw(some), draw(some)


@settings(max_examples=300)
@given(awards())
def test_ballots_by_choices_funded(case: tuple[Election, list[str], list[str]]) -> None:
    election, winners, _other = case
    slow = slow_choices_funded(election, winners)
    measures = measure(election, winners)
    assert measures.ballots == election.num_ballots
    top = max(slow, default=0)
    assert measures.by_choices_funded == tuple(slow.count(k) for k in range(top + 1))
    assert measures.at_least == tuple(sum(n >= k for n in slow) for k in range(1, top + 1))
    assert measures.with_something == sum(n > 0 for n in slow)
    if slow:
        assert measures.share_with_something == Fraction(measures.with_something, len(slow))
    else:
        assert measures.share_with_something is None
    json.dumps(measures.to_json())


@settings(max_examples=300)
@given(awards())
def test_comparing_two_awards(case: tuple[Election, list[str], list[str]]) -> None:
    election, one, other = case
    before, after = slow_choices_funded(election, one), slow_choices_funded(election, other)
    found = compare(measure(election, one), measure(election, other))
    assert found.gained == tuple(name for name in other if name not in one)
    assert found.lost == tuple(name for name in one if name not in other)
    assert found.better_under_one == sum(a > b for a, b in zip(before, after, strict=True))
    assert found.better_under_other == sum(b > a for a, b in zip(before, after, strict=True))
    assert found.equal == sum(a == b for a, b in zip(before, after, strict=True))
    json.dumps(found.to_json())


PARK = Project("1", 40, "Park", neighborhood="North", categories=("green", "play"))
LAMPS = Project("2", 30, "Lamps", neighborhood="South")
PATH = Project("3", 20, "Path", neighborhood="North", categories=("green",))


def election(*projects: Project) -> Election:
    return Election(projects, (BallotGroup((0,), count=3),), VoteType.APPROVAL, 100)


def test_money_goes_to_areas_and_categories() -> None:
    measures = measure(election(PARK, LAMPS, PATH), ["1", "2"])
    plain = measures.to_json()
    assert plain["neighborhoods"] == [
        {"name": "North", "projects": 2, "funded": 1, "cost": 40},
        {"name": "South", "projects": 1, "funded": 1, "cost": 30},
    ]
    # A project of two categories counts in each; the one without category is told apart.
    assert plain["categories"] == [
        {"name": "", "projects": 1, "funded": 1, "cost": 30},
        {"name": "green", "projects": 2, "funded": 1, "cost": 40},
        {"name": "play", "projects": 1, "funded": 1, "cost": 40},
    ]
    other = measure(election(PARK, LAMPS, PATH), ["3", "2"])
    assert compare(measures, other).moved == {"North": -20, "South": 0}


def test_where_no_project_names_an_area_there_are_none() -> None:
    measures = measure(election(Project("1", 40)), ["1"])
    assert measures.neighborhoods == measures.categories == ()


def test_awards_of_different_elections_are_not_compared() -> None:
    larger = Election((PARK,), (BallotGroup((0,), count=4),), VoteType.APPROVAL, 100)
    with pytest.raises(ValueError, match="same election"):
        compare(measure(election(PARK), []), measure(larger, []))


def test_a_positive_default_score_is_a_choice() -> None:
    scoring = Election(
        (PARK, LAMPS),
        (BallotGroup((0,), (-1,), 2),),
        VoteType.SCORING,
        100,
        limits=Limits(default_score=1),
    )
    assert measure(scoring, ["1", "2"]).by_choices_funded == (0, 2)
    assert measure(scoring, ["1"]).by_choices_funded == (2,)


def test_measuring_costs_no_object_per_ballot() -> None:
    draw = np.random.default_rng(7)
    chosen = np.sort(draw.integers(0, 300, (100_000, 5)), axis=1).tolist()
    groups = tuple(BallotGroup(tuple(dict.fromkeys(row))) for row in chosen)
    projects = tuple(Project(str(at), 10) for at in range(300))
    large = Election(projects, groups, VoteType.APPROVAL, 1000)
    seconds = []
    for _again in range(3):
        start = time.process_time()
        measures = measure(large, [str(at) for at in range(0, 300, 7)])
        seconds.append(time.process_time() - start)
    # 0.05 s, so a million take half a second; the bound leaves room for a busy machine.
    assert min(seconds) < 0.4
    assert measures.ballots == 100_000
