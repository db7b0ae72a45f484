"""Projects from a CSV file, all or none, and into one."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from commons.models import Neighbourhood
from home.errors import DomainError
from home.spreadsheets import harmless, line_writer
from residents.models import User

from .amounts import parse_money
from .exporting import money_text
from .models import Contest, Project, Round
from .phases import require_right
from .themes import are_equal_in_number, tidy

LARGEST_FILE = 1_000_000
MOST_ROWS = 5_000
COLUMNS = (
    "number",
    "contest",
    "title_it",
    "title_en",
    "cost",
    "neighbourhood",
    "area",
    "description_it",
    "description_en",
    "categories_it",
    "categories_en",
    "proposer",
    "latitude",
    "longitude",
)
REQUIRED = ("contest", "title_it", "cost")
MOST_DEGREES = {"latitude": 90, "longitude": 180}
EXAMPLE = {
    "number": "1",
    "contest": "Tutta la città",
    "title_it": "Pista ciclabile lungo il fiume",
    "title_en": "Cycle path along the river",
    "cost": "48.500,00",
    "area": "Lungofiume",
    "description_it": "Due chilometri protetti dal traffico.",
    "description_en": "Two kilometres away from the traffic.",
    "categories_it": "mobilità, ambiente",
    "categories_en": "mobility, environment",
    "proposer": "Associazione Ruote",
    "latitude": "43.1012",
    "longitude": "12.4021",
}
_Tell = Callable[[str, str | Promise], None]
_LENGTHS = {
    "title_it": 250,
    "title_en": 250,
    "area": 160,
    "categories_it": 250,
    "categories_en": 250,
    "proposer": 160,
}
THEMES_DIFFER = _("Write a theme for each of the Italian ones, in the same order, or nothing.")


class ProjectFileError(DomainError):
    """A file that cannot be imported; `problems` says why, line by line."""

    def __init__(self, problems: list["Problem"]) -> None:
        super().__init__(_("The file has mistakes: nothing was imported."))
        self.problems = problems


@dataclass(frozen=True)
class Problem:
    """A mistake in a file: its line (from 1, the column names), its column, what to do."""

    line: int
    column: str
    message: str | Promise


@dataclass
class Reading:
    """What a file says: projects not yet stored, and every mistake found."""

    projects: list[Project] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def decode(content: bytes) -> str:
    """Return the text of a file; raise ProjectFileError when it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = _("This is not UTF-8 text. Save the file as “CSV UTF-8” and try again.")
        raise ProjectFileError([Problem(line, "", message)]) from error


def read_projects(*, round: Round, text: str) -> Reading:
    """Read a CSV file of projects for a round; nothing is stored.

    Commas, semicolons or tabs; columns in any order, unknown ones refused. An empty number becomes
    the next free one. Formulas' apostrophes of our own export are taken away.
    """
    reading = Reading()
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip().lower() for name in next(rows, [])]
        if not _check_header(header, reading):
            return reading
        lines = [(rows.line_num, row) for row in rows if any(cell.strip() for cell in row)]
    except csv.Error as error:
        message = _("This line cannot be split into cells (%(why)s). Check its quotation marks.")
        reading.problems.append(Problem(rows.line_num, "", message % {"why": error}))
        return reading
    if len(lines) > MOST_ROWS:
        too_many = _("More than %(most)s projects: split the file.") % {"most": MOST_ROWS}
        reading.problems.append(Problem(MOST_ROWS + 1, "", too_many))
        return reading
    if not lines:
        reading.problems.append(Problem(2, "", _("There is no project in the file.")))
    _Rows(round, reading).read(header, lines)
    return reading


@transaction.atomic
def import_projects(*, round: Round, text: str, by: User) -> list[Project]:
    """Store every project of a file, or none.

    Raises ProjectFileError, NotAllowedError.
    """
    require_right(by)
    round = Round.objects.select_for_update().get(pk=round.pk)
    if round.state != Round.State.PREPARATION:
        message = _("The vote is open: its projects no longer change.")
        raise ProjectFileError([Problem(1, "", message)])
    reading = read_projects(round=round, text=text)
    if reading.problems:
        raise ProjectFileError(reading.problems)
    for project in reading.projects:
        project.save()
    log(
        instance=round,
        action="budgeting.projects.imported",
        user=by,
        data={"numbers": [project.number for project in reading.projects]},
    )
    return reading.projects


def example_file() -> Iterator[str]:
    """Yield a file to start from."""
    return _written([[EXAMPLE.get(column, "") for column in COLUMNS]])


def projects_file(projects: Iterable[Project]) -> Iterator[str]:
    """Yield projects as a file that the import reads; formulas made harmless."""
    return _written(
        [
            str(project.number),
            harmless(project.contest.name),
            *(harmless(text or "") for text in _texts(project, "title")),
            money_text(project.cost),
            harmless(project.neighbourhood.name if project.neighbourhood else ""),
            harmless(project.area),
            *(harmless(text or "") for text in _texts(project, "description")),
            *(harmless(text or "") for text in _texts(project, "categories")),
            harmless(project.proposer),
            "" if project.latitude is None else str(project.latitude),
            "" if project.longitude is None else str(project.longitude),
        ]
        for project in projects
    )


def _texts(project: Project, name: str) -> tuple[str | None, str | None]:
    return getattr(project, f"{name}_it"), getattr(project, f"{name}_en")


def _written(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    line = line_writer()
    yield "\ufeff" + line(COLUMNS)
    yield from map(line, rows)


def _check_header(header: list[str], reading: Reading) -> bool:
    for name in REQUIRED:
        if name not in header:
            message = _("This column is missing. The columns are: %(columns)s.")
            reading.problems.append(Problem(1, name, message % {"columns": ", ".join(COLUMNS)}))
    for name in header:
        if name not in COLUMNS:
            message = _("This column is not known: take it away. The columns are: %(columns)s.")
            reading.problems.append(Problem(1, name, message % {"columns": ", ".join(COLUMNS)}))
        elif header.count(name) > 1:
            reading.problems.append(Problem(1, name, _("This column is there twice.")))
    return not reading.problems


class _Rows:
    """Reads rows against what the round already has."""

    def __init__(self, round: Round, reading: Reading) -> None:
        self.round, self.reading = round, reading
        self.contests: dict[str, Contest] = {}
        for contest in Contest.objects.filter(scope__round=round):
            self.contests |= {contest.slug.casefold(): contest, contest.name.casefold(): contest}
            for name in (contest.name_it, contest.name_en):  # type: ignore[attr-defined]
                if name:
                    self.contests[name.casefold()] = contest
        self.neighbourhoods: dict[str, Neighbourhood] = {}
        for place in Neighbourhood.objects.all():
            for name in (place.slug, place.name, *place.alternative_names):
                self.neighbourhoods[name.casefold()] = place
        self.taken = set(round.projects.values_list("number", flat=True))
        self.next = (round.projects.aggregate(last=Max("number"))["last"] or 0) + 1

    def read(self, header: list[str], lines: list[tuple[int, list[str]]]) -> None:
        """Read every row, so that all mistakes are told at once."""
        for line, cells in lines:
            if len(cells) != len(header):
                message = _("This line has %(cells)s cells and not %(columns)s.")
                counts = {"cells": len(cells), "columns": len(header)}
                self.reading.problems.append(Problem(line, "", message % counts))
                continue
            self._read_row(line, dict(zip(header, map(self._plain, cells), strict=True)))

    @staticmethod
    def _plain(cell: str) -> str:
        text = cell.strip()
        return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text

    def _read_row(self, line: int, cells: Mapping[str, str]) -> None:
        def problem(column: str, message: str | Promise) -> None:
            self.reading.problems.append(Problem(line, column, message))

        project = Project(round=self.round, number=self._number(cells, problem))
        project.code = str(project.number)
        for column in ("contest", "title_it", "cost"):
            if not cells[column]:
                problem(column, _("Write something here: it is needed."))
        contest = self.contests.get(cells["contest"].casefold())
        if contest is not None:
            project.contest = contest
        elif cells["contest"]:
            problem("contest", _("The round has no such contest: write its name as in the round."))
        place = self.neighbourhoods.get(cells.get("neighbourhood", "").casefold())
        if place is not None:
            project.neighbourhood = place
        elif cells.get("neighbourhood"):
            problem(
                "neighbourhood",
                _("The city has no such neighbourhood: write its name, or use “area”."),
            )
        try:
            project.cost = parse_money(cells["cost"]) if cells["cost"] else 0
        except ValidationError as error:
            problem("cost", " ".join(error.messages))
        self._place_on_map(project, cells, problem)
        for column in (*_LENGTHS, "description_it", "description_en"):
            text = cells.get(column, "")
            if column.startswith("categories"):
                text = tidy(text)
            if len(text) > _LENGTHS.get(column, 20_000):
                message = _("This text is too long: at most %(most)s characters.")
                problem(column, message % {"most": _LENGTHS.get(column, 20_000)})
            if column.endswith("_en"):
                setattr(project, column, text or None)
            else:
                setattr(project, column, text)
        if not are_equal_in_number(cells.get("categories_it"), cells.get("categories_en")):
            problem("categories_en", THEMES_DIFFER)
        self.reading.projects.append(project)

    def _number(self, cells: Mapping[str, str], problem: _Tell) -> int:
        text = cells.get("number", "")
        if not text:
            while self.next in self.taken:
                self.next += 1
            number = self.next
        elif text.isascii() and text.isdigit() and 0 < int(text) < 2**31:
            number = int(text)
            if number in self.taken:
                problem("number", _("This number is already taken: write another, or none."))
        else:
            problem("number", _("Write a whole number from 1 up, or nothing."))
            return 0
        self.taken.add(number)
        return number

    @staticmethod
    def _place_on_map(project: Project, cells: Mapping[str, str], problem: _Tell) -> None:
        found: dict[str, Decimal] = {}
        for column, most in MOST_DEGREES.items():
            text = cells.get(column, "").replace(",", ".")
            if not text:
                continue
            try:
                value = Decimal(text)
            except InvalidOperation:
                value = Decimal("NaN")
            if not value.is_finite():
                problem(column, _("Write degrees as a number, such as 43.1012."))
            elif abs(value) > most:
                message = _("There is no such place: write degrees from -%(most)s to %(most)s.")
                problem(column, message % {"most": most})
            else:
                found[column] = round_degrees(value)
        if len(found) == 1 and bool(cells.get("latitude")) != bool(cells.get("longitude")):
            missing = "longitude" if "latitude" in found else "latitude"
            problem(missing, _("Write both latitude and longitude, or neither."))
        project.latitude, project.longitude = found.get("latitude"), found.get("longitude")


def round_degrees(value: Decimal) -> Decimal:
    """Return degrees to six decimals, about ten centimetres."""
    return value.quantize(Decimal("0.000001"))
