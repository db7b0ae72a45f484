"""A simulation as files: a table of projects for spreadsheets, everything as JSON."""

from collections.abc import Iterator
from typing import Any

from budgeting.canonical_json import canonical_json
from budgeting.exporting import money_text
from budgeting.models import Simulation
from home.spreadsheets import harmless, line_writer

from .pages import SimulationPage

FORMAT = "rione-simulation/1"


def document(simulation: Simulation) -> dict[str, Any]:
    """Return facts, scenarios and results as plain data; money in hundredths."""
    facts = simulation.facts
    return {
        "format": FORMAT,
        "name": simulation.name,
        "note": simulation.note,
        "state": simulation.state,
        "election": facts,
        "scenarios": [
            {"position": each.position, "settings": each.settings, "result": each.result}
            for each in simulation.scenarios.all()
        ],
    }


def json_text(simulation: Simulation) -> str:
    """Return the document as canonical JSON (RFC 8785)."""
    return canonical_json(document(simulation))


def csv_pieces(simulation: Simulation) -> Iterator[str]:
    """Yield one line for each project: cost, votes and whether it is funded, scenario by scenario.

    Formulas are made harmless; amounts are in the major unit with a point.
    """
    page = SimulationPage(simulation)
    head = ["id", "title", "place", "themes"]
    for column in page.columns:
        head += [
            f"{column.letter} ({column.title}): {name}"
            for name in ("cost", "votes", "funded", "draws won")
        ]
    line = line_writer(delimiter=",")
    yield "\ufeff" + line(head)
    winners = {column.letter: set(column.winners) for column in page.columns}
    for key, project in page.projects.items():
        row = [
            harmless(key),
            harmless(page.project_name(key)),
            harmless(project["area"]),
            harmless(",".join(project["themes"])),
        ]
        for column in page.columns:
            result = column.result
            drawn = str(result["won_in"].get(key, 0)) if column.is_by_chance else ""
            funded = "1" if key in winners[column.letter] else "0"
            row += [money_text(result["costs"][key]), str(result["votes"][key]), funded, drawn]
        yield line(row)
