"""What the files of a recount kit are called, and how they say that they are whole."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping

from .language import tell
from .recount_words import WORDS

BALLOTS = "ballots.pb"
RULE = "rule.json"
RECORD = "record.json"
HEADS = "heads.json"
COMMITMENTS = "commitments.txt"
CHECKSUMS = "SHA256SUMS"

RULE_FORMAT = "rione-rule/1"
RECORD_FORMAT = "rione-record/1"
ADDENDUM_FORMAT = "rione-addendum/1"
HEADS_FORMAT = "rione-heads/1"

NEEDED = (CHECKSUMS, RECORD, RULE)
KNOWN = re.compile(
    r"ballots\.pb|rule\.json|record\.json|heads\.json|commitments\.txt|SHA256SUMS"
    r"|record-[a-z]{2}\.(?:html|pdf)|record\.css|README\.txt|LEGGIMI\.txt"
    r"|frozen/rules-[0-9]+\.json|schemas/[a-z]+\.schema\.json"
)

_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")


def frozen_name(number: int) -> str:
    """Name the frozen rules (0) or one of their addenda."""
    return f"frozen/rules-{number}.json"


def checksum_lines(hashes: Mapping[str, str]) -> str:
    """Write the checksums as `sha256sum --check` reads them."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items()))


def read_checksums(text: str) -> dict[str, str]:
    """Read lines as of :func:`checksum_lines`, in any order. Raises ``ValueError`` naming one."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in found:
            raise ValueError(tell(WORDS, "no-checksum-line", number=number))
        found[match[2]] = match[1]
    return found


def sha256_of(pieces: Iterable[bytes]) -> str:
    """Hash the bytes of a file that comes in pieces."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def read_commitments(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the commitments of a list, one of 64 hexadecimal digits on each line.

    Raises ``ValueError`` naming the line.
    """
    for number, line in enumerate(lines, start=1):
        text = line.rstrip(b"\n")
        if len(text) != 64 or not line.endswith(b"\n"):
            raise ValueError(tell(WORDS, "no-commitment-line", number=number))
        try:
            yield bytes.fromhex(text.decode("ascii"))
        except ValueError as error:
            raise ValueError(tell(WORDS, "no-commitment-line", number=number)) from error
