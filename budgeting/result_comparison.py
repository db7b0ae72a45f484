"""The same ballots under several rules, side by side: who wins, where the money goes, who gains.

Nothing is counted here: everything was stored with the count (`budgeting.insights`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from home.money import format_number, format_percent, format_share

from . import charts, explanations, insights, themes
from .charts import Bar, Tick
from .explanations import Row
from .exporting import rule_options
from .insights import GroupTable, Insights, RuleAward
from .models import TurnoutTable
from .result_charts import KeyEntry
from .result_pages import ContestResult, ProjectLine
from .rule_sentences import rule_name
from .tally import AreaMoney

LEVELS = 5
"""Ballots are told apart by none, one, two, three and four or more choices funded."""

AREAS_DRAWN = 12
"""Areas drawn one by one, those with most money; the others are one line together."""


@dataclass(frozen=True)
class BarLine:
    """What one rule gives: its name, its bar, and the figure in words."""

    label: str
    bars: tuple[Bar, ...]
    figure: str


@dataclass(frozen=True)
class BarGroup:
    """One thing compared (an area, a group of people), with a line for each rule."""

    title: str
    lines: tuple[BarLine, ...]


@dataclass(frozen=True)
class BarChart:
    """Bars side by side, and the equal table: its headings and rows, the first cell a heading."""

    slug: str
    title: str
    how: str
    axis: str
    ticks: tuple[Tick, ...]
    key: tuple[KeyEntry, ...]
    groups: tuple[BarGroup, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class RuleLine:
    """One rule at a glance."""

    name: str
    is_own: bool
    funded: str
    cost: str
    with_something: str
    share: str
    bar: Bar
    compared: str
    note: str
    sentences: tuple[str, ...]
    command: str


@dataclass(frozen=True)
class Mark:
    """Whether a rule, by name, funds a project."""

    name: str
    is_funded: bool


@dataclass(frozen=True)
class Change:
    """A project that some rules fund and others do not: one mark for each rule."""

    line: ProjectLine
    marks: tuple[Mark, ...]


class Comparison:
    """What the comparison page shows of a count."""

    def __init__(self, result: ContestResult, found: Insights) -> None:
        self.result = result
        self.found = found
        self.names = [self._name(award) for award in found.awards]

    def _name(self, award: RuleAward) -> str:
        name = rule_name(award.rule)
        if award is not self.found.own and name == rule_name(self.found.own.rule):
            return _("%(rule)s, skipping what does not fit") % {"rule": name}
        return name

    @cached_property
    def rules(self) -> list[RuleLine]:
        """Put every rule in a line."""
        scale = charts.Scale(1.0)
        lines = []
        for name, award in zip(self.names, self.found.awards, strict=True):
            share = Fraction(award.with_something, award.ballots) if award.ballots else Fraction(0)
            is_own = award is self.found.own
            lines.append(
                RuleLine(
                    name=name,
                    is_own=is_own,
                    funded=format_number(len(award.winners)),
                    cost=self.result.terms.money(award.cost),
                    with_something=format_number(award.with_something),
                    share=format_share(award.with_something, award.ballots),
                    bar=scale.bar(0, float(share), "funded" if is_own else "pale"),
                    compared="" if is_own else self._compared(award),
                    note=(
                        _(
                            "Between projects of equal cost and votes this count took the official "
                            "order of the list: the draw for them was never made."
                        )
                        if award.needs_list_order
                        else ""
                    ),
                    sentences=tuple(self.result.explained(award.rule)),
                    command=" ".join(
                        [f"rione-tally {self.result.file_name}.pb", *rule_options(award.rule)]
                    ),
                )
            )
        return lines

    def _compared(self, award: RuleAward) -> str:
        if not (award.better_here or award.better_own):
            return _("The same for everybody.")
        return _("%(here)s have more of their choices funded, %(own)s fewer.") % {
            "here": explanations.people(award.better_here),
            "own": explanations.people(award.better_own),
        }

    @cached_property
    def headings(self) -> dict[str, str]:
        """The words that stand at a project's figures, and whether a rule funds it."""
        return {
            "votes": _("Votes"),
            "cost": _("Cost"),
            "funded": _("funded"),
            "not funded": _("not funded"),
        }

    # --- which projects -------------------------------------------------------------------------

    @property
    def differing(self) -> list[Row]:
        """Return the projects on which the rules differ, from the most voted."""
        winners = self._winners
        in_some, in_all = frozenset().union(*winners), frozenset.intersection(*winners)
        return sorted(
            (row for row in self.result.rows if row.key in in_some - in_all),
            key=lambda row: (row.place, row.number),
        )

    def changes(self, rows: Iterable[Row]) -> list[Change]:
        """Say of each project which rules fund it."""
        return [
            Change(
                self.result.line(row),
                tuple(
                    Mark(name, row.key in each)
                    for name, each in zip(self.names, self._winners, strict=True)
                ),
            )
            for row in rows
        ]

    @cached_property
    def _winners(self) -> list[frozenset[int]]:
        return [frozenset(award.winners) for award in self.found.awards]

    @property
    def shared_in_words(self) -> str:
        """Say how many projects win under every rule."""
        number = len(
            frozenset.intersection(*(frozenset(award.winners) for award in self.found.awards))
        )
        return ngettext(
            "%(number)s project is funded by every rule.",
            "%(number)s projects are funded by every rule.",
            number,
        ) % {"number": format_number(number)}

    # --- charts ---------------------------------------------------------------------------------

    @property
    def satisfied(self) -> BarChart:
        """Show how many ballots have none, one, two, … of their choices funded."""
        awards = self.found.awards
        ballots = self.found.own.ballots
        numbers = [_levels(award.by_choices_funded) for award in awards]
        most = max(index for each in numbers for index, number in enumerate(each) if number)
        lines = tuple(
            BarLine(name, _stack(each, ballots), _with_some(each, ballots))
            for name, each in zip(self.names, numbers, strict=True)
        )
        return BarChart(
            slug="satisfied",
            title=_("How many of their choices people got"),
            how=_(
                "Each bar is all the ballots. The darker a piece, the more of the projects chosen "
                "on those ballots are funded; the white piece got none of them."
            ),
            axis=_("share of the ballots"),
            ticks=_percent_ticks(),
            key=tuple(KeyEntry(f"level-{at}", _level(at)) for at in range(most + 1)),
            groups=(BarGroup("", lines),),
            headings=(_("Choices funded"), *self.names),
            rows=tuple(
                (
                    _level(at),
                    *(
                        f"{format_number(each[at])} ({format_share(each[at], ballots)})"
                        for each in numbers
                    ),
                )
                for at in range(most + 1)
            ),
        )

    @property
    def neighbourhoods(self) -> BarChart | None:
        """Show the money of each area under each rule."""
        return self._money_chart(
            "areas",
            _("Where the money goes"),
            _("For each area, the cost of its funded projects under each rule."),
            _("Area"),
            lambda award: award.neighbourhoods,
            _("Whole city, or not stated"),
        )

    @property
    def categories(self) -> BarChart | None:
        """Show the money of each theme under each rule."""
        return self._money_chart(
            "themes",
            _("What the money is for"),
            _(
                "For each theme, the cost of its funded projects under each rule. A project with "
                "several themes counts in each of them."
            ),
            _("Theme"),
            lambda award: [
                replace(area, name=self._theme_names.get(area.name, area.name))
                for area in award.categories
            ],
            _("No theme stated"),
        )

    @cached_property
    def _theme_names(self) -> Mapping[str, str]:
        # The count stored the Italian ones.
        projects = self.result.contest.projects.exclude(categories_it="").order_by()
        return themes.names(projects.values_list("categories_it", "categories_en").distinct())

    def _money_chart(
        self,
        slug: str,
        title: str,
        how: str,
        heading: str,
        of: Callable[[RuleAward], Sequence[AreaMoney]],
        nameless: str,
    ) -> BarChart | None:
        amounts: dict[str, list[int]] = {}
        for index, award in enumerate(self.found.awards):
            for area in of(award):
                amounts.setdefault(area.name, [0] * len(self.names))[index] = area.cost
        if not any(amounts):
            return None
        ordered = sorted(amounts.items(), key=lambda item: (-item[1][0], -sum(item[1]), item[0]))
        named = [(name or nameless, each) for name, each in ordered]
        shown = named[:AREAS_DRAWN]
        if others := named[AREAS_DRAWN:]:
            together = [sum(each) for each in zip(*(each for _name, each in others), strict=True)]
            label = ngettext("%(number)s other", "%(number)s others together", len(others))
            shown.append((label % {"number": format_number(len(others))}, together))
        money = self.result.terms.money
        scale = charts.scale_up_to(charts.most(most for _n, each in shown for most in each))
        return BarChart(
            slug=slug,
            title=title,
            how=how,
            axis=_("money assigned"),
            ticks=charts.ticks(scale, money),
            key=(),
            groups=tuple(
                BarGroup(
                    name,
                    tuple(
                        BarLine(
                            label,
                            (scale.bar(0, cents, _own_or_other(at)),) if cents else (),
                            money(cents),
                        )
                        for at, (label, cents) in enumerate(zip(self.names, each, strict=True))
                    ),
                )
                for name, each in shown
            ),
            headings=(heading, *self.names),
            rows=tuple((name, *(money(cents) for cents in each)) for name, each in named),
        )

    @property
    def groups(self) -> list[BarChart]:
        """Show, for each group of people, how many of their choices were funded and their money."""
        return [self._group_chart(table) for table in self.found.groups]

    def _group_chart(self, table: GroupTable) -> BarChart:
        money = self.result.terms.money
        groups, rows = [], []
        for group in table.groups:
            label = explanations.cell_label(table.kind, group.labels)
            lines = []
            for name, award in zip(self.names, self.found.awards, strict=True):
                found = group.awards.get(award.key)
                if found is None:
                    continue
                with_some = _with_some(found.ballots, group.people)
                if found.money is not None:
                    decided = _("they decided %(money)s") % {"money": money(found.money)}
                    with_some = f"{with_some}; {decided}"
                lines.append(
                    BarLine(
                        name,
                        _stack(found.ballots, group.people),
                        with_some,
                    )
                )
                rows.append(
                    (
                        label,
                        name,
                        format_number(group.people),
                        *(
                            f"{format_number(number)} ({format_share(number, group.people)})"
                            for number in found.ballots
                        ),
                        _("not said") if found.money is None else money(found.money),
                    )
                )
            title = f"{label} · {explanations.people(group.people)}"
            groups.append(BarGroup(title, tuple(lines)))
        columns = _column_names(table.columns)
        by_age = table.kind == TurnoutTable.Kind.AGE
        return BarChart(
            slug=group_anchor(table.kind),
            title=_("By age") if by_age else _("By neighbourhood of those who voted"),
            how=_(
                "For each group, all its ballots: the darker a piece, the more of the projects "
                "chosen are funded. The money a group decided is what its people paid, or their "
                "part of the projects they chose. What would tell of fewer than ten people is left "
                "out: a rule whose numbers differ from another's by so few, or the money where so "
                "few of a group chose a funded project."
            ),
            axis=_("share of the group's ballots"),
            ticks=_percent_ticks(),
            key=tuple(KeyEntry(f"level-{at}", name) for at, name in enumerate(columns)),
            groups=tuple(groups),
            headings=(_("Group"), _("Rule"), _("Ballots"), *columns, _("Money they decided")),
            rows=tuple(rows),
        )


def group_anchor(kind: str) -> str:
    """Name the place of a table of groups on the page."""
    return f"group-{kind}"


def comparison(result: ContestResult) -> Comparison | None:
    """Return the comparison of rules, or None while it is worked out; one query."""
    found = insights.insights_of(result.count)
    return Comparison(result, found) if found else None


def _levels(by_choices_funded: Sequence[int]) -> list[int]:
    """Bring the numbers of ballots to the levels shown, the last one open."""
    first = [*by_choices_funded[: LEVELS - 1]]
    first += [0] * (LEVELS - 1 - len(first))
    return [*first, sum(by_choices_funded[LEVELS - 1 :])]


def _level(at: int) -> str:
    return _column_names(range(LEVELS))[at]


def _column_names(columns: Iterable[int]) -> tuple[str, ...]:
    """Name columns by their least numbers of choices funded: none, 1, 2–3, 4 or more."""
    starts = list(columns)
    names = []
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        if following is None:
            names.append(_("%(number)s or more") % {"number": start})
        elif start == 0 and following == 1:
            names.append(_("no choice"))
        elif following == start + 1:
            names.append(str(start))
        else:
            names.append(f"{start}–{following - 1}")
    return tuple(names)


def _stack(numbers: Sequence[int], whole: int) -> tuple[Bar, ...]:
    scale = charts.Scale(float(max(1, whole)))
    start, bars = 0, []
    for at, number in enumerate(numbers):
        if number:
            bars.append(scale.bar(start, start + number, f"level-{min(at, LEVELS - 1)}"))
        start += number
    return tuple(bars)


def _with_some(numbers: Sequence[int], whole: int) -> str:
    some = whole - numbers[0]
    return _("%(share)s have at least one of their choices funded") % {
        "share": format_share(some, whole)
    }


def _percent_ticks() -> tuple[Tick, ...]:
    return charts.ticks(charts.Scale(100.0), lambda number: format_percent(Fraction(number, 100)))


def _own_or_other(at: int) -> str:
    return "funded" if at == 0 else "pale"
