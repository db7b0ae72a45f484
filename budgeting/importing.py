"""A past election in Pabulib files becomes a finished, sealed and published round.

Each file is one scope with one contest. Ballots stream from the file into the sealed box, people's
ages, sexes and places are only counted on the way, and everything happens in one transaction: a
broken file leaves nothing behind.
"""

import datetime
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import DatabaseError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commons.models import Neighbourhood
from home.money import UNKNOWN_CURRENCY, is_iso_currency

from . import tally
from .choices import Choices
from .counting import SCALE, count_contest
from .grouping import Voters
from .import_checks import (
    HashedLines,
    ImportRefused,
    check_amounts,
    check_fields,
    check_points,
    named_errors,
)
from .languages import ISO_639_1
from .models import (
    Channel,
    Contest,
    ImportedContest,
    ImportedProject,
    Phase,
    Project,
    Round,
    Scope,
    TurnoutTable,
)
from .publication import publish
from .recording import make_record
from .sealed_box import ImportedBallot, import_sealed
from .slugs import slug_of
from .tally.language import speaking
from .turnout import NOT_STATED, store_tables

FROM_FILE = "from-file"
PROGRESS_EVERY = 10_000
ROME = ZoneInfo("Europe/Rome")

COLUMNS = {
    TurnoutTable.Kind.AGE: ("age",),
    TurnoutTable.Kind.SEX: ("sex",),
    TurnoutTable.Kind.CHANNEL: ("voting_method",),
    TurnoutTable.Kind.NEIGHBOURHOOD: ("neighborhood", "district"),
}
"""Columns of a ballot in which a file may say it; the first that is there counts."""

COUNTED_COLUMNS = frozenset(name for names in COLUMNS.values() for name in names)
"""No other column is counted: one that differs on every ballot would be kept whole in memory."""

CHANNELS = {
    "internet": Channel.ONLINE,
    "mobile": Channel.ONLINE,
    "online": Channel.ONLINE,
    "paper": Channel.PAPER,
}
"""Words of the column `voting_method` whose meaning is ours."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class SourceFile:
    """A file with what it does not say itself.

    `rule` is `from-file`, a name of Pabulib's, or a whole Rule. `contest_names` are by language of
    the site, `titles` by project id and language, where there are better ones than the file's.
    `award` are the ids the city really funded, from `award_source`, where the file has no
    `selected`.
    """

    path: Path
    rule: str | tally.Rule = FROM_FILE
    contest_names: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    award: frozenset[str] | None = None
    award_source: str = ""


@dataclass(frozen=True)
class RoundFacts:
    """What is said about the round as a whole; what is empty is taken from the files.

    `names` and `summaries` are by language of the site. `place` is the city whose vote it is; with
    `is_ours` the round is this city's own. `is_invented` marks everything as made up. With
    `waits_for_signatures` the counted result is not published: two people do that.
    """

    name: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    summaries: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    is_ours: bool = False
    currency: str = ""
    language: str = ""
    source: str = ""
    is_invented: bool = False
    waits_for_signatures: bool = False


@transaction.atomic
def import_round(
    *, files: Sequence[SourceFile], facts: RoundFacts | None = None, say: Say = lambda line: None
) -> Round:
    """Import files as one round, count every contest and, unless it waits, publish the result.

    `say` gets progress lines. Raises ImportRefused, TieError; then nothing is left behind.
    """
    facts = facts or RoundFacts()
    return _Import(files, facts, say).run()


@dataclass
class _OpenFile:
    """A file on its way in: where it is read, and what was made of its head."""

    source: SourceFile
    lines: HashedLines
    file: tally.PabulibFile
    contest: Contest
    numbers: list[int]
    people: "_People" = field(default_factory=lambda: _People())
    voters: Voters = field(default_factory=lambda: Voters(COLUMNS))

    @property
    def name(self) -> str:
        return self.source.path.name


class _Import:
    """One import: the heads of all files, then all ballots in one stream, then the counts."""

    def __init__(self, files: Sequence[SourceFile], facts: RoundFacts, say: Say) -> None:
        if not files:
            raise ImportRefused(_("No file was named."), remedy=_("Name at least one .pb file."))
        self.files = files
        self.facts = facts
        self.say = say
        self.round = Round()
        self.next_number = 1
        self.slugs: set[str] = set()
        self.failure: ImportRefused | None = None

    def run(self) -> Round:
        with ExitStack() as stack:
            opened = [self._open(stack, at, source) for at, source in enumerate(self.files)]
            try:
                import_sealed(round=self.round, ballots=self._ballots(opened))
            except DatabaseError as error:
                # COPY reports what went wrong while it was reading as an error of its own.
                if self.failure is None:
                    raise
                raise self.failure from error
        for item in opened:
            self._finish(item)
        for item in opened:
            start = time.monotonic()
            count = count_contest(contest=item.contest, voters=item.voters)
            self.say(
                _(
                    "%(contest)s: %(funded)d of %(projects)d projects funded, counted in "
                    "%(time).1f s"
                )
                % {
                    "contest": item.contest.name,
                    "funded": count.funded,
                    "projects": count.projects,
                    "time": time.monotonic() - start,
                }
            )
            make_record(count)
        if not self.facts.waits_for_signatures:
            # Imported votes need no signatures: see `publish`.
            publish(round_=self.round)
        self.round.refresh_from_db()
        return self.round

    def _open(self, stack: ExitStack, position: int, source: SourceFile) -> _OpenFile:
        with named_errors(source.path.name):
            lines = HashedLines(stack.enter_context(source.path.open("rb")), source.path.name)
            file = tally.open_pabulib(lines)
            check_amounts(source.path.name, file)
            rule = _choose_rule(source, file)
            if position == 0:
                self._make_round(source, file)
            else:
                self._check_same_round(source, file)
            contest = self._make_contest(source, file, rule, position)
            projects = self._make_projects(source, file, contest)
        return _OpenFile(source, lines, file, contest, [project.number for project in projects])

    def _finish(self, item: _OpenFile) -> None:
        """Store what is known only after the last ballot."""
        store_tables(contest=item.contest, numbers=item.people.by_kind())
        source = item.source
        ImportedContest.objects.create(
            contest=item.contest,
            file_name=item.name[-255:],
            file_sha256=item.lines.hexdigest(),
            meta=item.file.meta,
            warnings=[_plain(warning) for warning in item.file.warnings],
            award_source=source.award_source if source.award is not None else "",
        )
        for warning in item.file.warnings:
            self.say(_warning_line(source, warning))

    # --- the round ------------------------------------------------------------------------------

    def _make_round(self, source: SourceFile, file: tally.PabulibFile) -> None:
        meta, facts = file.meta, self.facts
        name = facts.name or facts.names.get("it") or self._name_from(source, meta)
        slug = slug_of(name)
        if not slug:
            raise ImportRefused(
                _("The round has no name that can be an address."),
                remedy=_("Name it with --round."),
            )
        if Round.objects.filter(slug=slug).exists():
            raise ImportRefused(
                _("A round called “%(name)s” is already there.") % {"name": name},
                remedy=_("Give this one another name with --round."),
            )
        currency = _currency(meta, facts)
        if currency != UNKNOWN_CURRENCY and not is_iso_currency(currency):
            raise ImportRefused(
                _("“%(currency)s” is not a currency.") % {"currency": currency},
                remedy=_("Write the three letters of ISO 4217, for instance --currency PLN."),
                file=source.path.name,
                line=file.line_of("currency"),
                field="currency",
            )
        if currency == UNKNOWN_CURRENCY:
            self.say(
                _("The file does not say the currency: amounts are shown without one (--currency).")
            )
        place = facts.place or meta.get("unit", "") or name
        self.round = Round(
            slug=slug,
            currency=currency,
            place="" if facts.is_ours else place[:160],
            source=facts.source or ("" if facts.is_ours else _default_source(meta)),
            language=self._language(meta),
            is_public=True,
        )
        for language in ("it", "en"):
            setattr(self.round, f"name_{language}", facts.names.get(language) or name)
            setattr(self.round, f"summary_{language}", facts.summaries.get(language, ""))
        check_fields(self.round, source.path.name, file)
        self.round.save()
        self._make_phase(file)

    def _language(self, meta: Mapping[str, str]) -> str:
        """Give the language of the names; a file's word that is no code is said and left out."""
        if self.facts.language:
            if self.facts.language not in ISO_639_1:
                raise ImportRefused(
                    _("“%(language)s” is no code of a language.")
                    % {"language": self.facts.language},
                    remedy=_("Write the two letters of ISO 639-1, for instance --language pl."),
                )
            return self.facts.language
        language = meta.get("language", "").strip().lower()
        if language in ISO_639_1:
            return language
        if language:
            self.say(
                _(
                    "“%(language)s” is no code of a language: names are shown without one "
                    "(--language)."
                )
                % {"language": language}
            )
        return ""

    def _name_from(self, source: SourceFile, meta: Mapping[str, str]) -> str:
        parts = [meta.get("unit", ""), meta.get("instance", "")]
        if len(self.files) == 1:
            parts.insert(1, meta.get("subunit") or meta.get("district", ""))
        return " ".join(part for part in parts if part) or source.path.stem

    def _make_phase(self, file: tally.PabulibFile) -> None:
        first = _date(file.meta.get("date_begin", ""))
        last = _date(file.meta.get("date_end", ""))
        if first and last and first <= last:
            Phase.objects.create(
                round=self.round,
                kind=Phase.Kind.VOTE,
                starts_at=datetime.datetime.combine(first, datetime.time(), ROME),
                ends_at=datetime.datetime.combine(
                    last + datetime.timedelta(days=1), datetime.time(), ROME
                ),
            )

    def _check_same_round(self, source: SourceFile, file: tally.PabulibFile) -> None:
        currency = _currency(file.meta, self.facts)
        if currency != self.round.currency:
            raise ImportRefused(
                _("The currency is %(this)s, that of the first file %(first)s.")
                % {"this": currency, "first": self.round.currency},
                remedy=_("Import files of one currency together, or say which with --currency."),
                file=source.path.name,
                line=file.line_of("currency"),
                field="currency",
            )

    # --- contest and projects -------------------------------------------------------------------

    def _make_contest(
        self, source: SourceFile, file: tally.PabulibFile, rule: tally.Rule, position: int
    ) -> Contest:
        limits = file.limits
        factor = 10 ** (SCALE - file.scale)
        name = file.meta.get("subunit") or file.meta.get("district") or file.meta.get("unit", "")
        name = (name or source.path.stem)[:150]
        names = {language: source.contest_names.get(language, name) for language in ("it", "en")}
        scope = Scope(
            round=self.round,
            position=position,
            vote_type=file.vote_type.value,
            min_length=limits.min_length if limits.min_length is not None else 1,
            max_length=limits.max_length,
            min_sum_cost=_scaled(limits.min_sum_cost, factor),
            max_sum_cost=_scaled(limits.max_sum_cost, factor),
            min_points=limits.min_points,
            max_points=limits.max_points,
            min_sum_points=limits.min_sum_points,
            max_sum_points=limits.max_sum_points,
            default_score=limits.default_score or None,
            award_rule=rule.to_json(),
        )
        if file.vote_type is tally.VoteType.CUMULATIVE and scope.max_sum_points is None:
            # Pabulib asks for it; where a file is silent, what its ballots gave is the limit.
            scope.max_sum_points = max(limits.min_sum_points or 0, _greatest_sum(source.path))
        contest = Contest(
            scope=scope, slug=self._free_slug(name), budget=file.budget * factor, position=position
        )
        for language, text in names.items():
            setattr(scope, f"name_{language}", text)
            setattr(contest, f"name_{language}", text)
        check_fields(scope, source.path.name, file)
        scope.save()
        check_fields(contest, source.path.name, file)
        contest.save()
        return contest

    def _free_slug(self, name: str) -> str:
        base = slug_of(name, longest=150) or "contest"
        slug, number = base, 2
        while slug in self.slugs:
            slug, number = f"{base}-{number}", number + 1
        self.slugs.add(slug)
        return slug

    def _make_projects(
        self, source: SourceFile, file: tally.PabulibFile, contest: Contest
    ) -> list[Project]:
        factor = 10 ** (SCALE - file.scale)
        quarters = {}
        if self.facts.is_ours:
            quarters = {quarter.name: quarter for quarter in Neighbourhood.objects.all()}
        projects = []
        for number, item in enumerate(file.projects, start=self.next_number):
            latitude, longitude = _coordinates(item)
            titles = source.titles.get(item.id, {})
            project = Project(
                round=self.round,
                contest=contest,
                number=number,
                code=item.id,
                title_it=titles.get("it") or item.name or item.id,
                title_en=titles.get("en"),
                description_it=item.description,
                cost=item.cost * factor,
                neighbourhood=quarters.get(item.neighborhood),
                area=(
                    ""
                    if item.neighborhood in quarters
                    else (item.neighborhood or item.district)[:500]
                ),
                categories_it=",".join(item.categories)[:500],
                proposer=item.proposer[:160],
                latitude=latitude,
                longitude=longitude,
                is_invented=self.facts.is_invented,
            )
            if item.withdrawn:
                project.state = Project.State.WITHDRAWN
                project.withdrawal_reason = _("Withdrawn after the vote, as the file records.")
            projects.append(project)
        self.next_number += len(projects)
        Project.objects.bulk_create(projects)
        ImportedProject.objects.bulk_create(
            ImportedProject(
                project=project,
                recorded=_recorded(item, source),
                recorded_votes=item.recorded_votes,
                recorded_score=item.recorded_score,
                columns=_other_columns(item),
            )
            for project, item in zip(projects, file.projects, strict=True)
        )
        return projects

    # --- ballots --------------------------------------------------------------------------------

    def _ballots(self, opened: Iterable[_OpenFile]) -> Iterator[ImportedBallot]:
        """Yield the ballots of all files, counting people on the way."""
        try:
            for item in opened:
                with named_errors(item.name):
                    yield from self._ballots_of(item)
        except ImportRefused as error:
            self.failure = error
            raise

    def _ballots_of(self, item: _OpenFile) -> Iterator[ImportedBallot]:
        contest_id, numbers = item.contest.pk, item.numbers
        with_points = item.file.vote_type.has_points
        start = time.monotonic()
        read = 0
        for read, ballot in enumerate(item.file.ballots(), start=1):
            item.people.add(ballot.columns)
            choices: Choices
            if with_points:
                check_points(item.name, ballot)
                pairs = zip(ballot.choices, ballot.points, strict=True)
                choices = [[numbers[at], points] for at, points in pairs]
            else:
                choices = [numbers[at] for at in ballot.choices]
            item.voters.add(ballot)
            channel = CHANNELS.get(ballot.columns.get("voting_method", ""), Channel.UNKNOWN)
            yield ImportedBallot(contest_id, choices, channel)
            if read % PROGRESS_EVERY == 0:
                self._say_progress(item, read, start)
        item.lines.finish()
        self._say_progress(item, read, start)

    def _say_progress(self, item: _OpenFile, read: int, start: float) -> None:
        speed = read / max(time.monotonic() - start, 0.001)
        self.say(
            _("%(file)s: %(read)d of %(total)d ballots read, %(speed)d per second")
            % {"file": item.name, "read": read, "total": item.file.num_votes, "speed": speed}
        )


def _greatest_sum(path: Path) -> int:
    """Read a file once more for the most points that any of its ballots gives."""
    with path.open("rb") as stream:
        return max(
            (sum(ballot.points) for ballot in tally.open_pabulib(stream).ballots()), default=0
        )


class _People:
    """How many ballots come from which group; nothing about any single ballot is kept."""

    def __init__(self) -> None:
        self.ballots = 0
        self.numbers: dict[str, Counter[str]] = {}

    def add(self, columns: Mapping[str, str]) -> None:
        self.ballots += 1
        for name, value in columns.items():
            if name not in COUNTED_COLUMNS:
                continue
            counter = self.numbers.get(name)
            if counter is None:
                counter = self.numbers[name] = Counter()
            counter[value] += 1

    def by_kind(self) -> dict[str, Counter[str]]:
        """Return the groups of each table, with those about whom a row was silent."""
        found = {}
        for kind, names in COLUMNS.items():
            numbers = next((self.numbers[name] for name in names if name in self.numbers), None)
            if numbers is not None:
                found[kind.value] = Counter(numbers)
                found[kind.value][NOT_STATED] += self.ballots - numbers.total()
        return found


def _choose_rule(source: SourceFile, file: tally.PabulibFile) -> tally.Rule:
    if isinstance(source.rule, tally.Rule):
        return source.rule
    chosen = dict(file.meta)
    if source.rule != FROM_FILE:
        chosen["rule"] = source.rule
        if source.rule == "greedy-custom":
            chosen["unit"] = "Poznań"  # the one meaning of this name that is known
    try:
        return tally.Rule.from_file(chosen)
    except tally.RuleError as error:
        names = ", ".join(tally.PABULIB_RULES)
        raise ImportRefused(
            _("The rule “%(rule)s” does not say how to count.") % {"rule": chosen.get("rule", "")},
            remedy=_("Say how with --rule: %(names)s, or a rule as JSON.") % {"names": names},
            file=source.path.name,
            line=file.line_of(error.field),
            field=error.field,
        ) from error


def _default_source(meta: Mapping[str, str]) -> str:
    return "; ".join(meta[key] for key in ("description", "country") if meta.get(key))


def _recorded(item: tally.Project, source: SourceFile) -> int | None:
    if source.award is not None:
        return 1 if item.id in source.award else 0
    return item.selected


def _other_columns(item: tally.Project) -> dict[str, Any]:
    columns: dict[str, Any] = dict(item.extra)
    if item.beneficiaries:
        columns["beneficiaries"] = list(item.beneficiaries)
    for name in (
        "neighborhood",
        "subunit",
        "district",
        "description",
        "proposer",
        "public_id",
        "latitude",
        "longitude",
    ):
        if value := getattr(item, name):
            columns[name] = value
    return columns


def _coordinates(item: tally.Project) -> tuple[Decimal | None, Decimal | None]:
    """Read a place on the map; one that is no place on Earth is left out (and kept as text)."""
    try:
        latitude, longitude = Decimal(item.latitude), Decimal(item.longitude)
    except InvalidOperation:
        return None, None
    if not (latitude.is_finite() and longitude.is_finite()):
        return None, None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None, None
    return round(latitude, 6), round(longitude, 6)


def _currency(meta: Mapping[str, str], facts: RoundFacts) -> str:
    """Give the currency of a file: its own, else the one that is said, else what is no currency."""
    own = meta.get("currency", "").upper()
    return own if is_iso_currency(own) else facts.currency or own or UNKNOWN_CURRENCY


def _date(text: str) -> datetime.date | None:
    """Read a day; one at the ends of the calendar has no next midnight and is no day of a vote."""
    try:
        day = datetime.datetime.strptime(text.strip(), "%d.%m.%Y").date()  # noqa: DTZ007 a day
    except ValueError:
        return None
    return day if datetime.MINYEAR < day.year < datetime.MAXYEAR else None


def _scaled(amount: int | None, factor: int) -> int | None:
    return None if amount is None else amount * factor


def _plain(warning: tally.ReadWarning) -> dict[str, Any]:
    return {
        "code": warning.code,
        "line": warning.line,
        "field": warning.field,
        "params": dict(warning.params),
        "count": warning.count,
    }


def _warning_line(source: SourceFile, warning: tally.ReadWarning) -> str:
    with speaking(get_language() or ""):
        message, remedy = warning.message, warning.remedy
    where = f"{source.path.name}, " + _("line %(line)d") % {"line": warning.line or 1}
    times = f" (× {warning.count})" if warning.count > 1 else ""
    return f"{where}: {message} {remedy}{times}"
