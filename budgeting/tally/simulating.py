"""Simulations: a past election counted again under other rules, and what would have changed.

How people would vote under other rules nobody knows: a simulation counts the ballots there are.
Who is better or worse off is therefore always measured on the ballots as they were cast, also where
a scenario shortens them before the count.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any

from .ballots import BallotGroup
from .count import count
from .election import Election
from .measures import Difference, Measures, compare, measure
from .outcome import Outcome
from .rules import Rule, Ties
from .scenario import Scenario, arrange, ballot_text, leaves_to_chance
from .standing import find_standing
from .ties import Draw

TURNOUT_STEPS = 20
DRAWS = 10

Tell = Callable[[], None]
"""Called after each count, so that somebody can show progress or stop by raising."""


@dataclass(frozen=True)
class TurnoutPoint:
    """The same count with only some of the ballots.

    ``standing`` projects pass the thresholds, ``funded`` win, for ``cost``; ``same`` says whether
    they are the winners of the whole election.
    """

    ballots: int
    standing: int
    funded: int
    cost: int
    same: bool

    def to_json(self) -> dict[str, Any]:
        """Give the point as an object."""
        return {
            "ballots": self.ballots,
            "standing": self.standing,
            "funded": self.funded,
            "cost": self.cost,
            "same": self.same,
        }


@dataclass(frozen=True)
class Simulated:
    """An election counted under one scenario.

    ``election`` and ``rule`` are those really counted, ``measures`` is taken on the ballots as they
    were cast, with the scenario's costs. ``turnout`` has one point for each tested number of
    ballots, ascending. ``won_in`` says in how many of ``draws`` equal draws each project won; with
    nothing left to chance there is one draw. ``difference`` is from the award it was compared with.
    """

    scenario: Scenario
    election: Election
    rule: Rule
    outcome: Outcome
    measures: Measures
    turnout: tuple[TurnoutPoint, ...] = ()
    draws: int = 1
    won_in: Mapping[str, int] = field(default_factory=dict)
    difference: Difference | None = None

    @property
    def winners(self) -> tuple[str, ...]:
        """Ids of the funded projects, in the order funded."""
        return self.outcome.winners

    def to_json(self) -> dict[str, Any]:
        """Give everything a page needs as plain JSON; money in smallest units."""
        outcome, scan, compared = self.outcome, self.outcome.scan, self.outcome.comparison
        votes = [outcome.votes[name] for name in outcome.winners]
        lost = [
            outcome.votes[project.id]
            for index, project in enumerate(self.election.projects)
            if project.id not in set(outcome.winners) and not project.withdrawn
        ]
        return {
            "scenario": self.scenario.to_json(),
            "rule": self.rule.to_json(),
            "winners": list(outcome.winners),
            "cost": outcome.cost,
            "budget": outcome.budget,
            "excess": outcome.excess,
            "ballots": outcome.ballots,
            "standing": len(find_standing(self.election, self.rule).projects),
            "fewest_votes_funded": min(votes, default=None),
            "most_votes_not_funded": max(lost, default=None),
            "votes": dict(outcome.votes),
            "costs": {project.id: project.cost for project in self.election.projects},
            "measures": self.measures.to_json(),
            "ties": len(outcome.ties),
            "scan": None if scan is None else scan.to_json(),
            "comparison": None if compared is None else compared.to_json(),
            "turnout": [point.to_json() for point in self.turnout],
            "draws": self.draws,
            "won_in": {name: self.won_in[name] for name in sorted(self.won_in)},
            "difference": None if self.difference is None else self.difference.to_json(),
        }


def simulate(
    election: Election,
    scenario: Scenario,
    *,
    own: Rule,
    base: Sequence[str] | None = None,
    draw: Draw | None = None,
    turnout_steps: int = 0,
    draws: int = 1,
    tell: Tell | None = None,
) -> Simulated:
    """Count an election under one scenario, and say what changes from another award.

    ``own`` is the election's own rule, ``draw`` its drawn order; without one, ties that only a draw
    decides are decided by the scenario's seed. ``base`` are the winners to compare with.
    ``turnout_steps`` counts again with that many growing parts of the ballots (0: not at all),
    ``draws`` with as many seeds where ballots are shortened by chance. ``tell`` is called after
    every count, :func:`counts_needed` times. Raises
    :class:`~budgeting.tally.scenario.ScenarioError` where the scenario does not fit, and
    :class:`~budgeting.tally.ties.UndecidedTieError` where its rule refuses to decide.
    """
    tell = tell or _nothing
    varied, rule = arrange(election, scenario, own=own)
    lot = _lot(election, scenario, rule, draw)
    outcome = count(varied, rule, draw=lot)
    tell()
    cast = replace(varied, ballots=election.ballots, limits=election.limits)
    won: Counter[str] = Counter(outcome.winners)
    made = counts_needed(election, scenario, draws=draws)
    for number in range(1, made):
        seeded = replace(scenario, seed=f"{scenario.seed}/{number}")
        other, _rule = arrange(election, seeded, own=own)
        won.update(count(other, rule, draw=_lot(election, seeded, rule, draw)).winners)
        tell()
    measures = measure(cast, outcome.winners)
    points = _turnout(varied, rule, lot, outcome, scenario.seed, turnout_steps, tell)
    return Simulated(
        scenario=scenario,
        election=varied,
        rule=rule,
        outcome=outcome,
        measures=measures,
        turnout=points,
        draws=made,
        won_in=dict(won) if made > 1 else {},
        difference=None if base is None else compare(measure(cast, base), measures),
    )


def counts_needed(
    election: Election, scenario: Scenario, *, turnout_steps: int = 0, draws: int = 1
) -> int:
    """Say how many counts :func:`simulate` makes, for whoever shows progress."""
    repeated = max(1, draws) if leaves_to_chance(election, scenario) else 1
    return repeated + (len(_sizes(election.num_ballots, turnout_steps)) if turnout_steps else 0)


def _nothing() -> None:
    return None


def _lot(election: Election, scenario: Scenario, rule: Rule, draw: Draw | None) -> Draw | None:
    if rule.ties is not Ties.STANDARD:
        return None
    return draw or Draw.for_file(election.meta, scenario.seed)


# --- turnout -------------------------------------------------------------------------------------


def _turnout(
    election: Election,
    rule: Rule,
    lot: Draw | None,
    whole: Outcome,
    seed: str,
    steps: int,
    tell: Tell,
) -> tuple[TurnoutPoint, ...]:
    """Count growing parts of the ballots; each part contains those before it."""
    if not steps or not election.num_ballots:
        return ()
    winners = set(whole.winners)
    points = []
    for size, part in _parts(election, seed, _sizes(election.num_ballots, steps)):
        found = whole if size == election.num_ballots else count(part, rule, draw=lot)
        points.append(
            TurnoutPoint(
                ballots=size,
                standing=len(find_standing(part, rule).projects),
                funded=len(found.winners),
                cost=found.cost,
                same=set(found.winners) == winners,
            )
        )
        tell()
    return tuple(points)


def _sizes(ballots: int, steps: int) -> list[int]:
    """Give the tested numbers of ballots: equal parts, rounded up, none twice."""
    return sorted({ceil(ballots * step / steps) for step in range(1, steps + 1)} - {0})


def _parts(election: Election, seed: str, sizes: Sequence[int]) -> Iterator[tuple[int, Election]]:
    """Yield an election for each size, its ballots those with the smallest digests.

    The digest of a single ballot is SHA-256("RIONE-S1|turnout|seed|ballot|copy").
    """
    drawn: list[tuple[bytes, int]] = []
    for index, group in enumerate(election.ballots):
        start = hashlib.sha256(f"RIONE-S1|turnout|{seed}|{ballot_text(election, group)}|".encode())
        for copy in range(group.count):
            digest = start.copy()
            digest.update(str(copy).encode())
            drawn.append((digest.digest(), index))
    drawn.sort()
    taken: Counter[int] = Counter()
    done = 0
    for size in sizes:
        taken.update(index for _digest, index in drawn[done:size])
        done = size
        groups = tuple(
            BallotGroup(election.ballots[index].choices, election.ballots[index].points, times)
            for index, times in sorted(taken.items())
        )
        yield size, replace(election, ballots=groups)


@dataclass(frozen=True)
class TurnoutNeeded:
    """The fewest tested ballots from which on something holds, up to all; None where it never does.

    ``any``: a project is funded; ``half`` and ``all``: at least half as many, or as many, as with
    all ballots; ``same``: the very same projects.
    """

    any: int | None
    half: int | None
    all: int | None
    same: int | None


def turnout_needed(points: Sequence[TurnoutPoint]) -> TurnoutNeeded:
    """Read from the points how many ballots an election needs, in steps of the tested sizes."""
    most = points[-1].funded if points else 0

    def since(holds: Callable[[TurnoutPoint], bool]) -> int | None:
        found = None
        for point in reversed(points):
            if not holds(point):
                break
            found = point.ballots
        return found

    return TurnoutNeeded(
        any=since(lambda point: point.funded > 0),
        half=since(lambda point: 0 < most <= 2 * point.funded),
        all=since(lambda point: 0 < most <= point.funded),
        same=since(lambda point: point.same),
    )
