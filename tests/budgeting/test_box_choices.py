"""What a ballot may be, judged beside the module by the rules as one would say them."""

import json

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from budgeting.canonical_json import canonical_json
from budgeting.choices import (
    BallotRules,
    InvalidBallot,
    arrange,
    check_ballot,
    read_ballot,
    write_ballot,
    write_choices,
)
from budgeting.models import Project
from tests.factories.box import make_contest, make_round, make_scope

COSTS = {1: 100, 2: 250, 3: 300, 4: 1000, 7: 50}


def rules(vote_type="approval", **limits):
    return BallotRules(vote_type=vote_type, costs=COSTS, **limits)


def verdict(rules, chosen):
    try:
        return not check_ballot(rules, arrange(rules.vote_type, chosen))
    except InvalidBallot:
        return False


@pytest.mark.parametrize(
    ("vote_type", "chosen", "written"),
    [
        ("approval", [7, 1, 3], "[1,3,7]"),
        ("choose-1", [2], "[2]"),
        ("ordinal", [7, 1, 3], "[7,1,3]"),
        ("cumulative", [(3, 2), (1, 5), (2, 0)], "[[1,5],[3,2]]"),
        ("scoring", [(3, -2), (1, 0)], "[[1,0],[3,-2]]"),
        ("approval", [], "[]"),
    ],
)
def test_how_choices_are_written(vote_type, chosen, written):
    assert write_choices(arrange(vote_type, chosen)) == written


def test_a_ballot_is_canonical_and_comes_back():
    text = write_ballot(contest="quartiere-nord", choices=[1, 3])
    assert text == '{"choices":[1,3],"contest":"quartiere-nord"}'
    assert read_ballot(text) == ("quartiere-nord", [1, 3])


@given(
    st.lists(st.tuples(st.integers(1, 99999), st.integers(-99, 999)), unique_by=lambda p: p[0]),
    st.from_regex(r"[a-z0-9_-]{1,40}", fullmatch=True),
    st.sampled_from(["approval", "ordinal", "scoring", "cumulative"]),
)
def test_what_is_written_is_rfc_8785(pairs, contest, vote_type):
    chosen = pairs if vote_type in ("scoring", "cumulative") else [number for number, _ in pairs]
    choices = arrange(vote_type, chosen)
    assert write_ballot(contest=contest, choices=choices) == canonical_json(
        {"contest": contest, "choices": choices}
    )
    assert json.loads(write_choices(choices)) == choices


@given(st.permutations([1, 2, 3, 4]))
def test_the_order_of_a_form_does_not_matter_unless_it_ranks(order):
    assert arrange("approval", order) == [1, 2, 3, 4]
    assert arrange("ordinal", order) == list(order)


@pytest.mark.parametrize(
    ("vote_type", "chosen"),
    [
        ("approval", [1, 1]),
        ("ordinal", [1, 2, 1]),
        ("cumulative", [(1, 2), (1, 3)]),
        ("approval", ["1"]),
        ("approval", [True]),
        ("approval", [1.0]),
        ("approval", [None]),
        ("approval", [[1, 2]]),
        ("approval", [2**40]),
        ("cumulative", [1]),
        ("cumulative", [(1,)]),
        ("cumulative", [(1, "2")]),
        ("scoring", [(1, True)]),
    ],
)
def test_what_is_no_ballot_is_refused_in_words(vote_type, chosen):
    with pytest.raises(InvalidBallot) as refusal:
        arrange(vote_type, chosen)
    assert refusal.value.field == "choices"
    assert str(refusal.value)


@pytest.mark.parametrize(
    ("limits", "chosen", "is_valid"),
    [
        ({}, [1], True),
        ({}, [], True),
        ({"allows_blank": False}, [], False),
        ({"min_length": 2}, [], True),
        ({"min_length": 2}, [1], False),
        ({"min_length": 2}, [1, 2], True),
        ({"max_length": 2}, [1, 2, 3], False),
        ({"max_sum_cost": 350}, [1, 2], True),
        ({"max_sum_cost": 349}, [1, 2], False),
        ({"min_sum_cost": 351}, [1, 2], False),
        ({}, [5], False),
        ({"withdrawn": frozenset({5})}, [1, 5], False),
        ({"vote_type": "choose-1"}, [1], True),
        ({"vote_type": "choose-1"}, [1, 2], False),
        ({"vote_type": "choose-1", "max_length": 3}, [1, 2], False),
        ({"vote_type": "ordinal", "max_length": 3}, [3, 1, 2], True),
        ({"vote_type": "cumulative", "max_sum_points": 10}, [(1, 4), (2, 6)], True),
        ({"vote_type": "cumulative", "max_sum_points": 10}, [(1, 4), (2, 7)], False),
        ({"vote_type": "cumulative", "max_sum_points": 10}, [(1, -4), (2, 7)], False),
        ({"vote_type": "cumulative", "max_sum_points": 10, "max_points": 5}, [(1, 6)], False),
        ({"vote_type": "cumulative", "max_sum_points": 9, "min_sum_points": 9}, [(1, 8)], False),
        ({"vote_type": "cumulative", "max_sum_points": 10, "allows_blank": False}, [(1, 0)], False),
        ({"vote_type": "scoring", "max_points": 5}, [(1, 0), (2, 5)], True),
        ({"vote_type": "scoring", "max_points": 5}, [(1, 6)], False),
        ({"vote_type": "scoring", "max_points": 5}, [(1, -1)], False),
        ({"vote_type": "scoring", "min_points": -2, "max_points": 2}, [(1, -2)], True),
    ],
)
def test_limits(limits, chosen, is_valid):
    assert verdict(rules(**limits), chosen) is is_valid


def test_everything_wrong_is_said_at_once_and_at_its_field():
    reasons = check_ballot(rules(max_length=1, withdrawn=frozenset({9})), [5, 9])
    form = type("Booth", (forms.Form,), {"choices": forms.CharField(required=False)})({})
    form.is_valid()
    InvalidBallot(reasons).add_to(form)
    assert {field: len(messages) for field, messages in form.errors.items()} == {"choices": 3}


def judge(limits, chosen):
    """The rules said plainly, in any order, and slowly."""
    kind = limits["vote_type"]
    pointed = kind in ("cumulative", "scoring")
    numbers = [item[0] if pointed else item for item in chosen]
    if len(set(numbers)) < len(numbers):
        return False
    if kind == "cumulative":
        chosen = [pair for pair in chosen if pair[1] != 0]
        numbers = [pair[0] for pair in chosen]
    if not chosen:
        return limits["allows_blank"]
    if any(number not in COSTS for number in numbers):
        return False
    least, most = limits["min_length"], limits["max_length"]
    if kind == "choose-1":
        least = most = 1
    if len(numbers) < least or (most is not None and len(numbers) > most):
        return False
    total = sum(COSTS[number] for number in numbers)
    if limits["min_sum_cost"] is not None and total < limits["min_sum_cost"]:
        return False
    if limits["max_sum_cost"] is not None and total > limits["max_sum_cost"]:
        return False
    if not pointed:
        return True
    points = [pair[1] for pair in chosen]
    floor = limits["min_points"] if limits["min_points"] is not None else 0
    if kind == "cumulative":
        floor = max(floor, 1)
    ceiling = limits["max_points"]
    return (
        all(point >= floor and (ceiling is None or point <= ceiling) for point in points)
        and (limits["min_sum_points"] is None or sum(points) >= limits["min_sum_points"])
        and (limits["max_sum_points"] is None or sum(points) <= limits["max_sum_points"])
    )


def maybe(strategy):
    return st.none() | strategy


@given(
    st.fixed_dictionaries(
        {
            "vote_type": st.sampled_from(
                ["approval", "choose-1", "cumulative", "scoring", "ordinal"]
            ),
            "min_length": st.integers(0, 3),
            "max_length": maybe(st.integers(1, 4)),
            "min_sum_cost": maybe(st.integers(0, 600)),
            "max_sum_cost": maybe(st.integers(0, 1500)),
            "min_points": maybe(st.integers(-3, 3)),
            "max_points": maybe(st.integers(0, 6)),
            "min_sum_points": maybe(st.integers(0, 5)),
            "max_sum_points": maybe(st.integers(0, 12)),
            "allows_blank": st.booleans(),
        }
    ),
    st.lists(st.tuples(st.sampled_from([1, 2, 3, 4, 5, 7]), st.integers(-2, 6)), max_size=5),
)
def test_the_module_and_the_judge_agree(limits, pairs):
    pointed = limits["vote_type"] in ("cumulative", "scoring")
    chosen = pairs if pointed else [number for number, _ in pairs]
    assert verdict(rules(**limits), chosen) is judge(limits, chosen)


@pytest.mark.django_db
def test_a_withdrawal_leaves_a_ballot_that_can_be_filled_in():
    contest = make_contest(make_scope(make_round(), min_length=3), projects=3)
    project = contest.projects.first()
    assert check_ballot(BallotRules.of(contest), [project.number + 1, project.number + 2])
    project.state, project.withdrawal_reason = Project.State.WITHDRAWN, "Ritirato."
    project.save()
    assert not check_ballot(BallotRules.of(contest), [project.number + 1, project.number + 2])
    assert check_ballot(BallotRules.of(contest), [project.number + 1])
