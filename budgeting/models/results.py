"""The result of a contest as it was counted: stored once, shown many times."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..disclosure import SMALLEST
from .projects import Project
from .rounds import Contest, Round


class CountQuerySet(models.QuerySet["Count"]):
    """Counts of contests."""

    def latest_of(self, round: Round) -> Self:
        """Return the latest count of each contest of a round, in the ballot's order; no outcome."""
        contest = ("contest__scope__position", "contest__position", "contest_id")
        return (
            self.filter(contest__scope__round=round)
            .order_by(*contest, "-pk")
            .distinct(*contest)
            .select_related("contest__scope__round")
            .defer("outcome")
        )


class Count(models.Model):
    """One tally of a contest: what went in, by which rule, what came out and how.

    `rule` and `outcome` are what `budgeting.tally` writes as JSON, with money in hundredths of the
    round's currency; `inputs_sha256` is the hash of everything counted and `software` who counted,
    so that a recount can be compared. `overview` and the figures in columns repeat the parts of the
    outcome that pages show.
    """

    contest = models.ForeignKey(
        Contest, verbose_name=_("contest"), on_delete=models.PROTECT, related_name="counts"
    )
    made_at = models.DateTimeField(_("counted"), auto_now_add=True)
    software = models.CharField(_("software"), max_length=60)
    rule = models.JSONField(_("award rule"))
    rules_sha256 = models.CharField(_("SHA-256 of the frozen rules"), max_length=64, blank=True)
    inputs_sha256 = models.CharField(_("SHA-256 of what was counted"), max_length=64)
    outcome = models.JSONField(_("outcome"))
    overview = models.JSONField(_("scan, comparison, ties and draw"), default=dict)
    ballots = models.PositiveIntegerField(_("ballots"))
    blank_ballots = models.PositiveIntegerField(_("blank ballots"))
    projects = models.PositiveIntegerField(_("projects"))
    funded = models.PositiveIntegerField(_("funded projects"))
    cost = models.PositiveBigIntegerField(_("cost of the funded projects"))
    budget = models.PositiveBigIntegerField(_("budget"))
    kit_sha256 = models.CharField(
        _("SHA-256 of the recount kit"), max_length=64, blank=True, default="", db_default=""
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = CountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest"],
                condition=Q(published_at__isnull=False),
                name="budgeting_count_one_published",
            ),
            models.CheckConstraint(
                name="budgeting_count_blank_among_ballots",
                condition=Q(blank_ballots__lte=F("ballots")),
            ),
            models.CheckConstraint(
                name="budgeting_count_funded_among_projects",
                condition=Q(funded__lte=F("projects")),
            ),
            models.CheckConstraint(
                name="budgeting_count_sha256",
                condition=Q(inputs_sha256__regex=r"^[0-9a-f]{64}$")
                & (Q(rules_sha256="") | Q(rules_sha256__regex=r"^[0-9a-f]{64}$")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest} · {self.made_at:%Y-%m-%d}"

    @property
    def publishes_totals_only(self) -> bool:
        """Whether so few people voted that votes per project could betray somebody's ballot."""
        return self.ballots < SMALLEST


class ResultRow(models.Model):
    """What a count decided about one project, with the machine-readable reason and its figures.

    `figures` are those of the tally's trace step or `NotFunded.details`, rounded for reading:
    money in whole hundredths, what somebody had rounded down, what was missing rounded up. The
    exact rationals stay in the count's `outcome`. Other projects are named by primary key.
    """

    class Reason(models.TextChoices):
        FUNDED = "funded", _("funded")
        WITHDRAWN = "withdrawn", _("withdrawn")
        BELOW_MINIMUM = "below-minimum", _("too few votes")
        NOT_ELIGIBLE = "not-eligible", _("too few votes for its cost")
        NO_SUPPORTER = "no-supporter", _("nobody chose it")
        DID_NOT_FIT = "did-not-fit", _("did not fit in the money left")
        STOPPED = "stopped", _("the count had ended")
        MONEY_SHORT = "money-short", _("its supporters' money was not enough")
        RIVAL_FUNDED = "rival-funded", _("a project that excludes it was funded")
        FREE = "free", _("it costs nothing, and the rule funds no such project")

    class Recorded(models.IntegerChoices):
        """Pabulib's `selected`."""

        NOT_FUNDED = 0, _("not funded")
        FUNDED = 1, _("funded")
        FUNDED_FROM_ELSEWHERE = 2, _("funded with other money")
        FUNDED_ANOTHER_WAY = 3, _("funded another way")

    count = models.ForeignKey(
        Count, verbose_name=_("count"), on_delete=models.CASCADE, related_name="rows"
    )
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="result_rows"
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    area = models.CharField(
        _("neighbourhood or area"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text=_("Its name when the count was made: what is published keeps it."),
    )
    figures = models.JSONField(_("figures"), default=dict)
    order_funded = models.PositiveIntegerField(_("place among the funded"), null=True)
    place = models.PositiveIntegerField(_("place by votes"))
    votes = models.BigIntegerField(_("votes or points"))
    supporters = models.PositiveIntegerField(_("ballots that name it"))
    recorded = models.PositiveSmallIntegerField(
        _("official award"), choices=Recorded, null=True, help_text=_("As the file records it.")
    )
    sufficing = models.JSONField(
        _("what would have sufficed"),
        null=True,
        help_text=_("Found by counting again in the background; empty until then."),
    )

    class Meta:
        verbose_name = _("result of a project")
        verbose_name_plural = _("results of projects")
        ordering = ["count", F("order_funded").asc(nulls_last=True), "place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["count", "project"], name="budgeting_resultrow_once_per_count"
            ),
            models.UniqueConstraint(
                fields=["count", "order_funded"], name="budgeting_resultrow_order_once"
            ),
            models.CheckConstraint(
                name="budgeting_resultrow_funded_in_order",
                condition=Q(reason="funded", order_funded__isnull=False)
                | (~Q(reason="funded") & Q(order_funded__isnull=True)),
            ),
            models.CheckConstraint(
                name="budgeting_resultrow_recorded_known",
                condition=Q(recorded__isnull=True) | Q(recorded__in=[0, 1, 2, 3]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.get_reason_display()}"

    @property
    def is_funded(self) -> bool:
        """Whether the count awards the money."""
        return self.reason == self.Reason.FUNDED


class Insight(models.Model):
    """What a count tells beyond its award: the same ballots under other rules, and by group.

    `awards` and `groups` are read through `budgeting.insights`, which says what they hold; projects
    stand there by primary key and money in hundredths. What would have sufficed for each project
    stands in the rows of the result and is complete from `completed_at` on.
    """

    count = models.OneToOneField(
        Count, verbose_name=_("count"), on_delete=models.CASCADE, related_name="insight"
    )
    awards = models.JSONField(_("awards under several rules"), default=list)
    groups = models.JSONField(_("groups of voters"), default=list)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)

    class Meta:
        verbose_name = _("what a count tells")
        verbose_name_plural = _("what counts tell")
        constraints = [
            models.CheckConstraint(
                name="budgeting_insight_no_small_group",
                condition=models.expressions.RawSQL(
                    "NOT jsonb_path_exists(groups, "
                    "'$[*].groups[*] ? (@.people < 10 || @.awards.*.ballots[*] < 10)')",
                    (),
                    models.BooleanField(),
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.count)


class TurnoutTable(models.Model):
    """Who voted, as one table of a contest whose cells are already merged for publication.

    `cells` is a list of `{"labels": […], "ballots": n}`; several labels are cells merged into one.
    What stood in the single cells is stored nowhere.
    """

    class Kind(models.TextChoices):
        NEIGHBOURHOOD = "neighbourhood", _("neighbourhood")
        CHANNEL = "channel", _("how people voted")
        AGE = "age", _("age")
        SEX = "sex", _("sex")

    contest = models.ForeignKey(
        Contest, verbose_name=_("contest"), on_delete=models.CASCADE, related_name="turnout_tables"
    )
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    cells = models.JSONField(_("cells"))

    class Meta:
        verbose_name = _("turnout table")
        verbose_name_plural = _("turnout tables")
        ordering = ["contest", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "kind"], name="budgeting_turnouttable_one_per_kind"
            ),
            models.CheckConstraint(
                name="budgeting_turnouttable_no_small_cell",
                condition=models.expressions.RawSQL(
                    "NOT jsonb_path_exists(cells, '$[*].ballots ? (@ < 10)')",
                    (),
                    models.BooleanField(),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest} · {self.get_kind_display()}"
