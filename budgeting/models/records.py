"""The count record and the recount kit as they were written once, byte for byte."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .results import Count
from .rounds import Round


class RecordFile(models.Model):
    """One file of a count: the record in a form, the ballots, the whole kit.

    Its bytes are those of its parts, one after the other. The row is there before them, without a
    hash; once it has one, database triggers refuse any change of it and any other part: what was
    signed and published is never written anew.
    """

    count = models.ForeignKey(
        Count, verbose_name=_("count"), on_delete=models.CASCADE, related_name="files"
    )
    name = models.CharField(_("name"), max_length=80)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    crc32 = models.PositiveBigIntegerField(_("CRC-32, as ZIP archives have it"), default=0)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)

    class Meta:
        verbose_name = _("file of a count")
        verbose_name_plural = _("files of counts")
        ordering = ["count", "name"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["count", "name"], name="budgeting_recordfile_once"),
            models.CheckConstraint(
                name="budgeting_recordfile_sha256", condition=Q(sha256__regex=r"^([0-9a-f]{64})?$")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RecordPart(models.Model):
    """Some bytes of a file, so that no file is ever in memory whole."""

    wagtail_reference_index_ignore = True

    file = models.ForeignKey(
        RecordFile, verbose_name=_("file"), on_delete=models.CASCADE, related_name="parts"
    )
    number = models.PositiveIntegerField(_("number"), help_text=_("From 1."))
    content = models.BinaryField(_("bytes"))

    class Meta:
        verbose_name = _("part of a file")
        verbose_name_plural = _("parts of files")
        ordering = ["file", "number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="budgeting_recordpart_once"),
        ]

    def __str__(self) -> str:
        return f"{self.file} · {self.number}"


class CountRun(models.Model):
    """That somebody asked for the count of a round, and how the background task ended."""

    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.PROTECT, related_name="count_runs"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    problem = models.TextField(_("what went wrong"), blank=True)

    class Meta:
        verbose_name = _("count asked for")
        verbose_name_plural = _("counts asked for")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["round"],
                condition=models.Q(ended_at__isnull=True),
                name="budgeting_countrun_one_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.asked_at:%Y-%m-%d}"
