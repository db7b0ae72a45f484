"""Recount kits for tests: of imported votes, and with something changed."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from budgeting import recording
from budgeting.models import Count, Round
from budgeting.tally.kit_archive import Entry, archive_pieces
from budgeting.tally.kit_files import CHECKSUMS, RECORD, checksum_lines

Files = dict[str, bytes]


def counts_of(round_: Round) -> list[Count]:
    """Return the counts of a round with what their files need."""
    counts = Count.objects.filter(contest__scope__round=round_)
    return list(counts.select_related("contest__scope__round").order_by("pk"))


def kit_of(count: Count) -> bytes:
    """Return the kit of a count."""
    return b"".join(recording.kit_pieces(count))


def files_of(count: Count) -> Files:
    """Return the files of a count by name, in the order of its kit."""
    return {file.name: b"".join(recording.content_of(file)) for file in recording.files_of(count)}


def packed(files: Files) -> bytes:
    """Pack files as they are."""
    return b"".join(archive_pieces([Entry.of(*item) for item in files.items()]))


def forged(files: Files, name: str, change: Callable[[bytes], bytes]) -> Files:
    """Change a file as somebody would who corrects all checksums afterwards, the record's too."""
    changed = files | {name: change(files[name])}
    record = json.loads(changed[RECORD])
    for each in record["inputs"]:
        each["sha256"] = hashlib.sha256(changed[each["name"]]).hexdigest()
    changed[RECORD] = json.dumps(record).encode()
    hashes = {
        each: hashlib.sha256(content).hexdigest()
        for each, content in changed.items()
        if each != CHECKSUMS
    }
    changed[CHECKSUMS] = checksum_lines(hashes).encode()
    return changed


def in_json(change: Callable[[Any], None]) -> Callable[[bytes], bytes]:
    """Make a change of parsed JSON one of bytes."""

    def apply(content: bytes) -> bytes:
        data = json.loads(content)
        change(data)
        return json.dumps(data).encode()

    return apply


def write(folder: Path, content: bytes) -> str:
    """Write a kit; return its path."""
    path = folder / "kit.zip"
    path.write_bytes(content)
    return str(path)
