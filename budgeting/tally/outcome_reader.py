"""Reading back what :meth:`Outcome.to_json` wrote, to replay a record that came as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from .outcome import (
    AreaCount,
    ComparisonResult,
    Detail,
    Dropped,
    GreedyStep,
    NotFunded,
    Outcome,
    Payers,
    PhragmenStep,
    Reason,
    RunnerUp,
    Savers,
    Scan,
    SharesStep,
    Step,
)
from .overrides import Override
from .rules import Rule
from .ties import Draw, TieBreak

FRACTIONS_OF_REASONS = ("had", "missing", "per_ballot")
"""Details of a reason that are exact rationals when written as ``p/q``."""


class OutcomeError(ValueError):
    """This JSON is not an outcome."""


def read_outcome(data: Mapping[str, Any]) -> Outcome:
    """Build the outcome again; keys it does not know are left aside.

    Raises :class:`OutcomeError` where a part is missing or of another kind.
    """
    try:
        return _outcome(data)
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        raise OutcomeError(f"this is not an outcome: {error!r}") from error


def _outcome(data: Mapping[str, Any]) -> Outcome:
    return Outcome(
        winners=tuple(data["winners"]),
        cost=data["cost"],
        budget=data["budget"],
        scale=data["scale"],
        currency=data["currency"],
        ballots=data["ballots"],
        votes=dict(data["votes"]),
        rule=Rule.from_json(data["rule"]),
        draw=None if data["draw"] is None else Draw(**data["draw"]),
        trace=tuple(_STEPS[step["kind"]](step) for step in data["trace"]),
        not_funded=tuple(map(_not_funded, data["not_funded"])),
        ties=tuple(tie for tie in map(_tie, data["ties"]) if tie),
        excess=data["excess"],
        scan=_scan(data["scan"]),
        comparison=_comparison(data["comparison"]),
        areas=tuple(map(_area, data.get("areas", ()))),
        overrides=tuple(map(Override.from_json, data.get("overrides", ()))),
    )


def _tie(data: Mapping[str, Any] | None) -> TieBreak | None:
    return data and TieBreak(tuple(data["projects"]), data["decided_by"])  # type: ignore[return-value]


def _runner_up(data: Mapping[str, Any] | None) -> RunnerUp | None:
    return None if data is None else RunnerUp(data["project"], Fraction(data["figure"]))


def _common(data: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: data[name] for name in ("project", "cost", "votes")}
    return plain | {"tie": _tie(data["tie"])}


def _greedy(data: Mapping[str, Any]) -> GreedyStep:
    return GreedyStep(
        **_common(data),
        left=data["left"],
        partial=data["partial"],
        passed=tuple(data.get("passed", ())),
        runner_up=data.get("runner_up"),
    )


def _shares(data: Mapping[str, Any]) -> SharesStep:
    effective = data["effective_votes"]
    payers = (Payers(Fraction(a), Fraction(b), n) for a, b, n in data.get("payers", ()))
    dropped = (Dropped(item["project"], Fraction(item["had"])) for item in data.get("dropped", ()))
    return SharesStep(
        **_common(data),
        effective_votes=None if effective is None else Fraction(effective),
        rho=Fraction(data["rho"]),
        payment=Fraction(data["payment"]),
        supporters=data["supporters"],
        capped=data["capped"],
        runner_up=_runner_up(data.get("runner_up")),
        payers=tuple(payers),
        dropped=tuple(dropped),
    )


def _phragmen(data: Mapping[str, Any]) -> PhragmenStep:
    return PhragmenStep(
        **_common(data),
        time=Fraction(data["time"]),
        savers=tuple(Savers(since, ballots) for since, ballots in data["savers"]),
        left=data["left"],
        runner_up=_runner_up(data["runner_up"]),
        passed=tuple(data["passed"]),
    )


_STEPS: Mapping[str, Callable[[Mapping[str, Any]], Step]] = {
    "greedy": _greedy,
    "equalshares": _shares,
    "phragmen": _phragmen,
}


def _not_funded(data: Mapping[str, Any]) -> NotFunded:
    details: dict[str, Detail] = {
        name: Fraction(value) if name in FRACTIONS_OF_REASONS and isinstance(value, str) else value
        for name, value in data.items()
        if name not in ("project", "reason")
    }
    return NotFunded(data["project"], Reason(data["reason"]), details)


def _scan(data: Mapping[str, Any] | None) -> Scan | None:
    if data is None:
        return None
    return Scan(
        runs=data["runs"],
        kept=data["kept"],
        per_ballot=Fraction(data["per_ballot"]),
        ended=data["ended"],
        next_cost=data["next_cost"],
    )


def _comparison(data: Mapping[str, Any] | None) -> ComparisonResult | None:
    return None if data is None else ComparisonResult(**data)


def _area(data: Mapping[str, Any]) -> AreaCount:
    plain = dict(data)
    plain["scan"] = _scan(plain["scan"])
    plain["comparison"] = _comparison(plain["comparison"])
    return AreaCount(**plain)
