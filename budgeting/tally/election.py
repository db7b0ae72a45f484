"""An election as the count sees it: projects, ballots, budget, ballot type and limits.

Money is in whole smallest units with the number of decimals kept as ``scale``. Identical ballots
are one :class:`BallotGroup` with a multiplicity, and groups stand in a canonical order, so nothing
here can depend on the order in which ballots arrived. They are kept as a few arrays
(:attr:`Election.arrays`); :attr:`Election.ballots` gives them as objects. Terms follow Pabulib
(Faliszewski et al., "Participatory Budgeting: Data, Tools, and Analysis", arXiv 2305.11035).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import cast

import numpy as np

from .ballots import BallotArrays, BallotGroup, Ballots, Numbers, arrays_of, in_order, sums_by
from .refusal_words import refused

WITHDRAWN_COST = 999_999_999
"""The cost, in major units, by which Pabulib files mark a project withdrawn after the vote."""


def marks_as_funded(selected: int | None, file_rule: str) -> bool:
    """Say whether a file's ``selected`` marks a project as funded by the rule the file names.

    That is 1, and under ``greedy-custom`` also 2: the project funded although it fits only in part.
    Others with 2 or 3 were funded another way.
    """
    return selected == 1 or (selected == 2 and file_rule == "greedy-custom")


class ElectionError(ValueError):
    """The parts of an election contradict each other."""


class VoteType(StrEnum):
    """What a ballot says, named as in Pabulib."""

    APPROVAL = "approval"
    CHOOSE_ONE = "choose-1"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"
    ORDINAL = "ordinal"

    @property
    def has_points(self) -> bool:
        """Whether each choice on the ballot carries a number of points."""
        return self in (VoteType.CUMULATIVE, VoteType.SCORING)


@dataclass(frozen=True)
class Limits:
    """What a valid ballot may contain; None where the rules set no limit.

    ``*_sum_cost`` are in smallest units; ``default_score`` is what a scoring ballot gives to a
    project it does not list.
    """

    min_length: int | None = None
    max_length: int | None = None
    min_sum_cost: int | None = None
    max_sum_cost: int | None = None
    min_points: int | None = None
    max_points: int | None = None
    min_sum_points: int | None = None
    max_sum_points: int | None = None
    default_score: int = 0


@dataclass(frozen=True)
class Project:
    """One project on the ballot; ``cost`` in smallest units.

    ``selected``, ``recorded_votes`` and ``recorded_score`` repeat what a file says and never enter
    the count. ``extra`` keeps columns this library does not know.
    """

    id: str
    cost: int
    name: str = ""
    withdrawn: bool = False
    categories: tuple[str, ...] = ()
    beneficiaries: tuple[str, ...] = ()
    neighborhood: str = ""
    subunit: str = ""
    district: str = ""
    description: str = ""
    proposer: str = ""
    public_id: str = ""
    latitude: str = ""
    longitude: str = ""
    selected: int | None = None
    recorded_votes: int | None = None
    recorded_score: int | None = None
    extra: tuple[tuple[str, str], ...] = ()


def canonical_ballot(
    vote_type: VoteType, choices: Sequence[int], points: Sequence[int] = ()
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Put one ballot in the form in which equal ballots are equal.

    A project named twice counts once, at its first mention.
    """
    if vote_type.has_points:
        first: dict[int, int] = {}
        for choice, value in zip(choices, points, strict=True):
            first.setdefault(choice, value)
        ordered = sorted(first)
        return tuple(ordered), tuple(first[choice] for choice in ordered)
    if vote_type is VoteType.ORDINAL:
        return tuple(dict.fromkeys(choices)), ()
    return tuple(sorted(set(choices))), ()


@dataclass(frozen=True)
class Election:
    """Everything a count needs, checked when built.

    ``ballots`` may be given in any order, identical ones in several groups; they are kept grouped
    and ordered (a :class:`~budgeting.tally.ballots.Ballots`, which equals the tuple of its groups).
    ``conflicts`` are pairs of project ids of which at most one can be funded. ``areas`` are the
    areas with budgets of their own, in the order in which they are counted: names as in
    :attr:`Project.neighborhood`, the empty one for the city-wide part, which comes last; together
    their budgets are ``budget``. ``meta`` keeps the descriptive Pabulib keys (unit, instance,
    currency, rule, …). Raises :class:`ElectionError`.
    """

    projects: tuple[Project, ...]
    ballots: Sequence[BallotGroup]
    vote_type: VoteType
    budget: int
    scale: int = 0
    limits: Limits = Limits()
    conflicts: frozenset[frozenset[str]] = frozenset()
    meta: Mapping[str, str] = field(default_factory=dict)
    areas: tuple[tuple[str, int], ...] = ()

    def __post_init__(self) -> None:
        if self.budget < 0 or self.scale < 0:
            raise ElectionError("budget and scale cannot be negative")
        seen: set[str] = set()
        for project in self.projects:
            bad = not project.id or project.id != project.id.strip()
            if bad or any(mark in project.id for mark in ",\r\n"):
                raise ElectionError(
                    f"project id {project.id!r} is empty or has a comma or line end"
                )
            if project.id in seen:
                raise ElectionError(f"project id {project.id!r} is used twice")
            if project.cost < 0:
                raise ElectionError(f"project {project.id!r} has a negative cost")
            seen.add(project.id)
        for pair in self.conflicts:
            if len(pair) != 2 or not pair <= seen:
                raise ElectionError(refused("conflict", pair=sorted(pair)))
        if self.areas:
            self._check_areas()
        given = self.ballots
        self._check_points(given)
        try:
            arrays = given.arrays if isinstance(given, Ballots) else arrays_of(tuple(given))
        except OverflowError as error:
            raise ElectionError("a number on a ballot is too large to count with") from error
        self._check_ballots(arrays)
        ordered = in_order(arrays, ranked=self.vote_type is VoteType.ORDINAL)
        if not isinstance(given, Ballots) or ordered is not arrays:
            object.__setattr__(self, "ballots", Ballots(ordered))

    def _check_areas(self) -> None:
        names = [name for name, _budget in self.areas]
        if len(set(names)) < len(names):
            raise ElectionError(refused("area-twice"))
        if "" in names[:-1]:
            raise ElectionError(refused("city-last"))
        if any(budget < 0 for _name, budget in self.areas):
            raise ElectionError(refused("area-negative"))
        if sum(budget for _name, budget in self.areas) != self.budget:
            raise ElectionError(refused("areas-sum"))
        for project in self.projects:
            if project.neighborhood not in names:
                raise ElectionError(refused("area-without-budget", project=project.id))

    def _check_points(self, ballots: Sequence[BallotGroup]) -> None:
        if isinstance(ballots, Ballots):
            arrays = ballots.arrays
            wanted = len(arrays.choices) if self.vote_type.has_points else 0
            fine = len(arrays.points) == wanted
        else:
            pointed = self.vote_type.has_points
            fine = all(
                len(group.points) == (len(group.choices) if pointed else 0) for group in ballots
            )
        if not fine:
            raise ElectionError(f"points do not match the choices of a {self.vote_type} ballot")

    def _check_ballots(self, arrays: BallotArrays) -> None:
        if arrays.counts.min(initial=1) < 1:
            raise ElectionError("a ballot group needs at least one ballot")
        choices = arrays.choices
        if choices.min(initial=0) < 0 or choices.max(initial=-1) >= len(self.projects):
            raise ElectionError("a ballot names a project that is not there")
        longest = int(arrays.lengths.max(initial=0))
        if self.vote_type is VoteType.ORDINAL and longest > self.ranks:
            raise ElectionError("a ranking is longer than the rules allow")
        if self.vote_type is VoteType.CHOOSE_ONE and longest > 1:
            # The same project twice is one choice.
            named = np.minimum.reduceat(choices, arrays.starts[:-1][arrays.lengths > 0])
            if np.any(np.repeat(named, arrays.lengths[arrays.lengths > 0]) != choices):
                raise ElectionError("a choose-1 ballot names more than one project")
        if self.vote_type is VoteType.CUMULATIVE and arrays.points.min(initial=0) < 0:
            raise ElectionError("a cumulative ballot has negative points")
        largest = max(1, int(arrays.points.max(initial=0)), -int(arrays.points.min(initial=0)))
        if self.vote_type is VoteType.ORDINAL:
            largest = max(largest, self.ranks)
        if largest * sum(arrays.counts.tolist()) >= 2**62:
            raise ElectionError("the ballots give more points than can be counted")

    @property
    def arrays(self) -> BallotArrays:
        """The ballots as arrays: what everything that must be fast works on."""
        return cast(Ballots, self.ballots).arrays

    @cached_property
    def num_ballots(self) -> int:
        """Counted ballots, blank ones included."""
        return int(self.arrays.counts.sum())

    @property
    def ranks(self) -> int:
        """The k of an ordinal ballot: its maximal length, else the number of projects."""
        if self.limits.max_length is not None:
            return self.limits.max_length
        return len(self.projects)

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Position of each project id in the official order."""
        return {project.id: index for index, project in enumerate(self.projects)}

    @cached_property
    def rivals(self) -> Mapping[int, frozenset[int]]:
        """For each position with conflicts, the positions it excludes when funded."""
        found: dict[int, set[int]] = {}
        for pair in self.conflicts:
            one, other = (self.position[name] for name in pair)
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
        return {index: frozenset(others) for index, others in found.items()}

    @property
    def currency(self) -> str:
        """ISO 4217 code, empty when unknown."""
        return self.meta.get("currency", "")

    def scores(self, group: BallotGroup) -> Iterator[tuple[int, int]]:
        """Yield (position, points) a ballot gives: 1, its points, or Borda points k - place + 1.

        On scoring ballots a default score other than 0 makes every unlisted project appear.
        """
        if self.vote_type.has_points:
            yield from zip(group.choices, group.points, strict=True)
            if self.vote_type is VoteType.SCORING and self.limits.default_score:
                listed = set(group.choices)
                for index in range(len(self.projects)):
                    if index not in listed:
                        yield index, self.limits.default_score
        elif self.vote_type is VoteType.ORDINAL:
            for place, index in enumerate(group.choices):
                yield index, self.ranks - place
        else:
            for index in group.choices:
                yield index, 1

    def given_points(self) -> Numbers:
        """Give the points of each choice in :attr:`arrays`: 1, its points, or Borda points.

        A default score is not among them (see :meth:`scores`).
        """
        arrays = self.arrays
        if self.vote_type.has_points:
            return arrays.points
        if self.vote_type is VoteType.ORDINAL:
            return self.ranks - arrays.places
        return np.ones(len(arrays.choices), dtype=np.int64)

    @cached_property
    def votes(self) -> tuple[int, ...]:
        """Votes of each project: ballots approving it, or its sum of (Borda) points."""
        if self.vote_type in (VoteType.APPROVAL, VoteType.CHOOSE_ONE):
            return self.mentions
        weighed = self._totals(self.given_points() * self._counts_of_choices())
        default = self.limits.default_score if self.vote_type is VoteType.SCORING else 0
        if default:
            unlisted = (self.num_ballots - mentions for mentions in self.mentions)
            return tuple(w + default * u for w, u in zip(weighed, unlisted, strict=True))
        return weighed

    @cached_property
    def mentions(self) -> tuple[int, ...]:
        """How many ballots name each project, whatever the points."""
        return self._totals(self._counts_of_choices())

    def _counts_of_choices(self) -> Numbers:
        return np.repeat(self.arrays.counts, self.arrays.lengths)

    def _totals(self, values: Numbers) -> tuple[int, ...]:
        """Sum a value of each choice by project."""
        return tuple(sums_by(self.arrays.choices, values, len(self.projects)))

    @cached_property
    def recorded_award(self) -> frozenset[str] | None:
        """Ids a file marks as funded by its rule (`marks_as_funded`); None where it is silent."""
        if all(project.selected is None for project in self.projects):
            return None
        rule = self.meta.get("rule", "")
        return frozenset(
            project.id for project in self.projects if marks_as_funded(project.selected, rule)
        )

    def rescaled(self, scale: int) -> Election:
        """Give the same election with money in another number of decimals (never fewer)."""
        if scale < self.scale:
            raise ElectionError(refused("would-lose", needed=self.scale, given=scale))
        factor = 10 ** (scale - self.scale)
        low, high = self.limits.min_sum_cost, self.limits.max_sum_cost
        return replace(
            self,
            budget=self.budget * factor,
            scale=scale,
            areas=tuple((name, budget * factor) for name, budget in self.areas),
            projects=tuple(
                replace(project, cost=project.cost * factor) for project in self.projects
            ),
            limits=replace(
                self.limits,
                min_sum_cost=None if low is None else low * factor,
                max_sum_cost=None if high is None else high * factor,
            ),
        )


def group_ballots(
    vote_type: VoteType, ballots: Iterable[tuple[Sequence[int], Sequence[int]]]
) -> tuple[BallotGroup, ...]:
    """Group single ballots (choices, points) into distinct ones with their multiplicity."""
    counted = Counter(canonical_ballot(vote_type, choices, points) for choices, points in ballots)
    return tuple(
        BallotGroup(choices, points, count) for (choices, points), count in counted.items()
    )
