"""Every address of the site, as the resolver knows it.

An address is named by its route with the source texts (`<language>/account/my-data/`), so that a
better translation changes no row; it is asked for in Italian.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern
from django.utils import translation
from django.utils.regex_helper import normalize

SOURCE_LANGUAGE = "en"
LANGUAGE = "it"
Part = Any  # a pattern of the resolver: RoutePattern, RegexPattern or LocalePrefixPattern


@dataclass(frozen=True)
class Address:
    """One route: the patterns it is made of, and its name with namespaces."""

    parts: tuple[Part, ...]
    name: str

    @cached_property
    def route(self) -> str:
        """The address as people read it in the table."""
        with translation.override(SOURCE_LANGUAGE):
            pieces = ["<language>/" if _is_language(part) else str(part) for part in self.parts]
        route = "".join(piece.removeprefix("^").removesuffix("$") for piece in pieces)
        return re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route)

    @property
    def is_admin(self) -> bool:
        return self.route.startswith("admin/")

    def path(self, parameters: Mapping[str, Any]) -> str:
        """Return a path of this address; unnamed groups are `_0`, `_1`, …

        Raise KeyError for a parameter that is missing.
        """
        with translation.override(LANGUAGE):
            return "/" + "".join(_written_out(part, parameters) for part in self.parts)


def addresses() -> list[Address]:
    """Return every address once, in the order in which the resolver tries them."""
    found: dict[str, Address] = {}
    for address in _walk(get_resolver(), (), ""):
        found.setdefault(address.route, address)
    return list(found.values())


def _walk(resolver: URLResolver, above: tuple[Part, ...], namespace: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        parts = (*above, entry.pattern)
        if isinstance(entry, URLPattern):
            yield Address(parts, namespace + (entry.name or ""))
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, parts, inner)


def _written_out(part: Part, parameters: Mapping[str, Any]) -> str:
    if _is_language(part):
        return f"{LANGUAGE}/"
    template, names = normalize(part.regex.pattern)[0]
    return template % {name: parameters[name] for name in names}


def _is_language(part: Part) -> bool:
    return isinstance(part, LocalePrefixPattern)
