"""A real browser on a real server, with the demonstration city loaded.

Each journey gets a clone of the demonstration, so one may open a vote that the next finds in
preparation.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Page

from .. import databases
from ..conftest import Demonstration

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Without these the browser looks for its maker's servers at every start.
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
NARROWEST = {"width": 320, "height": 700}
WIDER_THAN_THE_WINDOW = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return Array.from(document.body.querySelectorAll("*"))
        .filter(element => element.getBoundingClientRect().right > width + 1)
        .map(element => element.outerHTML.slice(0, 120));
}"""

# Playwright runs an event loop in this thread; Django would otherwise refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker("journey")
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no chromium: no journey was tested"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": BROWSER_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {**browser_context_args, "locale": "it-IT", "timezone_id": "Europe/Rome"}


@pytest.fixture
def site(
    demonstration: Demonstration, settings, tmp_path: Path, django_db_blocker
) -> Iterator[str]:
    """Address of a running site with the demonstration city; what a journey changes is its own."""
    shutil.copytree(demonstration.folder, tmp_path, dirs_exist_ok=True)
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    name = databases.unique_name("journey")
    with django_db_blocker.unblock():
        databases.clone(demonstration.database, name)
        with databases.use(name):
            server = LiveServerThread("localhost", StaticFilesHandler)
            server.daemon = True
            server.start()
            server.is_ready.wait()
            if server.error:
                raise server.error
            try:
                yield f"http://{server.host}:{server.port}"
            finally:
                server.terminate()
        databases.drop(name)


def sticking_out(page: Page) -> list[str]:
    """What makes the page scroll sideways on the narrowest phone."""
    size = page.viewport_size
    page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
    found = page.evaluate(WIDER_THAN_THE_WINDOW)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    return [f"too wide at 320: {element}" for element in found]


def violations(page: Page) -> list[str]:
    """Every axe violation of the page once it is loaded: its rule, and the elements."""
    # A new address is known before its page has arrived, and half a page has no heading yet.
    page.wait_for_load_state("load")
    return [
        f"{violation['id']}: {violation['help']}: "
        + "; ".join(node["html"][:200] for node in violation["nodes"])
        for violation in Axe().run(page).response["violations"]
    ]


def assert_accessible(page: Page) -> None:
    """Fail with every axe violation of the page as it is now."""
    found = violations(page)
    assert not found, "\n".join([page.url, *found])


@pytest.fixture(params=["phone", "desktop"])
def sized_page(request: pytest.FixtureRequest, page: Page) -> Page:
    """A browser page, once as a phone and once as a desktop."""
    page.set_viewport_size(PHONE if request.param == "phone" else DESKTOP)
    return page


@pytest.fixture
def page_without_javascript(browser, browser_context_args) -> Iterator[Page]:
    """A browser page in which no script runs."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False, viewport=PHONE)
    yield context.new_page()
    context.close()
