"""What the pages of rounds show."""

from datetime import datetime

from django import template

from home.dates import format_day_and_time

register = template.Library()


@register.filter
def moment(when: datetime) -> str:
    """Write a moment in the city's time: 12 marzo 2027, 10:00."""
    return format_day_and_time(when)
