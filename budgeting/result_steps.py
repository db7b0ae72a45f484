"""The count as small scenes: who was next, what was decided and why, who paid, what was left."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from home.money import format_number

from . import explanations, result_charts
from .charts import Bar, Scale
from .explanations import Row, Terms
from .models import Count, Scope
from .result_pages import ContestResult, ProjectLine
from .tally.money import nearest
from .tally.rules import Utility

NEXT_SHOWN = 4
"""How many of those that come after a project are shown beside it."""

ASKED_THE_SAME = (Scope.VoteType.APPROVAL, Scope.VoteType.CHOOSE_1)
"""Ballots on which a project asks the same of every supporter; points make a difference."""

LONGEST_FRACTION = 16
"""Characters of a fraction that is still of use to a person; longer ones are in the data."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who could have been next: the one of this step first."""

    line: ProjectLine
    cells: tuple[str, ...]
    is_taken: bool


@dataclass(frozen=True)
class Part:
    """A part of a cost: who paid it, how much, and how much of the whole, for drawing."""

    words: str
    amount: str
    bar: Bar


@dataclass(frozen=True)
class Scene:
    """One step of the count, told alone.

    `number` counts from one, `total` is the last. `exact` is the payment as the count holds it, in
    hundredths, where it is a fraction.
    """

    number: int
    total: int
    line: ProjectLine
    state: str
    sentences: tuple[str, ...]
    tie: str
    headings: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    candidates_note: str
    left: str
    left_bars: tuple[Bar, ...]
    parts: tuple[Part, ...] = ()
    besides: tuple[str, ...] = ()
    exact: str = ""
    before_url: str = ""
    before_title: str = ""
    after_url: str = ""
    after_title: str = ""
    key: tuple[result_charts.KeyEntry, ...] = field(default=())


def scene_address(count: Count, number: int) -> str:
    """Return the address of one step of this contest's count."""
    contest = count.contest
    return reverse(
        "budgeting:result_step",
        kwargs={
            "slug": contest.scope.round.slug,
            "contest": contest.slug,
            "number": number,
        },
    )


def scene(result: ContestResult, number: int) -> Scene:
    """Tell one step; one query for its exact figures. IndexError where there is no such step."""
    rows = result.step_rows
    if not 1 <= number <= len(rows):
        raise IndexError(number)
    row = rows[number - 1]
    terms = result.terms
    headings, candidates = _candidates(result, rows, number)
    left, left_bars = _left(result, rows, number)
    step = _stored_step(result.count, row)
    tie = row.figures.get("tie")
    before = rows[number - 2] if number > 1 else None
    after = rows[number] if number < len(rows) else None
    return Scene(
        number=number,
        total=len(rows),
        line=result.line(row),
        state=str(explanations.REASON(row.reason).label),
        sentences=tuple(explanations.why_sentences(row, terms)),
        tie=explanations.tie_sentence(tie, terms) if tie else "",
        headings=headings,
        candidates=candidates,
        candidates_note=_candidates_note(result, row),
        left=left,
        left_bars=left_bars,
        parts=_parts(result, row, step),
        besides=_besides(result, step),
        exact=_exact_payment(step),
        before_url=scene_address(result.count, number - 1) if before else "",
        before_title=before.title if before else "",
        after_url=scene_address(result.count, number + 1) if after else "",
        after_title=after.title if after else "",
        key=_key(row),
    )


def _stored_step(count: Count, row: Row) -> dict[str, Any]:
    """Read one step of the stored outcome, not all of it."""
    if row.order_funded is None:
        return {}
    path = f"outcome__trace__{row.order_funded - 1}"
    return Count.objects.values_list(path, flat=True).get(pk=count.pk) or {}


def _candidates(
    result: ContestResult, rows: Sequence[Row], number: int
) -> tuple[tuple[str, ...], tuple[Candidate, ...]]:
    """Show who was next and those after; for purchases, who could be chosen besides."""
    terms, row = result.terms, rows[number - 1]
    others = rows[number:]
    if result.kind != result_charts.MONEY and row.is_funded:
        # What is bought later, and what never is, was there to be chosen too.
        others = sorted(
            (other for other in others if other.reason not in explanations.LEFT_OUT),
            key=lambda other: (-other.supporters, other.number),
        )
        headings = (_("People who chose it"), _("Cost"))
        shown = [row, *others[:NEXT_SHOWN]]
        cells = [(format_number(each.supporters), terms.money(each.cost)) for each in shown]
    else:
        headings = (_("Points") if terms.counts_points else _("Votes"), _("Cost"))
        shown = [row, *others[:NEXT_SHOWN]]
        cells = [(format_number(each.votes), terms.money(each.cost)) for each in shown]
    return headings, tuple(
        Candidate(result.line(each), texts, each is row)
        for each, texts in zip(shown, cells, strict=True)
    )


def _candidates_note(result: ContestResult, row: Row) -> str:
    if row.reason in explanations.LEFT_OUT:
        return _("These projects took no part in the count.")
    if result.kind == result_charts.MONEY:
        return _("It was next in the order of the count. After it come:")
    if row.is_funded:
        if result.kind == result_charts.TIME:
            return _("It was the first whose supporters had its whole cost. Not yet bought:")
        return _("Of those that could be paid, it asked least of each person. Not yet bought:")
    return _("Nothing more could be bought. Others that were not funded:")


def _left(result: ContestResult, rows: Sequence[Row], number: int) -> tuple[str, tuple[Bar, ...]]:
    """Say and draw how much was assigned before this step and by it, and what is left."""
    terms, budget = result.terms, result.count.budget
    before = sum(row.cost for row in rows[: number - 1] if row.is_funded)
    row = rows[number - 1]
    added = row.cost if row.is_funded else 0
    scale = Scale(float(max(budget, before + added)))
    bars = [scale.bar(0, budget, "free")]
    if before:
        bars.append(scale.bar(0, before, "before"))
    if added:
        bars.append(scale.bar(before, before + added, "funded"))
    left = budget - before
    if not added:
        words = _("%(left)s of the budget were left, and stay.") % {"left": terms.money(left)}
    elif added > left:
        words = _("%(left)s of the budget were left; this project costs %(excess)s more.") % {
            "left": terms.money(left),
            "excess": terms.money(added - left),
        }
    else:
        words = _("%(before)s of the budget were left; after this step, %(left)s.") % {
            "before": terms.money(left),
            "left": terms.money(left - added),
        }
    return words, tuple(bars)


def _parts(result: ContestResult, row: Row, step: dict[str, Any]) -> tuple[Part, ...]:
    """Divide the cost between those who paid alike; empty where the trace does not tell."""
    if not row.cost:
        return ()
    terms = result.terms
    shares: list[tuple[int, Fraction, str]] = []  # how many, what each paid, what is said of them
    if step.get("kind") == "phragmen":
        times = {each.order_funded: Fraction(each.figures["time"]) for each in result.funded_rows}
        for since, ballots in step["savers"]:
            paid = Fraction(step["time"]) - (times[since] if since else 0)
            words = (
                _("%(people)s had saved since step %(step)s and paid %(payment)s each")
                if since
                else _("%(people)s had saved since the beginning and paid %(payment)s each")
            )
            shares.append((ballots, paid, words % _payers(ballots, paid, terms, step=since)))
    elif step.get("payers"):
        for owned, paid, ballots in step["payers"]:
            words = (
                _("%(people)s had %(owned)s left and gave all of it")
                if owned == paid
                else _("%(people)s paid %(payment)s each")
            )
            values = _payers(
                ballots, Fraction(paid), terms, owned=terms.exact_money(Fraction(owned))
            )
            shares.append((ballots, Fraction(paid), words % values))
    elif step.get("kind") == "equalshares" and terms.vote_type in ASKED_THE_SAME:
        payment, capped = Fraction(step["payment"]), step["capped"]
        if full := step["supporters"] - capped:
            words = _("%(people)s paid %(payment)s each")
            shares.append((full, payment, words % _payers(full, payment, terms)))
        if capped:
            words = _("%(people)s had less left, and gave all of it")
            rest = (row.cost - full * payment) / capped
            shares.append((capped, rest, words % _payers(capped, rest, terms)))
    return _drawn_parts(shares, row.cost, terms)


def _payers(ballots: int, paid: Fraction, terms: Terms, **more: Any) -> dict[str, Any]:
    return {
        "people": explanations.people(ballots),
        "payment": terms.exact_money(paid),
        **more,
    }


def _drawn_parts(
    shares: Sequence[tuple[int, Fraction, str]], cost: int, terms: Terms
) -> tuple[Part, ...]:
    """Put the parts one behind the other; their rounded amounts add up to the cost."""
    scale, start, parts = Scale(float(cost)), Fraction(0), []
    for index, (ballots, paid, words) in enumerate(shares):
        end = start + ballots * paid if index < len(shares) - 1 else Fraction(cost)
        kind = "funded" if index == 0 else "pale" if index % 2 else "before"
        amount = terms.money(nearest(end) - nearest(start))
        parts.append(Part(words, amount, scale.bar(float(start), float(end), kind)))
        start = end
    return tuple(parts)


def _named(result: ContestResult, step: dict[str, Any]) -> dict[str, Row]:
    """Find the projects that a step names besides its own, by code."""
    wanted = {item["project"] for item in step.get("dropped", ())}
    wanted |= {_runner_up_code(step)} - {""}
    return {row.code: row for row in result.rows if row.code in wanted}


def _runner_up_code(step: dict[str, Any]) -> str:
    runner_up = step.get("runner_up")
    return str(runner_up["project"]) if isinstance(runner_up, dict) else ""


def _besides(result: ContestResult, step: dict[str, Any]) -> tuple[str, ...]:
    """Say who would have been next, and who can no longer be paid after this step."""
    named, terms, sentences = _named(result, step), result.terms, []
    if other := named.get(_runner_up_code(step)):
        figure = Fraction(step["runner_up"]["figure"])
        if step["kind"] == "phragmen":
            words = _(
                "Otherwise the next would have been “%(project)s”, when each ballot had received "
                "%(money)s."
            )
        else:
            words = _("The next best was “%(project)s”: it asked at most %(money)s of each person.")
            if result.rule.utility is Utility.COST:
                figure *= other.cost
            if terms.vote_type not in ASKED_THE_SAME:
                words = ""
        if words:
            sentences.append(words % {"project": other.title, "money": terms.exact_money(figure)})
    for item in step.get("dropped", ()):
        if lost := named.get(item["project"]):
            sentences.append(
                _(
                    "From now on “%(project)s” can no longer be paid: those who chose it have "
                    "%(had)s left together."
                )
                % {"project": lost.title, "had": terms.exact_money(Fraction(item["had"]))}
            )
    return tuple(sentences)


def _exact_payment(step: dict[str, Any]) -> str:
    """Give the price as a fraction where somebody would write it down."""
    payment = step.get("payment", "")
    return payment if "/" in payment and len(payment) <= LONGEST_FRACTION else ""


def _key(row: Row) -> tuple[result_charts.KeyEntry, ...]:
    key = [result_charts.KeyEntry("before", _("assigned before"))]
    if row.is_funded:
        key.append(result_charts.KeyEntry("funded", _("assigned in this step")))
    return (*key, result_charts.KeyEntry("free", _("left")))
