"""System checks of the database that holds a ballot box.

Refused: settings that can lose a ballot after it was acknowledged, and settings that write
statements, and with them ballots, to the server's log. They look at what is in force for the role
that the site connects as.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from home.errors import DomainError


class DatabaseUnsafe(DomainError):
    """The database is set up so that it could lose ballots or write them to its log."""


@dataclass(frozen=True)
class Setting:
    """One setting of PostgreSQL, the values it may have, and why."""

    name: str
    allowed: frozenset[str]
    why: str
    remedy: str


LOSES = "a crash could lose ballots that voters have a receipt for"
TELLS = "the server's log would tell who voted what"

SETTINGS = [
    Setting("fsync", frozenset({"on"}), LOSES, "fsync = on"),
    Setting("full_page_writes", frozenset({"on"}), LOSES, "full_page_writes = on"),
    Setting(
        "synchronous_commit",
        frozenset({"on", "remote_apply"}),
        LOSES,
        "ALTER ROLE {role} SET synchronous_commit = on",
    ),
    Setting(
        "default_transaction_isolation",
        frozenset({"read committed"}),
        "a ballot would be judged by what stood before the lock",
        "ALTER ROLE {role} SET default_transaction_isolation = 'read committed'",
    ),
    Setting(
        "log_statement",
        # Sealing names the annulled ballot keys in a CREATE TABLE … AS, which is DDL.
        frozenset({"none"}),
        TELLS,
        "ALTER ROLE {role} SET log_statement = 'none'",
    ),
    Setting(
        "log_min_error_statement",
        frozenset({"fatal", "panic"}),
        TELLS,
        "ALTER ROLE {role} SET log_min_error_statement = 'panic'",
    ),
    Setting(
        "log_min_duration_statement",
        frozenset({"-1"}),
        TELLS,
        "ALTER ROLE {role} SET log_min_duration_statement = -1",
    ),
    Setting(
        "log_min_duration_sample",
        frozenset({"-1"}),
        TELLS,
        "ALTER ROLE {role} SET log_min_duration_sample = -1",
    ),
    Setting(
        "log_transaction_sample_rate",
        frozenset({"0"}),
        TELLS,
        "ALTER ROLE {role} SET log_transaction_sample_rate = 0",
    ),
    Setting(
        "log_parameter_max_length_on_error",
        frozenset({"0"}),
        TELLS,
        "ALTER ROLE {role} SET log_parameter_max_length_on_error = 0",
    ),
    Setting(
        "log_error_verbosity",
        frozenset({"terse"}),
        "an error quotes the row it refused, and " + TELLS,
        "ALTER ROLE {role} SET log_error_verbosity = 'terse'",
    ),
    Setting("debug_print_parse", frozenset({"off"}), TELLS, "debug_print_parse = off"),
    Setting("debug_print_rewritten", frozenset({"off"}), TELLS, "debug_print_rewritten = off"),
    Setting("debug_print_plan", frozenset({"off"}), TELLS, "debug_print_plan = off"),
]
LOGGING_LIBRARIES = frozenset({"auto_explain", "pgaudit"})


@dataclass(frozen=True)
class Problem:
    """A setting that stands against a vote, in words, and what to do."""

    words: str
    remedy: str


def unsafe_settings(cursor: CursorWrapper) -> list[Problem]:
    """Return every setting in force that stands against keeping ballots in this database."""
    cursor.execute("SELECT current_user")
    (role,) = cursor.fetchone()
    cursor.execute("SELECT name, setting FROM pg_settings")
    values = dict(cursor.fetchall())
    problems = [
        Problem(
            words=f"PostgreSQL's {setting.name} is {values[setting.name]}: {setting.why}.",
            remedy=setting.remedy.format(role=role),
        )
        for setting in SETTINGS
        if setting.name in values and values[setting.name] not in setting.allowed
    ]
    loaded = {
        library.strip()
        for name in ("shared_preload_libraries", "session_preload_libraries")
        for library in values.get(name, "").split(",")
    }
    problems += [
        Problem(
            words=f"PostgreSQL loads {library}: {TELLS}.",
            remedy="Take it out of the preloaded libraries.",
        )
        for library in sorted(loaded & LOGGING_LIBRARIES)
    ]
    return problems


def refuse_unsafe(cursor: CursorWrapper) -> None:
    """Raise DatabaseUnsafe on a real site whose database fails the checks."""
    if settings.ENVIRONMENT != "production":
        return
    problems = unsafe_settings(cursor)
    if problems:
        raise DatabaseUnsafe(
            _("The database is not safe for a vote: %(what)s")
            % {"what": " ".join(problem.words for problem in problems)}
        )


@register(Tags.database)
def database_is_safe_for_a_box(
    databases: Sequence[str] | None = None, **_others: Any
) -> list[CheckMessage]:
    """Refuse a real site whose database could lose ballots or tell them to its log."""
    if settings.ENVIRONMENT != "production":
        return []
    messages: list[CheckMessage] = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            messages += [
                Error(problem.words, hint=problem.remedy, id="rione.E020")
                for problem in unsafe_settings(cursor)
            ]
    return messages
