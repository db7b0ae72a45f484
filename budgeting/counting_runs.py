"""Counting a whole round of this city in the background, when a coordinator asks for it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task
from wagtail.log_actions import log

from home.errors import DomainError
from residents.models import User

from .background import JUST_TAKEN, alone, held, queued
from .counting import NotSealedError, count_contest
from .models import Contest, CountRun, Round
from .moving_money import in_order_of_counting
from .phases import database_clock, require_right
from .recording import make_record
from .sealed_box import may_be_counted

# Any number will do, as long as nothing else uses it.
LOCKS = 0x434F554E
"""The locks of running counts, one for each run."""


class UnderWayError(DomainError):
    """A count of the round was asked for and has not ended."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy(
                "A count of this round is already under way. Wait until it has ended, then ask "
                "again if you still need to."
            )
        )


@transaction.atomic
def ask_for_count(*, round: Round, by: User) -> CountRun:
    """Have the contests of a sealed round counted and their records made, by the worker.

    Counting again changes nothing that is published: a new count waits for two signatures. One
    count of a round at a time. Raises NotSealedError, NotAllowedError, UnderWayError.
    """
    require_right(by)
    round = Round.objects.select_for_update().get(pk=round.pk)
    if not may_be_counted(round) or round.seal.is_imported:
        raise NotSealedError
    settle()
    if CountRun.objects.filter(round=round, ended_at__isnull=True).exists():
        raise UnderWayError
    run = CountRun.objects.create(round=round, asked_by=by)
    log(instance=round, action="budgeting.count.asked", user=by, data={"run": run.pk})
    transaction.on_commit(lambda: count_in_background.enqueue(run.pk))
    return run


@task()
def count_in_background(run_pk: int) -> None:
    """Count, and note what went wrong for the person who asked; nothing for a run that ended."""
    with alone(LOCKS, run_pk) as is_alone:
        run = CountRun.objects.select_related("round").get(pk=run_pk)
        if not is_alone or run.ended_at is not None:
            return
        problem = _("The program failed: whoever runs the server finds the reason in its log.")
        try:
            count_round(round=run.round)
            problem = ""
        except DomainError as error:
            problem = str(error)
        finally:
            _end(run, problem)


def settle(now: datetime | None = None) -> list[str]:
    """End the runs whose worker was killed: nobody has their lock and they wait in no queue.

    Returns a line for each, as the site's timer wants it.
    """
    asked_before = timezone.now() - JUST_TAKEN
    open_runs = CountRun.objects.filter(ended_at__isnull=True, asked_at__lt=asked_before)
    lines: list[str] = []
    waiting = list(open_runs.select_related("round"))
    if not waiting:
        return lines
    taken = queued(count_in_background) | held(LOCKS)
    for run in waiting:
        if run.pk in taken:
            continue
        with alone(LOCKS, run.pk) as is_alone:
            run.refresh_from_db(fields=["ended_at"])
            if is_alone and run.ended_at is None:
                _end(run, _("The server stopped in the middle of it. Ask for the count again."))
                lines.append(f"the count of “{run.round}” was ended: its worker is gone")
    return lines


def _end(run: CountRun, problem: str) -> None:
    run.ended_at, run.problem = database_clock(), problem
    run.save(update_fields=["ended_at", "problem"])


@transaction.atomic
def count_round(*, round: Round) -> None:
    """Count every contest of a round and make its record: all of them or none.

    Raises NotSealedError, DrawMissingError, TieError.
    """
    contests = Contest.objects.filter(scope__round=round).select_related("scope__round")
    for contest in in_order_of_counting(contests):
        make_record(count_contest(contest=contest))
