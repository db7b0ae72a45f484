"""Making the box of a round, in the transaction that opens the vote."""

from django.db import connection

from .box_checks import refuse_unsafe
from .box_keys import new_key_file
from .checkpoints import make_checkpoint
from .models import Box, Checkpoint, Round


def make_box(round: Round) -> None:
    """Make key, box and first checkpoint of a round in preparation whose rules are frozen.

    Raises DatabaseUnsafe, or BoxKeyError when the key cannot be written.
    """
    with connection.cursor() as cursor:
        refuse_unsafe(cursor)
        name, key = new_key_file(round)
        cursor.execute("SELECT budgeting_make_ballot_partition(%s)", [round.pk])
    Box.objects.create(round=round, key_name=name, key_check=key.check_value(round.pk))
    make_checkpoint(round=round, occasion=Checkpoint.Occasion.OPENING)
