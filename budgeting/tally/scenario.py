"""What a simulation varies of a past election, and how the varied election is made from it.

A :class:`Scenario` says what is different; what it does not name stays as it was. Whatever people
did not say on their ballots (which of ten approved projects they would have kept on a ballot for
three) is decided by SHA-256 of a seed and the ballot: the same for everybody who computes it again,
whatever the order of the ballots, and favouring no project.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

from .ballots import BallotGroup
from .election import Election, ElectionError, Limits, Project, VoteType
from .refusal_words import refused
from .rules import Areas, Eligibility, Rule, RuleError, ratio

DEFAULT_SEED = "RIONE"
LONGEST_NAME = 120
MOST_FACTOR = 1_000


class ScenarioError(ValueError):
    """A part of a scenario is wrong: ``field`` names it; ``code`` is for translation."""

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.message = message


@dataclass(frozen=True)
class Scenario:
    """What is different from the election as it was held; None (or a factor of 1) changes nothing.

    ``rule`` is the award rule; ``min_votes``, ``min_share`` and ``eligibility`` change only the
    threshold of whichever rule counts. ``max_length`` is how many projects a ballot may name (see
    :func:`shorten`). ``budget`` is in major currency units, or ``budget_factor`` multiplies it;
    ``areas`` divide it into budgets of (area, major units), in the order in which they are counted,
    the city-wide part, named "", last; ``unspent`` says what becomes of what an area leaves.
    ``cost_factor`` multiplies every cost, and ``costs`` gives single ones, by project id, in major
    units. ``seed`` decides what is left to chance, ties included. Raises :class:`ScenarioError`.
    """

    name: str = ""
    rule: Rule | None = None
    min_votes: int | None = None
    min_share: Fraction | None = None
    eligibility: Eligibility | None = None
    max_length: int | None = None
    budget: Fraction | None = None
    budget_factor: Fraction = Fraction(1)
    areas: tuple[tuple[str, Fraction], ...] = ()
    unspent: Areas = Areas.LAPSE
    cost_factor: Fraction = Fraction(1)
    costs: Mapping[str, Fraction] = field(default_factory=dict)
    seed: str = DEFAULT_SEED

    def __post_init__(self) -> None:
        def refuse(name: str, key: str, code: str = "range", **figures: int) -> None:
            raise ScenarioError(code, name, refused(key, name=name, **figures))

        if len(self.name) > LONGEST_NAME:
            refuse("name", "longest-name", most=LONGEST_NAME)
        if self.max_length is not None and self.max_length < 1:
            refuse("max_length", "at-least-1")
        if self.min_votes is not None and self.min_votes < 0:
            refuse("min_votes", "negative")
        if self.min_share is not None and not 0 <= self.min_share <= 1:
            refuse("min_share", "is-between-0-1")
        if self.budget is not None and self.budget < 0:
            refuse("budget", "negative")
        if self.budget is not None and self.budget_factor != 1:
            refuse("budget_factor", "not-with-budget", "both")
        for name in ("budget_factor", "cost_factor"):
            if not 0 < getattr(self, name) <= MOST_FACTOR:
                refuse(name, "factor", most=MOST_FACTOR)
        if self.areas and (self.budget is not None or self.budget_factor != 1):
            refuse("areas", "areas-and-budget", "both")
        if any(amount < 0 for _area, amount in self.areas):
            refuse("areas", "negative")
        if self.unspent is Areas.NONE:
            refuse("unspent", "unspent")
        if any(cost < 0 for cost in self.costs.values()):
            refuse("costs", "negative")
        if not self.seed or not self.seed.isascii() or not self.seed.isprintable():
            refuse("seed", "seed")

    def to_json(self) -> dict[str, Any]:
        """Give what is varied as plain JSON; exact numbers as ``p/q``, what is not varied absent.

        Equal scenarios give equal objects.
        """
        plain: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if value == _DEFAULTS[item.name] and item.name != "seed":
                continue
            if isinstance(value, Rule):
                value = value.to_json()
            elif isinstance(value, Fraction):
                value = ratio(value)
            elif isinstance(value, Eligibility | Areas):
                value = value.value
            elif isinstance(value, tuple):
                value = [[area, ratio(amount)] for area, amount in value]
            elif isinstance(value, Mapping):
                value = {key: ratio(cost) for key, cost in sorted(value.items())}
            plain[item.name] = value
        return plain

    @classmethod
    def from_json(cls, data: Any) -> Scenario:
        """Read what :meth:`to_json` wrote, or what somebody wrote by hand.

        A rule may also be ``{"method": …}`` with some of its parameters. Raises
        :class:`ScenarioError` naming the unknown or wrong part.
        """
        if not isinstance(data, Mapping):
            raise ScenarioError("value", "scenario", refused("scenario-object"))
        unknown = set(data) - set(_READERS)
        if unknown:
            name = min(unknown, key=str)
            raise ScenarioError("unknown", str(name), refused("not-in-scenario", name=name))
        values: dict[str, Any] = {}
        for name, value in data.items():
            try:
                values[name] = None if value is None else _READERS[name](value)
            except RuleError as error:
                raise ScenarioError(
                    "rule", name, refused("scenario-rule", problem=error.message)
                ) from error
            except (ValueError, TypeError, ZeroDivisionError) as error:
                raise ScenarioError(
                    "value", name, refused("cannot-be", name=name, value=value)
                ) from error
        return cls(**{name: value for name, value in values.items() if value is not None})


def arrange(election: Election, scenario: Scenario, *, own: Rule) -> tuple[Election, Rule]:
    """Make the election and the rule that a scenario describes; ``own`` is the election's own rule.

    A multiplied budget is rounded down to the smallest unit, multiplied costs are rounded up.
    Raises :class:`ScenarioError` where the scenario does not fit this election.
    """
    unit = 10**election.scale
    budget, areas = _money(election, scenario, unit)
    priced = _priced(election, scenario, unit)
    try:
        varied = replace(election, budget=budget, areas=areas, projects=priced)
    except ElectionError as error:
        raise ScenarioError("areas", "areas", str(error)) from error
    if scenario.max_length is not None:
        varied = shorten(varied, scenario.max_length, seed=scenario.seed)
    rule = scenario.rule or own
    if scenario.areas and rule.areas is Areas.NONE:
        rule = replace(rule, areas=scenario.unspent)
    if scenario.min_votes is not None:
        rule = replace(rule, min_votes=scenario.min_votes)
    if scenario.min_share is not None:
        rule = replace(rule, min_share=scenario.min_share)
    if scenario.eligibility is not None:
        rule = replace(rule, eligibility=scenario.eligibility)
    return varied, rule


def _money(
    election: Election, scenario: Scenario, unit: int
) -> tuple[int, tuple[tuple[str, int], ...]]:
    """Give the budget and its areas; those that the election has shrink and grow with it."""
    if scenario.areas:
        areas = tuple(
            (area, _whole_units(amount * unit, "areas")) for area, amount in scenario.areas
        )
        return sum(amount for _area, amount in areas), areas
    if scenario.budget is not None:
        if election.areas:
            raise ScenarioError("areas", "budget", refused("each-area"))
        return _whole_units(scenario.budget * unit, "budget"), ()
    factor = scenario.budget_factor
    if election.areas and factor != 1:
        areas = tuple((area, floor(amount * factor)) for area, amount in election.areas)
        return sum(amount for _area, amount in areas), areas
    return floor(election.budget * factor), election.areas


def _priced(election: Election, scenario: Scenario, unit: int) -> tuple[Project, ...]:
    unknown = set(scenario.costs) - set(election.position)
    if unknown:
        name = min(unknown)
        raise ScenarioError("project", "costs", refused("no-project", name=name))
    if not scenario.costs and scenario.cost_factor == 1:
        return election.projects
    priced = []
    for project in election.projects:
        if project.id in scenario.costs:
            cost = _whole_units(scenario.costs[project.id] * unit, "costs")
        else:
            cost = ceil(project.cost * scenario.cost_factor)
        # What was withdrawn has no cost of its own in files.
        priced.append(project if project.withdrawn else replace(project, cost=cost))
    return tuple(priced)


def _whole_units(amount: Fraction, name: str) -> int:
    if amount.denominator != 1:
        raise ScenarioError("decimals", name, refused("decimals", name=name))
    return amount.numerator


def leaves_to_chance(election: Election, scenario: Scenario) -> bool:
    """Say whether shortening the ballots decides something that people did not write on them."""
    most = scenario.max_length
    if most is None or election.vote_type in (VoteType.ORDINAL, VoteType.CHOOSE_ONE):
        return False
    return any(len(group.choices) > most for group in election.ballots)


def shorten(election: Election, most: int, *, seed: str = DEFAULT_SEED) -> Election:
    """Cut every ballot that names more than ``most`` projects, as if the rules had allowed no more.

    - *ordinal*: the first ``most`` of the ranking stay; Borda points are those of a ranking of so
      many places.
    - *approval*: a ballot has no order, so chance decides: of every single ballot the projects with
      the smallest SHA-256("RIONE-S1|seed|ballot|copy|project id") stay, ``ballot`` being the ids
      (with points, ``id:points``) and ``copy`` the number of this ballot among identical ones.
    - *cumulative*: those with most points stay, equals by chance as above; they share out all the
      points of the ballot in proportion, in whole points, the largest remainders first; what a
      project may not take (``max_points``) is lost.
    - *scoring*: those with most points stay, equals by chance; their points do not change.

    Ballots that name fewer, blank ones and *choose-1* ballots stay as they are.
    """
    limits = election.limits
    longest = max((len(group.choices) for group in election.ballots), default=0)
    allowed = election.ranks if election.vote_type is VoteType.ORDINAL else limits.max_length
    if longest <= most and (allowed is None or allowed <= most):
        return election
    cut = _CUTS.get(election.vote_type)
    shortened: Counter[tuple[tuple[int, ...], tuple[int, ...]]] = Counter()
    for group in election.ballots:
        if len(group.choices) <= most:
            shortened[group.choices, group.points] += group.count
        elif cut is None:
            shortened[group.choices[:most], ()] += group.count
        else:
            for order in _chances(election, group, seed):
                shortened[cut(group, most, order, limits)] += 1
    return replace(
        election,
        ballots=tuple(BallotGroup(*parts, count) for parts, count in shortened.items()),
        limits=replace(
            limits,
            max_length=most if allowed is None else min(most, allowed),
            min_length=None if limits.min_length is None else min(most, limits.min_length),
        ),
    )


Chance = Callable[[int], bytes]
"""Gives the digest by which a project of one ballot is sorted."""


def _chances(election: Election, group: BallotGroup, seed: str) -> Iterator[Chance]:
    """Yield the chance of each of the identical ballots of a group."""
    ids = {index: election.projects[index].id for index in group.choices}
    ballot = ballot_text(election, group)
    for copy in range(group.count):
        start = hashlib.sha256(f"RIONE-S1|{seed}|{ballot}|{copy}|".encode())

        def chance(index: int, start: Any = start) -> bytes:
            digest = start.copy()
            digest.update(ids[index].encode())
            return bytes(digest.digest())

        yield chance


def ballot_text(election: Election, group: BallotGroup) -> str:
    """Write a ballot as text that does not depend on the order of projects in the file."""
    ids = [election.projects[index].id for index in group.choices]
    if group.points:
        pairs = zip(ids, group.points, strict=True)
        return ",".join(sorted(f"{name}:{points}" for name, points in pairs))
    if election.vote_type is VoteType.ORDINAL:
        return ",".join(ids)
    return ",".join(sorted(ids))


_Parts = tuple[tuple[int, ...], tuple[int, ...]]


def _cut_approval(group: BallotGroup, most: int, chance: Chance, limits: Limits) -> _Parts:
    return tuple(sorted(sorted(group.choices, key=chance)[:most])), ()


def _cut_scores(group: BallotGroup, most: int, chance: Chance, limits: Limits) -> _Parts:
    kept = _best(group, most, chance)
    return tuple(sorted(kept)), tuple(kept[index] for index in sorted(kept))


def _cut_points(group: BallotGroup, most: int, chance: Chance, limits: Limits) -> _Parts:
    kept = _best(group, most, chance)
    total, part = sum(group.points), sum(kept.values())
    if part:
        exact = {index: Fraction(points * total, part) for index, points in kept.items()}
        shared = {index: floor(points) for index, points in exact.items()}
        missing = total - sum(shared.values())
        by_remainder = sorted(kept, key=lambda index: (shared[index] - exact[index], chance(index)))
        for index in by_remainder[:missing]:
            shared[index] += 1
        ceiling = limits.max_points
        kept = shared if ceiling is None else {at: min(n, ceiling) for at, n in shared.items()}
    return tuple(sorted(kept)), tuple(kept[index] for index in sorted(kept))


def _best(group: BallotGroup, most: int, chance: Chance) -> dict[int, int]:
    points = dict(zip(group.choices, group.points, strict=True))
    ordered = sorted(points, key=lambda index: (-points[index], chance(index)))
    return {index: points[index] for index in ordered[:most]}


_CUTS: Mapping[VoteType, Callable[[BallotGroup, int, Chance, Limits], _Parts]] = {
    VoteType.APPROVAL: _cut_approval,
    VoteType.CUMULATIVE: _cut_points,
    VoteType.SCORING: _cut_scores,
}
"""How ballots without an order are cut; the others keep their first."""


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("not a whole number")
    return value


def _exact(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError("not an exact number")
    return Fraction(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not text")
    return value


def _rule(value: Any) -> Rule:
    if not isinstance(value, Mapping):
        raise TypeError("not a rule")
    return Rule.from_json(value)


def _costs(value: Any) -> Mapping[str, Fraction]:
    if not isinstance(value, Mapping):
        raise TypeError("not costs by project")
    return {_text(key): _exact(cost) for key, cost in value.items()}


def _areas(value: Any) -> tuple[tuple[str, Fraction], ...]:
    if not isinstance(value, list):
        raise TypeError("not pairs of area and amount")
    return tuple((_text(area), _exact(amount)) for area, amount in value)


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "name": _text,
    "rule": _rule,
    "min_votes": _whole,
    "min_share": _exact,
    "eligibility": Eligibility,
    "max_length": _whole,
    "budget": _exact,
    "budget_factor": _exact,
    "areas": _areas,
    "unspent": Areas,
    "cost_factor": _exact,
    "costs": _costs,
    "seed": _text,
}
_DEFAULTS: Mapping[str, Any] = {
    item.name: getattr(Scenario(), item.name) for item in fields(Scenario)
}
