"""Equal projects are told apart as the procedure says, and every tie is on record."""

from dataclasses import replace

import pytest

from budgeting.tally import (
    BallotGroup,
    Draw,
    Election,
    Method,
    Overflow,
    Project,
    Rule,
    Ties,
    UndecidedTieError,
    Utility,
    VoteType,
    count,
)


def approval(*projects: Project, budget: int, ballots: list[tuple[int, ...]], **more) -> Election:
    groups = tuple(BallotGroup(choices) for choices in ballots)
    return Election(projects, groups, VoteType.APPROVAL, budget, **more)


# Three projects with two votes each, of which one fits.
EQUAL = approval(
    Project("b", 6), Project("c", 5), Project("a", 5), budget=6, ballots=[(0, 1, 2), (0, 1, 2)]
)


@pytest.mark.parametrize(
    ("ties", "winner", "decided_by"),
    [
        (Ties.FILE_ORDER, "b", "file-order"),
        (Ties.COST, "c", "file-order"),
        (Ties.TEXT, "a", "text"),
    ],
)
@pytest.mark.parametrize("method", [Method.GREEDY, Method.EQUAL_SHARES])
def test_procedures_of_other_programs(method, ties, winner, decided_by) -> None:
    outcome = count(EQUAL, Rule(method, ties=ties))
    assert outcome.winners == (winner,)
    assert outcome.ties[0].decided_by == decided_by


def test_standard_takes_lower_cost_then_more_votes_then_the_draw() -> None:
    rule = Rule(Method.GREEDY)
    with pytest.raises(UndecidedTieError) as caught:
        count(EQUAL, rule)
    assert set(caught.value.projects) == {"a", "b", "c"}
    winners = {count(EQUAL, rule, draw=Draw(f"seed {n}")).winners[0] for n in range(20)}
    assert winners == {"a", "c"}  # b costs more
    tie = count(EQUAL, rule, draw=Draw("seed 1")).ties[0]
    assert tie.decided_by == "draw"
    assert tie.projects[-1] == "b"


def test_equal_shares_prefers_more_votes_at_equal_price_and_cost() -> None:
    """Ballots own 10. The last one spends all on z1 and z2; x and y then cost four others 8."""
    election = approval(
        Project("z1", 5),
        Project("z2", 5),
        Project("x", 32),
        Project("y", 32),
        budget=90,
        ballots=[(2,)] * 4 + [(3,)] * 4 + [(0, 1, 3)],
    )
    rule = Rule(Method.EQUAL_SHARES, utility=Utility.CARDINALITY)
    outcome = count(election, rule, draw=Draw("7"))
    assert outcome.winners[2:] == ("y", "x")
    assert [tie.decided_by for tie in outcome.ties] == ["draw", "votes"]
    assert outcome.ties[1].projects == ("y", "x")
    without_draw = count(election, replace(rule, ties=Ties.COST_VOTES))
    assert without_draw.winners == ("z1", "z2", "y", "x")
    assert [tie.decided_by for tie in without_draw.ties] == ["file-order", "votes"]


def test_a_tie_without_consequence_needs_no_decision() -> None:
    apart = approval(Project("x", 4), Project("y", 4), budget=8, ballots=[(0,), (1,)])
    for method in Method:
        outcome = count(apart, Rule(method, ties=Ties.REFUSE))
        assert set(outcome.winners) == {"x", "y"}
        assert [tie.decided_by for tie in outcome.ties] == ["any-order"]


def test_a_tie_between_rivals_always_needs_a_decision() -> None:
    rivals = frozenset({frozenset({"x", "y"})})
    election = approval(
        Project("x", 0), Project("y", 0), budget=8, ballots=[(0,), (1,)], conflicts=rivals
    )
    for method in Method:
        with pytest.raises(UndecidedTieError):
            count(election, Rule(method, ties=Ties.REFUSE))


@pytest.mark.parametrize("overflow", Overflow)
def test_a_tie_among_projects_of_which_none_fits_needs_no_decision(overflow) -> None:
    election = approval(Project("x", 100), Project("y", 90), budget=8, ballots=[(0, 1)])
    assert count(election, Rule(Method.GREEDY, overflow=overflow, ties=Ties.REFUSE)).winners == ()


def test_the_drawn_order_is_the_published_formula() -> None:
    """SHA-256("RIONE-T1|Fontelieta 2026|Borgo|20260315-07-22-41|12"), computed with sha256sum."""
    draw = Draw("20260315-07-22-41", round="Fontelieta 2026", contest="Borgo")
    expected = "7d63749c239d6eb96df1153ad56147e3e8a5aca9872b858d507e39a74d9712fc"
    assert draw.place("12").hex() == expected


def test_a_file_names_its_round_and_contest() -> None:
    meta = {"unit": "Wieliczka", "instance": "2023", "subunit": "Green Budget", "district": "x"}
    assert Draw.for_file(meta, "7") == Draw("7", "Wieliczka 2023", "Green Budget")
    assert Draw.for_file({"unit": "Wola", "district": "Koło"}, "7") == Draw("7", "Wola", "Koło")


@pytest.mark.parametrize("seed", ["", "è", "a\nb"])
def test_a_seed_is_printable_ascii(seed: str) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        Draw(seed)
