"""Telling equal projects apart, and saying so.

``standard`` follows the advice of equalshares.net: lower cost, then more votes, then an order drawn
in public after the close; ``cost-votes`` has the order of the file in place of the draw. The other
procedures repeat what other programs and past results did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from .election import Election
from .refusal_words import refused
from .rules import Ties


class UndecidedTieError(Exception):
    """Equal projects remain and the procedure gives no way to choose (``projects``: their ids)."""

    def __init__(self, projects: Sequence[str], ties: Ties) -> None:
        self.projects = tuple(projects)
        self.ties = ties
        super().__init__(refused("undecided", projects=", ".join(projects), ties=ties))


@dataclass(frozen=True)
class Draw:
    """The drawn order: SHA-256("RIONE-T1|round|contest|seed|number"), number = project id.

    The seed is ASCII text made from a public lottery by the procedure frozen at the opening.
    """

    seed: str
    round: str = ""
    contest: str = ""

    def __post_init__(self) -> None:
        if not self.seed or not self.seed.isascii() or not self.seed.isprintable():
            raise ValueError(refused("draw-seed"))

    @classmethod
    def for_file(cls, meta: Mapping[str, str], seed: str) -> Draw:
        """Name round and contest of a Pabulib file.

        Round: ``unit`` and ``instance`` with a space between. Contest: ``subunit``, else
        ``district``, else nothing.
        """
        round_name = f"{meta.get('unit', '')} {meta.get('instance', '')}".strip()
        return cls(
            seed=seed, round=round_name, contest=meta.get("subunit") or meta.get("district") or ""
        )

    def place(self, project_id: str) -> bytes:
        """Give the digest by which a project is sorted."""
        text = f"RIONE-T1|{self.round}|{self.contest}|{self.seed}|{project_id}"
        return hashlib.sha256(text.encode()).digest()

    def to_json(self) -> dict[str, str]:
        """Give the three names that make the order."""
        return {"seed": self.seed, "round": self.round, "contest": self.contest}


@dataclass(frozen=True)
class TieBreak:
    """One tie as decided: who was equal, in which order they were taken, and by what.

    ``decided_by``: cost, votes, draw, file-order, text, or ``any-order`` where every order gives
    the same award.
    """

    projects: tuple[str, ...]
    decided_by: str


@dataclass(frozen=True)
class TieOrder:
    """The order of an election's projects under one procedure; one for all runs of a count."""

    election: Election
    ties: Ties
    draw: Draw | None = None

    @cached_property
    def _criteria(self) -> tuple[tuple[str, tuple[int | bytes | str, ...]], ...]:
        projects = self.election.projects
        by_file: tuple[int, ...] = tuple(range(len(projects)))
        by_cost = tuple(project.cost for project in projects)
        if self.ties is Ties.FILE_ORDER:
            return (("file-order", by_file),)
        if self.ties is Ties.TEXT:
            return (("text", tuple(project.id for project in projects)),)
        if self.ties is Ties.COST:
            return (("cost", by_cost), ("file-order", by_file))
        if self.ties is Ties.REFUSE:
            return ()
        by_votes = tuple(-votes for votes in self.election.votes)
        criteria: tuple[tuple[str, tuple[int | bytes | str, ...]], ...] = (
            ("cost", by_cost),
            ("votes", by_votes),
        )
        if self.ties is Ties.COST_VOTES:
            return (*criteria, ("file-order", by_file))
        if self.draw is not None:
            criteria += (("draw", tuple(self.draw.place(project.id) for project in projects)),)
        return criteria

    def sort(self, tied: Sequence[int]) -> tuple[list[int], str]:
        """Order tied positions; also name the criterion that was needed to tell all of them apart.

        Raises :class:`UndecidedTieError` when the criteria leave two of them equal.
        """
        keys = {index: tuple(values[index] for _name, values in self._criteria) for index in tied}
        ordered = sorted(tied, key=keys.__getitem__)
        depth = self._depth([keys[index] for index in ordered])
        if depth == len(self._criteria):
            raise UndecidedTieError(
                [self.election.projects[index].id for index in sorted(tied)], self.ties
            )
        return ordered, self._criteria[depth][0]

    def first(self, tied: Sequence[int]) -> tuple[int, str]:
        """Choose one of the tied positions; also name the criterion that chose it.

        Raises :class:`UndecidedTieError` when the criteria leave several in front.
        """
        remaining = list(tied)
        for name, values in self._criteria:
            best = min(values[index] for index in remaining)
            remaining = [index for index in remaining if values[index] == best]
            if len(remaining) == 1:
                return remaining[0], name
        raise UndecidedTieError(
            [self.election.projects[index].id for index in sorted(remaining)], self.ties
        )

    def ranks(self, positions: Sequence[int]) -> list[int]:
        """Number positions by the criteria, lowest first; those left equal get the same number."""
        keys = [tuple(values[index] for _name, values in self._criteria) for index in positions]
        place = {key: number for number, key in enumerate(sorted(set(keys)))}
        return [place[key] for key in keys]

    @staticmethod
    def _depth(ordered_keys: Sequence[tuple[int | bytes | str, ...]]) -> int:
        """Find how many criteria neighbours in the order share at most."""
        shared = 0
        for one, other in pairwise(ordered_keys):
            same = 0
            while same < len(one) and one[same] == other[same]:
                same += 1
            shared = max(shared, same)
        return shared
