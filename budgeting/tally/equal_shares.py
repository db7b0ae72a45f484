"""The Method of Equal Shares, exactly.

Source: Peters, Pierczyński, Skowron, "Proportional Participatory Budgeting with Additive Utilities"
(2021); completion and comparison as in practice (equalshares.net).

Each of n ballots owns the same money. Again and again, the project whose supporters can pay for it
at the smallest price per unit of utility (ρ) is bought, and each of them pays
min(purse, ρ · utility).

How it is made fast without losing exactness:

- Identical ballots are one group, and groups with the same purse are one *class*. The purses of
  all classes are integers over one common denominator, sorted, so a group only remembers the rank
  of its class. A purchase splits classes; nothing else touches them.
- To price a project, its supporters are counted per class with numpy (whole numbers only) and the
  few classes too poor to pay in full are taken off from the poorest up, in Python integers.
- Purses only shrink, so ρ only grows: the last known ρ of a project is a lower bound, kept in a
  heap, and a project is priced again only when its bound comes to the top.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import numpy as np
import numpy.typing as npt

from .election import Election, VoteType
from .rules import Compat, Rule, Utility
from .ties import TieBreak, TieOrder, UndecidedTieError

Ranks = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Backing:
    """The ballot groups that give one project the same points: group numbers and their sizes."""

    points: int
    groups: Ranks
    sizes: Ranks


@dataclass(frozen=True)
class Purchase:
    """One project bought: position, ρ, largest payment, number of capped supporters, tie."""

    project: int
    rho: Fraction
    payment: Fraction
    capped: int
    tie: TieBreak | None


@dataclass(frozen=True)
class Price:
    """What a project costs its supporters at some moment, in common-denominator units.

    A supporter with p points pays min(purse, p · rest / weight); ``capped`` of them give their
    whole purse; ``rho`` is in money per unit of utility.
    """

    rho: Fraction
    rest: int
    weight: int
    capped: int


class Contest:
    """What stays the same in all runs of one count: who supports what, and the first bounds."""

    def __init__(
        self, election: Election, standing: Sequence[int], rule: Rule, order: TieOrder
    ) -> None:
        self.election = election
        self.order = order
        self.costs = [project.cost for project in election.projects]
        self.sizes: Ranks = election.arrays.counts
        self.backings = _find_backings(election, standing)
        # A habit of equalshares.net: what costs nothing is never funded, and what nobody supports
        # counts in the test of exhaustiveness.
        habits = rule.compat is Compat.EQUALSHARES_NET
        self.supported = [
            index
            for index in standing
            if self.backings[index] and (self.costs[index] or not habits)
        ]
        self.fundable = frozenset(self.supported)
        self.exhausting = standing if habits else self.supported
        self.everything_fits = habits and (
            sum(self.costs[index] for index in standing) <= election.budget
        )
        self.supporters = {
            index: sum(int(part.sizes.sum()) for part in self.backings[index]) for index in standing
        }
        self.by_cost = rule.utility is Utility.COST
        bounds = [(self._least_rho(index), index) for index in self.supported]
        self.first_bounds = sorted(bounds)

    def _least_rho(self, index: int) -> Fraction:
        """Give ρ when every supporter pays in full: no run can ever be below it."""
        weight = sum(part.points * int(part.sizes.sum()) for part in self.backings[index])
        return self.rho(index, self.costs[index], weight)

    def rho(self, index: int, rest: int, weight: int) -> Fraction:
        """Give money per unit of utility when ``weight`` points share ``rest``; 0 if it is free."""
        if rest == 0:
            return Fraction(0)
        return Fraction(rest, weight * self.costs[index] if self.by_cost else weight)

    def independent(self, tied: Sequence[int]) -> bool:
        """Say whether tied projects cannot touch each other: no order changes who wins."""
        if any(self.election.rivals.get(index, frozenset()) & set(tied) for index in tied):
            return False
        if all(self.costs[index] == 0 for index in tied):
            return True
        groups = np.concatenate([part.groups for index in tied for part in self.backings[index]])
        return len(np.unique(groups)) == len(groups)


def _find_backings(election: Election, standing: Sequence[int]) -> dict[int, tuple[Backing, ...]]:
    """Sort all choices by project, points and group, and cut out who supports each project."""
    arrays = election.arrays
    points, owners, many = election.given_points(), arrays.owners, len(election.projects)
    scoring = election.vote_type is VoteType.SCORING
    default = election.limits.default_score if scoring else 0
    if election.vote_type in (VoteType.APPROVAL, VoteType.CHOOSE_ONE):
        order = np.argsort(arrays.choices.astype(np.min_scalar_type(many)), kind="stable")
    else:
        order = np.lexsort((points, arrays.choices))
    ends = np.cumsum(np.bincount(arrays.choices, minlength=many))
    owners, points = owners[order], points[order]
    backings: dict[int, tuple[Backing, ...]] = {}
    for index in standing:
        whole = slice(ends[index - 1] if index else 0, ends[index])
        groups, given = owners[whole], points[whole]
        if default > 0:
            unlisted = np.setdiff1d(np.arange(len(arrays)), groups)
            groups = np.concatenate((groups, unlisted))
            given = np.concatenate((given, np.full(len(unlisted), default)))
            order = np.lexsort((groups, given))
            groups, given = groups[order], given[order]
        values, starts = np.unique(given, return_index=True)
        backings[index] = (
            tuple(
                Backing(value, part, arrays.counts[part])
                for value, part in zip(values.tolist(), np.split(groups, starts[1:]), strict=True)
                if value > 0
            )
            if len(groups)
            else ()
        )
    return backings


class Run:
    """One run of the method with a given amount of money per ballot (smallest units, exact)."""

    def __init__(self, contest: Contest, per_ballot: Fraction) -> None:
        self.contest = contest
        self.per_ballot = per_ballot
        # Purse of a class = purses[rank] / denominator; purses ascend and differ.
        self.denominator = per_ballot.denominator
        self.purses: list[int] = [per_ballot.numerator]
        self.rank: Ranks = np.zeros(len(contest.sizes), dtype=np.int64)
        self.purchases: list[Purchase] = []
        self.excluded: dict[int, int] = {}
        self.bounds: list[tuple[Fraction, int]] = list(contest.first_bounds)
        self._buy_all()

    @property
    def cost(self) -> int:
        """What all the funded projects cost together."""
        return sum(self.contest.costs[purchase.project] for purchase in self.purchases)

    @property
    def funded(self) -> tuple[int, ...]:
        """Positions of the funded projects in the order bought."""
        return tuple(purchase.project for purchase in self.purchases)

    def money_behind(self, index: int) -> Fraction:
        """Give what the supporters of a project own together now."""
        total = sum(
            self.purses[rank] * count for _points, rank, count in self._classes_behind(index)
        )
        return Fraction(total, self.denominator)

    def _buy_all(self) -> None:
        while True:
            tied = self._cheapest()
            if not tied:
                return
            index, tie = self._settle(sorted(tied))
            for other, price in tied.items():
                if other != index:
                    heapq.heappush(self.bounds, (price.rho, other))
            self._buy(index, tied[index], tie)

    def _cheapest(self) -> dict[int, Price]:
        """Take from the heap all projects that share the smallest ρ, with their exact prices."""
        best: Fraction | None = None
        tied: dict[int, Price] = {}
        while self.bounds and (best is None or self.bounds[0][0] <= best):
            _bound, index = heapq.heappop(self.bounds)
            if index in self.excluded:
                continue
            price = self._price(index)
            if price is None:
                continue  # purses only shrink: it can never be paid for
            if best is None or price.rho < best:
                for other, known in tied.items():
                    heapq.heappush(self.bounds, (known.rho, other))
                best, tied = price.rho, {index: price}
            elif price.rho == best:
                tied[index] = price
            else:
                heapq.heappush(self.bounds, (price.rho, index))
        return tied

    def _classes_behind(self, index: int) -> Iterator[tuple[int, int, int]]:
        """Yield (points, rank, supporters) per class behind a project, by points then purse."""
        for part in self.contest.backings[index]:
            # Counts are whole numbers below 2**53, so numpy's float sums of them are exact.
            counts = np.bincount(self.rank[part.groups], weights=part.sizes)
            present = np.flatnonzero(counts)
            for rank, count in zip(present.tolist(), counts[present].tolist(), strict=True):
                yield part.points, rank, int(count)

    def _price(self, index: int) -> Price | None:
        """Price a project at the present purses; None when its supporters cannot pay for it."""
        parts = self.contest.backings[index]
        classes = [
            (self.purses[rank], points, count)
            for points, rank, count in self._classes_behind(index)
        ]
        if len(parts) > 1:
            # Poorest for their points first: by purse / points, over one common multiple.
            multiple = lcm(*(part.points for part in parts))
            classes.sort(key=lambda item: item[0] * (multiple // item[1]))
        rest = self.contest.costs[index] * self.denominator
        weight = sum(points * count for _purse, points, count in classes)
        capped = 0
        for purse, points, count in classes:
            if purse * weight >= rest * points:
                break
            rest -= purse * count
            weight -= points * count
            capped += count
        if weight == 0:
            return None
        return Price(self.contest.rho(index, rest, weight) / self.denominator, rest, weight, capped)

    def _settle(self, tied: list[int]) -> tuple[int, TieBreak | None]:
        if len(tied) == 1:
            return tied[0], None
        names = tuple(self.contest.election.projects[index].id for index in tied)
        try:
            index, decided_by = self.contest.order.first(tied)
        except UndecidedTieError:
            if not self.contest.independent(tied):
                raise
            index, decided_by = tied[0], "any-order"
        chosen = self.contest.election.projects[index].id
        return index, TieBreak((chosen, *(name for name in names if name != chosen)), decided_by)

    def _buy(self, index: int, price: Price, tie: TieBreak | None) -> None:
        payment = self._largest_payment(index, price)
        self.purchases.append(Purchase(index, price.rho, payment, price.capped, tie))
        for rival in self.contest.election.rivals.get(index, ()):
            self.excluded.setdefault(rival, index)
        if price.rest:
            self._collect(index, price)

    def _largest_payment(self, index: int, price: Price) -> Fraction:
        """Give the most any one supporter pays, in smallest units."""
        largest = Fraction(0)
        unit = Fraction(price.rest, price.weight)
        parts = self.contest.backings[index]
        if len(parts) == 1:
            largest = unit * parts[0].points  # somebody can always pay in full
        else:
            for points, rank, _count in self._classes_behind(index):
                largest = max(largest, min(Fraction(self.purses[rank]), unit * points))
        return largest / self.denominator

    def _collect(self, index: int, price: Price) -> None:
        """Let the supporters pay and sort the classes anew."""
        common = gcd(price.rest, price.weight)
        per_point, factor = price.rest // common, price.weight // common
        scaled = [purse * factor for purse in self.purses]
        paying = np.zeros(len(self.rank), dtype=bool)
        moved: list[tuple[Ranks, Ranks, list[int]]] = []
        for part in self.contest.backings[index]:
            ranks, inverse = np.unique(self.rank[part.groups], return_inverse=True)
            due = per_point * part.points
            moved.append(
                (part.groups, inverse, [max(0, scaled[rank] - due) for rank in ranks.tolist()])
            )
            paying[part.groups] = True
        staying = np.flatnonzero(np.bincount(self.rank[~paying], minlength=len(scaled)))
        kept = [scaled[rank] for rank in staying.tolist()]
        self.purses = sorted(set(kept).union(*(left for _groups, _inverse, left in moved)))
        place = {purse: rank for rank, purse in enumerate(self.purses)}
        new_rank = np.zeros(len(scaled), dtype=np.int64)
        new_rank[staying] = [place[purse] for purse in kept]
        self.rank = new_rank[self.rank]
        for groups, inverse, left in moved:
            self.rank[groups] = np.array([place[purse] for purse in left], dtype=np.int64)[inverse]
        self.denominator *= factor
