"""Amounts as people read them: whole hundredths in, "446.200 €" out."""

from fractions import Fraction
from functools import lru_cache

from babel.numbers import get_currency_name, get_currency_symbol, is_currency

from .languages import active_language

UNKNOWN_CURRENCY = "XXX"
"""ISO 4217's code for "no currency": the source of an imported round does not say which."""

NO_BREAK = "\N{NO-BREAK SPACE}"


def format_money(cents: int, currency: str, language: str | None = None) -> str:
    """Write an amount in the reader's language: `446.200 €`, `€446,200`, `12.500,50 PLN`.

    Hundredths are written only where there are any; the unknown currency is left out. A debt has
    a true minus sign, which screen readers say and lines do not break after.
    """
    language = language or active_language()
    amount = format_number(abs(cents) // 100, language)
    if hundredths := abs(cents) % 100:
        amount += f"{',' if language == 'it' else '.'}{hundredths:02d}"
    sign = "−" if cents < 0 else ""
    if currency == UNKNOWN_CURRENCY:
        return sign + amount
    symbol = _symbol(currency, language)
    if language == "it":
        return f"{sign}{amount}{NO_BREAK}{symbol}"
    return f"{sign}{symbol}{NO_BREAK if symbol[-1].isalpha() else ''}{amount}"


def format_number(number: int, language: str | None = None) -> str:
    """Write a whole number with the thousands separator of the reader's language."""
    separator = "." if (language or active_language()) == "it" else ","
    return f"{number:,}".replace(",", separator)


def format_percent(share: Fraction) -> str:
    """Write a share of one as a percentage with at most two decimals: `80 %`, `2.5%`."""
    return _percent(round(share * 10_000))


def format_share(part: int, whole: int) -> str:
    """Write how much of a whole number of people a part is, with at most one decimal: `12,5 %`."""
    return _percent(10 * round(Fraction(1000 * part, max(1, whole))))


def _percent(hundredths: int) -> str:
    whole, part = divmod(hundredths, 100)
    decimals = f"{decimal_mark()}{part:02d}".rstrip("0") if part else ""
    return f"{whole}{decimals}{NO_BREAK if active_language() == 'it' else ''}%"


def decimal_mark() -> str:
    """Return the mark between whole and part in the reader's language."""
    return "," if active_language() == "it" else "."


def currency_name(currency: str) -> str:
    """Name a currency in the reader's language, in the plural: "zloty polacchi".

    Empty if unknown.
    """
    if currency == UNKNOWN_CURRENCY:
        return ""
    return str(get_currency_name(currency, count=2, locale=active_language()))


@lru_cache(maxsize=64)
def _symbol(currency: str, language: str) -> str:
    return str(get_currency_symbol(currency, locale=language))


def is_iso_currency(code: str) -> bool:
    """Say whether three letters are a currency of ISO 4217, of today or of the past."""
    return bool(is_currency(code))
