"""What an award gives to groups of voters: where a source says who voted, and only in tables.

While ballots of a past election stream in, the neighbourhood and the age of each voter are kept
beside the choices, in memory and only until the counts are made; what is stored are tables with no
number under ten (`budgeting.disclosure`). Ballots of this city carry nothing about their voters, so
its own rounds have no such tables.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from . import tally
from .disclosure import SMALLEST, GroupNumbers, publishable_groups, sums_that_hide
from .models import TurnoutTable
from .tally.measures import choices_funded
from .turnout import NOT_STATED, group_of

Numbers = npt.NDArray[np.int64]

KINDS = (TurnoutTable.Kind.NEIGHBOURHOOD, TurnoutTable.Kind.AGE)

COLUMNS = ((0, 1, 2, 3), (0, 1, 2), (0, 1))
"""The columns that are tried, finest first: ballots with none, one, two, three or more, …"""

Cells = Mapping[str, Sequence[tuple[str, ...]]]
"""The groups of each published turnout table, as the labels merged into each."""


class Voters:
    """Who cast each ballot, in the order read: some twenty bytes for each, nothing stored."""

    def __init__(self, columns: Mapping[TurnoutTable.Kind, Sequence[str]]) -> None:
        """Take the columns of each kind; the first one a file has is the one that counts."""
        self._names = [name for kind in KINDS for name in columns[kind]]
        self._columns = columns
        self._codes: dict[str, array[int]] = {}
        self._values: dict[str, dict[str, int]] = {}
        self._lengths = array("I")
        self._choices = array("I")
        self._points = array("i")

    def add(self, ballot: tally.ParsedBallot) -> None:
        """Remember one ballot: its choices, its points, and what its row says of the voter."""
        for name in self._names:
            value = ballot.columns.get(name)
            if value is not None and name not in self._codes:
                # Those before it, if any, were short rows.
                self._values[name] = {NOT_STATED: 0} if self._lengths else {}
                self._codes[name] = array("I", [0] * len(self._lengths))
            if name in self._codes:
                values = self._values[name]
                value = NOT_STATED if value is None else value
                self._codes[name].append(values.setdefault(value, len(values)))
        self._lengths.append(len(ballot.choices))
        self._choices.extend(ballot.choices)
        self._points.extend(ballot.points)

    def by_group(self, election: tally.Election, cells: Cells) -> dict[str, Numbers]:
        """For each kind with a turnout table: ballots by its groups (rows) and by ballot group."""
        owner = np.fromiter(self._positions(election), dtype=np.int64)
        width = len(election.ballots)
        found = {}
        for kind in KINDS:
            name = next((name for name in self._columns[kind] if name in self._codes), None)
            if name is None or kind not in cells:
                continue
            rows = {label: row for row, labels in enumerate(cells[kind]) for label in labels}
            # Every label stands in exactly one cell: the table was made of the same voters.
            row_of = np.array([rows[group_of(kind, value)] for value in self._values[name]])
            codes = np.frombuffer(self._codes[name], dtype=np.uint32)
            flat = row_of[codes].astype(np.int64) * width + owner
            numbers = np.bincount(flat, minlength=len(cells[kind]) * width)
            found[kind.value] = numbers.reshape(len(cells[kind]), width)
        return found

    def _positions(self, election: tally.Election) -> Iterator[int]:
        """Give the ballot group of each ballot."""
        place = {(group.choices, group.points): at for at, group in enumerate(election.ballots)}
        with_points = election.vote_type.has_points
        start = 0
        for length in self._lengths:
            choices = self._choices[start : start + length].tolist()
            points = self._points[start : start + length].tolist() if with_points else []
            start += length
            yield place[tally.canonical_ballot(election.vote_type, choices, points)]


@dataclass(frozen=True)
class _Measured:
    """One award: choices funded by ballot group; supporters by group and winner; money decided."""

    funded: Numbers
    supporters: Numbers
    money: list[int]


def group_tables(
    *,
    voters: Voters,
    election: tally.Election,
    outcomes: Mapping[str, tally.Outcome],
    cells: Cells,
) -> list[dict[str, Any]]:
    """Give the tables of groups as `Insight.groups` stores them, for awards by key.

    The awards are of one contest as a whole: money of areas would have other owners in each.
    """
    tables = []
    members = voters.by_group(election, cells)
    measured = {key: _measure(election, outcome, members) for key, outcome in outcomes.items()}
    for kind in members:
        awards = {key: by_kind[kind] for key, by_kind in measured.items()}
        table = _table(kind, cells[kind], members[kind], awards)
        if table is not None:
            tables.append(table)
    return tables


def _measure(
    election: tally.Election, outcome: tally.Outcome, members: Mapping[str, Numbers]
) -> dict[str, _Measured]:
    """Measure one award for the groups of each kind; who paid is followed once for all kinds."""
    positions = [election.position[name] for name in outcome.winners]
    funded, _sizes = choices_funded(election, positions)
    supporters = {
        kind: np.zeros((len(rows), len(positions)), dtype=np.int64)
        for kind, rows in members.items()
    }
    for at, position in enumerate(positions):
        named, _sizes = choices_funded(election, [position])
        for kind, rows in members.items():
            supporters[kind][:, at] = rows[:, named > 0].sum(axis=1)
    paid = {kind: [Fraction(0)] * len(rows) for kind, rows in members.items()}
    for payment in tally.payments(election, outcome) if members else ():
        for kind, rows in members.items():
            for at, row in enumerate(rows):
                paid[kind][at] += payment.paid_by(row)
    major = 10**election.scale
    return {
        kind: _Measured(
            funded, supporters[kind], [round(money / major) * major for money in paid[kind]]
        )
        for kind in members
    }


def _table(
    kind: str,
    cells: Sequence[tuple[str, ...]],
    members: Numbers,
    measured: Mapping[str, _Measured],
) -> dict[str, Any] | None:
    """Choose the columns that keep most groups and awards, the finest among equals; or None."""
    people = members.sum(axis=1).tolist()
    rows = {label: row for row, labels in enumerate(cells) for label in labels}
    best: tuple[GroupNumbers, ...] = ()
    chosen: tuple[int, ...] = ()
    kept: list[str] = []
    for columns in COLUMNS:
        column_of = {key: _column_of(award.funded, columns) for key, award in measured.items()}
        numbers = [_crossed(members, column, len(columns)) for column in column_of.values()]
        groups = [
            GroupNumbers(labels, people[row], tuple(np.concatenate([n[row] for n in numbers])))
            for row, labels in enumerate(cells)
        ]
        found = publishable_groups(groups, ordered=kind == TurnoutTable.Kind.AGE)
        merged = [members[_parts(group, rows)].sum(axis=0) for group in found]
        beside = _beside_each_other(merged, column_of, len(columns))
        if len(found) * len(beside) > len(best) * len(kept):
            best, chosen, kept = found, columns, beside
    if not best:
        return None
    width = len(chosen)
    parts = [_parts(group, rows) for group in best]
    stored: list[dict[str, Any]] = [
        {"labels": list(group.labels), "people": group.people, "awards": {}} for group in best
    ]
    for at, (key, award) in enumerate(measured.items()):
        if key not in kept:
            continue
        supporters = [award.supporters[each].sum(axis=0).tolist() for each in parts]
        may_say = sums_that_hide([group.people for group in best], supporters)
        for place, group in enumerate(best):
            money = sum(award.money[row] for row in parts[place])
            stored[place]["awards"][key] = {
                "ballots": [int(n) for n in group.numbers[at * width : (at + 1) * width]],
                "money": money if may_say[place] else None,
            }
    return {"kind": kind, "columns": list(chosen), "groups": stored}


def _parts(group: GroupNumbers, rows: Mapping[str, int]) -> list[int]:
    """Give the rows merged into a group."""
    return sorted({rows[label] for label in group.labels})


def _beside_each_other(
    groups: Sequence[Numbers], column_of: Mapping[str, Numbers], width: int
) -> list[str]:
    """Keep the awards whose numbers may stand together, the own one first.

    Whoever reads 25 with none funded under one award and 24 under the other learns what became of
    one person. So of each group no fewer than ten may stand in one column under one award and in
    another under the other.
    """
    kept: list[str] = []
    for key, column in column_of.items():
        if all(
            not _has_small(_crossed(np.array(groups), column_of[other] * width + column, width**2))
            for other in kept
        ):
            kept.append(key)
    return kept


def _has_small(numbers: Numbers) -> bool:
    return bool(((numbers > 0) & (numbers < SMALLEST)).any())


def _column_of(funded: Numbers, columns: Sequence[int]) -> Numbers:
    """Give each ballot group its column: from the column's least number to before the next's."""
    return np.searchsorted(np.array(columns), funded, side="right") - 1


def _crossed(members: Numbers, column: Numbers, width: int) -> Numbers:
    """Count the ballots of each row of `members` in each column."""
    found = np.zeros((len(members), width), dtype=np.int64)
    for at, row in enumerate(members):
        found[at] = np.bincount(column, weights=row, minlength=width)
    return found
