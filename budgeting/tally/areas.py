"""Areas with budgets of their own: each is counted as an election, and unspent money moves on.

An area is the ``neighborhood`` of a project; the empty name is the city-wide part. What is counted
in one area, precisely:

- its projects, in the official order, and the conflicts between them; a project with a rival funded
  in an area counted earlier is out from the start;
- of every ballot the choices in that area. A point stays what it is on the whole ballot: a ranking
  gives the k - place + 1 of its place among *all* its choices;
- the ballots that name at least one of its projects (whether it stands or not) are its ballots:
  they share in its money, and shares of ballots are shares of these. In the city-wide part that is
  every ballot, blank ones included, because its money is everybody's;
- its budget, with what areas counted before have passed on.

A default score would give points to areas a ballot never names, so it cannot go with areas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from .ballots import BallotGroup
from .election import Election, Limits, VoteType
from .outcome import AreaCount, NotFunded, Outcome, Reason
from .refusal_words import refused
from .rules import Areas, Rule, RuleError


def check_areas(election: Election, rule: Rule) -> None:
    """Raise :class:`RuleError` where the rule asks for areas that the election cannot give."""
    if rule.areas is Areas.NONE:
        return
    if not election.areas:
        raise RuleError("no-areas", "areas", refused("no-areas"))
    if election.limits.default_score:
        raise RuleError(
            "areas-default-score",
            "areas",
            refused("areas-default-score"),
        )
    if rule.areas is Areas.CITY and not any(not name for name, _budget in election.areas):
        raise RuleError("no-city-part", "areas", refused("no-city-part"))


@dataclass(frozen=True)
class AreaPart:
    """One area as an election, and the projects a rival funded earlier has put out."""

    name: str
    election: Election
    out: tuple[NotFunded, ...]


def area_part(
    election: Election, area: str, *, available: int, funded: Sequence[str] = ()
) -> AreaPart:
    """Make the election of one area; ``funded`` are the winners of the areas counted before."""
    place: dict[int, int] = {}
    out = []
    for index, project in enumerate(election.projects):
        if project.neighborhood != area:
            continue
        rivals = (election.projects[rival].id for rival in election.rivals.get(index, ()))
        rival = min((name for name in rivals if name in funded), default=None)
        if rival is None:
            place[index] = len(place)
        else:
            out.append(NotFunded(project.id, Reason.RIVAL_FUNDED, {"rival": rival}))
    projects = tuple(election.projects[index] for index in place)
    names = {project.id for project in projects}
    ranked = election.vote_type is VoteType.ORDINAL
    part = Election(
        projects=projects,
        ballots=tuple(_ballots_in(election, area, place)),
        # Points of a ranking belong to the whole ballot, so here they are given as points.
        vote_type=VoteType.SCORING if ranked else election.vote_type,
        budget=available,
        scale=election.scale,
        limits=Limits() if ranked else election.limits,
        conflicts=frozenset(pair for pair in election.conflicts if pair <= names),
        meta=election.meta,
    )
    return AreaPart(area, part, tuple(out))


def _ballots_in(election: Election, area: str, place: dict[int, int]) -> Iterator[BallotGroup]:
    inside = {
        index for index, project in enumerate(election.projects) if project.neighborhood == area
    }
    pointed = election.vote_type.has_points or election.vote_type is VoteType.ORDINAL
    for group in election.ballots:
        if area and not inside.intersection(group.choices):
            continue
        kept = [
            (place[index], points) for index, points in election.scores(group) if index in place
        ]
        choices = tuple(at for at, _points in kept)
        points = tuple(value for _at, value in kept) if pointed else ()
        yield BallotGroup(choices, points, group.count)


def count_by_area(
    election: Election, rule: Rule, count_one: Callable[[Election, Rule], Outcome]
) -> Outcome:
    """Count area after area in the given order and put the parts together.

    ``count_one`` counts one election by a rule without areas.
    """
    parts: list[AreaCount] = []
    outcomes: list[Outcome] = []
    not_funded: list[NotFunded] = []
    funded: list[str] = []
    moving = 0
    plain = replace(rule, areas=Areas.NONE)
    for name, budget in election.areas:
        arriving = moving if rule.areas is Areas.NEXT or not name else 0
        part = area_part(election, name, available=budget + arriving, funded=funded)
        outcome = count_one(part.election, plain)
        left = max(0, budget + arriving - outcome.cost)
        is_last = len(parts) == len(election.areas) - 1
        passed_on = 0 if is_last or rule.areas is Areas.LAPSE else left
        moving = moving - arriving + passed_on
        parts.append(_part(name, budget, outcome, passed_on))
        outcomes.append(outcome)
        not_funded += [*part.out, *outcome.not_funded]
        funded += outcome.winners
    return Outcome(
        winners=tuple(funded),
        cost=sum(outcome.cost for outcome in outcomes),
        budget=election.budget,
        scale=election.scale,
        currency=election.currency,
        ballots=election.num_ballots,
        votes={
            project.id: votes
            for project, votes in zip(election.projects, election.votes, strict=True)
        },
        rule=rule,
        draw=outcomes[0].draw,
        trace=tuple(step for outcome in outcomes for step in outcome.trace),
        not_funded=tuple(sorted(not_funded, key=lambda item: election.position[item.project])),
        ties=tuple(tie for outcome in outcomes for tie in outcome.ties),
        excess=sum(outcome.excess for outcome in outcomes),
        areas=tuple(parts),
    )


def _part(name: str, budget: int, outcome: Outcome, moved_on: int) -> AreaCount:
    return AreaCount(
        area=name,
        budget=budget,
        available=outcome.budget,
        cost=outcome.cost,
        moved_on=moved_on,
        ballots=outcome.ballots,
        steps=len(outcome.trace),
        scan=outcome.scan,
        comparison=outcome.comparison,
    )


def parts_of(election: Election, outcome: Outcome) -> Iterator[tuple[AreaPart, Outcome]]:
    """Take an outcome by area apart again: each area's election with its own outcome."""
    first = 0
    funded: list[str] = []
    plain = replace(outcome.rule, areas=Areas.NONE)
    reasons = {item.project: item for item in outcome.not_funded}
    for area in outcome.areas:
        part = area_part(election, area.area, available=area.available, funded=funded)
        trace = outcome.trace[first : first + area.steps]
        first += area.steps
        names = {project.id for project in part.election.projects}
        winners = tuple(step.project for step in trace)
        yield (
            part,
            Outcome(
                winners=winners,
                cost=area.cost,
                budget=area.available,
                scale=outcome.scale,
                currency=outcome.currency,
                ballots=area.ballots,
                votes={name: outcome.votes[name] for name in outcome.votes if name in names},
                rule=plain,
                draw=outcome.draw,
                trace=trace,
                not_funded=tuple(reasons[name] for name in reasons if name in names),
                ties=tuple(tie for tie in outcome.ties if set(tie.projects) <= names),
                excess=max(0, area.cost - area.available),
                scan=area.scan,
                comparison=area.comparison,
            ),
        )
        funded += winners
