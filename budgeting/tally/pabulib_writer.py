"""Writing elections as Pabulib files, with the current names, so that others can check us.

Voters get the numbers 1, 2, 3, … in the order in which the ballots are given: whoever publishes
real ballots shuffles them first. No age, sex or place is written. Rankings carry their Borda points
in ``points``, because other programs cannot know the k of shorter ones.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import TextIO

from .election import WITHDRAWN_COST, Election, Project, VoteType
from .money import format_units
from .outcome import GreedyStep, Outcome
from .pabulib_format import AREA_BUDGETS, AREAS, META_KEYS, NEVER_EMPTY_COLUMNS, PROJECT_COLUMNS
from .rules import Rule, RuleError
from .standing import minimum_votes

Ballot = tuple[Sequence[int], Sequence[int]]
"""Choices (positions) and points of one ballot, in canonical form."""


@dataclass(frozen=True)
class Totals:
    """What a file's head announces: ballots, and per project who names it and its points."""

    ballots: int
    mentions: Sequence[int]
    points: Sequence[int]

    @classmethod
    def of(cls, election: Election) -> Totals:
        """Add up the ballots of an election, points as they stand on the ballots."""
        points = [0] * len(election.projects)
        if election.vote_type.has_points:
            for group in election.ballots:
                for index, value in zip(group.choices, group.points, strict=True):
                    points[index] += value * group.count
        else:
            points = list(election.votes)
        return cls(election.num_ballots, election.mentions, points)


def write_election(
    stream: TextIO,
    election: Election,
    *,
    rule: Rule | None = None,
    outcome: Outcome | None = None,
    partial_columns: bool = False,
) -> None:
    """Write a whole election; with an outcome, its winners and its rule too.

    Without an outcome ``selected`` repeats what the projects carry. ``stream`` should be opened
    with ``newline=""`` and UTF-8. ``partial_columns``: see :func:`write_pabulib`.
    """
    ballots = (
        (group.choices, group.points) for group in election.ballots for _copy in range(group.count)
    )
    write_pabulib(
        stream,
        election,
        ballots,
        Totals.of(election),
        rule=rule,
        outcome=outcome,
        partial_columns=partial_columns,
    )


def write_pabulib(
    stream: TextIO,
    head: Election,
    ballots: Iterable[Ballot],
    totals: Totals,
    *,
    rule: Rule | None = None,
    outcome: Outcome | None = None,
    partial_columns: bool = False,
) -> None:
    """Write what :func:`pabulib_rows` yields; raises what it raises."""
    writer = csv.writer(stream, delimiter=";", lineterminator="\n")
    rows = pabulib_rows(
        head, ballots, totals, rule=rule, outcome=outcome, partial_columns=partial_columns
    )
    writer.writerows(rows)


def pabulib_rows(
    head: Election,
    ballots: Iterable[Ballot],
    totals: Totals,
    *,
    rule: Rule | None = None,
    outcome: Outcome | None = None,
    partial_columns: bool = False,
) -> Iterator[list[str]]:
    """Yield head and projects of ``head`` (its own ballots are ignored), then ballot after ballot.

    One list of cells for each line, for whoever sends a file piece by piece. Places and
    descriptions that not every project has are left out, because Pabulib accepts no empty cells
    there; ``partial_columns`` gives them all the same. Memory does not grow with the ballots.
    Raises ``ValueError`` when there are not as many ballots as announced.
    """
    if outcome is not None:
        rule = rule or outcome.rule
        head = replace(head, projects=tuple(_with_award(head.projects, outcome)))
    yield ["META"]
    yield ["key", "value"]
    yield from (
        [key, value] for key, value in _meta(head, totals, rule, partial=partial_columns).items()
    )
    yield ["PROJECTS"]
    columns = _project_columns(head, partial=partial_columns)
    yield columns
    for index in range(len(head.projects)):
        cells = _project_cells(head, index, totals)
        yield [cells.get(column, "") for column in columns]
    yield ["VOTES"]
    with_points = head.vote_type.has_points or head.vote_type is VoteType.ORDINAL
    yield ["voter_id", "vote", "points"] if with_points else ["voter_id", "vote"]
    written = 0
    for written, (choices, points) in enumerate(ballots, start=1):
        row = [str(written), *_ballot_cells(head, choices, points)]
        yield row if with_points else row[:2]
    if written != totals.ballots:
        raise ValueError(f"{totals.ballots} ballots were announced, {written} written")


def _with_award(projects: Iterable[Project], outcome: Outcome) -> Iterator[Project]:
    """Mark winners 1, a partly covered one 2 (as Pabulib does for Poznań), the others 0."""
    marks = {
        step.project: 2 if isinstance(step, GreedyStep) and step.partial else 1
        for step in outcome.trace
    }
    for project in projects:
        yield replace(project, selected=marks.get(project.id, 0))


def _meta(head: Election, totals: Totals, rule: Rule | None, *, partial: bool) -> dict[str, str]:
    known: dict[str, str] = {key: value for key, value in head.meta.items() if value}
    known |= {
        "num_projects": str(len(head.projects)),
        "num_votes": str(totals.ballots),
        "budget": format_units(head.budget, head.scale),
        "vote_type": head.vote_type.value,
    }
    known |= _limits(head)
    if head.areas:
        known |= _area_keys(head, known.get("comment", ""), partial=partial)
    if rule is not None:
        known |= _rule_keys(head, totals, rule, known.get("comment", ""))
        if known["min_project_score_threshold"] == "0":
            del known["min_project_score_threshold"]
    known.setdefault("rule", "unknown")
    ordered = {key: known[key] for key in META_KEYS if key in known}
    return ordered | known


def _limits(head: Election) -> dict[str, str]:
    written = {}
    for item in fields(head.limits):
        value = getattr(head.limits, item.name)
        if value is None or (item.name == "default_score" and value == 0):
            continue
        written[item.name] = format_units(value, head.scale) if "cost" in item.name else str(value)
    return written


def _area_keys(head: Election, comment: str, *, partial: bool) -> dict[str, str]:
    """Write the budgets of areas as two lists; the city-wide part is what they leave.

    The lists need the column ``neighborhood``. Where it cannot be written, because city-wide
    projects would have an empty cell there, and where a name has a comma, the comment says them.
    """
    named = [(name, budget) for name, budget in head.areas if name]
    amounts = [format_units(budget, head.scale) for _name, budget in head.areas]
    listed = partial or all(project.neighborhood for project in head.projects)
    if listed and named and not any("," in name for name, _budget in named):
        names = [name for name, _budget in named]
        return {AREAS: ",".join(names), AREA_BUDGETS: ",".join(amounts[: len(names)])}
    budgets = dict(zip((name for name, _budget in head.areas), amounts, strict=True))
    return {"comment": _commented(comment, f"Area budgets {json.dumps(budgets)}")}


def _commented(comment: str, text: str) -> str:
    """Add a numbered remark to a comment, as the format asks."""
    return f"{comment} #{len(re.findall(r'#[0-9]+:', comment)) + 1}: {text}".strip()


def _rule_keys(head: Election, totals: Totals, rule: Rule, comment: str) -> dict[str, str]:
    """Name the rule, and spell it out in the comment where the name alone says less.

    Projects that exclude each other have no column: the comment lists the pairs.
    """
    name = rule.pabulib_name()
    if head.conflicts:
        name = "greedy-exclusive" if name in ("greedy", "greedy-threshold") else "unknown"
    threshold = minimum_votes(rule, totals.ballots)
    keys = {"rule": name, "min_project_score_threshold": str(threshold)}
    if not _says_all(rule, {**head.meta, **keys}):
        text = f"Counted with {json.dumps(rule.to_json(), sort_keys=True)}"
        keys["comment"] = _commented(comment, text)
    if head.conflicts:
        pairs = sorted(sorted(pair) for pair in head.conflicts)
        text = f"At most one of each pair {json.dumps(pairs, ensure_ascii=False)}"
        keys["comment"] = _commented(keys.get("comment", comment), text)
    return keys


def _says_all(rule: Rule, meta: Mapping[str, str]) -> bool:
    """Say whether name and threshold alone lead back to the rule (ties apart)."""
    try:
        meant = Rule.from_file(meta)
    except RuleError:
        return False
    return meant == replace(rule, min_votes=meant.min_votes, min_share=Fraction(0), ties=meant.ties)


def _project_columns(head: Election, *, partial: bool) -> list[str]:
    """Choose the columns that projects fill, in the order of the format."""
    filled: dict[str, None] = dict.fromkeys(("project_id", "cost", "votes"))
    if head.vote_type.has_points or head.vote_type is VoteType.ORDINAL:
        filled["score"] = None
    for project in head.projects:
        filled |= dict.fromkeys(key for key, value in _describe(project).items() if value)
    if not partial:
        described = [_describe(project) for project in head.projects]
        for column in NEVER_EMPTY_COLUMNS:
            if any(not values[column] for values in described):
                filled.pop(column, None)
    ordered = [column for column in PROJECT_COLUMNS if column in filled]
    return ordered + [column for column in filled if column not in ordered]


def _project_cells(head: Election, index: int, totals: Totals) -> dict[str, str]:
    project = head.projects[index]
    cost = str(WITHDRAWN_COST) if project.withdrawn else format_units(project.cost, head.scale)
    counted = {"votes": str(totals.mentions[index]), "score": str(totals.points[index])}
    return {"project_id": project.id, "cost": cost, **counted, **_describe(project)}


def _describe(project: Project) -> Mapping[str, str]:
    return {
        "name": project.name,
        "category": ",".join(project.categories),
        "beneficiaries": ",".join(project.beneficiaries),
        "selected": "" if project.selected is None else str(project.selected),
        "neighborhood": project.neighborhood,
        "subunit": project.subunit,
        "district": project.district,
        "description": project.description,
        "proposer": project.proposer,
        "public_id": project.public_id,
        "latitude": project.latitude,
        "longitude": project.longitude,
        **dict(project.extra),
    }


def _ballot_cells(head: Election, choices: Sequence[int], points: Sequence[int]) -> tuple[str, str]:
    """Write one ballot, most points first."""
    if head.vote_type is VoteType.ORDINAL:
        points = [head.ranks - place for place in range(len(choices))]
    elif head.vote_type.has_points:
        order = sorted(range(len(choices)), key=lambda at: (-points[at], choices[at]))
        choices, points = [choices[at] for at in order], [points[at] for at in order]
    names = ",".join(head.projects[index].id for index in choices)
    return names, ",".join(map(str, points))
