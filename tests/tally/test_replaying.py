"""Every trace replays to its outcome, and a changed figure is found at its step."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgeting.tally import (
    Draw,
    Election,
    Rule,
    Ties,
    UndecidedTieError,
    count,
    detailed,
    read_outcome,
    replay,
)

from .strategies import cases


@settings(max_examples=400, deadline=None)
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


@settings(max_examples=200, deadline=None)
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
