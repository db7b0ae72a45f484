"""The comparison step of Equal Shares: under which award do more ballots do better?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .election import Election
from .measures import choices_funded
from .outcome import ComparisonResult
from .rules import Comparison, Method, Order, Overflow, Rule


def plain_greedy_rule(rule: Rule) -> Rule:
    """Greedy that skips, with the same ties: completion and comparison use it."""
    return Rule(Method.GREEDY, ties=rule.ties, order=Order.VOTES, overflow=Overflow.SKIP)


def compare_awards(
    election: Election, comparison: Comparison, shares: Sequence[int], greedy: Sequence[int]
) -> ComparisonResult:
    """Ask every ballot under which award more of its projects (or any at all) are funded."""
    under_shares, sizes = choices_funded(election, shares)
    under_greedy, _sizes = choices_funded(election, greedy)
    if comparison is Comparison.COVERAGE:
        under_shares, under_greedy = np.minimum(under_shares, 1), np.minimum(under_greedy, 1)
    prefer_shares = int(sizes[under_shares > under_greedy].sum())
    prefer_greedy = int(sizes[under_greedy > under_shares].sum())
    return ComparisonResult(prefer_shares, prefer_greedy, prefer_greedy > prefer_shares)
