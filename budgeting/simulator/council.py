"""The examples of the page that tells a council what changes between the two award rules."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, Q
from django.urls import reverse

from budgeting.models import SimulatedScenario, Simulation
from budgeting.tally.rules import Method, Rule
from budgeting.worked_example import Line, worked_example

from .pages import Change, Column, SimulationPage

MOST_EXAMPLES = 6


@dataclass(frozen=True)
class CouncilExample:
    """One real vote counted both ways; `page` has the two columns, most votes first before."""

    page: SimulationPage
    greedy: Column
    shares: Column

    @cached_property
    def change(self) -> Change:
        """What changes from most votes first to equal shares."""
        return self.page.change(self.greedy, self.shares)

    @property
    def was_equal_shares(self) -> bool:
        """Whether the city really used equal shares."""
        return self.page.own_rule.method is Method.EQUAL_SHARES

    @property
    def name(self) -> str:
        """The election, in the reader's language."""
        return self.page.election_name

    @property
    def result_url(self) -> str:
        """Where the whole result stands on this site; empty for an uploaded file."""
        contest = self.page.simulation.contest
        if contest is None:
            return ""
        return reverse("budgeting:result", kwargs={"slug": contest.scope.round.slug})


def examples() -> list[CouncilExample]:
    """Return the simulations shown on the page, each with its two scenarios; two queries."""
    shown = (
        Simulation.objects.shown()
        .filter(Q(contest=None) | Q(contest__scope__round__is_public=True))
        .select_related("contest__scope__round")
        .only("facts", "contest__scope__round__slug")
        .prefetch_related(Prefetch("scenarios", SimulatedScenario.objects.order_by("position")))
    )
    return list(_examples(shown[:MOST_EXAMPLES]))


def _examples(shown: Iterable[Simulation]) -> Iterator[CouncilExample]:
    for simulation in shown:
        rows = [_first(simulation, method) for method in (Method.GREEDY, Method.EQUAL_SHARES)]
        chosen = [row for row in rows if row is not None]
        if len(chosen) == 2:
            own = [row for row in simulation.scenarios.all() if row.is_base]
            page = SimulationPage(simulation, chosen, by_rule=True)
            page.own_rule = Rule.from_json(own[0].settings["rule"])
            yield CouncilExample(page, *page.columns)


def _first(simulation: Simulation, method: Method) -> SimulatedScenario | None:
    rows = ((row, row.result) for row in simulation.scenarios.all())
    fitting = (row for row, result in rows if result and result["rule"]["method"] == method)
    return next(fitting, None)


@dataclass(frozen=True)
class SixBallotsLine:
    """One project of the example on six ballots, both ways."""

    title: str
    votes: int
    cost: str
    greedy: Line
    shares: Line


@dataclass(frozen=True)
class SixBallots:
    """Six ballots that anybody can follow with a pencil, counted both ways."""

    ballots: list[str]
    budget: str
    lines: list[SixBallotsLine]
    greedy_steps: list[Line]
    shares_steps: list[Line]


def six_ballots() -> SixBallots:
    """Count the worked example by both rules (kept in memory, it never changes)."""
    greedy, shares = (
        worked_example(Rule(method).to_json(), "EUR")
        for method in (Method.GREEDY, Method.EQUAL_SHARES)
    )
    if greedy is None or shares is None:
        raise ValueError("both rules are complete")
    others = {line.title: line for line in shares.lines}
    return SixBallots(
        ballots=greedy.ballots,
        budget=greedy.budget,
        lines=[
            SixBallotsLine(line.title, line.votes, line.cost, line, others[line.title])
            for line in greedy.lines
        ],
        greedy_steps=[line for line in greedy.lines if line.is_funded],
        shares_steps=[line for line in shares.lines if line.is_funded],
    )
