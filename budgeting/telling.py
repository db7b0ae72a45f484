"""Working out what a count tells: the other rules at once, what would have sufficed step by step.

`budgeting.insights` says what is stored and reads it.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import F
from django.utils import timezone

from . import insights, tally
from .grouping import Voters, group_tables
from .models import Count, Insight, ResultRow, TurnoutTable
from .tally.phragmen import BALLOT_TYPES as PHRAGMEN_BALLOTS

CountAgain = Callable[[Count], tuple[tally.Election, tally.Outcome]]


def other_rules(rule: tally.Rule, vote_type: tally.VoteType) -> dict[str, tally.Rule]:
    """Return the rules a count is compared with, by key: those of other methods than its own.

    They keep its conditions (minimum votes, eligibility), its areas and its ties, so that only the
    way of choosing differs; all of them go on after a project that does not fit. Other greedy rules
    are also compared with greedy that skips what does not fit.
    """
    greedy = tally.Rule(
        tally.Method.GREEDY,
        min_votes=rule.min_votes,
        min_share=rule.min_share,
        eligibility=rule.eligibility,
        ties=rule.ties,
        areas=rule.areas,
    )
    shares = replace(
        greedy,
        method=tally.Method.EQUAL_SHARES,
        completion=tally.Completion.ADD1U,
        stop=tally.Stop.EXHAUSTIVE,
    )
    found = {}
    if rule != greedy:
        found[insights.GREEDY] = greedy
    if rule.method is not tally.Method.EQUAL_SHARES:
        found[insights.EQUAL_SHARES] = shares
    if rule.method is not tally.Method.PHRAGMEN and vote_type in PHRAGMEN_BALLOTS:
        found[insights.PHRAGMEN] = replace(greedy, method=tally.Method.PHRAGMEN)
    return found


def store_awards(
    *,
    count: Count,
    election: tally.Election,
    outcome: tally.Outcome,
    keys: Mapping[str, int],
    voters: Voters | None = None,
) -> None:
    """Store the same ballots' awards by other rules, measured, beside the count's own.

    Where `voters` are known, also what each award gives to groups of them. Nothing is stored where
    so few people voted that it could betray somebody's ballot. What would have sufficed is answered
    later.
    """
    if count.publishes_totals_only:
        return
    own = tally.measure(election, outcome.winners)
    awards = [_award(insights.OWN, outcome, own, own, keys, needs_list_order=False)]
    outcomes = {insights.OWN: outcome}
    for key, rule in other_rules(outcome.rule, election.vote_type).items():
        other, needs_list_order = _count_somehow(election, rule, outcome.draw)
        outcomes[key] = other
        measured = tally.measure(election, other.winners)
        awards.append(_award(key, other, own, measured, keys, needs_list_order=needs_list_order))
    groups = []
    if voters is not None:
        cells = {
            table.kind: [tuple(cell["labels"]) for cell in table.cells]
            for table in TurnoutTable.objects.filter(contest=count.contest_id)
        }
        groups = group_tables(voters=voters, election=election, outcomes=outcomes, cells=cells)
    Insight.objects.create(count=count, awards=awards, groups=groups)


def _count_somehow(
    election: tally.Election, rule: tally.Rule, draw: tally.Draw | None
) -> tuple[tally.Outcome, bool]:
    """Count by another rule; where only a draw could decide, the order of the list stands in."""
    try:
        return tally.count(election, rule, draw=draw), False
    except tally.UndecidedTieError:
        return tally.count(election, replace(rule, ties=tally.Ties.COST_VOTES)), True


def _award(
    key: str,
    outcome: tally.Outcome,
    own: tally.Measures,
    measured: tally.Measures,
    keys: Mapping[str, int],
    *,
    needs_list_order: bool,
) -> dict[str, Any]:
    plain = measured.to_json() | tally.compare(own, measured).to_json()
    for name in ("winners", "gained", "lost"):
        plain[name] = [keys[code] for code in plain[name]]
    return {
        "key": key,
        "rule": outcome.rule.to_json(),
        **plain,
        "needs_list_order": needs_list_order,
    }


def answer(*, count: Count, count_again: CountAgain, seconds: float | None = None) -> bool:
    """Answer for projects that have no answer yet, those nearest to the line first.

    `count_again` gives the election and the outcome that `count` stored. Stops after so many
    seconds, if given; says whether everything is answered. Each answer is stored at once, so
    nothing is done twice.
    """
    start = time.monotonic()
    rows = count.rows.filter(sufficing__isnull=True)
    waiting = list(
        rows.order_by(F("order_funded").desc(nulls_first=True), "place", "pk").values_list(
            "pk", "project__code"
        )
    )
    if waiting:
        election, outcome = count_again(count)
        if list(outcome.winners) != count.outcome["winners"]:
            # A project was withdrawn since: only a new count can be asked.
            rows.update(sufficing={})
            waiting = []
        for key, code in waiting:
            if seconds is not None and time.monotonic() - start > seconds:
                return False
            found = tally.what_would_suffice(election, outcome, code)
            ResultRow.objects.filter(pk=key).update(sufficing=found.to_json())
    Insight.objects.filter(count=count, completed_at__isnull=True).update(
        completed_at=timezone.now()
    )
    return True
