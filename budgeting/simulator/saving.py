"""Making, changing, copying, showing and deleting simulations, and asking for them to be run.

Only coordinators do this: each function raises NotAllowedError for others. `by` is None where
nobody asks, as in the demonstration.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from budgeting.disclosure import SMALLEST
from budgeting.models import Contest, SimulatedScenario, Simulation, SimulationFile
from budgeting.phases import require_right
from budgeting.tally.rules import Method, Rule
from budgeting.tally.scenario import Scenario
from home.errors import DomainError
from residents.models import User

from . import differences, sources
from .task import run_simulation

MOST_SCENARIOS = 6
State = Simulation.State


class SimulationError(DomainError):
    """Something that cannot be done with a simulation now."""


@transaction.atomic
def create_from_contest(
    *, contest: Contest, name: str, note: str = "", with_turnout: bool = True, by: User | None
) -> Simulation:
    """Begin a simulation of a published contest. Raises SourceError where it is not published."""
    _require_right(by)
    source = sources.of_contest(contest)
    simulation = Simulation.objects.create(
        contest=contest,
        name=name,
        note=note,
        with_turnout=with_turnout,
        facts=sources.facts_of_contest(contest, source.election),
        created_by=by,
    )
    return _begin(simulation, Scenario(rule=source.rule), by)


@transaction.atomic
def create_from_upload(
    *, upload: sources.Upload, name: str, note: str = "", with_turnout: bool = True, by: User | None
) -> Simulation:
    """Begin a simulation of an uploaded election."""
    _require_right(by)
    file = sources.store_upload(upload)
    simulation = Simulation.objects.create(
        file=file,
        file_sha256=file.sha256,
        name=name,
        note=note,
        with_turnout=with_turnout,
        facts=upload.facts,
        created_by=by,
    )
    return _begin(simulation, Scenario(rule=upload.source.rule), by)


def _begin(simulation: Simulation, base: Scenario, by: User | None) -> Simulation:
    SimulatedScenario.objects.create(simulation=simulation, position=0, settings=base.to_json())
    log(instance=simulation, action="wagtail.create", user=by)
    return simulation


@transaction.atomic
def set_texts(
    *, simulation: Simulation, name: str, note: str, with_turnout: bool, by: User
) -> None:
    """Change name and note; whether fewer ballots are counted too only before results are there.

    Raises SimulationError while it runs.
    """
    locked = _lock(simulation, by)
    if locked.with_turnout != with_turnout:
        _refuse_while_under_way(locked)
        _forget_results(locked, locked.scenarios.all())
    locked.name, locked.note, locked.with_turnout = name, note, with_turnout
    locked.save(update_fields=["name", "note", "with_turnout", "state", "shown_at"])
    log(instance=locked, action="wagtail.edit", user=by)


@transaction.atomic
def save_scenario(
    *, simulation: Simulation, scenario: Scenario, position: int | None = None, by: User | None
) -> SimulatedScenario:
    """Add a scenario, or change the one at `position`, whose result is forgotten.

    Raises SimulationError while it runs, when there are already as many as fit on a page, and
    when nothing differs from the election as it was.
    """
    locked = _lock(simulation, by)
    _refuse_while_under_way(locked)
    if position is None:
        last = locked.scenarios.order_by("position").last()
        if locked.scenarios.count() > MOST_SCENARIOS:
            raise SimulationError(
                _("A simulation has at most %(most)s scenarios. Copy it for more.")
                % {"most": MOST_SCENARIOS}
            )
        stored = SimulatedScenario(simulation=locked, position=last.position + 1 if last else 0)
    else:
        stored = locked.scenarios.get(position=position)
    if stored.pk is None or stored.settings != scenario.to_json():
        if not stored.is_base:
            _refuse_a_repetition(locked, scenario)
        stored.settings = scenario.to_json()
        stored.save()
        # All others are compared with the election as it was.
        stale = locked.scenarios.all()
        _forget_results(locked, stale if stored.is_base else stale.filter(position=stored.position))
        locked.save(update_fields=["state", "shown_at"])
        log(instance=locked, action="budgeting.simulation.changed", user=by)
    return stored


@transaction.atomic
def remove_scenario(*, simulation: Simulation, position: int, by: User) -> None:
    """Take a scenario out. Raises SimulationError while it runs, and for the election as it was."""
    locked = _lock(simulation, by)
    _refuse_while_under_way(locked)
    if position == 0:
        raise SimulationError(_("The election as it was stays: the others are compared with it."))
    locked.scenarios.filter(position=position).delete()
    missing = locked.scenarios.filter(result__isnull=True).exists()
    if not missing and locked.state != State.DONE:
        locked.state = State.DONE if locked.scenarios.count() > 1 else State.DRAFT
    if locked.scenarios.count() == 1:
        locked.shown_at = None
    locked.save(update_fields=["state", "shown_at"])
    log(instance=locked, action="budgeting.simulation.changed", user=by)


def _refuse_a_repetition(simulation: Simulation, scenario: Scenario) -> None:
    base = Scenario.from_json(simulation.scenarios.get(position=0).settings)
    own = base.rule or Rule(Method.GREEDY)
    if differences.is_nothing(scenario, own, budget=simulation.facts["budget"]):
        raise SimulationError(
            _(
                "Nothing is different yet from the vote as it was, which is counted anyway. "
                "Change at least one thing: the award rule, the ballot, the budget or the costs."
            )
        )


def _forget_results(simulation: Simulation, scenarios: Any) -> None:
    scenarios.update(result=None, seconds=None)
    simulation.state, simulation.shown_at = State.DRAFT, None


@transaction.atomic
def copy_simulation(*, simulation: Simulation, name: str, by: User) -> Simulation:
    """Make another simulation of the same election with the same scenarios and results."""
    source = _lock(simulation, by)
    done = source.state == State.DONE
    copied = Simulation.objects.create(
        name=name[:120],
        note=source.note,
        contest=source.contest,
        file=source.file,
        file_sha256=source.file_sha256,
        facts=source.facts,
        with_turnout=source.with_turnout,
        state=State.DONE if done else State.DRAFT,
        created_by=by,
        finished_at=source.finished_at if done else None,
    )
    SimulatedScenario.objects.bulk_create(
        SimulatedScenario(
            simulation=copied,
            position=each.position,
            settings=each.settings,
            result=each.result,
            seconds=each.seconds,
        )
        for each in source.scenarios.all()
    )
    log(instance=copied, action="wagtail.create", user=by)
    return copied


@transaction.atomic
def delete_simulation(*, simulation: Simulation, by: User) -> None:
    """Delete a simulation and, unless a copy uses it, its uploaded file.

    Raises SimulationError while it runs.
    """
    locked = _lock(simulation, by)
    _refuse_while_under_way(locked)
    log(instance=locked, action="wagtail.delete", user=by)
    file = locked.file_id or 0
    locked.delete()
    SimulationFile.objects.filter(pk=file, simulations__isnull=True).delete()


@transaction.atomic
def request_run(*, simulation: Simulation, by: User | None) -> None:
    """Ask a worker to count what has no result yet: from the start, or where it was stopped.

    Raises SimulationError when it is already on its way, or there is nothing to compare.
    """
    locked = _lock(simulation, by)
    if locked.is_under_way:
        raise SimulationError(_("This simulation is already on its way."))
    if locked.scenarios.count() < 2:
        raise SimulationError(_("Add a scenario first: there is nothing to compare yet."))
    if not locked.scenarios.filter(result__isnull=True).exists():
        raise SimulationError(_("Everything is already counted. Change a scenario, or add one."))
    locked.state, locked.problem, locked.is_stop_asked = State.WAITING, "", False
    locked.steps_done = locked.steps_total = 0
    locked.started_at = locked.finished_at = None
    locked.save()
    log(instance=locked, action="budgeting.simulation.run", user=by)
    run_simulation.enqueue(locked.pk)


@transaction.atomic
def request_stop(*, simulation: Simulation, by: User) -> None:
    """Stop a simulation: at once while it waits, within a second or after a run while it runs.

    Raises SimulationError when it is not on its way.
    """
    locked = _lock(simulation, by)
    if locked.state == State.WAITING:
        locked.state, locked.finished_at = State.STOPPED, timezone.now()
    elif locked.state == State.RUNNING:
        locked.is_stop_asked = True
    else:
        raise SimulationError(_("This simulation is not running."))
    locked.save(update_fields=["state", "finished_at", "is_stop_asked"])
    log(instance=locked, action="budgeting.simulation.stopped", user=by)


def show(*, simulation: Simulation, by: User | None) -> None:
    """Put a simulation on the public page, in the place of another of the same election.

    Raises SimulationError unless it is done, has both rules that the page compares, and at least
    ten people voted.
    """
    try:
        with transaction.atomic():
            _show(simulation, by)
    except IntegrityError as error:
        # Only the database sees what somebody else does at the same moment.
        raise SimulationError(
            _(
                "Somebody has just put another simulation of the same election on the page, where "
                "each election stands once. Look at the page, then try again."
            )
        ) from error


def _show(simulation: Simulation, by: User | None) -> None:
    locked = _lock(simulation, by)
    methods = {Rule.from_json(each["rule"]).method for each in _results(locked)}
    if locked.state != State.DONE or not {Method.GREEDY, Method.EQUAL_SHARES} <= methods:
        raise SimulationError(
            _(
                "The page compares most votes first with the Method of Equal Shares: run both "
                "in this simulation first."
            )
        )
    if locked.facts["ballots"] < SMALLEST:
        raise SimulationError(
            _(
                "Fewer than ten people voted: counts of so few ballots could tell who voted for "
                "what, so they are not published."
            )
        )
    _others_of_its_election(locked).update(shown_at=None)
    locked.shown_at = locked.shown_at or timezone.now()
    locked.save(update_fields=["shown_at"])
    log(instance=locked, action="budgeting.simulation.shown", user=by)


def _others_of_its_election(simulation: Simulation) -> QuerySet[Simulation]:
    """Copies of an uploaded file, and the same file sent again, are one election too."""
    return Simulation.objects.filter(
        Q(contest__isnull=False, contest=simulation.contest_id)
        | Q(file__isnull=False, file_sha256=simulation.file_sha256)
    ).exclude(pk=simulation.pk)


@transaction.atomic
def hide(*, simulation: Simulation, by: User) -> None:
    """Take a simulation off the public page."""
    locked = _lock(simulation, by)
    locked.shown_at = None
    locked.save(update_fields=["shown_at"])
    log(instance=locked, action="budgeting.simulation.hidden", user=by)


def _results(simulation: Simulation) -> list[dict[str, Any]]:
    return [each.result for each in simulation.scenarios.all() if each.result is not None]


def _require_right(by: User | None) -> None:
    if by is not None:
        require_right(by)


def _lock(simulation: Simulation, by: User | None) -> Simulation:
    """Lock a simulation that the person may change."""
    _require_right(by)
    return Simulation.objects.select_for_update().get(pk=simulation.pk)


def _refuse_while_under_way(simulation: Simulation) -> None:
    if simulation.is_under_way:
        raise SimulationError(_("It is being counted now: stop it first, then change it."))
