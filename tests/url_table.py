"""Every address of the site, from the URL resolver, with an example of each.

An address is named by its route (`it/quartieri/<slug:slug>/`). Its example is made from the
demonstration city: a page, a round, a roll that exist, so that an answer of 404 means "not for
you" and never "no such thing".
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

TABLE = Path(__file__).with_name("permissions.csv")
ROLES = [
    "anonymous",
    "resident",
    "editor",
    "publisher",
    "moderator",
    "reviewer",
    "coordinator",
    "guarantor",
    "operator",
    "librarian",
    "administrator",
]
Table = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Address:
    """One route of the resolver and its pattern."""

    route: str
    pattern: URLPattern

    @property
    def parameters(self) -> list[str]:
        return list(self.pattern.pattern.regex.groupindex) if self.pattern else []


def addresses() -> Iterator[Address]:
    """Yield every address, Italian ones where they are translated."""
    yield from _walk(get_resolver(), "")


def _walk(resolver: URLResolver, prefix: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        own = "it/" if isinstance(entry.pattern, LocalePrefixPattern) else str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Address(prefix + own, entry)
        else:
            yield from _walk(entry, prefix + own)


def answer(response: HttpResponse, sign_in_paths: tuple[str, ...]) -> str:
    """Name what a person meets: the page, the way to sign in, a refusal, nothing."""
    if response.status_code in (301, 302, 303, 307):
        path = response.headers["Location"].split("?")[0]
        return "sign-in" if any(part in path for part in sign_in_paths) else "moved"
    names: dict[int, str] = {200: "open", 304: "open", 403: "refused", 404: "absent"}
    return names.get(response.status_code, str(response.status_code))


def read_table() -> Table:
    """Return the expected answers: for each route and role, to GET and to POST."""
    with TABLE.open(newline="") as file:
        return {row.pop("address"): row for row in csv.DictReader(file)}


def write_table(table: Table) -> None:
    """Write the answers, sorted, for people to read."""
    with TABLE.open("w", newline="") as file:
        writer = csv.DictWriter(file, ["address", *ROLES], lineterminator="\n")
        writer.writeheader()
        for route in sorted(table):
            writer.writerow({"address": route, **table[route]})


def concrete(address: Address, examples: dict[str, Any]) -> str:
    """Return the address with the examples in place of its parameters."""
    import re

    def example(match: "re.Match[str]") -> str:
        name = match.group(1).split(":")[-1]
        for key in (f"{address.route}|{name}", name):
            if key in examples:
                return str(examples[key])
        for key, value in examples.items():
            if "|" in key:
                start, parameter = key.split("|")
                if parameter == name and address.route.startswith(start):
                    return str(value)
        raise LookupError(f"no example for <{name}> of {address.route}")

    return re.sub(r"<([^>]+)>", example, address.route)
