"""An outcome as plain English text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from .election import Election
from .money import nearest, tenths
from .outcome import (
    AreaCount,
    ComparisonResult,
    GreedyStep,
    NotFunded,
    Outcome,
    PhragmenStep,
    Reason,
    Scan,
    SharesStep,
    Step,
)
from .rules import (
    Areas,
    Comparison,
    Compat,
    Completion,
    Eligibility,
    Method,
    Order,
    Overflow,
    Rule,
    Start,
)

NAME_WIDTH = 60

DECIMALS = 2
"""Of amounts that are rounded; a file with more keeps them."""


def report(election: Election, outcome: Outcome) -> str:
    """Say what was counted, by which rule, who is funded in which order, and why the others not."""
    return "\n".join(_lines(election, outcome))


def _lines(election: Election, outcome: Outcome) -> Iterator[str]:
    money = _Money(outcome)
    if election.meta.get("description"):
        yield election.meta["description"]
    yield (
        f"{outcome.ballots:,} ballots ({election.vote_type}), {len(election.projects)} projects, "
        f"budget {money(outcome.budget)}"
    )
    yield f"Rule: {describe_rule(outcome.rule)}"
    yield from _scan_lines(outcome.scan, outcome.comparison, money)
    for area in outcome.areas:
        yield from _area_lines(area, money)
    yield ""
    yield f"Funded: {len(outcome.winners)} of {len(election.projects)}, for {money(outcome.cost)}"
    if outcome.excess:
        yield f"  of which {money(outcome.excess)} beyond the budget"
    yield from _tie_lines(outcome)
    names = {project.id: project.name for project in election.projects}
    width = max((len(project.id) for project in election.projects), default=0)
    for number, step in enumerate(outcome.trace, start=1):
        figures = f"{money(step.cost)}, {_step_figures(step, money)}"
        yield f"{number:>4}. {step.project:<{width}}  {figures}  {names[step.project][:NAME_WIDTH]}"
    if outcome.not_funded:
        yield ""
        yield f"Not funded: {len(outcome.not_funded)}"
    for item in outcome.not_funded:
        name = names[item.project][:NAME_WIDTH]
        yield f"      {item.project:<{width}}  {_reason(item, money)}  {name}"


class _Money:
    def __init__(self, outcome: Outcome) -> None:
        self.decimals = max(outcome.scale, DECIMALS)
        self.factor = 10 ** (self.decimals - outcome.scale)
        self.currency = f" {outcome.currency}" if outcome.currency else ""

    def __call__(self, amount: int | Fraction) -> str:
        """Write an amount as the stories do: with decimals where it has any, ≈ where rounded."""
        exact = amount * self.factor
        rounded = nearest(exact)
        whole, rest = divmod(abs(rounded), 10**self.decimals)
        text = f"{'−' if rounded < 0 else ''}{whole:,}"
        if rest:
            text += f".{rest:0{self.decimals}d}"
        return f"{'≈ ' if rounded != exact else ''}{text}{self.currency}"


def describe_rule(rule: Rule) -> str:
    """Say the rule with its parameters in one line."""
    parts = list(_METHODS[rule.method](rule))
    if rule.min_votes:
        parts.append(f"at least {rule.min_votes:,} votes")
    if rule.min_share:
        parts.append(f"votes of at least {rule.min_share} of the ballots")
    if rule.eligibility is Eligibility.THREE_BUDGETS:
        parts.append("votes/ballots at least cost/(3 budget)")
    if rule.areas is not Areas.NONE:
        parts.append(f"area budgets, {_UNSPENT[rule.areas]}")
    if rule.compat is not Compat.NONE:
        parts.append(f"with the habits of {rule.compat}")
    return ", ".join([*parts, f"ties: {rule.ties}"])


_UNSPENT = {
    Areas.LAPSE: "what one does not spend lapses",
    Areas.NEXT: "what one does not spend moves on to the next",
    Areas.CITY: "what they do not spend goes to the city-wide part",
}


def _greedy_parts(rule: Rule) -> Iterator[str]:
    yield "greedy by votes" if rule.order is Order.VOTES else "greedy by votes per cost"
    if rule.overflow is Overflow.SKIP:
        yield "skipping what does not fit"
    elif rule.overflow is Overflow.STOP:
        yield "ending at the first that does not fit"
    else:
        yield f"ending at the first that does not fit, funded if {rule.partial_share} of it is left"


def _shares_parts(rule: Rule) -> Iterator[str]:
    yield f"Method of Equal Shares by {rule.utility}"
    if rule.completion is not Completion.NONE:
        start = "" if rule.start is Start.EXACT else ", from the whole part"
        yield f"completion {rule.completion} (step {rule.step}{start}, stop: {rule.stop})"
    if rule.comparison is not Comparison.NONE:
        yield f"compared with greedy by {rule.comparison}"


def _phragmen_parts(rule: Rule) -> Iterator[str]:
    yield "sequential Phragmén"
    if rule.overflow is Overflow.SKIP:
        yield "skipping what does not fit"
    else:
        yield "ending at the first that does not fit"


_METHODS = {
    Method.GREEDY: _greedy_parts,
    Method.EQUAL_SHARES: _shares_parts,
    Method.PHRAGMEN: _phragmen_parts,
}


def _area_lines(area: AreaCount, money: _Money) -> Iterator[str]:
    came = area.available - area.budget
    moved_in = f" and {money(came)} from others" if came else ""
    moved_on = f", {money(area.moved_on)} moved on" if area.moved_on else ""
    yield (
        f"{area.area or 'City-wide'}: {area.ballots:,} ballots, budget {money(area.budget)}"
        f"{moved_in}, {area.steps} funded for {money(area.cost)}{moved_on}"
    )
    yield from (f"  {line}" for line in _scan_lines(area.scan, area.comparison, money))


def _scan_lines(
    scan: Scan | None, compared: ComparisonResult | None, money: _Money
) -> Iterator[str]:
    if scan is not None:
        runs = f"{scan.runs:,} runs, ended: {scan.ended}; " if scan.ended != "none" else ""
        yield f"Money per ballot: {runs}{money(scan.per_ballot)}"
    if compared is not None:
        verdict = "greedy replaces Equal Shares" if compared.replaced else "Equal Shares stays"
        yield (
            f"Comparison: {compared.prefer_equal_shares:,} ballots do better under Equal Shares, "
            f"{compared.prefer_greedy:,} under greedy: {verdict}"
        )


def _tie_lines(outcome: Outcome) -> Iterator[str]:
    for tie in outcome.ties:
        yield f"  Tie, decided by {tie.decided_by}: {', '.join(tie.projects)}"


def _step_figures(step: Step, money: _Money) -> str:
    if isinstance(step, GreedyStep):
        return f"{step.votes:,} votes, left {money(max(0, step.left))}"
    if isinstance(step, PhragmenStep):
        return (
            f"{step.votes:,} votes, paid when each ballot had received {money(step.time)}, "
            f"left {money(step.left)}"
        )
    return _shares_figures(step, money)


def _shares_figures(step: SharesStep, money: _Money) -> str:
    if step.effective_votes is None:
        return f"{step.votes:,} votes, free"
    effective = step.effective_votes
    whole, tenth = tenths(nearest(effective * 100))
    sign = "" if whole + Fraction(tenth, 10) == effective else "≈ "
    number = f"{whole:,}.{tenth}" if tenth else f"{whole:,}"
    return f"{step.votes:,} votes, {sign}{number} effective, each at most {money(step.payment)}"


def _reason(item: NotFunded, money: _Money) -> str:
    details = item.details

    def amount(key: str) -> str:
        value = details[key]
        return value if isinstance(value, str) else money(value)

    match item.reason:
        case Reason.WITHDRAWN:
            return "withdrawn"
        case Reason.BELOW_MINIMUM:
            return f"{details['votes']:,} votes, {details['needed']:,} needed"
        case Reason.NOT_ELIGIBLE:
            return f"{details['votes']:,} votes, {details['needed']:,} needed for its cost"
        case Reason.NO_SUPPORTER:
            return "no ballot supports it"
        case Reason.DID_NOT_FIT:
            return f"did not fit: {amount('remaining')} left, {amount('missing')} missing"
        case Reason.STOPPED:
            return f"the count had ended at {details['after']}"
        case Reason.MONEY_SHORT:
            supporters = f"{details['supporters']:,}"
            return (
                f"its {supporters} supporters had {amount('had')} left, {amount('missing')} missing"
            )
        case Reason.RIVAL_FUNDED:
            return f"its rival {details['rival']} is funded"
        case Reason.FREE:
            return "it costs nothing, and the habit followed never funds such a project"
