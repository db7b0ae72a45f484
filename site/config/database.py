"""Which database the settings name."""

from typing import Any

import dj_database_url

from . import environment

# A page takes a few milliseconds, a new PostgreSQL connection seven: connections are kept.
KEEP_CONNECTION_SECONDS = 600
EMBEDDED_ENGINE = "config.embedded_postgresql"


def database_settings() -> dict[str, Any]:
    """Return Django's settings for the database of DATABASE_URL, or for the embedded one."""
    url = environment.value("DATABASE_URL")
    if not url:
        return {"ENGINE": EMBEDDED_ENGINE, "NAME": "rione", "CONN_MAX_AGE": KEEP_CONNECTION_SECONDS}
    try:
        parsed = dj_database_url.parse(
            url, conn_max_age=KEEP_CONNECTION_SECONDS, conn_health_checks=True
        )
    except (ValueError, dj_database_url.ParseError) as error:
        environment.PROBLEMS.append(
            f"DATABASE_URL cannot be read: {error}. Write postgres://user:password@host/name."
        )
        return {"ENGINE": EMBEDDED_ENGINE, "NAME": "rione"}
    return dict(parsed)
