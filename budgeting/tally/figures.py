"""The figures of each project's story, rounded for reading; exact ones stay in the outcome.

Amounts are whole smallest units, rounded half up; ``rounded`` names those that were not whole.
Other projects are named by id. By reason:

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
from typing import Any

from .areas import parts_of
from .election import Election
from .money import nearest
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
                "supporters": step.votes,
                **_rounded(
                    time=step.time,
                    payment=step.time - min(times[one.since] for one in step.savers),
                ),
            }
        else:
            effective, scan = step.effective_votes, outcome.scan
            figures |= {
                "kind": "equalshares",
                "effective_votes": None if effective is None else nearest(effective * 100),
                "supporters": step.supporters,
                "capped": step.capped,
                **_rounded(
                    per_ballot=None if scan is None else scan.per_ballot,
                    payment=step.payment,
                    left_behind=payment.left or Fraction(0),
                ),
            }
        yield step.project, figures


def _not_funded(item: NotFunded, cost: int) -> dict[str, Any]:
    details = item.details
    if item.reason is Reason.MONEY_SHORT:
        had = Fraction(details["had"])
        supporters, per_ballot = int(details["supporters"]), Fraction(details["per_ballot"])
        # Rounded so that the two add up to the cost, and that something is missing.
        shown = min(nearest(had), cost - 1)
        figures = _rounded(had=had, missing=cost - had, per_ballot=per_ballot)
        return figures | {
            "supporters": supporters,
            "had": shown,
            "paid_for_others": had < per_ballot * supporters,
            "missing": cost - shown,
        }
    return dict(details)


def _rounded(**amounts: Fraction | None) -> dict[str, Any]:
    """Round amounts, and name those that were not whole."""
    figures: dict[str, Any] = {
        name: None if amount is None else nearest(amount) for name, amount in amounts.items()
    }
    figures["rounded"] = [
        name for name, amount in amounts.items() if amount is not None and amount.denominator != 1
    ]
    return figures
