"""What a public page of the demonstration city costs: processor time and queries, and its weight.

Of every kind of public page two are measured, the largest of those that the site map names. The
time is the best of many, which a busy machine disturbs least, and every page has its turn in every
round, so that no page meets only the machine's slow moments. "kept" is with what the site keeps for
some seconds (the frame of every page, the city's map, parts of the home page), "empty" without; the
page itself is never kept.
"""

import math
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

TIMES = 40
OF_A_KIND = 2
MOST_CANDIDATES = 30
LISTS = [
    "commons:neighbourhoods",
    "commons:goods",
    "budgeting:rounds",
    "search",
]
SEARCHES = ["bilancio", "parco verde", "piazza"]


def main() -> None:
    from benchmarks._database import own_database

    with own_database(), _demonstration():
        from django.test import Client

        client = Client()
        print(f"{'':<78}{'CPU ms':>14}{'queries':>14}{'HTML':>7}")
        print(f"{'page':<78}{'kept':>7}{'empty':>7}{'kept':>7}{'empty':>7}{'KiB':>7}")
        addresses = _addresses(client)
        taken = _times(client, addresses)
        for address in addresses:
            kept, empty = taken[address]
            queries, queries_empty, weight = _queries_and_weight(client, address)
            print(
                f"{address:<78}{kept:>7.1f}{empty:>7.1f}{queries:>7}{queries_empty:>7}"
                f"{weight / 1024:>7.1f}"
            )
        print(
            f"style sheets, scripts and fonts of a page: {_weight_of_parts(client) / 1024:.0f} KiB"
        )


@contextmanager
def _demonstration() -> Iterator[None]:
    """Load the demonstration city and a section with as many cards as a page of it holds."""
    import tempfile

    from django.conf import settings
    from django.core.management import call_command

    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = folder
        call_command("load_demonstration", verbosity=0)
        _section()
        yield


def _section() -> None:
    from tests.factories.home import page, picture, section

    below = section("Bench", slug="bench")
    for number in range(below.PAGE_SIZE):
        page(f"Page {number}", parent=below, image=picture(), summary="A sentence or two.")


def _addresses(client: Any) -> list[str]:
    """Return the addresses to measure: a few of each kind in the site map, lists and searches."""
    from django.urls import resolve, reverse
    from django.utils import translation

    text = client.get("/sitemap.xml").text
    kinds: dict[str, list[str]] = {}
    for url in re.findall(r"<loc>([^<]+)</loc>", text):
        address = urlsplit(url).path
        with translation.override(address[1:3]):
            match = resolve(address)
        if not address.startswith("/it/"):
            continue
        # Sections and what stands below them; every other kind of page has a route of its own.
        below = address.rstrip("/").rpartition("/")[0]
        kind = below if match.view_name == "page" else match.view_name
        kinds.setdefault(kind, []).append(address)
    addresses = []
    for candidates in kinds.values():
        heaviest = sorted(candidates[:MOST_CANDIDATES], key=_weighs(client), reverse=True)
        addresses += heaviest[:OF_A_KIND]
    addresses.append("/it/bench/")
    with translation.override("it"):
        addresses += [reverse(name) for name in LISTS]
        search = reverse("search")
    addresses += [f"{search}?q={words}".replace(" ", "+") for words in SEARCHES]
    return sorted(dict.fromkeys(addresses))


def _weighs(client: Any) -> Callable[[str], int]:
    return lambda address: len(client.get(address).content)


def _times(client: Any, addresses: list[str]) -> dict[str, tuple[float, float]]:
    """Return the milliseconds of processor time of each page: with what is kept, and without."""
    from django.core.cache import cache

    best = dict.fromkeys(addresses, (math.inf, math.inf))
    for _turn in range(TIMES):
        for address in addresses:
            cache.clear()
            empty = _time(client, address)
            kept = _time(client, address)
            best[address] = min(best[address][0], kept), min(best[address][1], empty)
    return best


def _time(client: Any, address: str) -> float:
    start = time.process_time()
    client.get(address)
    return (time.process_time() - start) * 1000


def _queries_and_weight(client: Any, address: str) -> tuple[int, int, int]:
    """Return the queries with what is kept and without, and the bytes of the page."""
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cache.clear()
    with CaptureQueriesContext(connection) as empty:
        weight = len(client.get(address).content)
    with CaptureQueriesContext(connection) as kept:
        client.get(address)
    return len(kept), len(empty), weight


def _weight_of_parts(client: Any) -> int:
    """Return the bytes sent for the parts of the home page, compressed as in production."""
    import brotli
    from django.contrib.staticfiles import finders

    text = client.get("/it/").text
    names = set(re.findall(r'"/static/([^"?]+\.(?:css|js|woff2|svg))"', text))
    for sheet in [name for name in names if name.endswith("fonts.css")]:
        content = Path(finders.find(sheet)).read_text()
        names.update(re.findall(r'url\("\.\./([^"]+Titillium[^"]+)"', content))
    total = 0
    for name in names:
        part = Path(finders.find(name)).read_bytes()
        total += len(part if name.endswith("woff2") else brotli.compress(part))
    return total


if __name__ == "__main__":
    main()
