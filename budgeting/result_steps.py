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
from .explanations import Row
from .models import Count, Scope
from .result_pages import ContestResult, ProjectLine

NEXT_SHOWN = 4
"""How many of those that come after a project are shown beside it."""

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
    return Count.objects.filter(pk=count.pk).values_list(path, flat=True).first() or {}


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
    """Divide the cost between those who paid the full price and those who gave all they had left.

    Only where every supporter is asked the same: with points the price follows the points.
    """
    simple = (Scope.VoteType.APPROVAL, Scope.VoteType.CHOOSE_1)
    if step.get("kind") != "equalshares" or result.terms.vote_type not in simple or not row.cost:
        return ()
    terms = result.terms
    payment, capped = Fraction(step["payment"]), step["capped"]
    full = step["supporters"] - capped
    together = full * payment
    scale = Scale(float(row.cost))
    parts = []
    if full:
        words = _("%(people)s paid %(payment)s each") % {
            "people": explanations.people(full),
            "payment": terms.money(round(payment)),
        }
        parts.append(
            Part(words, terms.money(round(together)), scale.bar(0, float(together), "funded"))
        )
    if capped:
        words = _("%(people)s had less left, and gave all of it") % {
            "people": explanations.people(capped)
        }
        rest = row.cost - round(together)
        parts.append(Part(words, terms.money(rest), scale.bar(float(together), row.cost, "pale")))
    return tuple(parts)


def _exact_payment(step: dict[str, Any]) -> str:
    """Give the price as a fraction where somebody would write it down."""
    payment = step.get("payment", "")
    return payment if "/" in payment and len(payment) <= LONGEST_FRACTION else ""


def _key(row: Row) -> tuple[result_charts.KeyEntry, ...]:
    key = [result_charts.KeyEntry("before", _("assigned before"))]
    if row.is_funded:
        key.append(result_charts.KeyEntry("funded", _("assigned in this step")))
    return (*key, result_charts.KeyEntry("free", _("left")))
