"""Small random elections of every ballot type."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st

from budgeting.tally import (
    Areas,
    BallotGroup,
    Comparison,
    Compat,
    Completion,
    Election,
    Eligibility,
    Limits,
    Method,
    Order,
    Overflow,
    Project,
    Rule,
    Start,
    Stop,
    Ties,
    Utility,
    VoteType,
)

MAX_POINTS = 4

# Round costs make ties.
costs = st.sampled_from([0, 10, 20, 30, 30]) | st.integers(0, 60)

_texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=' ;"'),
    max_size=12,
).map(str.strip)
_names = st.lists(
    st.text(st.sampled_from('abc019/.-ÉŁ"; '), min_size=1, max_size=5).map(str.strip).filter(bool),
    min_size=1,
    max_size=5,
    unique=True,
)


@st.composite
def elections(draw: st.DrawFn, vote_types: st.SearchStrategy[VoteType] | None = None) -> Election:
    """Up to 5 projects, 9 ballots in groups, with ties, free, withdrawn and rival projects."""
    vote_type = draw(st.sampled_from(VoteType) if vote_types is None else vote_types)
    names = draw(_names)
    projects = tuple(
        Project(id=name, cost=draw(costs), withdrawn=draw(st.integers(0, 9)) == 0) for name in names
    )
    limits = Limits(
        max_length=draw(st.none() | st.integers(len(names), len(names) + 2)),
        default_score=draw(st.integers(-1, 2)) if vote_type is VoteType.SCORING else 0,
    )
    pairs = [frozenset({a, b}) for at, a in enumerate(names) for b in names[at + 1 :]]
    conflicts = draw(st.lists(st.sampled_from(pairs), max_size=2)) if pairs else []
    groups = draw(st.lists(ballot_groups(vote_type, len(names)), max_size=5))
    return Election(
        projects=projects,
        ballots=tuple(groups),
        vote_type=vote_type,
        budget=draw(st.integers(0, 150)),
        scale=draw(st.sampled_from([0, 0, 1])),
        limits=limits,
        conflicts=frozenset(conflicts),
    )


@st.composite
def ballot_groups(draw: st.DrawFn, vote_type: VoteType, projects: int) -> BallotGroup:
    """One distinct ballot, blank ones included."""
    most = 1 if vote_type is VoteType.CHOOSE_ONE else projects
    choices = draw(st.lists(st.integers(0, projects - 1), unique=True, max_size=most))
    points: list[int] = []
    if vote_type.has_points:
        least = -2 if vote_type is VoteType.SCORING else 0
        size = len(choices)
        points = draw(st.lists(st.integers(least, MAX_POINTS), min_size=size, max_size=size))
    return BallotGroup(tuple(choices), tuple(points), draw(st.integers(1, 3)))


greedy_rules = st.builds(
    Rule,
    method=st.just(Method.GREEDY),
    min_votes=st.sampled_from([0, 0, 1, 3]),
    min_share=st.sampled_from([Fraction(0), Fraction(0), Fraction(1, 3)]),
    eligibility=st.sampled_from(Eligibility),
    ties=st.just(Ties.FILE_ORDER),
    order=st.sampled_from([Order.VOTES, Order.VOTES, Order.VOTES_PER_COST]),
    overflow=st.sampled_from(Overflow),
    partial_share=st.sampled_from([Fraction(4, 5), Fraction(1, 2)]),
)

equal_shares_rules = st.builds(
    Rule,
    method=st.just(Method.EQUAL_SHARES),
    min_votes=st.sampled_from([0, 0, 0, 2]),
    eligibility=st.sampled_from(Eligibility),
    ties=st.just(Ties.FILE_ORDER),
    utility=st.sampled_from(Utility),
    completion=st.sampled_from(Completion),
    stop=st.sampled_from(Stop),
    start=st.sampled_from(Start),
    step=st.sampled_from([Fraction(1), Fraction(5, 2), Fraction(7)]),
    compat=st.sampled_from([Compat.NONE, Compat.NONE, Compat.EQUALSHARES_NET]),
)

phragmen_rules = st.builds(
    Rule,
    method=st.just(Method.PHRAGMEN),
    min_votes=st.sampled_from([0, 0, 0, 2]),
    eligibility=st.sampled_from(Eligibility),
    ties=st.just(Ties.FILE_ORDER),
    overflow=st.sampled_from([Overflow.STOP, Overflow.SKIP]),
    compat=st.sampled_from([Compat.NONE, Compat.NONE, Compat.PABUTOOLS]),
)

rules = st.one_of(greedy_rules, equal_shares_rules).flatmap(
    lambda rule: st.sampled_from([rule, with_comparison(rule)])
)


def with_comparison(rule: Rule) -> Rule:
    """The same rule with a comparison step, where it has one."""
    if rule.method is not Method.EQUAL_SHARES:
        return rule
    return replace(rule, comparison=Comparison.SATISFACTION)


@st.composite
def with_areas(draw: st.DrawFn, election: Election) -> Election:
    """The same election with budgets for two areas, and sometimes for a city-wide part."""
    names = ["Nord", "Sud", *draw(st.sampled_from([[], [""]]))]
    budgets = tuple((name, draw(st.integers(0, 90))) for name in names)
    projects = tuple(
        replace(project, neighborhood=draw(st.sampled_from(names))) for project in election.projects
    )
    total = sum(budget for _name, budget in budgets)
    return replace(election, projects=projects, areas=budgets, budget=total)


approval_elections = elections(st.sampled_from([VoteType.APPROVAL, VoteType.CHOOSE_ONE]))


@st.composite
def cases(draw: st.DrawFn, areas: bool | None = None) -> tuple[Election, Rule]:
    """An election and a rule that is defined for it, with or without areas or (None) either."""
    election = draw(elections())
    if areas and election.limits.default_score:
        election = replace(election, limits=replace(election.limits, default_score=0))
    approval = election.vote_type in (VoteType.APPROVAL, VoteType.CHOOSE_ONE)
    rule = draw(rules | phragmen_rules if approval else rules)
    if areas is None:
        areas = not election.limits.default_score and draw(st.booleans())
    if not areas:
        return election, rule
    election = draw(with_areas(election))
    city = [Areas.CITY] if election.areas[-1][0] == "" else []
    return election, replace(rule, areas=draw(st.sampled_from([Areas.LAPSE, Areas.NEXT, *city])))


def described(election: Election) -> Election:
    """The same election with the descriptions a file needs."""
    meta = {
        "description": "Municipal PB in Fontelieta",
        "country": "Italy",
        "unit": "Fontelieta",
        "instance": "2026",
        "rule": "unknown",
        "date_begin": "01.03.2026",
        "date_end": "15.03.2026",
        "language": "it",
        "currency": "EUR",
    }
    return replace(election, meta=meta)


texts = _texts
