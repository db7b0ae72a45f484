"""Add-one: Equal Shares again and again, each time with a little more money per ballot.

The definition is a loop over whole runs, hundreds or thousands of them. It is made fast without
changing a single outcome: a compiled run (:mod:`~budgeting.tally.scan_kernel`) computes bounds that
are proved, and one such run can vouch for a whole *stretch* of runs that buy the same projects in
the same order. Where its bounds do not decide, that run is counted exactly, as is the run kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .equal_shares import Contest, Run
from .interrupting import go_on
from .rules import Completion, Rule, Start, Stop

if TYPE_CHECKING:
    from . import scan_kernel

_MOST_RUNS = 2**20
_MOST_PATIENCE = 15


@dataclass(frozen=True)
class ScanResult:
    """The run kept by a completion: how many runs were made, which was kept, why it ended."""

    run: Run
    runs: int
    kept: int
    ended: str
    next_cost: int | None = None


@dataclass(frozen=True)
class Stretch:
    """Runs ``first`` to ``last`` of a scan: all fund the same projects and exclude the same."""

    first: int
    last: int
    funded: frozenset[int]
    excluded: frozenset[int]


def scan(contest: Contest, rule: Rule) -> ScanResult:
    """Run once; with add-one again with more money per ballot while the outcome fits the budget.

    The budget limits only outcomes, never a run. There is no binary search, because fitting is not
    monotone in real elections. Needs at least one ballot.
    """
    election = contest.election
    major = 10**election.scale
    money = Fraction(election.budget, election.num_ballots)
    if rule.completion is Completion.NONE or contest.everything_fits:
        return ScanResult(Run(contest, money), 1, 0, "none")
    if rule.start is Start.FLOOR:
        money = Fraction(money // major * major)
    step = rule.step * major
    first = Run(contest, money)
    kept = Stretch(0, 0, frozenset(first.funded), frozenset(first.excluded))

    def result(number: int, runs: int, ended: str, next_cost: int | None = None) -> ScanResult:
        run = Run(contest, money + number * step) if number else first
        if frozenset(run.funded) != kept.funded:
            raise AssertionError("a bound of the scan was wrong: its run is not the exact run")
        return ScanResult(run, runs, number, ended, next_cost)

    if reason := _ends(contest, rule, kept):
        return result(0, 1, reason)
    for stretch in Walk(contest, first, money, step).stretches():
        cost = sum(contest.costs[index] for index in stretch.funded)
        if cost > election.budget:
            return result(kept.last, stretch.first + 1, "overspend", cost)
        kept = stretch
        if reason := _ends(contest, rule, stretch):
            return result(stretch.first, stretch.first + 1, reason)
    raise AssertionError("a scan ends when everything is funded")


def _ends(contest: Contest, rule: Rule, stretch: Stretch) -> str | None:
    """Say why a scan ends with an outcome that fits the budget, or None when it goes on."""
    out = stretch.funded | stretch.excluded
    if out.issuperset(contest.supported):
        return "all-funded"
    left = contest.election.budget - sum(contest.costs[index] for index in stretch.funded)
    fitting = (index for index in contest.exhausting if contest.costs[index] <= left)
    if rule.stop is Stop.EXHAUSTIVE and out.issuperset(fitting):
        return "exhaustive"
    return None


class _Width:
    """How many runs to try to cross at once: twice as many where it works, half where it fails.

    Where not even two can be crossed, again and again, that is tried more and more rarely.
    """

    def __init__(self) -> None:
        self.runs = 1
        self._waited = 0
        self._patience = 0

    def worked(self) -> None:
        """Grow."""
        if self.runs == 1 and self._waited < self._patience:
            self._waited += 1
            return
        if self.runs > 1:
            self._patience = 0
        self.runs, self._waited = min(2 * self.runs, _MOST_RUNS), 0

    def failed(self) -> None:
        """Shrink."""
        if self.runs == 2:
            self._patience = min(2 * self._patience + 1, _MOST_PATIENCE)
        self.runs //= 2


class Walk:
    """The stretches of a scan after its first run."""

    def __init__(self, contest: Contest, first: Run, money: Fraction, step: Fraction) -> None:
        from . import scan_kernel  # brings numba, which nothing else needs

        self.kernel = scan_kernel
        self.contest = contest
        self.money = money
        self.step = step
        self.free = [index for index in first.funded if contest.costs[index] == 0]
        self.priced = [index for index in contest.supported if contest.costs[index] > 0]
        self.plan = _Plan(contest, self.priced, self.free)
        self.market: scan_kernel.Market | None = None
        self.bits = 0
        self.top = Fraction(-1)
        self.purses = np.empty(len(contest.sizes), dtype=np.int64)

    def stretches(self) -> Iterator[Stretch]:
        """Yield them in order, without end."""
        last, recorded = -1, -1
        width = _Width()
        record, made = self._room(), self._room()
        while True:
            go_on()
            wide = width.runs
            if recorded < 0:
                wide = 1
            if not self._fits(last + wide):
                wide = 1
                self._fit(last + 1)
            held = recorded if wide > 1 else -1
            status, steps = self._run(last + wide, record, held, made)
            if status == self.kernel.DONE:
                record, made, recorded = made, record, steps
                if last >= 0:
                    yield self._stretch(last + 1, last + wide, record, recorded)
                last += wide
                width.worked()
            elif wide > 1:
                width.failed()
            else:
                last, recorded = last + 1, -1
                if last:
                    run = Run(self.contest, self.money + last * self.step)
                    yield Stretch(last, last, frozenset(run.funded), frozenset(run.excluded))

    def _room(self) -> scan_kernel.Record:
        size = len(self.priced)
        projects, weights = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        return self.kernel.Record(projects, np.zeros(size), weights)

    def _fits(self, index: int) -> bool:
        return self.money + index * self.step <= self.top

    def _fit(self, index: int) -> None:
        """Choose the unit so that this run, and those with a few times its money, stay in 64 bits.

        Where even whole units are too many, there is no market and every run is counted exactly.
        """
        contest = self.contest
        self.top = 4 * (self.money + index * self.step) + 4 * self.step
        ballots = contest.election.num_ballots
        largest = max(
            ceil(self.top) * max(ballots, self.plan.most_points),
            sum(contest.costs[index] for index in self.priced),
        )
        self.bits = self.kernel.LARGEST.bit_length() - 2 - largest.bit_length()
        self.market = self.plan.market(self.bits) if self.bits >= 0 else None

    def _run(
        self, index: int, record: scan_kernel.Record, recorded: int, made: scan_kernel.Record
    ) -> tuple[int, int]:
        if self.market is None:
            return self.kernel.UNDECIDED, 0
        money = (self.money + index * self.step) * 2**self.bits
        return self.kernel.run(
            self.market,
            floor(money),
            int(money.denominator > 1),
            self.contest.election.num_ballots,
            self.plan.most_points,
            self.purses,
            record,
            recorded,
            made,
        )

    def _stretch(self, first: int, last: int, record: scan_kernel.Record, recorded: int) -> Stretch:
        bought = (self.priced[number] for number in record.projects[:recorded].tolist())
        funded = frozenset([*self.free, *bought])
        return Stretch(first, last, funded, _rivals(self.contest, funded))


def _rivals(contest: Contest, funded: Iterable[int]) -> frozenset[int]:
    rivals = contest.election.rivals
    return frozenset().union(*(rivals.get(index, frozenset()) for index in funded))


class _Plan:
    """The arrays of a market that do not depend on the unit of money."""

    def __init__(self, contest: Contest, priced: Sequence[int], free: Sequence[int]) -> None:
        from . import scan_kernel

        self.kernel = scan_kernel
        self.contest = contest
        self.costs = [contest.costs[index] for index in priced]
        backings = [contest.backings[index] for index in priced]
        parts = [part for backing in backings for part in backing]
        self.parts = _starts([len(backing) for backing in backings])
        self.part_points = np.array([part.points for part in parts], dtype=np.int64)
        self.part_starts = _starts([len(part.groups) for part in parts])
        self.groups = _joined([part.groups for part in parts], np.uint32)
        self.sizes = _joined([part.sizes for part in parts], np.int64)
        self.weights = [
            sum(part.points * int(part.sizes.sum()) for part in backing) for backing in backings
        ]
        self.most_points = max((part.points for part in parts), default=1)
        number = {index: at for at, index in enumerate(priced)}
        rivals = contest.election.rivals
        found = [
            [number[rival] for rival in sorted(rivals.get(index, ())) if rival in number]
            for index in priced
        ]
        self.rival_starts = _starts([len(some) for some in found])
        self.rivals = np.array([rival for some in found for rival in some], dtype=np.int64)
        excluded = _rivals(contest, free)
        self.closed = np.array([index in excluded for index in priced], dtype=np.bool_)
        self.ranks = np.array(contest.order.ranks(priced), dtype=np.int64)

    def market(self, bits: int) -> scan_kernel.Market:
        """Give the market with money in units of 2**-bits."""
        scaled = [cost << bits for cost in self.costs]
        least = [cost // weight for cost, weight in zip(scaled, self.weights, strict=True)]
        exact = max(self.costs, default=0) * max(self.weights, default=0) < self.kernel.LARGEST
        return self.kernel.Market(
            costs=np.array(self.costs, dtype=np.int64),
            scaled_costs=np.array(scaled, dtype=np.int64),
            least_prices=np.array(least, dtype=np.int64),
            by_cost=self.contest.by_cost,
            exact=exact,
            parts=self.parts,
            part_points=self.part_points,
            part_starts=self.part_starts,
            groups=self.groups,
            sizes=self.sizes,
            ranks=self.ranks,
            rival_starts=self.rival_starts,
            rivals=self.rivals,
            closed=self.closed,
        )


def _starts(lengths: Sequence[int]) -> npt.NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)


def _joined(pieces: Sequence[npt.NDArray[np.int64]], kind: npt.DTypeLike) -> npt.NDArray[Any]:
    return np.concatenate([*pieces, np.zeros(0, dtype=np.int64)]).astype(kind)
