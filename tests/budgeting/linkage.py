"""An attack on the secrecy of the vote by somebody who has the whole database.

Every row of every table is read with what PostgreSQL itself notes on it: the transaction that wrote
it (`xmin`), the one that locked or deleted it (`xmax`) and its place on disk (`ctid`). Rows that
name a person are set against rows that hold choices, by every method below. A method claims pairs
of person and choices; the test, which knows the truth, counts those that are right.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

# Columns that name a person, directly or through their account.
PERSON_COLUMNS = {"entry_id": "entry", "user_id": "user", "requested_by_id": "user"}
CHOICE_COLUMNS = ("content", "choices")


@dataclass(frozen=True)
class Row:
    """One row of the dump; `place` is its rank on disk within its table."""

    table: str
    place: int
    xmin: int
    xmax: int
    values: dict[str, Any]

    def times(self) -> list[datetime]:
        return [value for value in self.values.values() if isinstance(value, datetime)]


def dump() -> list[Row]:
    """Read every row of every table of the database, in its order on disk."""
    rows = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' "
            "AND c.relnamespace = current_schema()::regnamespace ORDER BY 1"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT xmin::text::bigint, xmax::text::bigint, * FROM "{table}" ORDER BY ctid'
            )
            columns = [column.name for column in cursor.description][2:]
            for place, (xmin, xmax, *values) in enumerate(cursor.fetchall()):
                named = {
                    column: bytes(value) if isinstance(value, memoryview) else value
                    for column, value in zip(columns, values, strict=True)
                }
                rows.append(Row(table, place, xmin, xmax, named))
    return rows


def choices_in(row: Row) -> str | None:
    """Return the choices a row holds, as canonical text; None for other rows."""
    for column in CHOICE_COLUMNS:
        value = row.values.get(column)
        if isinstance(value, str) and value[:1] in "[{":
            found = json.loads(value)
            found = found.get("choices") if isinstance(found, dict) else found
            if isinstance(found, list):
                return json.dumps(found)
    return None


def person_in(row: Row, entry_of_user: dict[int, int]) -> int | None:
    """Return the roll entry a row is about; None for a row about nobody in particular."""
    if row.table == "residents_rollentry":
        return int(row.values["id"])
    if row.table == "residents_user":
        return entry_of_user.get(row.values["id"])
    for column, kind in PERSON_COLUMNS.items():
        value = row.values.get(column)
        if value is not None:
            return int(value) if kind == "entry" else entry_of_user.get(int(value))
    return None


Claims = set[tuple[int, str]]


def attack(rows: list[Row], entry_of_user: dict[int, int]) -> dict[str, Claims]:
    """Return what each method claims: pairs of roll entry and choices."""
    people = [(person, row) for row in rows if (person := person_in(row, entry_of_user))]
    ballots = [(choices, row) for row in rows if (choices := choices_in(row)) is not None]
    return {
        "one row": {
            (person, choices)
            for choices, row in ballots
            if (person := person_in(row, entry_of_user))
        },
        "same transaction": _same_transaction(people, ballots),
        **{
            f"transaction {distance:+d}": _neighbours(people, ballots, distance)
            for distance in (-3, -2, -1, 1, 2, 3)
        },
        "same time": _same_time(people, ballots),
        "same value": _same_value(people, ballots),
        **_same_order(people, ballots),
    }


def _marks(row: Row) -> set[int]:
    return {row.xmin, row.xmax} - {0}


def _same_transaction(people: list[tuple[int, Row]], ballots: list[tuple[str, Row]]) -> Claims:
    """A ballot and one person carry the same transaction number, and nobody else does."""
    persons_of, choices_of = defaultdict(set), defaultdict(list)
    for person, row in people:
        for mark in _marks(row):
            persons_of[mark].add(person)
    for choices, row in ballots:
        choices_of[row.xmin].append(choices)
    return {
        (next(iter(persons_of[mark])), found[0])
        for mark, found in choices_of.items()
        if len(found) == 1 and len(persons_of[mark]) == 1
    }


def _neighbours(
    people: list[tuple[int, Row]], ballots: list[tuple[str, Row]], distance: int
) -> Claims:
    """The transaction so many after the ballot's own wrote about exactly one person."""
    persons_of = defaultdict(set)
    for person, row in people:
        for mark in _marks(row):
            persons_of[mark].add(person)
    ballots_of = defaultdict(int)
    for _choices, row in ballots:
        ballots_of[row.xmin] += 1
    claims = set()
    for choices, row in ballots:
        if ballots_of[row.xmin] > 1:
            continue
        near = persons_of.get(row.xmin + distance, set())
        if len(near) == 1:
            claims.add((next(iter(near)), choices))
    return claims


def _same_time(people: list[tuple[int, Row]], ballots: list[tuple[str, Row]]) -> Claims:
    """The person about whom something was written nearest in time, within two seconds."""
    claims = set()
    for choices, row in ballots:
        for moment in row.times():
            near = [
                (abs((other - moment).total_seconds()), person)
                for person, about in people
                for other in about.times()
                if abs((other - moment).total_seconds()) < 2
            ]
            if near:
                claims.add((min(near)[1], choices))
    return claims


def _same_value(people: list[tuple[int, Row]], ballots: list[tuple[str, Row]]) -> Claims:
    """A value that is rare on both sides: an identifier, a hash, a token."""
    persons_of, choices_of = defaultdict(set), defaultdict(list)
    for person, row in people:
        for value in row.values.values():
            if isinstance(value, str | bytes) and len(value) >= 8:
                persons_of[value].add(person)
    for choices, row in ballots:
        for value in row.values.values():
            if isinstance(value, str | bytes) and len(value) >= 8:
                choices_of[value].append(choices)
    return {
        (next(iter(persons_of[value])), found[0])
        for value, found in choices_of.items()
        if len(found) == 1 and len(persons_of.get(value, ())) == 1
    }


def _same_order(people: list[tuple[int, Row]], ballots: list[tuple[str, Row]]) -> dict[str, Claims]:
    """The first with the first: by place on disk, by transaction, by each number of the rows."""
    sides: dict[str, dict[str, list[Any]]] = {"people": {}, "ballots": {}}
    for side, pairs in (("people", people), ("ballots", ballots)):
        tables = defaultdict(list)
        for what, row in pairs:
            tables[row.table].append((what, row))
        for table, found in tables.items():
            orders = {"place": lambda row: row.place, "xmin": lambda row: row.xmin}
            orders["xmax"] = lambda row: row.xmax
            for column, value in found[0][1].values.items():
                if isinstance(value, int | datetime | bytes) and not isinstance(value, bool):
                    orders[column] = lambda row, column=column: row.values[column]
            for order, key in orders.items():
                rows = [pair for pair in found if key(pair[1]) is not None]
                rows.sort(key=lambda pair, key=key: key(pair[1]))
                sides[side][f"{table}.{order}"] = [what for what, _row in rows]
    claims = {}
    for one, persons in sides["people"].items():
        for other, choices in sides["ballots"].items():
            claims[f"order of {one} and {other}"] = set(zip(persons, choices, strict=False))
    return claims
