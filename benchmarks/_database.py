"""A database for a benchmark: migrated, its own, dropped afterwards."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def own_database() -> Iterator[str]:
    """Set Django up on a clone of the tests' template database; yield the clone's name."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()
    from django.conf import settings

    from tests import databases

    os.environ.setdefault(databases.RUN, str(os.getpid()))
    name = databases.clone(databases.ensure_template(), databases.unique_name("benchmark"))
    with tempfile.TemporaryDirectory() as keys:
        settings.BOX_KEYS_DIR = keys
        try:
            with databases.use(name):
                yield name
        finally:
            databases.drop(name)
