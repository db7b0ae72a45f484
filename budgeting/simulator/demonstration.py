"""Simulations of the demonstration: the real votes counted both ways, shown on the public page."""

from collections.abc import Callable

from budgeting.tally.rules import Completion, Method, Rule, Ties
from budgeting.tally.scenario import Scenario

from . import running, saving, sources

NAMES = {
    "Wieliczka": "Wieliczka 2023: voti e quote uguali",
    "Świecie": "Świecie 2023: voti e quote uguali",
    "Warszawa": "Varsavia Bemowo 2024: voti e quote uguali",
}
NOTE = "Lo stesso voto contato con le due regole che un consiglio può scegliere."
OTHER = {
    Method.GREEDY: Rule(Method.EQUAL_SHARES, completion=Completion.ADD1U, ties=Ties.STANDARD),
    Method.EQUAL_SHARES: Rule(Method.GREEDY, ties=Ties.STANDARD),
}


def load(say: Callable[[str], None]) -> None:
    """Count each imported vote under the other rule, and show it."""
    contests = {each.scope.round.place: each for each in sources.finished_contests()}
    for place, name in NAMES.items():
        contest = contests[place]
        own = Rule.from_json(contest.scope.award_rule)
        simulation = saving.create_from_contest(
            contest=contest, name=name, note=NOTE, with_turnout=False, by=None
        )
        saving.save_scenario(
            simulation=simulation, scenario=Scenario(rule=OTHER[own.method]), by=None
        )
        running.run_now(simulation)
        saving.show(simulation=simulation, by=None)
        say(name)
