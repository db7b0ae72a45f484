"""Greedy: fund by votes (or votes per cost), highest first, while the money lasts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from .election import Election
from .outcome import GreedyStep, NotFunded, Reason
from .rules import Order, Overflow, Rule
from .ties import TieBreak, TieOrder, UndecidedTieError


@dataclass(frozen=True)
class GreedyResult:
    """Funded positions in order with their steps, the reasons of the others, and the ties met."""

    funded: tuple[int, ...]
    steps: tuple[GreedyStep, ...]
    not_funded: tuple[NotFunded, ...]
    ties: tuple[TieBreak, ...]


def run_greedy(
    election: Election,
    standing: Sequence[int],
    rule: Rule,
    order: TieOrder,
    *,
    funded_before: Sequence[int] = (),
) -> GreedyResult:
    """Count greedily among the standing positions.

    ``funded_before`` have been paid from the same budget already (completion of Equal Shares) and
    exclude their rivals. Raises :class:`UndecidedTieError` where a tie changes the award.
    """
    return _Greedy(election, rule, order, funded_before).run(standing)


class _Greedy:
    def __init__(
        self, election: Election, rule: Rule, order: TieOrder, funded_before: Sequence[int]
    ) -> None:
        self.election = election
        self.rule = rule
        self.order = order
        self.left = election.budget - sum(election.projects[index].cost for index in funded_before)
        self.done = set(funded_before)
        self.funded: list[int] = []
        self.steps: list[GreedyStep] = []
        self.not_funded: list[NotFunded] = []
        self.ties: list[TieBreak] = []
        self.excluded: dict[int, int] = {}
        for index in funded_before:
            self._exclude_rivals(index)
        self.ended_at: int | None = None
        self.considered: list[int] = []

    def run(self, standing: Sequence[int]) -> GreedyResult:
        for index, tie in self._in_order([index for index in standing if index not in self.done]):
            self.considered.append(index)
            self._consider(index, tie)
        return GreedyResult(
            tuple(self.funded), tuple(self._told_steps()), tuple(self.not_funded), tuple(self.ties)
        )

    def _told_steps(self) -> Iterator[GreedyStep]:
        """Add to each step who was passed over before it and who came next in order."""
        names = [self.election.projects[index].id for index in self.considered]
        first = 0
        for step in self.steps:
            at = names.index(step.project, first)
            following = names[at + 1] if at + 1 < len(names) else None
            yield replace(step, passed=tuple(names[first:at]), runner_up=following)
            first = at + 1

    def _in_order(self, candidates: Sequence[int]) -> Iterator[tuple[int, TieBreak | None]]:
        """Yield candidates best first; ties are settled when they are reached, not before."""
        for _key, group in groupby(sorted(candidates, key=self._rank), key=self._rank):
            equal = list(group)
            if len(equal) == 1:
                yield equal[0], None
                continue
            tie = None
            live = [index for index in equal if index not in self.excluded]
            if len(live) > 1 and self.ended_at is None:
                equal, decided_by = self._settle(equal, live)
                tie = TieBreak(
                    tuple(self.election.projects[index].id for index in equal), decided_by
                )
                self.ties.append(tie)
            for index in equal:
                yield index, tie

    def _rank(self, index: int) -> tuple[bool, Fraction | int]:
        votes, cost = self.election.votes[index], self.election.projects[index].cost
        if self.rule.order is Order.VOTES:
            return True, -votes
        return (True, Fraction(-votes, cost)) if cost else (False, -votes)

    def _settle(self, equal: list[int], live: list[int]) -> tuple[list[int], str]:
        try:
            return self.order.sort(equal)
        except UndecidedTieError:
            if self._any_order_will_do(live):
                return equal, "any-order"
            raise

    def _any_order_will_do(self, live: Sequence[int]) -> bool:
        """Say whether every order of these equals funds the same projects."""
        if any(self.election.rivals.get(index, frozenset()) & set(live) for index in live):
            return False
        costs = [self.election.projects[index].cost for index in live]
        if sum(costs) <= self.left:
            return True
        return not any(self._fits(cost) or self._fits_in_part(cost) for cost in costs)

    def _fits(self, cost: int) -> bool:
        return cost <= self.left

    def _fits_in_part(self, cost: int) -> bool:
        partial = self.rule.overflow is Overflow.PARTIAL
        return partial and self.left >= self.rule.partial_share * cost

    def _consider(self, index: int, tie: TieBreak | None) -> None:
        project = self.election.projects[index]
        if index in self.excluded:
            rival = self.election.projects[self.excluded[index]].id
            self.not_funded.append(NotFunded(project.id, Reason.RIVAL_FUNDED, {"rival": rival}))
        elif self.ended_at is not None:
            last = self.election.projects[self.ended_at].id
            self.not_funded.append(NotFunded(project.id, Reason.STOPPED, {"after": last}))
        elif self._fits(project.cost):
            self._fund(index, tie, partial=False)
        else:
            if self.rule.overflow is not Overflow.SKIP:
                self.ended_at = index
            if self._fits_in_part(project.cost):
                self._fund(index, tie, partial=True)
            else:
                details = {"remaining": self.left, "missing": project.cost - self.left}
                self.not_funded.append(NotFunded(project.id, Reason.DID_NOT_FIT, details))

    def _fund(self, index: int, tie: TieBreak | None, *, partial: bool) -> None:
        project = self.election.projects[index]
        self.left -= project.cost
        self.funded.append(index)
        votes = self.election.votes[index]
        self.steps.append(GreedyStep(project.id, project.cost, votes, self.left, partial, tie))
        self._exclude_rivals(index)

    def _exclude_rivals(self, index: int) -> None:
        for rival in self.election.rivals.get(index, ()):
            self.excluded.setdefault(rival, index)
