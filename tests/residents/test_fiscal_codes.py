"""Which codici fiscali can exist, and what they say."""

import datetime

import pytest
from django.utils import translation

from residents import fiscal_codes


@pytest.mark.parametrize(
    ("text", "birth_date"),
    [
        ("RSSMRA80A01H501U", datetime.date(1980, 1, 1)),
        (" rss mra 80a01 h501u ", datetime.date(1980, 1, 1)),
        ("BNCLRA05M41H501H", datetime.date(2005, 8, 1)),  # a woman: the day is written plus 40
    ],
)
def test_a_personal_code_says_the_birth_date(text, birth_date) -> None:
    assert fiscal_codes.parse(text).birth_date == birth_date


def test_codes_equal_but_for_omocodia_share_their_base_and_not_their_hash() -> None:
    plain = fiscal_codes.parse("RSSMRA80A01H501U")
    changed = "RSSMRA80A01H50M"
    twin = fiscal_codes.parse(changed + fiscal_codes.codicefiscale.encode_cin(changed))
    assert twin.base == plain.base
    assert twin.hash != plain.hash
    assert twin.birth_date == plain.birth_date


def test_provisional_codes_are_eleven_digits_with_a_check_digit() -> None:
    code = fiscal_codes.parse("12345678903")
    assert code.birth_date is None
    assert code.agrees_with(datetime.date(1999, 9, 9))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "missing"),
        ("RSSMRA80A01H501X", "last letter"),
        ("12345678901", "last digit"),
        ("RSSMRA80A01", "16 letters"),
        ("RSSMRA80A99H501" + fiscal_codes.codicefiscale.encode_cin("RSSMRA80A99H501"), "day"),
    ],
)
def test_what_is_wrong_is_said(text, says) -> None:
    with translation.override("en"), pytest.raises(fiscal_codes.FiscalCodeError, match=says):
        fiscal_codes.parse(text)


def test_a_person_of_over_a_hundred_agrees_with_a_code_of_two_digits() -> None:
    code = fiscal_codes.parse(
        "RSSMRA20A01H501" + fiscal_codes.codicefiscale.encode_cin("RSSMRA20A01H501")
    )
    assert code.birth_date == datetime.date(2020, 1, 1)
    assert code.agrees_with(datetime.date(1920, 1, 1))
    assert not code.agrees_with(datetime.date(1921, 1, 1))


def test_the_hash_depends_on_the_secret(settings) -> None:
    before = fiscal_codes.parse("RSSMRA80A01H501U").hash
    settings.ROLL_SECRET = "another secret of thirty-two characters"
    assert fiscal_codes.parse("RSSMRA80A01H501U").hash != before
    assert len(before) == 32
