"""How old people are."""

from datetime import date


def age_on(born: date, day: date) -> int:
    """Return the age in whole years on a day; who was born on 29 February ages on 1 March."""
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (0 if had_birthday else 1)
