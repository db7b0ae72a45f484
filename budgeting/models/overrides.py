"""Decisions of two people that stand above the rule, and what they add to the record of a count."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from budgeting.tally.overrides import OverrideKind

from .acts import JointAct
from .projects import Project
from .rounds import Contest, Round

SHA256 = r"^[0-9a-f]{64}$"


class OverrideQuerySet(models.QuerySet["Override"]):
    """Decisions by round and by what they do."""

    def of(self, round: Round) -> Self:
        """Return the decisions on a round, in the order in which they were made."""
        return self.filter(contest__scope__round=round).order_by("made_at", "pk")

    def in_force(self) -> Self:
        """Return those that nobody has revoked."""
        return self.filter(revoked_by=None)

    def after_the_count(self) -> Self:
        """Return the annotations beside a result."""
        return self.filter(kind__in=AFTER)

    def before_the_count(self) -> Self:
        """Return the changes of what was counted."""
        return self.filter(kind__in=BEFORE)


class Override(models.Model):
    """One decision: an input changed before the count, or a note beside the result after it.

    `amount` is the new cost or budget, or what another fund pays; `amount_before` what stood in the
    frozen rules or in the change before this one; all in hundredths of the round's currency. Rows
    are never changed or deleted, which a database trigger refuses: a note that no longer holds gets
    the act that revoked it.
    """

    class Kind(models.TextChoices):
        COST = OverrideKind.COST.value, _("cost changed before the count")
        BUDGET = OverrideKind.BUDGET.value, _("budget changed before the count")
        FUNDED_ELSEWHERE = OverrideKind.FUNDED_ELSEWHERE.value, _("another fund pays")
        WITHDRAWN_AFTERWARDS = (
            OverrideKind.WITHDRAWN_AFTERWARDS.value,
            _("withdrawn after the vote"),
        )

    act = models.OneToOneField(
        JointAct, verbose_name=_("act"), on_delete=models.PROTECT, related_name="override"
    )
    contest = models.ForeignKey(
        Contest, verbose_name=_("contest"), on_delete=models.PROTECT, related_name="overrides"
    )
    project = models.ForeignKey(
        Project,
        verbose_name=_("project"),
        null=True,
        on_delete=models.PROTECT,
        related_name="overrides",
    )
    kind = models.CharField(_("decision"), max_length=20, choices=Kind)
    amount = models.PositiveBigIntegerField(_("amount"), null=True)
    amount_before = models.PositiveBigIntegerField(_("amount before"), null=True)
    payer = models.CharField(_("who pays"), max_length=200, blank=True)
    reason = models.TextField(_("reason"))
    made_at = models.DateTimeField(_("decided"))
    revoked_by = models.OneToOneField(
        JointAct,
        verbose_name=_("revoked by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="revoked_override",
    )

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision above the rule")
        verbose_name_plural = _("decisions above the rule")
        ordering = ["made_at", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="budgeting_override_project_unless_budget",
                condition=Q(kind="budget", project__isnull=True)
                | (~Q(kind="budget") & Q(project__isnull=False)),
            ),
            models.CheckConstraint(
                name="budgeting_override_amounts",
                condition=(
                    Q(kind__in=["cost", "budget"], amount__isnull=False)
                    & Q(amount_before__isnull=False)
                    & ~Q(amount=F("amount_before"))
                )
                | Q(kind="funded-elsewhere", amount__gt=0, amount_before__isnull=True)
                | Q(
                    kind="withdrawn-afterwards",
                    amount__isnull=True,
                    amount_before__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="budgeting_override_payer_of_other_money",
                condition=(Q(kind="funded-elsewhere") & ~Q(payer_it="") & Q(payer_it__isnull=False))
                | (
                    ~Q(kind="funded-elsewhere")
                    & (Q(payer_it__isnull=True) | Q(payer_it=""))
                    & (Q(payer_en__isnull=True) | Q(payer_en=""))
                ),
            ),
            models.CheckConstraint(
                name="budgeting_override_reason_in_both_languages",
                condition=Q(reason_it__isnull=False, reason_en__isnull=False)
                & ~Q(reason_it="")
                & ~Q(reason_en=""),
            ),
            models.CheckConstraint(
                name="budgeting_override_only_notes_are_revoked",
                condition=Q(revoked_by__isnull=True)
                | Q(kind__in=["funded-elsewhere", "withdrawn-afterwards"]),
            ),
            models.CheckConstraint(
                name="budgeting_override_revoked_by_another_act",
                condition=Q(revoked_by__isnull=True) | ~Q(revoked_by=F("act")),
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(
                    kind__in=["funded-elsewhere", "withdrawn-afterwards"], revoked_by__isnull=True
                ),
                name="budgeting_override_one_note_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.project or self.contest}"

    @property
    def is_before(self) -> bool:
        """Whether what is counted changed; otherwise it is a note beside the result."""
        return self.kind in BEFORE


BEFORE = (Override.Kind.COST, Override.Kind.BUDGET)
AFTER = (Override.Kind.FUNDED_ELSEWHERE, Override.Kind.WITHDRAWN_AFTERWARDS)


class RecordAddendum(models.Model):
    """A numbered document added to the record of a contest: a note made or revoked.

    `document` is canonical JSON (RFC 8785) that names the SHA-256 of the record and of the addendum
    before it; `sha256` is the hash of its UTF-8 bytes. Database triggers refuse any change.
    """

    contest = models.ForeignKey(
        Contest, verbose_name=_("contest"), on_delete=models.PROTECT, related_name="addenda"
    )
    number = models.PositiveIntegerField(_("number"), help_text=_("From 1."))
    act = models.OneToOneField(
        JointAct, verbose_name=_("act"), on_delete=models.PROTECT, related_name="record_addendum"
    )
    document = models.TextField(_("document"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("addendum to a record")
        verbose_name_plural = _("addenda to records")
        ordering = ["contest", "number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "number"], name="budgeting_recordaddendum_numbered"
            ),
            models.CheckConstraint(
                name="budgeting_recordaddendum_sha256", condition=Q(sha256__regex=SHA256)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest} · {self.number}"

    def file_name(self, ending: str, language: str = "") -> str:
        """Name a file of this addendum, beside those of the record: `addendum-1-it.pdf`."""
        return "-".join(filter(None, (f"addendum-{self.number}", language))) + f".{ending}"


class AddendumFile(models.Model):
    """An addendum as people read it: a page or a PDF in one language, kept as it was written."""

    wagtail_reference_index_ignore = True

    addendum = models.ForeignKey(
        RecordAddendum, verbose_name=_("addendum"), on_delete=models.CASCADE, related_name="files"
    )
    name = models.CharField(_("name"), max_length=80)
    content = models.BinaryField(_("bytes"))

    class Meta:
        verbose_name = _("file of an addendum")
        verbose_name_plural = _("files of addenda")
        ordering = ["addendum", "name"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["addendum", "name"], name="budgeting_addendumfile_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
