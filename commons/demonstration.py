"""Fontelieta, the invented city: its neighbourhoods, its common goods, and pictures of them.

Nobody lives there. Boundaries, texts and pictures were drawn and written for this project.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile

from home.models import RioneImage

from .importing import import_neighbourhoods
from .models import CommonGood, Neighbourhood

DATA = Path(__file__).parent / "demonstration_data"
PICTURES = Path(__file__).parent / "demonstration_pictures"
CREDIT = "Rione, AGPL-3.0-or-later"


def load(say: Callable[[str], None]) -> None:
    """Create six neighbourhoods and twelve common goods, each with its picture."""
    report = import_neighbourhoods(data=(DATA / "fontelieta.geojson").read_bytes())
    if not report.is_clean:
        raise ValueError([error for feature in report.features for error in feature.errors])
    pictures = {entry["file"].removesuffix(".webp"): _picture(entry) for entry in _read("pictures")}
    neighbourhoods = {n.slug: n for n in Neighbourhood.objects.all()}
    for slug, neighbourhood in neighbourhoods.items():
        neighbourhood.image = pictures[slug]
        neighbourhood.save(update_fields=["image"])
    goods = _read("goods")
    for facts in goods:
        good = CommonGood(
            **{**facts, "neighbourhood": neighbourhoods[facts["neighbourhood"]]},
            image=pictures[facts["slug"]],
        )
        good.full_clean()
        good.save()
    say(f"{len(neighbourhoods)} neighbourhoods, {len(goods)} common goods")


def _read(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return entries


def _picture(entry: dict[str, Any]) -> RioneImage:
    """Store one picture of the demonstration with its alternative texts."""
    picture = RioneImage(
        title=entry["title"],
        description=entry["description"],
        description_en=entry["description_en"],
        credit=CREDIT,
    )
    content = ContentFile((PICTURES / entry["file"]).read_bytes(), name=entry["file"])
    picture.file.save(entry["file"], content, save=False)
    picture.full_clean()
    picture.save()
    return picture
