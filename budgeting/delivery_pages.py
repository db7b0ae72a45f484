"""What the pages of deliveries show."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from home.dates import format_day
from home.models import CARD, attach_pictures
from home.money import format_money

from .models import Delivery, DeliveryPhoto, Expense, Milestone, Round

STAGE_ICONS = {
    Delivery.Stage.PLANNED: "it-calendar",
    Delivery.Stage.DESIGN: "it-pencil",
    Delivery.Stage.CONTRACT: "it-files",
    Delivery.Stage.WORKS: "it-tool",
    Delivery.Stage.DONE: "it-check-circle",
}


def public_deliveries(round_: Round) -> QuerySet[Delivery]:
    """Return the works of a round that can be followed, each with its project.

    They know what was `spent` and, by name, the neighbourhood they are in (`place`).
    """
    return (
        Delivery.objects.filter(project__round=round_, is_public=True)
        .with_spending()
        .annotate(place=F("project__neighbourhood__name"))
        .select_related("project")
        .order_by("project__number")
    )


@dataclass(frozen=True)
class StepOfStages:
    """A stage of the work for the stepper: done, current or next."""

    label: str
    state: str


@dataclass(frozen=True)
class MilestoneLine:
    """A milestone in words."""

    title: str
    promised: str
    kept: str
    state_word: str
    state_icon: str
    state_kind: str
    reason: str


class FollowedWork:
    """One delivery as its pages need it."""

    def __init__(self, delivery: Delivery, round_: Round) -> None:
        self.delivery = delivery
        self.project = delivery.project
        self.project.round = round_
        self.round = round_
        self.spent: int = delivery.spent

    @property
    def stage_icon(self) -> str:
        """Name the icon of the stage."""
        if self.delivery.is_halted:
            return "it-error"
        return STAGE_ICONS[Delivery.Stage(self.delivery.stage)]

    @property
    def stage_word(self) -> str:
        """Say where the work stands."""
        if self.delivery.is_halted:
            return _("halted")
        return str(self.delivery.get_stage_display())

    @property
    def stage_kind(self) -> str:
        """Give the colour that goes with the word."""
        if self.delivery.is_halted:
            return "warning"
        return "good" if self.delivery.stage == Delivery.Stage.DONE else "info"

    @property
    def stages(self) -> list[StepOfStages]:
        """List all the stages with the one reached."""
        values = list(Delivery.Stage)
        reached = values.index(Delivery.Stage(self.delivery.stage))
        is_over = self.delivery.stage == Delivery.Stage.DONE
        return [
            StepOfStages(
                label=str(stage.label).capitalize(),
                state=(
                    "done"
                    if at < reached or (is_over and at == reached)
                    else "current"
                    if at == reached
                    else "next"
                ),
            )
            for at, stage in enumerate(values)
        ]

    @property
    def spending_words(self) -> str:
        """Say how much of the money promised has been spent."""
        return _("%(spent)s spent of %(promised)s promised") % {
            "spent": format_money(self.spent, self.round.currency),
            "promised": format_money(self.delivery.promised, self.round.currency),
        }

    @property
    def is_overspent(self) -> bool:
        """Whether more was spent than promised."""
        return self.spent > self.delivery.promised

    @property
    def overspent_words(self) -> str:
        """Say by how much the promise is passed."""
        return _("%(excess)s more than promised") % {
            "excess": format_money(self.spent - self.delivery.promised, self.round.currency)
        }

    @cached_property
    def milestones(self) -> list[MilestoneLine]:
        """Put the milestones in words, in the order promised. One query, none if prefetched."""
        today = timezone.localdate()
        return [milestone_line(step, today) for step in self.delivery.milestones.all()]

    @cached_property
    def next_milestone(self) -> MilestoneLine | None:
        """Put the first step not yet reached in words. One query, none if prefetched."""
        steps = self.delivery.milestones.all()
        coming = next((step for step in steps if not step.is_kept), None)
        return coming and milestone_line(coming, timezone.localdate())

    @cached_property
    def expenses(self) -> list[Expense]:
        """List what was paid, the first payment first. One query."""
        return list(self.delivery.expenses.all())

    @cached_property
    def photos(self) -> list[DeliveryPhoto]:
        """List the photos with their pictures, the oldest first. At most two queries."""
        photos = list(self.delivery.photos.order_by("taken_on", "pk"))
        attach_pictures(photos, CARD)
        return photos


def milestone_line(step: Milestone, today: datetime.date) -> MilestoneLine:
    """Put a milestone in words: kept, kept late, late, or still to come."""
    if step.kept_on is not None:
        kept = format_day(step.kept_on)
        if step.days_late:
            word = ngettext("done, %(days)d day late", "done, %(days)d days late", step.days_late)
            state = word % {"days": step.days_late}, "it-check", "warning"
        else:
            state = _("done in time"), "it-check", "good"
    elif step.promised_on < today:
        days = (today - step.promised_on).days
        word = ngettext("%(days)d day late", "%(days)d days late", days)
        kept, state = "", (word % {"days": days}, "it-clock", "warning")
    else:
        kept, state = "", (_("to come"), "it-calendar", "neutral")
    is_late = step.days_late or (step.kept_on is None and step.promised_on < today)
    reason = step.delay_reason
    if is_late and not reason:
        reason = _("The reason has not been given yet.")
    return MilestoneLine(
        title=step.title,
        promised=format_day(step.promised_on),
        kept=kept,
        state_word=state[0],
        state_icon=state[1],
        state_kind=state[2],
        reason=reason if is_late or step.delay_reason else "",
    )
