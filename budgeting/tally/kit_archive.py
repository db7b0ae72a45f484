"""The archive of a recount kit: a ZIP file whose every byte follows from its files.

Files are stored as they are, in a given order, without times, comments or room for anything else:
the same files give the same archive on every machine. The reader knows that form byte by byte. What
another program packed is read too, and said to be (`Kit.packing`); no name leads elsewhere, and
nothing unpacks to more than a kit may hold.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from .language import tell
from .recount_words import WORDS

PIECE = 1 << 16
LARGEST = 2**31
MOST_FILES = 200
MOST_ENTRIES = 2 * MOST_FILES  # other programs list folders too
LARGEST_DIRECTORY = 1 << 18
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)?")

_LOCAL = struct.Struct("<IHHHHHIIIHH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")
_LONGEST_END = _END.size + 0xFFFF + 20  # with a comment, after the mark of a larger form
_VERSION, _UNIX = 20, 3 << 8
_NO_TIME, _FIRST_DAY = 0, 0x21  # 1 January 1980, the first day a ZIP file knows
_PLAIN_FILE = 0o100644 << 16


class ArchiveError(Exception):
    """An archive that cannot be read: ``remedy`` says what to do.

    ``key`` and ``remedy`` name sentences of :mod:`budgeting.tally.recount_words`.
    """

    def __init__(self, key: str, remedy: str = "archive-again", **figures: object) -> None:
        super().__init__(tell(WORDS, key, **figures))
        self.remedy = tell(WORDS, remedy)


@dataclass(frozen=True)
class Entry:
    """One file to write: its name, how many bytes it has, their CRC-32, and where they come from.

    ``pieces`` gives the bytes in pieces, anew at each call.
    """

    name: str
    size: int
    crc: int
    pieces: Callable[[], Iterable[bytes]]

    @classmethod
    def of(cls, name: str, content: bytes) -> Entry:
        """Make an entry of bytes that are at hand."""
        return cls(name, len(content), zlib.crc32(content), lambda: (content,))


def archive_pieces(entries: Sequence[Entry]) -> Iterator[bytes]:
    """Yield an archive piece by piece; memory does not grow with the files.

    Raises ``ValueError`` for a name or a size that no reader would take.
    """
    _check_entries(entries)
    offset = 0
    offsets = []
    for entry in entries:
        offsets.append(offset)
        header = _local_header(entry)
        yield header
        yield from entry.pieces()
        offset += len(header) + entry.size
    yield _directory(entries, offsets, offset)


def _check_entries(entries: Sequence[Entry]) -> None:
    names = [entry.name for entry in entries]
    if len(set(names)) != len(names) or len(names) > MOST_FILES:
        raise ValueError("an archive has each name once, and not too many of them")
    for name in names:
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a name for a file of a kit")
    if sum(entry.size for entry in entries) > LARGEST:
        raise ValueError("the archive would be too large")


def _local_header(entry: Entry) -> bytes:
    name = entry.name.encode("ascii")
    fields = (_VERSION, 0, 0, _NO_TIME, _FIRST_DAY, entry.crc, entry.size, entry.size)
    return _LOCAL.pack(0x04034B50, *fields, len(name), 0) + name


def _directory(entries: Sequence[Entry], offsets: Sequence[int], start: int) -> bytes:
    parts = []
    for entry, offset in zip(entries, offsets, strict=True):
        name = entry.name.encode("ascii")
        fields = (_UNIX | _VERSION, _VERSION, 0, 0, _NO_TIME, _FIRST_DAY, entry.crc)
        sizes = (entry.size, entry.size, len(name), 0, 0, 0, 0, _PLAIN_FILE, offset)
        parts.append(_CENTRAL.pack(0x02014B50, *fields, *sizes) + name)
    listed = b"".join(parts)
    number = len(entries)
    return listed + _END.pack(0x06054B50, 0, 0, number, number, len(listed), start, 0)


class Packing(StrEnum):
    """How the files of a kit lay together."""

    PUBLISHED = "published"
    FOLDER = "folder"
    REPACKED = "repacked"
    DAMAGED = "damaged"


class Kit:
    """The files of a kit by name, from an archive or from a folder it was unpacked to.

    `damaged` are files whose bytes are not those that were packed.
    """

    def __init__(
        self,
        openers: Mapping[str, Callable[[], BinaryIO]],
        *,
        packing: Packing = Packing.FOLDER,
        damaged: Sequence[str] = (),
    ) -> None:
        self._openers = openers
        self.packing = packing
        self.damaged = tuple(damaged)

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names of all files."""
        return tuple(self._openers)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a file. Raises ``KeyError`` for one that is not there."""
        with self._openers[name]() as stream:
            while piece := stream.read(PIECE):
                yield piece

    def read(self, name: str) -> bytes:
        """Give the bytes of a file at once."""
        return b"".join(self.pieces(name))

    def pieces_of(self, name: str) -> Callable[[], Iterator[bytes]]:
        """Give what yields the bytes of a file, anew at each call."""
        return partial(self.pieces, name)

    def open(self, name: str) -> BinaryIO:
        """Open a file for reading its lines."""
        return self._openers[name]()


def open_kit(path: Path) -> Kit:
    """Open an archive, or a folder with its files.

    Raises :class:`ArchiveError` for what no program can unpack, ``OSError``.
    """
    if path.is_dir():
        return _open_folder(path)
    try:
        return _open_archive(path)
    except ArchiveError:
        return _open_repacked(path)


def _open_folder(path: Path) -> Kit:
    openers: dict[str, Callable[[], BinaryIO]] = {}
    total = 0
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path).as_posix()
        if file.is_symlink():
            raise ArchiveError("link", "unpack-again", name=name)
        if file.is_dir():
            continue
        if not NAME.fullmatch(name):
            raise ArchiveError("not-belonging", "take-out", name=name)
        total += file.stat().st_size
        if total > LARGEST or len(openers) >= MOST_FILES:
            raise ArchiveError("folder-too-large", "unpack-again")
        openers[name] = partial(_open_file, file)
    return Kit(openers)


def _open_archive(path: Path) -> Kit:
    size = path.stat().st_size
    if size > LARGEST:
        raise ArchiveError("archive-too-large")
    with path.open("rb") as stream:
        entries, damaged = _read_directory(stream, size)
    return Kit(
        {
            name: partial(_open_slice, path, start, length)
            for name, (start, length) in entries.items()
        },
        packing=Packing.PUBLISHED,
        damaged=damaged,
    )


FEW_BYTES = 16
"""An archive that differs by no more from ours was not packed again, but changed."""


def _open_repacked(path: Path) -> Kit:
    """Open an archive of another form. Raises :class:`ArchiveError` where that is not safe."""
    _check_end(path)
    try:
        with zipfile.ZipFile(path) as archive:
            files = _files_of(archive)
            damaged = [entry.filename for entry in files if not _can_be_read(archive, entry)]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise ArchiveError("archive-damaged") from error
    for entry in files:
        if entry.compress_type and entry.filename in damaged:
            raise ArchiveError("cannot-unpack", name=entry.filename)
    names = [entry.filename for entry in files]
    openers = {name: partial(_open_member, path, name) for name in names if name not in damaged}
    entries = [
        Entry(entry.filename, entry.file_size, entry.CRC, Kit(openers).pieces_of(entry.filename))
        for entry in files
    ]
    if damaged or _is_nearly(path, entries):
        return Kit(openers, packing=Packing.DAMAGED, damaged=damaged)
    return Kit(openers, packing=Packing.REPACKED)


def _check_end(path: Path) -> None:
    """Check what an archive promises of its directory, before anything is read of it.

    The directory lies right before the end, the end right at the end, so that no offset is moved.
    """
    size = path.stat().st_size
    if size > LARGEST:
        raise ArchiveError("archive-too-large")
    with path.open("rb") as stream:
        stream.seek(max(0, size - _LONGEST_END))
        tail = stream.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or at + _END.size > len(tail):
        raise ArchiveError("no-whole-archive")
    disk, first_disk, here, number, length, start, comment = _END.unpack_from(tail, at)[1:]
    if at + _END.size + comment != len(tail):
        raise ArchiveError("wrong-end")
    if number > MOST_ENTRIES or length > LARGEST_DIRECTORY:
        raise ArchiveError("promises-more")
    if disk or first_disk or here != number or tail[max(0, at - 20) : at].startswith(b"PK\6\7"):
        raise ArchiveError("in-parts")
    if start + length != size - len(tail) + at:
        raise ArchiveError("directory-elsewhere")
    with path.open("rb") as stream:
        stream.seek(start)
        listed = stream.read(length)
    if _entries_in(listed) != number:
        raise ArchiveError("other-files")


def _entries_in(listed: bytes) -> int:
    """Count the entries of a directory; -1 if one is not whole, or has no name."""
    at = number = 0
    while at < len(listed):
        if at + _CENTRAL.size > len(listed):
            return -1
        fields = _CENTRAL.unpack_from(listed, at)
        at += _CENTRAL.size + fields[10] + fields[11] + fields[12]
        if fields[0] != 0x02014B50 or not fields[10]:
            return -1
        number += 1
    return number if at == len(listed) else -1


def _files_of(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Give the files of an archive, if they are such as a kit may hold."""
    for entry in archive.infolist():
        # `orig_filename`: `filename` ends at a zero byte.
        name = entry.orig_filename
        if not NAME.fullmatch(name.removesuffix("/")):
            raise ArchiveError("holds-no-file", name=repr(name))
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise ArchiveError("compressed-otherwise", name=name)
    files = [entry for entry in archive.infolist() if not entry.is_dir()]
    if sum(entry.file_size for entry in files) > LARGEST or len(files) > MOST_FILES:
        raise ArchiveError("unpacks-to-more")
    if len({entry.filename for entry in files}) < len(files):
        raise ArchiveError("file-twice")
    offsets = [entry.header_offset for entry in archive.infolist()]
    if offsets and (min(offsets) != 0 or max(offsets) > LARGEST):
        raise ArchiveError("files-elsewhere")
    return files


def _can_be_read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Read a file to its end, which compares its CRC-32."""
    left = entry.file_size
    try:
        with archive.open(entry) as stream:
            while piece := stream.read(PIECE):
                left -= len(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        return False
    return left == 0


def _is_nearly(path: Path, entries: Sequence[Entry]) -> bool:
    """Say whether an archive is ours but for a few bytes."""
    different = 0
    with path.open("rb") as stream:
        for piece in archive_pieces(entries):
            found = stream.read(len(piece))
            if len(found) != len(piece):
                return False
            if found != piece:
                different += sum(one != other for one, other in zip(found, piece, strict=True))
            if different > FEW_BYTES:
                return False
        return not stream.read(1)


def _read_directory(
    stream: BinaryIO, size: int
) -> tuple[dict[str, tuple[int, int]], tuple[str, ...]]:
    """Give where each file lies and which were changed, once every byte around them is right."""
    if size < _END.size:
        raise ArchiveError("no-archive")
    stream.seek(size - _END.size)
    end = _END.unpack(stream.read(_END.size))
    if end[0] != 0x06054B50:
        raise ArchiveError("no-whole-archive")
    number, length, start = end[4], end[5], end[6]
    if number > MOST_FILES or start + length + _END.size != size:
        raise ArchiveError("directory-damaged")
    stream.seek(start)
    listed = stream.read(length)
    entries, offsets = _parse_directory(listed, number)
    whole = _directory(entries, offsets, start)
    stream.seek(start)
    if stream.read() != whole:
        raise ArchiveError("directory-differs")
    return _check_files(stream, entries, offsets, start)


def _parse_directory(listed: bytes, number: int) -> tuple[list[Entry], list[int]]:
    entries, offsets = [], []
    at = 0
    for _number in range(number):
        if at + _CENTRAL.size > len(listed):
            raise ArchiveError("directory-damaged")
        fields = _CENTRAL.unpack_from(listed, at)
        at += _CENTRAL.size
        raw = listed[at : at + fields[10]]
        at += fields[10] + fields[11] + fields[12]
        name = raw.decode("ascii", "replace")
        if not NAME.fullmatch(name):
            raise ArchiveError("holds-no-file", name=repr(name))
        if fields[4] != 0:
            raise ArchiveError("packed-again", name=name)
        entries.append(Entry(name, fields[9], fields[7], tuple))
        offsets.append(fields[16])
    return entries, offsets


def _check_files(
    stream: BinaryIO, entries: Sequence[Entry], offsets: Sequence[int], start: int
) -> tuple[dict[str, tuple[int, int]], tuple[str, ...]]:
    found: dict[str, tuple[int, int]] = {}
    damaged = []
    at = 0
    for entry, offset in zip(entries, offsets, strict=True):
        header = _local_header(entry)
        stream.seek(at)
        if offset != at or stream.read(len(header)) != header or entry.name in found:
            raise ArchiveError("damaged-before", name=entry.name)
        found[entry.name] = (at + len(header), entry.size)
        at += len(header) + entry.size
    if at != start:
        raise ArchiveError("no-file-bytes")
    for entry in entries:
        stream.seek(found[entry.name][0])
        if _crc_of_next(stream, entry.size) != entry.crc:
            damaged.append(entry.name)
    return found, tuple(damaged)


def _crc_of_next(stream: BinaryIO, left: int) -> int:
    """Give the CRC-32 of the bytes that come next."""
    crc = 0
    while piece := stream.read(min(PIECE, left)):
        crc = zlib.crc32(piece, crc)
        left -= len(piece)
    return crc


class _SliceReader(io.RawIOBase):
    """The bytes of one file inside an archive."""

    def __init__(self, stream: BinaryIO, length: int) -> None:
        self._stream = stream
        self._left = length

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill a buffer with what comes next."""
        piece = self._stream.read(min(len(buffer), self._left))
        buffer[: len(piece)] = piece
        self._left -= len(piece)
        return len(piece)

    def close(self) -> None:
        """Close the archive."""
        self._stream.close()
        super().close()


def _open_file(path: Path) -> BinaryIO:
    return path.open("rb")


def _open_member(path: Path, name: str) -> BinaryIO:
    """Open a file of an archive that another program packed; closing it closes the archive."""
    archive = zipfile.ZipFile(path)
    stream = archive.open(name)
    archive.close()  # the open file keeps what it needs
    return cast("BinaryIO", stream)


def _open_slice(path: Path, start: int, length: int) -> BinaryIO:
    stream = path.open("rb")
    stream.seek(start)
    return io.BufferedReader(_SliceReader(stream, length), PIECE)
