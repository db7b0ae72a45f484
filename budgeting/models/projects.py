"""What stands on the ballot."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from budgeting import themes
from commons.models import CommonGood, Neighbourhood

from .rounds import Contest, Round


class ProjectQuerySet(models.QuerySet["Project"]):
    """Projects by how they stand."""

    def standing(self) -> Self:
        """Return the projects that can be voted for."""
        return self.filter(state=Project.State.STANDING)


class Project(models.Model):
    """A project on the ballot, with its cost in hundredths of the round's currency."""

    class State(models.TextChoices):
        STANDING = "standing", _("on the ballot")
        WITHDRAWN = "withdrawn", _("withdrawn")

    round = models.ForeignKey(
        Round,
        verbose_name=_("round"),
        on_delete=models.PROTECT,
        related_name="projects",
        editable=False,
    )
    contest = models.ForeignKey(
        Contest, verbose_name=_("contest"), on_delete=models.PROTECT, related_name="projects"
    )
    number = models.PositiveIntegerField(
        _("ballot number"),
        validators=[MinValueValidator(1)],
        help_text=_("Unique in the round; people see it on the ballot."),
    )
    code = models.CharField(
        _("identifier"),
        max_length=80,
        help_text=_("In Pabulib files; the ballot number unless the round was imported."),
    )
    title = models.CharField(_("title"), max_length=1000)
    description = models.TextField(_("description"), blank=True)
    cost = models.PositiveBigIntegerField(
        _("cost"), help_text=_("In hundredths of the currency, VAT and fees included.")
    )
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        verbose_name=_("neighbourhood"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="projects",
    )
    good = models.ForeignKey(
        CommonGood,
        verbose_name=_("common good"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="projects",
    )
    area = models.CharField(
        _("place"),
        max_length=500,
        blank=True,
        help_text=_("In words, where no neighbourhood of this city fits."),
    )
    categories = models.CharField(
        _("themes"), max_length=500, blank=True, help_text=_("Separated by commas.")
    )
    proposer = models.CharField(
        _("proposed by"), max_length=160, blank=True, help_text=_("The public name.")
    )
    is_invented = models.BooleanField(
        _("invented for the demonstration"), default=False, editable=False
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
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
        _("state"), max_length=10, choices=State, default=State.STANDING, editable=False
    )
    withdrawal_reason = models.TextField(_("reason of the withdrawal"), blank=True, editable=False)
    rivals = models.ManyToManyField(
        "self", verbose_name=_("cannot be funded together with"), blank=True
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"], name="budgeting_project_number_in_round"
            ),
            models.UniqueConstraint(
                fields=["contest", "code"], name="budgeting_project_code_in_contest"
            ),
            models.CheckConstraint(
                name="budgeting_project_withdrawn_with_reason",
                condition=Q(state="standing") | ~Q(withdrawal_reason=""),
            ),
            models.CheckConstraint(
                name="budgeting_project_place_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
            ),
            models.CheckConstraint(
                name="budgeting_project_place_on_earth",
                condition=Q(latitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
            models.CheckConstraint(
                name="budgeting_project_number_from_1", condition=Q(number__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("budgeting:project", kwargs={"slug": self.round.slug, "number": self.number})

    @property
    def themes(self) -> tuple[str, ...]:
        """Return the themes in the reader's language; in Italian where there are no others."""
        return themes.split(self.categories)

    @property
    def themes_for_files(self) -> tuple[str, ...]:
        """Return the themes for whatever is the same for every reader: in Italian."""
        return themes.split(self.categories_it)  # type: ignore[attr-defined]
