"""The territory: neighbourhoods and common goods."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from home.models import with_renditions

from . import boundaries


class PictureQuerySet(models.QuerySet[Any]):
    """What the records with a picture have in common."""

    def with_picture(self, *filters: str) -> "PictureQuerySet":
        """Fetch each picture with its renditions of these filters ("width-800") at once."""
        return self.select_related("image").prefetch_related(with_renditions(*filters))


class Neighbourhood(models.Model):
    """A part of the city with a boundary (`quartiere`, `frazione` or `zona`)."""

    class Kind(models.TextChoices):
        QUARTIERE = "quartiere", _("neighbourhood (quartiere)")
        FRAZIONE = "frazione", _("village (frazione)")
        ZONA = "zona", _("area (zona)")

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(
        _("address"),
        max_length=120,
        unique=True,
        help_text=_("The last part of the page's address: small letters, digits and hyphens."),
    )
    alternative_names = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("alternative names"),
        default=list,
        blank=True,
        help_text=_("Other names people use, separated by commas. Search finds them."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.QUARTIERE)
    inhabitants = models.PositiveIntegerField(_("inhabitants"), null=True, blank=True)
    summary = models.TextField(
        _("summary"), blank=True, max_length=400, help_text=_("One or two sentences for lists.")
    )
    description = models.TextField(
        _("description"), blank=True, help_text=_("An empty line begins a new paragraph.")
    )
    image = models.ForeignKey(
        "home.RioneImage",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    boundary = models.JSONField(
        _("boundary"),
        null=True,
        blank=True,
        help_text=_("GeoJSON, a Polygon or MultiPolygon in WGS 84 (longitude, latitude)."),
    )
    neighbours = models.ManyToManyField(
        "self",
        verbose_name=_("neighbours"),
        blank=True,
        help_text=_("Worked out anew from the boundaries whenever this boundary changes."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Lower numbers come first in lists.")
    )

    objects: ClassVar[Any] = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("neighbourhood")
        verbose_name_plural = _("neighbourhoods")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                name="commons_neighbourhood_boundary_is_area",
                condition=Q(boundary__isnull=True)
                | Q(boundary__type__in=["Polygon", "MultiPolygon"]),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("commons:neighbourhood", kwargs={"slug": self.slug})

    def clean(self) -> None:
        """Check the boundary and the other names, and keep them tidy."""
        super().clean()
        if self.boundary is not None:
            try:
                self.boundary = boundaries.checked_boundary(self.boundary)
            except boundaries.BoundaryError as error:
                raise ValidationError({"boundary": str(error)}) from error
        names = dict.fromkeys(name.strip() for name in self.alternative_names)
        self.alternative_names = [name for name in names if name and name != self.name]


class CommonGood(models.Model):
    """A place or an immaterial good of common interest, with its state."""

    class State(models.TextChoices):
        IN_USE = "in_use", _("in use")
        UNDERUSED = "underused", _("underused")
        IN_DECAY = "in_decay", _("in decay")
        BEING_REGENERATED = "being_regenerated", _("being regenerated")
        REGENERATED = "regenerated", _("regenerated")

    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(
        _("address"),
        max_length=160,
        unique=True,
        help_text=_("The last part of the page's address: small letters, digits and hyphens."),
    )
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        verbose_name=_("neighbourhood"),
        on_delete=models.PROTECT,
        related_name="goods",
    )
    state = models.CharField(_("state"), max_length=20, choices=State)
    place = models.CharField(
        _("place"),
        max_length=160,
        blank=True,
        help_text=_("Street and number, or how to find it; empty for an immaterial good."),
    )
    summary = models.TextField(
        _("summary"), blank=True, max_length=400, help_text=_("One or two sentences for lists.")
    )
    description = models.TextField(
        _("description"), blank=True, help_text=_("An empty line begins a new paragraph.")
    )
    image = models.ForeignKey(
        "home.RioneImage",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("In degrees, for instance 43.112500."),
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text=_("In degrees, for instance 12.388200."),
    )

    objects: ClassVar[Any] = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("common good")
        verbose_name_plural = _("common goods")
        ordering = ["neighbourhood__position", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="commons_commongood_place_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                violation_error_message=_("Write both latitude and longitude, or neither."),
            ),
            models.CheckConstraint(
                name="commons_commongood_place_on_earth",
                condition=Q(latitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                violation_error_message=_(
                    "Latitude goes from -90 to 90, longitude from -180 to 180."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("commons:good", kwargs={"slug": self.slug})

    def clean(self) -> None:
        """Ask for both coordinates, and for a place inside the neighbourhood's boundary."""
        super().clean()
        if (self.latitude is None) != (self.longitude is None):
            missing = "latitude" if self.latitude is None else "longitude"
            raise ValidationError({missing: _("Write both latitude and longitude, or neither.")})
        if self.latitude is None or self.longitude is None or self.neighbourhood_id is None:
            return
        boundary = self.neighbourhood.boundary
        if boundary and not boundaries.contains(
            boundary, latitude=float(self.latitude), longitude=float(self.longitude)
        ):
            raise ValidationError(
                {
                    "latitude": _(
                        "This point lies outside %(neighbourhood)s. Check the two numbers, or "
                        "choose another neighbourhood."
                    )
                    % {"neighbourhood": self.neighbourhood}
                }
            )
