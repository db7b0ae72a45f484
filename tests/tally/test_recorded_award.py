"""What can be said, and what cannot, about a recorded award that a recount does not give."""

from fractions import Fraction

from budgeting.tally import Areas, Method, Order, Overflow, Rule, Ties
from budgeting.tally.recorded_award import Differences, Entry, compare_awards

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


def test_what_our_count_leaves_out_comes_after_nobody() -> None:
    found = compared("b:8:4 l:7:1 d:6:2", budget=9, ours="bd", official="ld", left_out="l")
    assert found.by_project["b"].other == "d"


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
    """The city took c, which we leave out; with 2 left d ended its list before e.

    Of b nothing is sure: before c, its equal, there was room for it.
    """
    found = compared(
        "b:8:3 c:8:6 d:7:4 e:6:1", budget=8, ours="bde", official="c", rule=STOP, left_out="c"
    )
    assert causes(found) == {
        "c": "left-out",
        "d": "no-room",
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


def test_one_paid_from_elsewhere_is_no_project_that_the_city_left_out_of_the_rule() -> None:
    """Without b the rule would still fund a, of 6, and then nothing of 9."""
    found = compared("a:9:6 b:1:1 d:7:9", budget=10, ours="ab", official="d", elsewhere="a")
    assert not found.rest_follows
    found = compared("b:4:5 c:4:3 d:1:2", budget=5, ours="b", official="cd", elsewhere="b")
    assert not found.rest_follows
    assert "equal" not in causes(found).values()


def test_one_paid_from_elsewhere_that_had_no_room_changes_nothing_in_what_follows() -> None:
    found = compared(
        "a:9:5 b:8:4 c:7:9 d:6:5 e:5:1", budget=10, ours="abe", official="ad", elsewhere="c"
    )
    assert found.rest_follows


def test_one_paid_from_elsewhere_is_not_level_with_anybody() -> None:
    found = compared("b:4:5 c:4:5", budget=5, ours="b", official="c", elsewhere="b")
    assert causes(found) == {"c": "room"}
    assert found.by_project["c"].left == 5
    assert found.by_project["c"].ours is None


def test_of_several_equals_those_are_named_that_compete() -> None:
    """Beside c there is room for p, of 1, but not for q."""
    found = compared("p:9:1 q:9:5 c:9:5", budget=6, ours="c", official="pq")
    assert found.by_project["c"].other == "q"
    assert found.by_project["q"].other == "c"
    assert causes(found)["p"] == "room"


def test_equals_that_share_what_is_left_with_one_that_both_fund_compete_too() -> None:
    """Beside p, of 2, there is room for one of the two others, of 3."""
    found = compared("p:9:2 q:9:3 c:9:3", budget=6, ours="pc", official="pq")
    assert causes(found) == {"c": "equal", "q": "equal"}
    assert (found.by_project["c"].other, found.by_project["q"].other) == ("q", "c")


def test_equals_with_room_for_both_decide_nothing() -> None:
    """The city had passed over a: there was room for b and c."""
    found = compared("a:9:5 b:4:5 c:4:5", budget=10, ours="ab", official="c")
    assert causes(found) == {"a": "passed-over", "b": "passed-over", "c": "room"}


def test_amounts_are_told_only_where_no_equal_can_have_changed_them() -> None:
    """The count refused x, of 6, with 5 left, and took y, of 3; x does not see the 2 of the end."""
    found = compared("a:9:5 z:8:2 y:4:3 x:4:6", budget=12, ours="azy", official="yx")
    assert causes(found) == {"a": "passed-over", "z": "passed-over", "x": "room"}
    assert found.by_project["a"].left == 12
    assert (found.by_project["x"].left, found.by_project["x"].ours) == (None, None)


def test_an_equal_that_fits_whoever_comes_first_was_passed_over() -> None:
    found = compared("d:5:5 b:5:5 x:1:1", budget=10, ours="db", official="dx")
    assert causes(found) == {"b": "passed-over", "x": "room"}
    assert found.by_project["b"].left is None
    assert found.by_project["x"].left == 5


def test_nothing_is_said_where_the_order_of_equals_would_have_to_be_known() -> None:
    """The city had 5 left for d or b, of 5 each, our count 10 for both."""
    found = compared("a:9:5 d:4:5 b:4:5", budget=10, ours="db", official="ad", left_out="a")
    assert causes(found) == {"a": "left-out"}
    found = compared("z:9:5 d:4:4 b:4:3", budget=5, ours="z", official="db")
    assert causes(found) == {"z": "passed-over"}
    assert found.excess == 2


def test_too_little_for_it_even_before_its_equals_needs_no_order() -> None:
    """Of 10 the city had 3 left for d, of 3, and b, of 5."""
    found = compared("x:9:7 d:4:3 b:4:5", budget=10, ours="db", official="xd", left_out="x")
    assert causes(found) == {"x": "left-out", "b": "no-room"}
    assert found.by_project["b"].left is None
    found = compared("a:9:6 d:4:3 b:4:5", budget=10, ours="ad", official="adb")
    assert causes(found) == {"b": "overdrawn"}
    assert found.by_project["b"].left is None


def test_what_another_fund_paid_does_not_end_the_official_list() -> None:
    """Our count ends at e, of 7; the city paid e from elsewhere and went on."""
    for rule in (STOP, PARTIAL):
        found = compared(
            "a:9:6 e:8:7 c:7:4", budget=10, ours="a", official="ac", rule=rule, elsewhere="e"
        )
        assert causes(found) == {"c": "room"}
        assert found.by_project["c"].left == 4
        assert found.by_project["c"].ours_ended


def test_where_the_official_list_may_have_ended_nothing_was_passed_over() -> None:
    """x, left out of our count, costs 5: then e, paid from elsewhere, may have ended the list."""
    found = compared(
        "x:9:5 e:8:7 c:7:1",
        budget=10,
        ours="ec",
        official="x",
        rule=STOP,
        elsewhere="e",
        left_out="x",
    )
    assert causes(found) == {"x": "left-out"}
    same = compared(
        "x:9:5 e:8:5 c:7:0",
        budget=10,
        ours="ec",
        official="x",
        elsewhere="e",
        rule=STOP,
        left_out="x",
    )
    assert causes(same) == {"x": "left-out", "c": "passed-over"}


def test_a_level_project_that_ends_the_list_leaves_the_choice_to_the_order() -> None:
    """With 4 left, c, of 9, ends the list if it comes before b."""
    found = compared("a:5:4 b:4:4 c:4:9", budget=9, ours="ab", official="a", rule=STOP)
    assert causes(found) == {"b": "equal"}
    assert found.by_project["b"].other == "c"
    found = compared("a:5:4 b:4:4 c:4:9", budget=9, ours="ab", official="a")
    assert causes(found) == {"b": "passed-over"}
    found = compared("a:5:4 b:4:4 c:4:1", budget=9, ours="abc", official="a", rule=STOP)
    assert causes(found) == {"b": "passed-over", "c": "passed-over"}


def test_what_costs_nothing_fits_even_in_a_list_that_is_overdrawn() -> None:
    found = compared("a:9:6 b:8:7 f:1:0", budget=10, ours="af", official="ab")
    assert causes(found) == {"b": "overdrawn", "f": "passed-over"}
    found = compared("a:9:6 b:8:7 f:1:0", budget=10, ours="af", official="ab", rule=STOP)
    assert causes(found) == {"b": "overdrawn", "f": "after-end"}


def test_only_what_the_rule_itself_exceeds_is_no_excess() -> None:
    """Of l and a, 13 of 10, no share of 80 % is to be seen."""
    found = compared("l:9:5 a:8:8", budget=10, ours="a", official="la", rule=PARTIAL, left_out="l")
    assert causes(found) == {"l": "left-out"}
    assert found.excess == 3
    found = compared("a:9:6 b:8:5 c:7:1", budget=10, ours="ab", official="abc", rule=PARTIAL)
    assert causes(found) == {"c": "beyond-end"}
    assert found.excess == 2


def test_one_passed_over_is_not_the_reason_if_the_order_of_equals_is_another() -> None:
    """Without z the award needs, besides, that c comes before b."""
    found = compared("z:10:1 a:9:4 b:4:5 c:4:6", budget=10, ours="zab", official="ac")
    assert causes(found) == {"z": "passed-over", "c": "room"}
    assert not found.rest_follows


def test_an_award_with_one_that_we_leave_out_does_not_follow_from_the_rule() -> None:
    found = compared("z:9:4 l:8:3 d:7:7 e:1:6", budget=10, ours="ze", official="ld", left_out="l")
    assert causes(found) == {"z": "passed-over", "l": "left-out", "d": "room", "e": "no-room"}
    assert not found.rest_follows


def test_where_areas_have_budgets_of_their_own_no_reason_is_sought() -> None:
    rule = Rule(Method.GREEDY, areas=Areas.LAPSE)
    found = compared("a:9:5 b:8:5", budget=10, ours="ab", official="a", rule=rule)
    assert found == Differences(differ=True)
