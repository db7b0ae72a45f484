"""The city's colour must be readable; its shades follow from it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from home.colours import contrast_with_white, shade, tint
from home.models import CitySettings


@pytest.mark.parametrize(
    ("colour", "ratio"), [("#000000", 21), ("#ffffff", 1), ("#767676", 4.54), ("#0066cc", 5.57)]
)
def test_contrast_is_as_the_guidelines_define_it(colour, ratio):
    assert contrast_with_white(colour) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("colour", ["red", "#06c", "#0066cg", "0066cc", "#0066cc;}"])
def test_what_is_not_a_colour_is_refused(colour):
    with pytest.raises(ValueError, match="six digits"):
        contrast_with_white(colour)


def test_shades_are_darker_and_tints_lighter():
    ratios = [
        contrast_with_white(c) for c in (tint("#0066cc", 0.1), "#0066cc", shade("#0066cc", 0.5))
    ]
    assert ratios == sorted(ratios)


@pytest.mark.django_db
class TestSettings:
    @pytest.mark.parametrize("colour", ["#ffcc00", "#777777", "blue", "#06c"])
    def test_an_unreadable_colour_is_refused_at_its_field(self, colour):
        city = CitySettings.objects.get()
        city.primary_colour = colour
        with pytest.raises(ValidationError) as refused:
            city.full_clean()
        assert list(refused.value.message_dict) == ["primary_colour"]

    def test_a_readable_one_is_taken(self):
        city = CitySettings.objects.get()
        city.primary_colour = "#7A1F5C"
        city.full_clean()

    def test_the_database_takes_nothing_that_could_leave_the_style_sheet(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            CitySettings.objects.update(primary_colour="red;}*{")
