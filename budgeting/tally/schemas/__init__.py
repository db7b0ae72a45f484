"""JSON Schemas (2020-12) of what the count writes: one file for each kind of document.

They name each other by their `$id`, so that no address on the network is needed.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent


def schema_files() -> list[Path]:
    """Give the files of all schemas, by name."""
    return sorted(FOLDER.glob("*.schema.json"))
