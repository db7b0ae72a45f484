"""System checks of the configuration: each says what to set and why."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from . import environment
from .database import EMBEDDED_ENGINE

SHORTEST = {"SECRET_KEY": 50, "ROLL_SECRET": 32}  # characters
ENCRYPTED = ["SITE_URL", "MAP_TILES_URL", "OIDC_SERVER_URL"]
# Each of these means nothing without the other.
TOGETHER = [
    ("OIDC_SERVER_URL", "OIDC_CLIENT_ID"),
    ("OIDC_SERVER_URL", "OIDC_SECRET"),
    ("OIDC_CLIENT_ID", "OIDC_SERVER_URL"),
    ("OIDC_SECRET", "OIDC_SERVER_URL"),
    ("EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD"),
    ("EMAIL_HOST_PASSWORD", "EMAIL_HOST_USER"),
]


@register
def unreadable_values(**_: Any) -> list[CheckMessage]:
    """Report the environment variables whose value could not be read."""
    return [
        Error(problem, hint=_example(name), id="rione.E001")
        for name, problem in environment.PROBLEMS.items()
    ]


@register
def what_belongs_together_is_set(**_: Any) -> list[CheckMessage]:
    """Refuse half of what a mail server or a gateway asks for."""
    return [
        Error(
            f"{name} is set and {other} is not. {environment.VARIABLES[other].meaning}",
            hint=f"Set {other}, or remove {name}.",
            id="rione.E009",
        )
        for name, other in TOGETHER
        if os.environ.get(name) and not os.environ.get(other)
    ]


@register
def production_is_complete(**_: Any) -> list[CheckMessage]:
    """Refuse a production site that lacks a value, or carries one meant for development."""
    if settings.ENVIRONMENT != "production":
        return []
    problems: list[CheckMessage] = [
        Error(
            f"{variable.name} is not set. {variable.meaning}",
            hint=_example(variable.name),
            id="rione.E002",
        )
        for variable in environment.VARIABLES.values()
        if variable.production == "required" and not os.environ.get(variable.name)
    ]
    is_embedded = settings.DATABASES["default"]["ENGINE"] == EMBEDDED_ENGINE
    if is_embedded and "DATABASE_URL" not in environment.PROBLEMS:
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
            f"{name} is shorter than {shortest} characters: it could be guessed.",
            hint=_example(name),
            id="rione.E006",
        )
        for name, shortest in SHORTEST.items()
        if 0 < len(getattr(settings, name)) < shortest
    ]
    problems += [
        Error(
            f"{name} is {os.environ[name]!r}: what travels there could be read and changed on the "
            "way. Write the address with https://.",
            hint=_example(name),
            id="rione.E010",
        )
        for name in ENCRYPTED
        if os.environ.get(name, "").startswith("http://")
    ]
    return problems + _keys_folder_problems()


def _example(name: str) -> str | None:
    example = environment.VARIABLES[name].example
    return f"For example {name}={example}" if example else None


def _keys_folder_problems() -> list[CheckMessage]:
    if not settings.BOX_KEYS_DIR:
        return []
    folder = Path(settings.BOX_KEYS_DIR).resolve()
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        served = Path(getattr(settings, name)).resolve()
        if folder == served or served in folder.parents:
            return [
                Error(
                    f"BOX_KEYS_DIR {folder} lies in {name}, whose files the web hands out.",
                    hint=_example("BOX_KEYS_DIR"),
                    id="rione.E011",
                )
            ]
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
