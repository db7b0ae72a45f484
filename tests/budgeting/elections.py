"""Small elections as Pabulib files, and real ones that the project carries."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from budgeting import tally
from budgeting.importing import RoundFacts, SourceFile, import_round
from budgeting.models import Round

DATA = Path(__file__).parents[1] / "data"
KNOWN = json.loads((DATA / "elections.json").read_text("utf-8"))

PROJECTS = (
    ("A", 4000, "Alberi in piazza"),
    ("B", 3000, "=Biblioteca"),
    ("C", 5000, "Campetto"),
    ("D", 2500, "Doposcuola"),
)


def write_file(
    folder: Path,
    *,
    ballots: Sequence[str] = ("A,B", "A", "A,C", "B") * 5,
    header: str = "voter_id;vote",
    projects: Sequence[tuple[str, int, str]] = PROJECTS,
    budget: str = "10000",
    vote_type: str = "approval",
    name: str = "small.pb",
    project_header: str = "project_id;cost;name",
    **meta: str,
) -> Path:
    """Write a file; each ballot is what follows the voter_id in its row."""
    head = {
        "description": "Small vote",
        "country": "Italy",
        "unit": "Prova",
        "instance": "2024",
        "num_projects": str(len(projects)),
        "num_votes": str(len(ballots)),
        "budget": budget,
        "vote_type": vote_type,
        "rule": "greedy",
        "date_begin": "01.03.2024",
        "date_end": "15.03.2024",
        "currency": "EUR",
        "language": "it",
        **meta,
    }
    lines = ["META", "key;value", *(f"{key};{value}" for key, value in head.items() if value)]
    lines += ["PROJECTS", project_header]
    lines += [";".join(map(str, project)) for project in projects]
    lines += ["VOTES", header]
    lines += [f"{voter};{ballot}" for voter, ballot in enumerate(ballots, start=1)]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def import_small(folder: Path, *, facts: RoundFacts | None = None, **options: object) -> Round:
    """Import a small election."""
    path = write_file(folder, **options)  # type: ignore[arg-type]
    return import_round(files=[SourceFile(path)], facts=facts)


def import_real(name: str) -> Round:
    """Import one of the three elections of `tests/data` with what is known about it."""
    known = KNOWN[name]
    source = SourceFile(
        DATA / name,
        rule=tally.Rule.from_json(known["rule"]),
        award=frozenset(known["award"]),
        award_source="Pabulib",
    )
    return import_round(files=[source], facts=RoundFacts(currency=known["currency"]))


def past_elections() -> Path:
    """Return the folder of past elections, or skip."""
    folder = os.environ.get("RIONE_ELECTIONS")
    if not folder:
        pytest.skip("the folder of past elections is not there (RIONE_ELECTIONS)")
    return Path(folder)
