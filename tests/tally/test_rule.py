"""A rule carries all its parameters, checks them, and knows its Pabulib name."""

from fractions import Fraction

import pytest

from budgeting.tally import (
    Areas,
    Comparison,
    Completion,
    Eligibility,
    Method,
    Order,
    Overflow,
    Rule,
    RuleError,
    Utility,
)

GREEDY = {"method": "greedy"}


@pytest.mark.parametrize(
    ("data", "field", "code"),
    [
        ({}, "method", "missing"),
        ({"method": "borda"}, "method", "value"),
        ({"method": "phragmen", "overflow": "partial"}, "overflow", "overflow"),
        ({"method": "phragmen", "compat": "equalshares.net"}, "compat", "compat"),
        ({"method": "greedy", "compat": "pabutools"}, "compat", "compat"),
        ({"method": "greedy", "areas": "first"}, "areas", "value"),
        ({"method": "greedy", "colour": 1}, "colour", "unknown"),
        ({"method": "greedy", "min_votes": -1}, "min_votes", "negative"),
        ({"method": "greedy", "min_votes": 1.5}, "min_votes", "value"),
        ({"method": "greedy", "min_votes": True}, "min_votes", "value"),
        ({"method": "greedy", "min_share": "3/2"}, "min_share", "share"),
        ({"method": "greedy", "min_share": 0.1}, "min_share", "value"),
        ({"method": "greedy", "partial_share": "0/1"}, "partial_share", "share"),
        ({"method": "greedy", "partial_share": "1/0"}, "partial_share", "value"),
        ({"method": "equalshares", "step": "-1/2"}, "step", "positive"),
        ({"method": "equalshares", "stop": "never"}, "stop", "value"),
    ],
)
def test_wrong_parameters_are_named(data: dict, field: str, code: str) -> None:
    with pytest.raises(RuleError) as caught:
        Rule.from_json(data)
    assert (caught.value.field, caught.value.code) == (field, code)


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"rule": "greedy"}, {"overflow": Overflow.SKIP, "min_votes": 0}),
        (
            {"rule": "greedy-threshold", "min_project_score_threshold": "50"},
            {"overflow": Overflow.SKIP, "min_votes": 50},
        ),
        ({"rule": "greedy-no-skip"}, {"overflow": Overflow.STOP}),
        (
            {"rule": "greedy-custom", "unit": "Poznań"},
            {"overflow": Overflow.PARTIAL, "partial_share": Fraction(4, 5)},
        ),
        ({"rule": "equalshares"}, {"completion": Completion.NONE, "utility": Utility.COST}),
        ({"rule": "equalshares-comparison"}, {"comparison": Comparison.SATISFACTION}),
        ({"rule": "equalshares/add1"}, {"completion": Completion.ADD1}),
        (
            {"rule": "equalshares/add1-comparison"},
            {"completion": Completion.ADD1, "comparison": Comparison.SATISFACTION},
        ),
    ],
)
def test_pabulib_names_lead_to_rules_and_back(meta: dict, expected: dict) -> None:
    rule = Rule.from_file(meta)
    assert {name: getattr(rule, name) for name in expected} == expected
    assert rule.pabulib_name() == meta["rule"]


def test_what_does_not_fit_stops_phragmen_and_is_skipped_by_greedy_unless_said() -> None:
    assert Rule.from_json({"method": "phragmen"}).overflow is Overflow.STOP
    assert Rule.from_json({"method": "greedy"}).overflow is Overflow.SKIP
    skipping = Rule.from_json({"method": "phragmen", "overflow": "skip"})
    assert Rule.from_json(skipping.to_json()) == skipping


def test_a_threshold_that_is_no_number_is_refused() -> None:
    with pytest.raises(RuleError) as caught:
        Rule.from_file({"rule": "greedy-threshold", "min_project_score_threshold": "ten"})
    assert caught.value.field == "min_project_score_threshold"


@pytest.mark.parametrize(
    "rule",
    [
        Rule(Method.GREEDY, order=Order.VOTES_PER_COST),
        Rule(Method.GREEDY, eligibility=Eligibility.THREE_BUDGETS),
        Rule(Method.EQUAL_SHARES, utility=Utility.CARDINALITY),
        Rule(Method.EQUAL_SHARES, completion=Completion.ADD1U, comparison=Comparison.SATISFACTION),
        Rule(Method.EQUAL_SHARES, comparison=Comparison.COVERAGE),
        Rule(Method.EQUAL_SHARES, min_votes=5),
        Rule(Method.PHRAGMEN),
        Rule(Method.GREEDY, areas=Areas.LAPSE),
    ],
)
def test_a_rule_pabulib_has_no_name_for_is_unknown_to_it(rule: Rule) -> None:
    assert rule.pabulib_name() == "unknown"
