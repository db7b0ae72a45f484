"""Limits on how often something may be done, shared by all workers of the site.

Kept in the database, since a count in each worker's memory is as many limits as workers. A limit is
a number of times in a stretch of time; stretches are fixed, so at a border twice the number is
possible for a moment.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from .models import RateCount

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True)
class Limit:
    """At most `times` in `seconds`, for an action named `action`."""

    action: str
    times: int
    seconds: int


def take(limit: Limit, *, subject: str) -> bool:
    """Count one more time for this subject; return whether it is still within the limit.

    `subject` is who or what is limited (an e-mail, a network, a person's number); only its keyed
    hash is stored. One statement, so that requests at the same time are all counted.
    """
    key = hmac.new(
        settings.SECRET_KEY.encode(),
        f"{limit.action}|{limit.seconds}|{subject.lower()}".encode(),
        hashlib.sha256,
    ).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO home_ratecount AS kept (key, count, expires_at)
            VALUES (%(key)s, 1, to_timestamp(
                (floor(extract(epoch FROM clock_timestamp()) / %(seconds)s) + 1) * %(seconds)s))
            ON CONFLICT (key) DO UPDATE SET
                count = CASE WHEN kept.expires_at = excluded.expires_at
                             THEN least(kept.count + 1, 1000000) ELSE 1 END,
                expires_at = excluded.expires_at
            RETURNING count
            """,
            {"key": key, "seconds": limit.seconds},
        )
        (count,) = cursor.fetchone()
    return bool(count <= limit.times)


def prune(now: datetime) -> list[str]:
    """Delete the counts whose stretch of time is over."""
    deleted, _by_model = RateCount.objects.filter(expires_at__lt=now).delete()
    return [f"{deleted} past counts of limited actions deleted"] if deleted else []
