"""Looking somebody up on a roll by the whole code: limited, and written into the log."""

from django.utils.translation import gettext as _
from wagtail.log_actions import log

from home import limits
from home.errors import DomainError

from . import rolls
from .models import Roll, RollEntry, User

LOOK_UPS = (
    limits.Limit("roll look-up", times=60, seconds=limits.HOUR),
    limits.Limit("roll look-up", times=300, seconds=limits.DAY),
)


def look_up(*, roll: Roll, fiscal_code: str, by: User) -> RollEntry:
    """Return the entry with this code. Raises DomainError for the field `fiscal_code`.

    The caller has asked whether the person may look. Whether anybody is found or not, it counts
    and is logged, because whoever could try codes without end could copy the roll.
    """
    # Every limit counts, so all are taken.
    taken = [limits.take(limit, subject=str(by.pk)) for limit in LOOK_UPS]
    if not all(taken):
        raise DomainError(
            _("Too many look-ups: 60 an hour and 300 a day are possible. Go on later."),
            field="fiscal_code",
        )
    log(instance=roll, action="residents.roll.look_up", user=by)
    try:
        entry = rolls.find_entry(roll=roll, fiscal_code=fiscal_code)
    except DomainError as error:
        raise DomainError(error.message, field="fiscal_code") from error
    if entry is None:
        raise DomainError(
            _("Nobody with this codice fiscale is on this roll."), field="fiscal_code"
        )
    return entry
