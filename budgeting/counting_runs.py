"""Counting a whole round of this city in the background, when a coordinator asks for it."""

from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.log_actions import log

from home.errors import DomainError
from residents.models import User

from .counting import NotSealedError, count_contest
from .models import Contest, CountRun, Round
from .moving_money import in_order_of_counting
from .phases import database_clock, require_right
from .recording import make_record
from .sealed_box import may_be_counted


@transaction.atomic
def ask_for_count(*, round: Round, by: User) -> CountRun:
    """Have the contests of a sealed round counted and their records made, by the worker.

    Counting again changes nothing that is published: a new count waits for two signatures. Raises
    NotSealedError, NotAllowedError.
    """
    require_right(by)
    round = Round.objects.select_for_update().get(pk=round.pk)
    if not may_be_counted(round) or round.seal.is_imported:
        raise NotSealedError
    run = CountRun.objects.create(round=round, asked_by=by)
    log(instance=round, action="budgeting.count.asked", user=by, data={"run": run.pk})
    transaction.on_commit(lambda: count_in_background.enqueue(run.pk))
    return run


@task()
def count_in_background(run_pk: int) -> None:
    """Count, and note what went wrong for the person who asked."""
    run = CountRun.objects.select_related("round").get(pk=run_pk)
    problem = ""
    try:
        count_round(round=run.round)
    except DomainError as error:
        problem = str(error)
    except Exception:
        problem = _("The program failed: whoever runs the server finds the reason in its log.")
        raise
    finally:
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
