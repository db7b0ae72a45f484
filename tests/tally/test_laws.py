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
    Draw,
    Election,
    Method,
    Overflow,
    Reason,
    Rule,
    Ties,
    UndecidedTieError,
    count,
    report,
)

from .strategies import elections, greedy_rules, rules


@settings(max_examples=200, deadline=None)
@given(elections(), rules)
def test_the_budget_is_kept_but_for_the_recorded_excess_of_the_partial_rule(
    election: Election, rule: Rule
) -> None:
    outcome = count(election, rule)
    costs = {project.id: project.cost for project in election.projects}
    assert outcome.cost == sum(costs[winner] for winner in outcome.winners)
    assert outcome.excess == max(0, outcome.cost - election.budget)
    if outcome.excess:
        assert rule.overflow is Overflow.PARTIAL
        last = costs[outcome.winners[-1]]
        assert election.budget - (outcome.cost - last) >= rule.partial_share * last


@settings(max_examples=200, deadline=None)
@given(elections(), rules)
def test_every_project_wins_or_has_one_reason_and_rivals_never_both_win(
    election: Election, rule: Rule
) -> None:
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


@settings(max_examples=100, deadline=None)
@given(elections(), rules, st.randoms(use_true_random=False))
def test_the_order_of_ballots_changes_nothing(election: Election, rule: Rule, random) -> None:
    single = [replace(group, count=1) for group in election.ballots for _copy in range(group.count)]
    random.shuffle(single)
    shuffled = replace(election, ballots=tuple(single))
    assert shuffled.ballots == election.ballots
    one, other = count(election, rule), count(shuffled, rule)
    assert json.dumps(one.to_json()) == json.dumps(other.to_json())


@settings(max_examples=100, deadline=None)
@given(elections(), rules, st.randoms(use_true_random=False))
def test_the_order_of_projects_changes_nothing_where_ties_are_drawn(
    election: Election, rule: Rule, random
) -> None:
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


@settings(max_examples=100, deadline=None)
@given(elections(), rules, st.integers(1, 2))
def test_counting_in_cents_gives_the_same_award(election: Election, rule: Rule, more: int) -> None:
    fine = election.rescaled(election.scale + more)
    one, other = count(election, rule), count(fine, rule)
    assert other.winners == one.winners
    assert other.cost == one.cost * 10**more


@settings(max_examples=100, deadline=None)
@given(elections(), rules)
def test_where_a_refusing_count_decides_every_procedure_agrees(
    election: Election, rule: Rule
) -> None:
    try:
        refusing = count(election, replace(rule, ties=Ties.REFUSE))
    except UndecidedTieError:
        return
    for ties in (Ties.FILE_ORDER, Ties.COST, Ties.TEXT):
        outcome = count(election, replace(rule, ties=ties))
        assert set(outcome.winners) == set(refusing.winners)
        assert outcome.cost == refusing.cost


@settings(max_examples=100, deadline=None)
@given(elections(), rules)
def test_comparison_takes_the_award_more_ballots_prefer(election: Election, rule: Rule) -> None:
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


@settings(max_examples=100, deadline=None)
@given(elections(), greedy_rules)
def test_votes_per_cost_funds_in_that_order(election: Election, rule: Rule) -> None:
    outcome = count(election, Rule.from_json(rule.to_json() | {"order": "votes-per-cost"}))
    ranks = []
    for winner in outcome.winners:
        position = election.position[winner]
        cost, votes = election.projects[position].cost, election.votes[position]
        ranks.append((0, -votes) if cost == 0 else (1, Fraction(-votes, cost)))
    assert ranks == sorted(ranks)


@settings(max_examples=100, deadline=None)
@given(elections(), rules)
def test_rule_and_outcome_survive_json(election: Election, rule: Rule) -> None:
    assert Rule.from_json(json.loads(json.dumps(rule.to_json()))) == rule
    outcome = count(election, rule)
    data = json.loads(json.dumps(outcome.to_json()))
    assert [step["project"] for step in data["trace"]] == data["winners"] == list(outcome.winners)
    assert data["cost"] == outcome.cost
    assert Rule.from_json(data["rule"]) == rule
    assert f"for {outcome.cost // 10**outcome.scale:,}" in report(election, outcome)
