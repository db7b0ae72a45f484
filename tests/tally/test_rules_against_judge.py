"""The fast count gives what the definitions say, on every ballot type."""

from dataclasses import replace

from hypothesis import given, settings

from budgeting.tally import (
    BallotGroup,
    Comparison,
    Election,
    Method,
    Overflow,
    PhragmenStep,
    Project,
    Reason,
    Rule,
    SharesStep,
    Ties,
    VoteType,
    count,
)
from budgeting.tally.standing import find_standing

from . import judge
from .judge import standing_of
from .strategies import (
    approval_elections,
    cases,
    elections,
    equal_shares_rules,
    greedy_rules,
    phragmen_rules,
)


def ids(election: Election, positions: list[int]) -> list[str]:
    return [election.projects[index].id for index in positions]


@settings(max_examples=300)
@given(elections(), greedy_rules)
def test_greedy_funds_what_the_definition_funds(election: Election, rule: Rule) -> None:
    standing = standing_of(election, rule)
    assert list(find_standing(election, rule).projects) == standing
    assert list(count(election, rule).winners) == ids(
        election, judge.greedy(election, standing, rule)
    )


@settings(max_examples=400)
@given(elections(), equal_shares_rules)
def test_equal_shares_funds_what_the_definition_funds(election: Election, rule: Rule) -> None:
    standing = standing_of(election, rule)
    expected = ids(election, judge.equal_shares(election, standing, rule))
    assert list(count(election, rule).winners) == expected


@settings(max_examples=300)
@given(approval_elections, phragmen_rules)
def test_phragmen_funds_what_the_definition_funds_when_it_says(
    election: Election, rule: Rule
) -> None:
    expected = judge.phragmen(election, standing_of(election, rule), rule)
    got = [
        (election.position[step.project], step.time)
        for step in count(election, rule).trace
        if isinstance(step, PhragmenStep)
    ]
    assert got == expected


@settings(max_examples=300)
@given(cases(areas=True))
def test_areas_are_counted_each_alone_and_hand_on_what_the_rule_says(
    case: tuple[Election, Rule],
) -> None:
    election, rule = case
    rule = replace(rule, comparison=Comparison.NONE)
    outcome = count(election, rule)
    assert list(outcome.winners) == judge.award_by_area(election, rule)
    for area in outcome.areas:
        assert area.cost <= area.available or rule.overflow is Overflow.PARTIAL
    if rule.overflow is not Overflow.PARTIAL:
        assert outcome.cost <= election.budget


@settings(max_examples=200)
@given(elections(), equal_shares_rules)
def test_every_price_and_payment_of_a_run_is_exact(election: Election, rule: Rule) -> None:
    outcome = count(election, rule)
    if outcome.scan is None or outcome.scan.runs == 0:
        return
    standing = standing_of(election, rule)
    expected = judge.equal_shares_run(election, standing, rule, outcome.scan.per_ballot)
    bought = [step for step in outcome.trace if isinstance(step, SharesStep)]
    got = [(election.position[step.project], step.rho, step.payment) for step in bought]
    assert got == expected
    for step in bought:
        if step.cost:
            assert step.effective_votes == step.cost / step.payment
            assert 0 <= step.capped < step.supporters


def test_a_supporter_who_cannot_pay_in_full_gives_everything() -> None:
    """Worked by hand: four ballots own 25 each.

    B has three supporters who pay 15 each. C then has two of them, with 10 left, and one with 25:
    two give 10, the third pays 16. For A, whose two supporters have nothing left, 40 are missing.
    """
    election = Election(
        projects=(Project("A", 40), Project("B", 45), Project("C", 36)),
        ballots=(BallotGroup((0, 1, 2), (), 2), BallotGroup((1,)), BallotGroup((2,))),
        vote_type=VoteType.APPROVAL,
        budget=100,
    )
    outcome = count(election, Rule(Method.EQUAL_SHARES, ties=Ties.FILE_ORDER))
    assert outcome.winners == ("B", "C")
    first, second = outcome.to_json()["trace"]
    assert (first["effective_votes"], first["payment"], first["capped"]) == ("3/1", "15/1", 0)
    assert (second["effective_votes"], second["payment"], second["capped"]) == ("9/4", "16/1", 2)
    (short,) = outcome.not_funded
    assert (short.project, short.reason) == ("A", Reason.MONEY_SHORT)
    assert (short.details["had"], short.details["missing"]) == (0, 40)
