"""Bring neighbourhoods in from a GeoJSON file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commons.boundaries import BoundaryError
from commons.importing import PROPERTIES, import_neighbourhoods


class Command(BaseCommand):
    help = (
        "Creates or updates neighbourhoods from the features of a GeoJSON file in WGS 84. "
        "When one feature is wrong nothing is written. Properties: "
        + "; ".join(f"{field}: {', '.join(names)}" for field, names in PROPERTIES.items())
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a FeatureCollection")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen, write nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        try:
            report = import_neighbourhoods(data=data, dry_run=options["dry_run"])
        except BoundaryError as error:
            raise CommandError(str(error)) from error
        for feature in report.features:
            label = f"feature {feature.number} {feature.name or '(without a name)'}"
            for message in feature.errors:
                self.stderr.write(f"{label}: {message}")
            if not feature.errors:
                self.stdout.write(f"{label}: {'new' if feature.is_new else 'known, updated'}")
        if not report.is_clean:
            raise CommandError("Nothing was written. Correct the file and run again.")
        if options["dry_run"]:
            self.stdout.write("This was a dry run: nothing was written.")
