"""Decisions above the rule: before the count they change its input, after it they annotate."""

from dataclasses import replace

import pytest

from budgeting.tally import (
    BallotGroup,
    Election,
    Method,
    Override,
    OverrideError,
    OverrideKind,
    Project,
    Reason,
    Rule,
    Ties,
    VoteType,
    apply_overrides,
    count,
    read_outcome,
    replay,
)
from budgeting.tally.overrides import canonical

PEOPLE = ("Ada Rossi", "Bruno Conti")
ELECTION = Election(
    (Project("a", 60), Project("b", 50)),
    (BallotGroup((0,), (), 2), BallotGroup((1,))),
    VoteType.APPROVAL,
    100,
)
RULE = Rule(Method.GREEDY, ties=Ties.FILE_ORDER)


def override(kind: OverrideKind, project: str = "", amount: int | None = None) -> Override:
    return Override(kind, "The site was sold.", PEOPLE, project, amount)


@pytest.mark.parametrize(
    ("change", "winners"),
    [
        (override(OverrideKind.WITHDRAW, "a"), ("b",)),
        (override(OverrideKind.COST, "a", 40), ("a", "b")),
        (override(OverrideKind.BUDGET, amount=110), ("a", "b")),
        (override(OverrideKind.FUNDED_ELSEWHERE, "b"), ("a",)),
        (override(OverrideKind.WITHDRAWN_AFTERWARDS, "a"), ("a",)),
    ],
)
def test_what_is_decided_before_is_counted_again_and_what_comes_after_is_not(
    change: Override, winners: tuple[str, ...]
) -> None:
    changed = apply_overrides(ELECTION, [change])
    outcome = replace(count(changed, RULE), overrides=(change,))
    assert outcome.winners == winners
    assert (changed == ELECTION) is not change.kind.is_before
    assert replay(changed, outcome).agrees
    data = outcome.to_json()["overrides"][0]
    assert data["when"] == ("before" if change.kind.is_before else "after")
    assert read_outcome(outcome.to_json()) == outcome


def test_a_withdrawn_project_says_so() -> None:
    changed = apply_overrides(ELECTION, [override(OverrideKind.WITHDRAW, "a")])
    assert count(changed, RULE).not_funded[0].reason is Reason.WITHDRAWN


def test_overrides_have_one_text_to_hash() -> None:
    assert canonical([override(OverrideKind.COST, "a", 40)]).decode() == (
        '[{"amount":40,"by":["Ada Rossi","Bruno Conti"],"kind":"cost","project":"a",'
        '"reason":"The site was sold.","when":"before"}]'
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"by": ["Ada Rossi", ""]}, "by"),
        ({"by": ["Ada Rossi", "Ada Rossi"]}, "by"),
        ({"by": ["Ada Rossi"]}, "kind"),
        ({"project": ""}, "project"),
        ({"kind": "budget"}, "project"),
        ({"amount": None}, "amount"),
        ({"amount": -1}, "amount"),
        ({"kind": "withdraw"}, "amount"),
        ({"kind": "whim"}, "kind"),
    ],
)
def test_an_override_that_says_too_little_or_too_much_is_refused(changes: dict, field: str) -> None:
    good = override(OverrideKind.COST, "a", 40).to_json()
    assert Override.from_json(good) == override(OverrideKind.COST, "a", 40)
    with pytest.raises(OverrideError) as caught:
        Override.from_json(good | changes)
    assert caught.value.field == field


def test_signatures_are_those_of_two_people() -> None:
    with pytest.raises(OverrideError):
        Override(OverrideKind.WITHDRAW, "Sold.", ("Ada Rossi",), "a")  # type: ignore[arg-type]


def test_an_override_must_meet_the_election() -> None:
    with pytest.raises(OverrideError) as caught:
        apply_overrides(ELECTION, [override(OverrideKind.WITHDRAW, "z")])
    assert caught.value.field == "project"
    areas = replace(ELECTION, areas=(("", 100),))
    with pytest.raises(OverrideError, match="areas"):
        apply_overrides(areas, [override(OverrideKind.BUDGET, amount=5)])
