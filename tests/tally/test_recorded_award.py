"""What can be said, and what cannot, about a recorded award that a recount does not give."""

from fractions import Fraction

import pytest

from budgeting.tally import Method, Order, Overflow, Rule, Ties
from budgeting.tally.recorded_award import Cause, Differences, Entry, compare_awards

SKIP = Rule(Method.GREEDY, ties=Ties.FILE_ORDER)
STOP = Rule(Method.GREEDY, ties=Ties.FILE_ORDER, overflow=Overflow.STOP)
PARTIAL = Rule(Method.GREEDY, overflow=Overflow.PARTIAL, partial_share=Fraction(4, 5))
SHARES = Rule(Method.EQUAL_SHARES)


def compared(
    projects: str,
    *,
    budget: int,
    ours: str,
    official: str,
    rule: Rule = SKIP,
    elsewhere: str = "",
    left_out: str = "",
) -> Differences:
    """Compare awards over projects written as `name:votes:cost`, each name a letter."""
    entries = []
    for text in projects.split():
        name, votes, cost = text.split(":")
        entries.append(
            Entry(
                name,
                int(cost),
                int(votes),
                counted=name in ours,
                official=name in official,
                elsewhere=name in elsewhere,
                stands=name not in left_out,
            )
        )
    return compare_awards(entries, rule, budget=budget)


def causes(found: Differences) -> dict[object, str]:
    return {key: finding.cause.value for key, finding in found.by_project.items()}


def test_awards_that_agree_need_no_words() -> None:
    assert compared("a:9:5 b:4:5", budget=10, ours="ab", official="ab") == Differences()


def test_a_rival_that_the_data_do_not_name_shows_as_passed_over_and_the_rest_follows() -> None:
    """b has a rival in a, say; without b there is room for d, and then none for e."""
    found = compared("a:9:5 b:8:4 c:7:9 d:6:5 e:5:1", budget=10, ours="abe", official="ad")
    assert causes(found) == {"b": "passed-over", "d": "room", "e": "no-room"}
    assert found.by_project["b"].left == 5
    assert found.by_project["b"].other == "d"
    assert (found.by_project["d"].left, found.by_project["d"].ours) == (5, 1)
    assert found.by_project["e"].left == 0
    assert found.rest_follows
    assert found.passed_over == ("b",)
    assert found.excess == 0


def test_nothing_follows_where_the_official_award_is_no_outcome_of_the_rule() -> None:
    """Without b, c would be funded, but the city did not fund it either."""
    found = compared("a:9:5 b:8:4 c:7:5 d:6:2", budget=10, ours="ab", official="ad")
    assert causes(found) == {"b": "passed-over", "d": "room"}
    assert not found.rest_follows


def test_the_last_one_passed_over_names_nobody_after_it() -> None:
    found = compared("a:9:5 b:8:4", budget=10, ours="ab", official="a")
    assert causes(found) == {"b": "passed-over"}
    assert found.by_project["b"].other is None
    assert not found.rest_follows


def test_equals_taken_in_another_order_are_no_riddle() -> None:
    found = compared("a:9:5 b:4:5 c:4:5", budget=10, ours="ab", official="ac")
    assert causes(found) == {"b": "equal", "c": "equal"}
    assert (found.by_project["b"].other, found.by_project["c"].other) == ("c", "b")
    assert not found.rest_follows


def test_what_comes_of_another_order_between_equals_follows_from_it() -> None:
    """The city took c, of 3, and had room for d; the count took b, of 5."""
    found = compared("a:9:5 b:4:5 c:4:3 d:1:2", budget=10, ours="ab", official="acd")
    assert causes(found) == {"b": "equal", "c": "equal", "d": "room"}
    assert found.rest_follows


def test_a_list_that_costs_more_than_the_budget_says_by_how_much() -> None:
    found = compared("a:9:6 b:8:7 c:7:4", budget=10, ours="ac", official="ab")
    assert found.excess == 3
    assert causes(found) == {"b": "overdrawn", "c": "no-room"}
    assert found.by_project["b"].left == 4
    assert found.by_project["c"].left == -3


def test_a_count_that_stops_ends_where_the_list_has_no_room() -> None:
    found = compared("a:9:6 b:8:7 c:7:4", budget=10, ours="a", official="ac", rule=STOP)
    assert causes(found) == {"c": "beyond-end"}
    found = compared("z:10:1 a:9:6 b:8:3", budget=9, ours="za", official="b", rule=STOP)
    assert causes(found) == {"z": "passed-over", "a": "passed-over", "b": "room"}
    assert found.by_project["b"].ours == 2
    found = compared("z:10:4 a:9:6 b:8:3 c:7:1", budget=9, ours="z", official="ab", rule=STOP)
    assert causes(found) == {"z": "passed-over", "a": "room", "b": "room"}
    assert (found.by_project["a"].ours, found.by_project["b"].ours) == (5, None)


def test_a_project_of_the_count_after_the_end_of_the_official_list() -> None:
    """The city took c, the larger of two equals, and d ended its count before e."""
    found = compared(
        "b:8:3 c:8:6 d:7:4 e:6:1", budget=8, ours="bde", official="c", rule=STOP, left_out="c"
    )
    assert causes(found) == {
        "c": "left-out",
        "b": "no-room",
        "d": "after-end",
        "e": "after-end",
    }


def test_the_last_project_funded_in_part_is_no_excess() -> None:
    """At 80 % the rule itself goes beyond the budget: 4 for b, of 5."""
    found = compared("a:9:6 b:8:5 c:7:1", budget=10, ours="ab", official="ac", rule=PARTIAL)
    assert causes(found) == {"b": "passed-over", "c": "room"}
    assert found.excess == 0
    found = compared("z:10:1 a:9:6 b:8:5", budget=10, ours="za", official="ab", rule=PARTIAL)
    assert causes(found) == {"z": "passed-over", "b": "room"}
    assert found.excess == 0
    found = compared("a:9:6 b:8:6 c:7:1", budget=10, ours="a", official="ab", rule=PARTIAL)
    assert causes(found) == {"b": "overdrawn"}
    assert found.excess == 2


def test_what_another_fund_paid_is_neither_passed_over_nor_spent() -> None:
    found = compared("a:9:6 b:8:4", budget=6, ours="a", official="b", elsewhere="a")
    assert causes(found) == {"b": "room"}


def test_a_project_left_out_of_the_count_has_no_turn() -> None:
    found = compared("a:9:6 b:1:4", budget=10, ours="a", official="ab", left_out="b")
    assert causes(found) == {"b": "left-out"}


def test_the_order_is_the_rules_own() -> None:
    """By votes per cost b comes before a."""
    by_ratio = Rule(Method.GREEDY, order=Order.VOTES_PER_COST)
    found = compared("a:9:9 b:8:2 f:1:0", budget=10, ours="bf", official="af", rule=by_ratio)
    assert causes(found) == {"b": "passed-over", "a": "room"}
    assert found.by_project["b"].other == "a"


def test_where_every_choice_hangs_on_the_others_only_the_totals_speak() -> None:
    found = compared("a:9:5 b:8:2 c:7:4 d:1:1", budget=10, ours="abc", official="ad", rule=SHARES)
    assert causes(found) == {"b": "unspent", "c": "unspent"}
    assert found.by_project["b"].left == 4
    found = compared("a:9:5 b:8:6 d:1:1", budget=10, ours="b", official="ad", rule=SHARES)
    assert causes(found) == {"b": "would-exceed"}
    found = compared("a:9:5 b:8:6", budget=10, ours="b", official="ab", rule=SHARES, left_out="a")
    assert causes(found) == {"a": "left-out"}
    assert found.excess == 1


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_is_reached_by_one_of_these_elections(cause: Cause) -> None:
    elections = (
        compared("a:9:5 b:8:4 c:7:9 d:6:5 e:5:1", budget=10, ours="abe", official="ad"),
        compared("a:9:5 b:4:5 c:4:5", budget=10, ours="ab", official="ac"),
        compared("a:9:6 b:8:7 c:7:4", budget=10, ours="ac", official="ab"),
        compared("a:9:6 b:8:7 c:7:4", budget=10, ours="a", official="ac", rule=STOP),
        compared("b:8:3 c:8:6 d:7:4", budget=8, ours="bd", official="c", rule=STOP, left_out="c"),
        compared("a:9:5 b:8:6", budget=10, ours="b", official="a", rule=SHARES),
        compared("a:9:5 b:8:5", budget=10, ours="ab", official="a", rule=SHARES),
    )
    assert any(cause.value in causes(found).values() for found in elections)
