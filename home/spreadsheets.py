"""Files for spreadsheets: what people wrote never becomes a formula there (OWASP: CSV injection).

Wagtail's own exports write cells as they are (those for Excel mark them as text). All of its views
share one mixin with no setting for this, so its lines are written here, for every export at once.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from wagtail.admin.views.mixins import Echo, SpreadsheetExportMixin

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe before its start."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


class _Line:
    """Gives csv.writer somewhere to write: the line comes back instead of being stored."""

    def write(self, text: str) -> str:
        return text


def line_writer(*, delimiter: str = ";", end: str = "\r\n") -> Callable[[Iterable[str]], str]:
    """Return a function that gives cells as a line of a CSV file; it writes them as they are."""
    return csv.writer(_Line(), delimiter=delimiter, lineterminator=end).writerow


class HarmlessWriter:
    """Writes rows whose texts no spreadsheet takes for formulas; numbers stay numbers."""

    def __init__(self, names: Sequence[str]) -> None:
        self._writer = csv.DictWriter(Echo(), fieldnames=names)

    def writerow(self, row: Mapping[str, Any]) -> Any:
        return self._writer.writerow(
            {name: harmless(cell) if isinstance(cell, str) else cell for name, cell in row.items()}
        )


def protect_exports() -> None:
    """Make the CSV files of every listing and report of the admin harmless."""
    SpreadsheetExportMixin.stream_csv = _stream_csv


def _stream_csv(view: Any, queryset: QuerySet[Any]) -> Iterator[bytes]:
    writer = HarmlessWriter(view.list_export)
    yield writer.writerow({name: view.get_heading(queryset, name) for name in view.list_export})
    for item in queryset:
        yield view.write_csv_row(writer, view.to_row_dict(item))
