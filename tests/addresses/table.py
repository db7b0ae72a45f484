"""The table of who meets what where, as a file that people read and change."""

import csv
import fcntl
from pathlib import Path

FILE = Path(__file__).parents[1] / "permissions.csv"
ROLES = (
    "anonymous",
    "resident",
    "editor",
    "publisher",
    "moderator",
    "reviewer",
    "coordinator",
    "guarantor",
    "operator",
    "librarian",
    "administrator",
    "no second factor",
)
Key = tuple[str, str]  # the address, and the case where an address has several
Column = dict[Key, str]
Table = dict[Key, dict[str, str]]


def read() -> Table:
    """Return what each role meets: the answer to GET and the answer to an empty POST."""
    if not FILE.exists():
        return {}
    with FILE.open(newline="") as file:
        return {(row.pop("address"), row.pop("case")): row for row in csv.DictReader(file)}


def write_column(role: str, column: Column) -> None:
    """Write one role's answers; rows of addresses that are gone go."""
    with (FILE.parent.parent / "var" / "permissions.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        table = read()
        with FILE.open("w", newline="") as file:
            writer = csv.DictWriter(file, ["address", "case", *ROLES], lineterminator="\n")
            writer.writeheader()
            for address, case in sorted(column):
                row = table.get((address, case), {}) | {role: column[address, case]}
                writer.writerow({"address": address, "case": case, **row})
