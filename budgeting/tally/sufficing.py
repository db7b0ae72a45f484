"""What would have sufficed: answers found by counting again, never by estimating.

For a project that is not funded two questions are asked, each with everything else as it was:

- **ballots**: k further ballots that choose this project alone, and give it all the points a ballot
  may give to one project. They count like any other ballot: they raise the number of ballots, and
  with it thresholds that are shares; under Equal Shares the same budget is divided among more. This
  is the "singleton add" of Boehmer, Faliszewski, Janeczko, Kaczmarczyk, Lisowski, Pierczyński, Rey,
  Stolicki, Szufa, Wąs, "Evaluation of Project Performance in Participatory Budgeting" (2024).
- **cost**: its cost lowered by k whole major units (euros), never to 0; large costs in round steps
  (of 10, 100, … units, such that a cost has at least a thousand steps).

An answer k is verified: the project is funded in a recount with k, and not in one with a step less.
Because more is not always better under Equal Shares, a smaller k that happens to do may exist
further below; what is said holds as it is said. "Even N would not" is a recount with N as well:
as many further ballots as were counted (at least :data:`FEWEST_TRIED`), or a cost of at most one
step. A recount that ends in a tie nothing decides does not suffice.

For a funded project, where votes alone decide (greedy), it is asked how many votes it could have
lost: ballots that had not named it, all else as it was. Without votes it is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, fields, replace
from functools import cache
from math import ceil
from typing import Any

from .ballots import BallotGroup, Ballots
from .count import count
from .election import Election, VoteType
from .outcome import NotFunded, Outcome, Reason
from .rules import Method, Rule
from .ties import Draw, UndecidedTieError

FEWEST_TRIED = 10
"""So many further ballots are tried even where fewer were counted."""

DIGITS = 4
"""A lower cost is looked for to so many digits of the cost."""


@dataclass(frozen=True)
class Change:
    """How much of something decides: ``value``, or None where even ``most`` changes nothing.

    With ``value`` the result is another, with one ``step`` less it is not.
    """

    value: int | None
    most: int
    step: int = 1

    def to_json(self) -> dict[str, int | None]:
        """Give the three numbers."""
        return {"value": self.value, "most": self.most, "step": self.step}

    @classmethod
    def from_json(cls, data: Any) -> Change | None:
        """Read what :meth:`to_json` wrote, or None."""
        return None if data is None else cls(**data)


@dataclass(frozen=True)
class Sufficing:
    """What would have made a difference to one project; None where a question has no sense.

    ``ballots``: further ballots for it alone, each with ``points_each`` points (1 where ballots
    carry none). ``cost``: major units less. ``without_rival``: whether it had been funded, had it
    excluded no other project (only where a rival is why it lost). ``votes_to_spare``: how many
    votes (or points) a funded project could have lost; with one more it had not been funded.
    """

    ballots: Change | None = None
    points_each: int = 1
    cost: Change | None = None
    without_rival: bool | None = None
    votes_to_spare: Change | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the answers there are."""
        plain: dict[str, Any] = {}
        if self.ballots is not None:
            plain |= {"ballots": self.ballots.to_json(), "points_each": self.points_each}
        if self.cost is not None:
            plain["cost"] = self.cost.to_json()
        if self.without_rival is not None:
            plain["without_rival"] = self.without_rival
        if self.votes_to_spare is not None:
            plain["votes_to_spare"] = self.votes_to_spare.to_json()
        return plain

    @classmethod
    def from_json(cls, data: Any) -> Sufficing:
        """Read what :meth:`to_json` wrote."""
        return cls(
            ballots=Change.from_json(data.get("ballots")),
            points_each=data.get("points_each", 1),
            cost=Change.from_json(data.get("cost")),
            without_rival=data.get("without_rival"),
            votes_to_spare=Change.from_json(data.get("votes_to_spare")),
        )


def what_would_suffice(election: Election, outcome: Outcome, project: str) -> Sufficing:
    """Count again and again what would have changed the result of one project.

    ``outcome`` is the count of ``election``; its rule and its draw are used. About two recounts
    for each doubling of the answer. Raises KeyError for an unknown project.
    """
    return _Question(election, outcome, election.position[project]).answer()


def asks_anything(outcome: Outcome, project: str) -> bool:
    """Say whether there is anything to ask of a project.

    Not of a withdrawn one; of a funded one only under greedy, where it does not matter which
    ballots had not named it.
    """
    if project in outcome.winners:
        return outcome.rule.method is Method.GREEDY
    return not any(
        item.project == project and item.reason is Reason.WITHDRAWN for item in outcome.not_funded
    )


class _Question:
    def __init__(self, election: Election, outcome: Outcome, index: int) -> None:
        self.election = election
        self.rule: Rule = outcome.rule
        self.draw: Draw | None = outcome.draw
        self.outcome = outcome
        self.index = index
        self.project = election.projects[index]

    def answer(self) -> Sufficing:
        if not asks_anything(self.outcome, self.project.id):
            return Sufficing()
        if self.project.id in self.outcome.winners:
            return Sufficing(votes_to_spare=self._votes_to_spare())
        lost = next(item for item in self.outcome.not_funded if item.project == self.project.id)
        without_rival = None
        if lost.reason is Reason.RIVAL_FUNDED:
            without_rival = self._funded(_without_rivals(self.election, self.index))
        return Sufficing(
            ballots=self._ballots(lost),
            points_each=points_of_ballot(self.election),
            cost=self._cost(lost),
            without_rival=without_rival,
        )

    def _ballots(self, lost: NotFunded) -> Change:
        most = max(FEWEST_TRIED, self.election.num_ballots)
        found = _least(
            lambda number: self._funded(with_ballots(self.election, self.index, number)),
            most=most,
            guess=self._guess_ballots(lost),
        )
        return Change(found, most)

    def _cost(self, lost: NotFunded) -> Change | None:
        major = 10**self.election.scale
        step = 10 ** max(0, len(str(self.project.cost // major)) - DIGITS)
        steps = ceil(self.project.cost / (step * major)) - 1
        if steps <= 0:
            return None

        def suffices(number: int) -> bool:
            lower = self.project.cost - number * step * major
            return self._funded(with_cost(self.election, self.index, lower))

        missing = lost.details.get("missing")
        guess = 1 if missing is None else max(1, ceil(_number(missing) / (step * major)))
        found = _least(suffices, most=steps, guess=guess)
        return Change(None if found is None else found * step, steps * step, step)

    def _funded(self, election: Election) -> bool:
        try:
            outcome = count(election, self.rule, draw=self.draw)
        except UndecidedTieError:
            return False
        return self.project.id in outcome.winners

    def _guess_ballots(self, lost: NotFunded) -> int:
        """Begin near the answer: what was missing, in shares of one ballot."""
        missing, scan = lost.details.get("missing"), self.outcome.scan
        if missing is None or scan is None or not scan.per_ballot:
            return 1
        return max(1, int(_number(missing) / scan.per_ballot))

    def _votes_to_spare(self) -> Change | None:
        votes = self.election.votes[self.index]
        if votes <= 0:
            return None  # points can be negative: there is nothing to lose
        found = _least(
            lambda lost: not self._funded(_with_votes(self.election, self.index, votes - lost)),
            most=votes,
            guess=1,
        )
        return Change(None if found is None else found - 1, votes)


def _number(value: Any) -> Any:
    """Tell the type checker that this detail of a reason is a number."""
    return value


def _least(suffices: Callable[[int], bool], *, most: int, guess: int) -> int | None:
    """Find a value from 1 to most that suffices while one less does not; 0 is known not to.

    None where ``most`` does not suffice. Goes from the guess up or down, first by one (a guess is
    often exact), then in steps that double, and halves what lies between.
    """
    known = cache(suffices)
    low, high = 0, most + 1  # low does not suffice; high does, once it was tried
    at, step = min(guess, most), 1
    while high > most:
        if known(at):
            high = at
        elif at == most:
            return None
        else:
            low, at, step = at, min(most, at + step), _longer(step, guess)
    step = 1
    while low == 0 and high > 1:
        at = max(1, high - step)
        if known(at):
            high, step = at, _longer(step, guess)
        else:
            low = at
    while high - low > 1:
        middle = (low + high) // 2
        if known(middle):
            high = middle
        else:
            low = middle
    return high


def _longer(step: int, guess: int) -> int:
    """Lengthen a step: where the guess was not exact, an eighth of it is a good first one."""
    return max(2 * step, guess // 8)


def points_of_ballot(election: Election) -> int:
    """Give the most points that one ballot can give to one project; 1 where it only names it."""
    if election.vote_type is VoteType.ORDINAL:
        return election.ranks
    if not election.vote_type.has_points:
        return 1
    limits = election.limits
    for limit in (limits.max_points, limits.max_sum_points):
        if limit is not None:
            return max(1, limit)
    return max(1, int(election.arrays.points.max(initial=1)))


def with_ballots(election: Election, index: int, number: int) -> Election:
    """Give the election with further ballots that choose one project alone."""
    points = points_of_ballot(election)
    choices: tuple[int, ...] = (index,)
    given: tuple[int, ...] = (points,) if election.vote_type.has_points else ()
    if election.vote_type is VoteType.SCORING and election.limits.default_score:
        # Alone means: the others get 0, not what unlisted projects get.
        choices = tuple(range(len(election.projects)))
        given = tuple(points if at == index else 0 for at in choices)
    group = BallotGroup(choices, given, number)
    votes = list(election.votes)
    votes[index] += number * points
    return _changed(
        election,
        {"ballots": Ballots(election.arrays).plus(group)},
        position=election.position,
        rivals=election.rivals,
        num_ballots=election.num_ballots + number,
        votes=tuple(votes),
    )


def with_cost(election: Election, index: int, cost: int) -> Election:
    """Give the election with another cost of one project, in smallest units."""
    projects = list(election.projects)
    projects[index] = replace(projects[index], cost=cost)
    return _changed(
        election,
        {"projects": tuple(projects)},
        position=election.position,
        rivals=election.rivals,
        num_ballots=election.num_ballots,
        votes=election.votes,
    )


def _with_votes(election: Election, index: int, votes: int) -> Election:
    """Give the election with another number of votes for one project; ballots stay as they are."""
    known = list(election.votes)
    known[index] = votes
    return _changed(
        election,
        {},
        position=election.position,
        rivals=election.rivals,
        num_ballots=election.num_ballots,
        votes=tuple(known),
    )


def _without_rivals(election: Election, index: int) -> Election:
    name = election.projects[index].id
    kept = frozenset(pair for pair in election.conflicts if name not in pair)
    return _changed(
        election, {"conflicts": kept}, num_ballots=election.num_ballots, votes=election.votes
    )


def _changed(election: Election, parts: Mapping[str, Any], **known: Any) -> Election:
    """Copy an election with some parts changed, without checking all its ballots again.

    Of what it has worked out from its parts only what is given as known is kept.
    """
    found = copy(election)
    found.__dict__.clear()
    for item in fields(election):
        found.__dict__[item.name] = parts.get(item.name, getattr(election, item.name))
    found.__dict__.update(known)
    return found
