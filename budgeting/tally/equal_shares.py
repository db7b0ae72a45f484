"""The Method of Equal Shares, exactly.

Source: Peters, Pierczyński, Skowron, "Proportional Participatory Budgeting with Additive Utilities"
(2021); completion and comparison as in practice (equalshares.net).

Each of n ballots owns the same money. Again and again, the project whose supporters can pay for it
at the smallest price per unit of utility (ρ) is bought, and each of them pays
min(purse, ρ · utility).

How it is made fast without losing exactness:

- Identical ballots are one group, and each group's purse is known by whole numbers as a lower bound
  and how far it may be off (:class:`~budgeting.tally.purses.Purses`). From them follow a lower and
  an upper bound of every price, in a few passes of numpy over the supporters.
- Purses only shrink, so ρ only grows: the last known bound of a project is kept in a heap, and a
  project is looked at again only when its bound comes to the top.
- The one project that can be the cheapest is priced exactly, from counts of ballots per payment;
  where bounds leave several, all of them are.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

import numpy as np

from .ballots import Flags, Numbers
from .election import Election, VoteType
from .purses import Purses
from .rules import Compat, Rule, Utility
from .ties import TieBreak, TieOrder, UndecidedTieError


@dataclass(frozen=True)
class Backing:
    """The ballot groups that give one project the same points: group numbers and their sizes."""

    points: int
    groups: Numbers
    sizes: Numbers


@dataclass(frozen=True)
class Purchase:
    """One project bought: position, ρ, largest payment, number of capped supporters, tie."""

    project: int
    rho: Fraction
    payment: Fraction
    capped: int
    tie: TieBreak | None


class Bracket(NamedTuple):
    """Bounds of the price of one point, in the unit of the purses' bounds; None: not known."""

    low: int
    high: int | None


@dataclass(frozen=True, eq=False)
class Price:
    """What a project costs its supporters at some moment.

    One with p points pays min(purse, p · ``per_point``), in smallest units; ``scaled`` is the same
    in the unit of the purses' bounds. ``capped`` of them give their whole purse: those of the
    groups ``emptied``, for each :class:`Backing`.
    """

    per_point: Fraction
    scaled: Fraction
    capped: int
    emptied: tuple[Flags, ...]


class Contest:
    """What stays the same in all runs of one count: who supports what, and the first bounds."""

    def __init__(
        self, election: Election, standing: Sequence[int], rule: Rule, order: TieOrder
    ) -> None:
        self.election = election
        self.order = order
        self.costs = [project.cost for project in election.projects]
        self.sizes: Numbers = election.arrays.counts
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
        self.weights = {
            index: sum(part.points * int(part.sizes.sum()) for part in self.backings[index])
            for index in self.supported
        }

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
        self.purses = Purses(contest.election, per_ballot)
        self.purchases: list[Purchase] = []
        self.excluded: dict[int, int] = {}
        scale = self.purses.scale
        self.least_prices = {
            index: floor(contest.costs[index] * scale / contest.weights[index])
            for index in contest.supported
        }
        self.bounds = [
            (self._key(index, price), index) for index, price in self.least_prices.items()
        ]
        heapq.heapify(self.bounds)
        self._buy_all()

    @property
    def funded(self) -> tuple[int, ...]:
        """Positions of the funded projects in the order bought."""
        return tuple(purchase.project for purchase in self.purchases)

    def money_behind(self, index: int) -> Fraction:
        """Give what the supporters of a project own together now."""
        parts = self.contest.backings[index]
        owned = sum(self.purses.together(part.groups) for part in parts)
        return Fraction(owned, self.purses.denominator)

    def _key(self, index: int, price: Fraction | int) -> Fraction:
        """Give a price per point as a price per unit of utility."""
        cost = self.contest.costs[index] if self.contest.by_cost else 1
        return Fraction(price, cost) if cost else Fraction(0)

    def _buy_all(self) -> None:
        while True:
            tied = self._cheapest()
            if not tied:
                return
            index, tie = self._settle(sorted(tied))
            for other, price in tied.items():
                if other != index:
                    heapq.heappush(self.bounds, (self._key(other, price.scaled), other))
            self._buy(index, tied[index], tie)

    def _cheapest(self) -> dict[int, Price]:
        """Take from the heap all projects that share the smallest ρ, with their exact prices.

        Bounds leave one project, nearly always; where they leave several, exact prices decide.
        """
        while True:
            close = self._closest()
            if not close:
                return {}
            prices = {
                index: price
                for index, bracket in close.items()
                if (price := self._price(index, bracket)) is not None
            }
            keys = {index: self._key(index, price.scaled) for index, price in prices.items()}
            if not keys:
                continue
            best = min(keys.values())
            for index, key in keys.items():
                if key > best:
                    heapq.heappush(self.bounds, (key, index))
            return {index: prices[index] for index, key in keys.items() if key == best}

    def _closest(self) -> dict[int, Bracket]:
        """Take from the heap all projects that may have the smallest ρ, as far as bounds tell."""
        found: dict[int, Bracket] = {}
        least: Fraction | None = None
        while self.bounds and (least is None or self.bounds[0][0] <= least):
            _bound, index = heapq.heappop(self.bounds)
            if index in self.excluded:
                continue
            bracket = self._bracket(index)
            if bracket is None:
                continue  # purses only shrink: it can never be paid for
            found[index] = bracket
            if bracket.high is not None:
                highest = self._key(index, bracket.high)
                least = highest if least is None else min(least, highest)
        if least is None:
            return found
        close = {}
        for index, bracket in found.items():
            lowest = self._key(index, bracket.low)
            if lowest <= least:
                close[index] = bracket
            else:
                heapq.heappush(self.bounds, (lowest, index))
        return close

    def _bracket(self, index: int) -> Bracket | None:
        """Bound the price of a project at the present purses; None when nobody can pay for it.

        At price π its supporters raise f(π) = Σ min(purse, π · points), which must reach the cost.
        For any division of them into poor and rich, f(π) ≤ Σ purses of the poor + π · Σ points of
        the rich; so (cost - Σ purses of the poor) / Σ points of the rich is never above the price.
        A price is not below it once f of it reaches the cost with the least the purses may hold.
        """
        purses = self.purses
        cost = self.contest.costs[index] * purses.scale
        least_cost, most_cost = floor(cost), ceil(cost)
        behind = [
            (part.points, purses.least[part.groups], part.sizes)
            for part in self.contest.backings[index]
        ]
        low = self.least_prices[index]
        while True:
            raised, poor, rich = _raised(behind, low, purses.most)
            rest = least_cost - raised
            hidden = purses.error * poor
            if rich == 0:
                return None if rest > hidden else Bracket(low, None)
            better = (rest - hidden) // rich
            if better <= low:
                break
            low = better
        self.least_prices[index] = high = low
        while high * rich < most_cost - raised:
            high = -((raised - most_cost) // rich)
            raised, _poor, rich = _raised(behind, high, purses.most)
            if rich == 0:
                return Bracket(low, high if raised >= most_cost else None)
        return Bracket(low, high)

    def _price(self, index: int, bracket: Bracket) -> Price | None:
        """Price a project exactly; None when its supporters cannot pay for it.

        Who certainly gives the whole purse, and who certainly does not, follows from the bracket;
        the others are asked one by one, the poorest for their points first.
        """
        purses = self.purses
        parts = self.contest.backings[index]
        high = purses.most if bracket.high is None else bracket.high
        weight = self.contest.weights[index]
        emptied, doubtful, capped = [], [], 0
        for part in parts:
            least = purses.least[part.groups]
            below = least < min(bracket.low * part.points - purses.error, purses.most)
            unsure = (least < min(high * part.points, purses.most)) & ~below
            emptied.append(below)
            doubtful.append(unsure)
            count = int(part.sizes[below].sum())
            capped += count
            weight -= count * part.points
        poor = [part.groups[below] for part, below in zip(parts, emptied, strict=True)]
        rest = self.contest.costs[index] * purses.denominator
        rest -= purses.together(np.concatenate(poor))
        asked = [
            purses.each(part.groups[unsure]) for part, unsure in zip(parts, doubtful, strict=True)
        ]
        classes: dict[tuple[int, int], int] = {}
        for part, unsure, owned in zip(parts, doubtful, asked, strict=True):
            for purse, size in zip(owned, part.sizes[unsure].tolist(), strict=True):
                found = purse, part.points
                classes[found] = classes.get(found, 0) + size
        for purse, points in sorted(classes, key=lambda found: Fraction(*found)):
            if purse * weight >= rest * points:
                break
            count = classes[purse, points]
            rest -= purse * count
            weight -= points * count
            capped += count
        if weight == 0:
            return None
        for part, below, unsure, owned in zip(parts, emptied, doubtful, asked, strict=True):
            below[unsure] = [purse * weight < rest * part.points for purse in owned]
        per_point = Fraction(rest, weight * purses.denominator)
        return Price(per_point, per_point * purses.scale, capped, tuple(emptied))

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
        rho = self._key(index, price.per_point)
        self.purchases.append(Purchase(index, rho, payment, price.capped, tie))
        for rival in self.contest.election.rivals.get(index, ()):
            self.excluded.setdefault(rival, index)
        if price.per_point:
            self.purses.pay(index, price.per_point)
            for part, emptied in zip(self.contest.backings[index], price.emptied, strict=True):
                self.purses.collect(part.groups, emptied, price.per_point * part.points)

    def _largest_payment(self, index: int, price: Price) -> Fraction:
        """Give the most any one supporter pays, in smallest units."""
        purses = self.purses
        # Those with most points first: who pays in full pays more than anybody with fewer points.
        behind = list(zip(self.contest.backings[index], price.emptied, strict=True))
        whole_purses = []
        # A price is one that somebody pays without giving the whole purse, so this ends.
        while behind[-1][1].all():
            part, _emptied = behind.pop()
            whole_purses.append(part.groups)
        largest = price.per_point * behind[-1][0].points
        if not whole_purses:
            return largest
        groups = np.concatenate(whole_purses)
        least = purses.least[groups]
        richest = groups[least + purses.error >= least.max()]
        return max(largest, Fraction(max(purses.each(richest)), purses.denominator))


def _raised(
    behind: Sequence[tuple[int, Numbers, Numbers]], price: int, most: int
) -> tuple[int, int, int]:
    """Give what those too poor for a price raise, how many they are, and the points of the rest."""
    raised, poor, rich = 0, 0, 0
    for points, least, sizes in behind:
        below = least < min(price * points, most)
        few = sizes * below
        raised += int(np.dot(few, least))
        count = int(few.sum())
        poor += count
        rich += (int(sizes.sum()) - count) * points
    return raised, poor, rich
