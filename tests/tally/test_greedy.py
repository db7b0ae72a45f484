"""Greedy and its variants on examples small enough to check by hand."""

from fractions import Fraction

from budgeting.tally import (
    BallotGroup,
    Election,
    Eligibility,
    Method,
    Order,
    Overflow,
    Project,
    Reason,
    Rule,
    Ties,
    VoteType,
    count,
)


def greedy(**parameters) -> Rule:
    return Rule(Method.GREEDY, ties=Ties.FILE_ORDER, **parameters)


def election(costs: dict[str, int], votes: dict[str, int], budget: int, **more) -> Election:
    """Every vote on a ballot of its own."""
    names = list(costs)
    ballots = [BallotGroup((names.index(name),), (), n) for name, n in votes.items() if n]
    projects = tuple(Project(name, cost) for name, cost in costs.items())
    return Election(projects, tuple(ballots), VoteType.CHOOSE_ONE, budget, **more)


POZNAN = election(
    {"a": 60, "b": 50, "c": 30, "d": 10}, {"a": 9, "b": 7, "c": 5, "d": 3}, budget=100
)


def reasons(outcome) -> dict[str, tuple[str, dict]]:
    return {item.project: (item.reason, dict(item.details)) for item in outcome.not_funded}


def test_skip_passes_over_what_does_not_fit() -> None:
    outcome = count(POZNAN, greedy())
    assert outcome.winners == ("a", "c", "d")
    assert reasons(outcome) == {"b": (Reason.DID_NOT_FIT, {"remaining": 40, "missing": 10})}


def test_stop_ends_at_the_first_that_does_not_fit() -> None:
    outcome = count(POZNAN, greedy(overflow=Overflow.STOP))
    assert outcome.winners == ("a",)
    assert reasons(outcome) == {
        "b": (Reason.DID_NOT_FIT, {"remaining": 40, "missing": 10}),
        "c": (Reason.STOPPED, {"after": "b"}),
        "d": (Reason.STOPPED, {"after": "b"}),
    }


def test_partial_funds_the_first_that_does_not_fit_from_four_fifths_on() -> None:
    outcome = count(POZNAN, greedy(overflow=Overflow.PARTIAL))
    assert outcome.winners == ("a", "b")  # 40 of 50 is exactly 80 %
    assert (outcome.cost, outcome.excess) == (110, 10)
    assert [step.partial for step in outcome.trace] == [False, True]
    assert reasons(outcome)["d"] == (Reason.STOPPED, {"after": "b"})
    stricter = greedy(overflow=Overflow.PARTIAL, partial_share=Fraction(81, 100))
    assert count(POZNAN, stricter).winners == ("a",)


def test_votes_per_cost_prefers_cheap_votes() -> None:
    assert count(POZNAN, greedy(order=Order.VOTES_PER_COST)).winners == ("d", "c", "a")


def test_minimum_is_a_number_or_a_share_of_all_ballots_and_reaching_it_is_enough() -> None:
    assert count(POZNAN, greedy(min_votes=5)).winners == ("a", "c")
    # 24 ballots: a fifth is 4.8, so five votes are needed; an eighth is 3.
    outcome = count(POZNAN, greedy(min_share=Fraction(1, 5)))
    assert reasons(outcome)["d"] == (Reason.BELOW_MINIMUM, {"votes": 3, "needed": 5})
    assert "d" in count(POZNAN, greedy(min_share=Fraction(1, 8))).winners


def test_a_condition_asks_more_votes_of_dearer_projects() -> None:
    # votes / 24 ≥ cost / 300: a (60) needs 4.8 votes, c (30) needs 2.4, b (50) needs 4.
    few = election({"a": 60, "b": 50, "c": 30}, {"a": 4, "b": 4, "c": 16}, budget=100)
    outcome = count(few, greedy(eligibility=Eligibility.THREE_BUDGETS))
    assert outcome.winners == ("c", "b")
    assert reasons(outcome)["a"] == (Reason.NOT_ELIGIBLE, {"votes": 4, "needed": 5})


def test_funding_a_project_excludes_its_rivals() -> None:
    rivals = frozenset({frozenset({"a", "c"})})
    outcome = count(
        election(
            {"a": 60, "b": 50, "c": 30, "d": 10},
            {"a": 9, "b": 7, "c": 5, "d": 3},
            budget=100,
            conflicts=rivals,
        ),
        greedy(),
    )
    assert outcome.winners == ("a", "d")
    assert reasons(outcome)["c"] == (Reason.RIVAL_FUNDED, {"rival": "a"})


def test_points_and_rankings_are_added_up() -> None:
    projects = (Project("a", 1), Project("b", 1), Project("c", 1))
    points = Election(
        projects,
        (BallotGroup((0, 1), (1, 4), 2), BallotGroup((2,), (3,))),
        VoteType.CUMULATIVE,
        3,
    )
    assert points.votes == (2, 8, 3)
    assert points.mentions == (2, 2, 1)
    # Without a maximal length k is 3: first place 3 points, second 2, third 1.
    ranking = Election(
        projects, (BallotGroup((2, 0), (), 2), BallotGroup((1, 2, 0))), VoteType.ORDINAL, 3
    )
    assert ranking.votes == (5, 3, 8)
    assert count(ranking, greedy()).winners == ("c", "a", "b")


def test_a_default_score_goes_to_projects_a_scoring_ballot_does_not_list() -> None:
    from budgeting.tally import Limits

    scored = Election(
        (Project("a", 1), Project("b", 1)),
        (BallotGroup((0,), (-1,), 2), BallotGroup((), (), 1)),
        VoteType.SCORING,
        2,
        limits=Limits(default_score=2),
    )
    assert scored.votes == (0, 6)
    shares = count(scored, Rule(Method.EQUAL_SHARES, ties=Ties.FILE_ORDER))
    # A score below 0 supports nothing: a is backed by the blank ballot alone.
    assert [step.supporters for step in shares.trace] == [3]
    assert shares.winners == ("b",)
