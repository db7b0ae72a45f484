"""What can be done with a roll, and what can be asked of it.

Every function that changes one takes the person who does it, checks the right, runs in one
transaction and leaves a line in the log with its reason.
"""

from datetime import date

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from commons.models import Neighbourhood
from home.errors import DomainError, NotAllowedError

from . import fiscal_codes
from .models import Roll, RollDoubt, RollEntry, User

MANAGE = "residents.manage_roll"
OLDEST_AGE = 125


class RollLockedError(DomainError):
    """A vote has opened with this roll, and this is no longer possible."""


class RollEntryError(DomainError):
    """An entry that cannot be."""


def require_right(by: User) -> None:
    """Raise NotAllowedError unless the person may change rolls, as the database says now."""
    if not User.objects.get(pk=by.pk).has_perm(MANAGE):
        raise NotAllowedError(_("You may not change voter rolls."))


def lock_roll(*, roll: Roll) -> None:
    """Lock a roll, as a vote opens with it: from now on nobody is deleted from it. Never undone."""
    Roll.objects.filter(pk=roll.pk, locked_at=None).update(locked_at=Now())
    roll.refresh_from_db(fields=["locked_at"])


def find_entry(*, roll: Roll, fiscal_code: str) -> RollEntry | None:
    """Return the entry of the person with this codice fiscale, whatever its state, or None.

    Raises FiscalCodeError when the text is no codice fiscale.
    """
    code = fiscal_codes.parse(fiscal_code)
    return _entries(roll).filter(fiscal_code_hash=code.hash).first()


def check_birth_date(*, birth_date: date) -> None:
    """Raise RollEntryError for a birth date in the future or of somebody too old to be alive."""
    today = timezone.localdate()
    if birth_date > today:
        raise RollEntryError(_("This birth date is in the future."), field="birth_date")
    if today.year - birth_date.year > OLDEST_AGE:
        raise RollEntryError(
            _("This birth date is more than 125 years ago: is the year right?"), field="birth_date"
        )


@transaction.atomic
def add_entry(
    *,
    roll: Roll,
    fiscal_code: str,
    birth_date: date,
    neighbourhood: Neighbourhood | None,
    by: User,
) -> RollEntry:
    """Add one person; what is doubtful about the entry is noted for staff.

    Raises FiscalCodeError, RollEntryError when the person is there already or the birth date cannot
    be, NotAllowedError.
    """
    require_right(by)
    code = fiscal_codes.parse(fiscal_code)
    check_birth_date(birth_date=birth_date)
    try:
        with transaction.atomic():
            entry = RollEntry.objects.create(
                roll=roll,
                fiscal_code_hash=code.hash,
                base_hash=fiscal_codes.keyed_mark("base", code.base),
                birth_date=birth_date,
                neighbourhood=neighbourhood,
                source=RollEntry.Source.REQUEST,
            )
    except IntegrityError as error:
        raise RollEntryError(
            _("This person is on the roll already."), field="fiscal_code"
        ) from error
    _note_doubts(entry, code)
    log(instance=entry, action="residents.roll_entry.add", user=by)
    return entry


@transaction.atomic
def suspend(*, entry: RollEntry, reason: str, by: User) -> RollEntry:
    """Take the right to vote from an entry, which stays on the roll."""
    return _set_state(entry, RollEntry.State.SUSPENDED, reason, by, "residents.roll_entry.suspend")


@transaction.atomic
def reactivate(*, entry: RollEntry, reason: str, by: User) -> RollEntry:
    """Give the right to vote back to a suspended entry."""
    return _set_state(entry, RollEntry.State.ACTIVE, reason, by, "residents.roll_entry.reactivate")


@transaction.atomic
def settle_doubt(*, doubt: RollDoubt, note: str, by: User) -> None:
    """Note what people found about a doubt. Entries are not touched."""
    require_right(by)
    if not note.strip():
        raise RollEntryError(_("Write what you found."), field="note")
    doubt = RollDoubt.objects.select_for_update().get(pk=doubt.pk)
    if doubt.settled_at is not None:
        raise RollEntryError(_("Somebody has settled this doubt already."))
    doubt.note, doubt.settled_by, doubt.settled_at = note.strip(), by, timezone.now()
    doubt.save()
    log(
        instance=doubt.first,
        action="residents.roll_entry.settle",
        user=by,
        data={"reason": doubt.note},
    )


@transaction.atomic
def empty(*, roll: Roll, by: User) -> int:
    """Delete all entries of a roll that no vote has used, to import it again; return how many."""
    require_right(by)
    roll = Roll.objects.select_for_update().get(pk=roll.pk)
    if roll.is_locked:
        raise RollLockedError(
            _("A vote has opened with this roll: entries can be suspended, never deleted.")
        )
    RollDoubt.objects.filter(roll=roll).delete()
    with connection.cursor() as cursor:
        # Django would fetch a whole city first.
        cursor.execute("DELETE FROM residents_rollentry WHERE roll_id = %s", [roll.pk])
        deleted = cursor.rowcount
    log(instance=roll, action="residents.roll.empty", user=by, data={"entries": deleted})
    return deleted


def _entries(roll: Roll) -> QuerySet[RollEntry]:
    return RollEntry.objects.filter(roll=roll).select_related("roll", "neighbourhood")


def _set_state(entry: RollEntry, state: str, reason: str, by: User, action: str) -> RollEntry:
    require_right(by)
    reason = reason.strip()
    if not reason:
        raise RollEntryError(_("Write the reason: it stays in the log."), field="reason")
    entry = RollEntry.objects.select_for_update().get(pk=entry.pk)
    if entry.state == state:
        raise RollEntryError(_("Somebody has done this already."))
    entry.state, entry.state_reason = state, reason
    entry.save(update_fields=["state", "state_reason"])
    log(instance=entry, action=action, user=by, data={"reason": reason})
    return entry


def _note_doubts(entry: RollEntry, code: fiscal_codes.FiscalCode) -> None:
    twins = (
        RollEntry.objects.filter(roll=entry.roll, base_hash=entry.base_hash)
        .exclude(pk=entry.pk)
        .order_by("pk")
    )
    doubts = [
        RollDoubt(roll=entry.roll, kind=RollDoubt.Kind.OMOCODIA, first=twin, second=entry)
        for twin in twins
    ]
    if not code.agrees_with(entry.birth_date):
        doubts.append(RollDoubt(roll=entry.roll, kind=RollDoubt.Kind.BIRTH_DATE, first=entry))
    RollDoubt.objects.bulk_create(doubts, ignore_conflicts=True)
