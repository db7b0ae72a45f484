"""What a count gives back: who is funded in which order, why, and why not the others.

Everything is plain data with a JSON form: money in smallest units, exact rationals as ``p/q``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from .overrides import Override
from .rules import Rule, ratio
from .ties import Draw, TieBreak


class Reason(StrEnum):
    """Why a project is not funded. Its details, by reason:

    - ``withdrawn``: none
    - ``below-minimum``: votes, needed
    - ``not-eligible``: votes, needed (least votes that pass the condition)
    - ``no-supporter``: none
    - ``did-not-fit``: remaining, missing
    - ``stopped``: after (id of the project at which the count ended)
    - ``money-short``: supporters, had, missing, per_ballot (what each ballot owned)
    - ``rival-funded``: rival (id)
    - ``free``: none (it costs nothing, and the habit of equalshares.net never funds such a project)
    """

    WITHDRAWN = "withdrawn"
    BELOW_MINIMUM = "below-minimum"
    NOT_ELIGIBLE = "not-eligible"
    NO_SUPPORTER = "no-supporter"
    DID_NOT_FIT = "did-not-fit"
    STOPPED = "stopped"
    MONEY_SHORT = "money-short"
    RIVAL_FUNDED = "rival-funded"
    FREE = "free"


Detail = int | Fraction | str


@dataclass(frozen=True)
class NotFunded:
    """One project that got nothing, with the figures behind the reason."""

    project: str
    reason: Reason
    details: Mapping[str, Detail] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Give the reason and its details flat in one object."""
        return {"project": self.project, "reason": self.reason.value, **_plain(self.details)}


@dataclass(frozen=True)
class RunnerUp:
    """Who would have come next at a step, and at what.

    ``figure``, in smallest units: the price ρ of one unit of utility (Equal Shares), the time at
    which it could be paid for (Phragmén).
    """

    project: str
    figure: Fraction

    def to_json(self) -> dict[str, str]:
        """Give the project and its exact figure."""
        return {"project": self.project, "figure": ratio(self.figure)}


@dataclass(frozen=True)
class GreedyStep:
    """One project funded by greedy: ``left`` is what remains after it (below 0 by the excess).

    ``passed`` were considered since the step before and not funded, in this order; ``runner_up`` is
    the next in order after this one.
    """

    project: str
    cost: int
    votes: int
    left: int
    partial: bool = False
    tie: TieBreak | None = None
    passed: tuple[str, ...] = ()
    runner_up: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the step as an object with ``kind`` greedy."""
        plain = {"project": self.project, "cost": self.cost, "votes": self.votes, "left": self.left}
        considered = {"passed": list(self.passed), "runner_up": self.runner_up}
        return {
            "kind": "greedy",
            **plain,
            "partial": self.partial,
            "tie": _tie(self.tie),
            **considered,
        }


@dataclass(frozen=True)
class Payers:
    """Supporters alike: what each owned before, what each paid, how many ballots they are."""

    owned: Fraction
    paid: Fraction
    ballots: int

    def to_json(self) -> list[str | int]:
        """Give the three figures as a list."""
        return [ratio(self.owned), ratio(self.paid), self.ballots]


@dataclass(frozen=True)
class Dropped:
    """A project whose supporters together own ``had``, from now on less than it costs."""

    project: str
    had: Fraction

    def to_json(self) -> dict[str, str]:
        """Give the project and what its supporters have left."""
        return {"project": self.project, "had": ratio(self.had)}


PAYERS_SHOWN = 12
"""A step lists its payers while they are at most so many kinds."""


@dataclass(frozen=True)
class SharesStep:
    """One project bought in Equal Shares.

    ``rho`` is the price of one unit of utility; ``payment`` the largest payment of a supporter, in
    smallest units; ``effective_votes`` = cost / payment (None for a project that costs nothing);
    ``supporters`` the ballots with utility above 0, ``capped`` those of them who gave all they had
    left although it was less than their full price.

    What was considered is filled in by :func:`~budgeting.tally.replaying.detailed`: the
    ``runner_up`` with its price at this moment, ``payers`` from those who paid most down (empty
    when they are more than :data:`PAYERS_SHOWN` kinds), and the projects that ``dropped`` out when
    these payments were made.
    """

    project: str
    cost: int
    votes: int
    effective_votes: Fraction | None
    rho: Fraction
    payment: Fraction
    supporters: int
    capped: int
    tie: TieBreak | None = None
    runner_up: RunnerUp | None = None
    payers: tuple[Payers, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the step as an object with ``kind`` equalshares."""
        return {
            "kind": "equalshares",
            "project": self.project,
            "cost": self.cost,
            "votes": self.votes,
            "effective_votes": None
            if self.effective_votes is None
            else ratio(self.effective_votes),
            "rho": ratio(self.rho),
            "payment": ratio(self.payment),
            "supporters": self.supporters,
            "capped": self.capped,
            "tie": _tie(self.tie),
            "runner_up": self.runner_up and self.runner_up.to_json(),
            "payers": [item.to_json() for item in self.payers],
            "dropped": [item.to_json() for item in self.dropped],
        }


@dataclass(frozen=True)
class Savers:
    """Ballots that last paid at the same step, with their number.

    ``since`` is the place of that step in the trace, from 1; 0 for those who never paid. Each of
    them pays what flowed in since: the time of this step less the time of that one.
    """

    since: int
    ballots: int

    def to_json(self) -> list[int]:
        """Give both numbers as a list."""
        return [self.since, self.ballots]


@dataclass(frozen=True)
class PhragmenStep:
    """One project bought in sequential Phragmén.

    ``time`` is the money each ballot has received since the beginning, in smallest units;
    ``supporters`` together own exactly the cost at that moment and give all of it: ``savers`` says
    how many of them have saved since when. ``left`` is what remains of the budget. ``passed`` could
    be paid earlier, or as early, but cost more than what was left and were dropped.
    """

    project: str
    cost: int
    votes: int
    time: Fraction
    savers: tuple[Savers, ...]
    left: int
    tie: TieBreak | None = None
    runner_up: RunnerUp | None = None
    passed: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the step as an object with ``kind`` phragmen."""
        return {
            "kind": "phragmen",
            "project": self.project,
            "cost": self.cost,
            "votes": self.votes,
            "time": ratio(self.time),
            "savers": [item.to_json() for item in self.savers],
            "left": self.left,
            "tie": _tie(self.tie),
            "runner_up": self.runner_up and self.runner_up.to_json(),
            "passed": list(self.passed),
        }


Step = GreedyStep | SharesStep | PhragmenStep


@dataclass(frozen=True)
class Scan:
    """How the per-ballot money of Equal Shares was found.

    ``runs`` counts all runs, ``kept`` is the run kept (from 0), ``per_ballot`` its money per ballot
    in smallest units, ``ended``: none (no completion), overspend, exhaustive, all-funded or
    no-ballots. ``next_cost`` is the cost of the first outcome above the budget, if one was met.
    """

    runs: int
    kept: int
    per_ballot: Fraction
    ended: str
    next_cost: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the scan as an object."""
        plain = {"runs": self.runs, "kept": self.kept, "per_ballot": ratio(self.per_ballot)}
        return {**plain, "ended": self.ended, "next_cost": self.next_cost}


@dataclass(frozen=True)
class ComparisonResult:
    """How many ballots do better under each rule, and whether greedy replaced Equal Shares."""

    prefer_equal_shares: int
    prefer_greedy: int
    replaced: bool

    def to_json(self) -> dict[str, Any]:
        """Give the comparison as an object."""
        return {
            "prefer_equal_shares": self.prefer_equal_shares,
            "prefer_greedy": self.prefer_greedy,
            "replaced": self.replaced,
        }


@dataclass(frozen=True)
class AreaCount:
    """One area's part of a count: its money, and how many entries of the trace are its own.

    ``available`` is its ``budget`` with what moved in; ``moved_on`` is what it passed on of what it
    did not spend. ``ballots`` share in its money.
    """

    area: str
    budget: int
    available: int
    cost: int
    moved_on: int
    ballots: int
    steps: int
    scan: Scan | None = None
    comparison: ComparisonResult | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the part as an object."""
        return {
            "area": self.area,
            "budget": self.budget,
            "available": self.available,
            "cost": self.cost,
            "moved_on": self.moved_on,
            "ballots": self.ballots,
            "steps": self.steps,
            "scan": None if self.scan is None else self.scan.to_json(),
            "comparison": None if self.comparison is None else self.comparison.to_json(),
        }


@dataclass(frozen=True)
class Outcome:
    """The award: ``winners`` in the order funded, their ``cost``, and how it came about.

    ``excess`` is what projects cost beyond their budget under ``overflow: partial``, else 0.
    ``ballots`` and ``votes`` repeat the totals the count used. Where areas have budgets of their
    own, ``trace`` holds their steps one area after the other, as ``areas`` lists them, and scan
    and comparison stand there. ``overrides`` are decisions recorded beside the rule; those made
    *before* are already in the figures.
    """

    winners: tuple[str, ...]
    cost: int
    budget: int
    scale: int
    currency: str
    ballots: int
    votes: Mapping[str, int]
    rule: Rule
    draw: Draw | None
    trace: tuple[Step, ...]
    not_funded: tuple[NotFunded, ...]
    ties: tuple[TieBreak, ...] = ()
    excess: int = 0
    scan: Scan | None = None
    comparison: ComparisonResult | None = None
    areas: tuple[AreaCount, ...] = ()
    overrides: tuple[Override, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give everything as plain JSON; the same outcome always gives the same object."""
        return {
            "winners": list(self.winners),
            "cost": self.cost,
            "budget": self.budget,
            "excess": self.excess,
            "scale": self.scale,
            "currency": self.currency,
            "ballots": self.ballots,
            "rule": self.rule.to_json(),
            "draw": None if self.draw is None else self.draw.to_json(),
            "votes": dict(self.votes),
            "trace": [step.to_json() for step in self.trace],
            "not_funded": [item.to_json() for item in self.not_funded],
            "ties": [_tie(tie) for tie in self.ties],
            "scan": None if self.scan is None else self.scan.to_json(),
            "comparison": None if self.comparison is None else self.comparison.to_json(),
            "areas": [area.to_json() for area in self.areas],
            "overrides": [override.to_json() for override in self.overrides],
        }


def _tie(tie: TieBreak | None) -> dict[str, Any] | None:
    return None if tie is None else {"projects": list(tie.projects), "decided_by": tie.decided_by}


def _plain(details: Mapping[str, Detail]) -> dict[str, int | str]:
    return {
        key: ratio(value) if isinstance(value, Fraction) else value
        for key, value in details.items()
    }
