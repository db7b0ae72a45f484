"""No link, form, picture or file leads to nothing, for somebody who is not signed in."""

from collections import Counter, deque
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from django.urls import ResolverMatch, resolve
from django.utils import translation

HOST = "http://testserver"
# Pages of one kind differ in their data alone: this many of each are read, in each language.
PAGES_OF_A_KIND = 6
LINKS = {
    "a": "href",
    "area": "href",
    "link": "href",
    "img": "src",
    "script": "src",
    "source": "srcset",
    "form": "action",
}
# Their answer depends on what is sent.
SENT = "post"


class Reader(HTMLParser):
    """Reads where a page leads and which places of its own one can be led to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.places: set[str] = {"", "top"}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if place := attributes.get("id"):
            self.places.add(place)
        method = attributes.get("method", "get").lower() if tag == "form" else "get"
        if tag in LINKS and attributes.get(LINKS[tag]):
            links = [attributes[LINKS[tag]]]
            if LINKS[tag] == "srcset":
                links = [part.split()[0] for part in links[0].split(",")]
            self.links += [(method, link) for link in links]
        for name, value in attributes.items():
            if name.startswith("data-") and value.startswith("/"):
                self.links.append(("get", value))


def is_there(address: str) -> bool:
    """Whether a file of the site's or an editor's is there."""
    path = urlsplit(address).path
    if path.startswith(django_settings.STATIC_URL):
        return finders.find(path.removeprefix(django_settings.STATIC_URL)) is not None
    return (
        Path(django_settings.MEDIA_ROOT) / path.removeprefix(django_settings.MEDIA_URL)
    ).exists()


def is_file(address: str) -> bool:
    return address.startswith((django_settings.STATIC_URL, django_settings.MEDIA_URL))


def route_of(address: str) -> ResolverMatch:
    """What answers an address; its own language decides which addresses there are."""
    path = urlsplit(address).path
    with translation.override(translation.get_language_from_path(path) or "it"):
        return resolve(path)


def kind_of(address: str) -> tuple[str, str, bool]:
    """The route an address takes, its language, and whether it asks for something."""
    path, query = urlsplit(address).path, urlsplit(address).query
    match = route_of(address)
    # Pages that editors write share one route, and each is of its own kind.
    route = path if match.url_name == "page" else match.route
    return route, translation.get_language_from_path(path) or "", bool(query)


def answers(client: Client, address: str) -> HttpResponse:
    response = client.get(address)
    if response.streaming:
        b"".join(response.streaming_content)
    return response


def test_every_link_leads_somewhere(city: None, client: Client) -> None:
    waiting = deque([("/it/", "the start"), ("/en/", "the start")])
    seen = {address for address, _found_on in waiting}
    read: Counter[tuple[str, str, bool]] = Counter()
    places: dict[str, set[str]] = {}
    led_to: list[tuple[str, str, str]] = []
    dead: list[str] = []
    while waiting:
        address, found_on = waiting.popleft()
        if is_file(address):
            if not is_there(address):
                dead.append(f"{address} (no such file), on {found_on}")
            continue
        kind = kind_of(address)
        if read[kind] >= PAGES_OF_A_KIND:
            continue
        read[kind] += 1
        response = answers(client, address)
        if response.status_code == 302 and leads_to_sign_in(response):
            continue
        if response.status_code != 200:
            dead.append(f"{address} ({response.status_code}), on {found_on}")
            continue
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        content = b"".join(response) if response.streaming else response.content
        page = Reader(content.decode())
        places[address] = page.places
        for method, link in page.links:
            target, place = urldefrag(urljoin(HOST + address, link))
            if not target.startswith(HOST + "/"):
                continue
            target = target.removeprefix(HOST)
            if place:
                led_to.append((address, target, place))
            if method == SENT:
                route_of(target)
            elif target not in seen:
                seen.add(target)
                waiting.append((target, address))
    dead += [
        f"{target}#{place} (no such place), on {address}"
        for address, target, place in led_to
        if target in places and place not in places[target]
    ]
    assert not dead, "\n".join(dead)
    # The crawl went all the way, not only over the first page.
    assert len(places) > 100


def leads_to_sign_in(response: HttpResponse) -> bool:
    return route_of(response["Location"]).url_name == "account_login"
