"""The codice fiscale: whether one can exist, what it says, and its keyed hash.

The code itself is never stored: with its sixteen characters anyone could be looked up, and most
codes can be guessed from name and birth date. Only the hash under `ROLL_SECRET` is kept.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import date

from codicefiscale import codicefiscale
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from home.errors import DomainError

_DIGIT = "[0-9LMNPQRSTUV]"
_PERSONAL = re.compile(f"[A-Z]{{6}}{_DIGIT}{{2}}[ABCDEHLMPRST]{_DIGIT}{{2}}[A-Z]{_DIGIT}{{3}}[A-Z]")
_PROVISIONAL = re.compile(r"[0-9]{11}")


class FiscalCodeError(DomainError):
    """A text that is no codice fiscale."""


@dataclass(frozen=True)
class FiscalCode:
    """A valid codice fiscale, in capitals.

    `birth_date` is what the code says: the century is not in it, so it is the latest possible one;
    None for a provisional code. `base` is equal for codes that differ only by omocodia.
    """

    text: str
    birth_date: date | None
    base: str

    @property
    def hash(self) -> bytes:
        """The keyed hash under which this person is on the rolls, 32 bytes."""
        return keyed_hash(self.text)

    def agrees_with(self, birth_date: date) -> bool:
        """Return whether the code can belong to somebody born on this day, in any century."""
        own = self.birth_date
        if own is None:
            return True
        return (own.year % 100, own.month, own.day) == (
            birth_date.year % 100,
            birth_date.month,
            birth_date.day,
        )


def parse(text: str) -> FiscalCode:
    """Read a codice fiscale as people write it; raise FiscalCodeError saying what is wrong.

    Personal codes may carry letters for digits (omocodia); provisional ones are eleven digits with
    a check digit. Neither is looked up anywhere.
    """
    code = re.sub(r"[\s.\-]", "", text).upper()
    if not code:
        raise FiscalCodeError(_("The codice fiscale is missing."))
    if _PROVISIONAL.fullmatch(code):
        if not _provisional_check_digit_fits(code):
            raise FiscalCodeError(
                _("The last digit of this provisional codice fiscale does not fit: a typing error?")
            )
        return FiscalCode(text=code, birth_date=None, base=code)
    if not _PERSONAL.fullmatch(code):
        raise FiscalCodeError(
            _("A codice fiscale has 16 letters and digits, a provisional one 11 digits.")
        )
    if codicefiscale.encode_cin(code) != code[15]:
        raise FiscalCodeError(
            _("The last letter of this codice fiscale does not fit: a typing error?")
        )
    base = _without_omocodia(code)
    return FiscalCode(text=code, birth_date=_birth_date(base), base=base)


def keyed_hash(code: str) -> bytes:
    """Return HMAC-SHA-256(ROLL_SECRET, code), 32 bytes."""
    return hmac.new(settings.ROLL_SECRET.encode(), code.encode(), hashlib.sha256).digest()


def keyed_mark(kind: str, text: str) -> bytes:
    """Return a keyed hash of another fact (a name, a base code) that is compared, never kept."""
    return hmac.new(
        settings.ROLL_SECRET.encode(), f"{kind}|{text}".encode(), hashlib.sha256
    ).digest()


# Where a digit may have become a letter, and which letter stands for which digit.
# D.M. 23 December 1976, art. 6.
_DIGIT_PLACES = (6, 7, 9, 10, 12, 13, 14)
_LETTER_TO_DIGIT = str.maketrans("LMNPQRSTUV", "0123456789")
_MONTHS = "ABCDEHLMPRST"


def _without_omocodia(code: str) -> str:
    characters = list(code[:15])
    for place in _DIGIT_PLACES:
        characters[place] = characters[place].translate(_LETTER_TO_DIGIT)
    # The check letter changes with the others, so it is left out.
    return "".join(characters)


def _birth_date(base: str) -> date:
    year, month, day = int(base[6:8]), _MONTHS.index(base[8]) + 1, int(base[9:11])
    day -= 40 if day > 40 else 0  # a woman's day of birth is written plus 40
    today = timezone.localdate()
    this_century = today.year // 100 * 100
    for century in (this_century, this_century - 100):
        try:
            born = date(century + year, month, day)
        except ValueError:
            continue  # 29 February exists in one century and not in the other
        if born <= today:
            return born
    raise FiscalCodeError(
        _("This codice fiscale carries a day of birth that does not exist: a typing error?")
    )


def _provisional_check_digit_fits(code: str) -> bool:
    # As for a partita IVA: every second digit is doubled, and its own digits summed.
    total = 0
    for place, character in enumerate(code):
        digit = int(character) * (1 + place % 2)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0
