"""Which database the settings name."""

from typing import Any

import dj_database_url

from . import environment

# A page takes a few milliseconds, a new PostgreSQL connection seven: connections are kept.
KEEP_CONNECTION_SECONDS = 600
EMBEDDED_ENGINE = "config.embedded_postgresql"


def database_settings() -> dict[str, Any]:
    """Return Django's settings for the database of DATABASE_URL, or for the embedded one."""
    return _parsed("DATABASE_URL", conn_max_age=KEEP_CONNECTION_SECONDS) or {
        "ENGINE": EMBEDDED_ENGINE,
        "NAME": "rione",
        "CONN_MAX_AGE": KEEP_CONNECTION_SECONDS,
    }


def owner_database_settings() -> dict[str, Any] | None:
    """Return the settings for the same database under the owner of its tables, where one is set."""
    return _parsed("DATABASE_OWNER_URL", conn_max_age=0)


def _parsed(variable: str, *, conn_max_age: int) -> dict[str, Any] | None:
    url = environment.value(variable)
    if not url:
        return None
    return dict(dj_database_url.parse(url, conn_max_age=conn_max_age, conn_health_checks=True))
