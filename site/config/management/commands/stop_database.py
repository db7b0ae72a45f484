"""Stop the embedded PostgreSQL of this checkout."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.embedded_postgresql import server


class Command(BaseCommand):
    help = "Stops the embedded PostgreSQL; the next command that needs it starts it again."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            stopped = server.stop(Path(settings.BASE_DIR))
        except server.InUseError as error:
            raise CommandError(
                "The database is in use. Stop the site first (Ctrl+C where `make run` runs)."
            ) from error
        self.stdout.write("The database is stopped." if stopped else "No database was running.")
