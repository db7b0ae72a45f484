"""A worker that counts a simulation dies in the middle."""

import pytest
from django.db import connection
from django.utils import timezone

from budgeting.models import Contest, Simulation
from budgeting.simulator import running

from .elections import import_small
from .test_simulator import run_whole, simulation_of

pytestmark = pytest.mark.race
State = Simulation.State


def test_a_killed_worker_is_noticed_and_a_living_one_is_left_alone(tmp_path) -> None:
    simulation = simulation_of(Contest.objects.get(scope__round=import_small(tmp_path)))
    Simulation.objects.update(state=State.RUNNING, started_at=timezone.now())
    worker = connection.copy()
    with worker.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [running.LOCKS, simulation.pk])
        assert running.settle() == []
        running.run(pk=simulation.pk)  # the lock keeps a second worker away
        simulation.refresh_from_db()
        assert simulation.state == State.RUNNING
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
    assert len(running.settle()) == 1
    simulation.refresh_from_db()
    assert simulation.state == State.STOPPED
    assert run_whole(simulation).state == State.DONE
