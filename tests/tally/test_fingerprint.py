"""Two counts have one hash when, and only when, nothing differs that can change an award."""

from dataclasses import replace

import pytest

from budgeting.tally import BallotGroup, Draw, Election, Limits, Method, Project, Rule, VoteType
from budgeting.tally.fingerprint import inputs_sha256

NORTH, SOUTH = Project("A", 10, neighborhood="North"), Project("B", 20, neighborhood="South")
GROUPS = (BallotGroup((0,), (), 2), BallotGroup((0, 1)))
ELECTION = Election((NORTH, SOUTH), GROUPS, VoteType.APPROVAL, 30)
IN_AREAS = replace(ELECTION, areas=(("North", 10), ("South", 20)))
RULE = Rule(Method.GREEDY)


@pytest.mark.parametrize(
    "other",
    [
        replace(ELECTION, projects=(NORTH, replace(SOUTH, cost=21))),
        replace(ELECTION, projects=(NORTH, replace(SOUTH, withdrawn=True))),
        replace(ELECTION, ballots=(BallotGroup((0,), (), 3), BallotGroup((0, 1)))),
        replace(ELECTION, budget=31),
        replace(ELECTION, scale=2),
        replace(ELECTION, limits=Limits(max_length=2)),
        replace(ELECTION, conflicts=frozenset({frozenset("AB")})),
        IN_AREAS,
    ],
)
def test_whatever_can_change_an_award_changes_the_hash(other: Election) -> None:
    assert inputs_sha256(other, RULE) != inputs_sha256(ELECTION, RULE)


def test_rule_and_draw_are_part_of_it() -> None:
    draw = Draw("07-22", "Fontelieta 2026", "")
    hashes = {
        inputs_sha256(ELECTION, RULE),
        inputs_sha256(ELECTION, Rule(Method.EQUAL_SHARES)),
        inputs_sha256(ELECTION, RULE, draw),
        inputs_sha256(ELECTION, RULE, replace(draw, seed="07-23")),
    }
    assert len(hashes) == 4


def test_of_areas_the_budgets_and_who_lies_where_are_part_of_it() -> None:
    hashes = {
        inputs_sha256(election, RULE)
        for election in (
            IN_AREAS,
            replace(IN_AREAS, areas=(("North", 20), ("South", 10))),
            replace(IN_AREAS, areas=(("South", 20), ("North", 10))),
            replace(IN_AREAS, projects=(NORTH, replace(SOUTH, neighborhood="North"))),
        )
    }
    assert len(hashes) == 4


def test_the_order_of_ballots_names_and_the_cost_of_the_withdrawn_change_nothing() -> None:
    same = replace(ELECTION, ballots=tuple(reversed(GROUPS)), meta={"unit": "Fontelieta"})
    assert inputs_sha256(same, RULE) == inputs_sha256(ELECTION, RULE)
    one, other = (
        replace(ELECTION, projects=(NORTH, replace(SOUTH, withdrawn=True, cost=cost)))
        for cost in (20, 5)
    )
    assert inputs_sha256(one, RULE) == inputs_sha256(other, RULE)
