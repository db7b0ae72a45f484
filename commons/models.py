"""The territory: neighbourhoods and common goods."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Neighbourhood(models.Model):
    """A part of the city with a boundary (`quartiere`, `frazione` or `zona`)."""

    class Kind(models.TextChoices):
        QUARTIERE = "quartiere", _("quartiere (part of the city)")
        FRAZIONE = "frazione", _("frazione (village of the municipality)")
        ZONA = "zona", _("zona (area)")

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    alternative_names = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("alternative names"),
        default=list,
        blank=True,
        help_text=_("Other names people use, separated by commas. Search finds them."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.QUARTIERE)
    inhabitants = models.PositiveIntegerField(_("inhabitants"), null=True, blank=True)
    summary = models.TextField(_("summary"), blank=True, max_length=400)
    description = models.TextField(_("description"), blank=True)
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
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("neighbourhood")
        verbose_name_plural = _("neighbourhoods")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("commons:neighbourhood", kwargs={"slug": self.slug})


class CommonGood(models.Model):
    """A place or an immaterial good of common interest, with its state."""

    class State(models.TextChoices):
        IN_USE = "in_use", _("in use")
        UNDERUSED = "underused", _("underused")
        IN_DECAY = "in_decay", _("in decay")
        BEING_REGENERATED = "being_regenerated", _("being regenerated")
        REGENERATED = "regenerated", _("regenerated")

    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(_("address"), max_length=160, unique=True)
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        verbose_name=_("neighbourhood"),
        on_delete=models.PROTECT,
        related_name="goods",
    )
    state = models.CharField(_("state"), max_length=20, choices=State)
    summary = models.TextField(_("summary"), blank=True, max_length=400)
    image = models.ForeignKey(
        "home.RioneImage",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )

    class Meta:
        verbose_name = _("common good")
        verbose_name_plural = _("common goods")
        ordering = ["neighbourhood__position", "name", "pk"]

    def __str__(self) -> str:
        return self.name
