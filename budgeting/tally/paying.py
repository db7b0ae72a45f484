"""Who paid for what: an outcome's payments followed ballot group by ballot group, exactly.

Under Equal Shares every supporter pays min(what they have left, ρ · utility), under Phragmén what
they saved since they last paid: both follow from the trace. Where money has no owner (greedy, and
what greedy completion adds) the cost of a project is divided among the ballots that give it points,
in proportion to their points: with approvals, equally.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import chain
from math import lcm

import numpy as np
import numpy.typing as npt

from .election import Election, VoteType
from .outcome import GreedyStep, Outcome, PhragmenStep, SharesStep, Step
from .rules import Utility

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Payment:
    """What one step took from whom: ballots of ``groups[i]`` paid ``amounts[kind[i]]`` each.

    Groups are positions in :attr:`Election.ballots`; amounts are in smallest units. ``left`` is
    what all the payers together had afterwards, None where money has no owner.
    """

    project: str
    groups: Numbers
    kind: Numbers
    amounts: tuple[Fraction, ...]
    left: Fraction | None

    def paid_by(self, sizes: Numbers) -> Fraction:
        """Sum what was paid by so many ballots of each group (an array as long as the ballots)."""
        # Whole numbers below 2**53, so numpy's float sums of them are exact.
        numbers = np.bincount(
            self.kind, weights=sizes[self.groups], minlength=len(self.amounts)
        ).tolist()
        denominator, amounts = self._over_one_denominator
        told = zip(amounts, numbers, strict=True)
        return Fraction(sum(amount * int(number) for amount, number in told), denominator)

    @cached_property
    def _over_one_denominator(self) -> tuple[int, list[int]]:
        """Give the amounts as whole numbers over one denominator: sums of fractions are slow."""
        denominator = lcm(*{amount.denominator for amount in self.amounts})
        return denominator, [
            amount.numerator * (denominator // amount.denominator) for amount in self.amounts
        ]


def payments(election: Election, outcome: Outcome) -> Iterator[Payment]:
    """Follow the payments of an outcome, one for each entry of its trace.

    Raises ``ValueError`` for a count by areas: money has other owners in each of them.
    """
    if outcome.areas:
        raise ValueError("payments are followed in one area at a time")
    yield from _Ledger(election, outcome).follow()


class _Ledger:
    """What every ballot group owns; groups with the same purse are one class."""

    def __init__(self, election: Election, outcome: Outcome) -> None:
        self.election = election
        self.outcome = outcome
        self.by_cost = outcome.rule.utility is Utility.COST
        ballots = election.ballots
        self.sizes: Numbers = np.fromiter(
            (group.count for group in ballots), dtype=np.int64, count=len(ballots)
        )
        scan = outcome.scan
        self.purses = [Fraction(0) if scan is None else scan.per_ballot]
        self.place = {self.purses[0]: 0}
        self.purse_of: Numbers = np.zeros(len(ballots), dtype=np.int64)
        self.groups, self.points = _supporters(election, outcome.winners)
        self.times = [Fraction(0)]

    def follow(self) -> Iterator[Payment]:
        for step in self.outcome.trace:
            groups, points = self.groups[step.project], self.points[step.project]
            if isinstance(step, GreedyStep):
                yield self._shared(step, groups, points)
            elif isinstance(step, PhragmenStep):
                yield self._saved(step, groups)
            else:
                yield self._bought(step, groups, points)

    def _shared(self, step: Step, groups: Numbers, points: Numbers) -> Payment:
        """Divide the cost by points; nobody owned it."""
        total = int((points * self.sizes[groups]).sum())
        kinds, kind = np.unique(points, return_inverse=True)
        amounts = tuple(Fraction(step.cost * value, total) for value in kinds.tolist())
        return Payment(step.project, groups, kind, amounts, None)

    def _saved(self, step: PhragmenStep, groups: Numbers) -> Payment:
        """Take all that was saved; here the class of a group is the step at which it last paid."""
        steps, kind = np.unique(self.purse_of[groups], return_inverse=True)
        amounts = tuple(step.time - self.times[since] for since in steps.tolist())
        self.times.append(step.time)
        self.purse_of[groups] = len(self.times) - 1
        return Payment(step.project, groups, kind, amounts, Fraction(0))

    def _bought(self, step: SharesStep, groups: Numbers, points: Numbers) -> Payment:
        """Take min(purse, ρ · utility) from every supporter."""
        unit = step.rho * step.cost if self.by_cost else step.rho
        width = len(self.purses)
        kinds, kind = np.unique(points * width + self.purse_of[groups], return_inverse=True)
        numbers = np.bincount(kind, weights=self.sizes[groups], minlength=len(kinds)).tolist()
        amounts, places, left = [], [], Fraction(0)
        for code, number in zip(kinds.tolist(), numbers, strict=True):
            given, purse = divmod(code, width)
            owned = self.purses[purse]
            amounts.append(min(owned, unit * given))
            rest = owned - amounts[-1]
            left += rest * int(number)
            places.append(self._class_of(rest))
        self.purse_of[groups] = np.array(places, dtype=np.int64)[kind]
        return Payment(step.project, groups, kind, tuple(amounts), left)

    def _class_of(self, purse: Fraction) -> int:
        if purse not in self.place:
            self.place[purse] = len(self.purses)
            self.purses.append(purse)
        return self.place[purse]


def _supporters(
    election: Election, winners: tuple[str, ...]
) -> tuple[dict[str, Numbers], dict[str, Numbers]]:
    """Give, for each winner, the ballot groups that give it points, and their points."""
    ballots = election.ballots
    if election.vote_type is VoteType.SCORING and election.limits.default_score > 0:
        scored = [tuple(election.scores(group)) for group in ballots]
        lengths = np.fromiter(map(len, scored), dtype=np.int64, count=len(ballots))
        named = _flat((index for index, _points in row) for row in scored)
        points = _flat((given for _index, given in row) for row in scored)
    else:
        lengths = np.fromiter((len(group.choices) for group in ballots), np.int64, len(ballots))
        named = _flat(group.choices for group in ballots)
        if election.vote_type.has_points:
            points = _flat(group.points for group in ballots)
        elif election.vote_type is VoteType.ORDINAL:
            starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
            points = election.ranks - (np.arange(len(named)) - starts)
        else:
            points = np.ones(len(named), dtype=np.int64)
    owner = np.repeat(np.arange(len(ballots)), lengths)
    kept = points > 0
    named, points, owner = named[kept], points[kept], owner[kept]
    order = np.argsort(named, kind="stable")
    ends = np.cumsum(np.bincount(named, minlength=len(election.projects)))
    groups, given = {}, {}
    for name in winners:
        index = election.position[name]
        part = order[(ends[index - 1] if index else 0) : ends[index]]
        groups[name], given[name] = owner[part], points[part]
    return groups, given


def _flat(rows: Iterator[object]) -> Numbers:
    return np.fromiter(chain.from_iterable(rows), dtype=np.int64)  # type: ignore[arg-type]
