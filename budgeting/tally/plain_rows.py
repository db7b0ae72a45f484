"""Many rows of a file at once, as bytes in an array, where nothing about them is odd.

A row is plain when it has the right number of cells, all unquoted, and cannot be the title of a
section. Which bytes are a cell, a name, a number is then found by counting separators, for all rows
together.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .ballots import Flags, Numbers, starts_of
from .pabulib_format import SECTIONS

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]

UNKNOWN = -(2**40)
"""In place of a number where the text is not one; no ballot can have it."""

_NEWLINE, _RETURN, _MINUS, _COMMA, _SEMICOLON, _ZERO = b"\n\r-,;0"
_WORD = 8
_MOST_DIGITS = 9
# A row whose first byte is one of these might be the title of a section.
_TITLE_STARTS = np.array(
    [byte <= 32 or byte >= 128 or chr(byte).upper() in "MPV" for byte in range(256)]
)


@dataclass(frozen=True)
class Texts:
    """Pieces of text: text k is ``data[starts[k]:ends[k]]``; at least 8 bytes follow the last."""

    data: Bytes
    starts: Numbers
    ends: Numbers

    @property
    def lengths(self) -> Numbers:
        """How many bytes each has."""
        return self.ends - self.starts

    def taken(self, which: Flags) -> Texts:
        """Give some of them."""
        return Texts(self.data, self.starts[which], self.ends[which])

    def at(self, number: int) -> bytes:
        """Give one of them."""
        return self.data[self.starts[number] : self.ends[number]].tobytes()

    def trimmed(self) -> bool:
        """Say whether none is empty, or begins or ends with what may be a space."""
        if not bool((self.lengths > 0).all()):
            return False
        edges = np.concatenate((self.data[self.starts], self.data[self.ends - 1]))
        return bool(((edges > 32) & (edges < 127)).all())

    def values(self) -> list[bytes]:
        """Give all of them."""
        starts, ends, data = self.starts.tolist(), self.ends.tolist(), self.data.tobytes()
        return [data[start:end] for start, end in zip(starts, ends, strict=True)]

    def items(self) -> tuple[Texts, Numbers]:
        """Split each at its commas; give the items of all, and how many each has (one at least)."""
        starts = starts_of(self.lengths + 1)
        at = np.arange(starts[-1]) + np.repeat(self.starts - starts[:-1], self.lengths + 1)
        listed = np.append(self.data[at], np.zeros(_WORD, dtype=np.uint8))
        closing = starts[1:] - 1
        listed[closing] = _COMMA
        commas = np.flatnonzero(listed == _COMMA)
        counts = np.diff(np.searchsorted(commas, closing), prepend=-1)
        return Texts(listed, np.append(0, commas[:-1] + 1)[: len(commas)], commas), counts

    def words(self, number: int) -> Words:
        """Give bytes 8 · number to 8 · number + 7 of each as one number, zeros where it is over."""
        shape = (len(self.data) - _WORD + 1,)
        every: npt.NDArray[Any] = np.ndarray(shape, ">u8", self.data, strides=(1,))
        missing = np.clip(_WORD * (number + 1) - self.lengths, 0, _WORD).astype(np.uint64)
        there = missing < _WORD
        found = np.zeros(len(self.starts), dtype=np.uint64)
        shift = missing[there] * np.uint64(8)
        found[there] = every[self.starts[there] + _WORD * number] >> shift << shift
        return found

    def whole_numbers(self) -> Numbers:
        """Read them as numbers of up to nine digits; :data:`UNKNOWN` for anything else."""
        negative = self.data[self.starts] == _MINUS
        starts = self.starts + negative
        lengths = self.ends - starts
        fine = (lengths > 0) & (lengths <= _MOST_DIGITS)
        value = np.zeros(len(starts), dtype=np.int64)
        for place in range(min(_MOST_DIGITS, int(lengths.max(initial=0)))):
            there = np.flatnonzero(lengths > place)
            digit = self.data[starts[there] + place] - _ZERO
            fine[there] &= digit <= 9
            value[there] = 10 * value[there] + digit
        return np.where(fine, np.where(negative, -value, value), UNKNOWN)


class Names:
    """Known names, found among many texts by their bytes, eight at a time.

    There is at least one, and none is empty.
    """

    def __init__(self, names: Iterable[str]) -> None:
        encoded = [name.encode() for name in names]
        ends = np.cumsum([len(name) for name in encoded], dtype=np.int64)
        lengths = np.array([len(name) for name in encoded], dtype=np.int64)
        data = np.frombuffer(b"".join(encoded) + bytes(_WORD), dtype=np.uint8)
        texts = Texts(data, ends - lengths, ends)
        self._longest = int(lengths.max(initial=0))
        # By eight bytes: which there are; and which beginnings of names end with them.
        self._steps: list[tuple[Words, Numbers]] = []
        codes = np.zeros(len(encoded), dtype=np.int64)
        for number in range(-(-self._longest // _WORD)):
            words, places = np.unique(texts.words(number), return_inverse=True)
            beginnings, codes = np.unique(codes * len(words) + places, return_inverse=True)
            self._steps.append((words, beginnings))
        self._position = np.argsort(codes)

    def find(self, texts: Texts) -> Numbers:
        """Give the position of each text among the names, or :data:`UNKNOWN`."""
        known = texts.lengths <= self._longest
        codes = np.zeros(len(texts.starts), dtype=np.int64)
        for number, (words, beginnings) in enumerate(self._steps):
            word = texts.words(number)
            place = np.minimum(np.searchsorted(words, word), len(words) - 1)
            known &= words[place] == word
            if number == 0:
                codes = place
                continue
            wanted = codes * len(words) + place
            codes = np.minimum(np.searchsorted(beginnings, wanted), len(beginnings) - 1)
            known &= beginnings[codes] == wanted
        return np.where(known, self._position[codes], UNKNOWN)


class PlainRows:
    """Rows of as many cells as there are columns."""

    def __init__(self, data: Bytes, starts: Numbers, ends: Numbers, marks: Numbers) -> None:
        self._data = data
        self._starts = starts
        self._ends = ends
        self._marks = marks

    def __len__(self) -> int:
        return len(self._starts)

    def column(self, at: int) -> Texts:
        """Give the cells of one column."""
        starts = self._marks[:, at - 1] + 1 if at else self._starts
        last = at == self._marks.shape[1]
        return Texts(self._data, starts, self._ends if last else self._marks[:, at])


def plain_rows(lines: Sequence[bytes | str], width: int) -> PlainRows | None:
    """Cut lines into cells, ``width`` of them (two at least) in each; None where a line is odd.

    Odd is a quotation mark, another number of cells, a missing line end (but for the last), what
    might be the title of a section, and what is not text.
    """
    try:
        pieces = [line if isinstance(line, bytes) else line.encode() for line in lines]
        text = b"".join(pieces)
        if not text.isascii():
            text.decode()
    except UnicodeError:
        return None
    lengths = np.fromiter(map(len, pieces), np.int64, len(pieces))
    if pieces and not pieces[-1].endswith(b"\n"):
        text += b"\n"
        lengths[-1] += 1
    data = np.frombuffer(text + bytes(_WORD), dtype=np.uint8)
    ends = np.flatnonzero(data == _NEWLINE)
    returns = text.count(b"\r")
    if (
        not pieces
        or b'"' in text
        or b"\0" in text
        or returns != text.count(b"\r\n")
        or not np.array_equal(ends, np.cumsum(lengths) - 1)
        or lengths.max() > csv.field_size_limit()
    ):
        return None
    starts = ends - lengths + 1
    if returns:
        ends = ends - (data[ends - 1] == _RETURN)
    marks = np.flatnonzero(data == _SEMICOLON)
    if len(marks) != len(ends) * (width - 1):
        return None
    by_row = marks.reshape(len(ends), width - 1)
    if (by_row[:, 0] < starts).any() or (by_row[:, -1] > ends).any():
        return None
    if _TITLE_STARTS[data[starts]].any():
        folded = text.decode().upper()
        if any(title in folded for title in SECTIONS):
            return None
    return PlainRows(data, starts, ends, by_row)
