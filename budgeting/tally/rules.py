"""Award rules: which one, with every parameter, and how Pabulib names them.

A :class:`Rule` is complete: frozen as JSON at the opening of a round, it says all that the count
does. Greedy variants are those of Polish cities as recorded in Pabulib; the Method of Equal Shares
is Peters, Pierczyński, Skowron, "Proportional Participatory Budgeting with Additive Utilities"
(2021), with the completions of practice (equalshares.net). Sequential Phragmén is Brill, Freeman,
Janson, Lackner, "Phragmén's Voting Methods and Justified Representation" (2017), with costs as in
Los, Christoff, Grossi, "Proportional Budget Allocations" (2022).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction
from typing import Any

from .refusal_words import refused

POZNAN_SHARE = Fraction(4, 5)
"""Poznań funds the first project that does not fit if at least 80 % of it is affordable."""


class RuleError(ValueError):
    """A rule's parameter is wrong: ``field`` names it; ``code``, ``params`` are for translation."""

    def __init__(self, code: str, field: str, message: str, **params: str) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.message = message
        self.params = params


class Method(StrEnum):
    """The family of the rule."""

    GREEDY = "greedy"
    EQUAL_SHARES = "equalshares"
    PHRAGMEN = "phragmen"


class Order(StrEnum):
    """What greedy sorts by."""

    VOTES = "votes"
    VOTES_PER_COST = "votes-per-cost"


class Overflow(StrEnum):
    """What greedy and Phragmén do with a project that does not fit in what is left."""

    SKIP = "skip"
    STOP = "stop"
    PARTIAL = "partial"


class Utility(StrEnum):
    """What a supporter gets from a funded project in Equal Shares."""

    COST = "cost"
    CARDINALITY = "cardinality"


class Completion(StrEnum):
    """How Equal Shares spends what a single run leaves."""

    NONE = "none"
    ADD1 = "add1"
    ADD1U = "add1u"


class Stop(StrEnum):
    """When the add-one scan ends."""

    OVERSPEND = "overspend"
    EXHAUSTIVE = "exhaustive"


class Start(StrEnum):
    """Where the add-one scan begins: at B/n exactly, or at its whole part in major units."""

    EXACT = "exact"
    FLOOR = "floor"


class Comparison(StrEnum):
    """Whether, and by what, Equal Shares is finally compared with greedy."""

    NONE = "none"
    SATISFACTION = "satisfaction"
    COVERAGE = "coverage"


class Eligibility(StrEnum):
    """An extra condition on projects; ``3B``: votes / ballots ≥ cost / (3 · budget)."""

    NONE = "none"
    THREE_BUDGETS = "3B"


class Ties(StrEnum):
    """How equal projects are told apart (see :mod:`budgeting.tally.ties`)."""

    STANDARD = "standard"
    FILE_ORDER = "file-order"
    COST = "cost"
    COST_VOTES = "cost-votes"
    TEXT = "text"
    REFUSE = "refuse"


class Areas(StrEnum):
    """What becomes of money that an area with its own budget does not spend.

    ``none``: area budgets are not used, there is one budget for all. ``lapse``: it stays unspent.
    ``next``: it moves on to the next area in the given order. ``city``: it goes to the city-wide
    part, which is counted last.
    """

    NONE = "none"
    LAPSE = "lapse"
    NEXT = "next"
    CITY = "city"


class Compat(StrEnum):
    """Habits of another program, to repeat its results.

    ``equalshares.net`` (Equal Shares): unsupported projects count in the test of exhaustiveness, a
    run never funds a project of cost 0, and there is no scan when all standing projects fit.
    ``pabutools`` (Phragmén): the count ends when any of the tied projects costs more than is left.
    """

    NONE = "none"
    EQUALSHARES_NET = "equalshares.net"
    PABUTOOLS = "pabutools"


COMPAT_OF: Mapping[Compat, Method] = {
    Compat.EQUALSHARES_NET: Method.EQUAL_SHARES,
    Compat.PABUTOOLS: Method.PHRAGMEN,
}
"""The one method each program's habits belong to."""


@dataclass(frozen=True)
class Rule:
    """One award rule with all its parameters; those of the other methods keep their defaults.

    ``min_votes`` is a number of votes (or points); ``min_share`` a share of the counted ballots;
    ``partial_share`` belongs to ``overflow: partial``; ``step`` is in major currency units.
    ``overflow`` left out is ``stop`` for Phragmén, else ``skip``. Raises :class:`RuleError`.
    """

    method: Method
    min_votes: int = 0
    min_share: Fraction = Fraction(0)
    eligibility: Eligibility = Eligibility.NONE
    ties: Ties = Ties.STANDARD
    order: Order = Order.VOTES
    overflow: Overflow = None  # type: ignore[assignment] # by the method, see __post_init__
    partial_share: Fraction = POZNAN_SHARE
    utility: Utility = Utility.COST
    completion: Completion = Completion.NONE
    stop: Stop = Stop.OVERSPEND
    start: Start = Start.EXACT
    step: Fraction = Fraction(1)
    comparison: Comparison = Comparison.NONE
    areas: Areas = Areas.NONE
    compat: Compat = Compat.NONE

    def __post_init__(self) -> None:
        if self.overflow is None:
            usual = Overflow.STOP if self.method is Method.PHRAGMEN else Overflow.SKIP
            object.__setattr__(self, "overflow", usual)
        if self.method is Method.PHRAGMEN and self.overflow is Overflow.PARTIAL:
            raise RuleError("overflow", "overflow", refused("phragmen-overflow"))
        if COMPAT_OF.get(self.compat, self.method) is not self.method:
            raise RuleError(
                "compat",
                "compat",
                refused("compat", compat=self.compat, method=self.method),
                compat=self.compat.value,
                method=self.method.value,
            )
        if self.min_votes < 0:
            raise RuleError("negative", "min_votes", refused("negative", name="min_votes"))
        if not 0 <= self.min_share <= 1:
            raise RuleError("share", "min_share", refused("between-0-1", name="min_share"))
        if not 0 < self.partial_share <= 1:
            raise RuleError("share", "partial_share", refused("above-0-to-1", name="partial_share"))
        if self.step <= 0:
            raise RuleError("positive", "step", refused("more-than-0", name="step"))

    def to_json(self) -> dict[str, str | int]:
        """Give every parameter as plain JSON; exact fractions as ``p/q``."""
        plain: dict[str, str | int] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            plain[item.name] = ratio(value) if isinstance(value, Fraction) else value
            if isinstance(value, StrEnum):
                plain[item.name] = value.value
        return plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Rule:
        """Read what :meth:`to_json` wrote; a missing parameter takes its default.

        Raises :class:`RuleError` naming the unknown or wrong parameter.
        """
        unknown = set(data) - set(_PARSERS)
        if unknown:
            name = min(unknown)
            raise RuleError("unknown", name, refused("unknown-parameter", name=name))
        if "method" not in data:
            raise RuleError("missing", "method", refused("no-method"))
        values: dict[str, Any] = {}
        for name, value in data.items():
            try:
                values[name] = _PARSERS[name](value)
            except (ValueError, TypeError, ZeroDivisionError) as error:
                raise RuleError(
                    "value", name, refused("cannot-be", name=name, value=value), value=str(value)
                ) from error
        return cls(**values)

    @classmethod
    def from_file(cls, meta: Mapping[str, str]) -> Rule:
        """Map a Pabulib file's ``rule`` and threshold to the rule its results were found to follow.

        Raises :class:`RuleError` where the name does not say enough to count again.
        """
        name = meta.get("rule", "").strip()
        settings = PABULIB_RULES.get(name)
        if name == "greedy-custom" and meta.get("unit", "").strip() != "Poznań":
            settings = None
        if settings is None:
            raise RuleError(
                "not-mapped",
                "rule",
                refused("not-mapped", name=name or "unknown"),
                value=name,
            )
        threshold = meta.get("min_project_score_threshold", "").strip() or "0"
        if not (threshold.isascii() and threshold.isdigit()):
            raise RuleError(
                "value",
                "min_project_score_threshold",
                refused("threshold", value=threshold),
                value=threshold,
            )
        return cls(**settings, min_votes=int(threshold))

    def pabulib_name(self) -> str:
        """Name the rule as Pabulib does; ``unknown`` where no name says what this rule does.

        A minimum of votes needs its number beside the name (``min_project_score_threshold``).
        """
        plain = self.eligibility is Eligibility.NONE and self.areas is Areas.NONE
        if self.method is Method.PHRAGMEN:
            return "unknown"
        if self.method is Method.GREEDY:
            if self.order is not Order.VOTES or not plain:
                return "unknown"
            if self.overflow is Overflow.STOP:
                return "greedy-no-skip"
            if self.overflow is Overflow.PARTIAL:
                return "greedy-custom"
            return "greedy-threshold" if self.min_votes or self.min_share else "greedy"
        ordinary = self.utility is Utility.COST and self.comparison is not Comparison.COVERAGE
        if not plain or not ordinary or self.min_votes or self.min_share:
            return "unknown"
        names = {Completion.NONE: "equalshares", Completion.ADD1: "equalshares/add1"}
        name = names.get(self.completion, "unknown")
        compared = self.comparison is Comparison.SATISFACTION and name != "unknown"
        return f"{name}-comparison" if compared else name


_FILE_GREEDY: dict[str, Any] = {"method": Method.GREEDY, "ties": Ties.FILE_ORDER}
_FILE_SHARES: dict[str, Any] = {"method": Method.EQUAL_SHARES, "ties": Ties.FILE_ORDER}
_FILE_ADD1: dict[str, Any] = _FILE_SHARES | {"completion": Completion.ADD1, "stop": Stop.OVERSPEND}
_COMPARED: dict[str, Any] = {"comparison": Comparison.SATISFACTION}

PABULIB_RULES: Mapping[str, dict[str, Any]] = {
    "greedy": _FILE_GREEDY,
    "greedy-threshold": _FILE_GREEDY,
    "greedy-no-skip": _FILE_GREEDY | {"overflow": Overflow.STOP},
    "greedy-custom": _FILE_GREEDY | {"overflow": Overflow.PARTIAL},
    "equalshares": _FILE_SHARES,
    "equalshares-comparison": _FILE_SHARES | _COMPARED,
    "equalshares/add1": _FILE_ADD1,
    "equalshares/add1-comparison": _FILE_ADD1 | _COMPARED,
}
"""What each Pabulib rule name means. ``greedy-custom`` is known for Poznań only;
``greedy-exclusive`` needs conflicts that files do not carry; ``unknown`` says nothing."""


def ratio(value: Fraction | int) -> str:
    """Write an exact rational as ``p/q``, always with its denominator."""
    exact = Fraction(value)
    return f"{exact.numerator}/{exact.denominator}"


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("not a whole number")
    return value


def _fraction(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | str | Fraction):
        raise TypeError("not an exact number")
    return Fraction(value)


_PARSERS: Mapping[str, Any] = {
    "method": Method,
    "min_votes": _whole,
    "min_share": _fraction,
    "eligibility": Eligibility,
    "ties": Ties,
    "order": Order,
    "overflow": Overflow,
    "partial_share": _fraction,
    "utility": Utility,
    "completion": Completion,
    "stop": Stop,
    "start": Start,
    "step": _fraction,
    "comparison": Comparison,
    "areas": Areas,
    "compat": Compat,
}
