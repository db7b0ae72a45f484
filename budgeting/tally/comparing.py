"""The comparison step of Equal Shares: under which award do more ballots do better?"""

from __future__ import annotations

from collections.abc import Sequence

from .election import Election
from .outcome import ComparisonResult
from .rules import Comparison, Method, Order, Overflow, Rule


def plain_greedy_rule(rule: Rule) -> Rule:
    """Greedy that skips, with the same ties: completion and comparison use it."""
    return Rule(Method.GREEDY, ties=rule.ties, order=Order.VOTES, overflow=Overflow.SKIP)


def compare_awards(
    election: Election, comparison: Comparison, shares: Sequence[int], greedy: Sequence[int]
) -> ComparisonResult:
    """Ask every ballot under which award more of its projects (or any at all) are funded."""
    shares_set, greedy_set = set(shares), set(greedy)
    prefer_shares = prefer_greedy = 0
    for group in election.ballots:
        liked = [index for index, points in election.scores(group) if points > 0]
        under_shares = sum(1 for index in liked if index in shares_set)
        under_greedy = sum(1 for index in liked if index in greedy_set)
        if comparison is Comparison.COVERAGE:
            under_shares, under_greedy = min(1, under_shares), min(1, under_greedy)
        if under_shares > under_greedy:
            prefer_shares += group.count
        elif under_greedy > under_shares:
            prefer_greedy += group.count
    return ComparisonResult(prefer_shares, prefer_greedy, prefer_greedy > prefer_shares)
