"""A result as files: Pabulib for other programs, CSV for spreadsheets, JSON for everything.

Files are sent while they are read: memory does not grow with the ballots. No file names a tracker,
an age, a sex or a place of a ballot; ballots are numbered in the random order of the sealed box.
"""

import json
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.timezone import localtime

from home.money import UNKNOWN_CURRENCY
from home.spreadsheets import harmless, line_writer

from . import tally
from .counting import ballot_parts, build_election
from .draws import names_in_file
from .models import (
    Contest,
    Count,
    ImportedContest,
    ImportedProject,
    Override,
    Phase,
    Project,
    ResultRow,
)
from .override_words import override_document
from .sealed_box import counted_ballots
from .tally.pabulib_format import TYPED_KEYS

LINES_AT_A_TIME = 1_000

CSV_COLUMNS = (
    "number",
    "id",
    "title",
    "title_en",
    "place",
    "themes",
    "cost",
    "currency",
    "votes",
    "ballots_naming_it",
    "rank",
    "funded",
    "order_funded",
    "reason",
    "official_award",
    "decision_after",
    "decision_amount",
    "decision_payer",
)


def pabulib_pieces(count: Count) -> Iterator[str]:
    """Yield the contest as a Pabulib file, some lines at a time (https://pabulib.org/format)."""
    contest = count.contest
    projects = list(contest.projects.order_by("number"))
    rows = {row.project_id: row for row in count.rows.all()}
    rule = tally.Rule.from_json(count.rule)
    election = build_election(
        contest=contest, projects=projects, with_ballots=False, budget=count.budget
    )
    imported = getattr(contest, "imported", None)
    meta = _imported_meta(imported, contest) if imported else _own_meta(count)
    head = _without_idle_decimals(
        tally.Election(
            projects=tuple(_described_projects(election, projects, rows)),
            ballots=(),
            vote_type=election.vote_type,
            budget=election.budget,
            scale=election.scale,
            limits=_file_limits(election, count, imported),
            conflicts=election.conflicts,
            meta=meta,
        )
    )
    totals = _totals(count, [rows[project.pk] for project in projects], head.limits.default_score)
    numbers = {project.number: index for index, project in enumerate(projects)}
    ballots = (
        ballot_parts(choices, election.vote_type, numbers)
        for choices in counted_ballots(contest.pk)
    )
    says_the_rule = _leads_to(meta, rule, count)
    cells = tally.pabulib_rows(head, ballots, totals, rule=None if says_the_rule else rule)
    yield from _pieces(cells, delimiter=";")


def _without_idle_decimals(head: tally.Election) -> tally.Election:
    """Write 4000 rather than 4000.00 where no amount of the election has hundredths."""
    limits = head.limits
    amounts = [head.budget, limits.min_sum_cost or 0, limits.max_sum_cost or 0]
    amounts += [project.cost for project in head.projects]
    unit = 10**head.scale
    if any(amount % unit for amount in amounts):
        return head
    low, high = limits.min_sum_cost, limits.max_sum_cost
    return replace(
        head,
        budget=head.budget // unit,
        scale=0,
        projects=tuple(replace(project, cost=project.cost // unit) for project in head.projects),
        limits=replace(
            limits,
            min_sum_cost=None if low is None else low // unit,
            max_sum_cost=None if high is None else high // unit,
        ),
    )


def _totals(count: Count, rows: list[ResultRow], default_score: int) -> tally.Totals:
    """Give votes and points as they stand on the ballots, without those nobody wrote down."""
    return tally.Totals(
        ballots=count.ballots,
        mentions=[row.supporters for row in rows],
        points=[row.votes - default_score * (count.ballots - row.supporters) for row in rows],
    )


def _imported_meta(imported: ImportedContest, contest: Contest) -> dict[str, str]:
    meta = {key: value for key, value in imported.meta.items() if key not in TYPED_KEYS}
    currency = contest.scope.round.currency
    if "currency" not in meta and currency != UNKNOWN_CURRENCY:
        meta["currency"] = currency
    return meta


def _own_meta(count: Count) -> dict[str, str]:
    contest = count.contest
    round_ = contest.scope.round
    phase = Phase.objects.filter(round=round_, kind=Phase.Kind.VOTE).first()
    first = localtime(phase.starts_at if phase else count.made_at)
    last = localtime(phase.ends_at if phase else count.made_at)
    round_name = _in_languages(round_, "name")["it"] or ""
    contest_name = _in_languages(contest, "name")["it"] or ""
    return {
        "description": f"{round_name}: {contest_name}",
        "country": settings.COUNTRY,
        **names_in_file(contest),
        "date_begin": f"{first:%d.%m.%Y}",
        "date_end": f"{last:%d.%m.%Y}",
        "language": "it",
        "currency": round_.currency,
    }


def _leads_to(meta: dict[str, str], rule: tally.Rule, count: Count) -> bool:
    """Say whether the rule a file names gives this result; ties matter if there were any."""
    if count.overview.get("conflicts"):
        return False
    try:
        meant = tally.Rule.from_file(meta)
    except tally.RuleError:
        return False
    if not count.overview.get("ties"):
        meant = replace(meant, ties=rule.ties)
    return meant == rule


def _file_limits(
    election: tally.Election, count: Count, imported: ImportedContest | None
) -> tally.Limits:
    scope = count.contest.scope
    given = imported.meta if imported else None

    def kept(key: str, value: int | None) -> int | None:
        return value if given is None or given.get(key) else None

    return tally.Limits(
        min_length=kept("min_length", scope.min_length),
        max_length=kept("max_length", scope.max_length),
        min_sum_cost=scope.min_sum_cost,
        max_sum_cost=scope.max_sum_cost,
        min_points=scope.min_points,
        max_points=scope.max_points,
        min_sum_points=scope.min_sum_points,
        max_sum_points=scope.max_sum_points,
        default_score=election.limits.default_score,
    )


def _described_projects(
    election: tally.Election, projects: Iterable[Project], rows: dict[int, ResultRow]
) -> Iterator[tally.Project]:
    known = ImportedProject.objects.in_bulk(
        [project.pk for project in projects], field_name="project_id"
    )
    for plain, project in zip(election.projects, projects, strict=True):
        columns = dict(known[project.pk].columns) if project.pk in known else {}
        yield tally.Project(
            id=plain.id,
            cost=plain.cost,
            name=plain.name,
            withdrawn=plain.withdrawn,
            categories=project.themes_for_files,
            beneficiaries=tuple(columns.pop("beneficiaries", ())),
            neighborhood=_neighbourhood(project, rows[project.pk], columns),
            subunit=columns.pop("subunit", ""),
            district=columns.pop("district", ""),
            description=columns.pop("description", ""),
            proposer=columns.pop("proposer", ""),
            public_id=columns.pop("public_id", ""),
            latitude=columns.pop("latitude", None) or _coordinate(project.latitude),
            longitude=columns.pop("longitude", None) or _coordinate(project.longitude),
            selected=_award_mark(rows[project.pk]),
            extra=tuple(columns.items()),
        )


def _neighbourhood(project: Project, row: ResultRow, columns: dict[str, Any]) -> str:
    if "neighborhood" in columns:
        return str(columns.pop("neighborhood"))
    return row.area if project.neighbourhood_id else ""


def _coordinate(value: Any) -> str:
    return "" if value is None else str(value)


def _award_mark(row: ResultRow) -> int:
    """Give the official award where one is known, else ours (2: funded in part from elsewhere)."""
    if row.recorded is not None:
        return row.recorded
    if not row.is_funded:
        return 0
    return 2 if row.figures.get("partial") else 1


def csv_pieces(count: Count) -> Iterator[str]:
    """Yield the result of every project for a spreadsheet, formulas made harmless.

    Amounts are in the major unit with a point; words are those of the tally, in English. Nothing
    depends on the language of whoever asks: copies are equal.
    """
    yield from _pieces(_csv_rows(count), delimiter=",", byte_order_mark=True)


def _csv_rows(count: Count) -> Iterator[list[str]]:
    yield list(CSV_COLUMNS)
    currency = count.contest.scope.round.currency
    notes = {
        override.project_id: override_document(override)
        for override in Override.objects.after_the_count().in_force().filter(contest=count.contest)
    }
    for row in _published_rows(count):
        project = row.project
        known = not count.publishes_totals_only
        titles = _in_languages(project, "title")
        yield [
            str(project.number),
            harmless(project.code),
            harmless(titles["it"] or ""),
            harmless(titles["en"] or ""),
            harmless(row.area),
            harmless(",".join(project.themes_for_files)),
            money_text(project.cost),
            currency,
            str(row.votes) if known else "",
            str(row.supporters) if known else "",
            str(row.place) if known else "",
            "1" if row.is_funded else "0",
            str(row.order_funded or "") if known else "",
            row.reason if known or row.is_funded else "",
            "" if row.recorded is None else str(row.recorded),
            *_note_cells(notes.get(project.pk)),
        ]


def _note_cells(note: dict[str, Any] | None) -> tuple[str, str, str]:
    """Give the note of two people beside the result: its kind, an amount, and who pays."""
    if note is None:
        return "", "", ""
    amount = "" if note["amount"] is None else money_text(note["amount"])
    return note["kind"], amount, harmless(note["payer"].get("it", ""))


def _published_rows(count: Count) -> QuerySet[ResultRow]:
    """Return the rows in the order of the count, or of the list where that order is secret."""
    rows = count.rows.select_related("project")
    return rows.order_by("project__number") if count.publishes_totals_only else rows


def money_text(cents: int) -> str:
    """Write hundredths as a plain number: 12500.50."""
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    return f"{sign}{whole}.{part:02d}"


def _pieces(
    rows: Iterable[list[str]], *, delimiter: str, byte_order_mark: bool = False
) -> Iterator[str]:
    """Join lines so that a million of them do not travel one by one."""
    line = line_writer(delimiter=delimiter, end="\n")
    waiting = ["\ufeff"] if byte_order_mark else []
    for row in rows:
        waiting.append(line(row))
        if len(waiting) >= LINES_AT_A_TIME:
            yield "".join(waiting)
            waiting = []
    yield "".join(waiting)


def result_document(count: Count) -> dict[str, Any]:
    """Give everything published about a contest, as documented in `docs/count-explained.md`.

    Amounts are whole hundredths of the currency; exact rationals are `p/q`. A contest with under
    ten ballots gives totals only.
    """
    contest = count.contest
    round_ = contest.scope.round
    document: dict[str, Any] = {
        "format": "rione-result/1",
        "round": {
            "name": _in_languages(round_, "name"),
            "slug": round_.slug,
            "place": round_.place,
        },
        "contest": {"id": contest.pk, "name": _in_languages(contest, "name")},
        "currency": round_.currency,
        "source": round_.source,
        "counted_at": count.made_at.isoformat(),
        "software": count.software,
        "rules_sha256": count.rules_sha256 or None,
        "rule": count.rule,
        "vote_type": contest.scope.vote_type,
        "budget": count.budget,
        "cost": count.cost,
        "ballots": count.ballots,
        "totals_only": count.publishes_totals_only,
    }
    document["projects"] = published_project_documents(count)
    document["decisions"] = [
        override_document(override)
        for override in contest.overrides.select_related("project", "revoked_by")
    ]
    document["addenda"] = [
        {
            "number": addendum.number,
            "sha256": addendum.sha256,
            "made_at": addendum.made_at.isoformat(),
        }
        for addendum in contest.addenda.order_by("number")
    ]
    if not count.publishes_totals_only:
        # With so few ballots the hash would confirm whoever guesses them.
        document["inputs_sha256"] = count.inputs_sha256
        document["blank_ballots"] = count.blank_ballots
        document["turnout"] = {
            table.kind: table.cells for table in contest.turnout_tables.order_by("kind")
        }
        document["outcome"] = count.outcome
    return document


def _in_languages(record: Model, name: str) -> dict[str, str | None]:
    """Give a text in every language: a file is the same whatever its reader's browser asks for."""
    return {
        language: getattr(record, f"{name}_{language}") or None
        for language, _label in settings.LANGUAGES
    }


def published_project_documents(count: Count) -> list[dict[str, Any]]:
    """Give what is published about every project; with under ten ballots, in the official order."""
    return [_project_document(row, count) for row in _published_rows(count)]


def _project_document(row: ResultRow, count: Count) -> dict[str, Any]:
    project = row.project
    document: dict[str, Any] = {
        "id": project.code,
        "number": project.number,
        "title": _in_languages(project, "title"),
        "place": row.area,
        "themes": list(project.themes_for_files),
        "cost": project.cost,
        "funded": row.is_funded,
        "official_award": row.recorded,
    }
    if not count.publishes_totals_only:
        document |= {
            "votes": row.votes,
            "ballots_naming_it": row.supporters,
            "rank": row.place,
            "order_funded": row.order_funded,
            "reason": row.reason,
        }
    return document


def json_pieces(count: Count) -> Iterator[str]:
    """Yield the result document as JSON text."""
    yield from json.JSONEncoder(ensure_ascii=False, indent=1).iterencode(result_document(count))


def recount_options(count: Count) -> str:
    """Give the options with which `rione-tally` leads from the published file to this result."""
    rule = tally.Rule.from_json(count.rule)
    imported = getattr(count.contest, "imported", None)
    meta = _imported_meta(imported, count.contest) if imported else _own_meta(count)
    if not _leads_to(meta, rule, count):
        meta = meta | {"rule": rule.pabulib_name(), "min_project_score_threshold": ""}
        if rule.min_votes:
            meta["min_project_score_threshold"] = str(rule.min_votes)
    if _leads_to(meta, rule, count):
        return "--rule from-file"
    return " ".join(_options(rule, count))


def _options(rule: tally.Rule, count: Count) -> Iterator[str]:
    for one, other in count.overview.get("conflicts", ()):
        yield f"--conflict {shlex.quote(f'{one},{other}')}"
    if draw := count.overview.get("draw"):
        yield f"--draw {shlex.quote(draw['seed'])}"
    yield from rule_options(rule)


def rule_options(rule: tally.Rule) -> Iterator[str]:
    """Yield the options with which `rione-tally` counts by a rule."""
    plain = tally.Rule(method=rule.method)
    percentage = 100 * rule.min_share
    if (rule.min_votes and rule.min_share) or percentage.denominator != 1:
        # No option says both minimums; a share like a third reads badly as a percentage.
        yield f"--rule {shlex.quote(json.dumps(_without_defaults(rule)))}"
        return
    yield f"--rule {rule.method}"
    if rule.min_votes:
        yield f"--min-votes {rule.min_votes}"
    elif rule.min_share:
        yield f"--min-votes {percentage}%"
    for name in (
        "eligibility",
        "order",
        "utility",
        "completion",
        "stop",
        "start",
        "step",
        "comparison",
        "areas",
        "compat",
    ):
        value = getattr(rule, name)
        if value != getattr(plain, name):
            yield f"--{name} {value}"
    if rule.overflow is tally.Overflow.PARTIAL:
        yield f"--partial-share {rule.partial_share}"
    elif rule.overflow is not plain.overflow:
        yield f"--overflow {rule.overflow}"
    yield f"--ties {rule.ties}"


def _without_defaults(rule: tally.Rule) -> dict[str, str | int]:
    plain = tally.Rule(method=rule.method).to_json()
    return {
        name: value
        for name, value in rule.to_json().items()
        if name == "method" or value != plain[name]
    }
