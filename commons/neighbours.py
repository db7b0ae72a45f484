"""Which neighbourhoods lie beside each other."""

from django.db import transaction

from . import boundaries
from .models import Neighbourhood


@transaction.atomic
def link(*, neighbourhood: Neighbourhood) -> None:
    """Set the neighbours of a saved neighbourhood to those whose boundary touches its own.

    Without a boundary the neighbours that staff chose stay as they are.
    """
    if neighbourhood.boundary is None:
        return
    others = Neighbourhood.objects.exclude(pk=neighbourhood.pk).exclude(boundary=None)
    neighbourhood.neighbours.set(
        boundaries.touching(neighbourhood.boundary, others.values_list("pk", "boundary"))
    )
