"""Say which texts of the interface have no Italian."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

CATALOGUE = Path("locale/it/LC_MESSAGES/django.po")


class Command(BaseCommand):
    help = "Fails if a text of the interface is missing from the Italian catalogue, or doubtful."

    def handle(self, *args: Any, **options: Any) -> None:
        if shutil.which("xgettext") is None:
            self.stderr.write("*** NOT CHECKED: translations; xgettext (gettext) is missing. ***")
            return
        translated = _messages(Path(settings.BASE_DIR) / CATALOGUE)
        problems = [
            f"{text!r}: {translated.get(text, 'no Italian')}"
            for text in _texts_in_use()
            if translated.get(text, "missing")
        ]
        if problems:
            raise CommandError(
                "Run `make messages` and translate in locale/it:\n  " + "\n  ".join(problems)
            )
        self.stdout.write(f"{len(translated)} texts, all in Italian.")


def _messages(path: Path) -> dict[str, str]:
    """Return each text's problem: nothing, when it is translated."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    found = {}
    for message in catalogue:
        if not message.id:
            continue
        text = message.id if isinstance(message.id, str) else message.id[0]
        forms = [message.string] if isinstance(message.string, str) else message.string or [""]
        if message.fuzzy:
            found[text] = "marked fuzzy"
        elif not all(forms):
            found[text] = "no Italian"
        else:
            found[text] = ""
    return found


def _texts_in_use() -> list[str]:
    """Collect the texts of code and templates as `make messages` does, without touching them."""
    root = Path(settings.BASE_DIR)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        for name in ["manage.py", "templates", *_own_packages()]:
            source = root / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("*.pyc"))
            else:
                copy.mkdir(exist_ok=True)
                shutil.copy(source, copy / name)
        (copy / "locale").mkdir()
        subprocess.run(
            ["django-admin", "makemessages", "--locale", "it", "--verbosity", "0"],  # noqa: S607
            cwd=copy,
            check=True,
            env=_environment(),
        )
        return list(_messages(copy / "locale/it/LC_MESSAGES/django.po"))


def _own_packages() -> list[str]:
    return ["home", "commons", "residents", "stories", "budgeting", "proposals", "site"]


def _environment() -> dict[str, str]:
    # django-admin stands beside the interpreter, whether or not the environment is activated.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {"PATH": path, "LC_ALL": "C.UTF-8"}
