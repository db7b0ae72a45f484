"""What holds for every election and every rule."""

import json
from collections import Counter
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from budgeting.tally import (
    BallotGroup,
    Comparison,
    Completion,
    Draw,
    Election,
    Method,
    Overflow,
    Reason,
    Rule,
    Start,
    Stop,
    Ties,
    UndecidedTieError,
    count,
    report,
)

from .strategies import cases, elections, equal_shares_rules, greedy_rules


@settings(max_examples=200)
@given(cases())
def test_the_budget_is_kept_but_for_the_recorded_excess_of_the_partial_rule(
    case: tuple[Election, Rule],
) -> None:
    election, rule = case
    outcome = count(election, rule)
    costs = {project.id: project.cost for project in election.projects}
    assert outcome.cost == sum(costs[winner] for winner in outcome.winners)
    if outcome.areas:
        over = [max(0, area.cost - area.available) for area in outcome.areas]
        assert outcome.excess == sum(over)
        assert outcome.excess == 0 or rule.overflow is Overflow.PARTIAL
        assert outcome.cost - outcome.excess <= election.budget
        return
    assert outcome.excess == max(0, outcome.cost - election.budget)
    if outcome.excess:
        assert rule.overflow is Overflow.PARTIAL
        last = costs[outcome.winners[-1]]
        assert election.budget - (outcome.cost - last) >= rule.partial_share * last


@settings(max_examples=200)
@given(cases())
def test_every_project_wins_or_has_one_reason_and_rivals_never_both_win(
    case: tuple[Election, Rule],
) -> None:
    election, rule = case
    outcome = count(election, rule)
    told = Counter(outcome.winners) + Counter(item.project for item in outcome.not_funded)
    assert told == Counter(project.id for project in election.projects)
    for pair in election.conflicts:
        assert not pair <= set(outcome.winners)
    for item in outcome.not_funded:
        if item.reason is Reason.RIVAL_FUNDED:
            rival = item.details["rival"]
            assert rival in outcome.winners
            assert frozenset({rival, item.project}) in election.conflicts
        if item.reason is Reason.WITHDRAWN:
            assert election.projects[election.position[item.project]].withdrawn


@settings(max_examples=100)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_ballots_changes_nothing(case: tuple[Election, Rule], random) -> None:
    election, rule = case
    single = [replace(group, count=1) for group in election.ballots for _copy in range(group.count)]
    random.shuffle(single)
    shuffled = replace(election, ballots=tuple(single))
    assert shuffled.ballots == election.ballots
    one, other = count(election, rule), count(shuffled, rule)
    assert json.dumps(one.to_json()) == json.dumps(other.to_json())


@settings(max_examples=100)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_projects_changes_nothing_where_ties_are_drawn(
    case: tuple[Election, Rule], random
) -> None:
    election, rule = case
    rule, draw = replace(rule, ties=Ties.STANDARD), Draw("20260315-07-22-41", "Fontelieta 2026")
    order = list(range(len(election.projects)))
    random.shuffle(order)
    place = {old: new for new, old in enumerate(order)}
    moved = replace(
        election,
        projects=tuple(election.projects[index] for index in order),
        ballots=tuple(
            BallotGroup(tuple(place[index] for index in group.choices), group.points, group.count)
            for group in election.ballots
        ),
        limits=replace(election.limits, max_length=election.ranks),
    )
    assert count(moved, rule, draw=draw).winners == count(election, rule, draw=draw).winners


@settings(max_examples=100)
@given(cases(), st.integers(1, 2))
def test_counting_in_cents_gives_the_same_award(case: tuple[Election, Rule], more: int) -> None:
    election, rule = case
    fine = election.rescaled(election.scale + more)
    one, other = count(election, rule), count(fine, rule)
    assert other.winners == one.winners
    assert other.cost == one.cost * 10**more


@settings(max_examples=100)
@given(cases())
def test_where_a_refusing_count_decides_every_procedure_agrees(case: tuple[Election, Rule]) -> None:
    election, rule = case
    try:
        refusing = count(election, replace(rule, ties=Ties.REFUSE))
    except UndecidedTieError:
        return
    for ties in (Ties.FILE_ORDER, Ties.COST, Ties.TEXT):
        outcome = count(election, replace(rule, ties=ties))
        assert set(outcome.winners) == set(refusing.winners)
        assert outcome.cost == refusing.cost


@settings(max_examples=100)
@given(cases())
def test_comparison_takes_the_award_more_ballots_prefer(case: tuple[Election, Rule]) -> None:
    election, rule = case
    outcome = count(election, rule)
    if outcome.comparison is None:
        return
    shares = count(election, replace(rule, comparison=Comparison.NONE))
    standing = {
        item.project
        for item in shares.not_funded
        if item.reason in (Reason.WITHDRAWN, Reason.BELOW_MINIMUM, Reason.NOT_ELIGIBLE)
    }
    remaining = tuple(replace(p, withdrawn=p.id in standing) for p in election.projects)
    plain = replace(election, projects=remaining)
    greedy = count(plain, Rule(Method.GREEDY, ties=rule.ties))
    better = worse = 0
    for group in election.ballots:
        liked = {
            election.projects[index].id for index, points in election.scores(group) if points > 0
        }
        under_shares = len(liked & set(shares.winners))
        under_greedy = len(liked & set(greedy.winners))
        better += group.count * (under_shares > under_greedy)
        worse += group.count * (under_shares < under_greedy)
    assert (outcome.comparison.prefer_equal_shares, outcome.comparison.prefer_greedy) == (
        better,
        worse,
    )
    assert outcome.winners == (greedy.winners if worse > better else shares.winners)


@settings(max_examples=100)
@given(elections(), greedy_rules)
def test_votes_per_cost_funds_in_that_order(election: Election, rule: Rule) -> None:
    outcome = count(election, Rule.from_json(rule.to_json() | {"order": "votes-per-cost"}))
    ranks = []
    for winner in outcome.winners:
        position = election.position[winner]
        cost, votes = election.projects[position].cost, election.votes[position]
        ranks.append((0, -votes) if cost == 0 else (1, Fraction(-votes, cost)))
    assert ranks == sorted(ranks)


@settings(max_examples=100)
@given(cases())
def test_rule_and_outcome_survive_json(case: tuple[Election, Rule]) -> None:
    election, rule = case
    assert Rule.from_json(json.loads(json.dumps(rule.to_json()))) == rule
    outcome = count(election, rule)
    data = json.loads(json.dumps(outcome.to_json()))
    assert [step["project"] for step in data["trace"]] == data["winners"] == list(outcome.winners)
    assert data["cost"] == outcome.cost
    assert Rule.from_json(data["rule"]) == rule
    assert f"for {outcome.cost // 10**outcome.scale:,}" in report(election, outcome)


@settings(max_examples=150)
@given(cases(), st.randoms(use_true_random=False))
def test_names_change_nothing_where_the_official_order_decides(
    case: tuple[Election, Rule], random
) -> None:
    election, rule = case
    numbers = list(range(len(election.projects)))
    random.shuffle(numbers)
    called = {
        project.id: f"new {number}"
        for project, number in zip(election.projects, numbers, strict=True)
    }
    renamed = replace(
        election,
        projects=tuple(replace(project, id=called[project.id]) for project in election.projects),
        conflicts=frozenset(
            frozenset(called[name] for name in pair) for pair in election.conflicts
        ),
    )
    expected = [called[name] for name in count(election, rule).winners]
    assert list(count(renamed, rule).winners) == expected


@settings(max_examples=150)
@given(cases())
def test_every_ballot_twice_changes_nothing(case: tuple[Election, Rule]) -> None:
    """With every ballot cast by two people nothing changes under any rule.

    What is counted per ballot follows: the minimum is twice as many votes, the step of add-one half
    the money. Only a scan that begins at a whole amount does not, because its first share is cut.
    """
    election, rule = case
    rule = replace(rule, start=Start.EXACT)
    twice = replace(
        election,
        ballots=tuple(replace(group, count=2 * group.count) for group in election.ballots),
    )
    doubled = replace(rule, min_votes=2 * rule.min_votes, step=rule.step / 2)
    assert count(twice, doubled).winners == count(election, rule).winners


@settings(max_examples=150)
@given(elections(), equal_shares_rules)
def test_two_cities_that_vote_as_one_each_get_their_own_award(
    election: Election, rule: Rule
) -> None:
    """Beside an identical election, with twice the budget, each half has the award it has alone.

    A law of Equal Shares, where nobody pays for what others want: exact without completion and for
    add-one that ends at the first overspending. (The other stop and greedy pool what is left over,
    and Phragmén ends for both when one of the two does not fit.)
    """
    completion = Completion.NONE if rule.completion is Completion.NONE else Completion.ADD1
    rule = replace(rule, completion=completion, stop=Stop.OVERSPEND)
    size = len(election.projects)
    beside = tuple(replace(project, id=f"{project.id}'") for project in election.projects)
    pair = replace(
        election,
        projects=(*election.projects, *beside),
        ballots=(
            *election.ballots,
            *(
                replace(group, choices=tuple(index + size for index in group.choices))
                for group in election.ballots
            ),
        ),
        budget=2 * election.budget,
        # A score for what a ballot does not list would join the two cities.
        limits=replace(election.limits, default_score=0, max_length=election.ranks),
        conflicts=election.conflicts
        | frozenset(frozenset(f"{name}'" for name in both) for both in election.conflicts),
    )
    alone = replace(election, limits=replace(election.limits, default_score=0))
    winners = count(alone, rule).winners
    together = count(pair, rule).winners
    assert tuple(name for name in together if not name.endswith("'")) == winners
    assert tuple(name[:-1] for name in together if name.endswith("'")) == winners
