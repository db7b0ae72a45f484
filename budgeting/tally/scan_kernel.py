"""The compiled inner loop of an add-one scan: one run of Equal Shares in whole numbers.

Importing this module imports numba, so only a scan does. Nothing here is decided by rounding.
Every purse is kept as a whole number of units of 2**-k (k is chosen by the caller so that all sums
fit in 64 bits) that is never above the true purse, and at most ``error`` below it; all purses
together are at most ``missing`` below. A purse of 0 is exactly 0, unless the run is marked
``fuzzy``. From this follow a lower and an upper bound of every price. A project is bought only when
its upper bound is below the lower bound of every other, or when both prices are known as exact
ratios; otherwise the run gives up, and the caller counts exactly.

Why the bounds hold. At price π per point the supporters of a project raise
f(π) = Σ min(purse, π · points), which must reach the cost. For any division of them into poor and
rich, f(π) ≤ Σ purses of the poor + π · Σ points of the rich, hence
π ≥ (cost - Σ purses of the poor) / Σ points of the rich: every pass over the supporters gives a
lower bound, once what the poor may own beyond their purses is added to these. A price is an upper
bound as soon as f of it, with the purses as they are, reaches the cost. Collecting that price takes
too much by a known amount, less than one unit per point, which is added to ``missing``: errors add
up and never multiply. Prices per unit of utility are compared as floats, moved apart by 2**-50 of
themselves: more than the four correctly rounded operations behind them can lose.

Why one run can stand for many. Let runs with a and with b > a per ballot buy the same projects in
the same order. Then, purchase by purchase, no purse is smaller with b than with a and no price
higher, and everything between a and b lies between the two. So if at every step the price *with a*
of the bought project is below the price *with b* of each other, every run between buys the same.
This is what a run checks when it is given the record of an earlier one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, ParamSpec, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

P = ParamSpec("P")
R = TypeVar("R")

# Elements are plain numbers to the type checker, as they are to the compiler.
Whole = npt.NDArray[Any]  # int64
Index = npt.NDArray[Any]  # uint32
Real = npt.NDArray[Any]  # float64
Flags = npt.NDArray[Any]  # bool

DONE = 0
"""The run ended; held against a record, it and every run between the two buy the same."""
UNDECIDED = 1
"""Bounds overlap and no exact ratio decides: this run must be counted exactly."""
OTHER = 2
"""Some run between this one and the record may buy something else."""

LARGEST = 2**61
"""No sum of money may pass this; the caller chooses the unit so."""
_LARGEST_ERROR = 2**34
_BELOW = 1 - 2.0**-50
_ABOVE = 1 + 2.0**-50

_IMPROVED = 0
_CLOSED = 1
_UNCLEAR = 2


class Market(NamedTuple):
    """Who supports what, and what it costs; projects are numbered from 0.

    Project c has the parts ``parts[c]`` to ``parts[c + 1]``; part p is the ballot groups
    ``groups[part_starts[p]]`` to ``groups[part_starts[p + 1]]``, of ``sizes`` ballots, who give c
    ``part_points[p]`` each. ``costs`` are in smallest units, ``scaled_costs`` in units of 2**-k.
    ``least_prices`` are lower bounds of any price per point. ``ranks`` tell equals apart, lowest
    first; equal ranks are undecided. The rivals of c are ``rivals[rival_starts[c]]`` onwards.
    ``closed`` projects cannot be bought. ``exact``: whether products of a cost and a number of
    points fit in 64 bits.
    """

    costs: Whole
    scaled_costs: Whole
    least_prices: Whole
    by_cost: bool
    exact: bool
    parts: Whole
    part_points: Whole
    part_starts: Whole
    groups: Index
    sizes: Whole
    ranks: Whole
    rival_starts: Whole
    rivals: Whole
    closed: Flags


class Record(NamedTuple):
    """The purchases of a run: project, upper bound of its price per unit of utility, and weight.

    ``weights`` are the points that share the whole cost, where the price is exactly cost / weight,
    else 0.
    """

    projects: Whole
    keys: Real
    weights: Whole


class _State(NamedTuple):
    """What a run knows: purses by group; by project, lower bounds and when they were last final."""

    purses: Whole
    lows: Whole
    bounds: Real
    open: Flags
    settled: Whole


def _compiled(function: Callable[P, R]) -> Callable[P, R]:
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        made = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # no folder in which compiled code could be kept
        made = numba.njit(**options)(function)
    return cast(Callable[P, R], made)


@_compiled
def _raised(market: Market, purses: Whole, c: int, price: int) -> tuple[int, int, int]:
    """Give what those too poor for a price raise, how many have any, and the points of the rest."""
    raised, poor, rich = 0, 0, 0
    for part in range(market.parts[c], market.parts[c + 1]):
        points = market.part_points[part]
        limit = price * points
        money, few, many = 0, 0, 0
        for at in range(market.part_starts[part], market.part_starts[part + 1]):
            purse = purses[market.groups[at]]
            size = market.sizes[at]
            below = purse < limit
            money += purse * size if below else 0
            few += size if below and purse > 0 else 0
            many += 0 if below else size
        raised += money
        poor += few
        rich += many * points
    return raised, poor, rich


@_compiled
def _per_utility(market: Market, c: int, price: int, widen: float) -> float:
    """Give a price per point as a price per unit of utility, moved a little down or up."""
    if market.by_cost:
        return float(price / market.costs[c] * widen)
    return float(price * widen)


@_compiled
def _hidden(error: int, missing: int, poor: int, fuzzy: bool) -> int:
    """Give the most that so many supporters own beyond their purses, those at 0 included."""
    return missing if fuzzy else min(missing, error * poor)


@_compiled
def _raise_bound(
    market: Market,
    state: _State,
    c: int,
    step: int,
    error: int,
    missing: int,
    highest: int,
    fuzzy: bool,
) -> int:
    """Improve the lower bound of a project by one pass, or find that nobody can pay for it."""
    price = min(state.lows[c], highest)
    raised, poor, rich = _raised(market, state.purses, c, price)
    rest = market.scaled_costs[c] - raised - _hidden(error, missing, poor, fuzzy)
    if rich == 0:
        if rest <= 0:
            return _UNCLEAR
        state.open[c] = False
        return _CLOSED
    bound = rest // rich
    if bound > state.lows[c]:
        state.lows[c] = bound
        state.bounds[c] = _per_utility(market, c, bound, _BELOW)
    else:
        state.settled[c] = step
    return _IMPROVED


@_compiled
def _exact_weight(market: Market, state: _State, c: int, highest: int, fuzzy: bool) -> int:
    """Give the points that share the whole cost, or 0 when somebody gives less than the price."""
    if fuzzy or not market.exact:
        return 0
    _money, _poor, rich = _raised(market, state.purses, c, 1)
    if rich == 0:
        return 0
    price = -(-market.scaled_costs[c] // rich)
    _money, poor, still = _raised(market, state.purses, c, min(price, highest))
    return rich if poor == 0 and still == rich else 0


@_compiled
def _compare(market: Market, c: int, weight: int, d: int, other: int) -> int:
    """Compare two exact prices: below 0 when c is bought before d, 0 when nothing decides."""
    if market.by_cost:
        difference = other - weight
    else:
        difference = market.costs[c] * other - market.costs[d] * weight
    if difference == 0:
        difference = market.ranks[c] - market.ranks[d]
    return int(difference)


@_compiled
def _pay(
    market: Market, purses: Whole, c: int, low: int, high: int, error: int, highest: int
) -> bool:
    """Let supporters pay, ``high`` at most; say whether somebody might be left with a trace."""
    fuzzy = False
    for part in range(market.parts[c], market.parts[c + 1]):
        points = market.part_points[part]
        least, most = min(low, highest) * points, min(high, highest) * points
        for at in range(market.part_starts[part], market.part_starts[part + 1]):
            group = market.groups[at]
            purse = purses[group]
            if purse > most:
                purses[group] = purse - most
            elif purse > 0:
                purses[group] = 0
                fuzzy = fuzzy or purse + error > least
    return fuzzy


@_compiled
def run(
    market: Market,
    money: int,
    error: int,
    ballots: int,
    most_points: int,
    purses: Whole,
    record: Record,
    recorded: int,
    made: Record,
) -> tuple[int, int]:
    """Run once; give the status and how many purchases were made (written into ``made``).

    ``money`` is the purse of each of so many ``ballots`` at the start, at most ``error`` below the
    true one; ``most_points`` is the most anybody gives a project. With
    ``recorded`` ≥ 0 the run is held against that many purchases in ``record``, of a run with less
    money. ``purses`` is room to work in.
    """
    many = len(market.costs)
    purses[:] = money
    missing = error * ballots
    highest = money + error + 1
    fuzzy = money == 0 and error > 0
    lows = market.least_prices.copy()
    bounds = np.empty(many, dtype=np.float64)
    for c in range(many):
        bounds[c] = _per_utility(market, c, lows[c], _BELOW)
    settled = np.full(many, -1, dtype=np.int64)
    state = _State(purses, lows, bounds, ~market.closed, settled)
    step = 0
    while True:
        if missing > _LARGEST_ERROR or highest * most_points > LARGEST:
            return UNDECIDED, step
        # The project to buy: the record's, or the one with the least lower bound.
        chosen = -1
        if recorded >= 0:
            if step < recorded:
                chosen = record.projects[step]
        else:
            while True:
                chosen = -1
                for c in range(many):
                    if state.open[c] and (chosen < 0 or bounds[c] < bounds[chosen]):
                        chosen = c
                if chosen < 0 or settled[chosen] == step:
                    break
                if (
                    _raise_bound(market, state, chosen, step, error, missing, highest, fuzzy)
                    == _UNCLEAR
                ):
                    return UNDECIDED, step
        low, high, weight, surplus = 0, 0, 0, 0
        searching = True
        while searching:
            searching = False
            # The price all others must be above: an upper bound of that of the chosen one.
            threshold, threshold_weight = np.inf, 0
            if chosen >= 0:
                high = lows[chosen]
                while True:
                    raised, poor, rich = _raised(market, purses, chosen, min(high, highest))
                    rest = market.scaled_costs[chosen] - raised
                    if rich == 0:
                        return UNDECIDED, step
                    if high * rich >= rest:
                        break
                    high = -(-rest // rich)
                low = max(lows[chosen], (rest - _hidden(error, missing, poor, fuzzy)) // rich)
                surplus = high * rich - rest
                weight = rich if poor == 0 and not fuzzy and market.exact else 0
                threshold, threshold_weight = _per_utility(market, chosen, high, _ABOVE), weight
                if recorded >= 0:
                    threshold, threshold_weight = record.keys[step], record.weights[step]
            for d in range(many):
                if d == chosen:
                    continue
                while state.open[d] and bounds[d] <= threshold:
                    if settled[d] < step:
                        if (
                            _raise_bound(market, state, d, step, error, missing, highest, fuzzy)
                            != _UNCLEAR
                        ):
                            continue
                        return OTHER if recorded >= 0 else UNDECIDED, step
                    # The bounds are as good as they get: exact ratios decide, or nothing does.
                    weight_d = _exact_weight(market, state, d, highest, fuzzy)
                    if chosen < 0 or threshold_weight == 0 or weight_d == 0:
                        return OTHER if recorded >= 0 else UNDECIDED, step
                    order = _compare(market, chosen, threshold_weight, d, weight_d)
                    if order < 0:
                        break
                    if recorded >= 0:
                        return OTHER, step
                    if order == 0:
                        return UNDECIDED, step
                    chosen, searching = d, True
                    break
                if searching:
                    break
        if chosen < 0:
            return DONE, step
        made.projects[step] = chosen
        made.keys[step] = _per_utility(market, chosen, high, _ABOVE)
        made.weights[step] = weight
        state.open[chosen] = False
        for at in range(market.rival_starts[chosen], market.rival_starts[chosen + 1]):
            state.open[market.rivals[at]] = False
        trace = _pay(market, purses, chosen, low, high, error, highest)
        fuzzy = fuzzy or trace
        largest = market.part_points[market.parts[chosen + 1] - 1]
        missing += surplus
        error = min(missing, error + (high - low) * largest)
        highest = money + error + 1
        step += 1
