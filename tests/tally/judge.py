"""A slow, obvious count that follows the definitions word by word, to judge the fast one.

One purse per ballot, fractions everywhere, every project priced at every step, prices found by
trying every point where somebody's purse runs out. Ties: by position in the official order.
"""

from fractions import Fraction

from budgeting.tally import Completion, Election, Overflow, Rule, Start, Stop, Utility


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
    for index in sorted(standing, key=lambda index: (-election.votes[index], index)):
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
    if rule.completion is Completion.NONE:
        return [entry[0] for entry in equal_shares_run(election, standing, rule, money)]
    if rule.start is Start.FLOOR:
        money = Fraction(int(money / unit) * unit)
    supported = [index for index in standing if any(index in ballot for ballot in voters(election))]
    kept = [entry[0] for entry in equal_shares_run(election, standing, rule, money)]
    while True:
        open_ones = [
            index
            for index in supported
            if index not in kept and not _has_funded_rival(election, index, kept)
        ]
        left = election.budget - _cost(election, kept)
        fits = [index for index in open_ones if election.projects[index].cost <= left]
        if not open_ones or (rule.stop is Stop.EXHAUSTIVE and not fits):
            break
        money += rule.step * unit
        following = [entry[0] for entry in equal_shares_run(election, standing, rule, money)]
        if _cost(election, following) > election.budget:
            break
        kept = following
    if rule.completion is Completion.ADD1U:
        kept = kept + greedy(election, standing, Rule("greedy"), kept)  # type: ignore[arg-type]
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
