from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from budgeting.checkpoints import check_witness, verify_chain
from budgeting.models import Box
from home.errors import DomainError

from ._rounds import add_round_argument, round_of


class Command(BaseCommand):
    help = "Recompute every checkpoint of a round from its public list of commitments."

    def add_arguments(self, parser: CommandParser) -> None:
        add_round_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        round = round_of(options)
        box = Box.objects.filter(round=round).first()
        if box is None:
            raise CommandError("This round has no ballot box.")
        try:
            with connection.cursor() as cursor:
                check_witness(cursor, box)
            chain = verify_chain(round=round)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{chain.checkpoints} checkpoints over {chain.commitments} commitments hold; "
            f"last head {chain.head.hex()}"
        )
