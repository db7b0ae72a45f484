"""Amounts of money as people type them: read, checked, and shown again in the form."""

import re
from functools import cache

from babel.core import get_global
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from home.money import decimal_mark, format_number

CENTS = 100
# Beyond this PostgreSQL's bigint and JSON's exact numbers (RFC 8785) are both far away.
MOST_CENTS = 10**13

# 12500 · 12500,5 · 12.500,00 · 12,500.00; three digits after a mark are thousands, never decimals.
_PLAIN = re.compile(r"(?P<whole>[0-9]+)(?:[.,](?P<part>[0-9]{1,2}))?")
_ITALIAN = re.compile(r"(?P<whole>[0-9]{1,3}(?:\.[0-9]{3})+)(?:,(?P<part>[0-9]{1,2}))?")
_ENGLISH = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(?P<part>[0-9]{1,2}))?")
_IGNORED = re.compile(r"[\s€\u00a0\u202f]")


@cache
def currencies_in_use() -> frozenset[str]:
    """Return the ISO 4217 codes that are legal tender somewhere today (from Unicode's CLDR)."""
    return frozenset(
        code
        for used in get_global("territory_currencies").values()
        for code, _start, end, is_tender in used
        if is_tender and end is None
    )


def check_currency(code: str) -> None:
    """Raise ValidationError unless the three letters are a currency in use."""
    if code not in currencies_in_use():
        raise ValidationError(
            _("“%(code)s” is not a currency. Write the three letters of ISO 4217, such as EUR."),
            code="currency",
            params={"code": code},
        )


def parse_money(text: str) -> int:
    """Return the hundredths in an amount as people type it; raise ValidationError."""
    typed = _IGNORED.sub("", text)
    for pattern in (_PLAIN, _ITALIAN, _ENGLISH):
        if match := pattern.fullmatch(typed):
            whole = int(match["whole"].replace(".", "").replace(",", ""))
            cents = whole * CENTS + int((match["part"] or "0").ljust(2, "0"))
            if cents > MOST_CENTS:
                raise ValidationError(
                    _("This amount is too large: check the zeros."), code="too_large"
                )
            return cents
    raise ValidationError(
        _("“%(text)s” is not an amount. Write it in figures, such as 12,500.00."),
        code="money",
        params={"text": text.strip()},
    )


def type_money(cents: int) -> str:
    """Write hundredths as a form field shows them: 12.500,00 or 12,500.00, by the reader."""
    whole, part = divmod(cents, CENTS)
    return f"{format_number(whole)}{decimal_mark()}{part:02d}"
