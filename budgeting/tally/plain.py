"""Each rule once more, in the plainest exact way, with everything that was considered.

Beside the fast counts this is a second way to the same award: nothing is evaluated lazily, and
every project still open is priced at every step. It serves to replay a trace, and to fill in what
the fast counts leave out. Only ballots are grouped, and supporters who own the same are counted
together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from .election import Election
from .outcome import (
    PAYERS_SHOWN,
    Detail,
    Dropped,
    GreedyStep,
    NotFunded,
    Payers,
    PhragmenStep,
    Reason,
    RunnerUp,
    Savers,
    SharesStep,
    Step,
)
from .rules import Compat, Order, Overflow, Rule, Utility
from .ties import TieBreak, TieOrder, UndecidedTieError

Numbers = npt.NDArray[np.int64]


@dataclass
class PlainResult:
    """Steps in order, reasons of the others, ties met, and the funded positions."""

    steps: list[Step] = field(default_factory=list)
    not_funded: list[NotFunded] = field(default_factory=list)
    ties: list[TieBreak] = field(default_factory=list)
    funded: list[int] = field(default_factory=list)


class _Plain:
    """What all rules share: names, rivals, ties, and the collecting of results."""

    def __init__(self, election: Election, rule: Rule, order: TieOrder) -> None:
        self.election = election
        self.rule = rule
        self.order = order
        self.result = PlainResult()
        self.rival_of: dict[int, int] = {}

    def name(self, index: int) -> str:
        return self.election.projects[index].id

    def cost(self, index: int) -> int:
        return self.election.projects[index].cost

    def leave(self, index: int, reason: Reason, **details: Detail) -> None:
        self.result.not_funded.append(NotFunded(self.name(index), reason, details))

    def exclude_rivals(self, index: int) -> None:
        for rival in self.election.rivals.get(index, ()):
            self.rival_of.setdefault(rival, index)

    def leave_rivals(self, open_ones: set[int]) -> None:
        """Let the open rivals of what has been funded go."""
        for index in sorted(open_ones & set(self.rival_of)):
            open_ones.discard(index)
            rival = self.name(self.rival_of[index])
            self.leave(index, Reason.RIVAL_FUNDED, rival=rival)

    def first_of(self, tied: Sequence[int]) -> tuple[int, TieBreak | None]:
        """Choose one of equal projects; ``tied`` ascends."""
        if len(tied) == 1:
            return tied[0], None
        try:
            first, decided_by = self.order.first(tied)
        except UndecidedTieError:
            first, decided_by = tied[0], "any-order"
        others = (index for index in tied if index != first)
        tie = TieBreak(tuple(self.name(index) for index in (first, *others)), decided_by)
        self.result.ties.append(tie)
        return first, tie


def plain_greedy(
    election: Election,
    standing: Sequence[int],
    rule: Rule,
    order: TieOrder,
    funded_before: Sequence[int] = (),
) -> PlainResult:
    """Count greedily; ``funded_before`` are paid from the same budget already."""
    return _PlainGreedy(election, rule, order).run(standing, funded_before)


class _PlainGreedy(_Plain):
    def run(self, standing: Sequence[int], funded_before: Sequence[int]) -> PlainResult:
        left = self.election.budget - sum(map(self.cost, funded_before))
        for index in funded_before:
            self.exclude_rivals(index)
        ended_at: int | None = None
        passed: list[str] = []
        sequence: list[str] = []
        open_ones = [index for index in standing if index not in set(funded_before)]
        while open_ones:
            equal, tie = self._best(open_ones, decide=ended_at is None)
            for index in equal:
                open_ones.remove(index)
                sequence.append(self.name(index))
                cost = self.cost(index)
                enough = self.rule.partial_share * cost
                partial = self.rule.overflow is Overflow.PARTIAL and cost > left >= enough
                if index in self.rival_of:
                    rival = self.name(self.rival_of[index])
                    self.leave(index, Reason.RIVAL_FUNDED, rival=rival)
                elif ended_at is not None:
                    self.leave(index, Reason.STOPPED, after=self.name(ended_at))
                elif cost <= left or partial:
                    left -= cost
                    votes = self.election.votes[index]
                    step = GreedyStep(self.name(index), cost, votes, left, partial, tie)
                    self.result.steps.append(replace(step, passed=tuple(passed)))
                    self.result.funded.append(index)
                    self.exclude_rivals(index)
                    passed = []
                    ended_at = index if partial else None
                    continue
                else:
                    self.leave(index, Reason.DID_NOT_FIT, remaining=left, missing=cost - left)
                    if self.rule.overflow is not Overflow.SKIP:
                        ended_at = index
                passed.append(self.name(index))
        following = dict(pairwise(sequence))
        self.result.steps = [
            replace(step, runner_up=following.get(step.project))
            for step in self.result.steps
            if isinstance(step, GreedyStep)
        ]
        return self.result

    def _best(self, open_ones: Sequence[int], *, decide: bool) -> tuple[list[int], TieBreak | None]:
        """Give the best of the open projects, in the order in which they are taken."""
        keys = {index: self._key(index) for index in open_ones}
        best = min(keys.values())
        equal = [index for index in open_ones if keys[index] == best]
        if not decide or sum(1 for index in equal if index not in self.rival_of) < 2:
            return equal, None
        try:
            equal, decided_by = self.order.sort(equal)
        except UndecidedTieError:
            decided_by = "any-order"
        tie = TieBreak(tuple(map(self.name, equal)), decided_by)
        self.result.ties.append(tie)
        return equal, tie

    def _key(self, index: int) -> tuple[int, Fraction]:
        votes, cost = self.election.votes[index], self.cost(index)
        if self.rule.order is Order.VOTES:
            return 0, Fraction(-votes)
        return (1, Fraction(-votes, cost)) if cost else (0, Fraction(-votes))


@dataclass(frozen=True)
class _Price:
    """ρ, and the full payment per point, both in smallest units."""

    rho: Fraction
    per_point: Fraction


@dataclass(frozen=True)
class _Class:
    """Supporters alike: what each owns, the points each gives, how many they are."""

    owned: int
    points: int
    count: int


def plain_shares(
    election: Election,
    standing: Sequence[int],
    rule: Rule,
    order: TieOrder,
    per_ballot: Fraction,
) -> PlainResult:
    """Make one run of Equal Shares in which each ballot owns ``per_ballot`` smallest units."""
    return _PlainShares(election, rule, order, per_ballot).run(standing)


class _PlainShares(_Plain):
    def __init__(
        self, election: Election, rule: Rule, order: TieOrder, per_ballot: Fraction
    ) -> None:
        super().__init__(election, rule, order)
        self.per_ballot = per_ballot
        # What a group owns = purses[place[group]] / unit; purses ascend and differ.
        self.unit = per_ballot.denominator
        self.purses = [per_ballot.numerator]
        self.sizes = np.array([group.count for group in election.ballots], dtype=np.int64)
        self.place: Numbers = np.zeros(len(election.ballots), dtype=np.int64)
        self.backing = _backing(election)
        self.prices: dict[int, _Price] = {}

    def run(self, standing: Sequence[int]) -> PlainResult:
        open_ones: set[int] = set()
        never: dict[int, Reason] = {}
        for index in standing:
            if not self.backing[index]:
                never[index] = Reason.NO_SUPPORTER
            elif self.rule.compat is Compat.EQUALSHARES_NET and not self.cost(index):
                never[index] = Reason.FREE
            else:
                open_ones.add(index)
        out_of_money: set[int] = set()
        self._price_all(open_ones, out_of_money)
        while open_ones:
            prices = self.prices
            rho = min(prices[index].rho for index in open_ones)
            tied = sorted(index for index in open_ones if prices[index].rho == rho)
            index, tie = self.first_of(tied)
            open_ones.discard(index)
            self.exclude_rivals(index)
            self.leave_rivals(open_ones)
            self.leave_rivals(out_of_money)
            after = [(prices[other].rho, other) for other in open_ones if other not in tied]
            runner_up = min(after, default=None)
            step = self._buy(index, prices[index], tie)
            dropped = self._price_all(open_ones, out_of_money)
            step = replace(
                step,
                runner_up=runner_up and RunnerUp(self.name(runner_up[1]), runner_up[0]),
                dropped=dropped,
            )
            self.result.steps.append(step)
            self.result.funded.append(index)
        self.leave_rivals(others := set(never))
        for index in sorted(others):
            self.leave(index, never[index])
        for index in sorted(out_of_money):
            had = self._money_behind(index)
            self.leave(
                index,
                Reason.MONEY_SHORT,
                supporters=sum(item.count for item in self._classes(index)),
                had=had,
                missing=self.cost(index) - had,
                per_ballot=self.per_ballot,
            )
        return self.result

    def _price_all(self, open_ones: set[int], out_of_money: set[int]) -> tuple[Dropped, ...]:
        """Price the open projects; those whose supporters have too little drop out."""
        dropped = []
        for index in sorted(open_ones):
            price = self._price(index)
            if price is not None:
                self.prices[index] = price
            else:
                open_ones.discard(index)
                out_of_money.add(index)
                dropped.append(Dropped(self.name(index), self._money_behind(index)))
        return tuple(dropped)

    def _classes(self, index: int) -> list[_Class]:
        found = []
        for points, groups in self.backing[index].items():
            # Counts are whole numbers below 2**53, so numpy's float sums of them are exact.
            counts = np.bincount(self.place[groups], weights=self.sizes[groups])
            for place in np.flatnonzero(counts).tolist():
                found.append(_Class(self.purses[place], points, int(counts[place])))
        return found

    def _money_behind(self, index: int) -> Fraction:
        return Fraction(sum(item.owned * item.count for item in self._classes(index)), self.unit)

    def _price(self, index: int) -> _Price | None:
        classes = self._classes(index)
        if len(self.backing[index]) > 1:
            classes.sort(key=lambda item: Fraction(item.owned, item.points))
        rest = self.cost(index) * self.unit
        weight = sum(item.points * item.count for item in classes)
        for item in classes:
            if item.owned * weight >= rest * item.points:
                per_point = Fraction(rest, weight * self.unit)
                by_cost = self.rule.utility is Utility.COST and self.cost(index)
                return _Price(per_point / self.cost(index) if by_cost else per_point, per_point)
            rest -= item.owned * item.count
            weight -= item.points * item.count
        return None

    def _buy(self, index: int, price: _Price, tie: TieBreak | None) -> SharesStep:
        classes = self._classes(index)
        payers: dict[tuple[Fraction, Fraction], int] = {}
        capped = 0
        for item in classes:
            owned = Fraction(item.owned, self.unit)
            full = price.per_point * item.points
            capped += item.count if owned < full else 0
            pair = owned, min(owned, full)
            payers[pair] = payers.get(pair, 0) + item.count
        payment = max(paid for _owned, paid in payers)
        shown = sorted(payers, key=lambda pair: (-pair[1], -pair[0]))
        if len(shown) > PAYERS_SHOWN:
            shown = []
        self._pay(index, price)
        cost = self.cost(index)
        return SharesStep(
            project=self.name(index),
            cost=cost,
            votes=self.election.votes[index],
            effective_votes=cost / payment if payment else None,
            rho=price.rho,
            payment=payment,
            supporters=sum(item.count for item in classes),
            capped=capped,
            tie=tie,
            payers=tuple(Payers(owned, paid, payers[owned, paid]) for owned, paid in shown),
        )

    def _pay(self, index: int, price: _Price) -> None:
        if not price.per_point:
            return
        due = price.per_point * self.unit
        factor = due.denominator
        owned = [purse * factor for purse in self.purses]
        self.unit *= factor
        kinds = len(owned)
        # A number for each pair of purse and points paid (0: does not pay), then one per new purse.
        levels = list(self.backing[index])
        pair = self.place.copy()
        for level, (_points, groups) in enumerate(self.backing[index].items(), start=1):
            pair[groups] += level * kinds
        present, numbers = np.unique(pair, return_inverse=True)
        left = []
        for number in present.tolist():
            level, place = divmod(number, kinds)
            points = levels[level - 1] if level else 0
            left.append(max(0, owned[place] - due.numerator * points))
        self.purses = sorted(set(left))
        at = {purse: place for place, purse in enumerate(self.purses)}
        self.place = np.array([at[purse] for purse in left], dtype=np.int64)[numbers]


def _backing(election: Election) -> list[dict[int, Numbers]]:
    """For each project, by the points above 0 they give it: the groups of its supporters."""
    found: list[dict[int, list[int]]] = [{} for _project in election.projects]
    for number, group in enumerate(election.ballots):
        for index, points in election.scores(group):
            if points > 0:
                found[index].setdefault(points, []).append(number)
    return [
        {points: np.array(groups, dtype=np.int64) for points, groups in sorted(by_points.items())}
        for by_points in found
    ]


def plain_phragmen(
    election: Election, standing: Sequence[int], rule: Rule, order: TieOrder
) -> PlainResult:
    """Count by sequential Phragmén."""
    return _PlainPhragmen(election, rule, order).run(standing)


class _PlainPhragmen(_Plain):
    def run(self, standing: Sequence[int]) -> PlainResult:
        left = self.election.budget
        self.sizes = np.array([group.count for group in self.election.ballots], dtype=np.int64)
        self.backing = [by_points.get(1) for by_points in _backing(self.election)]
        self.since: Numbers = np.zeros(len(self.sizes), dtype=np.int64)
        self.times = [Fraction(0)]
        open_ones = set()
        for index in standing:
            if self.backing[index] is None:
                self.leave(index, Reason.NO_SUPPORTER)
            elif self.cost(index) > left:
                self._does_not_fit(index, left)
            else:
                open_ones.add(index)
        passed: list[str] = []
        while open_ones:
            times = {index: self._payable(index) for index in open_ones}
            time = min(times.values())
            tied = sorted(index for index in open_ones if times[index] == time)
            too_dear = [index for index in tied if self.cost(index) > left]
            if self.rule.compat is Compat.PABUTOOLS and too_dear:
                for index in too_dear:
                    open_ones.discard(index)
                    self._does_not_fit(index, left)
                self._stop(open_ones, too_dear[0])
                break
            index, tie = self.first_of(tied)
            open_ones.discard(index)
            if self.cost(index) > left:
                self._does_not_fit(index, left)
                if self.rule.overflow is Overflow.STOP:
                    self._stop(open_ones, index)
                    break
                passed.append(self.name(index))
                continue
            left -= self.cost(index)
            self.exclude_rivals(index)
            self.leave_rivals(open_ones)
            after = [(times[other], other) for other in open_ones if other not in tied]
            runner_up = min(after, default=None)
            step = PhragmenStep(
                project=self.name(index),
                cost=self.cost(index),
                votes=self.election.votes[index],
                time=time,
                savers=tuple(Savers(at, count) for at, count in self._savers(index)),
                left=left,
                tie=tie,
                runner_up=runner_up and RunnerUp(self.name(runner_up[1]), runner_up[0]),
                passed=tuple(passed),
            )
            passed = []
            self.result.steps.append(step)
            self.result.funded.append(index)
            self.times.append(time)
            self.since[self.backing[index]] = len(self.times) - 1
        return self.result

    def _savers(self, index: int) -> list[tuple[int, int]]:
        groups = self.backing[index]
        counts = np.bincount(self.since[groups], weights=self.sizes[groups])
        return [(at, int(count)) for at, count in enumerate(counts.tolist()) if count]

    def _payable(self, index: int) -> Fraction:
        spent = sum((self.times[at] * count for at, count in self._savers(index)), Fraction(0))
        return (self.cost(index) + spent) / self.election.votes[index]

    def _does_not_fit(self, index: int, left: int) -> None:
        self.leave(index, Reason.DID_NOT_FIT, remaining=left, missing=self.cost(index) - left)

    def _stop(self, open_ones: set[int], last: int) -> None:
        for index in sorted(open_ones):
            self.leave(index, Reason.STOPPED, after=self.name(last))
