"""What we write, we read back the same; and Pabulib's own checker finds nothing wrong."""

import contextlib
import io
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgeting.tally import (
    Areas,
    BallotGroup,
    Completion,
    Election,
    Limits,
    Method,
    Overflow,
    Project,
    Rule,
    Ties,
    Totals,
    VoteType,
    count,
    read_election,
    write_election,
    write_pabulib,
)

from .strategies import described, elections, texts, with_areas


def written(election: Election, **more) -> str:
    stream = io.StringIO(newline="")
    write_election(stream, election, **more)
    return stream.getvalue()


@st.composite
def full_elections(draw: st.DrawFn) -> Election:
    election = draw(elections())
    lists = st.lists(texts.map(lambda text: text.replace(",", "")).filter(bool), max_size=2)
    projects = tuple(
        replace(
            project,
            cost=999_999_999 * 10**election.scale if project.withdrawn else project.cost,
            name=draw(texts),
            categories=tuple(draw(lists)),
            selected=draw(st.none() | st.integers(0, 3)),
        )
        for project in election.projects
    )
    return described(replace(election, projects=projects, conflicts=frozenset()))


@settings(max_examples=200)
@given(full_elections())
def test_reading_undoes_writing(election: Election) -> None:
    text = written(election, partial_columns=True)
    again = read_election(io.StringIO(text, newline="")).election.rescaled(election.scale)
    bare = [replace(p, recorded_votes=None, recorded_score=None) for p in again.projects]
    assert replace(again, projects=tuple(bare)) == election
    assert written(again, partial_columns=True) == text
    as_bytes = io.BytesIO(("\ufeff" + text.replace("\n", "\r\n")).encode())
    if "\r" not in text:
        assert read_election(as_bytes).election.ballots == again.ballots


@settings(max_examples=100)
@given(full_elections().flatmap(with_areas))
def test_budgets_of_areas_come_back(election: Election) -> None:
    text = written(election, partial_columns=True)
    again = read_election(io.StringIO(text, newline="")).election.rescaled(election.scale)
    used = {project.neighborhood for project in election.projects}
    named = [area for area in election.areas if area[0] or area[1] or "" in used]
    assert again.areas == tuple(named)
    assert written(again, partial_columns=True) == text


PROJECTS = (
    Project("A-1", 400, name="Alberi", categories=("verde", "scuole")),
    Project("A-2", 500, name='Panchine; "nuove"', latitude="44.1", longitude="10.2"),
    Project("A-3", 300, name="Fontana", neighborhood="Borgo"),
)
LIMITS = {
    VoteType.APPROVAL: Limits(max_length=2),
    VoteType.CHOOSE_ONE: Limits(min_length=1, max_length=1),
    VoteType.CUMULATIVE: Limits(max_sum_points=5),
    VoteType.SCORING: Limits(min_points=0, max_points=4),
    VoteType.ORDINAL: Limits(max_length=2),
}


def small(vote_type: VoteType, scale: int = 0) -> Election:
    one = vote_type is VoteType.CHOOSE_ONE
    points = (2, 3) if vote_type.has_points else ()
    ballots = (
        BallotGroup((0,) if one else (0, 1), () if one else points, 3),
        BallotGroup((2,), (4,) if vote_type.has_points else (), 2),
        BallotGroup((1,) if one else (1, 2), () if one else points, 1),
    )
    election = Election(PROJECTS, ballots, vote_type, 850, limits=LIMITS[vote_type])
    return described(election).rescaled(scale)


FILE_TIES = {"ties": Ties.FILE_ORDER}
RULES = [
    Rule(Method.GREEDY, **FILE_TIES),
    Rule(Method.GREEDY, min_votes=2, **FILE_TIES),
    Rule(Method.GREEDY, min_share=Fraction(1, 3), **FILE_TIES),
    Rule(Method.GREEDY, overflow=Overflow.STOP, **FILE_TIES),
    Rule(Method.GREEDY, overflow=Overflow.PARTIAL, **FILE_TIES),
    Rule(Method.EQUAL_SHARES, **FILE_TIES),
    Rule(Method.EQUAL_SHARES, completion=Completion.ADD1, **FILE_TIES),
    Rule(Method.EQUAL_SHARES, completion=Completion.ADD1U, **FILE_TIES),
]


def checker_errors(text: str) -> dict:
    from pabulib.checker import Checker

    with contextlib.redirect_stdout(io.StringIO()):
        results = Checker().process_files([text])
    (found,) = [value["results"] for value in results.values() if "results" in value]
    return found["errors"]


@pytest.mark.parametrize("scale", [0, 2])
@pytest.mark.parametrize("vote_type", VoteType)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.pabulib_name()}-{rule.min_votes}")
def test_pabulib_checker_accepts_our_files(rule: Rule, vote_type: VoteType, scale: int) -> None:
    election = small(vote_type, scale)
    outcome = count(election, rule)
    text = written(election, outcome=outcome)
    assert checker_errors(text) == {}
    again = read_election(io.StringIO(text)).election
    assert again.recorded_award == set(outcome.winners)
    if again.meta["rule"] != "unknown" and rule.overflow is not Overflow.PARTIAL:
        assert count(again, Rule.from_file(again.meta)).winners == outcome.winners


@pytest.mark.parametrize("city", [False, True], ids=["named", "city-wide"])
def test_pabulib_checker_accepts_budgets_of_areas(city: bool) -> None:
    projects = [replace(item, neighborhood="Borgo") for item in PROJECTS]
    projects[0] = replace(PROJECTS[0], neighborhood="" if city else "Rio")
    election = replace(
        small(VoteType.APPROVAL),
        projects=tuple(projects),
        areas=(("Borgo", 450), ("" if city else "Rio", 400)),
    )
    outcome = count(election, Rule(Method.GREEDY, areas=Areas.NEXT, **FILE_TIES))
    assert outcome.winners
    assert checker_errors(written(election, outcome=outcome)) == {}


def test_the_checker_does_find_a_wrong_award() -> None:
    election = small(VoteType.APPROVAL)
    text = written(election, outcome=count(election, RULES[0]))
    wrong = text.replace(";Fontana;;1", ";Fontana;;0")
    assert wrong != text
    assert checker_errors(wrong)


def test_a_rule_without_a_name_is_spelled_out() -> None:
    election = small(VoteType.APPROVAL)
    rule = Rule(Method.EQUAL_SHARES, completion=Completion.ADD1U, **FILE_TIES)
    meta = read_election(io.StringIO(written(election, rule=rule))).election.meta
    assert meta["rule"] == "unknown"
    assert meta["comment"].startswith("#1: Counted with {")
    assert '"completion": "add1u"' in meta["comment"]


def test_a_place_that_only_some_projects_have_is_left_out_unless_asked_for() -> None:
    election = small(VoteType.APPROVAL)
    assert "neighborhood" not in written(election)
    assert ";Borgo;" in written(election, partial_columns=True)
    everywhere = tuple(replace(project, neighborhood="Borgo") for project in election.projects)
    assert ";Borgo;" in written(replace(election, projects=everywhere))


def test_a_withdrawn_project_is_written_as_others_know_it() -> None:
    election = small(VoteType.APPROVAL)
    withdrawn = replace(election, projects=(replace(PROJECTS[0], withdrawn=True), *PROJECTS[1:]))
    assert "A-1;999999999;" in written(withdrawn)


def test_a_partly_covered_project_is_marked_2() -> None:
    election = replace(small(VoteType.APPROVAL), budget=850)
    outcome = count(election, RULES[4])
    assert outcome.excess == 50
    again = read_election(io.StringIO(written(election, outcome=outcome))).election
    assert [project.selected for project in again.projects] == [2, 1, 0]


def test_ballots_are_streamed_and_their_number_checked() -> None:
    election = small(VoteType.CUMULATIVE)
    ballots = [((0, 1), (2, 3))] * 3 + [((2,), (4,))] * 2 + [((1, 2), (2, 3))]
    stream = io.StringIO(newline="")
    write_pabulib(stream, replace(election, ballots=()), iter(ballots), Totals.of(election))
    assert read_election(io.StringIO(stream.getvalue())).election.ballots == election.ballots
    with pytest.raises(ValueError, match="6 ballots were announced, 5 written"):
        write_pabulib(io.StringIO(), election, iter(ballots[1:]), Totals.of(election))


def test_areas_that_columns_cannot_carry_stand_in_the_comment() -> None:
    """City-wide projects have no neighbourhood, and the format accepts no empty cell there."""
    election = described(
        Election(
            (replace(PROJECTS[2], name="Fontana"), PROJECTS[0]),
            (BallotGroup((0, 1)),),
            VoteType.APPROVAL,
            1000,
            areas=(("Borgo", 600), ("", 400)),
        )
    )
    rule = Rule(Method.GREEDY, areas=Areas.CITY)
    meta = read_election(io.StringIO(written(election, rule=rule))).election.meta
    assert meta["rule"] == "unknown"
    assert meta["comment"].startswith('#1: Area budgets {"Borgo": "600", "": "400"} #2: Counted')
    named = replace(election, projects=(PROJECTS[2],), ballots=(), areas=(("Borgo", 1000),))
    text = written(named, rule=rule)
    assert "neighborhoods;Borgo\n" in text
    assert "budget_per_neighborhood;1000\n" in text
    comma = replace(named, projects=(), areas=(("Borgo, alto", 1000),))
    assert "Borgo, alto" in next(line for line in written(comma).split("\n") if "comment" in line)


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (Rule(Method.GREEDY, **FILE_TIES), "greedy-exclusive"),
        (Rule(Method.GREEDY, min_votes=1, **FILE_TIES), "greedy-exclusive"),
        (Rule(Method.GREEDY, overflow=Overflow.STOP, **FILE_TIES), "unknown"),
        (Rule(Method.EQUAL_SHARES, **FILE_TIES), "unknown"),
    ],
)
def test_projects_that_exclude_each_other_are_listed_in_the_comment(rule, name) -> None:
    election = replace(small(VoteType.APPROVAL), conflicts=frozenset({frozenset({"A-1", "A-3"})}))
    text = written(election, outcome=count(election, rule))
    assert checker_errors(text) == {}
    meta = read_election(io.StringIO(text)).election.meta
    assert meta["rule"] == name
    assert 'At most one of each pair [["A-1", "A-3"]]' in meta["comment"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1000,500", "1000"),
        ("1000,500", "1000,many"),
        ("1000,500", "1000,-500"),
        ("1000,500", "1000,800"),
        ("neighborhoods;Borgo,Rio", "neighborhoods;Borgo,Borgo"),
        ("neighborhoods;Borgo,Rio", "neighborhoods;Borgo,Lago"),
    ],
)
def test_budgets_of_areas_that_do_not_fit_are_left_aside_with_a_warning(old, new) -> None:
    projects = (Project("1", 5, neighborhood="Borgo"), Project("2", 5, neighborhood="Rio"))
    election = described(
        Election(projects, (), VoteType.APPROVAL, 1500, areas=(("Borgo", 1000), ("Rio", 500)))
    )
    text = written(election)
    good = read_election(io.StringIO(text, newline=""))
    assert (good.election.areas, good.warnings) == (election.areas, ())
    odd = read_election(io.StringIO(text.replace(old, new), newline=""))
    assert odd.election.areas == ()
    assert [(warning.code, warning.field) for warning in odd.warnings] == [
        ("areas-unused", "budget_per_neighborhood")
    ]
    assert odd.election.meta["budget_per_neighborhood"] in text.replace(old, new)
