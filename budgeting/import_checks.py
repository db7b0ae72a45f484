"""What a Pabulib file is refused for before it becomes a round.

`name` is everywhere the file's, for the message.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from home.errors import DomainError

from . import tally
from .counting import SCALE
from .tally.language import speaking

MOST_CENTS = 10**15
MOST_POINTS = 10**9
LONGEST_TITLE = 1_000
LONGEST_CODE = 80


class ImportRefused(DomainError):
    """A file cannot be imported; the message names file, line, field and what to do."""

    def __init__(
        self, message: str, *, remedy: str, file: str = "", line: int | None = None, field: str = ""
    ) -> None:
        places = [file] if file else []
        if line:
            places.append(_("line %(line)d") % {"line": line})
        if field:
            places.append(field)
        where = f"{', '.join(places)}: " if places else ""
        super().__init__(f"{where}{message} {remedy}")
        self.line = line
        self.remedy = remedy
        self.column = field

    @classmethod
    def of(cls, error: tally.PabulibError, file: str) -> "ImportRefused":
        """Say in the reader's language what the reader of files found."""
        with speaking(get_language() or ""):
            return cls(
                error.message,
                remedy=error.remedy,
                file=file,
                line=error.line,
                field=" · ".join(part for part in (error.section, error.field) if part),
            )


@contextmanager
def named_errors(name: str) -> Iterator[None]:
    """Turn what the reader and the system say about a file into a refusal that names it."""
    try:
        yield
    except tally.PabulibError as error:
        raise ImportRefused.of(error, name) from error
    except OSError as error:
        raise ImportRefused(
            _("The file cannot be read: %(problem)s.") % {"problem": error.strerror},
            remedy=_("Check the path and the permissions."),
            file=name,
        ) from error


def check_amounts(name: str, file: tally.PabulibFile) -> None:
    """Refuse amounts, votes and names that the database cannot hold, and a budget of nothing."""

    def refuse(message: str, remedy: str, column: str, line: int | None) -> NoReturn:
        raise ImportRefused(message, remedy=remedy, file=name, line=line, field=column)

    if file.scale > SCALE:
        refuse(
            _("Amounts have %(decimals)d decimals.") % {"decimals": file.scale},
            _("Write amounts with at most two decimals."),
            "budget, cost",
            file.line_of("budget"),
        )
    if file.budget == 0:
        refuse(
            _("The budget is 0."),
            _("Write the budget of the vote."),
            "budget",
            file.line_of("budget"),
        )
    for project in file.projects:
        line = file.line_of_project(project.id)
        if project.cost * 10 ** (SCALE - file.scale) > MOST_CENTS:
            refuse(
                _("The cost of %(project)s is too large.") % {"project": project.id},
                _("Check the zeros."),
                "cost",
                line,
            )
        recorded = (project.recorded_votes or 0, project.recorded_score or 0)
        if max(map(abs, recorded)) > MOST_CENTS:
            refuse(
                _("The votes of %(project)s are too many.") % {"project": project.id},
                _("Check the zeros."),
                "votes, score",
                line,
            )
        if len(project.id) > LONGEST_CODE or len(project.name) > LONGEST_TITLE:
            refuse(
                _("The id or the name of %(project)s is too long.")
                % {"project": project.id[:LONGEST_CODE]},
                _("Shorten it: %(code)d characters for an id, %(title)d for a name.")
                % {"code": LONGEST_CODE, "title": LONGEST_TITLE},
                "project_id, name",
                line,
            )


def check_points(name: str, ballot: tally.ParsedBallot) -> None:
    """Refuse points that no ballot gives."""
    if any(abs(points) > MOST_POINTS for points in ballot.points):
        raise ImportRefused(
            _("A number of points is too large."),
            remedy=_("Check the zeros."),
            file=name,
            line=ballot.line,
            field="points",
        )


def check_fields(record: Model, name: str, file: tally.PabulibFile) -> None:
    """Refuse what a column of the database cannot hold; most are named like the file's keys."""
    try:
        # Currencies of the past and the unknown one are checked on their own.
        record.clean_fields(exclude={"currency", "scope"})
    except ValidationError as error:
        column, messages = next(iter(error.message_dict.items()))
        field = column.removesuffix("_it").removesuffix("_en")
        raise ImportRefused(
            messages[0],
            remedy=_("Correct the file, or name it otherwise with the command."),
            file=name,
            line=file.line_of(field),
            field=field,
        ) from error


class HashedLines:
    """Lines of a file, hashed while they are read; refuses what the database cannot keep."""

    def __init__(self, stream: Iterable[bytes], name: str) -> None:
        self._name = name
        self._lines = iter(stream)
        self._digest = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for number, line in enumerate(self._lines, start=1):
            if b"\0" in line:
                raise ImportRefused(
                    _("The file holds a character that is no text (code 0)."),
                    remedy=_("Save it again as text in UTF-8."),
                    file=self._name,
                    line=number,
                )
            self._digest.update(line)
            yield line

    def finish(self) -> None:
        """Hash what the reader left unread."""
        for line in self._lines:
            self._digest.update(line)

    def hexdigest(self) -> str:
        """Return the SHA-256 of what has been read."""
        return self._digest.hexdigest()
