"""What an award gives to the ballots: how many of their choices are funded, and where money goes.

A *choice* of a ballot is a project it gives more than 0 points to (an approval is one point), as in
the count; the default score of scoring ballots makes choices too. Nothing here decides anything:
the figures describe an award, whichever rule made it, so that awards can be put side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from .election import Election, VoteType
from .rules import ratio

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class AreaMoney:
    """The money that goes to one area: its projects on the ballot, those funded, their cost.

    The area without a name holds the projects that name none. Money is in smallest units.
    """

    name: str
    projects: int
    funded: int
    cost: int

    def to_json(self) -> dict[str, str | int]:
        """Give the area as an object."""
        return {
            "name": self.name,
            "projects": self.projects,
            "funded": self.funded,
            "cost": self.cost,
        }


@dataclass(frozen=True)
class Measures:
    """An award measured on the ballots of its election.

    ``by_choices_funded[k]`` is the number of ballots with exactly k of their choices funded; the
    last entry is never 0 unless it is the only one. Money is in smallest units. ``neighborhoods``
    divide the cost; a project of several ``categories`` counts in full in each, so their sum may be
    larger. ``neighborhoods`` and ``categories`` are sorted by name and empty where no project names
    any.
    """

    winners: tuple[str, ...]
    cost: int
    budget: int
    ballots: int
    by_choices_funded: tuple[int, ...]
    neighborhoods: tuple[AreaMoney, ...]
    categories: tuple[AreaMoney, ...]
    funded_per_group: Numbers = field(repr=False, compare=False)
    group_sizes: Numbers = field(repr=False, compare=False)

    @property
    def with_something(self) -> int:
        """Ballots with at least one of their choices funded."""
        return self.ballots - self.by_choices_funded[0]

    @property
    def share_with_something(self) -> Fraction | None:
        """Their exact share of all ballots; None without ballots."""
        return Fraction(self.with_something, self.ballots) if self.ballots else None

    @property
    def at_least(self) -> tuple[int, ...]:
        """Ballots with at least 1, 2, … of their choices funded."""
        rest, found = self.ballots, []
        for number in self.by_choices_funded[:-1]:
            rest -= number
            found.append(rest)
        return tuple(found)

    def to_json(self) -> dict[str, Any]:
        """Give everything but the arrays as plain JSON."""
        share = self.share_with_something
        return {
            "winners": list(self.winners),
            "cost": self.cost,
            "budget": self.budget,
            "ballots": self.ballots,
            "by_choices_funded": list(self.by_choices_funded),
            "with_something": self.with_something,
            "share_with_something": None if share is None else ratio(share),
            "neighborhoods": [area.to_json() for area in self.neighborhoods],
            "categories": [area.to_json() for area in self.categories],
        }


@dataclass(frozen=True)
class Difference:
    """What changes from one award to another of the same election.

    ``gained`` are funded only by the other, ``lost`` only by the one, each in the order of its own
    award. ``moved`` is the money each neighbourhood has more (or less) under the other.
    ``better_under_one`` and ``better_under_other`` are the ballots with more of their choices
    funded there, ``equal`` the remaining ones.
    """

    gained: tuple[str, ...]
    lost: tuple[str, ...]
    moved: Mapping[str, int]
    better_under_one: int
    better_under_other: int
    equal: int

    def to_json(self) -> dict[str, Any]:
        """Give the difference as plain JSON."""
        return {
            "gained": list(self.gained),
            "lost": list(self.lost),
            "moved": dict(self.moved),
            "better_under_one": self.better_under_one,
            "better_under_other": self.better_under_other,
            "equal": self.equal,
        }


def measure(election: Election, winners: Iterable[str]) -> Measures:
    """Measure an award, given as project ids in the order funded."""
    winners = tuple(winners)
    positions = [election.position[name] for name in winners]
    funded_per_group, sizes = choices_funded(election, positions)
    # The sizes are whole numbers below 2**53, so numpy's float sums of them are exact.
    numbers = np.bincount(funded_per_group, weights=sizes, minlength=1).astype(np.int64)
    return Measures(
        winners=winners,
        cost=sum(election.projects[index].cost for index in positions),
        budget=election.budget,
        ballots=int(sizes.sum()),
        by_choices_funded=tuple(numbers.tolist()),
        neighborhoods=_areas(
            election, positions, [(project.neighborhood,) for project in election.projects]
        ),
        categories=_areas(
            election, positions, [project.categories or ("",) for project in election.projects]
        ),
        funded_per_group=funded_per_group,
        group_sizes=sizes,
    )


def compare(one: Measures, other: Measures) -> Difference:
    """Say what changes from one award to another; both measured on the same election."""
    if not np.array_equal(one.group_sizes, other.group_sizes):
        raise ValueError("the two awards are not of the same election")
    before, after = set(one.winners), set(other.winners)
    paid = {area.name: area.cost for area in one.neighborhoods}
    sizes = one.group_sizes
    better_one = int(sizes[one.funded_per_group > other.funded_per_group].sum())
    better_other = int(sizes[other.funded_per_group > one.funded_per_group].sum())
    return Difference(
        gained=tuple(name for name in other.winners if name not in before),
        lost=tuple(name for name in one.winners if name not in after),
        moved={area.name: area.cost - paid[area.name] for area in other.neighborhoods},
        better_under_one=better_one,
        better_under_other=better_other,
        equal=one.ballots - better_one - better_other,
    )


def choices_funded(election: Election, positions: Iterable[int]) -> tuple[Numbers, Numbers]:
    """Give, for each ballot group, how many of its choices are among the positions; and its size.

    Groups stand in the order of :attr:`Election.ballots`.
    """
    arrays = election.arrays
    sizes, lengths, named = arrays.counts, arrays.lengths, arrays.choices
    wanted = np.zeros(len(election.projects), dtype=np.int64)
    wanted[list(positions)] = 1
    hits = wanted[named]
    default = election.limits.default_score if election.vote_type is VoteType.SCORING else 0
    if default > 0:
        # A winner that a ballot does not list has the default score, and so is a choice of it.
        unlisted = int(wanted.sum()) - _per_ballot(hits, lengths)
    else:
        unlisted = np.zeros(len(sizes), dtype=np.int64)
    if election.vote_type.has_points:
        hits = hits * (arrays.points > 0)
    return _per_ballot(hits, lengths) + unlisted, sizes


def _per_ballot(values: Numbers, lengths: Numbers) -> Numbers:
    """Sum values that stand one behind the other, so many for each ballot."""
    ends = np.cumsum(lengths)
    sums = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(values)))
    found: Numbers = sums[ends] - sums[ends - lengths]
    return found


def _areas(
    election: Election, positions: Iterable[int], names: list[tuple[str, ...]]
) -> tuple[AreaMoney, ...]:
    if not any(name for several in names for name in several):
        return ()
    chosen = set(positions)
    figures: dict[str, list[int]] = {}
    for index, several in enumerate(names):
        for name in dict.fromkeys(several):
            area = figures.setdefault(name, [0, 0, 0])
            area[0] += 1
            if index in chosen:
                area[1] += 1
                area[2] += election.projects[index].cost
    return tuple(AreaMoney(name, *figures[name]) for name in sorted(figures))
