"""What a public page of the tree costs: processor time and queries, uncached, and its weight."""

import re
import statistics
import time
from pathlib import Path

TIMES = 60
SHARE_OF_SLOWEST_LEFT_OUT = 0.1
PAGES = ["/it/", "/en/", "/it/privacy/", "/it/bench/", "/en/search/", "/en/search/?q=privacy"]


def main() -> None:
    from benchmarks._database import own_database

    with own_database():
        from django.test import Client

        _fill()
        print(f"{'page':<26}{'CPU ms':>8}{'queries':>9}{'HTML KiB':>10}")
        for address in PAGES:
            milliseconds, queries, weight = _measure(Client(), address)
            print(f"{address:<26}{milliseconds:>8.1f}{queries:>9}{weight / 1024:>10.1f}")
        print(f"style sheets, scripts and fonts of a page: {_weight_of_parts() / 1024:.0f} KiB")


def _fill() -> None:
    from tests.factories.home import page, picture, section

    below = section("Bench", slug="bench", show_in_menus=True)
    for number in range(12):
        page(f"Page {number}", parent=below, image=picture())


def _measure(client: object, address: str) -> tuple[float, int, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    get = client.get  # type: ignore[attr-defined]
    get(address)
    with CaptureQueriesContext(connection) as asked:
        weight = len(get(address).content)
    queries = len(asked)
    taken = []
    for _turn in range(TIMES):
        before = time.process_time()
        get(address)
        taken.append(time.process_time() - before)
    kept = sorted(taken)[: round(TIMES * (1 - SHARE_OF_SLOWEST_LEFT_OUT))]
    return statistics.mean(kept) * 1000, queries, weight


def _weight_of_parts() -> int:
    """Return the bytes sent for the parts of the home page, compressed as in production."""
    import brotli
    from django.contrib.staticfiles import finders
    from django.test import Client

    text = Client().get("/it/").content.decode()
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
