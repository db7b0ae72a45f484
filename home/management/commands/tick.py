"""Do what is due: checkpoints, reminders, pruning."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from home.tick import tick


class Command(BaseCommand):
    help = "Does what is due now. A timer calls it every few minutes; see docs/operating.md."

    def handle(self, *args: Any, **options: Any) -> None:
        report = tick(now=timezone.now())
        for line in report.lines:
            self.stdout.write(line)
        if report.was_busy:
            self.stdout.write("Another tick is still running; nothing done.")
        if report.failed:
            raise CommandError(f"Failed, and will be tried again: {', '.join(report.failed)}")
