"""One hash of everything that can change an award, so that two counts can be compared."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from .election import Election
from .rules import Rule
from .ties import Draw


def inputs_sha256(election: Election, rule: Rule, draw: Draw | None = None) -> str:
    """Hash projects, ballots, budget, limits, rule and draw; money at the election's own scale.

    One JSON line for each part, in the election's canonical order, so that equal inputs have equal
    hashes whatever the order in which ballots arrived. What a withdrawn project would have cost is
    left out: it changes no award, and the published file does not tell it.
    """
    digest = hashlib.sha256()
    head: dict[str, Any] = {
        "vote_type": election.vote_type.value,
        "budget": election.budget,
        "scale": election.scale,
        "max_length": election.limits.max_length,
        "default_score": election.limits.default_score,
        "conflicts": sorted(sorted(pair) for pair in election.conflicts),
        "rule": rule.to_json(),
        "draw": draw.to_json() if draw else None,
    }
    if election.areas:
        head["areas"] = election.areas
    parts: list[Any] = [head]
    for project in election.projects:
        cost = None if project.withdrawn else project.cost
        facts: list[Any] = [project.id, cost, project.withdrawn]
        parts.append([*facts, project.neighborhood] if election.areas else facts)
    for part in parts:
        digest.update(_line(part))
    for group in election.ballots:
        digest.update(_line([group.choices, group.points, group.count]))
    return digest.hexdigest()


def _line(part: Any) -> bytes:
    return (json.dumps(part, sort_keys=True, separators=(",", ":")) + "\n").encode()
