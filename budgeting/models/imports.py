"""What a Pabulib file says beyond the count: kept so that it can be shown and written back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .projects import Project
from .rounds import Contest


class ImportedContest(models.Model):
    """The file a contest was imported from; ballots that came this way never had a box key.

    `meta` are the descriptive keys of the file, `warnings` what was odd about it
    (`code`, `line`, `field`, `params`, `count`), both as the reader of `budgeting.tally` gives
    them.
    """

    contest = models.OneToOneField(
        Contest, verbose_name=_("contest"), on_delete=models.CASCADE, related_name="imported"
    )
    file_name = models.CharField(_("file"), max_length=255)
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    meta = models.JSONField(_("descriptive keys"), default=dict)
    warnings = models.JSONField(_("warnings"), default=list)
    award_source = models.CharField(
        _("source of the official award"),
        max_length=250,
        blank=True,
        help_text=_("Empty when the file itself records it."),
    )
    imported_at = models.DateTimeField(_("imported"), auto_now_add=True)

    class Meta:
        verbose_name = _("imported contest")
        verbose_name_plural = _("imported contests")
        constraints = [
            models.CheckConstraint(
                name="budgeting_importedcontest_sha256",
                condition=Q(file_sha256__regex=r"^[0-9a-f]{64}$"),
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportedProject(models.Model):
    """What a file says about a project that has no field of its own here.

    `recorded` is the official award (Pabulib's `selected`); `recorded_votes` and `recorded_score`
    are the file's own totals; `columns` every other cell by column name.
    """

    project = models.OneToOneField(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="imported"
    )
    recorded = models.PositiveSmallIntegerField(_("official award"), null=True)
    recorded_votes = models.BigIntegerField(_("votes in the file"), null=True)
    recorded_score = models.BigIntegerField(_("points in the file"), null=True)
    columns = models.JSONField(_("other columns"), default=dict)

    class Meta:
        verbose_name = _("imported project")
        verbose_name_plural = _("imported projects")
        constraints = [
            models.CheckConstraint(
                name="budgeting_importedproject_recorded_known",
                condition=Q(recorded__isnull=True) | Q(recorded__in=[0, 1, 2, 3]),
            )
        ]

    def __str__(self) -> str:
        return str(self.project)
