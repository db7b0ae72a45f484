"""Where a simulation takes its election from: a published contest, or an uploaded file."""

import hashlib
import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgeting import tally, themes
from budgeting.counting import SCALE, build_election
from budgeting.disclosure import SMALLEST
from budgeting.import_checks import ImportRefused
from budgeting.models import Contest, Count, Simulation, SimulationFile
from home.errors import DomainError
from home.money import UNKNOWN_CURRENCY, is_iso_currency

LARGEST_FILE = 30_000_000
"""Bytes of an uploaded file; the largest elections published so far have 5 million."""
MOST_BALLOTS = 1_000_000
MOST_PROJECTS = 1_000
MOST_MONEY = 10**11
"""The largest budget or cost of an uploaded file, in major units."""
MOST_POINTS = 10**6
"""The most points an uploaded ballot gives one project, and the longest ranking.

With larger numbers a count may take hours: add-one raises what each ballot owns step by step.
"""


class SourceError(DomainError):
    """An election that cannot be simulated."""


@dataclass(frozen=True)
class Source:
    """An election with the rule it was counted by, and the draw that decided its ties."""

    election: tally.Election
    rule: tally.Rule
    draw: tally.Draw | None = None


def finished_contests() -> "QuerySet[Contest]":
    """Return the contests that may be simulated: their result is published.

    A contest with very few ballots is none of them: its totals alone are public, and every
    recount would tell more.
    """
    return (
        Contest.objects.filter(counts__published_at__isnull=False, counts__ballots__gte=SMALLEST)
        .select_related("scope__round")
        .order_by("scope__round__place", "-scope__round__created_at", "position", "pk")
    )


def load(simulation: Simulation) -> Source:
    """Return the election of a simulation. Raises SourceError where it is no longer there."""
    if simulation.file is not None:
        return _of_file(zlib.decompress(simulation.file.content))
    return of_contest(simulation.contest)


def of_contest(contest: Contest | None) -> Source:
    """Return the election of a published contest, with its places and themes."""
    count = contest.counts.filter(published_at__isnull=False).first() if contest else None
    if contest is None or count is None:
        raise SourceError(gettext_lazy("The result of this contest is no longer published."))
    counted = contest.projects.filter(pk__in=count.rows.values("project"))
    projects = list(counted.select_related("neighbourhood").order_by("number"))
    # Money that other contests left was part of the budget.
    plain = build_election(contest=contest, projects=projects, budget=count.budget)
    described = tuple(
        replace(each, latitude=_degrees(project.latitude), longitude=_degrees(project.longitude))
        for each, project in zip(plain.projects, projects, strict=True)
    )
    return Source(
        election=replace(
            plain, projects=described, meta={"currency": contest.scope.round.currency}
        ),
        rule=tally.Rule.from_json(count.rule),
        draw=_draw(count),
    )


def _degrees(value: Any) -> str:
    return "" if value is None else str(value)


def _draw(count: Count) -> tally.Draw | None:
    drawn = count.overview.get("draw")
    return tally.Draw(**drawn) if drawn else None


def facts_of_contest(contest: Contest, election: tally.Election) -> dict[str, Any]:
    """Return what pages say about a contest without reading its ballots."""
    round_ = contest.scope.round
    projects = {project.code: project for project in contest.projects.all()}
    names = {
        code: {language: getattr(project, f"title_{language}") for language in _languages()}
        for code, project in projects.items()
    }
    return _facts(election, names) | {
        "name": {
            language: " · ".join(
                dict.fromkeys(
                    str(text)
                    for record in (round_, contest)
                    if (text := getattr(record, f"name_{language}") or record.name)
                )
            )
            for language in _languages()
        },
        "theme_names": {
            language: dict(
                pair
                for project in projects.values()
                for pair in zip(
                    project.themes_for_files,
                    themes.split(getattr(project, f"categories_{language}") or ""),
                    strict=False,
                )
            )
            for language in _languages()
        },
        "place": round_.place,
        "source": round_.source,
        "language": round_.language,
        "currency": round_.currency,
    }


def _facts(
    election: tally.Election, names: Mapping[str, Mapping[str, str | None]]
) -> dict[str, Any]:
    return {
        "vote_type": election.vote_type.value,
        "ballots": election.num_ballots,
        "blank": sum(group.count for group in election.ballots if not group.choices),
        "budget": election.budget,
        "max_length": election.limits.max_length,
        "longest": max((len(group.choices) for group in election.ballots), default=0),
        "projects": [
            {
                "id": project.id,
                "name": {
                    language: (names.get(project.id, {}).get(language) or project.name)
                    for language in _languages()
                },
                "cost": project.cost,
                "area": project.neighborhood,
                "themes": list(project.categories),
                "latitude": project.latitude,
                "longitude": project.longitude,
                "withdrawn": project.withdrawn,
            }
            for project in election.projects
        ],
    }


def _languages() -> list[str]:
    return [code for code, _label in settings.LANGUAGES]


# --- uploaded files ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Upload:
    """A file that was read and can be stored, and what it says."""

    name: str
    sha256: str
    content: bytes
    source: Source
    facts: dict[str, Any]


def read_upload(*, name: str, content: bytes, rule: tally.Rule | None = None) -> Upload:
    """Read a Pabulib file that somebody sent; `rule` counts where the file does not say how.

    Raises SourceError with what to do: the file is too large, broken, or its rule unknown.
    """
    if len(content) > LARGEST_FILE:
        raise SourceError(
            _("The file has more than %(most)s MB. Send a smaller one.")
            % {"most": LARGEST_FILE // 1_000_000},
            field="file",
        )
    try:
        election = tally.read_election(
            io.BytesIO(content), most_projects=MOST_PROJECTS, most_ballots=MOST_BALLOTS
        ).election
    except tally.PabulibError as error:
        raise SourceError(str(ImportRefused.of(error, name)), field="file") from error
    _check_size(election)
    try:
        own = rule or tally.Rule.from_file(election.meta)
    except tally.RuleError as error:
        raise SourceError(
            _("The file does not say how its ballots were counted. Choose the rule here."),
            field="rule",
        ) from error
    meta = election.meta
    currency = meta.get("currency", "").upper()
    known = currency if is_iso_currency(currency) else UNKNOWN_CURRENCY
    election = replace(
        election.rescaled(SCALE),
        meta={**meta, "currency": known if known != UNKNOWN_CURRENCY else ""},
    )
    title = " ".join(
        part
        for part in (
            meta.get("unit", ""),
            meta.get("subunit") or meta.get("district", ""),
            meta.get("instance", ""),
        )
        if part
    )
    facts = _facts(election, {}) | {
        "name": dict.fromkeys(_languages(), title or name),
        "theme_names": {},
        "place": meta.get("unit", ""),
        "source": "",
        "language": meta.get("language", "")[:2],
        "currency": known,
    }
    return Upload(
        name=name[-255:],
        sha256=hashlib.sha256(content).hexdigest(),
        content=zlib.compress(_without_people(election).encode()),
        source=Source(election, own),
        facts=facts,
    )


def _check_size(election: tally.Election) -> None:
    if election.num_ballots == 0:
        raise SourceError(_("There is no ballot in the file."), field="file")
    dearest = max(project.cost for project in election.projects)
    if max(dearest, election.budget) > MOST_MONEY * 10**election.scale:
        raise SourceError(
            _("The file has amounts above one hundred billion. Write them in thousands."),
            field="file",
        )
    points = election.arrays.points
    most_points = max(int(points.max(initial=0)), -int(points.min(initial=0)))
    if election.vote_type is tally.VoteType.ORDINAL:
        most_points = election.ranks
    if max(most_points, abs(election.limits.default_score)) > MOST_POINTS:
        raise SourceError(
            _("The file has ballots that give a project more than a million points."), field="file"
        )
    if election.scale > SCALE:
        raise SourceError(
            _("Amounts have more than two decimals. Round them in the file."), field="file"
        )


def _without_people(election: tally.Election) -> str:
    """Write the file again without what it says about voters: only what is counted is kept."""
    stream = io.StringIO(newline="")
    tally.write_election(stream, election, partial_columns=True)
    return stream.getvalue()


def _of_file(content: bytes) -> Source:
    election = tally.read_election(io.BytesIO(content)).election.rescaled(SCALE)
    try:
        rule = tally.Rule.from_file(election.meta)
    except tally.RuleError:
        # Then the base scenario carries the rule that was chosen at upload.
        rule = tally.Rule(tally.Method.GREEDY, ties=tally.Ties.FILE_ORDER)
    return Source(election, rule)


def store_upload(upload: Upload) -> SimulationFile:
    """Keep an uploaded file for its simulation."""
    return SimulationFile.objects.create(
        name=upload.name, sha256=upload.sha256, content=upload.content
    )
