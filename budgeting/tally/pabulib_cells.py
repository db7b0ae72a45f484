"""Parsing many cells of votes and points at once, where nothing about them is odd.

What is odd (an unknown name, a space, a repeated project, anything outside the limits) is not
judged here but left to :class:`~budgeting.tally.pabulib_reader.PabulibFile`, which knows what to
say about it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from .ballots import BallotArrays, Numbers, starts_of
from .election import Limits, VoteType

Flags = npt.NDArray[np.bool_]

_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_UNKNOWN = -(2**40)


class _Known(dict[str, int]):
    """Numbers by text; for any other text a number that no ballot can have."""

    def __missing__(self, text: str) -> int:
        return _UNKNOWN


class QuickCells:
    """Parses distinct pairs of cells of one file."""

    def __init__(
        self,
        vote_type: VoteType,
        limits: Limits,
        ranks: int,
        position: Mapping[str, int],
        costs: Sequence[int],
    ) -> None:
        self.vote_type = vote_type
        self.limits = limits
        self.ranks = ranks
        self.position = _Known(position)
        self.costs = costs

    def parse(
        self, pairs: Sequence[tuple[str, str]], times: Numbers
    ) -> tuple[BallotArrays, list[int]]:
        """Parse (vote, points) cells that stand ``times`` in the file.

        Gives the ordinary ballots as they are written, and the numbers of the odd pairs.
        """
        lengths = (
            np.fromiter((vote.count(",") for vote, _points in pairs), np.int64, len(pairs)) + 1
        )
        fine = self._lengths_fine(lengths) & self._cells_fine(pairs, lengths)
        numbers = np.flatnonzero(fine)
        some = [pairs[number] for number in numbers.tolist()]
        lengths = lengths[numbers]
        choices = _numbers(",".join(vote for vote, _points in some), self.position)
        points = np.zeros(0, dtype=np.int64)
        if self.vote_type.has_points:
            points = _plain_numbers(",".join(points for _vote, points in some))
        ballots = BallotArrays(starts_of(lengths), choices, points, times[numbers])
        if not len(numbers):
            ballots = BallotArrays(starts_of(lengths), points, points, times[numbers])
            return ballots, list(range(len(pairs)))
        fine[numbers] = self._choices_fine(ballots) & self._points_fine(ballots)
        return ballots.taken(fine[numbers]), np.flatnonzero(~fine).tolist()

    def _lengths_fine(self, lengths: Numbers) -> Flags:
        low, high = self.limits.min_length or 0, self.limits.max_length
        if self.vote_type is VoteType.CHOOSE_ONE:
            high = 1 if high is None else min(high, 1)
        fine: Flags = lengths >= min(low, 2**40)
        if high is not None:
            fine &= lengths <= min(high, 2**40)
        return fine

    def _cells_fine(self, pairs: Sequence[tuple[str, str]], lengths: Numbers) -> Flags:
        """Say where the cell of points fits the type of ballot and the number of choices."""
        if self.vote_type.has_points:
            commas = (points.count(",") for _vote, points in pairs)
            fine: Flags = np.fromiter(commas, np.int64, len(pairs)) + 1 == lengths
            return fine
        if self.vote_type is VoteType.ORDINAL:
            longest = int(lengths.max(initial=0))
            borda = [
                ",".join(str(self.ranks - place) for place in range(length))
                for length in range(longest + 1)
            ]
            fitting = (
                not points or points == borda[length]
                for (_vote, points), length in zip(pairs, lengths.tolist(), strict=True)
            )
            return np.fromiter(fitting, np.bool_, len(pairs))
        return np.fromiter((not points for _vote, points in pairs), np.bool_, len(pairs))

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
        fine: Flags = least > _UNKNOWN
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


def _numbers(text: str, known: _Known) -> Numbers:
    parts = text.split(",")
    return np.fromiter(map(known.__getitem__, parts), np.int64, len(parts))


def _plain_numbers(text: str) -> Numbers:
    parts = text.split(",")
    plain = (part for part in set(parts) if _PLAIN_NUMBER.fullmatch(part))
    known = _Known({part: int(part) for part in plain})
    return np.fromiter(map(known.__getitem__, parts), np.int64, len(parts))
