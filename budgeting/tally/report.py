"""An outcome as plain text for a terminal, in the language that is spoken."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from .election import Election, VoteType
from .language import digits, tell, with_marks
from .money import nearest, tenths
from .outcome import (
    AreaCount,
    ComparisonResult,
    GreedyStep,
    NotFunded,
    Outcome,
    PhragmenStep,
    Scan,
    SharesStep,
    Step,
)
from .report_words import WORDS
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
from .sentences import SENTENCES

NAME_WIDTH = 60

DECIMALS = 2
"""Of amounts that are rounded; a file with more keeps them."""


def report(election: Election, outcome: Outcome) -> str:
    """Say what was counted, by which rule, who is funded in which order, and why the others not."""
    return "\n".join(_lines(election, outcome))


def _say(key: str, /, **figures: object) -> str:
    return tell(WORDS, key, **figures)


def _lines(election: Election, outcome: Outcome) -> Iterator[str]:
    money = _Money(outcome)
    projects = len(election.projects)
    if election.meta.get("description"):
        yield election.meta["description"]
    yield _say(
        "counted",
        ballots=digits(outcome.ballots),
        vote_type=describe_ballots(election.vote_type),
        projects=projects,
        budget=money(outcome.budget),
    )
    yield _say("rule", rule=describe_rule(outcome.rule))
    yield from _scan_lines(outcome.scan, outcome.comparison, money)
    for area in outcome.areas:
        yield from _area_lines(area, money)
    yield ""
    yield _say("funded", number=len(outcome.winners), projects=projects, cost=money(outcome.cost))
    if outcome.excess:
        yield _say("excess", excess=money(outcome.excess))
    yield from _tie_lines(outcome)
    names = {project.id: project.name for project in election.projects}
    width = max((len(project.id) for project in election.projects), default=0)
    for number, step in enumerate(outcome.trace, start=1):
        figures = f"{money(step.cost)}, {_step_figures(step, money)}"
        yield f"{number:>4}. {step.project:<{width}}  {figures}  {names[step.project][:NAME_WIDTH]}"
    if outcome.not_funded:
        yield ""
        yield _say("not-funded", number=len(outcome.not_funded))
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
        return f"{'≈ ' if rounded != exact else ''}{with_marks(text)}{self.currency}"


def describe_rule(rule: Rule) -> str:
    """Say the rule with its parameters in one line."""
    parts = list(_METHODS[rule.method](rule))
    if rule.min_votes:
        parts.append(_say("min-votes", number=digits(rule.min_votes)))
    if rule.min_share:
        parts.append(_say("min-share", share=rule.min_share))
    if rule.eligibility is Eligibility.THREE_BUDGETS:
        parts.append(_say("three-budgets"))
    if rule.areas is not Areas.NONE:
        parts.append(_say("areas", unspent=_say(f"unspent-{rule.areas}")))
    if rule.compat is not Compat.NONE:
        parts.append(_say("habits", program=rule.compat))
    return ", ".join([*parts, _say("ties", ties=_say(f"ties-{rule.ties}"))])


def describe_ballots(vote_type: VoteType) -> str:
    """Say what a ballot is, with the name that files give it."""
    return _say(f"ballots-{vote_type}")


def _greedy_parts(rule: Rule) -> Iterator[str]:
    yield _say("greedy-votes" if rule.order is Order.VOTES else "greedy-votes-per-cost")
    if rule.overflow is Overflow.PARTIAL:
        yield _say("partial", share=rule.partial_share)
    else:
        yield _overflow(rule)


def _overflow(rule: Rule) -> str:
    return _say("skipping" if rule.overflow is Overflow.SKIP else "stopping")


def _shares_parts(rule: Rule) -> Iterator[str]:
    yield _say(f"equal-shares-{rule.utility}")
    if rule.completion is not Completion.NONE:
        yield _say(
            "completion",
            completion=_say(f"completion-{rule.completion}"),
            step=rule.step,
            start="" if rule.start is Start.EXACT else _say("from-whole-part"),
            stop=_say(f"stop-{rule.stop}"),
        )
    if rule.comparison is not Comparison.NONE:
        yield _say("compared", comparison=_say(f"comparison-{rule.comparison}"))


def _phragmen_parts(rule: Rule) -> Iterator[str]:
    yield _say("phragmen")
    yield _overflow(rule)


_METHODS = {
    Method.GREEDY: _greedy_parts,
    Method.EQUAL_SHARES: _shares_parts,
    Method.PHRAGMEN: _phragmen_parts,
}


def _area_lines(area: AreaCount, money: _Money) -> Iterator[str]:
    came = area.available - area.budget
    yield _say(
        "area",
        area=area.area or _say("city-wide"),
        ballots=digits(area.ballots),
        budget=money(area.budget),
        moved_in=_say("moved-in", amount=money(came)) if came else "",
        steps=area.steps,
        cost=money(area.cost),
        moved_on=_say("moved-on", amount=money(area.moved_on)) if area.moved_on else "",
    )
    yield from (f"  {line}" for line in _scan_lines(area.scan, area.comparison, money))


def _scan_lines(
    scan: Scan | None, compared: ComparisonResult | None, money: _Money
) -> Iterator[str]:
    if scan is not None and scan.ended == "none":
        yield _say("per-ballot", amount=money(scan.per_ballot))
    elif scan is not None:
        yield _say(
            "per-ballot-runs",
            runs=digits(scan.runs),
            ended=_say(f"ended-{scan.ended}"),
            amount=money(scan.per_ballot),
        )
    if compared is not None:
        yield _say(
            "comparison",
            shares=digits(compared.prefer_equal_shares),
            greedy=digits(compared.prefer_greedy),
            verdict=_say("replaced" if compared.replaced else "stays"),
        )


def _tie_lines(outcome: Outcome) -> Iterator[str]:
    for tie in outcome.ties:
        decided_by = tell(SENTENCES, f"tie-{tie.decided_by}")
        yield _say("tie", decided_by=decided_by, projects=", ".join(tie.projects))


def _step_figures(step: Step, money: _Money) -> str:
    votes = digits(step.votes)
    if isinstance(step, GreedyStep):
        return _say("greedy-step", votes=votes, left=money(max(0, step.left)))
    if isinstance(step, PhragmenStep):
        return _say("phragmen-step", votes=votes, time=money(step.time), left=money(step.left))
    return _shares_figures(step, votes, money)


def _shares_figures(step: SharesStep, votes: str, money: _Money) -> str:
    if step.effective_votes is None:
        return _say("free-step", votes=votes)
    effective = step.effective_votes
    whole, tenth = tenths(nearest(effective * 100))
    sign = "" if whole + Fraction(tenth, 10) == effective else "≈ "
    number = with_marks(f"{whole:,}.{tenth}" if tenth else f"{whole:,}")
    return _say(
        "shares-step", votes=votes, effective=f"{sign}{number}", payment=money(step.payment)
    )


_AMOUNTS = frozenset(("remaining", "missing", "had"))


def _reason(item: NotFunded, money: _Money) -> str:
    figures = {
        name: value
        if isinstance(value, str)
        else money(value)
        if name in _AMOUNTS
        else digits(int(value))
        for name, value in item.details.items()
        if name != "per_ballot"
    }
    return _say(item.reason.value, **figures)
