"""Areas with budgets of their own, by hand."""

from dataclasses import replace

import pytest

from budgeting.tally import (
    Areas,
    BallotGroup,
    Comparison,
    Completion,
    Election,
    ElectionError,
    Limits,
    Method,
    Overflow,
    Project,
    Reason,
    Rule,
    RuleError,
    Ties,
    VoteType,
    count,
    replay,
    report,
)

GREEDY = Rule(Method.GREEDY, ties=Ties.FILE_ORDER)


def project(name: str, cost: int, area: str) -> Project:
    return Project(name, cost, neighborhood=area)


PROJECTS = (
    project("n1", 60, "Nord"),
    project("n2", 30, "Nord"),
    project("s1", 70, "Sud"),
    project("s2", 50, "Sud"),
    project("c1", 90, ""),
    project("c2", 40, ""),
)
# Three ballots name projects of Nord, two of Sud, all but one something city-wide, one is blank.
BALLOTS = tuple(
    BallotGroup(choices) for choices in [(0, 4), (0, 1, 5), (1, 4), (2, 5), (2, 3, 4), (4,), ()]
)
CITY = Election(
    PROJECTS,
    BALLOTS,
    VoteType.APPROVAL,
    200,
    areas=(("Nord", 80), ("Sud", 50), ("", 70)),
)


def by_area(areas: Areas, rule: Rule = GREEDY, election: Election = CITY):
    return count(election, replace(rule, areas=areas))


def test_without_areas_there_is_one_budget() -> None:
    assert by_area(Areas.NONE).winners == ("c1", "n1", "n2")


def test_unspent_money_lapses_or_moves_on_or_goes_to_the_city() -> None:
    # Nord has 80: n1 (60) leaves 20; n2 (30) does not fit. Sud has 50 for s2. The city has 70.
    lapse = by_area(Areas.LAPSE)
    assert lapse.winners == ("n1", "s2", "c2")
    assert [area.moved_on for area in lapse.areas] == [0, 0, 0]
    # With 20 more Sud can fund s1.
    following = by_area(Areas.NEXT)
    assert following.winners == ("n1", "s1", "c2")
    assert [(area.available, area.moved_on) for area in following.areas] == [
        (80, 20),
        (70, 0),
        (70, 0),
    ]
    # With 20 more the city can fund c1.
    city = by_area(Areas.CITY)
    assert city.winners == ("n1", "s2", "c1")
    assert [(area.available, area.moved_on) for area in city.areas] == [(80, 20), (50, 0), (90, 0)]
    assert city.cost == 200
    assert city.to_json()["areas"][2] == {
        "area": "",
        "budget": 70,
        "available": 90,
        "cost": 90,
        "moved_on": 0,
        "ballots": 7,
        "steps": 1,
        "scan": None,
        "comparison": None,
    }
    text = report(CITY, city)
    assert "Nord: 3 ballots, budget 80, 1 funded for 60, 20 moved on" in text
    assert "City-wide: 7 ballots, budget 70 and 20 from others, 1 funded for 90" in text


def test_the_order_of_areas_is_that_of_the_election() -> None:
    turned = replace(CITY, areas=(("Sud", 50), ("Nord", 80), ("", 70)))
    assert by_area(Areas.NEXT, election=turned).winners == ("s2", "n1", "c1")


def test_equal_shares_divides_the_money_of_an_area_among_the_ballots_that_name_it() -> None:
    shares = Rule(Method.EQUAL_SHARES, ties=Ties.FILE_ORDER, completion=Completion.ADD1)
    outcome = by_area(Areas.CITY, replace(shares, comparison=Comparison.SATISFACTION))
    assert [area.ballots for area in outcome.areas] == [3, 2, 7]
    first = outcome.areas[0].scan
    assert first is not None
    assert first.per_ballot == 80 // 3 + first.kept + first.per_ballot % 1
    assert outcome.scan is None
    assert all(area.comparison is not None for area in outcome.areas)
    assert "add1" in report(CITY, outcome)


def test_phragmen_and_shares_of_ballots_stay_inside_the_area() -> None:
    outcome = by_area(Areas.LAPSE, Rule(Method.PHRAGMEN, ties=Ties.FILE_ORDER))
    assert outcome.winners == ("n2", "s2", "c2")
    # Half of the seven ballots are 3.5: four votes are asked city-wide, but one in Sud.
    half = by_area(Areas.LAPSE, Rule.from_json(GREEDY.to_json() | {"min_share": "1/2"}))
    assert half.winners == ("n1", "s2")
    (below,) = [item for item in half.not_funded if item.reason is Reason.BELOW_MINIMUM]
    assert (below.project, below.details) == ("c2", {"votes": 2, "needed": 4})


def test_a_rival_in_an_area_counted_before_is_out_from_the_start() -> None:
    rivals = replace(CITY, conflicts=frozenset({frozenset({"n1", "c1"})}))
    outcome = by_area(Areas.CITY, election=rivals)
    assert outcome.winners == ("n1", "s2", "c2")
    reasons = {item.project: item for item in outcome.not_funded}
    assert reasons["c1"].reason is Reason.RIVAL_FUNDED
    assert reasons["c1"].details == {"rival": "n1"}


def test_the_excess_of_each_area_is_recorded_and_not_taken_from_others() -> None:
    partial = replace(GREEDY, overflow=Overflow.PARTIAL)
    tight = replace(CITY, areas=(("Nord", 50), ("Sud", 60), ("", 90)))
    outcome = by_area(Areas.NEXT, partial, tight)
    assert outcome.winners == ("n1", "s1", "c1")
    assert outcome.excess == 10 + 10
    assert [area.moved_on for area in outcome.areas] == [0, 0, 0]


def test_points_of_a_ranking_are_those_of_the_whole_ballot() -> None:
    ranking = replace(
        CITY,
        vote_type=VoteType.ORDINAL,
        ballots=(BallotGroup((4, 0, 1)), BallotGroup((1, 4, 5))),
        limits=Limits(max_length=3),
    )
    assert ranking.votes == (2, 4, 0, 0, 5, 1)
    outcome = by_area(Areas.LAPSE, election=ranking)
    assert [step.votes for step in outcome.trace] == [4, 0, 1]
    assert replay(ranking, outcome).agrees


def test_a_rule_by_area_needs_areas_that_can_be_counted() -> None:
    plain = replace(CITY, areas=())
    scored = replace(CITY, vote_type=VoteType.SCORING, ballots=(), limits=Limits(default_score=1))
    no_city = replace(CITY, projects=PROJECTS[:4], ballots=(), areas=(("Nord", 100), ("Sud", 100)))
    for election, areas, code in (
        (plain, Areas.NEXT, "no-areas"),
        (scored, Areas.LAPSE, "areas-default-score"),
        (no_city, Areas.CITY, "no-city-part"),
    ):
        with pytest.raises(RuleError) as caught:
            by_area(areas, election=election)
        assert (caught.value.field, caught.value.code) == ("areas", code)


@pytest.mark.parametrize(
    ("areas", "says"),
    [
        ((("Nord", 100), ("Nord", 100)), "two budgets"),
        ((("", 70), ("Nord", 80), ("Sud", 50)), "stands last"),
        ((("Nord", 80), ("Sud", 50), ("", 80)), "add up"),
        ((("Nord", 280), ("Sud", -150), ("", 70)), "negative"),
        ((("Nord", 100), ("", 100)), "without a budget"),
    ],
)
def test_budgets_of_areas_that_contradict_the_election_are_refused(areas, says: str) -> None:
    with pytest.raises(ElectionError, match=says):
        replace(CITY, areas=areas)


def test_areas_keep_their_budgets_in_other_units() -> None:
    fine = CITY.rescaled(2)
    assert fine.areas == (("Nord", 8000), ("Sud", 5000), ("", 7000))
    assert by_area(Areas.CITY, election=fine).winners == by_area(Areas.CITY).winners


def test_money_that_moves_wrongly_is_found_by_the_replay() -> None:
    outcome = by_area(Areas.CITY)
    north, south, city = outcome.areas

    def fields(**changes) -> set[str]:
        found = replay(CITY, replace(outcome, **changes)).disagreements
        assert all(item.step == 0 for item in found)
        return {item.field for item in found}

    assert replay(CITY, outcome).agrees
    kept = replace(north, moved_on=0)
    assert fields(areas=(kept, south, city)) == {"moved_on of Nord"}
    richer = replace(city, available=95)
    assert fields(areas=(north, south, richer)) == {"available of "}
    assert fields(areas=(south, north, city)) == {"areas"}
    assert fields(areas=(north, south, replace(city, steps=0))) == {"areas"}
    assert fields(winners=("n1", "s2")) == {"winners", "cost"}
    lost = replace(CITY, areas=())
    assert {item.field for item in replay(lost, outcome).disagreements} == {"areas"}
    # A wrong step is found in its area, with its place in the whole trace.
    wrong = replace(outcome.trace[1], votes=9)
    found = replay(CITY, replace(outcome, trace=(outcome.trace[0], wrong, outcome.trace[2])))
    assert [(item.step, item.field) for item in found.disagreements] == [(2, "votes")]
