"""What stands on a ballot: how it is written down, and whether the rules allow it.

A ballot is kept as one line of canonical JSON (RFC 8785), the same for the same ballot:

    {"choices":[3,7,12],"contest":"tutta-la-citta"}

`contest` is the contest's slug, unique in its scope. `choices` names projects by ballot number:

- approval, choose-1: numbers in ascending order;
- ordinal: numbers in order of preference, the first choice first;
- cumulative, scoring: pairs `[number,points]` in ascending order of number. In a cumulative ballot
  a project with no points is not listed; in a scoring ballot 0 is a score like any other.

An empty list is a blank ballot.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from home.errors import DomainError
from home.money import format_money

from .models import Contest, Project, Scope

VoteType = Scope.VoteType
Choices = list[int] | list[list[int]]

WITH_POINTS = frozenset({VoteType.CUMULATIVE, VoteType.SCORING})
# What PostgreSQL's integer and every JSON reader hold exactly.
GREATEST_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class Reason:
    """One thing that is wrong with a ballot, and the form field it belongs to."""

    field: str
    message: str | Promise


class InvalidBallot(DomainError):
    """The rules do not allow this ballot; `reasons` says everything that is wrong with it."""

    def __init__(self, reasons: Collection[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(
            " ".join(str(reason.message) for reason in self.reasons), field=self.reasons[0].field
        )

    def add_to(self, form: BaseForm) -> None:
        """Say every reason in a Django form, at its field."""
        for reason in self.reasons:
            field = reason.field if reason.field in form.fields else None
            form.add_error(field, str(reason.message))


@dataclass(frozen=True)
class BallotRules:
    """The limits of a scope and the projects of one of its contests.

    `costs` are the projects that can be chosen, by ballot number, in hundredths of the currency;
    `withdrawn` are those that no longer can. A limit that is None does not exist.
    """

    vote_type: str
    costs: Mapping[int, int]
    withdrawn: frozenset[int] = frozenset()
    min_length: int = 1
    max_length: int | None = None
    min_sum_cost: int | None = None
    max_sum_cost: int | None = None
    min_points: int | None = None
    max_points: int | None = None
    min_sum_points: int | None = None
    max_sum_points: int | None = None
    allows_blank: bool = True
    currency: str = "EUR"

    @classmethod
    def of(cls, contest: Contest) -> "BallotRules":
        """Read the rules of a contest and its projects; one query, when the scope is at hand."""
        scope = contest.scope
        costs: dict[int, int] = {}
        withdrawn = set()
        for number, cost, state in contest.projects.order_by("number").values_list(
            "number", "cost", "state"
        ):
            if state == Project.State.STANDING:
                costs[number] = cost
            else:
                withdrawn.add(number)
        return cls(
            vote_type=scope.vote_type,
            costs=costs,
            withdrawn=frozenset(withdrawn),
            # A withdrawal must not leave a ballot that nobody can fill in.
            min_length=min(scope.min_length, len(costs)),
            max_length=scope.max_length,
            min_sum_cost=scope.min_sum_cost,
            max_sum_cost=scope.max_sum_cost,
            min_points=scope.min_points,
            max_points=scope.max_points,
            min_sum_points=scope.min_sum_points,
            max_sum_points=scope.max_sum_points,
            allows_blank=scope.allows_blank,
            currency=scope.round.currency,
        )


def arrange(vote_type: str, chosen: Iterable[Any]) -> Choices:
    """Bring what a form or a file names into the order it is kept in.

    `chosen` holds ballot numbers, or pairs of number and points. Raises InvalidBallot when it is
    not made of whole numbers or names a project twice; limits are not looked at.
    """
    if vote_type in WITH_POINTS:
        pairs = [_pair(item) for item in chosen]
        _refuse_repeated(number for number, _points in pairs)
        if vote_type == VoteType.CUMULATIVE:
            pairs = [pair for pair in pairs if pair[1] != 0]
        return sorted(pairs)
    numbers = [_whole_number(item) for item in chosen]
    _refuse_repeated(numbers)
    return numbers if vote_type == VoteType.ORDINAL else sorted(numbers)


def write_choices(choices: Choices) -> str:
    """Return arranged choices alone as canonical JSON: how a sealed box keeps them."""
    return json.dumps(choices, separators=(",", ":"))


def write_ballot(*, contest: str, choices: Choices) -> str:
    """Return a ballot as canonical JSON.

    With slugs and whole numbers for values and two fixed keys, Python's writer, told to sort keys
    and leave no blanks, gives exactly what RFC 8785 prescribes.
    """
    return json.dumps(
        {"choices": choices, "contest": contest},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )


def read_ballot(text: str) -> tuple[str, Choices]:
    """Return the contest's slug and the choices of a ballot as it is kept."""
    ballot = json.loads(text)
    return ballot["contest"], ballot["choices"]


def named_projects(vote_type: str, choices: Choices) -> list[int]:
    """Return the ballot numbers that arranged choices name, in their order."""
    if vote_type in WITH_POINTS:
        return [pair[0] for pair in choices]  # type: ignore[index]
    return list(choices)  # type: ignore[arg-type]


def check_ballot(rules: BallotRules, choices: Choices) -> list[Reason]:
    """Return everything that keeps a ballot from being valid; nothing for a valid one.

    `choices` are arranged. Every ballot type and limit is Pabulib's (https://pabulib.org/format).
    """
    if not choices:
        if rules.allows_blank:
            return []
        return [
            Reason("choices", _("Choose at least one project: a blank ballot is not possible."))
        ]
    numbers = named_projects(rules.vote_type, choices)
    reasons = _check_projects(rules, numbers)
    reasons += _check_length(rules, len(numbers))
    if not reasons and rules.vote_type in WITH_POINTS:
        reasons += _check_points(rules, [pair[1] for pair in choices])  # type: ignore[index]
    if not reasons:
        reasons += _check_cost(rules, sum(rules.costs[number] for number in numbers))
    return reasons


def _whole_number(item: Any) -> int:
    # A bool is an int in Python; on a ballot it is a mistake.
    if isinstance(item, bool) or not isinstance(item, int) or abs(item) > GREATEST_NUMBER:
        raise InvalidBallot([Reason("choices", _("Choose projects by their numbers."))])
    return item


def _pair(item: Any) -> list[int]:
    if not isinstance(item, list | tuple) or len(item) != 2:
        raise InvalidBallot(
            [Reason("choices", _("Give each project you choose a whole number of points."))]
        )
    return [_whole_number(item[0]), _whole_number(item[1])]


def _refuse_repeated(numbers: Iterable[int]) -> None:
    seen: set[int] = set()
    for number in numbers:
        if number in seen:
            raise InvalidBallot(
                [
                    Reason(
                        "choices",
                        _("Project %(number)d is on your ballot twice: leave it once.")
                        % {"number": number},
                    )
                ]
            )
        seen.add(number)


def _check_projects(rules: BallotRules, numbers: Iterable[int]) -> list[Reason]:
    reasons = []
    for number in numbers:
        if number in rules.withdrawn:
            text = _("Project %(number)d was withdrawn: take it off your ballot.")
        elif number not in rules.costs:
            text = _("There is no project %(number)d in this part of the vote: take it off.")
        else:
            continue
        reasons.append(Reason("choices", text % {"number": number}))
    return reasons


def _check_length(rules: BallotRules, length: int) -> list[Reason]:
    fewest, most = rules.min_length, rules.max_length
    if rules.vote_type == VoteType.CHOOSE_1:
        fewest = most = 1
    if length < fewest:
        text = ngettext(
            "Choose at least %(limit)d project; you chose %(length)d.",
            "Choose at least %(limit)d projects; you chose %(length)d.",
            fewest,
        )
        return [Reason("choices", text % {"limit": fewest, "length": length})]
    if most is not None and length > most:
        text = ngettext(
            "You can choose %(limit)d project; you chose %(length)d. Take some off.",
            "You can choose up to %(limit)d projects; you chose %(length)d. Take some off.",
            most,
        )
        return [Reason("choices", text % {"limit": most, "length": length})]
    return []


def _check_points(rules: BallotRules, points: Collection[int]) -> list[Reason]:
    reasons = []
    least = rules.min_points
    if rules.vote_type == VoteType.CUMULATIVE:
        # No points is not naming the project, and points are never taken away.
        least = max(1, least or 0)
    elif least is None:
        least = 0
    if min(points) < least:
        reasons.append(
            Reason(
                "choices",
                _("Points for each project you choose: at least %(limit)d.") % {"limit": least},
            )
        )
    if rules.max_points is not None and max(points) > rules.max_points:
        reasons.append(
            Reason(
                "choices",
                _("Points for each project: %(limit)d at most.") % {"limit": rules.max_points},
            )
        )
    total = sum(points)
    if rules.min_sum_points is not None and total < rules.min_sum_points:
        reasons.append(
            Reason(
                "choices",
                _("Points you gave: %(total)d; share out at least %(limit)d.")
                % {"limit": rules.min_sum_points, "total": total},
            )
        )
    if rules.max_sum_points is not None and total > rules.max_sum_points:
        reasons.append(
            Reason(
                "choices",
                _("Points you gave: %(total)d, of the %(limit)d you have. Take some back.")
                % {"limit": rules.max_sum_points, "total": total},
            )
        )
    return reasons


def _check_cost(rules: BallotRules, total: int) -> list[Reason]:
    if rules.min_sum_cost is not None and total < rules.min_sum_cost:
        text = _("Your projects cost %(total)s together; choose for at least %(limit)s.")
        limit = rules.min_sum_cost
    elif rules.max_sum_cost is not None and total > rules.max_sum_cost:
        text = _("Your projects cost %(total)s together, more than %(limit)s. Take some off.")
        limit = rules.max_sum_cost
    else:
        return []
    return [
        Reason(
            "choices",
            text
            % {
                "total": format_money(total, rules.currency),
                "limit": format_money(limit, rules.currency),
            },
        )
    ]
