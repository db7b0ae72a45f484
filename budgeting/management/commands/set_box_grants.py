from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections, transaction

from budgeting.box_grants import set_grants
from budgeting.sealing import owner_alias
from home.errors import DomainError


class Command(BaseCommand):
    help = (
        "Give the web's database role its rights: all it needs, and on the ballot box only to add "
        "and to read. Run it as the owner (DATABASE_OWNER_URL) after every migrate."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="the role in DATABASE_URL, for example rione_web")

    def handle(self, *args: Any, **options: Any) -> None:
        alias = owner_alias()
        try:
            with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
                set_grants(cursor, role=options["role"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{options['role']} may add to the ballot box and read it.")
