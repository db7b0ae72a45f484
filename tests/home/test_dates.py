"""Dates as people write them."""

from datetime import UTC, date, datetime

from django.utils.formats import date_format
from django.utils.translation import override

from home.dates import format_day, format_day_and_time, format_end, format_moment, format_start


def test_italian_dates_have_small_letters_and_no_leading_zero():
    with override("it"):
        assert format_day(date(2023, 4, 3)) == "3 aprile 2023"
        moment = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
        assert format_moment(moment) == "domenica 22 novembre 2026, ore 9:30"


def test_english_days_stand_before_the_month_as_everywhere_in_europe():
    with override("en"):
        assert format_day(date(2023, 4, 3)) == "3 April 2023"
        moment = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
        assert format_moment(moment) == "Sunday 22 November 2026, 9:30"
        assert format_day_and_time(moment) == "22 November 2026, 09:30"
        assert date_format(date(2023, 4, 3), "SHORT_DATE_FORMAT") == "3 Apr 2023"


def test_midnight_in_the_city_begins_a_day_and_ends_the_one_before():
    midnight = datetime(2027, 3, 11, 23, 0, tzinfo=UTC)
    with override("it"):
        assert format_start(midnight) == "12 marzo 2027"
        assert format_end(midnight) == "11 marzo 2027"
        assert format_start(midnight.replace(hour=9)) == "11 marzo 2027, 10:00"
