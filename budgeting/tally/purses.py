"""What every ballot still owns during a run of Equal Shares: roughly for all, exactly on demand.

A ballot that is not spent owns what it started with, less what it paid for each funded project it
supports. So nothing but the payments has to be kept exactly: what any ballots own together is a sum
over payments, with one count for each. Beside them stands a whole number for each ballot group that
is never above the true purse and at most ``error`` below it. It decides nearly everything, by
bounds; what it leaves open is asked exactly.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, lcm

import numpy as np

from .ballots import Flags, Numbers, sums_by
from .election import Election, VoteType

_MOST_BITS = 61
"""All money together, in the unit of the bounds, has at most so many bits: sums fit in 64."""


class Purses:
    """The purses of all ballot groups: each ballot starts with ``per_ballot`` smallest units.

    ``least`` are lower bounds in units of 1 / ``scale`` smallest units (``scale`` is a power of 2),
    ``error`` how far a true purse may be above, ``spent`` who owns exactly nothing. Exact amounts
    are whole numbers over ``denominator``.
    """

    def __init__(self, election: Election, per_ballot: Fraction) -> None:
        self.election = election
        self.arrays = election.arrays
        self.points = election.given_points() if _weighs(election) else None
        scoring = election.vote_type is VoteType.SCORING
        self.default = max(0, election.limits.default_score) if scoring else 0
        self.denominator = per_ballot.denominator
        self.at_first = per_ballot.numerator
        self.paid: dict[int, int] = {}
        everything = ceil(per_ballot) * election.num_ballots
        self.scale = Fraction(2) ** (_MOST_BITS - everything.bit_length())
        start = per_ballot * self.scale
        self.most = ceil(start) + 1
        self.least = np.full(len(self.arrays), floor(start), dtype=np.int64)
        self.spent = np.zeros(len(self.arrays), dtype=np.bool_)
        self.error = int(start.denominator > 1)

    def together(self, groups: Numbers) -> int:
        """Give what all ballots of some groups own together, exactly."""
        groups = groups[~self.spent[groups]]
        sizes = self.arrays.counts[groups]
        ballots = int(sizes.sum())
        owned = self.at_first * ballots
        if not self.paid or not ballots:
            return owned
        at, lengths = self.arrays.places_of(groups)
        chosen, weights = self.arrays.choices[at], np.repeat(sizes, lengths)
        many = len(self.election.projects)
        if self.points is None:
            paying = sums_by(chosen, weights, many)
        else:
            paying = sums_by(chosen, weights * np.maximum(self.points[at], 0), many)
        if self.default:
            listed = sums_by(chosen, weights, many)
            paying = [
                points + self.default * (ballots - naming)
                for points, naming in zip(paying, listed, strict=True)
            ]
        return owned - sum(amount * paying[index] for index, amount in self.paid.items())

    def each(self, groups: Numbers) -> list[int]:
        """Give what one ballot of each of some groups owns, exactly."""
        _at, lengths = self.arrays.places_of(groups)
        starts, spent = self.arrays.starts[groups].tolist(), self.spent[groups].tolist()
        known: dict[tuple[tuple[int, int], ...], int] = {}
        found = []
        for start, length, nothing in zip(starts, lengths.tolist(), spent, strict=True):
            if nothing:
                found.append(0)
                continue
            payments = self._payments(start, length)
            if payments not in known:
                known[payments] = self.at_first - sum(
                    self.paid[index] * points for index, points in payments
                )
            found.append(known[payments])
        return found

    def pay(self, index: int, per_point: Fraction) -> None:
        """Note that supporters who can pay so many smallest units per point for a project."""
        common = lcm(self.denominator, per_point.denominator)
        factor = common // self.denominator
        if factor > 1:
            self.denominator = common
            self.at_first *= factor
            self.paid = {other: amount * factor for other, amount in self.paid.items()}
        self.paid[index] = per_point.numerator * (common // per_point.denominator)
        self.error += 1

    def collect(self, groups: Numbers, emptied: Flags, due: Fraction) -> None:
        """Take ``due`` smallest units from each ballot of some groups, all from those emptied."""
        taken = min(ceil(due * self.scale), self.most)
        left = np.maximum(self.least[groups] - taken, 0)
        left[emptied] = 0
        self.least[groups] = left
        self.spent[groups[emptied]] = True

    def _payments(self, start: int, length: int) -> tuple[tuple[int, int], ...]:
        """List the funded projects a ballot paid for, with its points."""
        choices = self.arrays.choices[start : start + length].tolist()
        if self.points is None:
            return tuple((index, 1) for index in choices if index in self.paid)
        given = dict(zip(choices, self.points[start : start + length].tolist(), strict=True))
        return tuple(
            (index, given.get(index, self.default))
            for index in self.paid
            if given.get(index, self.default) > 0
        )


def _weighs(election: Election) -> bool:
    return election.vote_type not in (VoteType.APPROVAL, VoteType.CHOOSE_ONE)
