"""Acts that take two people: one asks with a reason, another confirms."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .rounds import Round


class JointAct(models.Model):
    """One act on a round by two people, a coordinator and a guarantor or (draws) two guarantors.

    `requested_as` is the role in which the first signed. `parameters` says what exactly is asked (a
    later closing time, a project, a roll entry and a scope, never a ballot key); the act takes
    effect when it is confirmed.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", _("open the vote and freeze the rules")
        EXTENSION = "extension", _("close the vote later")
        WITHDRAWAL = "withdrawal", _("withdraw a project")
        ANNULMENT = "annulment", _("annul a ballot")
        SEALING = "sealing", _("seal the ballot box")
        KEY_DESTRUCTION = "key_destruction", _("destroy the box key")
        DRAW = "draw", _("enter the seed of the draw")
        OVERRIDE = "override", _("override an input or a result")
        PUBLICATION = "publication", _("publish the result")

    class State(models.TextChoices):
        REQUESTED = "requested", _("waits for the second signature")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")

    class Signer(models.TextChoices):
        COORDINATOR = "coordinator", _("coordinator")
        GUARANTOR = "guarantor", _("guarantor")

    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.PROTECT, related_name="acts"
    )
    kind = models.CharField(_("act"), max_length=20, choices=Kind)
    parameters = models.JSONField(default=dict, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    answer = models.TextField(
        _("answer"), blank=True, help_text=_("Why it was refused, or a note of who confirmed.")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.REQUESTED, editable=False
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("requested by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    requested_as = models.CharField(
        _("requested as"),
        max_length=11,
        choices=Signer,
        default=Signer.COORDINATOR,
        db_default=Signer.COORDINATOR.value,
        editable=False,
    )
    requested_at = models.DateTimeField(_("requested at"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("joint act")
        verbose_name_plural = _("joint acts")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="budgeting_jointact_two_people",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="budgeting_jointact_decided_whole",
                condition=Q(state="requested", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="requested") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["round", "kind"],
                condition=Q(
                    state="requested", kind__in=["opening", "extension", "sealing", "publication"]
                ),
                name="budgeting_jointact_one_waiting",
            ),
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(kind="draw") & ~Q(state="refused"),
                name="budgeting_jointact_one_draw",
            ),
            models.CheckConstraint(
                name="budgeting_jointact_refused_with_reason",
                condition=~Q(state="refused") | ~Q(answer=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.round})"
