"""Every way a file can be broken: refused with line, field and remedy, never half read."""

import io
import string
from collections.abc import Iterator
from itertools import count

import pytest

from budgeting.tally import PabulibError, open_pabulib, read_election
from budgeting.tally.language import speaking
from budgeting.tally.messages import ERRORS, WARNINGS

GOOD = """META
key;value
description;Municipal PB in Fontelieta
country;Italy
unit;Fontelieta
instance;2026
num_projects;2
num_votes;3
budget;1000
vote_type;cumulative
rule;greedy
date_begin;2026
date_end;2026
min_length;1
max_length;2
min_points;1
max_points;4
max_sum_points;5
PROJECTS
project_id;cost;score;name;selected
A;400;8;Alberi;1
B;500;3;Panchine;0
VOTES
voter_id;vote;points;age
1;A,B;4,1;34
2;A;4;
3;B;2;61
"""

APPROVAL = GOOD.replace("cumulative", "approval").replace(
    "voter_id;vote;points", "voter_id;vote;note"
)

# code, line, field, text that replaces the good one
BROKEN = [
    ("empty", None, "", ""),
    ("empty", None, "", "\n\n"),
    ("section-first", 1, "", "<!DOCTYPE html>\n<html></html>\n"),
    ("section-first", 1, "", GOOD.removeprefix("META\n")),
    ("section-missing", 1, "", GOOD[GOOD.index("PROJECTS") :]),
    ("section-missing", None, "", GOOD[: GOOD.index("PROJECTS")]),
    ("section-missing", None, "", GOOD[: GOOD.index("VOTES")]),
    ("section-order", 19, "", GOOD.replace("PROJECTS\n", "VOTES\n")),
    ("section-order", 27, "", GOOD.replace("3;B;2;61", "META\n3;B;2;61")),
    ("section-order", 22, "", GOOD.replace("B;500", "PROJECTS\nB;500")),
    ("heading", 23, "", GOOD.replace("VOTES\n", "VOTTES\n")),
    ("heading", 23, "", GOOD.replace("VOTES\n", "Vote;;\n")),
    ("heading", 23, "", GOOD.replace("VOTES\n", "SCHEDE\n")),
    ("heading", 19, "", GOOD.replace("PROJECTS\n", "PROJECT\n")),
    ("heading", 19, "", GOOD.replace("PROJECTS\n", "PROGETTI\n")),
    ("heading", 19, "", GOOD.replace("PROJECTS\n", "[PROJECTS]\n")),
    ("heading", 27, "", GOOD.replace("3;B;2;61", "PROYECTS\n3;B;2;61")),
    ("nul", 22, "", GOOD.replace("Panchine", "Pan\0chine")),
    ("nul", 26, "", GOOD.replace("2;A;", "2;A\0;")),
    ("section-missing", 23, "", GOOD.replace("VOTES\n", "")),
    ("section-missing", 19, "", GOOD.replace("PROJECTS\n", "")),
    ("meta-header", 2, "", GOOD.replace("key;value\n", "")),
    ("meta-header", 2, "", GOOD.replace("key;value", "key,value")),
    ("header-missing", 20, "", GOOD.replace("project_id;cost;score;name;selected\n", "VOTES\n", 1)),
    ("header-missing", None, "", GOOD[: GOOD.index("voter_id")]),
    ("column-missing", 20, "project_id", GOOD.replace("project_id;cost", "id;cost")),
    ("column-missing", 20, "cost", GOOD.replace("project_id;cost", "project_id;price")),
    ("column-missing", 24, "voter_id", GOOD.replace("voter_id;vote", "voter;vote")),
    ("column-missing", 24, "vote", GOOD.replace("voter_id;vote", "voter_id;votes")),
    ("column-missing", 24, "points", GOOD.replace("vote;points", "vote;marks")),
    ("column-repeated", 20, "cost", GOOD.replace("cost;score", "cost;cost")),
    ("cells", 9, "budget", GOOD.replace("budget;1000", "budget;1000;EUR")),
    ("cells", 22, "", GOOD.replace("Panchine", "Panchine; tavoli")),
    ("cells", 25, "", GOOD.replace("1;A,B;4,1;34", "1;A;B;4;1;34")),
    ("meta-key", 5, "", GOOD.replace("unit;Fontelieta", ";Fontelieta")),
    ("meta-repeated", 10, "budget", GOOD.replace("budget;1000", "budget;1000\nbudget;900")),
    ("meta-missing", None, "budget", GOOD.replace("budget;1000\n", "")),
    ("meta-missing", 9, "budget", GOOD.replace("budget;1000", "budget;")),
    ("meta-missing", None, "vote_type", GOOD.replace("vote_type;cumulative\n", "")),
    ("meta-missing", None, "num_votes", GOOD.replace("num_votes;3\n", "")),
    ("amount", 9, "budget", GOOD.replace("budget;1000", "budget;1 000")),
    ("amount", 9, "budget", GOOD.replace("budget;1000", "budget;NaN")),
    ("amount", 21, "cost", GOOD.replace("A;400", "A;€ 400")),
    ("amount", 21, "cost", GOOD.replace("A;400", "A;400,50")),
    ("amount", 21, "cost", GOOD.replace("A;400", "A;")),
    ("amount-negative", 21, "cost", GOOD.replace("A;400", "A;-400")),
    ("amount-negative", 9, "budget", GOOD.replace("budget;1000", "budget;-1")),
    ("whole-number", 8, "num_votes", GOOD.replace("num_votes;3", "num_votes;three")),
    ("whole-number", 15, "max_length", GOOD.replace("max_length;2", "max_length;2.5")),
    ("too-large", 26, "points", GOOD.replace("2;A;4;", "2;A;40000000000;")),
    (
        "too-large",
        15,
        "max_length",
        APPROVAL.replace("approval", "ordinal").replace("max_length;2", "max_length;40000000000"),
    ),
    ("whole-number", 21, "score", GOOD.replace("A;400;8", "A;400;many")),
    ("limits", 15, "max_length", GOOD.replace("min_length;1", "min_length;3")),
    ("limits", 17, "max_points", GOOD.replace("max_points;4", "max_points;0")),
    ("vote-type", 10, "vote_type", GOOD.replace("cumulative", "approvals")),
    ("num-projects", 7, "num_projects", GOOD.replace("num_projects;2", "num_projects;3")),
    ("num-votes", 8, "num_votes", GOOD.replace("3;B;2;61\n", "")),
    ("no-projects", None, "", GOOD.replace("A;400;8;Alberi;1\nB;500;3;Panchine;0\n", "")),
    ("project-id", 21, "project_id", GOOD.replace("A;400", '"A,1";400')),
    ("project-id-missing", 21, "project_id", GOOD.replace("A;400", ";400")),
    ("project-repeated", 22, "project_id", GOOD.replace("B;500", "A;500")),
    ("selected", 21, "selected", GOOD.replace("Alberi;1", "Alberi;yes")),
    ("voter-missing", 26, "voter_id", GOOD.replace("2;A;4;", ";A;4;")),
    ("voter-repeated", 26, "voter_id", GOOD.replace("2;A;4;", "1;A;4;")),
    ("unknown-project", 26, "vote", GOOD.replace("2;A;4;", "2;C;4;")),
    ("empty-choice", 25, "vote", GOOD.replace("A,B;4,1", "A,,B;4,1")),
    ("one-choice", 25, "vote", APPROVAL.replace("approval", "choose-1")),
    ("too-many", 25, "vote", GOOD.replace("max_length;2", "max_length;1")),
    ("too-few", 26, "vote", GOOD.replace("min_length;1", "min_length;2")),
    ("points-missing", 26, "points", GOOD.replace("2;A;4;", "2;A;;")),
    (
        "points-missing",
        25,
        "points",
        GOOD.replace("A,B;4,1", "A,B;").replace("2;A;4;", "2;A;;").replace("3;B;2;", "3;B;;"),
    ),
    ("points-count", 25, "points", GOOD.replace("A,B;4,1", "A,B;4")),
    ("points-number", 26, "points", GOOD.replace("2;A;4;", "2;A;four;")),
    ("points-number", 26, "points", GOOD.replace("2;A;4;", "2;A;1.5;")),
    (
        "points-negative",
        26,
        "points",
        GOOD.replace("2;A;4;", "2;A;-1;").replace("min_points;1\n", "\n"),
    ),
    ("points-low", 26, "points", GOOD.replace("2;A;4;", "2;A;0;")),
    ("points-high", 26, "points", GOOD.replace("2;A;4;", "2;A;5;")),
    ("points-unexpected", 25, "points", GOOD.replace("cumulative", "approval")),
    ("meta-header", 2, "", GOOD.replace(";", "\t")),
    ("limits", 18, "max_sum_points", GOOD.replace("max_length;2", "min_sum_points;6")),
    ("num-votes", 8, "num_votes", GOOD.replace("num_votes;3", "num_votes;-3")),
    ("num-projects", 7, "num_projects", GOOD.replace("num_projects;2", "num_projects;0")),
    ("selected", 22, "selected", GOOD.replace("Panchine;0", "Panchine;4")),
    ("project-id-missing", 22, "project_id", GOOD.replace("B;500", "  ;500")),
    ("voter-missing", 25, "voter_id", GOOD.replace("1;A,B", "  ;A,B")),
    ("unknown-project", 26, "vote", GOOD.replace("2;A;4;", "2;a;4;")),
    ("empty-choice", 25, "vote", GOOD.replace("A,B;4,1", "A,B,;4,1")),
    ("points-count", 26, "points", GOOD.replace("2;A;4;", "2;;4;")),
    ("points-number", 26, "points", GOOD.replace("2;A;4;", "2;A;+;")),
    ("quote", 22, "", GOOD.replace("Panchine", '"Panchine')),
    ("quote", 26, "", GOOD.replace("2;A;4;", '2;"A;4;')),
    ("quote", 22, "", GOOD.replace("Panchine", '"Panchine') + "x;A;1;\n" * 30_000),
]
BYTES = [
    ("encoding", 21, GOOD.replace("Alberi", "Città").encode("latin-1")),
    ("encoding", 1, GOOD.encode("utf-16")),
    ("csv", 26, GOOD.replace("2;A;4;", "2;A;4;\r3;A;1;").encode()),
    ("csv", 1, GOOD.replace("\n", "\r").encode()),
]


@pytest.mark.parametrize(
    ("code", "line", "field", "text"), BROKEN, ids=lambda value: str(value)[:24]
)
def test_a_broken_file_is_refused_where_it_breaks(code, line, field, text) -> None:
    with pytest.raises(PabulibError) as caught:
        read_election(io.StringIO(text, newline=""))
    error = caught.value
    assert (error.code, error.line, error.field) == (code, line, field)
    text_of = ERRORS[code]
    assert error.message == text_of.message.format(**error.params)
    assert error.remedy == text_of.remedy.format(**error.params)
    assert str(error) == f"{error.where}{error.message} {error.remedy}"
    assert error.where.startswith(f"line {line}") is (line is not None)
    assert "{" not in str(error)
    with pytest.raises(PabulibError) as streamed:
        list(open_pabulib(io.BytesIO(text.encode())).ballots())
    assert (streamed.value.code, streamed.value.line) == (code, line)


@pytest.mark.parametrize(("code", "line", "data"), BYTES)
def test_other_encodings_and_line_ends_are_refused_with_their_line(code, line, data) -> None:
    with pytest.raises(PabulibError) as caught:
        read_election(io.BytesIO(data))
    assert (caught.value.code, caught.value.line, caught.value.field) == (code, line, "")
    assert caught.value.remedy == ERRORS[code].remedy.format(**caught.value.params)


def test_the_corpus_has_many_kinds_of_defect() -> None:
    defects = {(code, field) for code, _line, field, _text in BROKEN}
    assert len(defects) >= 40
    assert len({text for *_where, text in BROKEN}) == len(BROKEN)


def test_the_good_file_is_good_and_every_refusal_has_its_example() -> None:
    assert read_election(io.StringIO(GOOD)).warnings == ()
    elsewhere = {"most-projects", "most-ballots"}
    assert {row[0] for row in BROKEN} | {row[0] for row in BYTES} | elsewhere == set(ERRORS)


@pytest.mark.parametrize(
    "text", [*ERRORS.values(), *WARNINGS.values()], ids=lambda t: t.message[:30]
)
def test_sentences_end_and_use_named_parameters(text) -> None:
    for sentence in (text.message, text.remedy):
        assert sentence.endswith((".", "?"))
        assert all(
            name is None or name.isidentifier()
            for _, name, _, _ in string.Formatter().parse(sentence)
        )


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("VOTTES", "VOTES"), ("VOTI", "VOTES"), ("PROJEKTS", "PROJECTS"), ("BALLOTS", "VOTES")],
)
def test_a_misspelt_title_is_named_with_the_one_that_was_meant(wrong, meant) -> None:
    with pytest.raises(PabulibError) as caught:
        read_election(io.StringIO(GOOD.replace(f"{meant}\n", f"{wrong}\n")))
    assert f"“{wrong}” is not the title of a section. Did you mean {meant}?" in str(caught.value)
    with speaking("it"):
        assert f"Volevi dire {meant}?" in caught.value.message


def test_a_lone_cell_that_may_be_a_row_is_one() -> None:
    """A voter who left the ballot blank, and a key without a value."""
    text = APPROVAL.replace("num_votes;3", "num_votes;4").replace(
        "date_begin", "edition\ndate_begin"
    )
    read = read_election(io.StringIO(text + "voter-four\n"))
    assert read.election.num_ballots == 4
    assert {warning.code for warning in read.warnings} >= {"short-row", "blank-ballot"}


def endless(text: str, row: str) -> Iterator[str]:
    """The lines of a file, then rows without end."""
    yield from text.splitlines(keepends=True)
    for number in count(1000):
        yield row.format(number)


@pytest.mark.parametrize("row", ["{};A;4;\n", '{};"A";4;\n'])
def test_reading_stops_at_the_first_ballot_too_many(row) -> None:
    """Many rows at a time are not read beyond what is taken at once; odd rows not at all."""
    assert (
        read_election(io.StringIO(GOOD), most_projects=2, most_ballots=3).election.num_ballots == 3
    )
    with pytest.raises(PabulibError) as caught:
        read_election(io.StringIO(GOOD), most_ballots=2)
    assert (caught.value.code, caught.value.line) == ("most-ballots", 27)
    with pytest.raises(PabulibError) as caught:
        read_election(endless(GOOD, row), most_ballots=5)
    assert (caught.value.code, caught.value.line) == ("most-ballots", 30)
    assert "more than 5 ballots" in str(caught.value)
    with pytest.raises(PabulibError) as caught:
        list(open_pabulib(endless(GOOD, row), most_ballots=5).ballots())
    assert (caught.value.code, caught.value.line) == ("most-ballots", 30)


def test_reading_stops_at_the_first_project_too_many() -> None:
    head = GOOD[: GOOD.index("VOTES")]
    with pytest.raises(PabulibError) as caught:
        open_pabulib(endless(head, "{};1;0;x;0\n"), most_projects=4)
    assert (caught.value.code, caught.value.line) == ("most-projects", 25)
    assert "more than 4 projects" in str(caught.value)
