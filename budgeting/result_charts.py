"""One chart for each award rule, with its words and an equal table: how the money was assigned.

A chart is a list of rows in the order of the count, each with a bar on a common axis, so that it
reads the same with three projects and with five hundred: a page shows some rows and leads to the
next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from home.money import format_money, format_number

from . import charts, explanations
from .charts import Bar, Line, Tick
from .explanations import Row, Terms
from .tally import story
from .tally.money import nearest
from .tally.rules import Rule, Utility

if TYPE_CHECKING:
    from .result_pages import ContestResult, ProjectLine

MONEY, SHARES, TIME = "money", "shares", "time"


@dataclass(frozen=True)
class KeyEntry:
    """What a mark of the chart means."""

    kind: str
    words: str


@dataclass(frozen=True)
class ChartRow:
    """A project: its bars, its figures in a line of text, and its cells in the equal table."""

    position: int
    line: "ProjectLine"
    bars: tuple[Bar, ...]
    figures: str
    state: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Purses:
    """How the money on the ballots was used up, purchase after purchase."""

    line: Line
    text: str
    steps: int


@dataclass(frozen=True)
class Chart:
    """The picture of a count: title, how to read it, axis, rows, and headings of its table.

    `limit` is where the budget's line stands (percent of the width), if the axis is of money.
    """

    kind: str
    title: str
    how: str
    axis: str
    ticks: tuple[Tick, ...]
    key: tuple[KeyEntry, ...]
    rows: tuple[ChartRow, ...]
    headings: tuple[str, ...]
    limit: float | None = None
    limit_label: str = ""
    limit_anchor: str = "middle"
    purses: Purses | None = None


def kind_of(rows: Sequence[Row], rule: Rule) -> str:
    """Say which picture tells a count: by what its steps were, or by the rule where none was made.

    A count by Equal Shares that the comparison replaced is a count by votes.
    """
    kinds = {row.figures["kind"] for row in rows if row.is_funded}
    for kind, name in (("equalshares", SHARES), ("phragmen", TIME), ("greedy", MONEY)):
        if kind in kinds:
            return name
    return {"equalshares": SHARES, "phragmen": TIME}.get(str(rule.method), MONEY)


def chart(result: "ContestResult", start: int, end: int) -> Chart:
    """Draw the projects from `start` to `end` (positions from 0) in the order of the count."""
    draw = {MONEY: _money_chart, SHARES: _shares_chart, TIME: _time_chart}[result.kind]
    return draw(result, start, end)


def _state(row: Row) -> str:
    return _("funded") if row.is_funded else str(explanations.REASON(row.reason).label)


# --- by votes: each project takes its piece of the budget -----------------------------------------


def _money_chart(result: "ContestResult", start: int, end: int) -> Chart:
    budget, terms = result.count.budget, result.terms
    rows = result.step_rows
    before = _spent_before(rows)
    goes_beyond = any(_beyond(row, before[at], budget) for at, row in enumerate(rows))
    scale = charts.Scale(budget * charts.BEYOND if goes_beyond else float(budget))
    drawn = tuple(
        ChartRow(
            position=at + 1,
            line=result.line(row),
            bars=_money_bars(row, before[at], budget, scale),
            figures=f"{terms.votes(row.votes)} · {terms.money(row.cost)}",
            state=_money_state(row, terms),
            cells=(
                format_number(row.votes),
                terms.money(row.cost),
                terms.money(max(0, budget - before[at])),
                _money_state(row, terms),
            ),
        )
        for at, row in list(enumerate(rows))[start:end]
    )
    key = [
        KeyEntry("before", _("already assigned")),
        KeyEntry("funded", _("cost of a funded project")),
    ]
    if goes_beyond:
        key.append(KeyEntry("over", _("cost of a project that did not fit")))
        key.append(KeyEntry("missing", _("what was missing")))
    return Chart(
        kind=MONEY,
        title=_("How the budget was filled"),
        how=_(
            "Read it from the top. Each funded project takes its piece of the budget, and the next "
            "one starts where it ends. A project that would go past the line of the budget did "
            "not fit."
        ),
        axis=_("money assigned so far"),
        ticks=charts.ticks(scale, terms.money, up_to=budget if goes_beyond else None),
        key=tuple(key),
        rows=drawn,
        headings=(
            _("Points") if terms.counts_points else _("Votes"),
            _("Cost"),
            _("Left before it"),
            _("Outcome"),
        ),
        limit=scale.at(budget),
        limit_label=_("budget: %(budget)s") % {"budget": terms.money(budget)},
        limit_anchor="end",
    )


def _spent_before(rows: Sequence[Row]) -> list[int]:
    spent, before = 0, []
    for row in rows:
        before.append(spent)
        if row.is_funded:
            spent += row.cost
    return before


def _beyond(row: Row, before: int, budget: int) -> bool:
    return _was_tried(row) and before + row.cost > budget


def _was_tried(row: Row) -> bool:
    return row.is_funded or row.reason == explanations.REASON.DID_NOT_FIT


def _money_bars(row: Row, before: int, budget: int, scale: charts.Scale) -> tuple[Bar, ...]:
    if not _was_tried(row):
        return ()
    end = before + row.cost
    bars = [scale.bar(0, before, "before")] if before else []
    if row.is_funded and end <= budget:
        return (*bars, scale.bar(before, end, "funded"))
    if before < budget:
        bars.append(scale.bar(before, budget, "funded" if row.is_funded else "over"))
    return (*bars, scale.bar(max(before, budget), end, "missing"))


def _money_state(row: Row, terms: Terms) -> str:
    if missing := row.figures.get("missing"):
        return _("did not fit: %(missing)s too little") % {"missing": terms.money(missing)}
    return _state(row)


# --- Equal Shares: who paid -----------------------------------------------------------------------


def _shares_chart(result: "ContestResult", start: int, end: int) -> Chart:
    terms = result.terms
    rows = result.step_rows
    scale = charts.scale_up_to(charts.most(row.supporters for row in rows))
    left = _left_per_ballot(result, rows)
    drawn = tuple(
        ChartRow(
            position=at + 1,
            line=result.line(row),
            bars=_shares_bars(row, scale),
            figures=_shares_figures(row, terms),
            state=_shares_state(row, terms),
            cells=(
                format_number(row.supporters),
                _hundredths(row.figures.get("effective_votes")),
                _payment(row, terms) or "–",
                terms.money(row.cost),
                terms.money(left[at]) if left[at] is not None else "–",  # type: ignore[arg-type]
                _shares_state(row, terms),
            ),
        )
        for at, row in list(enumerate(rows))[start:end]
    )
    key = [
        KeyEntry("funded", _("effective votes of a funded project")),
        KeyEntry("pale", _("everybody else who chose it")),
    ]
    if any(row.is_funded and row.figures["kind"] == "greedy" for row in rows):
        key.append(KeyEntry("rest", _("funded at the end with the money left over, by votes")))
    key.append(KeyEntry("other", _("people who chose a project that was not funded")))
    how = (
        _(
            "Read it from the top: the project with most effective votes is bought first. They "
            "say among how many people its cost is as good as split in equal parts. Whoever "
            "chose it but has less left gives what they have: these people are the rest of "
            "the bar."
        )
        if result.rule.utility is Utility.COST
        else _(
            "Read it from the top: the project that asks least of each person is bought first. "
            "Effective votes say among how many people its cost is as good as split in equal "
            "parts. Whoever chose it but has less left gives what they have: these people are "
            "the rest of the bar."
        )
    )
    return Chart(
        kind=SHARES,
        title=_("How many people paid for each project"),
        how=" ".join(part for part in (how, result.measure_in_words) if part),
        axis=_("people who chose the project"),
        ticks=charts.ticks(scale, format_number),
        key=tuple(key),
        rows=drawn,
        headings=(
            _("People who chose it"),
            _("Effective votes"),
            _("Each paid at most"),
            _("Cost"),
            _("Left on each ballot, on average"),
            _("Outcome"),
        ),
        purses=_purses(result, rows, left),
    )


def _shares_bars(row: Row, scale: charts.Scale) -> tuple[Bar, ...]:
    if not row.supporters or row.reason in explanations.LEFT_OUT:
        return ()
    if not row.is_funded:
        return (scale.bar(0, row.supporters, "other"),)
    if row.figures["kind"] != "equalshares":
        return (scale.bar(0, row.supporters, "rest"),)
    effective = row.figures["effective_votes"]
    if effective is None:
        return (scale.bar(0, row.supporters, "pale"),)
    return (
        scale.bar(0, row.supporters, "pale"),
        scale.bar(0, effective / 100, "funded"),
    )


def _payment(row: Row, terms: Terms) -> str:
    """Say what each paid at most; empty where nobody paid for it with a share."""
    if not (row.is_funded and row.cost and "payment" in row.figures):
        return ""
    return story.amount(row.figures, "payment", terms)


def _shares_figures(row: Row, terms: Terms) -> str:
    chose = explanations.people(row.supporters)
    if payment := _payment(row, terms):
        return _("%(people)s, at most %(payment)s each · %(cost)s") % {
            "people": chose,
            "payment": payment,
            "cost": terms.money(row.cost),
        }
    return f"{chose} · {terms.money(row.cost)}"


def _shares_state(row: Row, terms: Terms) -> str:
    if row.is_funded and row.figures["kind"] == "greedy":
        return _("funded with the money left over")
    if row.reason == explanations.REASON.MONEY_SHORT:
        return _("they had %(had)s left: %(missing)s too little") % {
            "had": story.amount(row.figures, "had", terms),
            "missing": story.amount(row.figures, "missing", terms),
        }
    return _money_state(row, terms)


def _left_per_ballot(result: "ContestResult", rows: Sequence[Row]) -> list[int | None]:
    """Return what is left on each ballot on average after each purchase, in hundredths."""
    scan, ballots = result.count.overview.get("scan"), result.count.ballots
    spent, left = 0, list[int | None]()
    for row in rows:
        if not scan or not ballots or not (row.is_funded and row.figures["kind"] == "equalshares"):
            left.append(None)
            continue
        spent += row.cost
        left.append(max(0, nearest(Fraction(scan["per_ballot"] * ballots - spent, ballots))))
    return left


def _purses(
    result: "ContestResult", rows: Sequence[Row], left: Sequence[int | None]
) -> Purses | None:
    values = [cents for cents in left if cents is not None]
    if not values:
        return None
    terms = result.terms
    first = result.count.overview["scan"]["per_ballot"]
    scale = charts.scale_up_to(first, smallest=100)
    return Purses(
        line=charts.falling_line([first, *values], scale, terms.money, smallest=100),
        text=_(
            "Every ballot began with %(first)s. The line goes down at every project bought: after "
            "the last one %(last)s are left on average."
        )
        % {"first": terms.money(first), "last": terms.money(values[-1])},
        steps=len(values),
    )


def _hundredths(number: int | None) -> str:
    return "–" if number is None else explanations.tenths(number)


# --- Phragmén: when each project could be paid ----------------------------------------------------


def _time_chart(result: "ContestResult", start: int, end: int) -> Chart:
    terms = result.terms
    rows = result.step_rows
    times = [_time(row) for row in rows]
    scale = charts.scale_up_to(charts.most(time or 0 for time in times), smallest=100)
    drawn = tuple(
        ChartRow(
            position=at + 1,
            line=result.line(row),
            bars=(
                ()
                if times[at] is None
                else (scale.bar(0, times[at] or 0, "funded" if row.is_funded else "other"),)
            ),
            figures=f"{explanations.people(row.supporters)} · {terms.money(row.cost)}",
            state=_time_state(row, terms),
            cells=(
                format_number(row.supporters),
                terms.money(row.cost),
                "–" if times[at] is None else terms.money(times[at] or 0),
                _money_state(row, terms),
            ),
        )
        for at, row in list(enumerate(rows))[start:end]
    )
    return Chart(
        kind=TIME,
        title=_("When each project could be paid"),
        how=_(
            "Read it from the top. Every ballot receives money little by little, the same for "
            "all. As soon as the people who chose a project have its whole cost together, it is "
            "bought and what they had is spent. The shorter the bar, the sooner."
        ),
        axis=_("money received by each ballot until then"),
        ticks=charts.ticks(scale, terms.money, smallest=100),
        key=(
            KeyEntry("funded", _("bought when each ballot had received so much")),
            KeyEntry("other", _("could have been paid then, but did not fit in the budget")),
        ),
        rows=drawn,
        headings=(
            _("People who chose it"),
            _("Cost"),
            _("Payable when each ballot had received"),
            _("Outcome"),
        ),
    )


def _time(row: Row) -> int | None:
    time = row.figures.get("time")
    return None if time is None else int(time)


def _time_state(row: Row, terms: Terms) -> str:
    time = _time(row)
    if row.is_funded and time is not None:
        return _("funded when each ballot had received %(money)s") % {
            "money": story.amount(row.figures, "time", terms)
        }
    return _money_state(row, terms)


def budget_bar(*, cost: int, budget: int, currency: str) -> tuple[float, str]:
    """Return how much of the budget is assigned, in percent for drawing, and what it says."""
    share = min(100.0, round(100 * cost / budget, 2)) if budget else 0.0
    if cost > budget:
        return 100.0, _("%(cost)s assigned, %(excess)s more than the budget") % {
            "cost": format_money(cost, currency),
            "excess": format_money(cost - budget, currency),
        }
    return share, _("%(cost)s assigned, %(left)s left") % {
        "cost": format_money(cost, currency),
        "left": format_money(budget - cost, currency),
    }
