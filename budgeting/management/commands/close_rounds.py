from typing import Any

from django.core.management.base import BaseCommand

from budgeting.closing import close_due_rounds
from budgeting.phases import database_clock


class Command(BaseCommand):
    help = "Close every vote whose time has come; `tick` does it by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in close_due_rounds(database_clock()) or ["no vote is due to close"]:
            self.stdout.write(line)
