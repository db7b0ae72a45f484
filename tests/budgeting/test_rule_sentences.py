"""The award rule in words: every parameter that changes the count is told, in the right unit."""

from fractions import Fraction

import pytest
from django.utils import translation

from budgeting.models import Scope
from budgeting.rule_sentences import rule_sentences
from budgeting.tally.rules import (
    Areas,
    Comparison,
    Compat,
    Completion,
    Eligibility,
    Method,
    Order,
    Overflow,
    Rule,
    Start,
    Stop,
    Ties,
    Utility,
)
from home.money import NO_BREAK, format_percent

GREEDY = Rule(Method.GREEDY)
SHARES = Rule(Method.EQUAL_SHARES)
ADD_ONE = Rule(Method.EQUAL_SHARES, completion=Completion.ADD1)
PHRAGMEN = Rule(Method.PHRAGMEN)
PARTIAL = Rule(Method.GREEDY, overflow=Overflow.PARTIAL)


def words(rule, vote_type=Scope.VoteType.APPROVAL):
    with translation.override("en"):
        return rule_sentences(rule, vote_type=vote_type, currency="EUR")


def with_(rule, **changes):
    return Rule(**{name: getattr(rule, name) for name in rule.__dataclass_fields__} | changes)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        (GREEDY, {"method": Method.EQUAL_SHARES}),
        (GREEDY, {"min_votes": 20}),
        (GREEDY, {"min_share": Fraction(1, 40)}),
        (GREEDY, {"eligibility": Eligibility.THREE_BUDGETS}),
        (GREEDY, {"order": Order.VOTES_PER_COST}),
        *[(GREEDY, {"ties": each}) for each in Ties if each is not GREEDY.ties],
        *[(GREEDY, {"overflow": each}) for each in Overflow if each is not GREEDY.overflow],
        (PARTIAL, {"partial_share": Fraction(1, 2)}),
        (SHARES, {"utility": Utility.CARDINALITY}),
        (SHARES, {"completion": Completion.ADD1}),
        (SHARES, {"comparison": Comparison.SATISFACTION}),
        (SHARES, {"comparison": Comparison.COVERAGE}),
        (ADD_ONE, {"completion": Completion.ADD1U}),
        (ADD_ONE, {"stop": Stop.EXHAUSTIVE}),
        (ADD_ONE, {"start": Start.FLOOR}),
        (ADD_ONE, {"step": Fraction(1, 10)}),
        (SHARES, {"compat": Compat.EQUALSHARES_NET}),
        (GREEDY, {"method": Method.PHRAGMEN}),
        (PHRAGMEN, {"overflow": Overflow.SKIP}),
        (PHRAGMEN, {"compat": Compat.PABUTOOLS}),
        *[(GREEDY, {"areas": each}) for each in Areas if each is not Areas.NONE],
    ],
)
def test_a_rule_that_counts_otherwise_reads_otherwise(rule, changes):
    assert words(with_(rule, **changes)) != words(rule)


def test_the_two_comparisons_read_differently():
    assert words(with_(SHARES, comparison=Comparison.SATISFACTION)) != words(
        with_(SHARES, comparison=Comparison.COVERAGE)
    )


def test_a_minimum_is_told_in_what_projects_collect():
    rule = with_(GREEDY, min_votes=1_500)
    assert "A project with fewer than 1,500 votes is left out." in words(rule)
    assert "A project with fewer than 1,500 points is left out." in words(
        rule, Scope.VoteType.CUMULATIVE
    )


def test_a_share_has_the_decimal_mark_of_the_language():
    with translation.override("it"):
        assert format_percent(Fraction(1, 8)) == f"12,5{NO_BREAK}%"
        assert format_percent(Fraction(1, 20)) == f"5{NO_BREAK}%"
    with translation.override("en"):
        assert format_percent(Fraction(1, 8)) == "12.5%"
        assert format_percent(Fraction(1, 800)) == "0.12%"
        assert format_percent(Fraction(1, 50)) == "2%"
