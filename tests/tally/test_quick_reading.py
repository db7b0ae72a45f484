"""Many rows read at once give what the same rows give one by one: ballots, warnings, errors."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgeting.tally import PabulibError, VoteType, pabulib_reader, read_election
from budgeting.tally.pabulib_reader import _Rows

HEAD = """META
key;value
description;Municipal PB in Fontelieta
country;Italy
unit;Fontelieta
instance;2026
num_projects;4
num_votes;{votes}
budget;1000
vote_type;{type}
rule;greedy
date_begin;2026
date_end;2026
{limits}PROJECTS
project_id;cost
A;400
B/2;500
C;300
D D;100
VOTES
"""
NAMES = ["A", "B/2", "C", "D D", "A ", " C", "E", "", "META"]
NUMBERS = ["0", "1", "2", "3", "-1", "4.0", "x", "", "99999999999"]
LIMITS = {
    "min_length": ["1", "2"],
    "max_length": ["1", "2", "3", "99999999999999999999"],
    "min_points": ["-1", "1"],
    "max_points": ["2", "3"],
    "min_sum_points": ["2"],
    "max_sum_points": ["3", "4"],
    "min_sum_cost": ["500"],
    "max_sum_cost": ["800"],
    "default_score": ["1"],
}

cells = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map(",".join) | st.sampled_from(
    ["A", "A,B/2", "A,C", "C", "C,A", "A,B/2,C", '"A,B/2"', "A,A", " ", "A;", 'A"']
)
plain_cells = st.sampled_from(["A", "A,B/2", "A,C", "C", "C,A", "A,B/2,C"])
points = st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=4).map(",".join)
plain_points = st.sampled_from(["1", "2", "1,2", "2,1", "3,2,1", ""])


@st.composite
def files(draw: st.DrawFn) -> list[bytes]:
    """A file whose votes are mostly good."""
    vote_type = draw(st.sampled_from(VoteType))
    chosen = draw(st.dictionaries(st.sampled_from(sorted(LIMITS)), st.integers(0, 3), max_size=3))
    limits = "".join(f"{key};{(LIMITS[key] * 4)[value]}\n" for key, value in chosen.items())
    with_points = vote_type.has_points or draw(st.integers(0, 3)) == 0
    odd = draw(st.booleans())
    rows = []
    for number in range(draw(st.integers(0, 12))):
        row = [str(number), draw(cells if odd else plain_cells)]
        if with_points:
            row.append(draw(points if odd else plain_points))
        rows.append(";".join(row))
    if rows and draw(st.integers(0, 5)) == 0:
        rows.append(
            draw(st.sampled_from(["", "x;A", ";A;1", rows[0], "x", "VOTES", "VOTES;", "x;A;1;9;9"]))
        )
    header = "voter_id;vote;points" if with_points else "voter_id;vote"
    announced = len(rows) + (draw(st.integers(0, 9)) == 0)
    head = HEAD.format(votes=announced, type=vote_type.value, limits=limits)
    end = draw(st.sampled_from(["\n", "\r\n"]))
    text = head.replace("\n", end) + end.join([header, *rows]) + draw(st.sampled_from(["", end]))
    found = text.encode()
    if draw(st.integers(0, 9)) == 0:
        found = found.replace(b"C,A", b"C,\xff")
    return found.splitlines(keepends=True)


def told(lines: list[bytes]) -> object:
    try:
        reading = read_election(iter(lines))
    except PabulibError as error:
        return error.code, error.line, error.field, error.params
    warnings = [(w.code, w.line, w.field, w.params, w.count) for w in reading.warnings]
    return reading.election, warnings


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(pabulib_reader, "ROWS_AT_ONCE", 4)
        yield


@pytest.mark.usefixtures("few_at_once")
@settings(max_examples=600)
@given(files())
def test_many_rows_at_once_say_what_they_say_one_by_one(lines: list[bytes]) -> None:
    at_once = told(lines)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(_Rows, "plain_rows", lambda *_args: None)
        one_by_one = told(lines)
    assert at_once == one_by_one
