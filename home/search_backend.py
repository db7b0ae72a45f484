"""Wagtail's PostgreSQL search, with each page's words reduced by the rules of its own language."""

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from typing import Any

from django.utils.translation import get_language
from modelsearch.backends.database.postgres.postgres import (
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
)

from .searching import CONFIGURATIONS


def _configuration(language: str | None) -> str:
    return CONFIGURATIONS.get((language or "it")[:2], "simple")


class LanguageIndex(PostgresIndex):
    """Indexes objects with a locale in its language, others in Italian."""

    def add_items(self, model: type, objs: Iterable[Any]) -> None:
        by_configuration: dict[str, list[Any]] = defaultdict(list)
        for obj in objs:
            locale = getattr(obj, "locale", None)
            by_configuration[_configuration(locale and locale.language_code)].append(obj)
        for configuration, group in by_configuration.items():
            index = copy(self)
            index.backend = copy(self.backend)
            index.backend.config = configuration
            PostgresIndex.add_items(index, model, group)


class LanguageQueryCompiler(PostgresSearchQueryCompiler):
    """Reads the query in the language of the page it was written on."""

    def get_config(self, backend: Any) -> str:
        return _configuration(get_language())

    def check(self) -> None:
        """Allow every filter: the others' restriction is for indexes outside the database."""


class SearchBackend(PostgresSearchBackend):
    """Named in WAGTAILSEARCH_BACKENDS."""

    index_class = LanguageIndex
    query_compiler_class = LanguageQueryCompiler
