"""Amounts and shares as people write them."""

import pytest
from django.template import Context, Template
from django.utils import translation

from home.templatetags.rione import icon, money, percent_of


@pytest.mark.parametrize(
    ("cents", "currency", "italian", "english"),
    [
        (1_250_000, "EUR", "12.500\u00a0€", "€12,500"),
        (1_250_050, "EUR", "12.500,50\u00a0€", "€12,500.50"),
        (5, "EUR", "0,05\u00a0€", "€0.05"),
        (0, "EUR", "0\u00a0€", "€0"),
        (-100, "EUR", "−1\u00a0€", "−€1"),
        (100_000_000, "PLN", "1.000.000\u00a0PLN", "PLN\u00a01,000,000"),
        (5_000, "XXX", "50", "50"),
        (1_000, "CAD", "10\u00a0CA$", "CA$10"),
        (None, "EUR", "", ""),
    ],
)
def test_money(cents, currency, italian, english):
    for language, text in (("it", italian), ("en", english)):
        with translation.override(language):
            assert money(cents, currency) == text


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(1, 4, 25), (5, 4, 100), (-1, 4, 0), (1, 0, 0), (None, 3, 0)]
)
def test_shares_stay_between_nothing_and_all(part, whole, share):
    assert percent_of(part, whole) == share


def test_a_bar_is_drawn_with_points_in_every_language():
    with translation.override("it"):
        text = Template(
            '{% include "components/progress_bar.html" with value=1 whole=3 label="un terzo" %}'
        ).render(Context())
    assert 'width="33.33"' in text


def test_an_icon_is_skipped_or_named():
    assert 'aria-hidden="true"' in icon("it-calendar")
    assert 'aria-label="Data &lt;b&gt;"' in icon("it-calendar", label="Data <b>")
    with pytest.raises(KeyError):
        icon("it-nothing")
