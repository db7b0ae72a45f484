"""What a city must set is documented once, and a wrong or missing value is named in words."""

import importlib
import os
import string
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config import environment

COMPLETE = {
    "SECRET_KEY": string.ascii_letters,
    "ROLL_SECRET": "r" * 64,
    "DATABASE_URL": "postgres://rione:secret@localhost/rione",
    "ALLOWED_HOSTS": "partecipa.comune.example.it",
    "SITE_URL": "https://partecipa.comune.example.it",
    "EMAIL_HOST": "smtp.comune.example.it",
    "DEFAULT_FROM_EMAIL": "partecipa@comune.example.it",
}


def check(variables: dict[str, str], *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", "check", *arguments],
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            **variables,
        },
        capture_output=True,
        text=True,
    )


@pytest.fixture
def complete(tmp_path) -> dict[str, str]:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    return {**COMPLETE, "BOX_KEYS_DIR": str(keys)}


def test_a_complete_production_site_passes_every_deployment_check(complete):
    result = check(complete, "--deploy", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr


def test_an_empty_environment_is_told_everything_it_must_set():
    result = check({})
    assert result.returncode != 0
    for variable in environment.VARIABLES.values():
        assert (f"{variable.name} is not set" in result.stderr) == (
            variable.production == "required"
        )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("EMAIL_PORT", "five", "EMAIL_PORT is 'five'"),
        ("DEVELOPMENT_SIGN_IN", "maybe", "DEVELOPMENT_SIGN_IN is 'maybe'"),
        ("DEVELOPMENT_SIGN_IN", "yes", "lets anybody sign in as anybody"),
        ("SECRET_KEY", "short", "SECRET_KEY is shorter than 32"),
        ("ROLL_SECRET", "short", "ROLL_SECRET is shorter than 32"),
        ("DATABASE_URL", "", "embedded PostgreSQL trusts everybody"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL cannot be read"),
        ("EMAIL_HOST", "", "EMAIL_HOST is not set"),
        ("BOX_KEYS_DIR", "/nowhere/at/all", "is not a folder"),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy(complete, name, value, said):
    result = check({**complete, name: value})
    assert result.returncode != 0
    assert said in result.stderr


def test_a_keys_folder_that_others_can_read_is_refused(complete):
    Path(complete["BOX_KEYS_DIR"]).chmod(0o755)
    result = check(complete)
    assert "can be read by other users" in result.stderr


def test_every_variable_is_documented_once_for_operators():
    text = (Path(settings.BASE_DIR) / "docs" / "operating.md").read_text()
    for variable in environment.VARIABLES.values():
        required = "yes" if variable.production == "required" else "no"
        assert text.count(f"| `{variable.name}` | {required} | {variable.meaning} |") == 1
    documented = text.count("\n| `") - text.count("\n| `gunicorn")
    assert documented == len(environment.VARIABLES)


def test_settings_read_the_environment_through_the_table_only():
    folder = Path(importlib.import_module("config").__file__).parent
    for file in [*folder.glob("settings/*.py"), folder / "database.py"]:
        assert "os.environ" not in file.read_text(), file.name
