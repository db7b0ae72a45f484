from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgeting.key_destruction import delete_here
from home.errors import DomainError

from ._rounds import add_round_argument, round_of


class Command(BaseCommand):
    help = (
        "Delete the box key from this server, once its destruction is on record; on each server "
        "that holds a copy."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_round_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            was_here = delete_here(round=round_of(options))
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("deleted" if was_here else "the key is not on this server")
