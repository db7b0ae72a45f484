"""Work in the background that survives a killed worker: who has it, and whether it still waits.

A worker that takes a piece of work holds an advisory lock for it; the database frees the lock when
the worker dies. The queue itself claims waiting tasks only and never takes up one whose worker is
gone, so whoever looks by the lock and the queue knows what has been abandoned.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

JUST_TAKEN = timedelta(minutes=1)
"""Between taking a task and the lock a worker needs a moment."""
AFTER_A_FAILURE = timedelta(hours=1)
"""What failed is tried again after so long."""


@contextmanager
def alone(locks: int, pk: int) -> Iterator[bool]:
    """Hold the lock of one piece of work; gives False where another connection has it.

    `locks` is a number (32 bits) that stands for a kind of work, `pk` names the piece.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [locks, pk])
        (is_alone,) = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [locks, pk])


def held(locks: int) -> set[int]:
    """Give the pieces of a kind of work that somebody has just now; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT objid::bigint FROM pg_locks
              JOIN pg_database ON pg_database.oid = pg_locks.database
             WHERE locktype = 'advisory' AND granted AND datname = current_database()
               AND classid = %s AND objsubid = 2
            """,
            [locks],
        )
        return {pk for (pk,) in cursor}


def queued(task: Task[..., Any]) -> set[int]:
    """Give the first arguments of a task's calls that wait or were just taken; one query."""
    return _arguments(
        task,
        Q(status=TaskResultStatus.READY)
        | Q(status=TaskResultStatus.RUNNING, started_at__gt=timezone.now() - JUST_TAKEN),
    )


def failed_lately(task: Task[..., Any]) -> set[int]:
    """Give the first arguments of a task's calls that failed within the last hour; one query."""
    since = timezone.now() - AFTER_A_FAILURE
    return _arguments(task, Q(status=TaskResultStatus.FAILED, finished_at__gt=since))


def _arguments(task: Task[..., Any], condition: Q) -> set[int]:
    rows = DBTaskResult.objects.filter(condition, task_path=task.module_path).order_by()
    return set(rows.values_list("args_kwargs__args__0", flat=True))
