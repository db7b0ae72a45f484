"""Making the box of a round, in the transaction that opens the vote."""

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from home.errors import DomainError

from .box_checks import unsafe_settings
from .box_keys import new_key_file
from .checkpoints import make_checkpoint
from .models import Box, Checkpoint, Round


class BoxUnsafe(DomainError):
    """The database is set up in a way that could lose ballots or write them to its log."""


def make_box(round: Round) -> None:
    """Make key, box and first checkpoint of a round in preparation whose rules are frozen.

    Raises BoxUnsafe on a real site whose database fails the checks, BoxKeyError when the key
    cannot be written.
    """
    if settings.ENVIRONMENT == "production":
        with connection.cursor() as cursor:
            problems = unsafe_settings(cursor)
        if problems:
            raise BoxUnsafe(
                _("The database is not safe for a vote: %(what)s")
                % {"what": " ".join(problem.words for problem in problems)}
            )
    name, key = new_key_file(round)
    with connection.cursor() as cursor:
        cursor.execute("SELECT budgeting_make_ballot_partition(%s)", [round.pk])
    Box.objects.create(round=round, key_name=name, key_check=key.check_value(round.pk))
    make_checkpoint(round=round, occasion=Checkpoint.Occasion.OPENING)
