"""Every kind of public page, read by somebody on a phone or at a desk, in both languages."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import ConsoleMessage, Page, Response, expect

from budgeting.models import Contest, Project, Round
from commons.models import CommonGood, Neighbourhood
from home.models import HomePage, SectionPage, StandardPage

from .conftest import PHONE, sticking_out, violations

HEADINGS = """() => Array.from(document.querySelectorAll("h1, h2, h3, h4, h5, h6"))
    .filter(heading => heading.checkVisibility())
    .map(heading => [Number(heading.tagName[1]), heading.innerText])"""
FOCUS_IS_MARKED = """element => {
    const style = getComputedStyle(element);
    const shape = element.querySelector(":scope > path, :scope > circle");
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
        || style.boxShadow !== "none"
        || (shape !== null && getComputedStyle(shape).stroke === "rgb(0, 0, 0)");
}"""


def addresses(language: str) -> dict[str, str]:
    """One address of each kind of page that anybody may read."""
    counted = Round.objects.get(slug="wieliczka-2023-bilancio-verde")
    contest = Contest.objects.get(scope__round=counted)
    delivered = Round.objects.get(slug="bilancio-partecipativo-2025-di-fontelieta")
    prepared = Round.objects.get(slug="bilancio-partecipativo-2027")
    work = Project.objects.filter(round=delivered, delivery__isnull=False).first()
    written = {"locale__language_code": language, "live": True, "alias_of": None}
    story = StandardPage.objects.filter(**written, role="").exclude(image=None).last()
    with translation.override(language):
        return {
            "home": HomePage.objects.get(**written).get_url(),
            "section": SectionPage.objects.filter(**written).first().get_url(),
            "story": story.get_url(),
            "accessibility": StandardPage.objects.get(**written, role="accessibility").get_url(),
            "neighbourhoods": reverse("commons:neighbourhoods"),
            "neighbourhood": Neighbourhood.objects.get(slug="le-filande").get_absolute_url(),
            "goods": reverse("commons:goods"),
            "good": CommonGood.objects.get(slug="ex-filanda-bassi").get_absolute_url(),
            "rounds": reverse("budgeting:rounds"),
            "round in preparation": reverse("budgeting:round", args=[prepared.slug]),
            "round that is over": reverse("budgeting:round", args=[counted.slug]),
            "projects": reverse("budgeting:projects", args=[prepared.slug]),
            "project": reverse("budgeting:project", args=[prepared.slug, 1]),
            "result": reverse("budgeting:result", args=[counted.slug]),
            "result of a contest": reverse(
                "budgeting:result_contest", args=[counted.slug, contest.slug]
            ),
            "count": reverse("budgeting:result_steps", args=[counted.slug, contest.slug]),
            "why": reverse("budgeting:why", args=[counted.slug, 1]),
            "deliveries": reverse("budgeting:deliveries", args=[delivered.slug]),
            "delivery": reverse("budgeting:delivery", args=[delivered.slug, work.number]),
            "search": reverse("search"),
            "results of a search": reverse("search") + "?q=piazza",
            "nothing found": reverse("search") + "?q=xyzzy",
            "sign in": reverse("account_login"),
            "no such page": f"/{language}/no-such-page/",
        }


@contextmanager
def no_complaint(page: Page) -> Iterator[list[str]]:
    """Collect what the browser complains about: policy, scripts, anything that does not load."""
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        # That a document is missing is said by its status, which the test reads.
        if message.type in ("error", "warning") and "Failed to load" not in message.text:
            complaints.append(message.text)

    def on_response(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            complaints.append(f"{response.status} {response.url}")

    listeners = {
        "console": on_console,
        "response": on_response,
        "pageerror": lambda error: complaints.append(str(error)),
        "requestfailed": lambda request: complaints.append(f"{request.failure} {request.url}"),
    }
    for event, listener in listeners.items():
        page.on(event, listener)  # type: ignore[call-overload]
    yield complaints
    for event, listener in listeners.items():
        page.remove_listener(event, listener)


def faults(page: Page) -> list[str]:
    """What is wrong with the order of the page's headings."""
    headings = page.evaluate(HEADINGS)
    found = []
    if [level for level, _text in headings].count(1) != 1:
        found.append(f"not one first heading: {headings}")
    found += [
        f"a heading of level {level} after one of level {before}: {text}"
        for (before, _before), (level, text) in pairwise(headings)
        if level > before + 1
    ]
    return found


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_page_is_accessible_and_in_order(site: str, sized_page: Page, language: str) -> None:
    page = sized_page
    size = page.viewport_size
    found: list[str] = []
    for kind, address in addresses(language).items():
        with no_complaint(page) as complaints:
            response = page.goto(site + address, wait_until="load")
            assert response is not None
            assert response.status == (404 if kind == "no such page" else 200), address
            expect(page.locator("html")).to_have_attribute("lang", language)
            wrong = violations(page) + faults(page)
            if size == PHONE:
                wrong += sticking_out(page)
        found += [f"{kind} ({address}): {fault}" for fault in wrong + complaints]
    assert not found, "\n".join(found)


def test_the_keyboard_alone_is_enough(site: str, sized_page: Page) -> None:
    page = sized_page
    page.goto(f"{site}/en/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    # The map takes the place of its drawing once somebody has scrolled near it.
    page.goto(f"{site}/en/")
    page.locator("[data-territory-map]").scroll_into_view_if_needed()
    page.locator("[data-territory-map].is-live").wait_for()
    page.evaluate("scrollTo(0, 0)")
    for _step in range(25):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        expect(focused).to_be_in_viewport()
        assert focused.evaluate(FOCUS_IS_MARKED), (
            f"nothing shows that this has the focus: {focused.evaluate('e => e.outerHTML')}"
        )


def test_the_menu_opens_and_leads_on_without_javascript(
    site: str, page_without_javascript: Page
) -> None:
    page = page_without_javascript
    page.goto(f"{site}/en/")
    menu = page.get_by_role("navigation", name="Main menu")
    expect(menu).not_to_be_visible()
    page.get_by_text("Menu", exact=True).click()
    names = menu.get_by_role("link").all_inner_texts()
    assert len(names) >= 4
    for name in names:
        if not menu.is_visible():
            page.get_by_text("Menu", exact=True).click()
        menu.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page).not_to_have_url(f"{site}/en/")


def test_the_other_language_leads_to_the_same_page(site: str, page: Page) -> None:
    page.goto(f"{site}/en/common-goods/ex-filanda-bassi/")
    page.get_by_role("navigation", name="Language").get_by_role("link", name="Italiano").click()
    expect(page.locator("html")).to_have_attribute("lang", "it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ex filanda Bassi")
