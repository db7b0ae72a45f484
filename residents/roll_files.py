"""Reading the registry office's file: encoding, separator, columns, and each row.

Nothing here touches the database. A row comes out as a `Row` of hashes and dates, or as problems;
the codice fiscale and the names are forgotten at once.
"""

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import TextIOWrapper
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from home.errors import DomainError

from . import fiscal_codes
from .rolls import RollEntryError, check_birth_date

SNIFFED_BYTES = 64 * 1024
LONGEST_FIELD = 1000

CODE, BIRTH_DATE, NEIGHBOURHOOD, FIRST_NAME, LAST_NAME = (
    "codice_fiscale",
    "data_nascita",
    "quartiere",
    "nome",
    "cognome",
)
COLUMNS = {
    CODE: {"codice_fiscale", "codicefiscale", "cf", "fiscal_code"},
    BIRTH_DATE: {"data_nascita", "data_di_nascita", "nato_il", "birth_date", "date_of_birth"},
    NEIGHBOURHOOD: {"quartiere", "frazione", "zona", "neighbourhood", "neighborhood"},
    FIRST_NAME: {"nome", "first_name"},
    LAST_NAME: {"cognome", "last_name", "surname"},
}
REQUIRED = (CODE, BIRTH_DATE)

EXAMPLE = (
    "codice_fiscale;data_nascita;quartiere;cognome;nome\r\n"
    "RSSMRA80A01H501U;01/01/1980;Centro Storico;Rossi;Mario\r\n"
    "BNCLRA05M41H501H;01/08/2005;Stazione;Bianchi;Laura\r\n"
)

NO_TEXT = _("This is not a CSV file. In the spreadsheet choose “Save as CSV UTF-8”.")
# What is wrong, and what to do about it. `%(detail)s` is what the row says, where that may be told.
PROBLEMS: dict[str, tuple[str | Promise, str | Promise]] = {
    "cells": (
        _("The row has another number of cells than the first line."),
        _("Look for a separator inside a text, and put that text in quotes."),
    ),
    "code": (
        _("This is no codice fiscale."),
        _("Compare it with the registry: 16 letters and digits, or 11 digits if provisional."),
    ),
    "code_missing": (_("The codice fiscale is missing."), _("Add it, or leave the row out.")),
    "repeated": (
        _("The same codice fiscale stands in line %(detail)s too."),
        _("Keep one of the two rows."),
    ),
    "date_missing": (_("The birth date is missing."), _("Add it.")),
    "date": (
        _("“%(detail)s” is not a date."),
        _("Write day, month and year: 31/12/1980, or 1980-12-31."),
    ),
    "date_impossible": (
        _("The birth date %(detail)s cannot be: it is in the future or too long ago."),
        _("Put the year right."),
    ),
    "date_disagrees": (
        _("The birth date is not the one in the codice fiscale."),
        _("Check it at the registry; the person can be imported and stays marked for a check."),
    ),
    "neighbourhood": (
        _("“%(detail)s” is no neighbourhood of the city."),
        _("Write its name, or add this one to its alternative names."),
    ),
    "neighbourhood_missing": (
        _("The neighbourhood is missing."),
        _("The person can be imported, and may vote in every contest like everybody on the roll."),
    ),
    "locked_change": (
        _("The person is on the roll with another birth date or neighbourhood."),
        _("A vote has opened with this roll, so nothing is corrected by import."),
    ),
    "omocodia": (
        _("A codice fiscale equal but for omocodia is on the roll or in the file."),
        _("They can be two people: look at both after the import. Nobody is merged."),
    ),
    "namesake": (
        _("Somebody else in the file has the same name and birth date."),
        _("They can be two people: look at both after the import. Nobody is merged."),
    ),
}
# These do not stop an import; people look at them.
NOTICES = {
    "date_disagrees",
    "neighbourhood_missing",
    "locked_change",
    "omocodia",
    "namesake",
}


class RollFileError(DomainError):
    """A file that cannot be read as a roll at all."""


@dataclass(frozen=True)
class Problem:
    """Something about one row; `detail` never carries a codice fiscale or a name."""

    line: int
    column: str
    code: str
    detail: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether it must be put right before anything is imported."""
        return self.code not in NOTICES


@dataclass(frozen=True)
class Row:
    """A row that can be imported."""

    line: int
    fiscal_code_hash: bytes
    base_hash: bytes
    name_mark: bytes | None
    birth_date: date
    neighbourhood_pk: int | None
    birth_date_disagrees: bool


@dataclass
class Reading:
    """What one line of the file gave."""

    row: Row | None = None
    problems: list[Problem] = field(default_factory=list)


def read(file: IO[bytes], *, neighbourhoods: Mapping[str, int]) -> Iterator[Reading]:
    """Read a CSV file line by line; memory does not grow with the file.

    `neighbourhoods` maps folded names (see `folded`) to primary keys. The file may be UTF-8, with
    or without a mark, or Windows-1252; separated by semicolons, commas or tabs. Raises
    RollFileError.
    """
    text = _as_text(file)
    start = text.read(SNIFFED_BYTES)
    text.seek(0)
    if not start.strip():
        raise RollFileError(_("The file is empty."), field="file")
    lines = csv.reader(text, delimiter=_separator(start), strict=True)
    try:
        columns = _columns(next(lines))
        for cells in lines:
            if any(cell.strip() for cell in cells):
                yield _read_row(lines.line_num, cells, columns, neighbourhoods)
    except csv.Error as error:
        raise RollFileError(
            _("Line %(line)s cannot be read: a quotation mark is missing or too many.")
            % {"line": lines.line_num},
            field="file",
        ) from error


def folded(name: str) -> str:
    """Return a name as it is compared: without accents, capitals, apostrophes and double spaces."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^0-9a-z]+", " ", plain.lower()).split())


def _as_text(file: IO[bytes]) -> TextIOWrapper:
    """Return the file as text in the encoding in which the whole of it can be read."""
    if _decodes(file, "utf-8"):
        encoding = "utf-8-sig"
    elif _decodes(file, "cp1252"):
        encoding = "cp1252"
    else:
        raise RollFileError(NO_TEXT, field="file")
    file.seek(0)
    return TextIOWrapper(file, encoding=encoding, newline="")


def _decodes(file: IO[bytes], encoding: str) -> bool:
    """Say whether a whole file is text in an encoding. Raises RollFileError on a zero byte."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(SNIFFED_BYTES):
            # In no text of ours; spreadsheets' own files and UTF-16 are full of them.
            if b"\0" in chunk:
                raise RollFileError(NO_TEXT, field="file")
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _separator(start: str) -> str:
    first_line = start.splitlines()[0]
    return max(";,\t", key=first_line.count)


def _columns(titles: list[str]) -> list[str | None]:
    columns: list[str | None] = []
    for title in titles:
        plain = folded(title).replace(" ", "_")
        columns.append(next((name for name, also in COLUMNS.items() if plain in also), None))
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise RollFileError(
            _("The first line must name the columns; these are missing: %(columns)s.")
            % {"columns": ", ".join(missing)},
            field="file",
        )
    named = [name for name in columns if name]
    if len(named) != len(set(named)):
        raise RollFileError(_("The first line names a column twice."), field="file")
    return columns


def _read_row(
    line: int, cells: list[str], columns: list[str | None], neighbourhoods: Mapping[str, int]
) -> Reading:
    if len(cells) != len(columns):
        return Reading(problems=[Problem(line, "", "cells")])
    values = {name: cell.strip() for name, cell in zip(columns, cells, strict=True) if name}
    problems: list[Problem] = []

    code = _code(line, values[CODE], problems)
    birth_date = _birth_date(line, values[BIRTH_DATE], problems)
    neighbourhood = _neighbourhood(line, values.get(NEIGHBOURHOOD, ""), neighbourhoods, problems)
    if code is None or birth_date is None or any(problem.is_fault for problem in problems):
        return Reading(problems=problems)

    disagrees = not code.agrees_with(birth_date)
    if disagrees:
        problems.append(Problem(line, BIRTH_DATE, "date_disagrees"))
    name = folded(f"{values.get(LAST_NAME, '')} {values.get(FIRST_NAME, '')}")
    row = Row(
        line=line,
        fiscal_code_hash=code.hash,
        base_hash=fiscal_codes.keyed_mark("base", code.base),
        name_mark=fiscal_codes.keyed_mark("name", name) if name else None,
        birth_date=birth_date,
        neighbourhood_pk=neighbourhood,
        birth_date_disagrees=disagrees,
    )
    return Reading(row=row, problems=problems)


def _code(line: int, text: str, problems: list[Problem]) -> fiscal_codes.FiscalCode | None:
    if not text:
        problems.append(Problem(line, CODE, "code_missing"))
        return None
    try:
        return fiscal_codes.parse(text[:LONGEST_FIELD])
    except fiscal_codes.FiscalCodeError:
        problems.append(Problem(line, CODE, "code"))
        return None


_DATES = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})"), (3, 2, 1)),
)


def _birth_date(line: int, text: str, problems: list[Problem]) -> date | None:
    if not text:
        problems.append(Problem(line, BIRTH_DATE, "date_missing"))
        return None
    for form, (year, month, day) in _DATES:
        if match := form.fullmatch(text):
            try:
                found = date(int(match[year]), int(match[month]), int(match[day]))
                check_birth_date(birth_date=found)
            except RollEntryError:
                problems.append(Problem(line, BIRTH_DATE, "date_impossible", text))
                return None
            except ValueError:
                break
            return found
    problems.append(Problem(line, BIRTH_DATE, "date", text[:20]))
    return None


def _neighbourhood(
    line: int, text: str, neighbourhoods: Mapping[str, int], problems: list[Problem]
) -> int | None:
    if not text:
        problems.append(Problem(line, NEIGHBOURHOOD, "neighbourhood_missing"))
        return None
    found = neighbourhoods.get(folded(text))
    if found is None:
        problems.append(Problem(line, NEIGHBOURHOOD, "neighbourhood", text[:120]))
    return found
