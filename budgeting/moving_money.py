"""Money that a contest did not spend and that moves on, as the award rule of its scope says.

The contests of a scope are the areas of the tally, each counted on its own ballots: what one leaves
is added to the budget of the contest it goes to, which is counted after it.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from home.errors import DomainError

from .models import Contest, Count, Scope
from .tally.rules import Areas, Rule, RuleError


class CountedTooEarlyError(DomainError):
    """Money may still move to a contest from one that was not counted."""

    def __init__(self, contest: str) -> None:
        super().__init__(
            _("What “%(contest)s” leaves moves on to this contest: count that one first.")
            % {"contest": contest}
        )


def budget_with_moved_money(contest: Contest) -> int:
    """Give the budget of a contest with what comes to it from others, in hundredths.

    Raises CountedTooEarlyError while one of these has no count.
    """
    return contest.budget + sum(unspent(giver) for giver in givers(contest))


def givers(contest: Contest) -> list[Contest]:
    """Return the contests whose unspent money comes to this one, in the order of counting.

    *To the next*: the one before in the scope. *To the city*: every neighbourhood contest of the
    scopes whose money goes to this city-wide contest.
    """
    found = _before(contest)
    if contest.neighbourhood_id is None:
        for scope in contest.scope.round.scopes.prefetch_related("contests"):
            if _areas(scope) is Areas.CITY and city_wide(scope) == contest:
                found += [each for each in scope.contests.all() if each.neighbourhood_id]
    return found


def city_wide(scope: Scope) -> Contest | None:
    """Return the city-wide contest that takes a scope's unspent money.

    It is the scope's own, else the only one of the round; None where that is not clear.
    """
    candidates = list(scope.contests.filter(neighbourhood=None))
    if not candidates:
        candidates = list(Contest.objects.filter(scope__round=scope.round_id, neighbourhood=None))
    return candidates[0] if len(candidates) == 1 else None


def unspent(contest: Contest) -> int:
    """Give what the latest count of a contest left of its budget, in hundredths."""
    count = Count.objects.filter(contest=contest).order_by("-pk").first()
    if count is None:
        raise CountedTooEarlyError(contest.name)
    return max(0, count.budget - count.cost)


def in_order_of_counting(contests: Iterable[Contest]) -> list[Contest]:
    """Sort contests so that money only moves forward: city-wide ones last, else as given."""
    return sorted(contests, key=lambda contest: contest.neighbourhood_id is None)


def _before(contest: Contest) -> list[Contest]:
    if _areas(contest.scope) is not Areas.NEXT:
        return []
    ordered = in_order_of_counting(contest.scope.contests.all())
    at = ordered.index(contest)
    return ordered[at - 1 : at] if at else []


def _areas(scope: Scope) -> Areas:
    try:
        return Rule.from_json(scope.award_rule).areas
    except RuleError:
        return Areas.NONE
