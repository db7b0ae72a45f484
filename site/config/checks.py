"""System checks of the configuration: each says what to set and why."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from . import environment
from .database import EMBEDDED_ENGINE

SHORTEST_SECRET = 32


@register
def unreadable_values(**_: Any) -> list[CheckMessage]:
    """Report the environment variables whose value could not be read."""
    return [Error(problem, id="rione.E001") for problem in environment.PROBLEMS]


@register
def production_is_complete(**_: Any) -> list[CheckMessage]:
    """Refuse a production site that lacks a value, or carries one meant for development."""
    if settings.ENVIRONMENT != "production":
        return []
    problems: list[CheckMessage] = [
        Error(
            f"{variable.name} is not set. {variable.meaning}",
            hint=f"For example {variable.name}={variable.example}",
            id="rione.E002",
        )
        for variable in environment.VARIABLES.values()
        if variable.production == "required" and not os.environ.get(variable.name)
    ]
    if settings.DATABASES["default"]["ENGINE"] == EMBEDDED_ENGINE:
        problems.append(
            Error(
                "The embedded PostgreSQL trusts everybody on this machine and has no backup.",
                hint="Set DATABASE_URL to a PostgreSQL server.",
                id="rione.E003",
            )
        )
    if settings.DEVELOPMENT_SIGN_IN:
        problems.append(
            Error(
                "DEVELOPMENT_SIGN_IN lets anybody sign in as anybody.",
                hint="Remove it from the environment.",
                id="rione.E004",
            )
        )
    if settings.EMAIL_BACKEND != "django.core.mail.backends.smtp.EmailBackend":
        problems.append(
            Error(
                "E-mails, and with them the codes people sign in with, would not leave the site.",
                hint="Use Django's SMTP back end.",
                id="rione.E005",
            )
        )
    problems += [
        Error(
            f"{name} is shorter than {SHORTEST_SECRET} characters: it could be guessed.",
            hint=f"For example {name}={environment.VARIABLES[name].example}",
            id="rione.E006",
        )
        for name in ("SECRET_KEY", "ROLL_SECRET")
        if 0 < len(getattr(settings, name)) < SHORTEST_SECRET
    ]
    return problems + _keys_folder_problems()


def _keys_folder_problems() -> list[CheckMessage]:
    if not settings.BOX_KEYS_DIR:
        return []
    folder = Path(settings.BOX_KEYS_DIR)
    if not folder.is_dir():
        return [
            Error(
                f"BOX_KEYS_DIR {folder} is not a folder.",
                hint="Make it with: install -d -m 0700 -o <the web server's user> <folder>",
                id="rione.E007",
            )
        ]
    if folder.stat().st_mode & 0o077:
        return [
            Error(
                f"BOX_KEYS_DIR {folder} can be read by other users of this machine.",
                hint=f"chmod 0700 {folder}",
                id="rione.E008",
            )
        ]
    return []
