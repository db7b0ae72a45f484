"""What a city must set is documented once, and a wrong or missing value is named in words."""

import importlib
import os
import string
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from config import checks, environment

COMPLETE = {
    "SECRET_KEY": string.ascii_letters,
    "ROLL_SECRET": "r" * 64,
    "DATABASE_URL": "postgres://rione:secret@localhost/rione",
    "ALLOWED_HOSTS": "partecipa.comune.example.it",
    "SITE_URL": "https://partecipa.comune.example.it",
    "EMAIL_HOST": "smtp.comune.example.it",
    "DEFAULT_FROM_EMAIL": "partecipa@comune.example.it",
}


def check(
    variables: dict[str, str], *arguments: str, site: str = "production"
) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", "check", *arguments],
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": f"config.settings.{site}",
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


@pytest.mark.django_db
def test_the_checks_that_need_a_database_pass_too():
    call_command("check", "--database", "default", "--fail-level", "WARNING")


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
        ("SECRET_KEY", "s" * 49, "SECRET_KEY is shorter than 50"),
        ("ROLL_SECRET", "short", "ROLL_SECRET is shorter than 32"),
        ("DATABASE_URL", "", "embedded PostgreSQL trusts everybody"),
        ("EMAIL_HOST", "", "EMAIL_HOST is not set"),
        ("BOX_KEYS_DIR", "/nowhere/at/all", "is not a folder"),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy(complete, name, value, said):
    result = check({**complete, name: value})
    assert result.returncode != 0
    assert said in result.stderr


# What a variable is set to, and what is to be written instead.
WRONG = [
    ("DATABASE_URL", "nonsense", "write postgres://user:password@host/name"),
    ("DATABASE_URL", "sqlite:////tmp/x", "Rione works with PostgreSQL alone"),
    ("DATABASE_URL", "mysql://a/b", "Rione works with PostgreSQL alone"),
    ("DATABASE_URL", "postgres://rione:secret@localhost", "write postgres://"),
    ("DATABASE_URL", "postgres://rione:se/cret@localhost/rione", "are written as %40"),
    ("DATABASE_OWNER_URL", "sqlite:////tmp/x", "Rione works with PostgreSQL alone"),
    ("ALLOWED_HOSTS", "*", "* would let anybody choose the address"),
    ("ALLOWED_HOSTS", "a.example.it,*", "* would let anybody choose the address"),
    ("ALLOWED_HOSTS", "https://a.example.it", "without https://"),
    ("ALLOWED_HOSTS", "a.example.it:8000", "without a port"),
    ("ALLOWED_HOSTS", "a.example.it b.example.it", "separated by commas"),
    ("SITE_URL", "foo", "write an address that begins with https://"),
    ("SITE_URL", "ftp://a.example.it", "write an address that begins with https://"),
    ("SITE_URL", "https://a.example.it/city", "and nothing after it"),
    ("SITE_URL", "http://a.example.it", "Write the address with https://"),
    ("EMAIL_HOST", "smtp://a.example.it", "write the name of a machine"),
    ("EMAIL_PORT", "99999999", "write a whole number from 1 to 65535"),
    ("EMAIL_PORT", "0", "write a whole number from 1 to 65535"),
    ("EMAIL_PORT", "five", "write a whole number from 1 to 65535"),
    ("DEFAULT_FROM_EMAIL", "foo", "write an e-mail address"),
    ("DEFAULT_FROM_EMAIL", "The city <foo>", "write an e-mail address"),
    ("TRUSTED_PROXIES", "-1", "write a whole number from 0 to 10"),
    ("TRUSTED_PROXIES", "1.5", "write a whole number from 0 to 10"),
    ("MAP_TILES_URL", "foo", "write an address that begins with https://"),
    ("MAP_TILES_URL", "https://a.example.it/{z}/{x}.png", "write {y} where"),
    ("MAP_TILES_URL", "http://a.example.it/{z}/{x}/{y}.png", "Write the address with https://"),
    ("SOURCE_CODE_URL", "foo", "write an address that begins with https://"),
    ("MEDIA_ROOT", "media", "write the whole path of the folder"),
    ("STATIC_ROOT", "static", "write the whole path of the folder"),
    ("BOX_KEYS_DIR", "keys", "write the whole path of the folder"),
    ("OIDC_SERVER_URL", "gateway", "write an address that begins with https://"),
    ("OIDC_SERVER_URL", "http://a.example.it", "Write the address with https://"),
    ("DEVELOPMENT_SIGN_IN", "maybe", "write yes or no"),
]


def rows_together(table: list[tuple[str, ...]]) -> list[list[tuple[str, ...]]]:
    """Deal out the rows so that no hand has a variable twice: a check takes seconds."""
    hands: list[list[tuple[str, ...]]] = []
    for row in table:
        free = (hand for hand in hands if all(row[0] != other[0] for other in hand))
        hand = next(free, None)
        if hand is None:
            hands.append(hand := [])
        hand.append(row)
    return hands


@pytest.mark.parametrize("rows", rows_together(WRONG))
def test_what_cannot_be_right_is_refused_with_what_to_write(complete, rows):
    result = check({**complete, **{name: value for name, value, _ in rows}})
    assert result.returncode != 0
    said = [line for line in result.stderr.splitlines() if "(rione.E" in line]
    for name, value, remedy in rows:
        sentences = [line for line in said if name in line]
        assert any(remedy in line for line in sentences), (name, value, said)
    assert "se/cret" not in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(("name", "other"), checks.TOGETHER)
def test_half_of_what_belongs_together_is_refused(monkeypatch, name, other):
    for each in {name for pair in checks.TOGETHER for name in pair}:
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv(name, "something")
    said = [problem.msg for problem in checks.what_belongs_together_is_set()]
    assert any(f"{name} is set and {other} is not" in sentence for sentence in said)
    monkeypatch.setenv(other, "something")
    said = [problem.msg for problem in checks.what_belongs_together_is_set()]
    assert not any(f"{name} is set and {other} is not" in sentence for sentence in said)


RIGHT = [
    ("DATABASE_URL", "postgresql://rione:p%40ss@db.example.it:5432/rione?sslmode=require"),
    ("DATABASE_URL", "postgres:///rione"),
    ("ALLOWED_HOSTS", "a.example.it, .example.it,127.0.0.1,[::1]"),
    ("SITE_URL", "https://a.example.it/"),
    ("EMAIL_HOST", "mail"),
    ("EMAIL_PORT", "25"),
    ("DEFAULT_FROM_EMAIL", "The city <participation@city.example>"),
    ("TRUSTED_PROXIES", "0"),
    ("MAP_TILES_URL", "https://{s}.tiles.example.org/{z}/{x}/{y}.png?key=1"),
]


@pytest.mark.parametrize("rows", rows_together(RIGHT))
def test_what_is_right_is_taken(complete, rows):
    result = check({**complete, **dict(rows)})
    assert result.returncode == 0, result.stderr


def test_on_ones_own_computer_a_wrong_database_is_told_in_words_too():
    result = check({"DATABASE_URL": "mysql://a/b"}, site="dev")
    assert result.returncode != 0
    assert "Rione works with PostgreSQL alone" in result.stderr
    assert "Traceback" not in result.stderr


def test_keys_in_a_folder_that_the_web_hands_out_are_refused(complete, tmp_path):
    result = check({**complete, "MEDIA_ROOT": str(tmp_path)})
    assert "lies in MEDIA_ROOT" in result.stderr


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
