from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgeting.sealing import seal_round
from home.errors import DomainError

from ._rounds import add_round_argument, round_of


class Command(BaseCommand):
    help = (
        "Audit and seal the ballot box of a closed round, once two people have signed it; as the "
        "role of DATABASE_OWNER_URL where one is set. Can be run again whatever happened."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_round_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        round = round_of(options)
        try:
            seal = seal_round(round=round, say=self.stdout.write)
        except DomainError as error:
            raise CommandError(f"{error} Nothing has changed.") from error
        self.stdout.write(self.style.SUCCESS(f"sealed since {seal.sealed_at:%Y-%m-%d %H:%M} UTC"))
