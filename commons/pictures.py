"""Pictures for records of different kinds, fetched together."""

from collections.abc import Iterable
from typing import Protocol

from home.models import RioneImage


class HasPicture(Protocol):
    """A record with a picture, or none."""

    image: RioneImage | None
    image_id: int | None


def attach(records: Iterable[HasPicture], *filters: str) -> None:
    """Give each record its picture with the renditions of these filters, in two queries."""
    records = list(records)
    images = RioneImage.objects.prefetch_renditions(*filters).in_bulk(
        {record.image_id for record in records if record.image_id is not None}
    )
    for record in records:
        if record.image_id is not None:
            record.image = images[record.image_id]
