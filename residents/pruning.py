"""What is deleted because its time is over."""

from datetime import datetime

from django.contrib.sessions.models import Session

from . import roll_imports


def prune_sessions(now: datetime) -> list[str]:
    """Delete ended sessions, and with them the sign-in codes they hold."""
    deleted, _by_model = Session.objects.filter(expire_date__lt=now).delete()
    return [f"{deleted} ended sessions deleted"] if deleted else []


JOBS = (prune_sessions, roll_imports.prune)
