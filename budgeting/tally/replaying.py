"""Replaying an outcome: its arithmetic done again, step by step, beside what it says.

:func:`replay` names the step at which an outcome and the recount part, and the figure in question.
:func:`detailed` fills in what the fast counts do not tell: who was considered at each step of Equal
Shares, who paid what, who dropped out. Both follow one outcome, with the money per ballot that its
scan kept; whether the scan should have kept another is answered by counting again
(:func:`~budgeting.tally.count.count`), which goes through all its runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from .areas import check_areas, parts_of
from .comparing import compare_awards, plain_greedy_rule
from .election import Election
from .outcome import NotFunded, Outcome, SharesStep, Step
from .plain import PlainResult, plain_greedy, plain_phragmen, plain_shares
from .rules import Areas, Comparison, Completion, Method, RuleError, Start, ratio
from .standing import find_standing
from .ties import TieBreak, TieOrder

FILLED_IN = ("runner_up", "payers", "dropped")
"""Fields of a step that only :func:`detailed` fills in."""


@dataclass(frozen=True)
class Disagreement:
    """Where an outcome and its replay part.

    ``step`` is the place in the trace from 1; 0 means the outcome as a whole. ``told`` is what the
    outcome says and ``found`` what the replay gives.
    """

    step: int
    field: str
    told: str
    found: str

    def to_json(self) -> dict[str, str | int]:
        """Give the four parts as an object."""
        return {"step": self.step, "field": self.field, "told": self.told, "found": self.found}


@dataclass(frozen=True)
class Replay:
    """How many steps were replayed, and every disagreement; after the first wrong step none is."""

    steps: int
    disagreements: tuple[Disagreement, ...]

    @property
    def agrees(self) -> bool:
        """Whether the outcome is what its steps lead to."""
        return not self.disagreements


def replay(election: Election, outcome: Outcome) -> Replay:
    """Do the arithmetic of an outcome again and say where it disagrees.

    The election must already have the overrides made before the count.
    """
    found = list(_whole(election, outcome))
    if outcome.rule.areas is Areas.NONE:
        steps, more = _replay_part(election, outcome)
        return Replay(steps, tuple(found + more))
    try:
        check_areas(election, outcome.rule)
    except RuleError as error:
        return Replay(0, (*found, Disagreement(0, "areas", outcome.rule.areas, str(error))))
    found += _moving_money(election, outcome)
    if found:
        return Replay(0, tuple(found))
    done = 0
    for part, told in parts_of(election, outcome):
        found += _whole(part.election, told)
        steps, more = _replay_part(part.election, told)
        found += [replace(item, step=item.step and item.step + done) for item in more]
        done += steps
        if more:
            break
    return Replay(done, tuple(found))


def detailed(election: Election, outcome: Outcome) -> Outcome:
    """Give the same outcome with everything that was considered at each step.

    Raises ``ValueError`` when the outcome does not agree with its replay.
    """
    if outcome.areas:
        trace: list[Step] = []
        for part, told in parts_of(election, outcome):
            trace += detailed(part.election, told).trace
        return replace(outcome, trace=tuple(trace))
    steps = tuple(_recount(election, outcome).steps)
    if any(_differing(one, other) for one, other in zip_longest(outcome.trace, steps)):
        raise ValueError("the outcome does not agree with its replay")
    return replace(outcome, trace=steps)


def _recount(election: Election, outcome: Outcome) -> PlainResult:
    """Count again in the plain way, with the money per ballot the outcome's scan kept."""
    rule, order = outcome.rule, TieOrder(election, outcome.rule.ties, outcome.draw)
    standing = find_standing(election, rule).projects
    if rule.method is Method.GREEDY:
        return plain_greedy(election, standing, rule, order)
    if rule.method is Method.PHRAGMEN:
        return plain_phragmen(election, standing, rule, order)
    if outcome.comparison is not None and outcome.comparison.replaced:
        return plain_greedy(election, standing, plain_greedy_rule(rule), order)
    per_ballot = Fraction(0) if outcome.scan is None else outcome.scan.per_ballot
    result = plain_shares(election, standing, rule, order, per_ballot)
    if rule.completion is Completion.ADD1U and election.num_ballots:
        more = plain_greedy(election, standing, plain_greedy_rule(rule), order, result.funded)
        result.steps += more.steps
        result.not_funded = more.not_funded
        result.ties += more.ties
    return result


def _replay_part(election: Election, outcome: Outcome) -> tuple[int, list[Disagreement]]:
    """Replay one election without areas; give the steps that agree and what does not."""
    found = list(_scan(election, outcome))
    if found:
        return 0, found
    result = _recount(election, outcome)
    for number, (told, expected) in enumerate(zip_longest(outcome.trace, result.steps), start=1):
        for name in _differing(told, expected):
            one, other = _field(told, name), _field(expected, name)
            found.append(Disagreement(number, name, one, other))
        if found:
            return number - 1, found
    everyone = [*find_standing(election, outcome.rule).removed, *result.not_funded]
    found += _reasons(outcome.not_funded, everyone)
    found += _ties(outcome.ties, result.ties)
    found += _comparison(election, outcome)
    return len(result.steps), found


def _differing(told: Step | None, expected: Step | None) -> list[str]:
    """Name the fields in which two steps differ; a missing or other kind of step: ``project``."""
    if told is None or expected is None or type(told) is not type(expected):
        return ["project"]
    names = [item.name for item in fields(told)]
    if isinstance(told, SharesStep) and not any(getattr(told, name) for name in FILLED_IN):
        names = [name for name in names if name not in FILLED_IN]
    return [name for name in names if getattr(told, name) != getattr(expected, name)]


def _field(step: Step | None, name: str) -> str:
    return "no step" if step is None else _text(getattr(step, name))


def _text(value: Any) -> str:
    if isinstance(value, Fraction):
        return ratio(value)
    if isinstance(value, tuple):
        return ", ".join(_text(item) for item in value)
    return str(value.to_json()) if hasattr(value, "to_json") else str(value)


def _whole(election: Election, outcome: Outcome) -> Iterator[Disagreement]:
    """Compare totals: what was counted, who wins, what it costs."""
    costs = [election.projects[at].cost for at in _positions(election, outcome.winners)]
    pairs: list[tuple[str, Any, Any]] = [
        ("ballots", outcome.ballots, election.num_ballots),
        ("budget", outcome.budget, election.budget),
        ("scale", outcome.scale, election.scale),
        ("winners", outcome.winners, tuple(step.project for step in outcome.trace)),
        ("cost", outcome.cost, sum(costs)),
    ]
    names = [project.id for project in election.projects]
    votes = dict(zip(names, election.votes, strict=True))
    pairs += [(f"votes of {name}", outcome.votes.get(name), votes[name]) for name in names]
    if outcome.rule.areas is Areas.NONE:
        pairs.append(("excess", outcome.excess, max(0, outcome.cost - outcome.budget)))
    for name, told, expected in pairs:
        if told != expected:
            yield Disagreement(0, name, _text(told), _text(expected))


def _positions(election: Election, names: Iterable[str]) -> Iterator[int]:
    return (election.position[name] for name in names if name in election.position)


def _scan(election: Election, outcome: Outcome) -> Iterator[Disagreement]:
    """Check the money per ballot against the budget and the number of the kept run."""
    scan, rule = outcome.scan, outcome.rule
    if rule.method is not Method.EQUAL_SHARES:
        return
    if scan is None:
        yield Disagreement(0, "scan", "none", "the money per ballot")
        return
    expected = Fraction(0)
    if election.num_ballots:
        major = 10**election.scale
        expected = Fraction(election.budget, election.num_ballots)
        if scan.ended != "none" and rule.start is Start.FLOOR:
            expected = Fraction(expected // major * major)
        expected += scan.kept * rule.step * major
    if scan.per_ballot != expected:
        yield Disagreement(0, "per_ballot", ratio(scan.per_ballot), ratio(expected))


def _reasons(told: Iterable[NotFunded], expected: Iterable[NotFunded]) -> Iterator[Disagreement]:
    one = {item.project: item for item in told}
    other = {item.project: item for item in expected}
    for name in sorted(one.keys() | other.keys()):
        if one.get(name) != other.get(name):
            yield Disagreement(0, f"reason of {name}", _text(one.get(name)), _text(other.get(name)))


def _ties(told: Iterable[TieBreak], expected: Iterable[TieBreak]) -> Iterator[Disagreement]:
    for one, other in zip_longest(told, expected):
        if one != other:
            yield Disagreement(0, "ties", str(one), str(other))


def _comparison(election: Election, outcome: Outcome) -> Iterator[Disagreement]:
    """Compare with greedy again; where greedy replaced it, the other award is not on record."""
    told, rule = outcome.comparison, outcome.rule
    if rule.comparison is Comparison.NONE or told is None or told.replaced:
        return
    order = TieOrder(election, rule.ties, outcome.draw)
    standing = find_standing(election, rule).projects
    rival = plain_greedy(election, standing, plain_greedy_rule(rule), order)
    winners = [election.position[name] for name in outcome.winners]
    found = compare_awards(election, rule.comparison, winners, rival.funded)
    if found != told:
        yield Disagreement(0, "comparison", str(told.to_json()), str(found.to_json()))


def _moving_money(election: Election, outcome: Outcome) -> Iterator[Disagreement]:
    """Follow the money from area to area as the rule says."""
    rule = outcome.rule
    told = [(area.area, area.budget) for area in outcome.areas]
    if told != list(election.areas):
        yield Disagreement(0, "areas", _text(tuple(told)), _text(election.areas))
        return
    if sum(area.steps for area in outcome.areas) != len(outcome.trace):
        steps = _text(tuple(area.steps for area in outcome.areas))
        yield Disagreement(0, "areas", steps, f"{len(outcome.trace)} steps")
        return
    waiting = 0
    for number, area in enumerate(outcome.areas, start=1):
        arriving = waiting if rule.areas is Areas.NEXT or not area.area else 0
        left = max(0, area.budget + arriving - area.cost)
        stays = rule.areas is Areas.LAPSE or number == len(outcome.areas)
        moved = 0 if stays else left
        waiting += moved - arriving
        for name, one, other in (
            ("available", area.available, area.budget + arriving),
            ("moved_on", area.moved_on, moved),
        ):
            if one != other:
                yield Disagreement(0, f"{name} of {area.area}", str(one), str(other))
