"""Parsing many cells of votes and points at once, where nothing about them is odd.

What is odd (an unknown name, a space, a repeated project, anything outside the limits) is not
judged here but left to :class:`~budgeting.tally.pabulib_reader.PabulibFile`, which knows what to
say about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from .ballots import BallotArrays, Flags, Numbers, starts_of
from .election import Limits, VoteType
from .plain_rows import UNKNOWN, Names, Texts


class QuickCells:
    """Parses the cells of many rows of one file."""

    def __init__(
        self,
        vote_type: VoteType,
        limits: Limits,
        ranks: int,
        names: Iterable[str],
        costs: Sequence[int],
    ) -> None:
        self.vote_type = vote_type
        self.limits = limits
        self.ranks = ranks
        self.names = Names(names)
        self.costs = costs

    def parse(self, votes: Texts, points: Texts | None) -> tuple[BallotArrays, Flags]:
        """Parse the cells of votes, and of points where the file has them.

        Gives the ordinary ballots as they are written, one for each row, and which rows they are.
        """
        named, lengths = votes.items()
        fine = self._lengths_fine(lengths) & self._points_fit(points, lengths)
        if not fine.all():
            named, lengths = votes.taken(fine).items()
        given = np.zeros(0, dtype=np.int64)
        if points is not None and self.vote_type.has_points:
            given = points.taken(fine).items()[0].whole_numbers()
        ballots = BallotArrays(
            starts_of(lengths), self.names.find(named), given, np.ones_like(lengths)
        )
        if len(ballots):
            good = self._choices_fine(ballots) & self._points_fine(ballots)
            fine[fine] = good
            ballots = ballots if good.all() else ballots.taken(good)
        return ballots, fine

    def _lengths_fine(self, lengths: Numbers) -> Flags:
        low, high = self.limits.min_length or 0, self.limits.max_length
        if self.vote_type is VoteType.CHOOSE_ONE:
            high = 1 if high is None else min(high, 1)
        fine: Flags = lengths >= min(low, 2**40)
        if high is not None:
            fine &= lengths <= min(high, 2**40)
        return fine

    def _points_fit(self, points: Texts | None, lengths: Numbers) -> Flags:
        """Say where the cell of points fits the type of ballot and the number of choices."""
        if points is None:
            return np.full(len(lengths), not self.vote_type.has_points)
        empty: Flags = points.lengths == 0
        needed = self.vote_type.has_points
        if not needed and (self.vote_type is not VoteType.ORDINAL or empty.all()):
            return empty
        numbers, counts = points.items()
        fitting: Flags = counts == lengths
        if needed:
            return fitting
        starts = starts_of(counts)
        places = np.arange(starts[-1]) - np.repeat(starts[:-1], counts)
        borda = numbers.whole_numbers() == self.ranks - places
        return empty | fitting & np.logical_and.reduceat(borda, starts[:-1])

    def _choices_fine(self, ballots: BallotArrays) -> Flags:
        starts, choices = ballots.starts[:-1], ballots.choices
        fine: Flags = np.minimum.reduceat(choices, starts) >= 0
        keys = np.sort(ballots.owners * (len(self.costs) + 1) + np.maximum(choices, -1))
        repeated = keys[1:][keys[1:] == keys[:-1]]
        fine[repeated // (len(self.costs) + 1)] = False
        low, high = self.limits.min_sum_cost, self.limits.max_sum_cost
        if low is not None or high is not None:
            if sum(self.costs) >= 2**62:
                return np.zeros(len(ballots), dtype=np.bool_)
            costs = np.array([*self.costs, 0], dtype=np.int64)
            sums = np.add.reduceat(costs[np.maximum(choices, -1)], starts)
            fine &= _within(sums, low, high)
        return fine

    def _points_fine(self, ballots: BallotArrays) -> Flags:
        starts, points, limits = ballots.starts[:-1], ballots.points, self.limits
        if not len(points):
            return np.ones(len(ballots), dtype=np.bool_)
        low = limits.min_points
        if self.vote_type is VoteType.CUMULATIVE:
            low = max(low or 0, 0)
        least = np.minimum.reduceat(points, starts)
        fine: Flags = least > UNKNOWN
        fine &= _within(least, low, None)
        fine &= _within(np.maximum.reduceat(points, starts), None, limits.max_points)
        sums = np.add.reduceat(points, starts)
        return fine & _within(sums, limits.min_sum_points, limits.max_sum_points)


def _within(values: Numbers, low: int | None, high: int | None) -> Flags:
    """Compare with limits, which may be larger than any 64-bit number."""
    fine = np.ones(len(values), dtype=np.bool_)
    if low is not None:
        fine &= values >= max(min(low, 2**62), -(2**62))
    if high is not None:
        fine &= values <= max(min(high, 2**62), -(2**62))
    return fine
