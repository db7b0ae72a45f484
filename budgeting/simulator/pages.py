"""What pages and files say of a simulation: put together from its stored results, nothing counted.

Everything here is text or a position in a drawing; the admin, the comparison and the public page
show the same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from string import ascii_uppercase
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from budgeting.models import SimulatedScenario, Simulation
from budgeting.rule_sentences import rule_name, rule_sentences
from budgeting.tally.rules import Rule
from budgeting.tally.scenario import Scenario
from budgeting.tally.simulating import TurnoutNeeded, TurnoutPoint, turnout_needed
from home.languages import active_language
from home.money import format_money, format_number, format_percent, format_share

from .differences import effective_rule
from .differences import title as rule_title

SEGMENTS = 4
"""Ballots with 0, 1, 2, and 3 or more of their choices funded."""
BAR_WIDTH = 600
CHART_WIDTH, CHART_HEIGHT = 640, 260
CHART_MARGIN = 12
LETTERS = "0" + ascii_uppercase
MOST_AREAS = 40


THEMES = {
    "culture": gettext_lazy("culture"),
    "education": gettext_lazy("education"),
    "environmental protection": gettext_lazy("environmental protection"),
    "health": gettext_lazy("health"),
    "public space": gettext_lazy("public space"),
    "public transit and roads": gettext_lazy("public transport and roads"),
    "sport": gettext_lazy("sport"),
    "urban greenery": gettext_lazy("urban greenery"),
    "welfare": gettext_lazy("welfare"),
}
"""The themes of Pabulib's files, in the reader's language; others stay as they are written."""


@dataclass(frozen=True)
class Segment:
    """One part of a bar of voters: where it stands, how many they are."""

    kind: int
    x: float
    width: float
    ballots: str
    share: str


@dataclass(frozen=True)
class Cell:
    """What a table says of one scenario, with the heading of its column."""

    heading: str
    text: str


@dataclass(frozen=True)
class Line:
    """One row of a table: a label and a text for each scenario."""

    label: str
    cells: tuple[Cell, ...]
    help: str = ""


@dataclass(frozen=True)
class MoneyCell:
    """What goes to one area under one scenario, and how long its bar is (of BAR_WIDTH)."""

    heading: str
    amount: str
    funded: str
    width: float


@dataclass(frozen=True)
class MoneyLine:
    """One area or theme under every scenario."""

    name: str
    cells: tuple[MoneyCell, ...]


@dataclass(frozen=True)
class ProjectChange:
    """A project that is funded under one scenario and not under another."""

    id: str
    name: str
    cost: str
    votes: str
    area: str
    draws: str = ""

    @property
    def figures(self) -> str:
        """Everything but its name, in a line."""
        figures = _("%(cost)s, %(votes)s votes or points") % {
            "cost": self.cost,
            "votes": self.votes,
        }
        return " · ".join(part for part in (figures, self.area, self.draws) if part)


@dataclass(frozen=True)
class Change:
    """The projects that one scenario funds and the other does not, and the other way round."""

    gained: tuple[ProjectChange, ...]
    lost: tuple[ProjectChange, ...]
    better: str
    worse: str
    equal: str
    gained_cost: str
    lost_cost: str

    @property
    def is_none(self) -> bool:
        """Whether the same projects are funded."""
        return not self.gained and not self.lost


@dataclass(frozen=True)
class TurnoutCurve:
    """Projects funded as the ballots grow: a line in the chart."""

    letter: str
    title: str
    points: str
    number: int


class Column:
    """One scenario: its title, what is different, its result."""

    def __init__(self, page: "SimulationPage", stored: SimulatedScenario, letter: str) -> None:
        self.page = page
        self.stored = stored
        self.position = stored.position
        self.is_base = stored.is_base
        self.letter = letter
        self.result: dict[str, Any] = stored.result or {}

    @cached_property
    def scenario(self) -> Scenario:
        """What it varies."""
        return Scenario.from_json(self.stored.settings)

    @cached_property
    def rule(self) -> Rule:
        """The rule counted, or, before it is, the one that will be."""
        if self.result:
            return Rule.from_json(self.result["rule"])
        return self.scenario.rule or self.page.own_rule

    @cached_property
    def title(self) -> str:
        """The name that somebody gave it, else what it varies."""
        if self.scenario.name:
            return self.scenario.name
        rule = effective_rule(self.scenario, self.page.own_rule)
        return " · ".join([rule_title(rule, self.page.own_rule), *self._varied()])

    @cached_property
    def heading(self) -> str:
        """What stands above its column."""
        if self.page.by_rule:
            return self.rule_name
        return _("As it was") if self.is_base else self.title

    @cached_property
    def lettered_heading(self) -> SafeString:
        """The same after its letter, if it has one."""
        if not self.letter:
            return conditional_escape(self.heading)
        return format_html('<span class="sim-letter">{}</span> {}', self.letter, self.heading)

    @property
    def rule_name(self) -> str:
        """The award rule in a few words."""
        return rule_name(self.rule)

    @cached_property
    def sentences(self) -> list[str]:
        """Everything it says: the rule, then what is varied besides."""
        page = self.page
        sentences = rule_sentences(self.rule, vote_type=page.vote_type, currency=page.currency)
        return [*self._varied(), *sentences]

    def _varied(self) -> list[str]:
        scenario, currency = self.scenario, self.page.currency
        words = []
        if scenario.max_length is not None:
            text = ngettext(
                "at most %(number)s project on a ballot",
                "at most %(number)s projects on a ballot",
                scenario.max_length,
            )
            words.append(text % {"number": scenario.max_length})
        if scenario.budget is not None:
            amount = format_money(round(scenario.budget * 100), currency)
            words.append(_("budget %(amount)s") % {"amount": amount})
        if scenario.budget_factor != 1:
            share = format_percent(scenario.budget_factor)
            words.append(_("%(share)s of the budget") % {"share": share})
        if scenario.areas:
            text = ngettext(
                "%(number)s area budget", "%(number)s area budgets", len(scenario.areas)
            )
            words.append(text % {"number": len(scenario.areas)})
        if scenario.cost_factor != 1:
            share = format_percent(scenario.cost_factor)
            words.append(_("costs at %(share)s") % {"share": share})
        if scenario.costs:
            text = ngettext(
                "%(number)s cost changed", "%(number)s costs changed", len(scenario.costs)
            )
            words.append(text % {"number": len(scenario.costs)})
        return words

    # --- figures --------------------------------------------------------------------------------

    @property
    def winners(self) -> list[str]:
        """Ids of the funded projects, in the order funded."""
        return list(self.result["winners"])

    @property
    def funded(self) -> int:
        """How many projects are funded."""
        return len(self.winners)

    @property
    def cost(self) -> int:
        """What they cost, in hundredths."""
        return int(self.result["cost"])

    @property
    def budget(self) -> int:
        """The money there was, in hundredths."""
        return int(self.result["budget"])

    @property
    def with_something(self) -> int:
        """Ballots with at least one of their choices funded."""
        return int(self.result["measures"]["with_something"])

    @property
    def ballots(self) -> int:
        """All ballots."""
        return int(self.result["measures"]["ballots"])

    @property
    def median_cost(self) -> int | None:
        """The cost of the funded project in the middle, in hundredths."""
        costs = sorted(self.result["costs"][name] for name in self.winners)
        return costs[len(costs) // 2] if costs else None

    @cached_property
    def with_something_share(self) -> str:
        """Their share, as text."""
        return format_share(self.with_something, self.ballots)

    @cached_property
    def by_choices(self) -> tuple[int, ...]:
        """Ballots with 0, 1, 2, and 3 or more of their choices funded."""
        counts = self.result["measures"]["by_choices_funded"]
        first = [*counts[: SEGMENTS - 1], *[0] * SEGMENTS][: SEGMENTS - 1]
        return (*first, sum(counts[SEGMENTS - 1 :]))

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The bar of this scenario's voters."""
        found, left = [], 0.0
        for kind, number in enumerate(self.by_choices):
            width = BAR_WIDTH * number / self.ballots if self.ballots else 0
            found.append(
                Segment(
                    kind,
                    round(left, 1),
                    round(width, 1),
                    format_number(number),
                    format_share(number, self.ballots),
                )
            )
            left += width
        return tuple(found)

    @cached_property
    def points(self) -> list[TurnoutPoint]:
        """The count with growing parts of the ballots."""
        return [TurnoutPoint(**point) for point in self.result.get("turnout", [])]

    @cached_property
    def needed(self) -> TurnoutNeeded:
        """How many ballots were enough."""
        return turnout_needed(self.points)

    @property
    def is_by_chance(self) -> bool:
        """Whether chance shortened the ballots, so that it was counted several times."""
        return bool(self.result.get("draws", 1) > 1)

    @cached_property
    def unsure(self) -> int:
        """Projects that win in some draws and not in others."""
        draws = self.result.get("draws", 1)
        return sum(1 for times in self.result.get("won_in", {}).values() if 0 < times < draws)


class SimulationPage:
    """One simulation in the reader's language; `scenarios` may be a choice of its rows.

    With `by_rule` columns are called by their award rule, without letters.
    """

    def __init__(
        self,
        simulation: Simulation,
        scenarios: Iterable[SimulatedScenario] | None = None,
        *,
        by_rule: bool = False,
    ) -> None:
        self.simulation = simulation
        self.language = active_language()
        self.by_rule = by_rule
        self.facts: dict[str, Any] = simulation.facts
        self.currency: str = self.facts["currency"]
        self.vote_type: str = self.facts["vote_type"]
        rows = list(simulation.scenarios.all() if scenarios is None else scenarios)
        self.all_columns = [
            Column(self, row, "" if by_rule else LETTERS[at]) for at, row in enumerate(rows)
        ]
        self.columns = [column for column in self.all_columns if column.result]

    @cached_property
    def own_rule(self) -> Rule:
        """The rule of the election as it was held."""
        for column in self.all_columns:
            if column.is_base and column.scenario.rule:
                return column.scenario.rule
        return Rule.from_json({"method": "greedy"})

    @property
    def election_name(self) -> str:
        """The election, in the reader's language."""
        return self._in_language(self.facts["name"])

    @property
    def ballots(self) -> int:
        """Counted ballots."""
        return int(self.facts["ballots"])

    @property
    def ballots_text(self) -> str:
        """The same as text."""
        return format_number(self.ballots)

    @property
    def base(self) -> Column | None:
        """The election as it was, once counted."""
        return next((column for column in self.columns if column.is_base), None)

    @cached_property
    def projects(self) -> Mapping[str, dict[str, Any]]:
        """The projects by id."""
        return {project["id"]: project for project in self.facts["projects"]}

    def _in_language(self, texts: Mapping[str, str | None]) -> str:
        return texts.get(self.language) or next((text for text in texts.values() if text), "")

    def project_name(self, key: str) -> str:
        """Name a project in the reader's language."""
        return self._in_language(self.projects[key]["name"]) or key

    @cached_property
    def projects_language(self) -> str:
        """Language of the projects' names where it is not the reader's."""
        language = self.facts.get("language") or ""
        return "" if language == self.language else language

    def money(self, cents: int | None) -> str:
        """Write an amount of this election."""
        return "–" if cents is None else format_money(cents, self.currency, self.language)

    # --- tables ---------------------------------------------------------------------------------

    @cached_property
    def figures(self) -> list[Line]:
        """The figures that a council asks for first."""
        return [*self.main_figures, *self._other_figures()]

    def _line(self, label: str, of: Callable[[Column], str], help: str = "") -> Line:
        cells = tuple(Cell(column.heading, of(column)) for column in self.columns)
        return Line(label, cells, help)

    @cached_property
    def main_figures(self) -> list[Line]:
        """Those that need no knowledge of scenarios."""
        total = format_number(len(self.projects))
        return [
            self._line(
                _("Voters with something funded"),
                lambda each: f"{each.with_something_share} ({format_number(each.with_something)})",
                _("People with at least one of their choices among the funded projects."),
            ),
            self._line(
                _("Projects funded"),
                lambda each: (
                    _("%(funded)s of %(all)s")
                    % {"funded": format_number(each.funded), "all": total}
                ),
            ),
            self._line(_("Money assigned"), lambda each: self.money(each.cost)),
            self._line(
                _("Money not assigned"), lambda each: self.money(max(0, each.budget - each.cost))
            ),
            self._line(
                _("Cost of the project in the middle"),
                lambda each: self.money(each.median_cost),
                _("Half of the funded projects cost less, half more."),
            ),
            self._line(
                _("Fewest votes of a funded project"),
                lambda each: self._number(each.result["fewest_votes_funded"]),
            ),
            self._line(
                _("Most votes of a project not funded"),
                lambda each: self._number(each.result["most_votes_not_funded"]),
            ),
        ]

    def _other_figures(self) -> Iterator[Line]:
        yield self._line(_("Budget"), lambda each: self.money(each.budget))
        yield self._line(
            _("Better off than as it was"),
            lambda each: self._compared(each, "better_under_other"),
            _("People with more of their choices funded."),
        )
        yield self._line(
            _("Worse off than as it was"),
            lambda each: self._compared(each, "better_under_one"),
            _("People with fewer of their choices funded."),
        )
        yield self._line(
            _("Projects that pass the thresholds"),
            lambda each: self._number(each.result["standing"]),
        )
        if any(column.is_by_chance for column in self.columns):
            yield self._line(
                _("Projects that depend on chance"),
                lambda each: format_number(each.unsure) if each.is_by_chance else "–",
                _("They win in some of the draws that shorten the ballots, not in all."),
            )

    @staticmethod
    def _number(value: int | None) -> str:
        return "–" if value is None else format_number(value)

    @staticmethod
    def _compared(column: Column, name: str) -> str:
        difference = column.result.get("difference")
        if column.is_base or not difference:
            return "–"
        return (
            f"{format_number(difference[name])} ({format_share(difference[name], column.ballots)})"
        )

    @cached_property
    def segment_labels(self) -> list[str]:
        """What the parts of a voters' bar mean."""
        return [
            _("none of their choices"),
            _("one"),
            _("two"),
            _("three or more"),
        ]

    @cached_property
    def satisfaction(self) -> list[Line]:
        """The same as a table."""

        def cell(kind: int) -> Callable[[Column], str]:
            return lambda each: f"{each.segments[kind].ballots} ({each.segments[kind].share})"

        return [self._line(label, cell(kind)) for kind, label in enumerate(self.segment_labels)]

    @cached_property
    def areas(self) -> list[MoneyLine]:
        """Money by place; empty where the election names no places."""
        return self._by("neighborhoods")

    @cached_property
    def themes(self) -> list[MoneyLine]:
        """Money by theme; a project with several counts in each."""
        return self._by("categories")

    def _by(self, name: str) -> list[MoneyLine]:
        tables = [
            {area["name"]: area for area in column.result["measures"][name]}
            for column in self.columns
        ]
        if not tables or len(tables[0]) < 2:
            return []
        most = max((area["cost"] for table in tables for area in table.values()), default=0) or 1
        names = sorted(
            tables[0], key=lambda key: (-max(table[key]["cost"] for table in tables), key)
        )
        return [
            MoneyLine(
                self._area_name(key, name),
                tuple(
                    MoneyCell(
                        column.heading,
                        self.money(table[key]["cost"]),
                        _("funded: %(funded)s") % {"funded": format_number(table[key]["funded"])},
                        round(BAR_WIDTH * table[key]["cost"] / most, 1),
                    )
                    for column, table in zip(self.columns, tables, strict=True)
                ),
            )
            for key in names[:MOST_AREAS]
        ]

    def _area_name(self, key: str, table: str) -> str:
        if table == "categories":
            known = self.facts.get("theme_names", {}).get(self.language, {})
            return str(THEMES.get(key, known.get(key) or key)) or _("no theme")
        return key or _("no place named")

    # --- gained and lost ------------------------------------------------------------------------

    @cached_property
    def changes(self) -> list[tuple[Column, Change]]:
        """What each scenario changes from the election as it was."""
        base = self.base
        if base is None:
            return []
        return [(each, self.change(base, each)) for each in self.columns if not each.is_base]

    def change(self, one: Column, other: Column) -> Change:
        """Say what changes from one scenario to another."""
        before, after = set(one.winners), set(other.winners)
        better = worse = equal = ""
        difference = (other if one.is_base else one).result.get("difference")
        if difference and (one.is_base or other.is_base):
            names = ("better_under_other", "better_under_one")
            more, less = names if one.is_base else names[::-1]
            better = format_share(difference[more], other.ballots)
            worse = format_share(difference[less], other.ballots)
            equal = format_share(difference["equal"], other.ballots)
        return Change(
            gained=tuple(self._project(key, other) for key in other.winners if key not in before),
            lost=tuple(
                self._project(key, one, seen_by=other) for key in one.winners if key not in after
            ),
            better=better,
            worse=worse,
            equal=equal,
            gained_cost=self._cost_of(after - before, other),
            lost_cost=self._cost_of(before - after, one),
        )

    def _cost_of(self, keys: Iterable[str], column: Column) -> str:
        return self.money(sum(column.result["costs"][key] for key in keys))

    def _project(self, key: str, column: Column, *, seen_by: Column | None = None) -> ProjectChange:
        drawn = seen_by or column
        draws = ""
        if drawn.is_by_chance:
            draws = _("wins in %(times)s of %(draws)s draws") % {
                "times": drawn.result["won_in"].get(key, 0),
                "draws": drawn.result["draws"],
            }
        return ProjectChange(
            id=key,
            name=self.project_name(key),
            cost=self.money(column.result["costs"][key]),
            votes=format_number(column.result["votes"][key]),
            area=self.projects[key]["area"],
            draws=draws,
        )

    @cached_property
    def awards(self) -> list[tuple[str, tuple[tuple[str, bool], ...], str]]:
        """Every project funded under some scenario: name, under which, cost as it was."""
        winners = [(column.heading, set(column.winners)) for column in self.columns]
        order: dict[str, None] = {}
        for column in self.columns:
            order |= dict.fromkeys(column.winners)
        costs = self.columns[0].result["costs"] if self.columns else {}
        return [
            (
                self.project_name(key),
                tuple((heading, key in each) for heading, each in winners),
                self.money(costs[key]),
            )
            for key in order
        ]

    # --- turnout --------------------------------------------------------------------------------

    @property
    def has_turnout(self) -> bool:
        """Whether fewer ballots were counted too."""
        return any(column.points for column in self.columns)

    @cached_property
    def needed(self) -> list[Line]:
        """How many ballots were enough, in steps of the tested sizes."""

        def line(label: str, name: str) -> Line:
            return self._line(label, lambda each: self._enough(getattr(each.needed, name)))

        return [
            line(_("At least one project is funded"), "any"),
            line(_("At least half as many as with all ballots"), "half"),
            line(_("As many as with all ballots"), "all"),
            line(_("The very same projects"), "same"),
        ]

    def _enough(self, ballots: int | None) -> str:
        if ballots is None:
            return _("never")
        return _("from %(ballots)s ballots (%(share)s)") % {
            "ballots": format_number(ballots),
            "share": format_share(ballots, self.ballots),
        }

    @cached_property
    def turnout_table(self) -> list[Line]:
        """Projects funded for each tested number of ballots."""
        with_points = [column for column in self.columns if column.points]
        sizes = [point.ballots for point in with_points[0].points] if with_points else []

        def cell(at: int) -> Callable[[Column], str]:
            return lambda each: (
                _("%(funded)s funded, %(standing)s pass")
                % {"funded": each.points[at].funded, "standing": each.points[at].standing}
                if each.points
                else "–"
            )

        return [self._line(format_number(size), cell(at)) for at, size in enumerate(sizes)]

    @cached_property
    def curves(self) -> list[TurnoutCurve]:
        """The lines of the turnout chart: ballots to the right, funded projects upwards."""
        most = self._most_funded or 1
        curves = []
        for number, column in enumerate(self.columns):
            places = []
            for point in column.points:
                x = self._across(point.ballots)
                places.append(f"{x},{self._upwards(point.funded, most)}")
            if places:
                line = " ".join(places)
                curves.append(TurnoutCurve(column.letter, column.heading, line, number))
        return curves

    def _across(self, ballots: int) -> str:
        return f"{CHART_WIDTH * ballots / self.ballots - CHART_MARGIN / 2:.1f}"

    @staticmethod
    def _upwards(funded: int, most: int) -> str:
        rise = (CHART_HEIGHT - 2 * CHART_MARGIN) * funded / most
        return f"{CHART_HEIGHT - CHART_MARGIN - rise:.1f}"

    @property
    def ticks_across(self) -> list[tuple[str, str]]:
        """Figures under the turnout chart: half and all of the ballots, each with its place."""
        marks = sorted({self.ballots // 2, self.ballots} - {0})
        return [(self._across(mark), format_number(mark)) for mark in marks]

    @property
    def ticks_upwards(self) -> list[tuple[str, str]]:
        """Figures beside the turnout chart: no project, half and most of those funded."""
        most = self._most_funded
        marks = sorted({0, most // 2, most})
        return [(self._upwards(mark, most or 1), format_number(mark)) for mark in marks]

    @property
    def most_funded(self) -> str:
        """The top of the turnout chart."""
        return format_number(self._most_funded)

    @cached_property
    def _most_funded(self) -> int:
        return max((point.funded for each in self.columns for point in each.points), default=0)


def pages_of(simulations: Sequence[Simulation]) -> list[SimulationPage]:
    """Return the pages of simulations whose scenarios were prefetched."""
    return [SimulationPage(each, each.scenarios.all()) for each in simulations]
