"""What became of a funded project: milestones, money, photos."""

import logging
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.images.models import SourceImageIOError

from home.models import CARD

from .projects import Project

logger = logging.getLogger(__name__)

# In SQL: a sum of Django's groups by every column, and is summed again to count the pages.
_SPENT = """
(SELECT coalesce(sum(amount), 0) FROM budgeting_expense
  WHERE delivery_id = budgeting_delivery.id)
"""


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Works that can be followed."""

    def with_spending(self) -> "DeliveryQuerySet":
        """Add `spent`, in hundredths of the currency."""
        return self.annotate(spent=RawSQL(_SPENT, [], models.BigIntegerField()))  # noqa: S611


class Delivery(ClusterableModel):
    """The work that follows a funded project, from the award to the end.

    `promised` is what the round awarded and `stage` where the work stands; what was spent is the
    sum of the expenses. All amounts are in hundredths of the round's currency.
    """

    class Stage(models.TextChoices):
        """In the order in which a work goes through them."""

        PLANNED = "planned", _("planned")
        DESIGN = "design", _("being designed")
        CONTRACT = "contract", _("being contracted")
        WORKS = "works", _("works under way")
        DONE = "done", _("done")

    project = models.OneToOneField(
        Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="delivery"
    )
    stage = models.CharField(_("where it stands"), max_length=10, choices=Stage, default="planned")
    is_halted = models.BooleanField(_("halted"), default=False)
    note = models.TextField(
        _("what is happening now"),
        max_length=600,
        blank=True,
        help_text=_("Two or three sentences. When the work is halted, say why."),
    )
    promised = models.PositiveBigIntegerField(
        _("money promised"), help_text=_("What the round awarded.")
    )
    office = models.CharField(_("office in charge"), max_length=160, blank=True)
    contact = models.EmailField(_("e-mail of the office"), blank=True)
    is_public = models.BooleanField(_("shown on the site"), default=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["project__round", "project__number"]
        constraints = [
            models.CheckConstraint(
                name="budgeting_delivery_halted_says_why",
                condition=Q(is_halted=False)
                | Q(note_it__isnull=False, note_it__gt="")
                | Q(note_en__isnull=False, note_en__gt=""),
            )
        ]

    def __str__(self) -> str:
        return str(self.project)


class Milestone(models.Model):
    """A step of the work with the day promised and, once it is there, the day kept."""

    delivery = ParentalKey(Delivery, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("step"), max_length=160)
    promised_on = models.DateField(_("promised for"))
    kept_on = models.DateField(_("done on"), null=True, blank=True)
    delay_reason = models.CharField(
        _("reason for the delay"),
        max_length=400,
        blank=True,
        help_text=_("Needed when the step came, or will come, after the day promised."),
    )

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["promised_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="budgeting_milestone_late_says_why",
                condition=Q(kept_on__isnull=True)
                | Q(kept_on__lte=models.F("promised_on"))
                | Q(delay_reason_it__isnull=False, delay_reason_it__gt="")
                | Q(delay_reason_en__isnull=False, delay_reason_en__gt=""),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_kept(self) -> bool:
        """Whether the step has been reached."""
        return self.kept_on is not None

    @property
    def days_late(self) -> int:
        """How many days after the promised day the step was reached; 0 when on time or not yet."""
        if self.kept_on is None:
            return 0
        return max(0, (self.kept_on - self.promised_on).days)


class Expense(models.Model):
    """Money paid for the work, in hundredths of the currency."""

    delivery = ParentalKey(Delivery, on_delete=models.CASCADE, related_name="expenses")
    paid_on = models.DateField(_("paid on"))
    purpose = models.CharField(_("for what"), max_length=160)
    amount = models.PositiveBigIntegerField(_("amount"), validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("expense")
        verbose_name_plural = _("expenses")
        ordering = ["paid_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="budgeting_expense_amount_positive", condition=Q(amount__gt=0)
            )
        ]

    def __str__(self) -> str:
        return self.purpose


class DeliveryPhoto(models.Model):
    """A photo of the place before, during or after the work."""

    class Moment(models.TextChoices):
        BEFORE = "before", _("before")
        DURING = "during", _("during the works")
        AFTER = "after", _("after")

    delivery = ParentalKey(Delivery, on_delete=models.CASCADE, related_name="photos")
    image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("photo"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    caption = models.CharField(_("caption"), max_length=250, blank=True)
    moment = models.CharField(_("when"), max_length=10, choices=Moment)
    taken_on = models.DateField(_("taken on"), null=True, blank=True)

    class Meta:
        verbose_name = _("photo of a delivery")
        verbose_name_plural = _("photos of a delivery")
        ordering = ["delivery", "taken_on", "pk"]

    def __str__(self) -> str:
        return self.caption or str(self.image)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and draw the photo as its page shows it: no visitor waits for that, or writes."""
        super().save(*args, **kwargs)
        try:
            self.image.get_rendition(CARD)
        except SourceImageIOError:
            logger.warning("The file of picture %s is not there: not drawn.", self.image_id)
