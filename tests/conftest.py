"""What every test shares: databases, folders, people who sign in."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from . import databases

_clone_numbers = itertools.count(1)

# How long an example takes says how busy the machine is, not whether a law holds.
hypothesis.settings.register_profile(
    "laws", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("laws")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ[databases.RUN] = str(os.getpid())


@pytest.fixture(scope="session")
def base_database(django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database nobody is connected to, with today's permissions and groups."""
    with django_db_blocker.unblock():
        databases.drop_left_over()
        name = databases.clone(databases.ensure_template(), databases.unique_name("base"))
        with databases.use(name):
            # The template may be older than the code that runs after migrations.
            call_command("migrate", verbosity=0)
    yield name
    with django_db_blocker.unblock():
        databases.drop(name)


@pytest.fixture(scope="session")
def django_db_setup(base_database: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Take the place of pytest-django's database, which would run every migration."""
    name = databases.unique_name("main")
    with django_db_blocker.unblock():
        databases.clone(base_database, name)
    with databases.use(name):
        yield
    with django_db_blocker.unblock():
        databases.drop(name)


@pytest.fixture
def own_database(
    base_database: str, django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[str]:
    """A database of the test's own, in which it may commit from several connections."""
    name = databases.unique_name(f"own{next(_clone_numbers)}")
    with django_db_blocker.unblock():
        databases.clone(base_database, name)
        with databases.use(name):
            yield name
        databases.drop(name)


@dataclass(frozen=True)
class Demonstration:
    """The demonstration city: its database, and the folder of its pictures and keys."""

    database: str
    folder: Path


@pytest.fixture(scope="session")
def demonstration(
    base_database: str, django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> Demonstration:
    """The demonstration city, loaded once per run; nobody may change it, so take a clone."""
    run = os.environ[databases.RUN]
    folder = Path(django_settings.BASE_DIR) / "var" / "test-demonstration" / run
    before = django_settings.MEDIA_ROOT, django_settings.BOX_KEYS_DIR
    django_settings.MEDIA_ROOT = str(folder / "media")
    django_settings.BOX_KEYS_DIR = str(folder / "box-keys")
    try:
        with django_db_blocker.unblock():
            return Demonstration(databases.ensure_demonstration(base_database, folder), folder)
    finally:
        django_settings.MEDIA_ROOT, django_settings.BOX_KEYS_DIR = before


@pytest.fixture
def city(demonstration: Demonstration, settings, tmp_path: Path, django_db_blocker) -> Iterator:
    """The demonstration city, to read."""
    shutil.copytree(demonstration.folder, tmp_path, dirs_exist_ok=True)
    with django_db_blocker.unblock():
        name = databases.clone(demonstration.database, databases.unique_name("links"))
        with databases.use(name):
            yield
        databases.drop(name)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        folder = Path(django_settings.BASE_DIR) / "var" / "test-demonstration"
        shutil.rmtree(folder / os.environ[databases.RUN], ignore_errors=True)


@pytest.fixture(autouse=True)
def _race_has_its_own_database(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("race"):
        request.getfixturevalue("own_database")


@pytest.fixture(autouse=True)
def _terminal_without_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let console scripts speak English, whatever the terminal of whoever runs the tests."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _italian() -> Iterator[None]:
    """Begin each test in Italian: a request leaves the language of its page behind."""
    with translation.override(django_settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _own_folders(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Keep keys and uploads of one test from the next: round 1 exists in every clone."""
    settings.BOX_KEYS_DIR = str(tmp_path / "box-keys")
    settings.MEDIA_ROOT = str(tmp_path / "media")
    Path(settings.BOX_KEYS_DIR).mkdir(mode=0o700)


@pytest.fixture
def client_as(db: None) -> Callable[..., Client]:
    """`client_as("Editors")` is a browser of a new person with that role, second factor shown;
    `client_as()` one of a resident."""
    from .factories.residents import UserFactory, sign_in

    def signed_in(role: str | None = None, **fields: Any) -> Client:
        user = UserFactory(role=role, is_staff=role is not None, **fields)
        return sign_in(Client(), user)

    return signed_in


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    from django.core.cache import cache

    cache.clear()
    yield
    cache.clear()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Say loudly, once and last, that the proof on past elections was left out."""
    yield
    reasons = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    left_out = sum("RIONE_ELECTIONS" in reason for reason in reasons)
    if left_out:
        terminalreporter.write_line(
            f"NOT TESTED: {left_out} tests on past elections. Set RIONE_ELECTIONS to a folder of "
            "Pabulib files to run them.",
            red=True,
            bold=True,
        )
