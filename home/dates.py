"""Writing dates and moments as people do in the language that is active."""

import datetime

from django.utils.formats import date_format
from django.utils.timezone import is_aware, localtime

from .languages import active_language


def format_day(day: datetime.date) -> str:
    """Write a day in full: “3 aprile 2023”. An aware moment is taken in local time."""
    return _written(day, "DATE_FORMAT")


def format_moment(moment: datetime.datetime) -> str:
    """Write a moment in full: “domenica 22 novembre 2026, ore 9:30”, in local time."""
    return _written(moment, "DATETIME_FORMAT")


def format_day_and_time(moment: datetime.datetime) -> str:
    """Write a moment in short: “12 marzo 2027, 10:00”, in local time."""
    return f"{format_day(moment)}, {localtime(moment):%H:%M}"


def format_start(moment: datetime.datetime) -> str:
    """Write when something begins, in local time; midnight is the day alone."""
    return format_day(moment) if _is_midnight(moment) else format_day_and_time(moment)


def format_end(moment: datetime.datetime) -> str:
    """Write until when something lasts, in local time; midnight is the whole day before it."""
    if _is_midnight(moment):
        return format_day(moment - datetime.timedelta(minutes=1))
    return format_day_and_time(moment)


def _is_midnight(moment: datetime.datetime) -> bool:
    local = localtime(moment)
    return (local.hour, local.minute) == (0, 0)


def _written(when: datetime.date, name: str) -> str:
    if isinstance(when, datetime.datetime) and is_aware(when):
        when = localtime(when)
    text = str(date_format(when, name))
    # Django writes Italian months and days of the week with a capital letter.
    return text.lower() if active_language() == "it" else text
