"""Import past elections."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import translation

from budgeting import tally
from budgeting.importing import FROM_FILE, RoundFacts, SourceFile, import_round
from home.errors import DomainError


class Command(BaseCommand):
    help = (
        "Turns Pabulib files into a finished, sealed round with its projects, ballots and count. "
        "Several files become one round with several contests. A broken file changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a .pb file")
        parser.add_argument("--round", default="", metavar="NAME", help="name of the round")
        parser.add_argument(
            "--rule",
            default=FROM_FILE,
            help="from-file (the default), a name of Pabulib's "
            f"({', '.join(tally.PABULIB_RULES)}), or a rule as JSON",
        )
        parser.add_argument("--place", default="", help="the city; otherwise the file's unit")
        parser.add_argument("--currency", default="", help="ISO 4217, where the file is silent")
        parser.add_argument("--language", default="", help="of the names, ISO 639-1")
        parser.add_argument("--source", default="", help="where the data come from")

    def handle(self, *args: Any, **options: Any) -> None:
        rule = _read_rule(options["rule"])
        start = time.monotonic()
        facts = RoundFacts(
            name=options["round"],
            place=options["place"],
            currency=options["currency"].upper(),
            language=options["language"].lower(),
            source=options["source"],
        )
        files = [SourceFile(path=path, rule=rule) for path in options["files"]]
        with translation.override("en"):
            try:
                round_ = import_round(files=files, facts=facts, say=self.stdout.write)
            except DomainError as error:
                raise CommandError(f"{error} Nothing was imported.") from error
            address = reverse("budgeting:result", kwargs={"slug": round_.slug})
        self.stdout.write(f"Imported “{round_}” in {time.monotonic() - start:.1f} s: {address}")


def _read_rule(text: str) -> str | tally.Rule:
    if not text.startswith("{"):
        return text
    try:
        return tally.Rule.from_json(json.loads(text))
    except (ValueError, tally.RuleError) as error:
        raise CommandError(f"--rule: {error}") from error
