"""Which projects may be funded at all, before any rule runs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from .election import Election
from .outcome import NotFunded, Reason
from .rules import Eligibility, Rule


@dataclass(frozen=True)
class Standing:
    """Positions that stand, in the official order, and the reason for each that does not."""

    projects: tuple[int, ...]
    removed: tuple[NotFunded, ...]


def minimum_votes(rule: Rule, ballots: int) -> int:
    """Give the least votes a project needs: the number, or the share of the counted ballots."""
    return max(rule.min_votes, ceil(rule.min_share * ballots))


def find_standing(election: Election, rule: Rule) -> Standing:
    """Remove the withdrawn, those below the minimum and, where asked, those under cost / (3B)."""
    needed = minimum_votes(rule, election.num_ballots)
    standing: list[int] = []
    removed: list[NotFunded] = []
    for index, project in enumerate(election.projects):
        votes = election.votes[index]
        if project.withdrawn:
            removed.append(NotFunded(project.id, Reason.WITHDRAWN))
        elif needed and votes < needed:
            removed.append(
                NotFunded(project.id, Reason.BELOW_MINIMUM, {"votes": votes, "needed": needed})
            )
        elif rule.eligibility is Eligibility.THREE_BUDGETS and not _within_three_budgets(
            election, index
        ):
            details = {"votes": votes, "needed": _votes_for_three_budgets(election, index)}
            removed.append(NotFunded(project.id, Reason.NOT_ELIGIBLE, details))
        else:
            standing.append(index)
    return Standing(tuple(standing), tuple(removed))


def _within_three_budgets(election: Election, index: int) -> bool:
    """Test votes / ballots ≥ cost / (3B) without dividing."""
    return (
        election.votes[index] * 3 * election.budget
        >= election.projects[index].cost * election.num_ballots
    )


def _votes_for_three_budgets(election: Election, index: int) -> int:
    if election.budget == 0:
        return election.num_ballots
    return ceil(Fraction(election.projects[index].cost * election.num_ballots, 3 * election.budget))
