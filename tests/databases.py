"""Databases for the tests: one migrated template, and clones of it.

Migrating takes half a minute, cloning a tenth of a second. The template carries a hash of every
migration in its name, so it is made anew when one changes. From it each worker gets a base (with
today's permissions and groups), and from the base its test database and, for a test that commits,
a clone of its own: some of our tables refuse to be emptied, so nothing is ever cleaned up, only
dropped.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings

PREFIX = "rione_test"
# Names the run, the same in the controlling process and in its workers.
RUN = "RIONE_TEST_RUN"
TASKS_LEFT_WAITING = "django_tasks.backends.dummy.DummyBackend"


def migrations_hash() -> str:
    """Return a short hash of every migration file of every installed app."""
    digest = hashlib.sha256()
    for app in apps.get_app_configs():
        for file in sorted((Path(app.path) / "migrations").glob("*.py")):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def ensure_template() -> str:
    """Return the name of the migrated template database, made if it is not there."""
    name = f"{PREFIX}_template_{migrations_hash()}"
    with _one_worker_at_a_time("template"):
        if not exists(name):
            for outdated in _names_like(f"{PREFIX}_template_%"):
                drop(outdated)
            make(name, source="template0", fill=lambda: call_command("migrate", verbosity=0))
    return name


def ensure_demonstration(base: str, folder: Path) -> str:
    """Return the name of the database with the demonstration city, loaded once per run.

    Its pictures and keys go into `folder`, which must be the settings' at that moment.
    """
    name = f"{PREFIX}_demonstration_{os.environ[RUN]}"
    with _one_worker_at_a_time("demonstration"):
        if not exists(name):
            (folder / "box-keys").mkdir(parents=True, mode=0o700)
            make(name, source=base, fill=_load_demonstration)
    return name


def _load_demonstration() -> None:
    """Load it without the hundreds of recounts that a worker would make of it afterwards."""
    with override_settings(TASKS={"default": {"BACKEND": TASKS_LEFT_WAITING}}):
        call_command("load_demonstration", verbosity=0)


def make(name: str, *, source: str, fill: Callable[[], object]) -> None:
    """Make a database from another and fill it; it bears its name only once it is whole."""
    half_made = clone(source, f"{PREFIX}_half_{os.getpid()}")
    with use(half_made):
        fill()
    _administer(f'ALTER DATABASE "{half_made}" RENAME TO "{name}"')


@contextmanager
def _one_worker_at_a_time(what: str) -> Iterator[None]:
    lock_file = Path(settings.BASE_DIR) / "var" / f"test-{what}.lock"
    lock_file.parent.mkdir(exist_ok=True)
    with lock_file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def clone(source: str, name: str) -> str:
    """Make `name` as a copy of `source`, to which nobody may be connected; return the name."""
    drop(name)
    _administer(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')
    return name


def drop(name: str) -> None:
    """Drop a database, whoever is connected to it."""
    _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def use(name: str) -> Iterator[None]:
    """Point Django's connections, in every thread, at another database for a while."""
    databases = connections.databases["default"]
    before = databases["NAME"]
    connections.close_all()
    databases["NAME"] = connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        databases["NAME"] = connection.settings_dict["NAME"] = before


def unique_name(kind: str) -> str:
    """Return a name that no other worker or run uses."""
    return f"{PREFIX}_{kind}_{os.getpid()}"


def drop_left_over() -> None:
    """Drop what runs that were killed left behind."""
    for name in _names_like(f"{PREFIX}_%"):
        owner = name.rsplit("_", 1)[1]
        if "_template_" not in name and owner.isdigit() and not Path(f"/proc/{owner}").exists():
            drop(name)


def exists(name: str) -> bool:
    """Return whether there is a database of this name."""
    return bool(_names_like(name))


def _names_like(pattern: str) -> list[str]:
    pattern = pattern.replace("_", r"\_")
    return [
        row[0]
        for row in _administer("SELECT datname FROM pg_database WHERE datname LIKE %s", pattern)
    ]


def _administer(statement: str, *parameters: str) -> list[tuple[str]]:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return cursor.fetchall() if cursor.description else []
