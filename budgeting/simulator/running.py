"""Counting a simulation in a worker: with progress, stoppable, and resumable after a kill.

A scenario's result is stored as soon as it is there, so that nothing is counted twice. While it
counts, the worker's connection holds an advisory lock; the database frees it when the worker dies,
and whoever looks next finds the simulation without its worker and says that it was stopped.
"""

import logging
import time
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from budgeting.background import alone, held
from budgeting.models import SimulatedScenario, Simulation
from budgeting.tally import UndecidedTieError
from budgeting.tally.interrupting import interruptible
from budgeting.tally.rules import RuleError
from budgeting.tally.scenario import Scenario, ScenarioError
from budgeting.tally.simulating import (
    DRAWS,
    TURNOUT_STEPS,
    Simulated,
    counts_needed,
    simulate,
)

from . import sources

# Any number will do, as long as nothing else uses it.
LOCKS = 0x53494D55
SECONDS_BETWEEN_LOOKS = 1
State = Simulation.State
Problem = Simulation.Problem
logger = logging.getLogger(__name__)


class _Stopped(Exception):
    """Somebody asked to stop."""


def run(*, pk: int) -> None:
    """Count what is missing; does nothing unless the simulation waits for it."""
    with alone(LOCKS, pk) as is_alone:
        if not (is_alone and _take(pk)):
            return
        state, problem = State.FAILED, str(Problem.UNEXPECTED)
        try:
            with interruptible(_Asking(pk)):
                _count_missing(pk)
            state, problem = State.DONE, ""
        except _Stopped:
            state, problem = State.STOPPED, ""
        except UndecidedTieError:
            problem = Problem.TIE
        except (ScenarioError, RuleError):
            problem = Problem.SCENARIO
        except sources.SourceError:
            problem = Problem.SOURCE
        except Exception:
            logger.exception("simulation %s failed", pk)
        except BaseException:
            # The worker is told to end: somebody can go on from here.
            state, problem = State.STOPPED, ""
            raise
        finally:
            Simulation.objects.filter(pk=pk, state=State.RUNNING).update(
                state=state, problem=problem, finished_at=timezone.now()
            )


def run_now(simulation: Simulation) -> None:
    """Count a simulation here, without a worker: for commands and the demonstration."""
    Simulation.objects.filter(pk=simulation.pk).exclude(state=State.RUNNING).update(
        state=State.WAITING
    )
    run(pk=simulation.pk)


def settle(now: datetime | None = None) -> list[str]:
    """Mark as stopped what runs nowhere any more, because its worker was killed.

    One query while nothing runs. Returns a line for each, as the site's timer wants it.
    """
    lines = []
    # In this order: what began after the first query is not looked for in the second.
    if running := list(Simulation.objects.filter(state=State.RUNNING).only("name")):
        alive = held(LOCKS)
        for simulation in running:
            abandoned = Simulation.objects.filter(pk=simulation.pk, state=State.RUNNING)
            if simulation.pk not in alive and abandoned.update(
                state=State.STOPPED, finished_at=timezone.now()
            ):
                lines.append(f"simulation “{simulation.name}” was stopped: its worker is gone")
    return lines


def _take(pk: int) -> bool:
    """Take a waiting simulation; false when nobody waits for it any more."""
    taken = Simulation.objects.filter(pk=pk, state=State.WAITING).update(
        state=State.RUNNING, started_at=timezone.now(), is_stop_asked=False
    )
    return bool(taken)


def _count_missing(pk: int) -> None:
    simulation = Simulation.objects.select_related("contest__scope__round", "file").get(pk=pk)
    source = sources.load(simulation)
    missing = list(simulation.scenarios.filter(result__isnull=True))
    scenarios = [Scenario.from_json(each.settings) for each in missing]
    turnout_steps = TURNOUT_STEPS if simulation.with_turnout else 0
    total = sum(
        counts_needed(source.election, each, turnout_steps=turnout_steps, draws=DRAWS)
        for each in scenarios
    )
    Simulation.objects.filter(pk=pk).update(steps_done=0, steps_total=total)
    base = simulation.scenarios.filter(position=0).values_list("result__winners", flat=True).get()
    for stored, scenario in zip(missing, scenarios, strict=True):
        begun = time.monotonic()
        found = simulate(
            source.election,
            scenario,
            own=source.rule,
            base=base,
            draw=source.draw,
            turnout_steps=turnout_steps,
            draws=DRAWS,
            tell=lambda: _tell(pk),
        )
        _store(stored, found, time.monotonic() - begun)
        base = found.winners if stored.is_base else base


def _tell(pk: int) -> None:
    """Show progress; stop when somebody asked to."""
    Simulation.objects.filter(pk=pk, steps_done__lt=F("steps_total")).update(
        steps_done=F("steps_done") + 1
    )
    _go_on_unless_stopped(pk)


def _go_on_unless_stopped(pk: int) -> None:
    if Simulation.objects.filter(pk=pk, is_stop_asked=True).exists():
        raise _Stopped


class _Asking:
    """Looks, at most once a second while a long count goes on, whether somebody asked to stop."""

    def __init__(self, pk: int) -> None:
        self.pk = pk
        self.asked_at = time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self.asked_at >= SECONDS_BETWEEN_LOOKS:
            _go_on_unless_stopped(self.pk)
            self.asked_at = time.monotonic()


@transaction.atomic
def _store(stored: SimulatedScenario, found: Simulated, seconds: float) -> None:
    stored.result = found.to_json()
    stored.seconds = Decimal(f"{seconds:.2f}")
    stored.save(update_fields=["result", "seconds"])
