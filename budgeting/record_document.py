"""The count record (verbale di scrutinio) as data: everything about one count that must last.

Nothing here names a person. Amounts are whole hundredths of the currency, exact rationals `p/q`,
moments UTC. With fewer than ten ballots it gives totals and the award only, in the official order.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from django.db.models import Sum

from home.models import CitySettings

from . import drawing
from .disclosure import SMALLEST, publishable_cells
from .exporting import published_project_documents
from .freezing import moment
from .joint_acts import second_of
from .models import (
    Annulment,
    Checkpoint,
    Count,
    FrozenRules,
    JointAct,
    Override,
    PaperAccount,
    Phase,
    Project,
    Round,
    Seal,
)
from .override_words import WITHDRAW, override_document
from .tally.kit_files import RECORD_FORMAT
from .texts import in_languages

Document = dict[str, Any]

INVALID_REASONS = ("unclear", "limits", "recognisable", "foreign")

RULE_KEYS = ("rule", "unit", "min_project_score_threshold")
"""What a Pabulib file says about its rule; a name means what it does in that city."""

TOLD_KINDS = (
    JointAct.Kind.OPENING,
    JointAct.Kind.EXTENSION,
    JointAct.Kind.WITHDRAWAL,
    JointAct.Kind.SEALING,
    JointAct.Kind.KEY_DESTRUCTION,
    JointAct.Kind.DRAW,
    JointAct.Kind.OVERRIDE,
)
"""Acts told one by one; annulments are told as numbers, so that nobody is pointed at."""

PUBLIC_REASONS = (
    JointAct.Kind.EXTENSION,
    JointAct.Kind.WITHDRAWAL,
    JointAct.Kind.OVERRIDE,
)
"""Acts whose reason is published at once; the other reasons are for staff."""


@dataclass(frozen=True)
class Input:
    """One file that went into the count."""

    name: str
    size: int
    sha256: str


def record_document(count: Count, inputs: Iterable[Input]) -> Document:
    """Return the record of a count; `inputs` are the files it counted or repeats."""
    contest, round_ = count.contest, count.contest.scope.round
    seal = Seal.objects.get(round=round_)
    rules = FrozenRules.objects.filter(round=round_).order_by("number")
    document: Document = {
        "format": RECORD_FORMAT,
        "software": {"name": "Rione", "version": version("rione")},
        "counted_at": moment(count.made_at),
        "city": _city(),
        "round": {
            "name": in_languages(round_, "name"),
            "slug": round_.slug,
            "place": round_.place,
            "source": round_.source,
            "language": round_.language,
            "is_imported": seal.is_imported,
            "is_invented": is_invented(count),
        },
        "contest": {
            "name": in_languages(contest, "name"),
            "slug": contest.slug,
            "scope": contest.scope_id,
        },
        "currency": round_.currency,
        "vote": _vote(round_),
        "acts": [] if seal.is_imported else _acts(round_),
        "frozen": [
            {"number": each.number, "sha256": each.sha256, "frozen_at": moment(each.frozen_at)}
            for each in rules
        ],
        "rules_sha256": count.rules_sha256 or None,
        "imported": _imported(count),
        "inputs": [
            {"name": each.name, "bytes": each.size, "sha256": each.sha256} for each in inputs
        ],
        "head": _head(round_),
        "ballot": _ballot(count),
        "rule": count.rule,
        "tie_procedure": in_languages(round_, "tie_procedure"),
        "draw": _draw(count),
        "totals": _totals(count, seal),
        "overrides": _overrides(count),
        "totals_only": count.publishes_totals_only,
        "budget": count.budget,
        # What other contests left unspent and the rule moves here; part of the budget.
        "moved_in": count.budget - contest.budget,
        "cost": count.cost,
        "ballots": count.ballots,
        "projects": published_project_documents(count),
    }
    if not count.publishes_totals_only:
        # With so few ballots the hash would confirm whoever guesses them.
        document["inputs_sha256"] = count.inputs_sha256
        document["blank_ballots"] = count.blank_ballots
        document["turnout"] = {
            table.kind: table.cells for table in contest.turnout_tables.order_by("kind")
        }
        document["outcome"] = count.outcome
    return document


def _city() -> dict[str, str]:
    """Name the city that counted; `round.place` names another one whose vote it was."""
    city = CitySettings.objects.filter(site__is_default_site=True).first()
    return in_languages(city, "city_name") if city else {}


def is_invented(count: Count) -> bool:
    """Say whether this vote of ours was made up for the demonstration."""
    if count.contest.scope.round.is_from_elsewhere:
        return False
    return Project.objects.filter(contest=count.contest, is_invented=True).exists()


def _vote(round_: Round) -> Document | None:
    phase = Phase.objects.filter(round=round_, kind=Phase.Kind.VOTE).first()
    if phase is None:
        return None
    return {"starts_at": moment(phase.starts_at), "ends_at": moment(phase.ends_at)}


def _acts(round_: Round) -> list[Document]:
    found = JointAct.objects.filter(
        round=round_, kind__in=TOLD_KINDS, state=JointAct.State.CONFIRMED
    ).order_by("decided_at", "pk")
    return [
        {
            "kind": act.kind,
            "requested_as": act.requested_as,
            "requested_at": moment(act.requested_at),
            "confirmed_as": _second(act),
            # Confirmed acts have their moment: the database refuses others.
            "confirmed_at": moment(act.decided_at) if act.decided_at else None,
            "reason": act.reason if act.kind in PUBLIC_REASONS else "",
            "project": _project_number(act),
        }
        for act in found
    ]


def _overrides(count: Count) -> list[Document]:
    """Give the decisions of two people above the rule that were in force when this was counted.

    Projects withdrawn, costs and budgets changed before the count; notes beside an earlier result.
    """
    contest = count.contest
    codes = dict(contest.projects.values_list("pk", "code"))
    withdrawals = JointAct.objects.filter(
        round=contest.scope.round, kind=JointAct.Kind.WITHDRAWAL, state=JointAct.State.CONFIRMED
    ).order_by("decided_at", "pk")
    found = [
        {
            "kind": WITHDRAW,
            "when": "before",
            "project": codes[act.parameters["project"]],
            "amount": None,
            "amount_before": None,
            "payer": {},
            "reason": {"it": act.reason},
            "confirmed_at": moment(act.decided_at) if act.decided_at else None,
            "revoked_at": None,
        }
        for act in withdrawals
        if act.parameters["project"] in codes
    ]
    decided = (
        Override.objects.in_force().filter(contest=contest).select_related("project", "revoked_by")
    )
    found += [override_document(override) for override in decided.order_by("made_at", "pk")]
    return found


def _second(act: JointAct) -> str:
    return str(second_of(act).signer)


def _project_number(act: JointAct) -> int | None:
    project = act.parameters.get("project")
    if act.kind not in (JointAct.Kind.WITHDRAWAL, JointAct.Kind.OVERRIDE) or project is None:
        return None
    return Project.objects.values_list("number", flat=True).get(pk=project)


def _imported(count: Count) -> Document | None:
    imported = getattr(count.contest, "imported", None)
    if imported is None:
        return None
    return {
        "file": imported.file_name,
        "sha256": imported.file_sha256,
        **{name: imported.meta.get(name, "") for name in RULE_KEYS},
    }


def _head(round_: Round) -> Document | None:
    last = Checkpoint.objects.filter(round=round_).order_by("-number").first()
    if last is None:
        return None
    return {
        "number": last.number,
        "commitments": last.count,
        "root": last.root.hex(),
        "head": last.head.hex(),
        "made_at": moment(last.made_at),
    }


def _ballot(count: Count) -> Document:
    scope = count.contest.scope
    names = (
        "vote_type",
        "min_length",
        "max_length",
        "min_sum_cost",
        "max_sum_cost",
        "min_points",
        "max_points",
        "min_sum_points",
        "max_sum_points",
        "default_score",
        "allows_blank",
    )
    return {name: getattr(scope, name) for name in names}


def _draw(count: Count) -> Document | None:
    """Give the draw with where its seed comes from and when who entered it."""
    drawn: Mapping[str, Any] | None = count.overview.get("draw")
    if drawn is None:
        return None
    act = drawing.entered(count.contest.scope.round)
    if act is None or act.parameters["seed"] != drawn["seed"]:
        return {**drawn, "lottery": "", "entered_at": None}
    entered_at = moment(act.decided_at) if act.decided_at else None
    return {**drawn, "lottery": act.parameters["lottery"], "entered_at": entered_at}


def _totals(count: Count, seal: Seal) -> Document | None:
    """Give the sums of the whole round that the sealing proved; none for imported ballots.

    How many sheets came on paper is not said here, but the public checkpoints tell it: the last one
    is made for them. Numbers by reason are merged like every table about people.
    """
    if seal.is_imported:
        return None
    round_ = count.contest.scope.round
    annulled = Counter(
        Annulment.objects.filter(scope__round=round_).values_list("reason", flat=True)
    )
    accounts = PaperAccount.objects.filter(scope=count.contest.scope)
    invalid = accounts.aggregate(
        **{reason: Sum(f"invalid_{reason}", default=0) for reason in INVALID_REASONS}
    )
    return {
        "commitments": seal.commitments,
        "replaced": seal.replaced,
        "annulled": seal.annulled,
        "counted": seal.counted,
        "annulments": _by_reason(count, annulled),
        "invalid_sheets": _invalid_sheets(count, invalid),
    }


def _by_reason(count: Count, numbers: Mapping[str, int]) -> Document:
    """Give a total, and by reason only what tells nothing about fewer than ten people."""
    cells = () if count.publishes_totals_only else publishable_cells(numbers)
    return {
        "total": sum(numbers.values()),
        "by_reason": [{"reasons": list(cell.labels), "number": cell.people} for cell in cells],
    }


def _invalid_sheets(count: Count, numbers: Mapping[str, int]) -> Document:
    """Give the invalid sheets like every number of people: a total of one to nine is not told.

    The annulled are told whole: without them nobody could add up the commitments.
    """
    told = _by_reason(count, numbers)
    return told | {"total": None if 0 < told["total"] < SMALLEST else told["total"]}
