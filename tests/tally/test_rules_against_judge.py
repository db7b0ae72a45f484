"""The fast count gives what the definitions say, on every ballot type."""

from fractions import Fraction

from hypothesis import given, settings

from budgeting.tally import (
    BallotGroup,
    Election,
    Method,
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
from .strategies import elections, equal_shares_rules, greedy_rules


def ids(election: Election, positions: list[int]) -> list[str]:
    return [election.projects[index].id for index in positions]


def standing_of(election: Election, rule: Rule) -> list[int]:
    """Standing by its definition, in fractions."""
    n = election.num_ballots
    standing = []
    for index, project in enumerate(election.projects):
        votes = election.votes[index]
        if project.withdrawn:
            continue
        minimum = max(Fraction(rule.min_votes), rule.min_share * n)
        if minimum > 0 and votes < minimum:
            continue
        if rule.eligibility == "3B" and votes * 3 * election.budget < project.cost * n:
            continue
        standing.append(index)
    return standing


@settings(max_examples=300, deadline=None)
@given(elections(), greedy_rules)
def test_greedy_funds_what_the_definition_funds(election: Election, rule: Rule) -> None:
    standing = standing_of(election, rule)
    assert list(find_standing(election, rule).projects) == standing
    assert list(count(election, rule).winners) == ids(
        election, judge.greedy(election, standing, rule)
    )


@settings(max_examples=400, deadline=None)
@given(elections(), equal_shares_rules)
def test_equal_shares_funds_what_the_definition_funds(election: Election, rule: Rule) -> None:
    standing = standing_of(election, rule)
    expected = ids(election, judge.equal_shares(election, standing, rule))
    assert list(count(election, rule).winners) == expected


@settings(max_examples=200, deadline=None)
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
