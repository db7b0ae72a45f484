"""Bringing neighbourhoods in from a GeoJSON file, whole or not at all."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from . import boundaries, neighbours
from .models import Neighbourhood

MAX_FILE_BYTES = 20_000_000

# Property names that are read for each field, in small letters, the first found wins.
PROPERTIES: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "nome", "denominazione"),
    "slug": ("slug",),
    "alternative_names": ("alternative_names", "altri_nomi"),
    "kind": ("kind", "tipo"),
    "inhabitants": ("inhabitants", "abitanti", "popolazione"),
    "summary_it": ("summary_it", "sommario"),
    "summary_en": ("summary_en",),
    "description_it": ("description_it", "descrizione"),
    "description_en": ("description_en",),
    "position": ("position", "ordine"),
}


@dataclass
class Feature:
    """What one feature of the file would do, and why it cannot, if so. Numbers begin at 1."""

    number: int
    name: str
    is_new: bool = True
    errors: list[str] = field(default_factory=list)


@dataclass
class Report:
    """What an import did, or would do."""

    features: list[Feature]

    @property
    def is_clean(self) -> bool:
        """Whether every feature can be brought in."""
        return not any(feature.errors for feature in self.features)


def import_neighbourhoods(*, data: str | bytes, dry_run: bool = False) -> Report:
    """Create or update one neighbourhood for each feature, found again by its address or name.

    A property that the file does not have leaves the field as it is. When one feature is wrong,
    nothing is written; the report says what is wrong in each. Raises BoundaryError when the file
    is not a collection of features.
    """
    collection = boundaries.parse_geojson(data, max_bytes=MAX_FILE_BYTES)
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise boundaries.BoundaryError(
            _("A FeatureCollection is expected: one feature for each neighbourhood.")
        )
    features = collection.get("features")
    if not isinstance(features, list) or not features:
        raise boundaries.BoundaryError(_("The file has no features, so there is nothing to read."))
    with transaction.atomic():
        report = _read(features)
        if dry_run or not report.is_clean:
            transaction.set_rollback(True)
    return report


def _read(features: list[Any]) -> Report:
    known = {n.slug: n for n in Neighbourhood.objects.all()}
    by_name = {n.name: n for n in known.values()}
    report = Report([])
    written = []
    for number, feature in enumerate(features, start=1):
        values, geometry, errors = _values(feature)
        name = str(values.get("name", ""))
        line = Feature(number, name, errors=errors)
        report.features.append(line)
        if not name:
            line.errors.append(
                _("It has no name. Add the property “name” (or “nome”) to this feature.")
            )
            continue
        values.setdefault("slug", slugify(name))
        neighbourhood = known.get(values["slug"]) or by_name.get(name) or Neighbourhood()
        line.is_new = neighbourhood.pk is None
        if not line.is_new:
            values["slug"] = neighbourhood.slug
        for key, value in values.items():
            setattr(neighbourhood, key, value)
        neighbourhood.boundary = geometry
        try:
            # Uniqueness inside the file is told below, in words of the file.
            neighbourhood.full_clean()
        except ValidationError as error:
            line.errors.extend(
                f"{name}: {' '.join(messages)}" if name != "boundary" else " ".join(messages)
                for name, messages in error.message_dict.items()
            )
        if not line.errors:
            neighbourhood.save()
            written.append((neighbourhood, line.is_new))
    twice = [name for name, n in Counter(f.name for f in report.features).items() if n > 1]
    for line in report.features:
        if line.name in twice:
            line.errors.append(
                _("The name “%(name)s” stands on several features. Keep one, or join their areas.")
                % {"name": line.name}
            )
    if report.is_clean:
        for neighbourhood, is_new in written:
            neighbours.link(neighbourhood=neighbourhood)
            log(instance=neighbourhood, action="wagtail.create" if is_new else "wagtail.edit")
    return report


def _values(feature: Any) -> tuple[dict[str, Any], Any, list[str]]:
    """Return the fields that a feature sets, its geometry, and what cannot be read in it."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return {}, None, [_("This is not a feature: its “type” must be “Feature”.")]
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    given = {str(key).lower(): value for key, value in properties.items() if value is not None}
    values: dict[str, Any] = {}
    errors = []
    for name, keys in PROPERTIES.items():
        found = next((given[key] for key in keys if key in given), None)
        if found is not None:
            values[name] = found.strip() if isinstance(found, str) else found
    if "alternative_names" in values:
        names = values["alternative_names"]
        if isinstance(names, str):
            names = names.replace(";", ",").split(",")
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            values["alternative_names"] = [name.strip() for name in names if name.strip()]
        else:
            del values["alternative_names"]
            errors.append(_("The alternative names are not a list, nor words between commas."))
    for name in ("inhabitants", "position"):
        if name in values:
            try:
                values[name] = int(values[name])
            except (TypeError, ValueError, OverflowError):
                errors.append(
                    _("“%(value)s” is not a whole number (%(field)s).")
                    % {"value": str(values.pop(name))[:40], "field": name}
                )
    for name in set(values) - {"alternative_names", "inhabitants", "position"}:
        values[name] = str(values[name])
    if feature.get("geometry") is None:
        errors.append(_("It has no geometry. Draw its area, or leave the feature out."))
    return values, feature.get("geometry"), errors
