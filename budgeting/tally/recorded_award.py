"""Why a recorded award differs from a recount, as far as the figures tell it.

The official list is walked through in the order of a greedy rule: what was left of the budget at
each project's turn says whether the rule would have funded it there. What the figures cannot tell
gets no cause. Other rules have no such walk: there only the totals speak.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from .rules import Method, Order, Overflow, Rule


class Cause(StrEnum):
    """What the figures say about one project on which the two awards differ.

    Only counted: ``passed-over``: its turn came and it fitted, the data do not say why it was left
    out; ``equal``: it is level with a project that the official list took first; ``no-room``: the
    official list had less left at its turn than it costs; ``after-end``: by the rule the official
    list had ended. Only official: ``room``: the official list had enough left, the count had not;
    ``overdrawn``: the official list had less left than it costs; ``beyond-end``: by the rule that
    list had ended; ``left-out``: the count leaves it out from the start. Where no walk is possible:
    ``unspent``: what the official award left over would have paid it; ``would-exceed``: it would
    not.
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
    """The cause for one project.

    ``left`` is what the official list had left at its turn (under ``unspent`` and ``would-exceed``
    at the end), ``ours`` what the count had left there, where it was reached. ``other`` is the
    project it is level with, or the next one of the official list after one passed over.
    """

    cause: Cause
    left: int
    ours: int | None = None
    other: Hashable | None = None


@dataclass(frozen=True)
class Differences:
    """All that can be said; ``excess``: by how much the official award exceeds the budget.

    ``rest_follows``: without the projects passed over, and with the official order between equals,
    the rule gives exactly the official award, so every other difference follows from those.
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

    Entries level with one another stand in the order in which the count takes them.
    """
    cost = sum(entry.cost for entry in entries if entry.official)
    if all(entry.counted == entry.official for entry in entries):
        return Differences()
    excess = max(0, cost - budget)
    if rule.method is not Method.GREEDY:
        found = dict(_by_totals(entries, budget - cost))
        return Differences(True, found, excess)
    found = dict(_Walk(entries, rule, budget).findings())
    beyond = {Cause.OVERDRAWN, Cause.BEYOND_END}
    if rule.overflow is Overflow.PARTIAL and not any(
        each.cause in beyond for each in found.values()
    ):
        excess = 0  # such a rule goes beyond the budget by itself
    return Differences(True, found, excess, _rest_follows(entries, found, rule, budget))


def _by_totals(entries: Sequence[Entry], left: int) -> Iterator[tuple[Hashable, Finding]]:
    for entry in entries:
        if entry.official and not entry.counted and not entry.stands:
            yield entry.key, Finding(Cause.LEFT_OUT, left)
        elif entry.counted and not entry.official and not entry.elsewhere:
            fits = entry.cost <= left
            yield entry.key, Finding(Cause.UNSPENT if fits else Cause.WOULD_EXCEED, left)


class _Purse:
    """What one list has left on its way through the projects, and whether its count has ended."""

    def __init__(self, rule: Rule, budget: int) -> None:
        self.rule = rule
        self.left = budget
        self.ended = False

    def takes(self, cost: int) -> bool:
        """Say whether the rule funds a project of this cost now."""
        if self.ended:
            return False
        partial = self.rule.overflow is Overflow.PARTIAL
        return cost <= self.left or (partial and self.left >= self.rule.partial_share * cost)

    def go_on(self, entry: Entry, *, funded: bool) -> None:
        """Pass a project, funded or not."""
        # One passed over without a known reason is taken for excluded: it ends nothing.
        is_last = entry.stands and entry.cost > self.left and (funded or not self.takes(entry.cost))
        if is_last and self.rule.overflow is not Overflow.SKIP:
            self.ended = True
        if funded:
            self.left -= entry.cost


class _Walk:
    """Both lists, side by side, in the order of the rule."""

    def __init__(self, entries: Sequence[Entry], rule: Rule, budget: int) -> None:
        self.levels = _levels(entries, rule)
        self.official = _Purse(rule, budget)
        self.ours = _Purse(rule, budget)

    def findings(self) -> Iterator[tuple[Hashable, Finding]]:
        for number, level in enumerate(self.levels):
            before = self.official.left, self.official.ended, self.ours.left, self.ours.ended
            ours = {}
            for entry in level:
                ours[entry.key] = self.ours.left, self.ours.ended, self.ours.takes(entry.cost)
                self.ours.go_on(entry, funded=entry.counted)
            # Which of several equals the official list takes first is told by what it takes.
            for entry in sorted(level, key=lambda entry: not entry.official):
                finding = self._finding(entry, level, before, *ours[entry.key])
                if finding is not None:
                    if finding.cause is Cause.PASSED_OVER:
                        finding = Finding(finding.cause, finding.left, other=self._next(number))
                    yield entry.key, finding
                self.official.go_on(entry, funded=entry.official)

    def _finding(
        self,
        entry: Entry,
        level: Sequence[Entry],
        before: tuple[int, bool, int, bool],
        our_left: int,
        our_end: bool,
        ours_takes: bool,
    ) -> Finding | None:
        left, takes = self.official.left, self.official.takes(entry.cost)
        official_before, official_ended, ours_before, ours_ended = before
        if entry.official and not entry.counted:
            if not entry.stands:
                return Finding(Cause.LEFT_OUT, left)
            mate = next((each.key for each in level if _only_ours(each)), None)
            if mate is not None and takes and not ours_ended and entry.cost <= ours_before:
                return Finding(Cause.EQUAL, left, other=mate)
            if not takes:
                cause = Cause.BEYOND_END if self.official.ended else Cause.OVERDRAWN
                return Finding(cause, left)
            if ours_takes:
                return None
            return Finding(Cause.ROOM, left, None if our_end else our_left)
        if entry.counted and not entry.official and not entry.elsewhere:
            if takes:
                return Finding(Cause.PASSED_OVER, left)
            mate = next((each.key for each in level if _only_official(each)), None)
            if mate is not None and not official_ended and entry.cost <= official_before:
                return Finding(Cause.EQUAL, left, other=mate)
            return Finding(Cause.AFTER_END if self.official.ended else Cause.NO_ROOM, left)
        return None

    def _next(self, number: int) -> Hashable | None:
        """Give the official list's next project of those that the rule ranks lower."""
        lower = (entry for level in self.levels[number + 1 :] for entry in level)
        return next((entry.key for entry in lower if entry.official), None)


def _only_ours(entry: Entry) -> bool:
    return entry.stands and entry.counted and not entry.official


def _only_official(entry: Entry) -> bool:
    return entry.stands and entry.official and not entry.counted


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
    roots = {Cause.PASSED_OVER, Cause.EQUAL}
    causes = {finding.cause for finding in found.values()}
    if not causes & roots or causes <= roots:
        return False
    purse = _Purse(rule, budget)
    for level in _levels(entries, rule):
        for entry in sorted(level, key=lambda entry: not entry.official):
            finding = found.get(entry.key)
            passed = finding is not None and finding.cause is Cause.PASSED_OVER
            if not entry.stands or entry.elsewhere or passed:
                if entry.official:
                    return False
                continue
            funded = purse.takes(entry.cost)
            if funded != entry.official:
                return False
            purse.go_on(entry, funded=funded)
    return True
