from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgeting.checkpoints import make_checkpoint
from budgeting.models import Box, Checkpoint, Round
from home.errors import DomainError

from ._rounds import add_round_argument, round_of


class Command(BaseCommand):
    help = "Make a checkpoint of a ballot box now; `tick` makes the hourly ones by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        add_round_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        round = round_of(options)
        if not Box.objects.filter(round=round).exists():
            raise CommandError("This round has no ballot box.")
        occasion = (
            Checkpoint.Occasion.HOURLY
            if round.state == Round.State.OPEN
            else Checkpoint.Occasion.PAPER
        )
        try:
            checkpoint = make_checkpoint(round=round, occasion=occasion)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"checkpoint {checkpoint.number}: {checkpoint.count} commitments, "
            f"head {checkpoint.head.hex()}"
        )
