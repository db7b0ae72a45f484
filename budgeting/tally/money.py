"""Amounts of money as whole numbers of the smallest unit an election uses.

A file writes ``4000`` or ``4000.50``; the election keeps 4000 with scale 0 or 400050 with scale 2.
The scale is the number of decimals; no float is involved anywhere.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from math import floor

_DECIMAL = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{0,30})?([eE][+-]?[0-9]{1,2})?", re.ASCII)


def parse_decimal(text: str) -> Decimal | None:
    """Read a finite decimal number written with a point; None when the text is anything else."""
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def decimals(amount: Decimal) -> int:
    """Say how many decimals an amount really needs (``4000.0`` needs none)."""
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def to_units(amount: Decimal, scale: int) -> int:
    """Turn an amount in the major unit into whole smallest units (scale must be large enough)."""
    factor: int = 10**scale
    units = Fraction(amount) * factor
    if units.denominator != 1:
        raise ValueError(f"{amount} does not fit in {scale} decimals")
    return units.numerator


def nearest(amount: Fraction | int) -> int:
    """Round to a whole number, a half up: the one rounding of all amounts that people read."""
    return floor(amount + Fraction(1, 2))


def tenths(hundredths: int) -> tuple[int, int]:
    """Round hundredths to the whole part and one decimal."""
    return divmod(nearest(Fraction(hundredths, 10)), 10)


def format_units(units: int, scale: int) -> str:
    """Write smallest units as a plain decimal: 400050 with scale 2 is ``4000.50``."""
    if scale == 0:
        return str(units)
    sign = "-" if units < 0 else ""
    whole, rest = divmod(abs(units), 10**scale)
    return f"{sign}{whole}.{rest:0{scale}d}"
