"""The rules of a round, in the reader's language."""

from fractions import Fraction

from django.utils import translation

from budgeting.rule_sentences import percent


def test_a_share_has_the_decimal_mark_of_the_language():
    with translation.override("it"):
        assert percent(Fraction(1, 8)) == "12,5 %"
    with translation.override("en"):
        assert percent(Fraction(1, 8)) == "12.5 %"
