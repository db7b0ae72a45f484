"""Neighbourhoods and common goods for tests."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from commons.models import CommonGood, Neighbourhood


def square(west: float = 12.40, south: float = 43.10, side: float = 0.01) -> dict[str, Any]:
    """Return a square boundary, `side` degrees wide."""
    east, north = round(west + side, 6), round(south + side, 6)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


class NeighbourhoodFactory(DjangoModelFactory[Neighbourhood]):
    """A neighbourhood with a square boundary; each lies east of the one before it, touching it."""

    name = factory.Sequence(lambda n: f"Quartiere {n}")
    slug = factory.Sequence(lambda n: f"quartiere-{n}")
    inhabitants = 1000
    summary_it = "Un quartiere."
    summary_en = "A neighbourhood."
    position = factory.Sequence(lambda n: n % 10_000)
    boundary = factory.Sequence(lambda n: square(west=round(-180 + (n % 36_000) * 0.01, 6)))

    class Meta:
        model = Neighbourhood


class CommonGoodFactory(DjangoModelFactory[CommonGood]):
    """A common good, without a point on the map unless one is given."""

    name = factory.Sequence(lambda n: f"Bene {n}")
    slug = factory.Sequence(lambda n: f"bene-{n}")
    neighbourhood = factory.SubFactory(NeighbourhoodFactory)
    state = CommonGood.State.IN_USE
    place = "Via del Bene 1"
    summary_it = "Un bene comune."
    summary_en = "A common good."

    class Meta:
        model = CommonGood
