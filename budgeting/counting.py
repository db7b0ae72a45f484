"""The count of a contest: database rows → Election → Outcome → rows that pages show.

Counting itself is `budgeting.tally`'s; here its input is gathered from the sealed box, and its
output is stored once, so that no page ever counts.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from typing import Any, cast

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from home.errors import DomainError

from . import drawing, tally
from .background import alone, failed_lately, held, queued
from .choices import Choices
from .disclosure import SMALLEST
from .draws import draw_for
from .grouping import Voters
from .models import (
    Contest,
    Count,
    FrozenRules,
    ImportedProject,
    Insight,
    Project,
    ResultRow,
    Round,
    SealedChoices,
)
from .moving_money import budget_with_moved_money
from .sealed_box import may_be_counted
from .tally.money import nearest
from .tally.sufficing import asks_anything
from .telling import answer, store_awards
from .turnout import store_own_turnout

READ_AT_ONCE = 5_000
SCALE = 2
"""Amounts are whole hundredths."""
MOST_AT_ONCE = 100_000
"""Up to so many different ballots the other rules are counted at once, else in the background."""
SECONDS_OF_A_TASK = 30
"""After so long a task lets others work, and goes on as a new one."""
# Any number will do, as long as nothing else uses it.
TELLING = 0x54454C4C
"""The locks of telling, one for each count."""


class NotSealedError(DomainError):
    """The box is not sealed, or its key still exists."""

    def __init__(self) -> None:
        super().__init__(
            _("The count is possible only after the box is sealed and its key destroyed.")
        )


class DrawMissingError(DomainError):
    """The rule tells equal projects apart by a draw whose seed nobody has entered yet."""

    def __init__(self) -> None:
        super().__init__(
            _("Two guarantors enter the seed of the draw before the count. Nothing was counted.")
        )


class TieError(DomainError):
    """Projects are equal and the rule does not choose between them."""

    def __init__(self, projects: str) -> None:
        super().__init__(
            _(
                "The projects %(projects)s are equal and the rule does not choose between "
                "them: the draw has to be entered first. Nothing was counted."
            )
            % {"projects": projects}
        )


class UndefinedRuleError(DomainError):
    """The award rule is not defined for the ballots of the contest."""

    def __init__(self) -> None:
        super().__init__(
            _("The award rule is not defined for ballots of this type. Nothing was counted.")
        )


@transaction.atomic
def count_contest(
    *, contest: Contest, draw: tally.Draw | None = None, voters: Voters | None = None
) -> Count:
    """Count a sealed contest by its rule and store the result, not yet published.

    `voters` says who cast the ballots of a past election, while they are read in.

    Money that other contests left and that moves here is part of the budget. The draw is that of
    the seed two guarantors entered; tests and experiments may give another. Raises NotSealedError
    before the box is sealed and its key destroyed, CountedTooEarlyError while a contest that gives
    money has no count, UndefinedRuleError where the rule does not go with the ballots,
    DrawMissingError where the rule of an own vote may need a seed and there is none, TieError where
    only a draw can decide.
    """
    round_ = Round.objects.select_for_update().get(pk=contest.scope.round_id)
    if not may_be_counted(round_):
        raise NotSealedError
    projects = list(_projects(contest))
    budget = budget_with_moved_money(contest)
    election = build_election(contest=contest, projects=projects, budget=budget)
    # The contests of a scope are its areas, so each is counted as a whole.
    rule = replace(tally.Rule.from_json(contest.scope.award_rule), areas=tally.Areas.NONE)
    if draw is None:
        draw = _entered_draw(contest, round_, rule)
    try:
        outcome = tally.detailed(election, tally.count(election, rule, draw=draw))
    except tally.UndecidedTieError as error:
        raise TieError(", ".join(error.projects)) from error
    except tally.RuleError as error:
        raise UndefinedRuleError from error
    count = _store(contest, round_, projects, election, outcome)
    keys = {project.code: project.pk for project in projects}
    if len(election.ballots) <= MOST_AT_ONCE:
        store_awards(count=count, election=election, outcome=outcome, keys=keys, voters=voters)
    if settings.TELL_COUNTS:
        transaction.on_commit(lambda: tell.enqueue(count.pk))
    if not round_.seal.is_imported:
        store_own_turnout(contest=contest)
    if not Contest.objects.filter(scope__round=round_, counts__isnull=True).exists():
        Round.objects.filter(pk=round_.pk, state=Round.State.SEALED).update(
            state=Round.State.COUNTED
        )
    return count


@task()
def tell(count_id: int) -> None:
    """Work out what a count tells beyond its award, in pieces of some seconds."""
    count = Count.objects.filter(pk=count_id).first()
    if count is not None and not tell_more(count=count, seconds=SECONDS_OF_A_TASK):
        tell.enqueue(count_id)


def resume_telling(now: datetime | None = None) -> list[str]:
    """Take up what a killed worker left: counts that are not told and that no worker has.

    What failed is tried again an hour later. A constant number of queries; returns a line for each
    count, as the site's timer wants it.
    """
    if not settings.TELL_COUNTS:
        return []
    untold = (
        Count.objects.filter(ballots__gte=SMALLEST, insight__completed_at__isnull=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    waiting = list(untold)
    if not waiting:
        return []
    taken = held(TELLING) | queued(tell) | failed_lately(tell)
    lost = [pk for pk in waiting if pk not in taken]
    for pk in lost:
        tell.enqueue(pk)
    return [f"what count {pk} tells is taken up again" for pk in lost]


def tell_more(*, count: Count, seconds: float | None = None) -> bool:
    """Work out what a count tells that is not known yet, for about so many seconds, if given.

    First the other rules, then what would have sufficed; says whether nothing is left to do here:
    everything is known, or another worker has the count. A count that nobody may read in detail is
    not asked.
    """
    if count.publishes_totals_only:
        return True
    with alone(TELLING, count.pk) as is_alone:
        if not is_alone:
            return True
        if not Insight.objects.filter(count=count).exists():
            keys = dict(count.rows.values_list("project__code", "project_id"))
            election, outcome = counted_again(count)
            store_awards(count=count, election=election, outcome=outcome, keys=keys)
        return answer(count=count, count_again=counted_again, seconds=seconds)


def counted_again(count: Count) -> tuple[tally.Election, tally.Outcome]:
    """Count a stored count's ballots again by its rule and draw: what it needs to be asked more."""
    contest = Contest.objects.select_related("scope__round").get(pk=count.contest_id)
    areas = dict(count.rows.values_list("project__code", "area"))
    projects = _projects(contest).filter(code__in=areas)
    election = build_election(contest=contest, projects=projects, budget=count.budget)
    election = replace(
        election,
        projects=tuple(replace(each, neighborhood=areas[each.id]) for each in election.projects),
    )
    draw = count.outcome["draw"]
    rule = tally.Rule.from_json(count.rule)
    return election, tally.count(election, rule, draw=draw and tally.Draw(**draw))


def _projects(contest: Contest) -> models.QuerySet[Project]:
    """Return the projects of a contest in the official order."""
    return contest.projects.select_related("neighbourhood").order_by("number")


def _entered_draw(contest: Contest, round_: Round, rule: tally.Rule) -> tally.Draw | None:
    act = drawing.entered(round_)
    if act is not None:
        return draw_for(contest, act.parameters["seed"])
    if rule.ties is tally.Ties.STANDARD and not round_.seal.is_imported:
        # Whoever knew which projects are equal could wait for the lottery that suits them.
        raise DrawMissingError
    return None


def build_election(
    *,
    contest: Contest,
    projects: Iterable[Project],
    with_ballots: bool = True,
    budget: int | None = None,
) -> tally.Election:
    """Put together what the tally counts: projects in the official order, limits, sealed ballots.

    ``budget``, in hundredths, stands in for the contest's own where money has moved to it.
    """
    projects = list(projects)
    scope = contest.scope
    vote_type = tally.VoteType(scope.vote_type)
    numbers = {project.number: index for index, project in enumerate(projects)}
    groups: tuple[tally.BallotGroup, ...] = ()
    if with_ballots:
        groups = tuple(_sealed_groups(contest, vote_type, numbers))
    return tally.Election(
        projects=tuple(_tally_project(project) for project in projects),
        ballots=groups,
        vote_type=vote_type,
        budget=contest.budget if budget is None else budget,
        scale=SCALE,
        limits=_limits(contest),
        conflicts=_conflicts(projects),
    )


def _sealed_groups(
    contest: Contest, vote_type: tally.VoteType, positions: Mapping[int, int]
) -> Iterator[tally.BallotGroup]:
    """Yield the distinct ballots with how often each was cast."""
    distinct = (
        SealedChoices.objects.filter(contest=contest)
        .values_list("choices")
        .annotate(times=models.Count("number"))
        .order_by()
    )
    for text, times in distinct.iterator(chunk_size=READ_AT_ONCE):
        parts = ballot_parts(json.loads(text), vote_type, positions)
        yield tally.BallotGroup(*parts, count=times)


def ballot_parts(
    choices: Choices, vote_type: tally.VoteType, positions: Mapping[int, int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Turn choices by ballot number into what the tally takes: positions, and their points."""
    if vote_type.has_points:
        pairs = cast(list[list[int]], choices)
        return (
            tuple(positions[number] for number, _points in pairs),
            tuple(points for _number, points in pairs),
        )
    return tuple(positions[number] for number in cast(list[int], choices)), ()


def _tally_project(project: Project) -> tally.Project:
    return tally.Project(
        id=project.code,
        cost=project.cost,
        # The same in every file, whoever downloads it.
        name=project.title_it or project.title,  # type: ignore[attr-defined]
        withdrawn=project.state == Project.State.WITHDRAWN,
        neighborhood=project.neighbourhood.name if project.neighbourhood else project.area,
        categories=project.themes_for_files,
    )


def _limits(contest: Contest) -> tally.Limits:
    """A ballot holds choices of one contest.

    Length limits belong to the whole ballot of a scope.
    """
    scope = contest.scope
    return tally.Limits(
        max_length=scope.max_length,
        min_points=scope.min_points,
        max_points=scope.max_points,
        max_sum_points=scope.max_sum_points,
        default_score=scope.default_score or 0,
    )


def _conflicts(projects: Iterable[Project]) -> frozenset[frozenset[str]]:
    codes = {project.pk: project.code for project in projects}
    pairs = Project.rivals.through.objects.filter(from_project_id__in=codes)
    return frozenset(
        frozenset((codes[pair.from_project_id], codes[pair.to_project_id]))
        for pair in pairs
        if pair.to_project_id in codes
    )


def _store(
    contest: Contest,
    round_: Round,
    projects: list[Project],
    election: tally.Election,
    outcome: tally.Outcome,
) -> Count:
    keys = {project.code: project.pk for project in projects}
    frozen = FrozenRules.objects.filter(round=round_, number=0).first()
    count = Count.objects.create(
        contest=contest,
        software=f"rione {version('rione')}",
        rule=outcome.rule.to_json(),
        rules_sha256=frozen.sha256 if frozen else "",
        inputs_sha256=tally.inputs_sha256(election, outcome.rule, outcome.draw),
        outcome=outcome.to_json(),
        overview=_overview(outcome, keys)
        | {
            "conflicts": sorted(sorted(pair) for pair in election.conflicts),
            "moved_in": election.budget - contest.budget,
        },
        ballots=election.num_ballots,
        blank_ballots=sum(group.count for group in election.ballots if not group.choices),
        projects=len(projects),
        funded=len(outcome.winners),
        cost=outcome.cost,
        budget=outcome.budget,
    )
    ResultRow.objects.bulk_create(_rows(count, projects, election, outcome, keys))
    return count


def _overview(outcome: tally.Outcome, keys: Mapping[str, int]) -> dict[str, Any]:
    scan = outcome.scan
    comparison = outcome.comparison
    return {
        "excess": outcome.excess,
        "ties": [_tie(tie, keys) for tie in outcome.ties],
        "draw": outcome.draw.to_json() if outcome.draw else None,
        "scan": scan
        and {
            "runs": scan.runs,
            "per_ballot": nearest(scan.per_ballot),
            "rounded": ["per_ballot"] if scan.per_ballot.denominator != 1 else [],
            "ended": scan.ended,
            "next_cost": scan.next_cost,
        },
        "comparison": comparison and comparison.to_json(),
    }


def _rows(
    count: Count,
    projects: list[Project],
    election: tally.Election,
    outcome: tally.Outcome,
    keys: Mapping[str, int],
) -> Iterable[ResultRow]:
    recorded = _recorded_awards(projects)
    places = _places(election.votes)
    told = tally.figures_of(election, outcome)
    for index, project in enumerate(projects):
        item = told[project.code]
        yield ResultRow(
            count=count,
            project=project,
            reason=item.reason,
            area=election.projects[index].neighborhood,
            figures=_by_key(item.figures, keys),
            order_funded=item.order_funded,
            place=places[index],
            votes=item.votes,
            supporters=item.supporters,
            recorded=recorded.get(project.pk),
            sufficing=None if asks_anything(outcome, project.code) else {},
        )


def _recorded_awards(projects: Iterable[Project]) -> dict[int, int | None]:
    found = ImportedProject.objects.filter(project__in=list(projects))
    return dict(found.values_list("project_id", "recorded"))


def _places(votes: tuple[int, ...]) -> list[int]:
    """Rank by votes; equals share the better place."""
    ordered = sorted(votes, reverse=True)
    first: dict[int, int] = {}
    for place, number in enumerate(ordered, start=1):
        first.setdefault(number, place)
    return [first[number] for number in votes]


def _by_key(figures: Mapping[str, Any], keys: Mapping[str, int]) -> dict[str, Any]:
    """Name other projects by primary key, as pages look them up."""
    found = dict(figures)
    for name in ("after", "rival"):
        if name in found:
            found[name] = keys[found[name]]
    if found.get("tie"):
        found["tie"] = found["tie"] | {
            "projects": [keys[code] for code in found["tie"]["projects"]]
        }
    return found


def _tie(tie: tally.TieBreak, keys: Mapping[str, int]) -> dict[str, Any]:
    return {"projects": [keys[code] for code in tie.projects], "decided_by": tie.decided_by}
