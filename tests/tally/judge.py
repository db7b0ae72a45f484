"""A slow, obvious count that follows the definitions word by word, to judge the fast one.

One purse per ballot, fractions everywhere, every project priced at every step, prices found by
trying every point where somebody's purse runs out. Ties: by position in the official order.
"""

from fractions import Fraction

from budgeting.tally import (
    Areas,
    BallotGroup,
    Compat,
    Completion,
    Election,
    Limits,
    Method,
    Order,
    Overflow,
    Rule,
    Start,
    Stop,
    Utility,
    VoteType,
)


def voters(election: Election) -> list[dict[int, int]]:
    """One dictionary of points above 0 per ballot."""
    return [
        {index: points for index, points in election.scores(group) if points > 0}
        for group in election.ballots
        for _copy in range(group.count)
    ]


def greedy(
    election: Election, standing: list[int], rule: Rule, already: list[int] | None = None
) -> list[int]:
    """Positions funded, in order."""
    funded = list(already or [])
    left = election.budget - sum(election.projects[index].cost for index in funded)
    new = []
    for index in sorted(standing, key=lambda index: (_rank(election, rule, index), index)):
        cost = election.projects[index].cost
        if index in funded or _has_funded_rival(election, index, funded):
            continue
        if cost <= left:
            left -= cost
            funded.append(index)
            new.append(index)
            continue
        if rule.overflow is Overflow.PARTIAL and left >= rule.partial_share * cost:
            new.append(index)
        if rule.overflow is not Overflow.SKIP:
            break
    return new


def _rank(election: Election, rule: Rule, index: int) -> tuple[int, Fraction]:
    """Most votes first; per cost, what is free comes before everything."""
    votes, cost = election.votes[index], election.projects[index].cost
    if rule.order is Order.VOTES:
        return 0, Fraction(-votes)
    return (1, Fraction(-votes, cost)) if cost else (0, Fraction(-votes))


def phragmen(election: Election, standing: list[int], rule: Rule) -> list[tuple[int, Fraction]]:
    """(position, money each ballot has received by then) of each purchase, in order."""
    ballots = voters(election)
    money = [Fraction(0)] * len(ballots)
    received = Fraction(0)
    left = election.budget
    bought: list[tuple[int, Fraction]] = []
    waiting = [
        index
        for index in standing
        if any(index in ballot for ballot in ballots)
        and election.projects[index].cost <= election.budget
    ]
    while waiting:
        waits = {}
        for index in waiting:
            saved = [money[who] for who, ballot in enumerate(ballots) if index in ballot]
            waits[index] = (election.projects[index].cost - sum(saved)) / Fraction(len(saved))
        wait = min(waits.values())
        tied = [index for index in waiting if waits[index] == wait]
        if rule.compat is Compat.PABUTOOLS and any(
            election.projects[index].cost > left for index in tied
        ):
            break
        money = [owned + wait for owned in money]
        received += wait
        index = tied[0]
        waiting.remove(index)
        if election.projects[index].cost > left:
            if rule.overflow is Overflow.STOP:
                break
            continue
        left -= election.projects[index].cost
        bought.append((index, received))
        money = [
            Fraction(0) if index in ballot else owned
            for ballot, owned in zip(ballots, money, strict=True)
        ]
        funded = [entry[0] for entry in bought]
        waiting = [other for other in waiting if not _has_funded_rival(election, other, funded)]
    return bought


def award(election: Election, rule: Rule) -> list[int]:
    """Positions funded by any rule without areas, in order."""
    standing = standing_of(election, rule)
    if rule.method is Method.GREEDY:
        return greedy(election, standing, rule)
    if rule.method is Method.PHRAGMEN:
        return [entry[0] for entry in phragmen(election, standing, rule)]
    return equal_shares(election, standing, rule)


def standing_of(election: Election, rule: Rule) -> list[int]:
    """Standing by its definition, in fractions."""
    n = election.num_ballots
    standing = []
    for index, project in enumerate(election.projects):
        votes = election.votes[index]
        if project.withdrawn:
            continue
        minimum = max(Fraction(rule.min_votes), rule.min_share * n)
        if minimum > 0 and votes < minimum:
            continue
        if rule.eligibility == "3B" and votes * 3 * election.budget < project.cost * n:
            continue
        standing.append(index)
    return standing


def award_by_area(election: Election, rule: Rule) -> list[str]:
    """Ids funded area by area, in order: every area voted on alone, money handed on by hand."""
    plain = Rule.from_json(rule.to_json() | {"areas": "none"})
    costs = {project.id: project.cost for project in election.projects}
    funded: list[str] = []
    purse = 0
    for area, budget in election.areas:
        budget += purse if rule.areas is Areas.NEXT or not area else 0
        if rule.areas is Areas.NEXT or not area:
            purse = 0
        part = _area_alone(election, area, budget, funded)
        winners = [part.projects[index].id for index in award(part, plain)]
        if rule.areas is not Areas.LAPSE:
            purse += max(0, budget - sum(costs[name] for name in winners))
        funded += winners
    return funded


def _area_alone(election: Election, area: str, budget: int, funded: list[str]) -> Election:
    there = [index for index, item in enumerate(election.projects) if item.neighborhood == area]
    kept = [
        index
        for index in there
        if not any({election.projects[index].id, name} in election.conflicts for name in funded)
    ]
    ranking = election.vote_type is VoteType.ORDINAL
    with_points = ranking or election.vote_type.has_points
    ballots = []
    for group in election.ballots:
        given = dict(election.scores(group))
        if area and not any(index in given for index in there):
            continue
        choices = [index for index in kept if index in given]
        points = tuple(given[index] for index in choices) if with_points else ()
        at = tuple(kept.index(index) for index in choices)
        ballots += [BallotGroup(at, points)] * group.count
    return Election(
        projects=tuple(election.projects[index] for index in kept),
        ballots=tuple(ballots),
        vote_type=VoteType.SCORING if ranking else election.vote_type,
        budget=budget,
        scale=election.scale,
        limits=Limits(),
        conflicts=frozenset(
            pair
            for pair in election.conflicts
            if pair <= {election.projects[index].id for index in kept}
        ),
    )


def equal_shares_run(
    election: Election, standing: list[int], rule: Rule, per_ballot: Fraction
) -> list[tuple[int, Fraction, Fraction]]:
    """(position, ρ, largest payment) of each purchase, in order."""
    ballots = voters(election)
    purses = [per_ballot] * len(ballots)
    bought: list[tuple[int, Fraction, Fraction]] = []
    while True:
        best: tuple[Fraction, int] | None = None
        for index in standing:
            done = [entry[0] for entry in bought]
            if rule.compat is Compat.EQUALSHARES_NET and election.projects[index].cost == 0:
                continue
            if index in done or _has_funded_rival(election, index, done):
                continue
            utilities = _utilities(election, rule, ballots, index)
            rho = _price(election.projects[index].cost, utilities, purses)
            if rho is not None and (best is None or (rho, index) < best):
                best = rho, index
        if best is None:
            return bought
        rho, index = best
        utilities = _utilities(election, rule, ballots, index)
        payments = {who: min(purses[who], rho * utility) for who, utility in utilities.items()}
        for who, payment in payments.items():
            purses[who] -= payment
        assert sum(payments.values()) == election.projects[index].cost
        bought.append((index, rho, max(payments.values())))


def equal_shares(election: Election, standing: list[int], rule: Rule) -> list[int]:
    """Positions funded by Equal Shares with its completion, in order."""
    n = election.num_ballots
    if n == 0:
        return []
    unit = 10**election.scale
    money = Fraction(election.budget, n)
    habits = rule.compat is Compat.EQUALSHARES_NET
    all_fit = habits and _cost(election, standing) <= election.budget
    if rule.completion is Completion.NONE or all_fit:
        kept = [entry[0] for entry in equal_shares_run(election, standing, rule, money)]
        if rule.completion is Completion.ADD1U:
            kept += greedy(election, standing, Rule(Method.GREEDY), kept)
        return kept
    if rule.start is Start.FLOOR:
        money = Fraction(int(money / unit) * unit)
    supported = [
        index
        for index in standing
        if any(index in ballot for ballot in voters(election))
        and (election.projects[index].cost or not habits)
    ]
    kept = [entry[0] for entry in equal_shares_run(election, standing, rule, money)]
    while True:
        open_ones = [
            index
            for index in supported
            if index not in kept and not _has_funded_rival(election, index, kept)
        ]
        left = election.budget - _cost(election, kept)
        asked = standing if habits else supported
        fits = [
            index
            for index in asked
            if index not in kept
            and not _has_funded_rival(election, index, kept)
            and election.projects[index].cost <= left
        ]
        if not open_ones or (rule.stop is Stop.EXHAUSTIVE and not fits):
            break
        money += rule.step * unit
        following = [entry[0] for entry in equal_shares_run(election, standing, rule, money)]
        if _cost(election, following) > election.budget:
            break
        kept = following
    if rule.completion is Completion.ADD1U:
        kept = kept + greedy(election, standing, Rule(Method.GREEDY), kept)
    return kept


def _cost(election: Election, funded: list[int]) -> int:
    return sum(election.projects[index].cost for index in funded)


def _has_funded_rival(election: Election, index: int, funded: list[int]) -> bool:
    mine = election.projects[index].id
    return any({mine, election.projects[other].id} in election.conflicts for other in funded)


def _utilities(
    election: Election, rule: Rule, ballots: list[dict[int, int]], index: int
) -> dict[int, int]:
    """Utility of each supporter; of a free project its points, as its cost decides nothing."""
    cost = election.projects[index].cost
    factor = cost if rule.utility is Utility.COST and cost else 1
    return {who: ballot[index] * factor for who, ballot in enumerate(ballots) if index in ballot}


def _price(cost: int, utilities: dict[int, int], purses: list[Fraction]) -> Fraction | None:
    """Smallest ρ with Σ min(purse, ρ · utility) = cost."""
    if not utilities or sum(purses[who] for who in utilities) < cost:
        return None
    if cost == 0:
        return Fraction(0)

    def collected(rho: Fraction) -> Fraction:
        return sum((min(purses[who], rho * u) for who, u in utilities.items()), Fraction(0))

    low = Fraction(0)
    for high in sorted({purses[who] / u for who, u in utilities.items()}):
        if collected(high) >= cost:
            # Between two neighbouring points the sum grows in a straight line.
            return low + (high - low) * (cost - collected(low)) / (collected(high) - collected(low))
        low = high
    raise AssertionError("together they have enough, so some point must do")
