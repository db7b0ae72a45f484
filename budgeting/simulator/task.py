"""The background task that counts a simulation."""

from django_tasks import task


@task(priority=10)  # somebody is waiting for it
def run_simulation(pk: int) -> None:
    """Count the scenarios of a simulation that have no result yet."""
    from .running import run

    run(pk=pk)
