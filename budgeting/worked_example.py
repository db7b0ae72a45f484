"""How money is assigned, on six ballots that anybody can follow with a pencil.

The award is not written here: the count computes it by the rule of the scope, like a real one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from home.money import format_money

from .tally.count import count
from .tally.election import Election, VoteType, group_ballots
from .tally.election import Project as TallyProject
from .tally.money import nearest
from .tally.outcome import NotFunded, Outcome, PhragmenStep, Reason, SharesStep, Step
from .tally.rules import Areas, Eligibility, Method, Rule, RuleError, Ties

BUDGET = 12_000_00
# Identifier and cost in hundredths; then what each of six people votes for, by position.
COSTS = {"A": 6_000_00, "B": 5_000_00, "C": 4_000_00, "D": 3_000_00}
BALLOTS = ((0, 1), (0, 1), (0, 1), (0,), (2, 3), (2, 3))


@dataclass(frozen=True)
class Line:
    """One project of the example: what it costs, who voted for it, what became of it and why."""

    title: str
    cost: str
    votes: int
    is_funded: bool
    reason: str


@dataclass(frozen=True)
class Example:
    """The example in words: six ballots, then the projects in the order of the award."""

    budget: str
    ballots: list[str]
    lines: list[Line]
    left: str


def worked_example(award_rule: Mapping[str, Any], currency: str) -> Example | None:
    """Return the example counted by an award rule; None where the rule is not complete.

    Minimum votes are left out: they are meant for more than six ballots.
    """
    outcome = _count(json.dumps(award_rule, sort_keys=True))
    if outcome is None:
        return None

    def money(cents: int) -> str:
        return format_money(cents, currency)

    titles = {"A": _("Playground"), "B": _("Cycle racks"), "C": _("Benches"), "D": _("Fountain")}
    names = list(COSTS)
    lines = [
        Line(
            titles[step.project],
            money(step.cost),
            outcome.votes[step.project],
            True,
            _step_words(step, money),
        )
        for step in outcome.trace
    ]
    lines += [
        Line(
            titles[lost.project],
            money(COSTS[lost.project]),
            outcome.votes[lost.project],
            False,
            _lost_words(lost, money),
        )
        for lost in sorted(outcome.not_funded, key=lambda lost: -outcome.votes[lost.project])
    ]
    return Example(
        budget=money(BUDGET),
        ballots=[", ".join(titles[names[each]] for each in ballot) for ballot in BALLOTS],
        lines=lines,
        left=money(max(0, BUDGET - outcome.cost)),
    )


@lru_cache(maxsize=64)
def _count(award_rule: str) -> Outcome | None:
    try:
        rule = Rule.from_json(json.loads(award_rule))
    except RuleError:
        return None
    # Six ballots have no draw; the order of the list stands in for it.
    rule = replace(
        rule,
        min_votes=0,
        min_share=Rule(Method.GREEDY).min_share,
        eligibility=Eligibility.NONE,
        ties=Ties.COST,
        areas=Areas.NONE,
    )
    election = Election(
        projects=tuple(TallyProject(id=name, cost=cost) for name, cost in COSTS.items()),
        ballots=group_ballots(VoteType.APPROVAL, [(ballot, ()) for ballot in BALLOTS]),
        vote_type=VoteType.APPROVAL,
        budget=BUDGET,
        scale=2,
    )
    return count(election, rule)


def _step_words(step: Step, money: Any) -> str:
    if isinstance(step, SharesStep):
        return _("its %(voters)s voters pay it with their shares, at most %(payment)s each") % {
            "voters": step.supporters,
            "payment": money(nearest(step.payment)),
        }
    if isinstance(step, PhragmenStep):
        return _("its %(voters)s voters can pay it first, with what has come to each of them") % {
            "voters": step.votes
        }
    if step.partial:
        return _("enough of its cost is left: it is funded, and the count ends")
    return _("there is money for it; then %(left)s are left") % {"left": money(step.left)}


def _lost_words(lost: NotFunded, money: Any) -> str:
    match lost.reason:
        case Reason.DID_NOT_FIT:
            return _("only %(left)s are left") % {"left": money(int(lost.details["remaining"]))}
        case Reason.MONEY_SHORT:
            return _("its voters have %(had)s left in all") % {
                "had": money(round(lost.details["had"]))  # type: ignore[arg-type]
            }
        case Reason.STOPPED:
            return _("the count had ended")
    return _("nobody could pay for it")
