"""Why a recorded award differs from a recount, as far as the figures tell it.

The official list is walked through in the order of a greedy rule: what was left of the budget at
each project's turn says whether the rule would have funded it there. What the figures cannot tell
gets no cause. Other rules have no such walk: there only the totals speak.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from .rules import Areas, Method, Order, Overflow, Rule


class Cause(StrEnum):
    """What the figures say about one project on which the two awards differ.

    Either: ``equal``: which of it and a level project comes first decides. Only counted:
    ``passed-over``: its turn came and the rule would have funded it, the data do not say why it was
    left out; ``no-room``: the official list had too little left at its turn; ``after-end``: by the
    rule the official list had ended. Only official: ``room``: the official list had enough left;
    ``overdrawn``: it had too little left; ``beyond-end``: by the rule that list had ended;
    ``left-out``: the count leaves it out from the start. Where no walk is possible: ``unspent``:
    what the official award left over would have paid it; ``would-exceed``: it would not.
    """

    PASSED_OVER = "passed-over"
    EQUAL = "equal"
    NO_ROOM = "no-room"
    AFTER_END = "after-end"
    ROOM = "room"
    OVERDRAWN = "overdrawn"
    BEYOND_END = "beyond-end"
    LEFT_OUT = "left-out"
    UNSPENT = "unspent"
    WOULD_EXCEED = "would-exceed"


class Entry(NamedTuple):
    """A project in both awards; ``cost`` in smallest units, ``votes`` (or points) as counted.

    ``elsewhere``: the city paid for it another way. ``stands``: it takes part in the count.
    """

    key: Hashable
    cost: int
    votes: int
    counted: bool
    official: bool
    elsewhere: bool = False
    stands: bool = True


@dataclass(frozen=True)
class Finding:
    """The cause for one project; an amount is None where the order between equals decides on it.

    ``left`` is what the official list had left at its turn (under ``unspent`` and ``would-exceed``
    at the end). Only under ``room``: ``ours`` is what the count had left there, and ``ours_ended``
    says that the count had ended before it. ``other`` is the project it is level with, or the next
    one of the official list after one passed over.
    """

    cause: Cause
    left: int | None = None
    ours: int | None = None
    ours_ended: bool = False
    other: Hashable | None = None


@dataclass(frozen=True)
class Differences:
    """All that can be said; ``excess``: by how much the official award exceeds the budget.

    It is 0 where the last project that such a rule funds in part explains all of it.
    ``rest_follows``: without the projects passed over (where there are none: with the official
    order between equals) the rule gives exactly the official award, so every other difference
    follows from those.
    """

    differ: bool = False
    by_project: Mapping[Hashable, Finding] = field(default_factory=dict)
    excess: int = 0
    rest_follows: bool = False

    @property
    def passed_over(self) -> tuple[Hashable, ...]:
        """The projects that the data give no reason for leaving out."""
        return tuple(
            key for key, found in self.by_project.items() if found.cause is Cause.PASSED_OVER
        )


def compare_awards(entries: Sequence[Entry], rule: Rule, *, budget: int) -> Differences:
    """Say why the recorded award and the count by ``rule`` differ; money in smallest units.

    A project of which nothing is sure has no finding. With budgets by area nothing but the
    difference itself is told.
    """
    if all(entry.counted == entry.official for entry in entries):
        return Differences()
    if rule.areas is not Areas.NONE:
        return Differences(True)
    cost = sum(entry.cost for entry in entries if entry.official)
    excess = max(0, cost - budget)
    if rule.method is not Method.GREEDY:
        return Differences(True, dict(_by_totals(entries, budget - cost)), excess)
    walk = _Walk(entries, rule, budget)
    found = dict(walk.findings())
    if walk.official.in_part == excess:
        excess = 0
    return Differences(True, found, excess, _rest_follows(entries, found, rule, budget))


def _by_totals(entries: Sequence[Entry], left: int) -> Iterator[tuple[Hashable, Finding]]:
    for entry in entries:
        if entry.official and not entry.counted and not entry.stands:
            yield entry.key, Finding(Cause.LEFT_OUT, left)
        elif _only_ours(entry):
            fits = entry.cost <= left
            yield entry.key, Finding(Cause.UNSPENT if fits else Cause.WOULD_EXCEED, left)


class _Purse:
    """What one list has left on its way through the projects, and whether its count has ended.

    ``in_part``: by how much the project that the rule funded in part exceeded what was left.
    """

    def __init__(self, rule: Rule, budget: int) -> None:
        self.rule = rule
        self.left = budget
        self.ended = False
        self.in_part = 0

    def fits(self, cost: int) -> bool:
        """Say whether all of this cost is left; what costs nothing always fits."""
        return not cost or cost <= self.left

    def takes(self, cost: int) -> bool:
        """Say whether the rule funds a project of this cost now."""
        if self.ended:
            return False
        partial = self.rule.overflow is Overflow.PARTIAL
        return self.fits(cost) or (partial and self.left >= self.rule.partial_share * cost)

    def go_on(self, entry: Entry, *, funded: bool) -> None:
        """Pass a project, funded or not."""
        # One passed over without a known reason is taken for excluded: it ends nothing.
        is_last = not self.fits(entry.cost) and (funded or not self.takes(entry.cost))
        if is_last and entry.stands and self.rule.overflow is not Overflow.SKIP:
            if self.takes(entry.cost):
                self.in_part = entry.cost - self.left
            self.ended = True
        if funded:
            self.left -= entry.cost

    def after(self, funded: Iterable[Entry]) -> _Purse:
        """Give the purse once these have been funded too, the largest last."""
        purse = copy(self)
        for entry in sorted(funded, key=lambda entry: entry.cost):
            purse.go_on(entry, funded=True)
        return purse

    def shuts_out(self, first: Entry, second: Entry) -> bool:
        """Say whether the rule funds the first now, and then no more the second."""
        return self.takes(first.cost) and not self.after([first]).takes(second.cost)


class _Walk:
    """Both lists, side by side, in the order of the rule.

    Nobody knows in which order the city took equals. A cause is told only if it holds in every
    order of them, an amount only if no equal was funded that might have come before.
    """

    def __init__(self, entries: Sequence[Entry], rule: Rule, budget: int) -> None:
        self.rule = rule
        self.levels = _levels(entries, rule)
        self.official = _Purse(rule, budget)
        self.ours = _Purse(rule, budget)
        # The official list may have ended, but not for sure.
        self.may_have_ended = False

    def findings(self) -> Iterator[tuple[Hashable, Finding]]:
        for number, level in enumerate(self.levels):
            official, ours = self.official, self.ours
            self.ours = ours.after(entry for entry in level if entry.counted)
            self.official = official.after(entry for entry in level if entry.official)
            for entry in level:
                if not entry.counted:
                    self.ours.go_on(entry, funded=False)
            self._see_end(level, official)
            for entry in level:
                finding = None
                if _only_official(entry):
                    finding = self._of_the_city(entry, level, official, ours)
                elif _only_ours(entry):
                    finding = self._of_the_count(entry, level, official, ours, number)
                if finding is not None:
                    yield entry.key, finding

    def _see_end(self, level: Sequence[Entry], before: _Purse) -> None:
        """End the official list where one that it did not fund fitted in no order of the equals."""
        if self.rule.overflow is Overflow.SKIP:
            return
        for entry in level:
            if entry.official or not entry.stands:
                continue
            if entry.elsewhere:
                self.may_have_ended |= not self.official.fits(entry.cost)
            elif before.takes(entry.cost):
                self.may_have_ended |= not self.official.takes(entry.cost)
            else:
                self.official.go_on(entry, funded=False)

    def _of_the_city(
        self, entry: Entry, level: Sequence[Entry], before: _Purse, ours: _Purse
    ) -> Finding | None:
        others = [each for each in level if each is not entry]
        left = None if any(each.official for each in others) else before.left
        if not entry.stands:
            return Finding(Cause.LEFT_OUT, left)
        mate = _mate(entry, filter(_only_ours, others), level, before, ours)
        if mate is not None:
            return Finding(Cause.EQUAL, left, other=mate)
        if before.ended:
            return Finding(Cause.BEYOND_END, left)
        if not before.takes(entry.cost):
            return Finding(Cause.OVERDRAWN, left)
        if not before.after(filter(_is_official, others)).takes(entry.cost):
            return None
        unsure = any(each.counted for each in others) or ours.takes(entry.cost) or ours.ended
        return Finding(Cause.ROOM, left, None if unsure else ours.left, ours.ended)

    def _of_the_count(
        self, entry: Entry, level: Sequence[Entry], before: _Purse, ours: _Purse, number: int
    ) -> Finding | None:
        others = [each for each in level if each is not entry]
        left = None if any(each.official for each in others) else before.left
        if before.ended:
            return Finding(Cause.AFTER_END, left)
        mate = _mate(entry, filter(_only_official, others), level, before, ours)
        if mate is not None:
            return Finding(Cause.EQUAL, left, other=mate)
        if not before.takes(entry.cost):
            return Finding(Cause.NO_ROOM, left)
        after = before.after(filter(_is_official, level))
        if not after.takes(entry.cost):
            return None
        if self.rule.overflow is not Overflow.SKIP:
            for each in others:
                ends = each.stands and not each.elsewhere and not after.takes(each.cost)
                if ends and not each.official:
                    return Finding(Cause.EQUAL, left, other=each.key)
        if self.may_have_ended:
            return None
        return Finding(Cause.PASSED_OVER, left, other=self._next(number))

    def _next(self, number: int) -> Hashable | None:
        """Give the official list's next project of those that the rule ranks lower."""
        lower = (entry for level in self.levels[number + 1 :] for entry in level)
        return next((entry.key for entry in lower if entry.official and entry.stands), None)


def _mate(
    entry: Entry, rivals: Iterable[Entry], level: Sequence[Entry], official: _Purse, ours: _Purse
) -> Hashable | None:
    """Give the equal that competes with this one for what both lists had left.

    That is: once those equals are paid that a list funds in any case, either of the two, placed
    first, shuts the other out, in both lists.
    """
    purses = (
        official.after(
            each for each in level if each.official and (each.counted or not each.stands)
        ),
        ours.after(each for each in level if each.counted and not _only_ours(each)),
    )
    for rival in rivals:
        if rival.stands and all(
            purse.shuts_out(entry, rival) and purse.shuts_out(rival, entry) for purse in purses
        ):
            return rival.key
    return None


def _is_official(entry: Entry) -> bool:
    return entry.official


def _only_ours(entry: Entry) -> bool:
    return entry.counted and not entry.official and not entry.elsewhere


def _only_official(entry: Entry) -> bool:
    return entry.official and not entry.counted


def _levels(entries: Sequence[Entry], rule: Rule) -> list[list[Entry]]:
    """Group the projects that the rule ranks alike, the highest first."""

    def rank(entry: Entry) -> tuple[bool, Fraction | int]:
        if rule.order is Order.VOTES:
            return True, -entry.votes
        return (True, Fraction(-entry.votes, entry.cost)) if entry.cost else (False, -entry.votes)

    return [list(level) for _rank, level in groupby(sorted(entries, key=rank), key=rank)]


def _rest_follows(
    entries: Sequence[Entry], found: Mapping[Hashable, Finding], rule: Rule, budget: int
) -> bool:
    roots = {key for key, each in found.items() if each.cause in (Cause.PASSED_OVER, Cause.EQUAL)}
    rest = [each for each in entries if each.counted != each.official and each.key not in roots]
    if not roots or not rest:
        return False
    passed = {key for key in roots if found[key].cause is Cause.PASSED_OVER}
    standing = [entry for entry in entries if entry.stands and entry.key not in passed]
    if any(entry.official and not entry.stands for entry in entries):
        return False
    orders: list[Callable[[Entry], tuple[bool, int]]] = [
        lambda entry: (not entry.official, entry.cost)
    ]
    if passed:  # then the order between equals must not be needed as a reason besides
        orders.append(lambda entry: (entry.official, -entry.cost))
    return all(_gives_the_award(standing, rule, budget, order) for order in orders)


def _gives_the_award(
    standing: Sequence[Entry], rule: Rule, budget: int, order: Callable[[Entry], tuple[bool, int]]
) -> bool:
    """Say whether the rule, with this order between equals, funds what the city funded."""
    purse = _Purse(rule, budget)
    for level in _levels(standing, rule):
        for entry in sorted(level, key=order):
            funded = purse.takes(entry.cost)
            if funded != entry.official:
                return False
            purse.go_on(entry, funded=funded)
    return True
