"""The figures of each project's story, rounded for reading; exact ones stay in the outcome.

Amounts are whole smallest units: what somebody had or paid at least is rounded down, what was
missing or paid at most is rounded up. Other projects are named by id. By reason:

- funded: ``left`` (of the budget, below 0 by an excess), ``tie`` (``projects``, ``decided_by``, or
  None), ``kind`` of the step and, by kind,
  greedy: ``before``, ``partial``;
  equalshares: ``per_ballot`` (what each ballot owned at first), ``payment`` (the largest),
  ``effective_votes`` (in hundredths; None for a free project), ``supporters``, ``capped``,
  ``left_behind`` (what the supporters had together afterwards);
  phragmen: ``time``, ``payment`` (the largest), ``supporters``;
- below-minimum, not-eligible: ``votes``, ``needed``;
- did-not-fit: ``remaining``, ``missing``;
- stopped: ``after``; rival-funded: ``rival``;
- money-short: ``supporters``, ``had``, ``paid_for_others``, ``missing``, ``per_ballot``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from .areas import parts_of
from .election import Election
from .outcome import GreedyStep, NotFunded, Outcome, PhragmenStep, Reason
from .paying import payments
from .story import FUNDED


@dataclass(frozen=True)
class Figures:
    """What is told of one project; see :class:`budgeting.tally.story.Told`."""

    cost: int
    reason: str
    figures: Mapping[str, Any]
    order_funded: int | None
    votes: int
    supporters: int


def figures_of(election: Election, outcome: Outcome) -> dict[str, Figures]:
    """Give the figures of every project of a count, by id."""
    told: dict[str, tuple[str, dict[str, Any], int | None]] = {}
    for order, (project, figures) in enumerate(_funded(election, outcome), start=1):
        told[project] = FUNDED, figures, order
    for item in outcome.not_funded:
        cost = election.projects[election.position[item.project]].cost
        told[item.project] = item.reason.value, _not_funded(item, cost), None
    return {
        project.id: Figures(project.cost, *told[project.id], votes, mentions)
        for project, votes, mentions in zip(
            election.projects, election.votes, election.mentions, strict=True
        )
    }


def _funded(election: Election, outcome: Outcome) -> Iterator[tuple[str, dict[str, Any]]]:
    if outcome.areas:
        for part, told in parts_of(election, outcome):
            yield from _funded(part.election, told)
        return
    left = outcome.budget
    times = [Fraction(0)]
    for step, payment in zip(outcome.trace, payments(election, outcome), strict=True):
        left -= step.cost
        tie = step.tie
        figures: dict[str, Any] = {
            "left": left,
            "tie": tie and {"projects": list(tie.projects), "decided_by": tie.decided_by},
        }
        if isinstance(step, GreedyStep):
            figures |= {"kind": "greedy", "before": left + step.cost, "partial": step.partial}
        elif isinstance(step, PhragmenStep):
            times.append(step.time)
            figures |= {
                "kind": "phragmen",
                "time": round(step.time),
                "payment": ceil(step.time - min(times[one.since] for one in step.savers)),
                "supporters": step.votes,
            }
        else:
            effective, scan = step.effective_votes, outcome.scan
            figures |= {
                "kind": "equalshares",
                "per_ballot": scan and round(scan.per_ballot),
                "payment": ceil(step.payment),
                "effective_votes": None if effective is None else round(effective * 100),
                "supporters": step.supporters,
                "capped": step.capped,
                "left_behind": int(payment.left or 0),
            }
        yield step.project, figures


def _not_funded(item: NotFunded, cost: int) -> dict[str, Any]:
    details = item.details
    if item.reason is Reason.MONEY_SHORT:
        had = Fraction(details["had"])
        supporters, per_ballot = int(details["supporters"]), Fraction(details["per_ballot"])
        # Rounded so that what is missing is never less than it was.
        return {
            "supporters": supporters,
            "had": int(had),
            "paid_for_others": had < per_ballot * supporters,
            "missing": cost - int(had),
            "per_ballot": round(per_ballot),
        }
    return dict(details)
