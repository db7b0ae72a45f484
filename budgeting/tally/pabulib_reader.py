"""Reading Pabulib files: tolerant of what real files do, strict about what would change a count.

Tolerated, with a warning where something was decided: a byte order mark, CRLF line ends, quoted
cells, empty lines, decimal amounts, any text as project id, former column names, a project named
twice on a ballot, rankings of different lengths. Refused with line, field and remedy: everything
that leaves it open how to count. Nothing is guessed silently.

:func:`read_election` gives a whole :class:`~budgeting.tally.election.Election`;
:func:`open_pabulib` gives head and projects at once and then ballot after ballot, for importers.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property, partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from .ballots import BallotArrays, BallotGroup, Ballots, arrays_of, joined
from .election import (
    WITHDRAWN_COST,
    Election,
    Limits,
    Project,
    VoteType,
    canonical_ballot,
)
from .messages import PabulibError, ReadWarning
from .money import decimals, parse_decimal, to_units
from .pabulib_cells import QuickCells
from .pabulib_format import (
    AREA_BUDGETS,
    AREAS,
    EXPECTED_KEYS,
    FIRST_COLUMNS,
    LENGTH_KEYS,
    MONEY_KEYS,
    NEEDED_KEYS,
    OLD_PROJECT_COLUMNS,
    PROJECT_COLUMNS,
    SECTIONS,
    TYPED_KEYS,
)
from .plain_rows import PlainRows, Texts, plain_rows

Source = Iterable[bytes] | Iterable[str]
Cells = tuple[str, str]

_YEAR = re.compile(r"[0-9]{4}", re.ASCII)

MOST_POINTS = 2**31
"""The most points a ballot may give one project: no election has enough ballots to overflow."""

ROWS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class ParsedBallot:
    """One ballot of a file.

    ``choices`` are positions in :attr:`PabulibFile.projects`, in canonical order (ascending; the
    voter's order on ordinal ballots); ``columns`` are the other cells of the row by column name
    (age, sex, voting_method, neighborhood, …), empty ones left out.
    """

    line: int
    voter_id: str
    choices: tuple[int, ...]
    points: tuple[int, ...]
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Reading:
    """An election read from a file, with what was odd about the file."""

    election: Election
    warnings: tuple[ReadWarning, ...]


def read_election(
    source: Path | str | Source,
    *,
    most_projects: int | None = None,
    most_ballots: int | None = None,
) -> Reading:
    """Read a file (a path, or an iterable of lines, bytes or text) into an election.

    What has more projects or ballots is read no further than that. Raises
    :class:`~budgeting.tally.messages.PabulibError` for a broken file and ``OSError`` for one that
    cannot be opened.
    """
    if isinstance(source, str | Path):
        with Path(source).open("rb") as stream:
            return read_election(stream, most_projects=most_projects, most_ballots=most_ballots)
    file = open_pabulib(source, most_projects=most_projects, most_ballots=most_ballots)
    return Reading(file.read_election(), tuple(file.warnings))


def open_pabulib(
    source: Source, *, most_projects: int | None = None, most_ballots: int | None = None
) -> PabulibFile:
    """Read head and projects of a file, ready to give its ballots one by one.

    ``source`` is a stream or another iterable of lines; it must stay open until the ballots are
    read. Raises :class:`~budgeting.tally.messages.PabulibError`, also at the first project or
    ballot too many.
    """
    return PabulibFile(source, most_projects, most_ballots)


class _Rows:
    """Rows of cells with the line each starts on; remembers whether a quoted cell never closed."""

    def __init__(self, source: Source) -> None:
        self._source: Iterator[bytes | str] = iter(source)
        self._taken: list[bytes | str] = []
        self.line = 0
        self._started = 0
        self._quotes = 0

    def _lines(self) -> Iterator[str]:
        while (raw := next(self._source, None)) is not None:
            self.line += 1
            line = self._decode(raw) if isinstance(raw, bytes) else raw
            if self.line == 1:
                line = line.removeprefix("\ufeff")
            if "\0" in line:
                raise PabulibError("nul", line=self.line)
            self._quotes += line.count('"')
            yield line

    def _decode(self, raw: bytes) -> str:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise PabulibError("encoding", line=self.line) from error

    def put_back(self) -> None:
        """Undo the last :meth:`plain_rows`."""
        self._source = chain(self._taken, self._source)
        self.line -= len(self._taken)

    def plain_rows(self, most: int, width: int) -> PlainRows | None:
        """Take the next lines and cut them into cells; None, and nothing taken, if one is odd."""
        self._taken = list(islice(self._source, most))
        self.line += len(self._taken)
        rows = plain_rows(self._taken, width)
        if rows is None:
            self.put_back()
        return rows

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(self._lines(), delimiter=";")
        while True:
            self._started, self._quotes = self.line + 1, 0
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                # A swallowed rest of the file shows as a cell above csv's size limit.
                if self.line > self._started:
                    raise PabulibError("quote", line=self._started) from error
                raise PabulibError("csv", line=self._started, problem=str(error)) from error
            if self.line > self._started and self._quotes % 2:
                raise PabulibError("quote", line=self._started)
            yield self._started, row


class PabulibFile:
    """A file being read: ``meta`` (all keys as written), ``projects``, then :meth:`ballots`.

    ``warnings`` grows while ballots are read. Memory does not grow with the ballots, except for
    about a hundred bytes per voter_id to find repeated ones.
    """

    def __init__(
        self, source: Source, most_projects: int | None = None, most_ballots: int | None = None
    ) -> None:
        self.warnings: list[ReadWarning] = []
        self._most_projects = most_projects
        self._most_ballots = most_ballots
        self._warned: dict[tuple[str, str], ReadWarning] = {}
        self._source = _Rows(source)
        self._rows = iter(self._source)
        self._meta_lines: dict[str, int] = {}
        self.meta: dict[str, str] = self._read_meta()
        self.vote_type = self._read_vote_type()
        self.num_votes = self._meta_whole("num_votes")
        self._project_lines: dict[str, int] = {}
        self._costs: dict[str, str] = {}
        drafts = self._read_projects()
        self.scale = self._find_scale()
        self.projects = tuple(self._priced(project) for project in drafts)
        self._position = {project.id: index for index, project in enumerate(self.projects)}
        self.budget = self._meta_money("budget")
        self.areas = self._read_areas()
        self.limits = self._read_limits()
        self.ranks = (
            self.limits.max_length if self.limits.max_length is not None else len(self.projects)
        )
        self._vote_columns = self._read_vote_header()
        self._started = False

    def line_of(self, key: str) -> int | None:
        """Give the line of a key of META, for whoever finds something wrong with its value."""
        return self._meta_lines.get(key)

    def line_of_project(self, name: str) -> int | None:
        """Give the line of a project."""
        return self._project_lines.get(name)

    # --- warnings -------------------------------------------------------------------------------

    def _warn(
        self, code: str, *, line: int | None = None, field: str = "", **params: str | int
    ) -> None:
        known = self._warned.get((code, field))
        if known is not None:
            known.count += 1
            return
        warning = ReadWarning(code, line, field, params)
        self._warned[code, field] = warning
        self.warnings.append(warning)

    # --- rows -----------------------------------------------------------------------------------

    def _next_row(self) -> tuple[int, list[str]] | None:
        for line, row in self._rows:
            if any(cell.strip() for cell in row):
                return line, row
            self._warn("blank-line", line=line)
        return None

    @staticmethod
    def _title(row: list[str]) -> str | None:
        title = row[0].strip().upper()
        return title if title in SECTIONS and not any(cell.strip() for cell in row[1:]) else None

    def _rows_of(self, section: str) -> Iterator[tuple[int, list[str]]]:
        """Yield rows up to the title of the next section, which must be the one that follows."""
        following = SECTIONS[SECTIONS.index(section) + 1 :][:1]
        while (found := self._next_row()) is not None:
            line, row = found
            title = self._title(row)
            if title is None:
                if following and row[0].strip().lower() == FIRST_COLUMNS[following[0]]:
                    raise PabulibError("section-missing", line=line, section=following[0])
                if len(row) == 1 or section != "VOTES":
                    self._check_heading(section, line, row)
                yield line, row
            elif following and title == following[0]:
                return
            else:
                raise PabulibError("section-order", line=line, section=title)
        if following:
            raise PabulibError("section-missing", section=following[0])

    @staticmethod
    def _check_heading(section: str, line: int, row: list[str]) -> None:
        """Refuse a row of one cell that reads like a misspelt title, and as nothing else."""
        found = row[0].strip()
        if any(cell.strip() for cell in row[1:]) or found in TYPED_KEYS:
            return
        letters = "".join(filter(str.isalpha, found.upper()))
        meant = get_close_matches(letters, SECTIONS, n=1)
        # A project has a cost, so it never stands alone; a key or a voter may.
        if not meant and section == "PROJECTS" and len(row) == 1:
            meant = ["VOTES"]
        if meant:
            raise PabulibError(
                "heading", line=line, section=section, found=found[:40], meant=meant[0]
            )

    def _header(self, section: str) -> tuple[int, list[str]]:
        found = self._next_row()
        if found is None or self._title(found[1]) is not None:
            raise PabulibError("header-missing", line=found and found[0], section=section)
        line, row = found
        while row and not row[-1].strip():
            row.pop()
        columns = [cell.strip().lower() for cell in row]
        for column in columns:
            if columns.count(column) > 1:
                raise PabulibError(
                    "column-repeated", line=line, section=section, field=column, column=column
                )
        return line, columns

    def _cells(self, section: str, line: int, row: list[str], columns: list[str]) -> list[str]:
        """Bring a row to the length of its header."""
        if len(row) > len(columns):
            if any(cell.strip() for cell in row[len(columns) :]):
                raise PabulibError(
                    "cells", line=line, section=section, found=len(row), expected=len(columns)
                )
            return row[: len(columns)]
        if len(row) < len(columns):
            self._warn("short-row", line=line, field=section)
            return row + [""] * (len(columns) - len(row))
        return row

    # --- META -----------------------------------------------------------------------------------

    def _read_meta(self) -> dict[str, str]:
        found = self._next_row()
        if found is None:
            raise PabulibError("empty")
        line, row = found
        title = self._title(row)
        if title != "META":
            if title is not None:
                raise PabulibError("section-missing", line=line, section="META")
            raise PabulibError("section-first", line=line, found=row[0].strip()[:40])
        found = self._next_row()
        if found is None or [cell.strip().lower() for cell in found[1]][:2] != ["key", "value"]:
            text = ";".join(found[1])[:40] if found else ""
            raise PabulibError("meta-header", line=found and found[0], section="META", found=text)
        meta: dict[str, str] = {}
        for line, row in self._rows_of("META"):
            key, value = self._meta_row(line, row)
            if key in meta:
                raise PabulibError("meta-repeated", line=line, section="META", field=key, key=key)
            meta[key] = value
            self._meta_lines[key] = line
        for key in NEEDED_KEYS:
            if not meta.get(key):
                raise PabulibError(
                    "meta-missing",
                    line=self._meta_lines.get(key),
                    section="META",
                    field=key,
                    key=key,
                )
        for key in EXPECTED_KEYS:
            if not meta.get(key):
                self._warn("meta-missing", line=self._meta_lines.get(key), field=key, key=key)
        self._check_days(meta)
        return meta

    def _check_days(self, meta: Mapping[str, str]) -> None:
        """Warn where the days of the vote are no days, or the last comes before the first."""
        days = {key: _day(meta[key]) for key in ("date_begin", "date_end") if meta.get(key)}
        for key, day in days.items():
            if day is None:
                self._warn("day", line=self._meta_lines[key], field=key, value=meta[key][:40])
        first, last = days.get("date_begin"), days.get("date_end")
        # A year alone is compared as a year.
        if first and last and first[: len(last)] > last[: len(first)]:
            self._warn("days-order", line=self._meta_lines["date_end"], field="date_end")

    def _meta_row(self, line: int, row: list[str]) -> tuple[str, str]:
        key = row[0].strip()
        if not key:
            raise PabulibError("meta-key", line=line, section="META")
        if len(row) > 2 and any(cell.strip() for cell in row[2:]):
            raise PabulibError(
                "cells", line=line, section="META", field=key, found=len(row), expected=2
            )
        return key, row[1].strip() if len(row) > 1 else ""

    def _read_vote_type(self) -> VoteType:
        value = self.meta["vote_type"]
        try:
            return VoteType(value.lower())
        except ValueError as error:
            line = self._meta_lines["vote_type"]
            raise PabulibError(
                "vote-type", line=line, section="META", field="vote_type", value=value
            ) from error

    def _meta_whole(self, key: str) -> int:
        return _whole(self.meta[key], line=self._meta_lines[key], section="META", field=key)

    def _meta_countable(self, key: str) -> int:
        line = self._meta_lines[key]
        return _countable(self._meta_whole(key), line=line, section="META", field=key)

    def _meta_money(self, key: str) -> int:
        amount = _amount(self.meta[key], line=self._meta_lines[key], section="META", field=key)
        return to_units(amount, self.scale)

    def _area_amounts(self) -> list[Decimal] | None:
        """Give the budgets of neighbourhoods; None where one is not an amount."""
        amounts = [parse_decimal(text) for text in _list(self.meta.get(AREA_BUDGETS, ""))]
        good = [amount for amount in amounts if amount is not None and amount >= 0]
        return good if len(good) == len(amounts) else None

    def _read_areas(self) -> tuple[tuple[str, int], ...]:
        """Pair the neighbourhoods with their budgets; what they leave is the city-wide part."""
        if not self.meta.get(AREA_BUDGETS):
            return ()
        names = _list(self.meta.get(AREAS, ""))
        amounts = self._area_amounts() or []
        budgets = [to_units(amount, self.scale) for amount in amounts]
        rest = self.budget - sum(budgets)
        areas = [*zip(names, budgets, strict=False), ("", rest)]
        if rest == 0 and all(project.neighborhood for project in self.projects):
            areas.pop()
        used = {project.neighborhood for project in self.projects}
        if (
            len(names) != len(budgets)
            or len(set(names)) != len(names)
            or rest < 0
            or used - dict(areas).keys()
        ):
            self._warn("areas-unused", line=self._meta_lines[AREA_BUDGETS], field=AREA_BUDGETS)
            return ()
        return tuple(areas)

    def _read_limits(self) -> Limits:
        values: dict[str, Any] = dict.fromkeys((*LENGTH_KEYS, *MONEY_KEYS))
        for key in LENGTH_KEYS:
            if self.meta.get(key):
                values[key] = self._meta_whole(key)
        if self.vote_type is VoteType.ORDINAL and self.meta.get("max_length"):
            self._meta_countable("max_length")  # it is also the points of a first place
        for key in MONEY_KEYS:
            if self.meta.get(key):
                values[key] = self._meta_money(key)
        for name in ("length", "sum_cost", "points", "sum_points"):
            low_key, high_key = f"min_{name}", f"max_{name}"
            low, high = values[low_key], values[high_key]
            if low is not None and high is not None and low > high:
                raise PabulibError(
                    "limits",
                    line=self._meta_lines[high_key],
                    section="META",
                    field=high_key,
                    low=self.meta[low_key],
                    high=self.meta[high_key],
                    low_key=low_key,
                    high_key=high_key,
                )
        if self.vote_type is VoteType.ORDINAL and values["max_length"] is None:
            self._warn("no-max-length", field="max_length", used=len(self.projects))
        default = 0
        if self.vote_type is VoteType.SCORING and self.meta.get("default_score"):
            default = self._meta_countable("default_score")
        return replace(Limits(default_score=default), **values)

    # --- PROJECTS -------------------------------------------------------------------------------

    def _read_projects(self) -> list[Project]:
        line, columns = self._header("PROJECTS")
        for old, new in OLD_PROJECT_COLUMNS.items():
            if old in columns and new not in columns:
                columns[columns.index(old)] = new
                self._warn("old-column", line=line, field=old, old=old, new=new)
        for column in ("project_id", "cost"):
            if column not in columns:
                raise PabulibError(
                    "column-missing", line=line, section="PROJECTS", field=column, column=column
                )
        for column in columns:
            if column not in PROJECT_COLUMNS:
                self._warn("unknown-column", line=line, field=column, column=column)
        drafts: list[Project] = []
        for row_line, row in self._rows_of("PROJECTS"):
            if len(drafts) == self._most_projects:
                raise PabulibError(
                    "most-projects", line=row_line, section="PROJECTS", limit=len(drafts)
                )
            cells = self._cells("PROJECTS", row_line, row, columns)
            values = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
            drafts.append(self._read_project(row_line, values))
        announced = self._meta_whole("num_projects")
        if not drafts:
            raise PabulibError("no-projects", section="PROJECTS")
        if announced != len(drafts):
            raise PabulibError(
                "num-projects",
                line=self._meta_lines["num_projects"],
                section="META",
                field="num_projects",
                announced=announced,
                found=len(drafts),
            )
        return drafts

    def _read_project(self, line: int, values: dict[str, str]) -> Project:
        name = values["project_id"]
        if not name:
            raise PabulibError(
                "project-id-missing", line=line, section="PROJECTS", field="project_id"
            )
        if any(mark in name for mark in ",\r\n"):
            raise PabulibError(
                "project-id", line=line, section="PROJECTS", field="project_id", value=name
            )
        if name in self._project_lines:
            first = self._project_lines[name]
            raise PabulibError(
                "project-repeated",
                line=line,
                section="PROJECTS",
                field="project_id",
                project=name,
                first=first,
            )
        self._project_lines[name] = line
        _amount(values["cost"], line=line, section="PROJECTS", field="cost")
        self._costs[name] = values["cost"]
        return Project(
            id=name,
            cost=0,  # known when the decimals of all amounts are
            name=values.get("name", ""),
            categories=_list(values.get("category", "")),
            beneficiaries=_list(values.get("beneficiaries", "")),
            neighborhood=values.get("neighborhood", ""),
            subunit=values.get("subunit", ""),
            district=values.get("district", ""),
            description=values.get("description", ""),
            proposer=values.get("proposer", ""),
            public_id=values.get("public_id", ""),
            latitude=values.get("latitude", ""),
            longitude=values.get("longitude", ""),
            selected=self._read_selected(line, values.get("selected", "")),
            recorded_votes=self._read_recorded(line, "votes", values),
            recorded_score=self._read_recorded(line, "score", values),
            extra=tuple(
                (key, cell) for key, cell in values.items() if key not in PROJECT_COLUMNS and cell
            ),
        )

    @staticmethod
    def _read_selected(line: int, value: str) -> int | None:
        if not value:
            return None
        if value not in ("0", "1", "2", "3"):
            raise PabulibError(
                "selected", line=line, section="PROJECTS", field="selected", value=value
            )
        return int(value)

    @staticmethod
    def _read_recorded(line: int, column: str, values: Mapping[str, str]) -> int | None:
        value = values.get(column, "")
        return _whole(value, line=line, section="PROJECTS", field=column) if value else None

    def _find_scale(self) -> int:
        """Find how many decimals the amounts of this file need."""
        texts = [
            (text, self._project_lines[name], "PROJECTS", "cost")
            for name, text in self._costs.items()
        ]
        keys = [key for key in ("budget", *MONEY_KEYS) if self.meta.get(key)]
        texts += [(self.meta[key], self._meta_lines[key], "META", key) for key in keys]
        return max(
            *(
                decimals(_amount(text, line=line, section=section, field=field))
                for text, line, section, field in texts
            ),
            *map(decimals, self._area_amounts() or ()),
        )

    def _priced(self, project: Project) -> Project:
        line = self._project_lines[project.id]
        amount = _amount(self._costs[project.id], line=line, section="PROJECTS", field="cost")
        return replace(
            project, cost=to_units(amount, self.scale), withdrawn=amount == WITHDRAWN_COST
        )

    # --- VOTES ----------------------------------------------------------------------------------

    def _read_vote_header(self) -> list[str]:
        line, columns = self._header("VOTES")
        wanted = ["voter_id", "vote"] + (["points"] if self.vote_type.has_points else [])
        for column in wanted:
            if column not in columns:
                raise PabulibError(
                    "column-missing", line=line, section="VOTES", field=column, column=column
                )
        return columns

    def _start(self) -> None:
        if self._started:
            raise RuntimeError("the ballots of a file can be read once")
        self._started = True

    def _vote_rows(
        self, voters: set[bytes], total: int
    ) -> Iterator[tuple[int, str, str, str, list[str]]]:
        """Yield (line, voter_id, vote, points, cells); check voters, row lengths and the total.

        ``voters`` and ``total`` are those of the rows read before.
        """
        columns = self._vote_columns
        voter_at, vote_at = columns.index("voter_id"), columns.index("vote")
        points_at = columns.index("points") if "points" in columns else None
        width = len(columns)
        for line, row in self._rows_of("VOTES"):
            self._check_most(line, total, 1)
            cells = row if len(row) == width else self._cells("VOTES", line, row, columns)
            voter = cells[voter_at].strip()
            if not voter:
                raise PabulibError("voter-missing", line=line, section="VOTES", field="voter_id")
            if voter.encode() in voters:
                raise PabulibError(
                    "voter-repeated", line=line, section="VOTES", field="voter_id", voter=voter
                )
            voters.add(voter.encode())
            total += 1
            yield line, voter, cells[vote_at], "" if points_at is None else cells[points_at], cells
        if total != self.num_votes:
            raise PabulibError(
                "num-votes",
                line=self._meta_lines["num_votes"],
                section="META",
                field="num_votes",
                announced=self.num_votes,
                found=total,
            )

    def _check_most(self, line: int, before: int, more: int) -> None:
        """Refuse the first ballot too many; ``more`` rows begin on ``line``."""
        most = self._most_ballots
        if most is not None and before + more > most:
            raise PabulibError(
                "most-ballots", line=line + most - before, section="VOTES", limit=most
            )

    def ballots(self) -> Iterator[ParsedBallot]:
        """Yield the ballots in file order, once. Raises at the first broken one.

        The end of the file is checked too, so a file is good only when the iterator is exhausted.
        """
        self._start()
        taken = {"voter_id", "vote", "points"}
        others = [(at, name) for at, name in enumerate(self._vote_columns) if name not in taken]
        for line, voter, vote, points, cells in self._vote_rows(set(), 0):
            choices, values = self._parse_ballot(line, vote, points)
            columns = {name: text for at, name in others if (text := cells[at].strip())}
            yield ParsedBallot(line, voter, choices, values, columns)

    def read_election(self) -> Election:
        """Read all ballots into an election; also compare recorded with counted totals."""
        self._start()
        ballots = Ballots(self._read_ballots())
        typed = TYPED_KEYS | {AREAS, AREA_BUDGETS} if self.areas else TYPED_KEYS
        election = Election(
            projects=self.projects,
            ballots=ballots,
            vote_type=self.vote_type,
            budget=self.budget,
            scale=self.scale,
            limits=self.limits,
            meta={key: value for key, value in self.meta.items() if key not in typed and value},
            areas=self.areas,
        )
        self._compare_totals(election)
        return election

    def _read_ballots(self) -> BallotArrays:
        """Read ordinary ballots many at a time, and each different one of the others by itself."""
        voters: set[bytes] = set()
        odd: Counter[Cells] = Counter()
        first_line: dict[Cells, int] = {}
        ordinary: list[BallotArrays] = []
        for line, rows in self._plain_rows(voters):
            votes, points = self._vote_cells(rows)
            ballots, fine = self._quick_cells.parse(votes, points)
            ordinary.append(ballots)
            for number in np.flatnonzero(~fine).tolist():
                beside = "" if points is None else points.at(number).decode()
                pair = votes.at(number).decode(), beside
                odd[pair] += 1
                first_line.setdefault(pair, line + number)
        for line, _voter, vote, points_text, _cells in self._vote_rows(voters, len(voters)):
            odd[vote, points_text] += 1
            first_line.setdefault((vote, points_text), line)
        others = []
        for pair, times in odd.items():
            choices, values = self._parse_ballot(first_line[pair], *pair, times=times)
            others.append(BallotGroup(choices, values, times))
        return joined([*ordinary, arrays_of(others)])

    def _plain_rows(self, voters: set[bytes]) -> Iterator[tuple[int, PlainRows]]:
        """Yield many rows at a time, with the line of the first, while nothing about them is odd.

        Their voters, which all are new, are added to ``voters``. Rows after that are left unread.
        """
        width, voter_at = len(self._vote_columns), self._vote_columns.index("voter_id")
        while True:
            line = self._source.line + 1
            rows = self._source.plain_rows(ROWS_AT_ONCE, width)
            if rows is None:
                return
            self._check_most(line, len(voters), len(rows))
            cells = rows.column(voter_at)
            fresh = set(cells.values()) if cells.trimmed() else set()
            if len(fresh) < len(rows) or not fresh.isdisjoint(voters):
                self._source.put_back()
                return
            voters |= fresh
            yield line, rows

    def _vote_cells(self, rows: PlainRows) -> tuple[Texts, Texts | None]:
        columns = self._vote_columns
        points = rows.column(columns.index("points")) if "points" in columns else None
        return rows.column(columns.index("vote")), points

    @cached_property
    def _quick_cells(self) -> QuickCells:
        costs = [project.cost for project in self.projects]
        return QuickCells(self.vote_type, self.limits, self.ranks, self._position, costs)

    def _parse_ballot(
        self, line: int, vote: str, points: str, times: int = 1
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Check one distinct ballot, bring it to canonical form; ``times`` weighs its warnings."""
        with self._weighing(times):
            choices = self._parse_choices(line, vote)
            values = self._parse_points(line, points, choices)
            if not choices:
                self._warn("blank-ballot", line=line, field="vote")
                return (), ()
            if len(set(choices)) < len(choices):
                self._warn_repeated(line, choices)
            canonical = canonical_ballot(self.vote_type, choices, values)
            self._check_limits(line, *canonical)
            if points.strip() and self.vote_type is VoteType.ORDINAL:
                self._check_borda(line, points, len(choices))
            return canonical

    @contextmanager
    def _weighing(self, times: int) -> Iterator[None]:
        before = {key: warning.count for key, warning in self._warned.items()} if times > 1 else {}
        yield
        if times > 1:
            for key, warning in self._warned.items():
                warning.count += (warning.count - before.get(key, 0)) * (times - 1)

    def _parse_choices(self, line: int, vote: str) -> list[int]:
        if not vote.strip():
            return []
        names = vote.split(",")
        try:
            return [self._position[name] for name in names]
        except KeyError:
            stripped = [name.strip() for name in names]
        if len(names) > 1 and stripped != names:
            self._warn("spaces", line=line, field="vote")
        for name in stripped:
            if not name:
                raise PabulibError(
                    "empty-choice", line=line, section="VOTES", field="vote", vote=vote[:80]
                )
            if name not in self._position:
                raise PabulibError(
                    "unknown-project", line=line, section="VOTES", field="vote", project=name[:80]
                )
        return [self._position[name] for name in stripped]

    def _parse_points(self, line: int, points: str, choices: list[int]) -> list[int]:
        text = points.strip()
        if not self.vote_type.has_points:
            if text and self.vote_type is not VoteType.ORDINAL:
                raise PabulibError(
                    "points-unexpected",
                    line=line,
                    section="VOTES",
                    field="points",
                    vote_type=self.vote_type.value,
                )
            return []
        if not text and choices:
            raise PabulibError("points-missing", line=line, section="VOTES", field="points")
        values = self._points_list(line, text)
        if len(values) != len(choices):
            raise PabulibError(
                "points-count",
                line=line,
                section="VOTES",
                field="points",
                choices=len(choices),
                points=len(values),
            )
        return values

    @staticmethod
    def _points_list(line: int, text: str) -> list[int]:
        where: dict[str, Any] = {"line": line, "section": "VOTES", "field": "points"}
        return [
            _countable(_whole(cell.strip(), code="points-number", **where), **where)
            for cell in (text.split(",") if text else [])
        ]

    def _check_borda(self, line: int, points: str, length: int) -> None:
        """Compare points beside a ranking with k, k−1, …; the ranking decides."""
        values = self._points_list(line, points.strip())
        if values != [self.ranks - place for place in range(length)]:
            self._warn("points-not-borda", line=line, field="points", ranks=self.ranks)

    def _warn_repeated(self, line: int, choices: list[int]) -> None:
        repeated = next(index for index in choices if choices.count(index) > 1)
        self._warn("repeated-choice", line=line, field="vote", project=self.projects[repeated].id)

    def _check_limits(self, line: int, choices: tuple[int, ...], points: tuple[int, ...]) -> None:
        limits, found = self.limits, len(choices)
        if self.vote_type is VoteType.CHOOSE_ONE and found > 1:
            raise PabulibError("one-choice", line=line, section="VOTES", field="vote", found=found)
        if limits.max_length is not None and found > limits.max_length:
            raise PabulibError(
                "too-many",
                line=line,
                section="VOTES",
                field="vote",
                found=found,
                limit=limits.max_length,
            )
        if limits.min_length is not None and found < limits.min_length:
            raise PabulibError(
                "too-few",
                line=line,
                section="VOTES",
                field="vote",
                found=found,
                limit=limits.min_length,
            )
        if points:
            self._check_points(line, points)
        if limits.min_sum_cost is not None or limits.max_sum_cost is not None:
            total = sum(self.projects[index].cost for index in choices)
            if limits.min_sum_cost is not None and total < limits.min_sum_cost:
                self._warn("sum-cost-low", line=line, field="vote")
            if limits.max_sum_cost is not None and total > limits.max_sum_cost:
                self._warn("sum-cost-high", line=line, field="vote")

    def _check_points(self, line: int, points: tuple[int, ...]) -> None:
        limits, low, high, total = self.limits, min(points), max(points), sum(points)
        broken = partial(PabulibError, line=line, section="VOTES", field="points")
        if self.vote_type is VoteType.CUMULATIVE and low < 0:
            raise broken("points-negative", value=low)
        if limits.min_points is not None and low < limits.min_points:
            raise broken("points-low", value=low, limit=limits.min_points)
        if limits.max_points is not None and high > limits.max_points:
            raise broken("points-high", value=high, limit=limits.max_points)
        if limits.min_sum_points is not None and total < limits.min_sum_points:
            self._warn("sum-points-low", line=line, field="points")
        if limits.max_sum_points is not None and total > limits.max_sum_points:
            self._warn("sum-points-high", line=line, field="points")

    def _compare_totals(self, election: Election) -> None:
        """Warn where the totals a file records are not those of its ballots."""
        scored = election.vote_type.has_points or election.vote_type is VoteType.ORDINAL
        for index, project in enumerate(self.projects):
            checks = [("votes-differ", "votes", project.recorded_votes, election.mentions[index])]
            if scored:
                checks.append(
                    ("score-differ", "score", project.recorded_score, election.votes[index])
                )
            for code, field, recorded, counted in checks:
                if recorded is not None and recorded != counted:
                    line = self._project_lines[project.id]
                    self._warn(
                        code,
                        line=line,
                        field=field,
                        project=project.id,
                        recorded=recorded,
                        counted=counted,
                    )


def _day(text: str) -> tuple[int, ...] | None:
    """Read DD.MM.YYYY as year, month and day, and YYYY as a year alone."""
    if _YEAR.fullmatch(text):
        return (int(text),)
    try:
        day = datetime.strptime(text, "%d.%m.%Y")  # noqa: DTZ007 a day has no zone
    except ValueError:
        return None
    return day.year, day.month, day.day


def _list(cell: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.split(",") if item.strip())


def _amount(text: str, *, line: int, section: str, field: str) -> Decimal:
    amount = parse_decimal(text)
    if amount is None:
        raise PabulibError("amount", line=line, section=section, field=field, value=text[:40])
    if amount < 0:
        raise PabulibError("amount-negative", line=line, section=section, field=field, value=text)
    return amount


def _countable(value: int, *, line: int, section: str, field: str) -> int:
    """Refuse points so large that sums of them might not fit in the numbers the count uses."""
    if abs(value) > MOST_POINTS:
        raise PabulibError(
            "too-large", line=line, section=section, field=field, value=value, limit=MOST_POINTS
        )
    return value


def _whole(text: str, *, line: int, section: str, field: str, code: str = "whole-number") -> int:
    """Read a whole number; ``3.0`` is one too."""
    amount = parse_decimal(text)
    if amount is None or decimals(amount):
        raise PabulibError(code, line=line, section=section, field=field, value=text[:40])
    return to_units(amount, 0)
