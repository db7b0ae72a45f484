"""Freezing: the rules of a round as one canonical document, its hash, and its numbered addenda."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .canonical_json import canonical_json, sha256_of
from .draws import planned_for, planned_names
from .models import Contest, FrozenRules, Phase, Project, Round, Scope
from .texts import in_languages

FORMAT = "rione-rules/1"
LIMITS = (
    "min_length",
    "max_length",
    "min_sum_cost",
    "max_sum_cost",
    "min_points",
    "max_points",
    "min_sum_points",
    "max_sum_points",
    "default_score",
)


def rules_document(round: Round) -> str:
    """Return the canonical JSON of everything that is frozen at the opening.

    Amounts are in hundredths of the currency, moments in UTC (ISO 8601), fractions of the award
    rule as `p/q`; `draw` names what stands beside the seed in the drawn order of ties. The same
    facts give the same text, whenever it is asked for.
    """
    projects: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for project in (
        Project.objects.filter(round=round)
        .select_related("neighbourhood")
        .prefetch_related("rivals")
        .order_by("number")
    ):
        projects[project.contest_id].append(_project(project))
    vote = round.phases.filter(kind=Phase.Kind.VOTE).first()
    roll = round.roll
    planned = planned_for(round)
    document = {
        "format": FORMAT,
        "number": 0,
        "round": {
            "slug": round.slug,
            "name": in_languages(round, "name"),
            "currency": round.currency,
            "who_may_propose": in_languages(round, "who_may_propose"),
            "who_may_vote": in_languages(round, "who_may_vote"),
            "minimum_age": round.minimum_age,
            "roll": roll and {"name": roll.name, "reference_date": f"{roll.reference_date}"},
            "tie_procedure": in_languages(round, "tie_procedure"),
        },
        "vote": vote and {"starts_at": moment(vote.starts_at), "ends_at": moment(vote.ends_at)},
        "scopes": [
            _scope(scope, projects, planned)
            for scope in round.scopes.prefetch_related("contests__neighbourhood")
        ],
    }
    return canonical_json(document)


def freeze(round: Round) -> FrozenRules:
    """Store the rules as number 0; called once, by the opening, in its transaction."""
    document = rules_document(round)
    return FrozenRules.objects.create(
        round=round, number=0, document=document, sha256=sha256_of(document)
    )


def add_addendum(
    round: Round, *, kind: str, reason: str, content: Mapping[str, Any]
) -> FrozenRules:
    """Publish a change of the frozen rules as the next numbered document.

    It carries the hash of the document before it, so that none can be left out. The caller holds
    the round's lock.
    """
    last = round.frozen_rules.order_by("-number").first()
    if last is None:
        raise ValueError("Only frozen rules have addenda.")
    document = canonical_json(
        {
            "format": FORMAT,
            "number": last.number + 1,
            "previous_sha256": last.sha256,
            "round": round.slug,
            "kind": kind,
            "reason": reason,
            **content,
        }
    )
    return FrozenRules.objects.create(
        round=round, number=last.number + 1, document=document, sha256=sha256_of(document)
    )


def moment(when: datetime) -> str:
    """Write a moment for a document: UTC, to the second or finer, with a Z."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _scope(
    scope: Scope, projects: Mapping[int, list[dict[str, Any]]], planned: dict[str, str]
) -> dict[str, Any]:
    return {
        # By this number the commitments of the ballot box name the scope.
        "number": scope.pk,
        "name": in_languages(scope, "name"),
        "ballot": {
            "vote_type": scope.vote_type,
            **{name: getattr(scope, name) for name in LIMITS},
            "allows_blank": scope.allows_blank,
            "order": scope.ballot_order,
        },
        "award_rule": scope.award_rule,
        "contests": [
            _contest(contest, projects.get(contest.pk, []), planned)
            for contest in scope.contests.all()
        ],
    }


def _contest(
    contest: Contest, projects: list[dict[str, Any]], planned: dict[str, str]
) -> dict[str, Any]:
    names = planned_names(contest, planned)
    return {
        "slug": contest.slug,
        "name": in_languages(contest, "name"),
        "neighbourhood": contest.neighbourhood and contest.neighbourhood.name,
        "budget": contest.budget,
        # As `rione-tally` reads them from the published file.
        "draw": {
            "round": f"{names['unit']} {names['instance']}",
            "contest": names["subunit"],
        },
        "projects": projects,
    }


def _project(project: Project) -> dict[str, Any]:
    return {
        "number": project.number,
        "code": project.code,
        "title": in_languages(project, "title"),
        "cost": project.cost,
        "area": project.neighbourhood.name if project.neighbourhood else project.area,
        "state": project.state,
        "rivals": sorted(rival.number for rival in project.rivals.all()),
    }
