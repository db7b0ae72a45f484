"""Stop the embedded PostgreSQL of this checkout."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.embedded_postgresql import server


class Command(BaseCommand):
    help = "Stops the embedded PostgreSQL; the next command that needs it starts it again."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = server.stop(Path(settings.BASE_DIR))
        self.stdout.write("The database is stopped." if stopped else "No database was running.")
