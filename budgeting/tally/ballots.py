"""The ballots of an election in a few arrays, in an order that does not depend on how they came.

:class:`BallotArrays` is what counting and reading work on. :class:`Ballots` is the same as a
sequence of :class:`BallotGroup`, made when somebody asks for one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import overload

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_LOW = 2**21 - 1


@dataclass(frozen=True, slots=True, order=True)
class BallotGroup:
    """Identical ballots: positions of the chosen projects, their points, how many such ballots.

    ``choices`` are positions in :attr:`Election.projects`, ascending; on an ordinal ballot in the
    voter's order. ``points`` has the same length for cumulative and scoring ballots, else it is
    empty. No choices: a blank ballot.
    """

    choices: tuple[int, ...]
    points: tuple[int, ...] = ()
    count: int = 1


@dataclass(frozen=True, eq=False, slots=True)
class BallotArrays:
    """Ballot groups one behind the other.

    Group g chose ``choices[starts[g]:starts[g + 1]]`` and gave them the ``points`` at the same
    places (empty for ballots without points); ``counts[g]`` ballots are like it. All are int64.
    """

    starts: Numbers
    choices: Numbers
    points: Numbers
    counts: Numbers

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def lengths(self) -> Numbers:
        """How many choices each group made."""
        return np.diff(self.starts)

    @property
    def owners(self) -> Numbers:
        """The group of each choice."""
        return np.repeat(np.arange(len(self.counts)), self.lengths)

    @property
    def places(self) -> Numbers:
        """The place of each choice on its ballot, from 0."""
        return np.arange(len(self.choices)) - np.repeat(self.starts[:-1], self.lengths)

    def places_of(self, groups: Numbers) -> tuple[Numbers, Numbers]:
        """Give the places of all choices of some groups in ``choices``, and how many each made."""
        starts = self.starts[groups]
        lengths = self.starts[groups + 1] - starts
        pieces = starts_of(lengths)
        return np.arange(pieces[-1]) + np.repeat(starts - pieces[:-1], lengths), lengths

    def taken(self, groups: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> BallotArrays:
        """Give these groups only, in the order asked for."""
        numbers = np.arange(len(self.counts))[groups]
        at, lengths = self.places_of(numbers)
        points = self.points[at] if len(self.points) else self.points
        return BallotArrays(starts_of(lengths), self.choices[at], points, self.counts[numbers])


def starts_of(lengths: Numbers) -> Numbers:
    """Give where each of several pieces starts, and at last where all end."""
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


def sums_by(keys: Numbers, values: Numbers, many: int) -> list[int]:
    """Sum values by key (0 to many - 1), exactly.

    numpy adds them as floats, which are exact up to 2**53; larger ones are added in three pieces.
    """
    if np.abs(values).sum(dtype=np.float64) < 2**52:
        return _float_sums(keys, values, many)
    pieces = values & _LOW, (values >> 21) & _LOW, values >> 42
    low, middle, high = (_float_sums(keys, piece, many) for piece in pieces)
    return [(c << 42) + (b << 21) + a for a, b, c in zip(low, middle, high, strict=True)]


def _float_sums(keys: Numbers, values: Numbers, many: int) -> list[int]:
    sums: list[int] = np.bincount(keys, values, many).astype(np.int64).tolist()
    return sums


def arrays_of(groups: Sequence[BallotGroup]) -> BallotArrays:
    """Put groups one behind the other as they are."""
    lengths = np.fromiter((len(group.choices) for group in groups), np.int64, len(groups))
    return BallotArrays(
        starts_of(lengths),
        np.fromiter(chain.from_iterable(group.choices for group in groups), np.int64),
        np.fromiter(chain.from_iterable(group.points for group in groups), np.int64),
        np.fromiter((group.count for group in groups), np.int64, len(groups)),
    )


def joined(parts: Iterable[BallotArrays]) -> BallotArrays:
    """Put several collections of ballots of one type one behind the other."""
    several = list(parts)
    return BallotArrays(
        starts_of(np.concatenate([part.lengths for part in several])),
        np.concatenate([part.choices for part in several]),
        np.concatenate([part.points for part in several]),
        np.concatenate([part.counts for part in several]),
    )


def in_order(ballots: BallotArrays, *, ranked: bool) -> BallotArrays:
    """Bring ballots to the canonical form in which equal elections are equal.

    Choices ascend, unless they are ranked; of a project named twice the first mention counts; equal
    ballots are one group; groups stand in the order of their choices, then of their points.
    """
    tidy = _without_repeats(ballots) if _untidy(ballots, ranked=ranked) else ballots
    if not ranked:
        tidy = _ascending(tidy)
    return _merged(tidy)


def _untidy(ballots: BallotArrays, *, ranked: bool) -> bool:
    """Say whether a ballot may name a project twice (a quick test that may err to yes)."""
    if not len(ballots.choices):
        return False
    owners = ballots.owners
    keys = owners * (int(ballots.choices.max()) + 1) + ballots.choices
    if ranked or not bool(np.all(keys[1:] > keys[:-1])):
        keys = np.sort(keys)
        return bool(np.any(keys[1:] == keys[:-1]))
    return False


def _without_repeats(ballots: BallotArrays) -> BallotArrays:
    owners = ballots.owners
    keys = owners * (int(ballots.choices.max()) + 1) + ballots.choices
    order = np.argsort(keys, kind="stable")
    again = np.zeros(len(keys), dtype=np.bool_)
    again[order[1:]] = keys[order[1:]] == keys[order[:-1]]
    kept = ~again
    lengths = np.bincount(owners[kept], minlength=len(ballots))
    points = ballots.points[kept] if len(ballots.points) else ballots.points
    return BallotArrays(starts_of(lengths), ballots.choices[kept], points, ballots.counts)


def _ascending(ballots: BallotArrays) -> BallotArrays:
    if not len(ballots.choices):
        return ballots
    keys = ballots.owners * (int(ballots.choices.max()) + 1) + ballots.choices
    if np.all(keys[1:] > keys[:-1]):
        return ballots
    order = np.argsort(keys, kind="stable")
    points = ballots.points[order] if len(ballots.points) else ballots.points
    return BallotArrays(ballots.starts, ballots.choices[order], points, ballots.counts)


def _merged(ballots: BallotArrays) -> BallotArrays:
    """Sort groups by choices, then points, and make one of equal ones."""
    if not len(ballots):
        return ballots
    order, first = _sorted_rows(*_codes(ballots))
    if first.all() and np.all(order[1:] > order[:-1]):
        return ballots
    heads = np.flatnonzero(first)
    taken = ballots.taken(order[heads])
    counts = np.add.reduceat(ballots.counts[order], heads)
    return BallotArrays(taken.starts, taken.choices, taken.points, counts)


def _codes(ballots: BallotArrays) -> tuple[Numbers, Numbers]:
    """Write each ballot as a row of whole numbers above 0 that sorts as the ballot does.

    The choices, a mark lower than any choice, the points; rows one behind the other.
    """
    if not len(ballots.points):
        return ballots.starts, ballots.choices + 1
    lengths = 2 * ballots.lengths + 1
    starts = starts_of(lengths)
    at = np.repeat(starts[:-1], ballots.lengths) + ballots.places
    codes = np.ones(starts[-1], dtype=np.int64)
    codes[at] = ballots.choices + 2
    after = at + np.repeat(ballots.lengths, ballots.lengths) + 1
    codes[after] = ballots.points - ballots.points.min() + 1
    return starts, codes


def _sorted_rows(starts: Numbers, codes: Numbers) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Sort rows of codes; give the order and which rows differ from the one before.

    Several codes at a time are packed into one number; only rows that are still equal so far are
    looked at again.
    """
    rows = len(starts) - 1
    lengths = np.diff(starts)
    bits = int(codes.max(initial=1)).bit_length()
    many = max(1, 63 // bits)
    order = np.arange(rows)
    first = np.zeros(rows, dtype=np.bool_)
    first[0] = True
    # Places in the order whose rows are equal so far to a neighbour's.
    active = np.arange(rows)
    done = 0
    while len(active) > 1:
        numbers = order[active]
        packed = np.zeros(len(numbers), dtype=np.int64)
        for more in range(many):
            there = lengths[numbers] > done + more
            packed <<= bits
            packed[there] |= codes[starts[numbers[there]] + done + more]
        block = np.cumsum(first[active])
        inner = np.lexsort((packed, block))
        order[active] = numbers[inner]
        packed, block = packed[inner], block[inner]
        first[active[1:]] |= packed[1:] != packed[:-1]
        done += many
        ended = lengths[order[active]] <= done
        # A row stays active when it has more to show and equals a neighbour so far.
        alone = first[active] & np.append(first[active[1:]], True)
        block = np.cumsum(first[active])
        over = np.bincount(block, weights=~ended, minlength=block[-1] + 1)[block] == 0
        active = active[~alone & ~over]
    return order, first


class Ballots(Sequence[BallotGroup]):
    """The ballot groups of an election in canonical order, equal to a tuple of the same groups.

    Groups are objects only once somebody looks at one; ``arrays`` is always there.
    """

    def __init__(self, arrays: BallotArrays) -> None:
        self.arrays = arrays

    @cached_property
    def _groups(self) -> tuple[BallotGroup, ...]:
        arrays = self.arrays
        starts, choices, points = arrays.starts.tolist(), arrays.choices.tolist(), ()
        counts = arrays.counts.tolist()
        if len(arrays.points):
            points = arrays.points.tolist()
        return tuple(
            BallotGroup(
                tuple(choices[starts[at] : starts[at + 1]]),
                tuple(points[starts[at] : starts[at + 1]]),
                count,
            )
            for at, count in enumerate(counts)
        )

    def plus(self, group: BallotGroup) -> Ballots:
        """Give the same ballots and one more group, which is in canonical form itself."""
        arrays, key = self.arrays, (group.choices, group.points)
        at = bisect_left(range(len(self)), key, key=self._row)
        if at < len(self) and self._row(at) == key:
            counts = arrays.counts.copy()
            counts[at] += group.count
            return Ballots(replace(arrays, counts=counts))
        place, lengths = arrays.starts[at], np.insert(arrays.lengths, at, len(group.choices))
        return Ballots(
            BallotArrays(
                starts_of(lengths),
                np.insert(arrays.choices, place, group.choices),
                np.insert(arrays.points, place, group.points) if group.points else arrays.points,
                np.insert(arrays.counts, at, group.count),
            )
        )

    def _row(self, at: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Read the choices and points of one group without making objects of all."""
        start, end = self.arrays.starts[at : at + 2].tolist()
        choices, points = self.arrays.choices[start:end], self.arrays.points[start:end]
        return tuple(choices.tolist()), tuple(points.tolist())

    def __len__(self) -> int:
        return len(self.arrays)

    def __iter__(self) -> Iterator[BallotGroup]:
        return iter(self._groups)

    @overload
    def __getitem__(self, index: int) -> BallotGroup: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[BallotGroup, ...]: ...

    def __getitem__(self, index: int | slice) -> BallotGroup | tuple[BallotGroup, ...]:
        return self._groups[index]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Ballots):
            one, two = self.arrays, other.arrays
            return all(
                np.array_equal(getattr(one, name), getattr(two, name))
                for name in ("starts", "choices", "points", "counts")
            )
        return self._groups == other
