"""Pictures: each has an alternative text in both languages, or is declared decorative."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models
from django.db.models import Prefetch
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Filter,
    WagtailImageField,
    WagtailImageFieldFile,
    get_upload_to,
)
from wagtail.search import index

from home.gathering import HasPicture
from home.pictures import safe_copy

CARD = "fill-640x400|format-webp"
"""The size of a picture on a card, as components/card.html draws it."""
SHARED = "fill-1200x630|format-jpeg"
"""The size of a page's picture where the page is shared, as home/open_graph.html names it."""
SIZES_OF_PAGES = (
    CARD,
    SHARED,
    "width-1100|format-webp",  # above the text
    "width-840|format-webp",  # home/blocks/picture.html
    "fill-900x640|format-webp",  # home/blocks/hero.html
)


@cache
def _filter(spec: str) -> Filter:
    return Filter(spec=spec)


class SafePictureFieldFile(WagtailImageFieldFile):
    """Stores a picture only after it was drawn anew without metadata."""

    def save(self, name: str, content: File, save: bool = True) -> None:
        super().save(name, safe_copy(content), save=save)


class SafePictureField(WagtailImageField):
    """A picture that is made safe on whatever way it comes in: form, command or code."""

    attr_class = SafePictureFieldFile


class RioneImage(AbstractImage):
    """A picture with its alternative text (`description`, `description_en`).

    Where neither language has a text the picture must be declared decorative: readers who do not
    see it are then told nothing about it.
    """

    file = SafePictureField(
        verbose_name=_("file"),
        upload_to=get_upload_to,
        width_field="width",
        height_field="height",
    )
    description = models.CharField(
        _("alternative text"),
        max_length=255,
        blank=True,
        default="",
        help_text=_(
            "What somebody who does not see the picture should know, in Italian and in one "
            "sentence. Do not begin with “picture of”."
        ),
    )
    description_en = models.CharField(
        _("alternative text in English"),
        max_length=255,
        blank=True,
        default="",
        help_text=_("Without it the Italian text is used."),
    )
    is_decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("It says nothing that the text does not say: screen readers skip it."),
    )
    credit = models.CharField(_("credit"), max_length=255, blank=True, default="")

    admin_form_fields = (
        "title",
        "file",
        "description",
        "description_en",
        "is_decorative",
        "credit",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields = [*AbstractImage.search_fields, index.SearchField("description_en")]

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions = [("choose_image", "Can choose image")]
        constraints = [
            models.CheckConstraint(
                name="home_rioneimage_alternative_text_or_decorative",
                condition=models.Q(is_decorative=True) ^ ~models.Q(description=""),
            )
        ]

    @property
    def default_alt_text(self) -> str:
        """Return the alternative text in the reader's language; empty when decorative."""
        if self.is_decorative:
            return ""
        if get_language() == "en" and self.description_en:
            return self.description_en
        return self.description

    def get_rendition(self, filter: Filter | str) -> AbstractRendition:
        """Return the picture in a size; what was fetched with the picture is taken as it is.

        Wagtail would read the filter anew and write the rendition into the cache at each sight.
        """
        known = _filter(filter if isinstance(filter, str) else filter.spec)
        if self._get_prefetched_renditions() is not None:
            try:
                return self.find_existing_rendition(known)
            except RioneRendition.DoesNotExist:
                pass  # made below, at the first sight
        return super().get_rendition(known)

    def clean(self) -> None:
        super().clean()
        self.description = self.description.strip()
        if self.is_decorative and self.description:
            raise ValidationError(
                {
                    "is_decorative": _(
                        "A picture is either decorative or has an alternative text: untick this, "
                        "or empty the text."
                    )
                }
            )
        if not self.is_decorative and not self.description:
            raise ValidationError(
                {
                    "description": _(
                        "Write what the picture shows, or tick “decorative” if it says nothing "
                        "that the text does not say."
                    )
                }
            )

    def validate_constraints(self, *args: Any, **kwargs: Any) -> None:
        """Leave the alternative text to `clean`, which names the field."""


class RioneRendition(AbstractRendition):
    """A picture in one size."""

    image = models.ForeignKey(RioneImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        constraints = [
            models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"), name="unique_rendition"
            )
        ]


def with_renditions(*specs: str) -> Prefetch:
    """Fetch for records with an `image` its renditions of these filters, or all; one query.

    The picture itself comes with the records: `select_related("image")`.
    """
    found = RioneRendition.objects.all()
    if specs:
        found = found.filter(filter_spec__in=specs)
    return Prefetch("image__renditions", found, to_attr="prefetched_renditions")


_RENDITIONS = """
SELECT json_agg(json_build_object('filter_spec', filter_spec, 'focal_point_key', focal_point_key,
                                  'file', file, 'width', width, 'height', height))
  FROM home_rionerendition
 WHERE image_id = home_rioneimage.id AND filter_spec = ANY(%s)
"""


def attach_pictures(records: Iterable[HasPicture], *specs: str) -> None:
    """Give each record its picture with the renditions of these filters, those of pages if none.

    One query for records of all kinds, none where they have no pictures.
    """
    records = [record for record in records if record.image_id is not None]
    if not records:
        return
    made = RawSQL(_RENDITIONS, [list(specs or SIZES_OF_PAGES)])  # noqa: S611
    images = RioneImage.objects.annotate(made=made).in_bulk({r.image_id for r in records})
    for image in images.values():
        image.prefetched_renditions = [
            RioneRendition(image=image, **columns) for columns in image.made or []
        ]
    for record in records:
        record.image = images.get(record.image_id)
