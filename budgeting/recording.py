"""Making the count record and the recount kit: once, when the count is made, and kept as bytes.

The kit is an archive of these files in a fixed form, so its bytes follow from theirs and are sent
without being stored a second time.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Case, When

from . import exporting
from .checkpoints import published_commitments
from .counting import build_election
from .freezing import moment
from .models import Checkpoint, Count, FrozenRules, RecordFile, RecordPart, Round
from .record_document import Input, record_document
from .record_rendering import FILES, record_page, record_pdf, style_sheet
from .record_text import record_text
from .tally.kit_archive import Entry, archive_pieces
from .tally.kit_files import (
    BALLOTS,
    CHECKSUMS,
    COMMITMENTS,
    HEADS,
    HEADS_FORMAT,
    RECORD,
    RULE,
    RULE_FORMAT,
    checksum_lines,
    frozen_name,
)
from .tally.schemas import schema_files

PART = 1 << 20
LINES_AT_ONCE = 5_000

KIT_ORDER = (
    "LEGGIMI.txt",
    "README.txt",
    "record-it.pdf",
    "record-en.pdf",
    "record-it.html",
    "record-en.html",
    "record.css",
    RECORD,
    RULE,
    BALLOTS,
    HEADS,
    COMMITMENTS,
)
"""What stands first in the archive, for people who open it; the rest follows by name."""


SOURCE_UNNAMED = {
    "README.txt": "(ask whoever published this kit)",
    "LEGGIMI.txt": "(chiedilo a chi ha pubblicato questo kit)",
}
"""What stands in place of the address of the source code where this site names none."""


def make_record(count: Count) -> None:
    """Write all files of a new count, and the hash of its kit. Inside the count's transaction.

    Memory does not grow with the ballots, but for the lines of the record itself.
    """
    round_ = count.contest.scope.round
    if not count.publishes_totals_only:
        _store(count, BALLOTS, (text.encode() for text in exporting.pabulib_pieces(count)))
    for rules in FrozenRules.objects.filter(round=round_).order_by("number"):
        _store(count, frozen_name(rules.number), [rules.document.encode()])
    if Checkpoint.objects.filter(round=round_).exists():
        _store(count, HEADS, [_plain(_heads(round_))])
        _store(count, COMMITMENTS, _commitment_lines(round_))
    _store(count, RULE, [_plain(_rule(count))])
    document = record_document(count, [Input(f.name, f.size, f.sha256) for f in files_of(count)])
    written = _plain(document)
    _store(count, RECORD, [written])
    for language, _label in settings.LANGUAGES:
        # From what was written, so that whoever has the data can make the same page and PDF.
        text = record_text(json.loads(written), language)
        _store(count, f"record-{language}.html", [record_page(text)])
        _store(count, f"record-{language}.pdf", [record_pdf(text)])
    _store(count, "record.css", [style_sheet()])
    for path in sorted(FILES.glob("*.txt")):
        _store(count, path.name, [_instructions(path, count)])
    for path in schema_files():
        _store(count, f"schemas/{path.name}", [path.read_bytes()])
    hashes = {file.name: file.sha256 for file in files_of(count)}
    _store(count, CHECKSUMS, [checksum_lines(hashes).encode()])
    digest = hashlib.sha256()
    for piece in kit_pieces(count):
        digest.update(piece)
    count.kit_sha256 = digest.hexdigest()
    count.save(update_fields=["kit_sha256"])


def _instructions(path: Path, count: Count) -> bytes:
    """Write a text for people who open the kit: it names the program's exact source code."""
    source = settings.SOURCE_CODE_URL or SOURCE_UNNAMED[path.name]
    return (path.read_text("utf-8") % {"software": count.software, "source": source}).encode()


def files_of(count: Count) -> list[RecordFile]:
    """Return the files of a count in the order in which they stand in its kit."""
    places = {name: place for place, name in enumerate(KIT_ORDER)}
    files = RecordFile.objects.filter(count=count)
    return sorted(files, key=lambda file: (places.get(file.name, len(places)), file.name))


def file_of(count: Count, name: str) -> RecordFile:
    """Return one file of a count. Raises RecordFile.DoesNotExist."""
    return RecordFile.objects.get(count=count, name=name)


def find_file(count: Count, name: str) -> RecordFile | None:
    """Return one file of a count, or None where there is none of this name."""
    return RecordFile.objects.filter(count=count, name=name).first()


def content_of(file: RecordFile) -> Iterator[bytes]:
    """Yield the bytes of a file, a part at a time."""
    parts = RecordPart.objects.filter(file=file).order_by("number")
    for content in parts.values_list("content", flat=True).iterator(chunk_size=1):
        yield bytes(content)


def kit_pieces(count: Count) -> Iterator[bytes]:
    """Yield the kit of a count: the same bytes at every call, on every server."""
    files = files_of(count)
    places = [When(file=file, then=place) for place, file in enumerate(files)]
    parts = (
        RecordPart.objects.filter(file__in=files)
        .order_by(Case(*places), "number")
        .values_list("file", "content")
        .iterator(chunk_size=1)
    )
    by_file = groupby(parts, key=itemgetter(0))

    def next_content() -> Iterator[bytes]:
        _file, found = next(by_file)
        return (bytes(content) for _file, content in found)

    # An archive takes its files one after the other, so one query serves them all.
    yield from archive_pieces(
        [
            Entry(file.name, file.size, file.crc32, next_content if file.size else tuple)
            for file in files
        ]
    )


def kit_size(count: Count) -> int:
    """Return how many bytes the kit has, without reading its files."""
    files = files_of(count)
    entries = [Entry(file.name, 0, file.crc32, tuple) for file in files]
    return sum(map(len, archive_pieces(entries))) + sum(file.size for file in files)


def _store(count: Count, name: str, pieces: Iterable[bytes]) -> None:
    """Keep a file in parts of a megabyte, with its size, its SHA-256 and its CRC-32."""
    digest = hashlib.sha256()
    file = RecordFile.objects.create(count=count, name=name)
    for number, content in enumerate(_parts(pieces), start=1):
        digest.update(content)
        file.crc32 = zlib.crc32(content, file.crc32)
        file.size += len(content)
        RecordPart.objects.create(file=file, number=number, content=content)
    file.sha256 = digest.hexdigest()
    file.save()


def _parts(pieces: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= PART:
            yield bytes(waiting[:PART])
            del waiting[:PART]
    if waiting:
        yield bytes(waiting)


def _plain(data: dict[str, Any]) -> bytes:
    """Write JSON that people can read and that is the same for the same data."""
    text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return f"{text}\n".encode()


def _rule(count: Count) -> dict[str, Any]:
    """Give the rule, and of the election what a Pabulib file cannot say."""
    contest = count.contest
    election = build_election(
        contest=contest, projects=contest.projects.order_by("number"), with_ballots=False
    )
    return {
        "format": RULE_FORMAT,
        "rule": count.rule,
        "draw": count.overview.get("draw"),
        "scale": election.scale,
        "conflicts": sorted(sorted(pair) for pair in election.conflicts),
        "areas": [list(area) for area in election.areas],
    }


def _heads(round_: Round) -> dict[str, Any]:
    rules = FrozenRules.objects.get(round=round_, number=0)
    return {
        "format": HEADS_FORMAT,
        "rules_sha256": rules.sha256,
        "checkpoints": [
            {
                "number": each.number,
                "occasion": each.occasion,
                "count": each.count,
                "root": each.root.hex(),
                "head": each.head.hex(),
                "made_at": moment(each.made_at),
            }
            for each in Checkpoint.objects.filter(round=round_).order_by("number")
        ],
    }


def _commitment_lines(round_: Round) -> Iterator[bytes]:
    waiting: list[str] = []
    for commitment in chain(published_commitments(round_.pk), [b""]):
        if commitment:
            waiting.append(commitment.hex() + "\n")
        if waiting and (not commitment or len(waiting) >= LINES_AT_ONCE):
            yield "".join(waiting).encode()
            waiting = []
