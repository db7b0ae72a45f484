"""Decisions that stand above every rule, recorded and explained, made by two people.

*Before*: an input changes, and the count is made again with it. *After*: an annotation beside the
outcome, which stays as it is (another fund pays for a project, a project is withdrawn after the
vote).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from .election import Election


class OverrideError(ValueError):
    """An override contradicts itself or the election: ``field`` names what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class OverrideKind(StrEnum):
    """What is decided; the first three are made before the count, the others after."""

    WITHDRAW = "withdraw"
    COST = "cost"
    BUDGET = "budget"
    FUNDED_ELSEWHERE = "funded-elsewhere"
    WITHDRAWN_AFTERWARDS = "withdrawn-afterwards"

    @property
    def is_before(self) -> bool:
        """Whether an input changes, so that it is counted again."""
        return self in (OverrideKind.WITHDRAW, OverrideKind.COST, OverrideKind.BUDGET)


@dataclass(frozen=True)
class Override:
    """One decision with its ``reason`` and the names of the two people who signed it (``by``).

    ``project`` is empty for the budget only; ``amount``, in smallest units, is the new cost or
    budget, else None. Raises :class:`OverrideError`.
    """

    kind: OverrideKind
    reason: str
    by: tuple[str, str]
    project: str = ""
    amount: int | None = None

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise OverrideError("reason", "an override needs its reason")
        if len(self.by) != 2 or not all(name.strip() for name in self.by):
            raise OverrideError("by", "an override is signed by two people")
        if self.by[0] == self.by[1]:
            raise OverrideError("by", "the two people who sign an override are different ones")
        if (self.kind is OverrideKind.BUDGET) == bool(self.project):
            raise OverrideError("project", f"an override of kind {self.kind} misnames its project")
        has_amount = self.kind in (OverrideKind.COST, OverrideKind.BUDGET)
        if has_amount != (self.amount is not None):
            raise OverrideError("amount", f"an override of kind {self.kind} misstates its amount")
        if self.amount is not None and self.amount < 0:
            raise OverrideError("amount", "an amount cannot be negative")

    def to_json(self) -> dict[str, Any]:
        """Give every field; ``when`` says before or after."""
        return {
            "kind": self.kind.value,
            "when": "before" if self.kind.is_before else "after",
            "project": self.project,
            "amount": self.amount,
            "reason": self.reason,
            "by": list(self.by),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Override:
        """Read what :meth:`to_json` wrote. Raises :class:`OverrideError`."""
        try:
            kind = OverrideKind(data["kind"])
            one, other = data["by"]
            return cls(
                kind=kind,
                reason=str(data["reason"]),
                by=(str(one), str(other)),
                project=str(data.get("project", "")),
                amount=data.get("amount"),
            )
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, OverrideError):
                raise
            raise OverrideError("kind", f"this is not an override: {error}") from error


def canonical(overrides: Iterable[Override]) -> bytes:
    """Write overrides as the one JSON text that is hashed with the inputs (sorted keys, UTF-8)."""
    plain = [override.to_json() for override in overrides]
    return json.dumps(
        plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def apply_overrides(election: Election, overrides: Iterable[Override]) -> Election:
    """Change the inputs as the overrides made before the count say, in their order.

    Those made after it change nothing. Raises :class:`OverrideError` for a project that is not
    there, and for a new budget where areas have budgets of their own.
    """
    for override in overrides:
        if override.kind is OverrideKind.BUDGET:
            if election.areas:
                raise OverrideError("kind", "where areas have budgets, the total follows them")
            election = replace(election, budget=override.amount or 0)
            continue
        if override.project not in election.position:
            raise OverrideError("project", f"there is no project {override.project!r}")
        if not override.kind.is_before:
            continue
        projects = list(election.projects)
        at = election.position[override.project]
        if override.kind is OverrideKind.COST:
            projects[at] = replace(projects[at], cost=override.amount or 0)
        else:
            projects[at] = replace(projects[at], withdrawn=True)
        election = replace(election, projects=tuple(projects))
    return election
