"""Dates as people write them."""

from datetime import UTC, date, datetime

from django.utils.translation import override

from home.dates import format_day, format_moment


def test_italian_dates_have_small_letters_and_no_leading_zero():
    with override("it"):
        assert format_day(date(2023, 4, 3)) == "3 aprile 2023"
        moment = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
        assert format_moment(moment) == "domenica 22 novembre 2026, ore 9:30"
