"""A rule as JSON for counting: alone, or as in a recount kit with what no ballots file can say."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from .election import Election
from .kit_files import RULE_FORMAT
from .refusal_words import refused
from .rules import Rule
from .ties import Draw


class RuleFileError(ValueError):
    """A document that is not a rule; the message says what is wrong with it."""


@dataclass(frozen=True)
class RuleFile:
    """A rule, and from a kit's ``rule.json`` the draw and what belongs to the election.

    ``scale`` is the number of decimals of the amounts in ``areas``, None where none is said.
    """

    rule: Rule
    draw: Draw | None = None
    scale: int | None = None
    conflicts: frozenset[frozenset[str]] = frozenset()
    areas: tuple[tuple[str, int], ...] = ()

    def complete(self, election: Election) -> Election:
        """Add conflicts and areas to what a ballots file says. Raises ``ElectionError``."""
        if self.scale is not None:
            election = election.rescaled(max(self.scale, election.scale))
        factor = 10 ** (election.scale - self.scale) if self.scale is not None else 1
        return replace(
            election,
            conflicts=self.conflicts or election.conflicts,
            areas=tuple((name, budget * factor) for name, budget in self.areas) or election.areas,
        )


def read_rule(text: str) -> RuleFile:
    """Read a rule with its parameters, or a document of the format ``rione-rule/1``.

    Raises :class:`RuleFileError`.
    """
    try:
        document = json.loads(text)
        if not isinstance(document, dict):
            raise RuleFileError(refused("no-object"))
        if "format" not in document:
            return RuleFile(Rule.from_json(document))
        if document["format"] != RULE_FORMAT:
            raise RuleFileError(refused("no-format", form=RULE_FORMAT))
        return _from_kit(document)
    except KeyError as error:
        raise RuleFileError(refused("missing", name=error.args[0])) from error
    except (TypeError, AttributeError) as error:
        raise RuleFileError(refused("unlike-format", form=RULE_FORMAT, problem=error)) from error
    except ValueError as error:
        raise RuleFileError(str(error)) from error


def _from_kit(document: dict[str, Any]) -> RuleFile:
    scale = document["scale"]
    areas = tuple((name, budget) for name, budget in document["areas"])
    if not all(_is_natural(number) for number in (scale, *(budget for _name, budget in areas))):
        raise RuleFileError(refused("scale"))
    return RuleFile(
        rule=Rule.from_json(document["rule"]),
        draw=Draw(**document["draw"]) if document["draw"] else None,
        scale=scale,
        conflicts=frozenset(frozenset(pair) for pair in document["conflicts"]),
        areas=areas,
    )


def _is_natural(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
