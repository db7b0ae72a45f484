"""The same winners in the same order as pabutools 1.2.3, counting exactly, wherever both can count.

Its results are in tests/data/pabutools, one file for each election, made by
benchmarks/_pabutools_results.py; those it could not reach in ten minutes are named there. Three
elections travel with the project; the others are in the folder named by RIONE_ELECTIONS.
"""

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from budgeting.tally import (
    BallotGroup,
    Compat,
    Completion,
    Election,
    Method,
    Order,
    Project,
    Reason,
    Rule,
    Stop,
    Ties,
    Utility,
    VoteType,
    count,
    read_election,
)

DATA = Path(__file__).parent.parent / "data"
RESULTS = {path.stem: path for path in sorted((DATA / "pabutools").glob("*.json"))}
FOLDER = os.environ.get("RIONE_ELECTIONS")

# What the two call the same rule. Ties by id as text, the end of add-one when the outcome is
# exhaustive, and the end of Phragmén at any tied project are habits of pabutools, and parameters
# here.
SHARES = Rule(Method.EQUAL_SHARES, ties=Ties.TEXT)
BY_NUMBER = replace(SHARES, utility=Utility.CARDINALITY)
EXHAUSTIVE = {"completion": Completion.ADD1, "stop": Stop.EXHAUSTIVE}
RULES = {
    "greedy-votes": Rule(Method.GREEDY, ties=Ties.TEXT),
    "greedy-votes-per-cost": Rule(Method.GREEDY, order=Order.VOTES_PER_COST, ties=Ties.TEXT),
    "equalshares-cost": SHARES,
    "equalshares-cardinality": BY_NUMBER,
    "phragmen": Rule(Method.PHRAGMEN, compat=Compat.PABUTOOLS, ties=Ties.TEXT),
    "equalshares-cost-add1-exhaustive": replace(SHARES, **EXHAUSTIVE),
    "equalshares-cardinality-add1-exhaustive": replace(BY_NUMBER, **EXHAUSTIVE),
    "equalshares-cost-add1-overspend": replace(SHARES, completion=Completion.ADD1),
}


def election_file(name: str) -> Path:
    here = DATA / f"{name}.pb"
    if here.exists():
        return here
    if not FOLDER:
        pytest.skip("RIONE_ELECTIONS names no folder with elections")
    return Path(FOLDER) / f"{name}.pb"


@pytest.mark.elections
@pytest.mark.parametrize("name", RESULTS)
def test_the_same_winners_in_the_same_order(name: str) -> None:
    path = election_file(name)
    known = json.loads(RESULTS[name].read_text(encoding="utf-8"))
    assert hashlib.sha256(path.read_bytes()).hexdigest() == known["sha256"]
    election = read_election(path).election
    compared = {
        rule: winners for rule, winners in known["winners"].items() if isinstance(winners, list)
    }
    assert compared
    for rule, winners in compared.items():
        assert list(count(election, RULES[rule]).winners) == winners, rule


# What pabutools was not asked, or could not be: rankings and points have no Phragmén there; and
# add-one makes hundreds of runs, of which a single one takes it 5 to 54 s on the largest files.
ADD_ONE = frozenset(name for name in RULES if "add1" in name)
TOO_LARGE = frozenset(
    (
        "Hungary_Budapest_2024",
        "Poland_Warszawa_2020_Praga-Poludnie",
        "Poland_Warszawa_2023_Mokotow",
        "Poland_Warszawa_2024",
        "Poland_Warszawa_2026",
    )
)
WITH_POINTS = frozenset(
    (
        "Poland_Czestochowa_2024_Bleszno",
        "Poland_Czestochowa_2024_Stradom",
        "Poland_Czestochowa_2025_Srodmiescie",
        "Poland_Katowice_2020_Bogucice",
        "Poland_Katowice_2023",
        "Poland_Krakow_2020_Lagiewniki-Borek_Falecki",
        "Poland_Krakow_2022_Zwierzyniec",
        "Poland_Krakow_2024",
    )
)


def test_what_has_no_result_of_pabutools_is_named_here() -> None:
    for name, path in RESULTS.items():
        known = set(json.loads(path.read_text(encoding="utf-8"))["winners"])
        absent = set(ADD_ONE) if name in TOO_LARGE else set()
        absent |= {"phragmen"} if name in WITH_POINTS else set()
        assert set(RULES) - known == absent, name


def test_a_result_is_a_list_of_winners_or_says_that_it_took_too_long() -> None:
    assert len(RESULTS) >= 30
    for path in RESULTS.values():
        known = json.loads(path.read_text(encoding="utf-8"))
        assert set(known["winners"]) <= set(RULES)
        for winners in known["winners"].values():
            assert isinstance(winners, list) or winners == "more than 600 s"


def approval(costs: dict[str, int], ballots: list[str], budget: int) -> Election:
    names = list(costs)
    groups = tuple(
        BallotGroup(tuple(names.index(name) for name in ballot.split())) for ballot in ballots
    )
    projects = tuple(Project(name, cost) for name, cost in costs.items())
    return Election(projects, groups, VoteType.APPROVAL, budget)


# The definitions of the two differ in these points, which no file of the folder touches. What
# pabutools 1.2.3 gives for each small election was found with the same calls as in the script.


def test_projects_nobody_chose_are_bought_by_pabutools_at_the_end_of_phragmen() -> None:
    """It gives them an infinite load; by the definition a project needs a supporter.

    pabutools: a, then z.
    """
    election = approval({"a": 2, "z": 1}, ["a", "a"], budget=5)
    outcome = count(election, RULES["phragmen"])
    assert outcome.winners == ("a",)
    assert [item.reason for item in outcome.not_funded] == [Reason.NO_SUPPORTER]


def test_the_definition_of_phragmen_takes_a_tied_project_that_fits() -> None:
    """pabutools ends when any tied project costs too much: nothing is left to choose from."""
    election = approval({"a": 2, "b": 4, "c": 2}, ["c", "a", "b", "b"], budget=5)
    assert count(election, RULES["phragmen"]).winners == ("a",)
    by_definition = Rule(Method.PHRAGMEN, ties=Ties.COST)
    assert count(election, by_definition).winners == ("a", "c")


def test_what_is_free_is_bought_by_cost_here_and_not_by_pabutools() -> None:
    """By cost a free project gives no satisfaction, so pabutools leaves it out of Equal Shares.

    pabutools by cost: a; by number: f first, then a, as here.
    """
    election = approval({"a": 2, "f": 0}, ["a f", "a f"], budget=2)
    assert count(election, RULES["equalshares-cost"]).winners == ("f", "a")
    assert count(election, RULES["equalshares-cardinality"]).winners == ("f", "a")


def test_greedy_takes_what_is_free_by_its_votes() -> None:
    """pabutools sorts by satisfaction per cost: by cost a free project comes last (a, f)."""
    election = approval({"a": 2, "f": 0}, ["a f", "f"], budget=2)
    assert count(election, RULES["greedy-votes"]).winners == ("f", "a")
    assert count(election, RULES["greedy-votes-per-cost"]).winners == ("f", "a")
