"""Sequential Phragmén, exactly.

Source: Brill, Freeman, Janson, Lackner, "Phragmén's Voting Methods and Justified Representation"
(2017); with costs: Los, Christoff, Grossi, "Proportional Budget Allocations" (2022).

Money flows to every ballot at the same pace. As soon as the supporters of a project own together
what it costs it is bought, and their money becomes 0. At time t a ballot that last paid at time s
owns t - s, so a project with v supporters can be paid at (cost + Σ s) / v.

How it is made fast without losing exactness: a ballot group only remembers the step at which it
last paid, so a project is priced by counting its supporters per step (whole numbers, numpy) and one
sum of as many exact terms as there are steps. Times of payment only move on, so the last known time
of a project is a lower bound, kept in a heap, and it is priced again only when that comes to the
top.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt

from .election import Election, VoteType
from .outcome import NotFunded, PhragmenStep, Reason, RunnerUp, Savers
from .rules import Compat, Overflow, Rule
from .ties import TieBreak, TieOrder, UndecidedTieError

Numbers = npt.NDArray[np.int64]

BALLOT_TYPES = (VoteType.APPROVAL, VoteType.CHOOSE_ONE)
"""The ballots for which sequential Phragmén is defined."""


@dataclass
class PhragmenResult:
    """The steps in order, the reasons of the others, and the ties met."""

    steps: list[PhragmenStep] = field(default_factory=list)
    not_funded: list[NotFunded] = field(default_factory=list)
    ties: list[TieBreak] = field(default_factory=list)


def run_phragmen(
    election: Election, standing: Sequence[int], rule: Rule, order: TieOrder
) -> PhragmenResult:
    """Count by sequential Phragmén among the standing positions of an approval election.

    Raises :class:`UndecidedTieError` where a tie changes the award.
    """
    return _Flow(election, standing, rule, order).run()


def supporters_of(
    election: Election, standing: Sequence[int]
) -> tuple[Numbers, dict[int, Numbers]]:
    """Give the sizes of all ballot groups, and the groups that name each standing position."""
    arrays = election.arrays
    sizes, named = arrays.counts, arrays.choices
    # Sixteen bits are sorted digit by digit, several times faster than by comparing.
    short = named.astype(np.uint16) if len(election.projects) < 2**16 else named
    owner = arrays.owners[np.argsort(short, kind="stable")]
    ends = np.cumsum(np.bincount(named, minlength=len(election.projects)))
    starts = np.concatenate(([0], ends[:-1]))
    return sizes, {index: owner[starts[index] : ends[index]] for index in standing}


class _Flow:
    def __init__(
        self, election: Election, standing: Sequence[int], rule: Rule, order: TieOrder
    ) -> None:
        self.election = election
        self.rule = rule
        self.order = order
        self.costs = [project.cost for project in election.projects]
        self.left = election.budget
        sizes, self.groups = supporters_of(election, standing)
        self.sizes = {index: sizes[groups] for index, groups in self.groups.items()}
        # Step at which each group last paid; time of that step = times[step] / denominator.
        self.since: Numbers = np.zeros(len(sizes), dtype=np.int64)
        self.times = [0]
        self.denominator = 1
        self.result = PhragmenResult()
        self.excluded: dict[int, int] = {}
        self.passed: list[int] = []
        self.open: set[int] = set()
        for index in standing:
            if not election.votes[index]:
                self._leave(index, Reason.NO_SUPPORTER)
            elif self.costs[index] > election.budget:
                self._does_not_fit(index)
            else:
                self.open.add(index)
        self.bounds = [
            (Fraction(self.costs[index], election.votes[index]), index) for index in self.open
        ]
        heapq.heapify(self.bounds)

    def run(self) -> PhragmenResult:
        while True:
            time, tied = self._earliest()
            if time is None:
                return self.result
            if self.rule.compat is Compat.PABUTOOLS and self._stops_at_any(tied):
                return self.result
            index, tie = self._settle(tied)
            self.open.discard(index)
            for other in tied:
                if other != index:
                    heapq.heappush(self.bounds, (time, other))
            if self.costs[index] <= self.left:
                self._buy(index, time, tie, tied)
                continue
            self._does_not_fit(index)
            if self.rule.overflow is Overflow.STOP:
                self._end_after(index)
                return self.result
            self.passed.append(index)

    def _earliest(self) -> tuple[Fraction | None, list[int]]:
        """Take from the heap all projects that can be paid first, and say when."""
        best: Fraction | None = None
        tied: list[int] = []
        while self.bounds and (best is None or self.bounds[0][0] <= best):
            _bound, index = heapq.heappop(self.bounds)
            if index in self.excluded:
                continue
            time = self._payable(index)
            if best is None or time < best:
                for other in tied:
                    heapq.heappush(self.bounds, (best, other))  # type: ignore[misc]
                best, tied = time, [index]
            elif time == best:
                tied.append(index)
            else:
                heapq.heappush(self.bounds, (time, index))
        return best, sorted(tied)

    def _payable(self, index: int) -> Fraction:
        """Give the time at which the supporters of a project own its cost."""
        loads = sum(
            count * self.times[step] for step, count in enumerate(self._by_step(index)) if count
        )
        whole = self.costs[index] * self.denominator + loads
        return Fraction(whole, self.denominator * self.election.votes[index])

    def _by_step(self, index: int) -> list[int]:
        """Count the supporters by the step at which they last paid."""
        # Counts are whole numbers below 2**53, so numpy's float sums of them are exact.
        counts = np.bincount(self.since[self.groups[index]], weights=self.sizes[index])
        return [int(count) for count in counts.tolist()]

    def _settle(self, tied: list[int]) -> tuple[int, TieBreak | None]:
        if len(tied) == 1:
            return tied[0], None
        try:
            index, decided_by = self.order.first(tied)
        except UndecidedTieError:
            if not self._any_order_will_do(tied):
                raise
            index, decided_by = tied[0], "any-order"
        others = (other for other in tied if other != index)
        tie = TieBreak(tuple(self._name(at) for at in (index, *others)), decided_by)
        self.result.ties.append(tie)
        return index, tie

    def _any_order_will_do(self, tied: Sequence[int]) -> bool:
        """Say whether every order of these equals funds the same projects."""
        if all(self.costs[index] > self.left for index in tied):
            return True
        if any(self.election.rivals.get(index, frozenset()) & set(tied) for index in tied):
            return False
        if sum(self.costs[index] for index in tied) > self.left:
            return False
        groups = np.concatenate([self.groups[index] for index in tied])
        return len(np.unique(groups)) == len(groups)

    def _buy(self, index: int, time: Fraction, tie: TieBreak | None, tied: Sequence[int]) -> None:
        self.left -= self.costs[index]
        savers = tuple(
            Savers(step, count) for step, count in enumerate(self._by_step(index)) if count
        )
        common = lcm(self.denominator, time.denominator)
        factor = common // self.denominator
        if factor > 1:
            self.times = [past * factor for past in self.times]
            self.denominator = common
        self.times.append(time.numerator * (common // time.denominator))
        for rival in self.election.rivals.get(index, ()):
            if rival in self.open:
                self.open.discard(rival)
                self.excluded[rival] = index
                self._leave(rival, Reason.RIVAL_FUNDED, rival=self._name(index))
        runner_up = self._next_after(set(tied))
        self.since[self.groups[index]] = len(self.times) - 1
        step = PhragmenStep(
            project=self._name(index),
            cost=self.costs[index],
            votes=self.election.votes[index],
            time=time,
            savers=savers,
            left=self.left,
            tie=tie,
            runner_up=runner_up,
            passed=tuple(self._name(other) for other in self.passed),
        )
        self.passed = []
        self.result.steps.append(step)

    def _next_after(self, tied: set[int]) -> RunnerUp | None:
        """Give who could be paid next at this moment, the tied ones apart."""
        best: tuple[Fraction, int] | None = None
        seen: list[tuple[Fraction, int]] = []
        while self.bounds and (best is None or self.bounds[0] < best):
            bound, index = heapq.heappop(self.bounds)
            if index in self.excluded:
                continue
            if index not in tied:
                bound = self._payable(index)
                best = min(best or (bound, index), (bound, index))
            seen.append((bound, index))
        for item in seen:
            heapq.heappush(self.bounds, item)
        return best and RunnerUp(self._name(best[1]), best[0])

    def _stops_at_any(self, tied: Sequence[int]) -> bool:
        """End the count, as pabutools does, if one of the tied costs more than what is left."""
        too_dear = [index for index in tied if self.costs[index] > self.left]
        for index in too_dear:
            self.open.discard(index)
            self._does_not_fit(index)
        if too_dear:
            self._end_after(too_dear[0])
        return bool(too_dear)

    def _end_after(self, last: int) -> None:
        for index in sorted(self.open):
            self._leave(index, Reason.STOPPED, after=self._name(last))

    def _does_not_fit(self, index: int) -> None:
        missing = self.costs[index] - self.left
        self._leave(index, Reason.DID_NOT_FIT, remaining=self.left, missing=missing)

    def _leave(self, index: int, reason: Reason, **details: int | str) -> None:
        self.result.not_funded.append(NotFunded(self._name(index), reason, details))

    def _name(self, index: int) -> str:
        return self.election.projects[index].id
