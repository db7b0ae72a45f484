"""Canonical JSON (RFC 8785): the same facts always give the same bytes, and so the same hash."""

import hashlib
from typing import Any

import rfc8785


def canonical_json(value: Any) -> str:
    """Return the canonical text of plain data (dict, list, str, int, bool, None; no floats).

    Raises ValueError for data that has no canonical form, an integer beyond 2^53 among them.
    """
    _refuse_floats(value)
    return rfc8785.dumps(value).decode()


def sha256_of(document: str) -> str:
    """Return the SHA-256 of a document's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(document.encode()).hexdigest()


def _refuse_floats(value: Any) -> None:
    """Amounts and shares are exact: a float here is a mistake of ours."""
    if isinstance(value, float):
        raise ValueError("A canonical document carries no floating-point number.")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
