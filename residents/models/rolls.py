"""The rolls that say who may vote, and the imports that fill them."""

import secrets
import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commons.models import Neighbourhood

from ..ages import age_on
from .conditions import is_sha256

VOTING_ID_BYTES = 16


class RollQuerySet(models.QuerySet["Roll"]):
    def with_entry_count(self) -> "RollQuerySet":
        """Add `entry_count`, in the same query."""
        return self.annotate(entry_count=models.Count("entries"))


class Roll(models.Model):
    """The people who may vote, as of a reference date; a round points to one."""

    name = models.CharField(_("name"), max_length=160, unique=True)
    reference_date = models.DateField(
        _("reference date"),
        help_text=_("Age and residence are taken on this day."),
    )
    locked_at = models.DateTimeField(
        _("locked since"),
        null=True,
        editable=False,
        help_text=_(
            "From the opening of a vote on, entries are added or suspended, never deleted."
        ),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RollQuerySet.as_manager()

    class Meta:
        verbose_name = _("voter roll")
        verbose_name_plural = _("voter rolls")
        ordering = ["-reference_date", "name"]
        permissions = [("manage_roll", _("Can import, add to and suspend from voter rolls"))]

    def __str__(self) -> str:
        return self.name

    @property
    def is_locked(self) -> bool:
        """Whether a vote has opened with this roll."""
        return self.locked_at is not None


def new_voting_id() -> bytes:
    """Return 128 random bits."""
    return secrets.token_bytes(VOTING_ID_BYTES)


class RollEntry(models.Model):
    """One person on a roll; the codice fiscale is kept only as a keyed hash.

    `base_hash` is equal for codes that differ only by omocodia. `voting_id` is what the ballot box
    knows a person by; it never changes.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("may vote")
        SUSPENDED = "suspended", _("suspended")

    class Source(models.TextChoices):
        REGISTRY = "registry", _("registry office")
        REQUEST = "request", _("request accepted by staff")

    roll = models.ForeignKey(
        Roll, verbose_name=_("voter roll"), on_delete=models.PROTECT, related_name="entries"
    )
    fiscal_code_hash = models.BinaryField(_("hash of the codice fiscale"), max_length=32)
    base_hash = models.BinaryField(_("hash without omocodia"), max_length=32, null=True)
    voting_id = models.BinaryField(
        max_length=VOTING_ID_BYTES, unique=True, default=new_voting_id, editable=False
    )
    birth_date = models.DateField(_("birth date"))
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        verbose_name=_("neighbourhood"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE)
    state_reason = models.CharField(_("reason"), max_length=250, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.REGISTRY)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("roll entry")
        verbose_name_plural = _("roll entries")
        ordering = ["roll", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["roll", "fiscal_code_hash"], name="residents_rollentry_one_per_person"
            ),
            models.CheckConstraint(
                name="residents_rollentry_hash_is_sha256", condition=is_sha256("fiscal_code_hash")
            ),
            models.CheckConstraint(
                name="residents_rollentry_base_is_sha256",
                condition=Q(base_hash__isnull=True) | is_sha256("base_hash"),
            ),
            models.CheckConstraint(
                name="residents_rollentry_suspended_with_reason",
                condition=~Q(state="suspended") | ~Q(state_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["roll", "base_hash"], name="residents_rollentry_base"),
            models.Index(fields=["fiscal_code_hash"], name="residents_rollentry_person"),
        ]

    def __str__(self) -> str:
        return f"{self.roll} · {self.pk}"

    def age_on(self, day: date) -> int:
        """Return the age in whole years on a day."""
        return age_on(self.birth_date, day)


class RollDoubt(models.Model):
    """Something about one or two entries that people must look at; the program merges nobody."""

    class Kind(models.TextChoices):
        OMOCODIA = "omocodia", _("codes equal but for omocodia")
        NAMESAKE = "namesake", _("same name and birth date")
        BIRTH_DATE = "birth_date", _("birth date is not the one in the code")

    roll = models.ForeignKey(
        Roll, verbose_name=_("voter roll"), on_delete=models.CASCADE, related_name="doubts"
    )
    kind = models.CharField(_("doubt"), max_length=12, choices=Kind)
    first = models.ForeignKey(
        RollEntry, verbose_name=_("entry"), on_delete=models.CASCADE, related_name="doubts"
    )
    second = models.ForeignKey(
        RollEntry,
        verbose_name=_("other entry"),
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
    )
    found_at = models.DateTimeField(_("found"), auto_now_add=True)
    settled_at = models.DateTimeField(_("settled"), null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("settled by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
    )
    note = models.CharField(_("what was found"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("doubt about the roll")
        verbose_name_plural = _("doubts about the roll")
        ordering = ["roll", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "first", "second"],
                name="residents_rolldoubt_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="residents_rolldoubt_settled_whole",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(note="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class RollImport(models.Model):
    """A file that was read and waits for somebody to confirm it: hashes and dates, never names.

    The file itself is not kept. What waits for too long is deleted; a finished import keeps its
    figures.
    """

    class State(models.TextChoices):
        FAULTY = "faulty", _("to be put right")
        READY = "ready", _("ready to import")
        DONE = "done", _("imported")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    roll = models.ForeignKey(
        Roll, verbose_name=_("voter roll"), on_delete=models.CASCADE, related_name="imports"
    )
    state = models.CharField(_("state"), max_length=10, choices=State)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    started_at = models.DateTimeField(_("read"), auto_now_add=True)
    finished_at = models.DateTimeField(_("imported"), null=True)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    fault_count = models.PositiveIntegerField(_("faults"), default=0)
    notice_count = models.PositiveIntegerField(_("notices"), default=0)
    new_count = models.PositiveIntegerField(_("new people"), default=0)
    changed_count = models.PositiveIntegerField(_("corrected"), default=0)
    unchanged_count = models.PositiveIntegerField(_("already on the roll"), default=0)

    class Meta:
        verbose_name = _("import of a roll")
        verbose_name_plural = _("imports of rolls")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.roll} · {self.started_at:%d.%m.%Y %H:%M}"


class ImportedRow(models.Model):
    """A row of a file that waits; no person can be read from it without the roll's secret."""

    import_of = models.ForeignKey(RollImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    fiscal_code_hash = models.BinaryField(max_length=32)
    base_hash = models.BinaryField(max_length=32)
    name_mark = models.BinaryField(max_length=32, null=True)
    birth_date = models.DateField()
    neighbourhood = models.ForeignKey(
        Neighbourhood, on_delete=models.CASCADE, related_name="+", null=True
    )
    birth_date_disagrees = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        indexes = [
            models.Index(fields=["import_of", "fiscal_code_hash"], name="residents_importedrow_cf")
        ]

    def __str__(self) -> str:
        return f"{self.line}"


class ImportProblem(models.Model):
    """What is wrong, or worth a look, in one row of a file; the wording is in `roll_files`."""

    import_of = models.ForeignKey(RollImport, on_delete=models.CASCADE, related_name="problems")
    line = models.PositiveIntegerField(_("line"))
    column = models.CharField(_("column"), max_length=20, blank=True)
    code = models.CharField(max_length=30)
    detail = models.CharField(max_length=120, blank=True)
    is_fault = models.BooleanField(_("must be put right"))

    class Meta:
        verbose_name = _("problem in an import")
        verbose_name_plural = _("problems in an import")
        ordering = ["-is_fault", "line", "pk"]

    def __str__(self) -> str:
        return f"{self.line}: {self.code}"
