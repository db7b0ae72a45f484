"""Real files are untidy: what is read anyway, and with which warning."""

import io
import re
from pathlib import Path

import pytest

from budgeting.tally import BallotGroup, PabulibError, VoteType, open_pabulib, read_election

PLAIN = """META
key;value
description;Municipal PB in Fontelieta
country;Italy
unit;Fontelieta
instance;2026
num_projects;3
num_votes;4
budget;1000
vote_type;approval
rule;greedy
date_begin;2026
date_end;2026
PROJECTS
project_id;cost;votes;name;selected
P/1;400;3;Alberi in piazza;1
P/2;500;2;Panchine;1
P/3;300;1;Fontana;0
VOTES
voter_id;vote;age
1;P/1,P/2;34
2;P/1;
3;P/3,P/1;61
4;P/2;18
"""


def read(text: str):
    return read_election(io.StringIO(text))


def codes(reading) -> list[tuple[str, int | None, int]]:
    return [(warning.code, warning.line, warning.count) for warning in reading.warnings]


def test_a_tidy_file_has_no_warnings() -> None:
    reading = read(PLAIN)
    election = reading.election
    assert codes(reading) == []
    assert next((p.id, p.cost, p.name) for p in election.projects) == (
        "P/1",
        400,
        "Alberi in piazza",
    )
    assert election.ballots == (
        BallotGroup((0,)),
        BallotGroup((0, 1)),
        BallotGroup((0, 2)),
        BallotGroup((1,)),
    )
    assert election.votes == (3, 2, 1)
    assert election.recorded_award == {"P/1", "P/2"}
    assert election.meta["unit"] == "Fontelieta"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: text.rstrip("\n"), id="no last line end"),
        pytest.param(lambda text: text.replace("META\n", "meta;;\n"), id="title with empty cells"),
        pytest.param(
            lambda text: text.replace("name;selected", "name;selected;;"), id="wide header"
        ),
        pytest.param(lambda text: text.replace("P/1;400;", '"P/1";"400";'), id="quoted cells"),
        pytest.param(lambda text: text.replace(";400;", ";400.00;"), id="decimals of no worth"),
        pytest.param(lambda text: text.replace("1;P/1,P/2;34", "1;P/1,P/2;34;"), id="closing ;"),
    ],
)
def test_untidiness_that_changes_nothing(change) -> None:
    tidy, untidy = read(PLAIN), read(change(PLAIN))
    assert untidy.election == tidy.election
    assert codes(untidy) == []
    as_bytes = change(PLAIN).encode().splitlines(keepends=True)
    assert read_election(as_bytes).election == tidy.election


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("P/1,P/2;34", "P/1, P/2;34", ("spaces", 21, 1)),
        ("2;P/1;", "2;P/1,P/1;", ("repeated-choice", 22, 1)),
        ("2;P/1;\n", "2;P/1\n", ("short-row", 22, 1)),
        ("VOTES\n", "\nVOTES\n", ("blank-line", 19, 1)),
        ("country;Italy\n", "country;\n", ("meta-missing", 4, 1)),
        ("P/2;500;2;", "P/2;500;7;", ("votes-differ", 17, 1)),
    ],
)
def test_untidiness_that_is_told(old: str, new: str, expected: tuple[str, int, int]) -> None:
    reading = read(PLAIN.replace(old, new))
    assert codes(reading) == [expected]
    assert reading.warnings[0].message
    assert reading.warnings[0].remedy
    assert reading.election.ballots == read(PLAIN).election.ballots


def test_a_voter_may_be_named_like_a_section() -> None:
    lines = PLAIN.replace("2;P/1;", "VOTES;P/1;").encode().splitlines(keepends=True)
    assert read_election(lines).election == read(PLAIN).election
    with pytest.raises(PabulibError, match="section META stands in the wrong place"):
        read_election([*lines, b"META;;\n"])


def test_warnings_of_one_kind_are_counted_not_repeated() -> None:
    text = PLAIN.replace("num_votes;4", "num_votes;6")
    text += "5;P/2,P/2;\n6;P/2,P/2;\n"
    text = text.replace("2;P/1;", "2;P/1,P/1;").replace("P/2;500;2", "P/2;500;4")
    assert codes(read(text)) == [("repeated-choice", 22, 3)]


def test_of_a_project_named_twice_the_first_points_count() -> None:
    text = PLAIN.replace("approval", "cumulative").replace("vote;age", "vote;points")
    text = text.replace("P/1,P/2;34", '"P/1,P/2,P/1";"3,1,2"').replace("2;P/1;", "2;P/1;5")
    text = text.replace("P/3,P/1;61", "P/3,P/1;1,2").replace("4;P/2;18", "4;P/2;4")
    reading = read(text)
    assert [warning.code for warning in reading.warnings] == ["repeated-choice"]
    assert reading.election.votes == (3 + 5 + 2, 1 + 4, 1)


@pytest.mark.parametrize(
    ("limit", "vote_type", "code"),
    [
        ("min_sum_cost;450", "approval", "sum-cost-low"),
        ("max_sum_cost;800", "approval", "sum-cost-high"),
        ("min_sum_points;4", "cumulative", "sum-points-low"),
        ("max_sum_points;4", "cumulative", "sum-points-high"),
    ],
)
def test_sums_outside_the_limits_are_told_and_counted(
    limit: str, vote_type: str, code: str
) -> None:
    text = PLAIN.replace("approval", f"{vote_type}\n{limit}")
    if vote_type == "cumulative":
        text = text.replace("vote;age", "vote;points").replace("P/1,P/2;34", "P/1,P/2;3,2")
        text = text.replace("2;P/1;", "2;P/1;4").replace(";61", ";1,2").replace(";18", ";4")
    reading = read(text)
    assert [warning.code for warning in reading.warnings] == [code]
    assert reading.election.num_ballots == 4


def test_costs_beyond_what_64_bits_hold_are_added_up_exactly() -> None:
    text = PLAIN.replace(";400;", f";{2**63};").replace(";500;", f";{2**63 + 1};")
    text = text.replace("budget;1000", f"budget;{2**65}\nmax_sum_cost;{2**64}")
    assert codes(read(text)) == [("sum-cost-high", 22, 1)]
    exactly_at_the_limit = text.replace(f";{2**63 + 1};", f";{2**63};")
    assert codes(read(exactly_at_the_limit)) == []


def test_points_beside_a_ranking_must_be_those_of_its_places() -> None:
    text = PLAIN.replace("approval", "ordinal\nmax_length;2").replace("vote;age", "vote;points")
    good = text.replace(";34", ";2,1").replace("2;P/1;", "2;P/1;2")
    good = good.replace(";61", ";2,1").replace(";18", ";2")
    assert codes(read(good)) == []
    other = read(good.replace("P/1,P/2;2,1", "P/1,P/2;2,2"))
    assert codes(other) == [("points-not-borda", 22, 1)]
    assert other.election.votes == read(good).election.votes


def test_the_ballots_of_a_file_can_be_read_once() -> None:
    file = open_pabulib(io.StringIO(PLAIN))
    list(file.ballots())
    with pytest.raises(RuntimeError, match="once"):
        list(file.ballots())


def test_a_recorded_score_is_compared_with_the_ballots() -> None:
    text = PLAIN.replace("approval", "ordinal\nmax_length;2").replace("cost;votes", "cost;score")
    assert [(w.code, w.count) for w in read(text).warnings] == [("score-differ", 3)]


def test_a_blank_ballot_counts_as_a_ballot() -> None:
    reading = read(PLAIN.replace("2;P/1;", "2;;").replace("P/1;400;3", "P/1;400;2"))
    assert codes(reading) == [("blank-ballot", 22, 1)]
    assert reading.election.num_ballots == 4
    assert reading.election.ballots[0] == BallotGroup(())


def test_decimal_amounts_keep_their_decimals() -> None:
    election = read(PLAIN.replace("P/3;300", "P/3;300.25").replace("1000", "1000.5")).election
    assert (election.scale, election.budget) == (2, 100050)
    assert [project.cost for project in election.projects] == [40000, 50000, 30025]


def test_the_cost_of_withdrawn_projects_marks_them() -> None:
    election = read(PLAIN.replace("P/3;300", "P/3;999999999")).election
    assert [project.withdrawn for project in election.projects] == [False, False, True]


def test_former_and_unknown_columns() -> None:
    text = PLAIN.replace("name;selected", "target;selected;colour")
    text = text.replace("Alberi in piazza;1", "children,seniors;1;green")
    reading = read(text)
    assert [warning.code for warning in reading.warnings] == [
        "old-column",
        "unknown-column",
        "short-row",
    ]
    first = reading.election.projects[0]
    assert first.beneficiaries == ("children", "seniors")
    assert first.extra == (("colour", "green"),)


def test_rankings_without_a_maximal_length_take_the_number_of_projects() -> None:
    reading = read(PLAIN.replace("approval", "ordinal"))
    assert codes(reading) == [("no-max-length", None, 1)]
    assert reading.election.votes == (3 + 3 + 2, 2 + 3, 3)
    limited = read(PLAIN.replace("approval", "ordinal\nmax_length;2"))
    assert codes(limited) == []
    assert limited.election.votes == (2 + 2 + 1, 1 + 2, 2)


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("01.03.2026", "31.03.2026", []),
        ("2026", "2026", []),
        ("2026", "01.03.2026", []),
        ("2026-03-01", "31.03.2026", [("day", "date_begin")]),
        ("30.02.2026", "spring", [("day", "date_begin"), ("day", "date_end")]),
        ("02.03.2026", "01.03.2026", [("days-order", "date_end")]),
        ("2026", "01.03.2025", [("days-order", "date_end")]),
        ("01.03.2026", "2025", [("days-order", "date_end")]),
    ],
)
def test_days_that_are_none_or_in_the_wrong_order_are_told(
    first: str, last: str, told: list[tuple[str, str]]
) -> None:
    text = re.sub("date_begin;.*", f"date_begin;{first}", PLAIN)
    reading = read(re.sub("date_end;.*", f"date_end;{last}", text))
    assert [(warning.code, warning.field) for warning in reading.warnings] == told


def test_a_multi_line_cell_keeps_line_numbers_right() -> None:
    text = PLAIN.replace("Panchine", '"Panchine\ne tavoli"').replace("2;P/1;", "2;P/1,P/1;")
    reading = read(text)
    assert reading.election.projects[1].name == "Panchine\ne tavoli"
    assert codes(reading) == [("repeated-choice", 23, 1)]


def test_ballots_come_one_by_one_with_their_other_columns() -> None:
    file = open_pabulib(io.StringIO(PLAIN))
    assert (file.vote_type, file.budget, file.num_votes) == (VoteType.APPROVAL, 1000, 4)
    ballots = list(file.ballots())
    assert [ballot.choices for ballot in ballots] == [(0, 1), (0,), (0, 2), (1,)]
    assert [dict(ballot.columns) for ballot in ballots] == [
        {"age": "34"},
        {},
        {"age": "61"},
        {"age": "18"},
    ]
    assert (ballots[2].line, ballots[2].voter_id) == (23, "3")


def test_a_stream_is_read_no_further_than_asked() -> None:
    lines = iter(PLAIN.splitlines(keepends=True))
    ballots = open_pabulib(lines).ballots()
    next(ballots)
    assert next(lines) == "2;P/1;\n"


@pytest.mark.parametrize("name", ["poland_swiecie_2023_", "poland_warszawa_2024_bemowo"])
def test_both_ways_of_reading_a_real_file_agree(name: str) -> None:
    path = Path(__file__).parent.parent / "data" / f"{name}.pb"
    election = read_election(path).election
    with path.open("rb") as stream:
        file = open_pabulib(stream)
        again = [BallotGroup(ballot.choices) for ballot in file.ballots()]
    assert len(again) == election.num_ballots
    from dataclasses import replace

    assert replace(election, ballots=tuple(again)) == election
