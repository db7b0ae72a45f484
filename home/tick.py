"""What is due now, done by one command that a timer calls every few minutes.

An app's `wagtail_hooks` registers, under the name `rione_tick`, a callable that takes the time and
returns a line of text for each thing it did; nothing done, nothing said:

    @hooks.register("rione_tick")
    def prune_drafts(now): ...

A job must be safe to call at any time and any number of times.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from wagtail import hooks

HOOK = "rione_tick"
# Any number will do, as long as nothing else uses it.
LOCK = 0x52494F4E45
logger = logging.getLogger(__name__)


@dataclass
class Report:
    """What a tick did, and which jobs failed."""

    lines: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    was_busy: bool = False


def tick(*, now: datetime) -> Report:
    """Run every registered job once; one that fails does not stop the others.

    While another tick runs, does nothing and says so.
    """
    report = Report()
    with _alone() as alone:
        if not alone:
            report.was_busy = True
            return report
        for job in hooks.get_hooks(HOOK):
            name = f"{job.__module__}.{job.__qualname__}"
            try:
                report.lines += job(now)
            except Exception:
                logger.exception("%s failed", name)
                report.failed.append(name)
    return report


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (alone,) = cursor.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
