"""Fill an empty site with the demonstration city."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from home.demonstration import load_demonstration


class Command(BaseCommand):
    help = "Fills an empty site with the demonstration city of Fontelieta."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENVIRONMENT == "production":
            raise CommandError("A real site is never filled with invented people.")
        if get_user_model().objects.exists():
            raise CommandError(
                "This site already has people. `make demo` drops the database and starts again."
            )
        start = time.monotonic()
        load_demonstration(say=lambda line: self.stdout.write(f"  {line}"))
        self.stdout.write(f"  ready in {time.monotonic() - start:.0f} s")
