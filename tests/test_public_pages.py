"""What the public pages of the demonstration city cost while nothing of them is kept."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import translation

MOST_QUERIES = 8
PAGES_OF_A_KIND = 4
LISTS = ["commons:neighbourhoods", "commons:goods", "budgeting:rounds"]


def announced(client: Client) -> Iterator[str]:
    """A few addresses of each kind that the site map names, and the lists that lead to them."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for url in re.findall(r"<loc>([^<]+)</loc>", client.get("/sitemap.xml").text):
        address = urlsplit(url).path
        language = translation.get_language_from_path(address) or "it"
        with translation.override(language):
            match = resolve(address)
        kind = address if match.view_name == "page" else match.view_name
        kinds.setdefault((kind, language), []).append(address)
    for addresses in kinds.values():
        yield from addresses[:PAGES_OF_A_KIND]
    for language in ("it", "en"):
        with translation.override(language):
            yield from [reverse(name) for name in LISTS]
            yield f"{reverse('search')}?q=bilancio"


@pytest.mark.usefixtures("city")
def test_every_public_page_asks_the_database_few_times(client: Client) -> None:
    asked = {}
    for address in announced(client):
        client.get(address)  # sizes of pictures are made at the first sight
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, address
        asked[address] = len(queries.captured_queries)
    assert {"/it/", "/en/"} <= asked.keys()
    assert len(asked) > 40
    assert not {address: number for address, number in asked.items() if number > MOST_QUERIES}
