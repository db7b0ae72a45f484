"""A round: its contests, how people vote in them, how money is awarded, and its dated phases."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Deferrable, F, Func, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commons.models import Neighbourhood
from residents.models import Roll

from ..amounts import check_currency


class RoundQuerySet(models.QuerySet["Round"]):
    """Rounds as different people see them."""

    def public(self) -> Self:
        """Return the rounds anybody may read."""
        return self.filter(is_public=True)


class Round(models.Model):
    """One participatory budget, from call to delivery."""

    class State(models.TextChoices):
        """A latch: a round only moves forward. The dated phases say what may be done when."""

        PREPARATION = "preparation", _("in preparation")
        OPEN = "open", _("voting open")
        CLOSED = "closed", _("voting closed")
        SEALED = "sealed", _("box sealed")
        COUNTED = "counted", pgettext_lazy("round", "counted")
        PUBLISHED = "published", _("result published")

    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(_("address"), max_length=160, unique=True)
    summary = models.TextField(
        _("summary"), max_length=400, blank=True, help_text=_("What is at stake, in a sentence.")
    )
    who_may_propose = models.TextField(_("who may propose"), blank=True)
    who_may_vote = models.TextField(_("who may vote"), blank=True)
    minimum_age = models.PositiveSmallIntegerField(
        _("minimum age"),
        default=16,
        validators=[MaxValueValidator(99)],
        help_text=_("In years, on the roll's reference date."),
    )
    roll = models.ForeignKey(
        Roll,
        verbose_name=_("voter roll"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rounds",
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="EUR",
        validators=[check_currency],
    )
    image = models.ForeignKey(
        "home.RioneImage",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.PREPARATION, editable=False
    )
    is_public = models.BooleanField(
        _("shown on the site"),
        default=False,
        help_text=_("Until then only staff see the round."),
    )
    # Where the ballots of an imported round come from; empty for the city's own.
    place = models.CharField(_("city of the vote"), max_length=160, blank=True)
    source = models.TextField(_("source of the data"), blank=True)
    language = models.CharField(
        _("language of the imported names"),
        max_length=2,
        blank=True,
        help_text=_("ISO 639-1, for rounds imported from elsewhere."),
    )
    tie_procedure = models.TextField(
        _("tie procedure"),
        blank=True,
        help_text=_(
            "Which public lottery, of which date after the close, and how its numbers become the "
            "seed that orders tied projects."
        ),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-created_at", "-pk"]
        permissions = [
            ("coordinate_round", _("Can run a round as coordinator")),
            ("guarantee_round", _("Can confirm acts on a round as guarantor")),
        ]
        constraints = [
            models.CheckConstraint(
                name="budgeting_round_currency_iso4217", condition=Q(currency__regex=r"^[A-Z]{3}$")
            ),
            models.CheckConstraint(
                name="budgeting_round_minimum_age_plausible", condition=Q(minimum_age__lte=99)
            ),
            models.CheckConstraint(name="budgeting_round_has_address", condition=~Q(slug="")),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("budgeting:round", kwargs={"slug": self.slug})

    @property
    def is_from_elsewhere(self) -> bool:
        """Whether this is another city's vote, imported to be recounted."""
        return bool(self.place)


class Scope(models.Model):
    """Contests that share one ballot per person, how that ballot looks, and how money is awarded.

    Ballot types and their parameters are Pabulib's (https://pabulib.org/format).
    """

    class VoteType(models.TextChoices):
        APPROVAL = "approval", _("preferences (approval)")
        CHOOSE_1 = "choose-1", _("one choice")
        CUMULATIVE = "cumulative", _("points to share out (cumulative)")
        SCORING = "scoring", _("a score for each project")
        ORDINAL = "ordinal", _("a ranking (ordinal)")

    class BallotOrder(models.TextChoices):
        SHUFFLED = "shuffled", _("shuffled for each voter")
        DRAWN = "drawn", _("by drawn number")

    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.CASCADE, related_name="scopes"
    )
    name = models.CharField(_("name"), max_length=160)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    vote_type = models.CharField(
        _("ballot type"), max_length=12, choices=VoteType, default=VoteType.APPROVAL
    )
    min_length = models.PositiveSmallIntegerField(_("fewest projects on a ballot"), default=1)
    max_length = models.PositiveSmallIntegerField(
        _("most projects on a ballot"), null=True, blank=True
    )
    min_sum_cost = models.PositiveBigIntegerField(
        _("least total cost of a ballot"), null=True, blank=True
    )
    max_sum_cost = models.PositiveBigIntegerField(
        _("greatest total cost of a ballot"), null=True, blank=True
    )
    min_points = models.IntegerField(_("fewest points for a project"), null=True, blank=True)
    max_points = models.IntegerField(_("most points for a project"), null=True, blank=True)
    min_sum_points = models.IntegerField(_("fewest points on a ballot"), null=True, blank=True)
    max_sum_points = models.IntegerField(_("most points on a ballot"), null=True, blank=True)
    default_score = models.IntegerField(_("score of an unlisted project"), null=True, blank=True)
    allows_blank = models.BooleanField(_("a blank ballot is possible"), default=True)
    ballot_order = models.CharField(
        _("order of projects on the ballot"),
        max_length=10,
        choices=BallotOrder,
        default=BallotOrder.SHUFFLED,
    )
    # The award rule with all its parameters, as `budgeting.tally`'s Rule writes itself in JSON.
    award_rule = models.JSONField(_("award rule"), default=dict)

    class Meta:
        verbose_name = _("scope")
        verbose_name_plural = _("scopes")
        ordering = ["round", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="budgeting_scope_length_in_order",
                condition=Q(max_length__isnull=True) | Q(max_length__gte=F("min_length")),
            ),
            models.CheckConstraint(
                name="budgeting_scope_sum_cost_in_order",
                condition=Q(min_sum_cost__isnull=True)
                | Q(max_sum_cost__isnull=True)
                | Q(max_sum_cost__gte=F("min_sum_cost")),
            ),
            models.CheckConstraint(
                name="budgeting_scope_points_in_order",
                condition=Q(min_points__isnull=True)
                | Q(max_points__isnull=True)
                | Q(max_points__gte=F("min_points")),
            ),
            models.CheckConstraint(
                name="budgeting_scope_cumulative_has_total",
                condition=~Q(vote_type="cumulative") | Q(max_sum_points__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.name}"


class Contest(models.Model):
    """One budget and the projects that compete for it: city-wide, or one neighbourhood's."""

    scope = models.ForeignKey(
        Scope, verbose_name=_("scope"), on_delete=models.CASCADE, related_name="contests"
    )
    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(_("address"), max_length=160)
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        verbose_name=_("neighbourhood"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contests",
        help_text=_("Empty for a city-wide contest."),
    )
    budget = models.PositiveBigIntegerField(
        _("budget"),
        validators=[MinValueValidator(1)],
        help_text=_("In hundredths of the currency."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("contest")
        verbose_name_plural = _("contests")
        ordering = ["scope__position", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "slug"], name="budgeting_contest_slug_in_scope"
            ),
            models.UniqueConstraint(
                fields=["scope", "neighbourhood"], name="budgeting_contest_one_per_neighbourhood"
            ),
            models.CheckConstraint(
                name="budgeting_contest_budget_positive", condition=Q(budget__gt=0)
            ),
            models.CheckConstraint(name="budgeting_contest_has_address", condition=~Q(slug="")),
        ]

    def __str__(self) -> str:
        return self.name


class Criterion(models.Model):
    """A question that every office answers about a proposal of this round."""

    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.CASCADE, related_name="criteria"
    )
    question = models.CharField(_("question"), max_length=250)
    help_text = models.CharField(_("what to look at"), max_length=400, blank=True)
    is_blocking = models.BooleanField(_("a no makes the proposal not feasible"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("feasibility criterion")
        verbose_name_plural = _("feasibility criteria")
        ordering = ["round", "position", "pk"]

    def __str__(self) -> str:
        return self.question


class Phase(models.Model):
    """A dated part of a round, half-open: from `starts_at` until just before `ends_at`."""

    class Kind(models.TextChoices):
        PREPARE = "prepare", _("Preparation")
        PROPOSE = "propose", _("Proposals")
        SUPPORT = "support", _("Support and discussion")
        REVIEW = "review", _("Feasibility review")
        ADMIT = "admit", _("Projects on the ballot")
        VOTE = "vote", _("Vote")
        AWARD = "award", _("Count and award")
        DELIVER = "deliver", _("Delivery")

    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.CASCADE, related_name="phases"
    )
    kind = models.CharField(_("phase"), max_length=10, choices=Kind)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"), help_text=_("The first moment after the phase."))

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["round", "starts_at"]
        constraints = [
            models.CheckConstraint(
                name="budgeting_phase_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.UniqueConstraint(
                fields=["round", "kind"], name="budgeting_phase_once_per_round"
            ),
            ExclusionConstraint(
                name="budgeting_phase_no_overlap",
                deferrable=Deferrable.IMMEDIATE,
                expressions=[
                    # A range of one number stands in for equality, which GiST lacks without
                    # the btree_gist extension.
                    (
                        Func(F("round_id"), F("round_id"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("starts_at"), F("ends_at"), Value("[)"), function="tstzrange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Hold(models.Model):
    """A pause of a round, with its public reason; while one is on, nobody may act."""

    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.PROTECT, related_name="holds"
    )
    reason = models.TextField(
        _("reason"), help_text=_("Everybody reads it on the page of the round.")
    )
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("placed by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    placed_at = models.DateTimeField(_("since"), auto_now_add=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("lifted by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    lifted_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ["-placed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(lifted_at__isnull=True),
                name="budgeting_hold_one_open",
            ),
            models.CheckConstraint(name="budgeting_hold_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="budgeting_hold_lifted_whole",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class FrozenRules(models.Model):
    """Rules, contests, budgets and projects of a round as they stood at opening.

    `document` is canonical JSON (RFC 8785) and `sha256` the hash of its UTF-8 bytes in hexadecimal;
    a database trigger refuses any change. Addenda (a later closing time, a withdrawn project) are
    rows of their own, numbered from 1; the rules themselves have number 0.
    """

    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.PROTECT, related_name="frozen_rules"
    )
    number = models.PositiveSmallIntegerField(_("number"), default=0)
    document = models.TextField(_("document"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    frozen_at = models.DateTimeField(_("frozen at"), auto_now_add=True)

    class Meta:
        verbose_name = _("frozen rules")
        verbose_name_plural = _("frozen rules")
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"], name="budgeting_frozenrules_numbered"
            ),
            models.CheckConstraint(
                name="budgeting_frozenrules_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.sha256[:12]}"

    def get_absolute_url(self) -> str:
        """Return where the document can be downloaded, byte for byte."""
        return reverse(
            "budgeting:frozen_rules", kwargs={"slug": self.round.slug, "number": self.number}
        )
