"""Pictures for records of different kinds, fetched together."""

from collections.abc import Iterable
from typing import Protocol

from home.models import RioneImage, RioneRendition


class HasPicture(Protocol):
    """A record with a picture, or none."""

    image: RioneImage | None
    image_id: int | None


def attach(records: Iterable[HasPicture], *filters: str) -> None:
    """Give each record its picture with the renditions of these filters.

    One query; one more at the first sight of a picture, whose renditions are not made yet.
    """
    records = [record for record in records if record.image_id is not None]
    wanted = {record.image_id for record in records}
    images: dict[int | None, RioneImage] = {}
    made = RioneRendition.objects.filter(image__in=wanted, filter_spec__in=filters)
    for rendition in made.select_related("image"):
        image = images.setdefault(rendition.image_id, rendition.image)
        image.__dict__.setdefault("prefetched_renditions", []).append(rendition)
    if missing := wanted - images.keys():
        for image in RioneImage.objects.filter(pk__in=missing):
            image.prefetched_renditions = []
            images[image.pk] = image
    for record in records:
        record.image = images[record.image_id]
