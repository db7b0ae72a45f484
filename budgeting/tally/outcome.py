"""What a count gives back: who is funded in which order, why, and why not the others.

Everything is plain data with a JSON form: money in smallest units, exact rationals as ``p/q``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

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
    """

    WITHDRAWN = "withdrawn"
    BELOW_MINIMUM = "below-minimum"
    NOT_ELIGIBLE = "not-eligible"
    NO_SUPPORTER = "no-supporter"
    DID_NOT_FIT = "did-not-fit"
    STOPPED = "stopped"
    MONEY_SHORT = "money-short"
    RIVAL_FUNDED = "rival-funded"


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
class GreedyStep:
    """One project funded by greedy: ``left`` is what remains after it (below 0 by the excess)."""

    project: str
    cost: int
    votes: int
    left: int
    partial: bool = False
    tie: TieBreak | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the step as an object with ``kind`` greedy."""
        plain = {"project": self.project, "cost": self.cost, "votes": self.votes, "left": self.left}
        return {"kind": "greedy", **plain, "partial": self.partial, "tie": _tie(self.tie)}


@dataclass(frozen=True)
class SharesStep:
    """One project bought in Equal Shares.

    ``rho`` is the price of one unit of utility; ``payment`` the largest payment of a supporter, in
    smallest units; ``effective_votes`` = cost / payment (None for a project that costs nothing);
    ``supporters`` the ballots with utility above 0, ``capped`` those of them who gave all they had
    left although it was less than their full price.
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
        }


Step = GreedyStep | SharesStep


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
class Outcome:
    """The award: ``winners`` in the order funded, their ``cost``, and how it came about.

    ``excess`` is what the last project costs beyond the budget under ``overflow: partial``, else 0.
    ``ballots`` and ``votes`` repeat the totals the count used.
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
        }


def _tie(tie: TieBreak | None) -> dict[str, Any] | None:
    return None if tie is None else {"projects": list(tie.projects), "decided_by": tie.decided_by}


def _plain(details: Mapping[str, Detail]) -> dict[str, int | str]:
    return {
        key: ratio(value) if isinstance(value, Fraction) else value
        for key, value in details.items()
    }
