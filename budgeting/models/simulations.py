"""Saved simulations: past elections counted again under rules that a city thinks about."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from budgeting.disclosure import SMALLEST

from .rounds import Contest


class SimulationFile(models.Model):
    """An uploaded election, as far as it is counted: ages, sexes and places of voters are left out.

    `content` is a compressed Pabulib file (zlib) with amounts of at most two decimals. It lives in
    the database and not in a folder: no web server can serve it, and every worker can read it.
    """

    name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    content = models.BinaryField(_("content"))
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("file of a simulation")
        verbose_name_plural = _("files of simulations")
        constraints = [
            models.CheckConstraint(
                name="budgeting_simulationfile_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            )
        ]

    def __str__(self) -> str:
        return self.name


class SimulationQuerySet(models.QuerySet["Simulation"]):
    """Simulations as different people see them."""

    def shown(self) -> Self:
        """Return those on the public page, in its order."""
        return self.filter(shown_at__isnull=False).order_by("shown_at", "pk")


class Simulation(models.Model):
    """One past election and the scenarios under which it is counted again.

    `facts` repeat what pages say about the election (names, projects, ballots), so that no page
    reads ballots. A simulation is done when every scenario has its result.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("not run yet")
        WAITING = "waiting", _("waiting for its turn")
        RUNNING = "running", _("running")
        DONE = "done", _("ready to be read")
        STOPPED = "stopped", _("stopped")
        FAILED = "failed", _("failed")

    class Problem(models.TextChoices):
        """Why a simulation failed; the first scenario without a result is the one."""

        TIE = "tie", _("Projects are equal and the rule of this scenario refuses to decide.")
        SCENARIO = "scenario", _("This scenario does not fit the election. Change it.")
        SOURCE = "source", _("The election is no longer there.")
        UNEXPECTED = "unexpected", _("Something went wrong here. It is in the log of the site.")

    name = models.CharField(_("name"), max_length=120)
    note = models.TextField(_("note"), max_length=2_000, blank=True)
    contest = models.ForeignKey(
        Contest,
        verbose_name=_("contest"),
        null=True,
        on_delete=models.CASCADE,
        related_name="simulations",
    )
    file = models.ForeignKey(
        SimulationFile,
        verbose_name=_("file"),
        null=True,
        on_delete=models.PROTECT,
        related_name="simulations",
    )
    facts = models.JSONField(_("facts about the election"))
    with_turnout = models.BooleanField(
        _("also count fewer ballots"),
        default=True,
        help_text=_(
            "Shows how many people have to vote. It takes twenty counts for each scenario."
        ),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    steps_done = models.PositiveIntegerField(_("counts made"), default=0)
    steps_total = models.PositiveIntegerField(_("counts to make"), default=0)
    is_stop_asked = models.BooleanField(_("asked to stop"), default=False)
    problem = models.CharField(
        _("what went wrong"), max_length=12, choices=Problem, blank=True, editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    # The file's hash again: copies of an election, sent twice or copied here, are one election.
    file_sha256 = models.CharField(
        _("SHA-256 of the file"), max_length=64, blank=True, default="", db_default=""
    )
    shown_at = models.DateTimeField(_("shown on the page for the council since"), null=True)

    objects = SimulationQuerySet.as_manager()

    class Meta:
        verbose_name = _("simulation")
        verbose_name_plural = _("simulations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="budgeting_simulation_one_source",
                condition=Q(contest__isnull=False, file__isnull=True)
                | Q(contest__isnull=True, file__isnull=False),
            ),
            models.CheckConstraint(
                name="budgeting_simulation_steps_in_order",
                condition=Q(steps_done__lte=F("steps_total")),
            ),
            models.CheckConstraint(
                name="budgeting_simulation_hash_of_its_file",
                condition=Q(file__isnull=True, file_sha256="")
                | Q(file__isnull=False, file_sha256__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="budgeting_simulation_shown_is_done",
                condition=Q(shown_at__isnull=True) | Q(state="done"),
            ),
            models.CheckConstraint(
                name="budgeting_simulation_shown_of_ten_people",
                condition=Q(shown_at__isnull=True) | Q(facts__ballots__gte=SMALLEST),
            ),
            models.UniqueConstraint(
                fields=["contest"],
                condition=Q(shown_at__isnull=False, contest__isnull=False),
                name="budgeting_simulation_contest_shown_once",
            ),
            models.UniqueConstraint(
                fields=["file_sha256"],
                condition=Q(shown_at__isnull=False, file__isnull=False),
                name="budgeting_simulation_file_shown_once",
            ),
            models.CheckConstraint(
                name="budgeting_simulation_failed_says_why",
                condition=~Q(state="failed") | ~Q(problem=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_under_way(self) -> bool:
        """Whether a worker has it, or will take it."""
        return self.state in (self.State.WAITING, self.State.RUNNING)


class SimulatedScenario(models.Model):
    """One scenario of a simulation; the one at position 0 is the election as it was.

    `settings` is what `budgeting.tally`'s Scenario writes as JSON, `result` what its Simulated
    does, with money in hundredths; empty until counted.
    """

    simulation = models.ForeignKey(
        Simulation,
        verbose_name=_("simulation"),
        on_delete=models.CASCADE,
        related_name="scenarios",
    )
    position = models.PositiveSmallIntegerField(_("position"))
    settings = models.JSONField(_("what is varied"))
    result = models.JSONField(_("result"), null=True)
    seconds = models.DecimalField(
        _("computing time in seconds"), max_digits=9, decimal_places=2, null=True
    )

    class Meta:
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        ordering = ["simulation", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["simulation", "position"], name="budgeting_simulatedscenario_in_order"
            ),
        ]

    def __str__(self) -> str:
        return str(self.settings.get("name") or f"{self.simulation} · {self.position}")

    @property
    def is_base(self) -> bool:
        """Whether this is the election as it was."""
        return self.position == 0
