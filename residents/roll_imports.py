"""Filling a roll from a file: read and checked first, imported whole when somebody confirms.

Between the two the rows wait as hashes in the database; the file is not kept. Whoever confirms sees
what will happen; what waits for more than a day is deleted.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from io import StringIO
from itertools import islice
from typing import IO

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from commons.models import Neighbourhood
from home.errors import DomainError
from home.spreadsheets import harmless, line_writer

from . import roll_files, rolls
from .models import ImportedRow, ImportProblem, Roll, RollImport, User

BATCH = 5_000
MOST_PROBLEMS_KEPT = 5_000
WAITS_FOR = timedelta(days=1)
LARGEST_FILE = 60 * 1024 * 1024


class ImportNotReadyError(DomainError):
    """The import has faults, is done already, or was overtaken by another."""


@transaction.atomic
def read(*, roll: Roll, file: IO[bytes], by: User) -> RollImport:
    """Read and check a whole file; nothing on the roll changes.

    Returns the import in state READY, or FAULTY with its problems row by row. Raises RollFileError
    when the file is no roll at all, NotAllowedError.
    """
    rolls.require_right(by)
    reading = RollImport.objects.create(roll=roll, started_by=by, state=RollImport.State.FAULTY)
    problems = _Problems(reading)
    for batch in _batches(roll_files.read(file, neighbourhoods=_neighbourhoods())):
        _keep([result.row for result in batch if result.row], reading)
        reading.row_count += len(batch)
        problems.add(problem for result in batch for problem in result.problems)
    if not reading.row_count:
        raise roll_files.RollFileError(
            gettext_lazy("The file has a first line and no rows."), field="file"
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE residents_importedrow")
    _compare(reading, problems)
    problems.flush()
    if not reading.fault_count:
        reading.state = RollImport.State.READY
    reading.save()
    return reading


@transaction.atomic
def confirm(*, reading: RollImport, by: User) -> RollImport:
    """Import what was read, whole; new people are added and others corrected, nobody is removed.

    On a locked roll people are added only. Raises ImportNotReadyError, NotAllowedError.
    """
    rolls.require_right(by)
    # The roll is locked against an opening at the same time, and against another import.
    roll = Roll.objects.select_for_update().get(pk=reading.roll_id)
    reading = RollImport.objects.select_for_update().get(pk=reading.pk)
    if reading.state == RollImport.State.DONE:
        raise ImportNotReadyError(_("This file is imported already."))
    if reading.state != RollImport.State.READY:
        raise ImportNotReadyError(_("Put the faults right, then read the file again."))
    with connection.cursor() as cursor:
        parameters: dict[str, str | int] = {"import": str(reading.pk), "roll": roll.pk}
        if not roll.is_locked:
            cursor.execute(_CORRECT, parameters)
            reading.changed_count = cursor.rowcount
        cursor.execute(_ADD, parameters)
        reading.new_count = cursor.rowcount
        for statement in (_DOUBT_BIRTH_DATE, _DOUBT_OMOCODIA, _DOUBT_NAMESAKE):
            cursor.execute(statement, parameters)
    reading.unchanged_count = reading.row_count - reading.new_count - reading.changed_count
    reading.state = RollImport.State.DONE
    reading.finished_at = timezone.now()
    reading.save()
    ImportedRow.objects.filter(import_of=reading).delete()
    log(
        instance=roll,
        action="residents.roll.import",
        user=by,
        data={"new": reading.new_count, "corrected": reading.changed_count},
    )
    return reading


@transaction.atomic
def discard(*, reading: RollImport, by: User) -> None:
    """Forget an import that was not confirmed; one that is done keeps its figures."""
    rolls.require_right(by)
    found = RollImport.objects.select_for_update().filter(pk=reading.pk).first()
    if found is not None and found.state != RollImport.State.DONE:
        found.delete()


@transaction.atomic
def prune(now: datetime) -> list[str]:
    """Delete what waited too long, and the problems of imports that are done.

    An import that somebody confirms at this moment is left to them.
    """
    waiting = RollImport.objects.exclude(state=RollImport.State.DONE)
    old = waiting.filter(started_at__lt=now - WAITS_FOR).select_for_update(skip_locked=True)
    keys = [each.pk for each in old]
    RollImport.objects.filter(pk__in=keys).delete()
    ImportProblem.objects.filter(
        import_of__state=RollImport.State.DONE, import_of__finished_at__lt=now - WAITS_FOR
    ).delete()
    return [f"{len(keys)} unconfirmed imports of voter rolls deleted"] if keys else []


def wording(problem: ImportProblem) -> tuple[str, str]:
    """Return what is wrong and what to do, in the active language."""
    wrong, remedy = roll_files.PROBLEMS[problem.code]
    return str(wrong) % {"detail": problem.detail}, str(remedy)


def problems_as_csv(*, reading: RollImport) -> Iterator[str]:
    """Give the problems as lines of a CSV file in which no spreadsheet finds a formula."""
    line = line_writer()
    yield "\ufeff" + line([_("Line"), _("Column"), _("Weight"), _("What"), _("Remedy")])
    for problem in reading.problems.iterator(chunk_size=1000):
        wrong, remedy = wording(problem)
        weight = _("must be put right") if problem.is_fault else _("to look at")
        cells = (str(problem.line), problem.column, weight, wrong, remedy)
        yield line(map(harmless, cells))


class _Problems:
    """Counts all problems and keeps the first ones."""

    def __init__(self, reading: RollImport) -> None:
        self.reading = reading
        self.kept = 0
        self.waiting: list[ImportProblem] = []

    def add(self, problems: Iterable[roll_files.Problem]) -> None:
        for problem in problems:
            if problem.is_fault:
                self.reading.fault_count += 1
            else:
                self.reading.notice_count += 1
            if self.kept < MOST_PROBLEMS_KEPT:
                self.kept += 1
                self.waiting.append(
                    ImportProblem(
                        import_of=self.reading,
                        line=problem.line,
                        column=problem.column,
                        code=problem.code,
                        detail=problem.detail,
                        is_fault=problem.is_fault,
                    )
                )
        if len(self.waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        ImportProblem.objects.bulk_create(self.waiting, batch_size=1000)
        self.waiting = []


def _neighbourhoods() -> dict[str, int]:
    """Map every folded name and alternative name to its neighbourhood; names win."""
    known = list(Neighbourhood.objects.values_list("pk", "name", "alternative_names"))
    found = {roll_files.folded(other): pk for pk, _name, others in known for other in others}
    return found | {roll_files.folded(name): pk for pk, name, _others in known}


def _batches(results: Iterator[roll_files.Reading]) -> Iterator[list[roll_files.Reading]]:
    while batch := list(islice(results, BATCH)):
        yield batch


def _keep(rows: list[roll_files.Row], reading: RollImport) -> None:
    """Put rows into the waiting table with COPY, the only way fast enough for a whole city."""
    lines = StringIO()
    for row in rows:
        cells = (
            reading.pk,
            row.line,
            rf"\\x{row.fiscal_code_hash.hex()}",
            rf"\\x{row.base_hash.hex()}",
            rf"\\x{row.name_mark.hex()}" if row.name_mark else r"\N",
            row.birth_date,
            row.neighbourhood_pk or r"\N",
            row.birth_date_disagrees,
        )
        lines.write("\t".join(map(str, cells)) + "\n")
    lines.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            "COPY residents_importedrow (import_of_id, line, fiscal_code_hash, base_hash, "
            "name_mark, birth_date, neighbourhood_id, birth_date_disagrees) FROM STDIN",
            lines,
        )


def _compare(reading: RollImport, problems: _Problems) -> None:
    """Compare the rows with each other and with the roll."""
    is_locked = Roll.objects.get(pk=reading.roll_id).is_locked
    with connection.cursor() as cursor:
        parameters: dict[str, str | int] = {"import": str(reading.pk), "roll": reading.roll_id}
        cursor.execute(_REPEATED, parameters)
        problems.add(
            roll_files.Problem(line, roll_files.CODE, "repeated", str(first))
            for line, first in cursor.fetchall()
        )
        for statement, code in ((_OMOCODIA, "omocodia"), (_NAMESAKES, "namesake")):
            cursor.execute(statement, parameters)
            column = roll_files.CODE if code == "omocodia" else roll_files.LAST_NAME
            problems.add(roll_files.Problem(line, column, code) for (line,) in cursor.fetchall())
        cursor.execute(_CHANGED, parameters)
        changed = [line for (line,) in cursor.fetchall()]
        if is_locked:
            problems.add(roll_files.Problem(line, "", "locked_change") for line in changed)
        else:
            reading.changed_count = len(changed)
        cursor.execute(_NEW, parameters)
        (reading.new_count,) = cursor.fetchone()
    rows = ImportedRow.objects.filter(import_of=reading)
    # People, not rows: a file with a repeated row is shown before it is put right.
    people = rows.aggregate(people=Count("fiscal_code_hash", distinct=True))["people"]
    reading.unchanged_count = max(0, people - reading.new_count - reading.changed_count)


_REPEATED = """
    SELECT line, first FROM (
        SELECT line, min(line) OVER (PARTITION BY fiscal_code_hash) AS first
        FROM residents_importedrow WHERE import_of_id = %(import)s::uuid
    ) AS counted WHERE line <> first ORDER BY line
"""
_OMOCODIA = """
    SELECT line FROM residents_importedrow AS item
    WHERE import_of_id = %(import)s::uuid AND (
        base_hash IN (
            SELECT base_hash FROM residents_importedrow WHERE import_of_id = %(import)s::uuid
            GROUP BY base_hash HAVING count(DISTINCT fiscal_code_hash) > 1)
        OR EXISTS (
            SELECT FROM residents_rollentry AS entry
            WHERE entry.roll_id = %(roll)s AND entry.base_hash = item.base_hash
              AND entry.fiscal_code_hash <> item.fiscal_code_hash))
    ORDER BY line
"""
_NAMESAKES = """
    SELECT line FROM residents_importedrow
    WHERE import_of_id = %(import)s::uuid AND (name_mark, birth_date) IN (
        SELECT name_mark, birth_date FROM residents_importedrow
        WHERE import_of_id = %(import)s::uuid AND name_mark IS NOT NULL
        GROUP BY name_mark, birth_date HAVING count(DISTINCT fiscal_code_hash) > 1)
    ORDER BY line
"""
_CHANGED = """
    SELECT item.line FROM residents_importedrow AS item
    JOIN residents_rollentry AS entry
      ON entry.roll_id = %(roll)s AND entry.fiscal_code_hash = item.fiscal_code_hash
    WHERE item.import_of_id = %(import)s::uuid
      AND (entry.birth_date, entry.neighbourhood_id)
          IS DISTINCT FROM (item.birth_date, item.neighbourhood_id)
    ORDER BY item.line
"""
_NEW = """
    SELECT count(DISTINCT fiscal_code_hash) FROM residents_importedrow AS item
    WHERE import_of_id = %(import)s::uuid AND NOT EXISTS (
        SELECT FROM residents_rollentry AS entry
        WHERE entry.roll_id = %(roll)s AND entry.fiscal_code_hash = item.fiscal_code_hash)
"""
_CORRECT = """
    UPDATE residents_rollentry AS entry
    SET birth_date = item.birth_date, neighbourhood_id = item.neighbourhood_id
    FROM residents_importedrow AS item
    WHERE item.import_of_id = %(import)s::uuid AND entry.roll_id = %(roll)s
      AND entry.fiscal_code_hash = item.fiscal_code_hash
      AND (entry.birth_date, entry.neighbourhood_id)
          IS DISTINCT FROM (item.birth_date, item.neighbourhood_id)
"""
# The voting ids come from the database's strong generator: two random UUIDs give 244 bits, of which
# SHA-256 keeps 128.
_ADD = """
    INSERT INTO residents_rollentry (roll_id, fiscal_code_hash, base_hash, voting_id, birth_date,
                                     neighbourhood_id, state, state_reason, source, created_at)
    SELECT %(roll)s, fiscal_code_hash, base_hash,
           substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
                     FROM 1 FOR 16),
           birth_date, neighbourhood_id, 'active', '', 'registry', now()
    FROM residents_importedrow AS item WHERE import_of_id = %(import)s::uuid
    ORDER BY gen_random_uuid()
    ON CONFLICT (roll_id, fiscal_code_hash) DO NOTHING
"""
_DOUBT_BIRTH_DATE = """
    INSERT INTO residents_rolldoubt (roll_id, kind, first_id, found_at, note)
    SELECT %(roll)s, 'birth_date', entry.id, now(), ''
    FROM residents_importedrow AS item JOIN residents_rollentry AS entry
      ON entry.roll_id = %(roll)s AND entry.fiscal_code_hash = item.fiscal_code_hash
    WHERE item.import_of_id = %(import)s::uuid AND item.birth_date_disagrees
    ON CONFLICT DO NOTHING
"""
_DOUBT_OMOCODIA = """
    INSERT INTO residents_rolldoubt (roll_id, kind, first_id, second_id, found_at, note)
    SELECT DISTINCT %(roll)s, 'omocodia', least(entry.id, twin.id), greatest(entry.id, twin.id),
           now(), ''
    FROM residents_importedrow AS item
    JOIN residents_rollentry AS entry
      ON entry.roll_id = %(roll)s AND entry.fiscal_code_hash = item.fiscal_code_hash
    JOIN residents_rollentry AS twin
      ON twin.roll_id = %(roll)s AND twin.base_hash = entry.base_hash AND twin.id <> entry.id
    WHERE item.import_of_id = %(import)s::uuid
    ON CONFLICT DO NOTHING
"""
_DOUBT_NAMESAKE = """
    INSERT INTO residents_rolldoubt (roll_id, kind, first_id, second_id, found_at, note)
    SELECT DISTINCT %(roll)s, 'namesake', least(a.id, b.id), greatest(a.id, b.id), now(), ''
    FROM residents_importedrow AS item
    JOIN residents_importedrow AS other
      ON other.import_of_id = item.import_of_id AND other.name_mark = item.name_mark
     AND other.birth_date = item.birth_date AND other.fiscal_code_hash <> item.fiscal_code_hash
    JOIN residents_rollentry AS a
      ON a.roll_id = %(roll)s AND a.fiscal_code_hash = item.fiscal_code_hash
    JOIN residents_rollentry AS b
      ON b.roll_id = %(roll)s AND b.fiscal_code_hash = other.fiscal_code_hash
    WHERE item.import_of_id = %(import)s::uuid
    ON CONFLICT DO NOTHING
"""
