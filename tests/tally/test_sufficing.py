"""What would have sufficed, against counting every possibility on freshly built elections."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from budgeting.tally import (
    BallotGroup,
    Change,
    Election,
    Limits,
    Method,
    Order,
    Overflow,
    Project,
    Reason,
    Rule,
    Sufficing,
    Ties,
    UndecidedTieError,
    VoteType,
    count,
    what_would_suffice,
)
from budgeting.tally.sufficing import FEWEST_TRIED, points_of_ballot, with_ballots

from .strategies import cases, elections, rules


def funded(election: Election, rule: Rule, name: str) -> bool:
    try:
        return name in count(election, rule).winners
    except UndecidedTieError:
        return False


def with_more(election: Election, name: str, number: int) -> Election:
    """The obvious way: so many ballots more, each with this project alone on it."""
    at = election.position[name]
    points = points_of_ballot(election)
    alone = BallotGroup((at,), (points,) if election.vote_type.has_points else ())
    if election.limits.default_score:
        others = [points if other == at else 0 for other in range(len(election.projects))]
        alone = BallotGroup(tuple(range(len(others))), tuple(others))
    return replace(election, ballots=(*election.ballots, *[alone] * number))


def at_cost(election: Election, name: str, cost: int) -> Election:
    projects = (
        replace(project, cost=cost) if project.id == name else project
        for project in election.projects
    )
    return replace(election, projects=tuple(projects))


@settings(max_examples=250)
@given(cases())
def test_what_is_said_holds_in_a_count_and_not_with_one_less(
    case: tuple[Election, Rule],
) -> None:
    election, rule = case
    outcome = count(election, rule)
    major = 10**election.scale
    for lost in outcome.not_funded:
        found = what_would_suffice(election, outcome, lost.project)
        assert Sufficing.from_json(json.loads(json.dumps(found.to_json()))) == found
        if lost.reason is Reason.WITHDRAWN:
            assert found == Sufficing()
            continue
        most = max(FEWEST_TRIED, election.num_ballots)
        more = found.ballots
        assert more.most == most
        if more.value is None:
            assert not funded(with_more(election, lost.project, most), rule, lost.project)
        else:
            assert funded(with_more(election, lost.project, more.value), rule, lost.project)
            assert not funded(with_more(election, lost.project, more.value - 1), rule, lost.project)
        cost = election.projects[election.position[lost.project]].cost
        less = found.cost
        if less is None:
            assert cost <= major
        elif less.value is None:
            least = cost - less.most * major
            assert 0 < least <= major
            assert not funded(at_cost(election, lost.project, least), rule, lost.project)
        else:
            enough = cost - less.value * major
            assert enough > 0
            assert funded(at_cost(election, lost.project, enough), rule, lost.project)
            assert not funded(at_cost(election, lost.project, enough + major), rule, lost.project)


@settings(max_examples=150)
@given(elections(), rules)
def test_ballots_are_added_as_if_they_had_been_there(election: Election, rule: Rule) -> None:
    for index, project in enumerate(election.projects):
        quick, obvious = with_ballots(election, index, 3), with_more(election, project.id, 3)
        assert quick == obvious
        assert quick.votes == obvious.votes
        assert quick.num_ballots == obvious.num_ballots
        assert quick.mentions == obvious.mentions


@settings(max_examples=150)
@given(elections(), rules.filter(lambda rule: rule.method is Method.GREEDY))
def test_votes_to_spare_are_those_after_which_it_loses(election: Election, rule: Rule) -> None:
    """Blank a ballot that names it, one after the other, and count each time."""
    if election.vote_type is not VoteType.APPROVAL:
        return
    outcome = count(election, rule)
    for name in outcome.winners:
        spare = what_would_suffice(election, outcome, name).votes_to_spare
        at = election.position[name]
        if not election.votes[at]:
            assert spare is None
            continue
        lost = 0
        while lost < election.votes[at] and funded(unnamed(election, at, lost + 1), rule, name):
            lost += 1
        if lost == election.votes[at]:
            assert spare.value is None
        else:
            assert spare == Change(lost, election.votes[at])


def unnamed(election: Election, at: int, number: int) -> Election:
    """The election in which so many ballots had not named the project."""
    ballots = []
    for group in election.ballots:
        taken = min(number, group.count) if at in group.choices else 0
        number -= taken
        if group.count > taken:
            ballots.append(replace(group, count=group.count - taken))
        if taken:
            choices = tuple(choice for choice in group.choices if choice != at)
            ballots.append(BallotGroup(choices, (), taken))
    return replace(election, ballots=tuple(ballots))


PARK, LAMPS, PATH = Project("park", 60), Project("lamps", 50), Project("path", 30)
BALLOTS = (BallotGroup((0,), count=6), BallotGroup((1,), count=4), BallotGroup((2,), count=1))
GREEDY = Rule(Method.GREEDY, ties=Ties.COST)


def election(**changes: object) -> Election:
    parts = {
        "projects": (PARK, LAMPS, PATH),
        "ballots": BALLOTS,
        "vote_type": VoteType.APPROVAL,
        "budget": 100,
        **changes,
    }
    return Election(**parts)


def ask(election: Election, rule: Rule, name: str) -> Sufficing:
    return what_would_suffice(election, count(election, rule), name)


def test_an_example_to_follow_by_hand() -> None:
    # Park 6 votes, then 40 are left: lamps (50) do not fit, the path (30) does.
    # With 2 votes more the lamps are equal to the park and cheaper: first.
    assert ask(election(), GREEDY, "lamps") == Sufficing(ballots=Change(2, 11), cost=Change(10, 49))
    assert ask(election(), GREEDY, "park") == Sufficing(votes_to_spare=Change(1, 6))
    assert ask(election(), GREEDY, "path") == Sufficing(votes_to_spare=Change(None, 1))


def test_without_votes_there_are_none_to_lose() -> None:
    """Points can be negative: a project with less than nothing may still be funded."""
    scores = (BallotGroup((0, 1), (-1, 2), 5),)
    limits = Limits(min_points=-2, max_points=2)
    lone = election(
        projects=(PARK, PATH), ballots=scores, vote_type=VoteType.SCORING, limits=limits
    )
    outcome = count(lone, GREEDY)
    assert lone.votes[0] < 0
    if "park" in outcome.winners:
        assert what_would_suffice(lone, outcome, "park") == Sufficing()
    assert what_would_suffice(lone, outcome, "path").votes_to_spare == Change(None, 10)


def test_not_even_with_all_that_is_tried() -> None:
    dear = Project("dear", 200)
    found = ask(election(projects=(PARK, LAMPS, dear)), GREEDY, "dear")
    assert found.ballots == Change(None, 11)
    assert found.cost == Change(160, 199)
    stop = Rule(Method.GREEDY, ties=Ties.COST, overflow=Overflow.STOP)
    # The count ends at the lamps, whatever the path costs.
    assert ask(election(), stop, "path").cost == Change(None, 29)


def test_a_minimum_is_passed_by_the_same_ballots() -> None:
    rule = Rule(Method.GREEDY, ties=Ties.COST, min_votes=3)
    assert ask(election(), rule, "path").ballots == Change(2, 11)
    assert ask(election(), rule, "path").cost == Change(None, 29)


@pytest.mark.parametrize(("budget", "answer"), [(200, True), (100, False)])
def test_a_rival_excludes_but_may_not_be_why(budget: int, answer: bool) -> None:
    rivals = frozenset({frozenset({"park", "lamps"})})
    found = ask(election(conflicts=rivals, budget=budget), GREEDY, "lamps")
    assert found.without_rival is answer
    assert found.ballots == Change(2, 11)


def test_a_tie_nothing_decides_is_not_enough() -> None:
    rule = Rule(Method.GREEDY, ties=Ties.STANDARD)
    twins = election(projects=(PARK, replace(PARK, id="twin"), PATH))
    # With 2 more it is equal to the park in votes and cost, so only 3 are enough for certain.
    assert ask(twins, rule, "twin").ballots == Change(3, 11)


def test_under_equal_shares_the_further_ballots_share_the_budget_too() -> None:
    """11 ballots own 100/11 each; 4 supporters have 36.36 of 50.

    With k more there are 11 + k, and 4 + k supporters need 50: (4 + k) / (11 + k) >= 1/2, k = 3.
    """
    rule = Rule(Method.EQUAL_SHARES, ties=Ties.COST)
    assert ask(election(), rule, "lamps").ballots == Change(3, 11)
    assert ask(election(), rule, "lamps").cost == Change(14, 49)


def test_a_large_cost_is_lowered_in_round_steps() -> None:
    dear = Project("dear", 123_456)
    case = election(projects=(PARK, LAMPS, dear), budget=50_000)
    found = ask(case, GREEDY, "dear").cost
    # 49,890 are left after park and lamps: 49,856 fits, 49,956 does not.
    assert found == Change(73_600, 123_400, 100)


def test_votes_per_cost_asks_the_same() -> None:
    rule = Rule(Method.GREEDY, ties=Ties.COST, order=Order.VOTES_PER_COST)
    # park 6/60, lamps 4/50, path 1/30: with 1 more the lamps are equal (5/50) and cheaper.
    assert ask(election(), rule, "lamps").ballots.value == 1


@pytest.mark.parametrize(
    ("vote_type", "limits", "points"),
    [
        (VoteType.APPROVAL, Limits(), 1),
        (VoteType.ORDINAL, Limits(max_length=4), 4),
        (VoteType.ORDINAL, Limits(), 3),
        (VoteType.CUMULATIVE, Limits(max_points=5, max_sum_points=9), 5),
        (VoteType.CUMULATIVE, Limits(max_sum_points=9), 9),
        (VoteType.SCORING, Limits(), 7),
    ],
)
def test_a_further_ballot_gives_all_the_points_it_may(
    vote_type: VoteType, limits: Limits, points: int
) -> None:
    given = (7,) if vote_type.has_points else ()
    ballots = (BallotGroup((0,), given),)
    assert points_of_ballot(election(vote_type=vote_type, limits=limits, ballots=ballots)) == points


@pytest.mark.parametrize(
    "found",
    [
        Sufficing(),
        Sufficing(votes_to_spare=Change(None, 6)),
        Sufficing(Change(2, 11), 5, Change(73_600, 123_400, 100), without_rival=False),
    ],
)
def test_answers_are_stored_and_read_again(found: Sufficing) -> None:
    assert Sufficing.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_an_unknown_project_is_refused() -> None:
    with pytest.raises(KeyError):
        ask(election(), GREEDY, "nothing")
