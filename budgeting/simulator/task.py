"""The background task that counts a simulation."""

from django_tasks import task


@task()
def run_simulation(pk: int) -> None:
    """Count the scenarios of a simulation that have no result yet."""
    from .running import run

    run(pk=pk)
