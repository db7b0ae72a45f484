"""A reader looks for something: with and without accents, by another name, in vain."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import assert_accessible


def look_for(page: Page, words: str) -> None:
    page.get_by_label("What are you looking for?").fill(words)
    page.get_by_role("search").get_by_role("button", name="Search").click()


def search(page: Page, site: str) -> None:
    page.goto(f"{site}/en/")
    page.get_by_role("banner").get_by_role("link", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    results = page.locator("main ol")

    # A name that residents use and maps do not.
    look_for(page, "quartiere del canale")
    expect(results.get_by_role("link")).to_have_text(["Le Filande"])

    # Accents make no difference, written or left out; nor do capitals.
    for words in ("Świecie", "swiecie", "SWIECIE"):
        look_for(page, words)
        expect(results.get_by_role("link", name="Świecie 2023", exact=True)).to_be_visible()

    look_for(page, "piazza")
    kinds = page.get_by_role("navigation", name="Kind of result")
    total = results.get_by_role("link").count()
    kinds.get_by_role("link", name="Common goods").click()
    expect(kinds.locator("[aria-current]")).to_contain_text("Common goods")
    expect(page.get_by_label("What are you looking for?")).to_have_value("piazza")
    found = results.get_by_role("listitem")
    assert 0 < found.count() < total
    for kind in found.locator(".rione-eyebrow").all_inner_texts():
        assert kind.lower() == "common good"
    results.get_by_role("link", name="Piazza dei Pendolari").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Piazza dei Pendolari")


def search_in_vain(page: Page, site: str) -> None:
    page.goto(f"{site}/en/search/")
    look_for(page, "submarine")
    nothing = page.get_by_role("status")
    expect(nothing).to_contain_text("Nothing found for “submarine”")
    expect(nothing).to_contain_text("Check the spelling")
    nothing.get_by_role("link", name="Neighbourhoods").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Neighbourhoods")


def test_a_reader_finds_what_there_is(site: str, sized_page: Page) -> None:
    search(sized_page, site)
    sized_page.go_back()
    assert_accessible(sized_page)


def test_a_reader_finds_nothing_and_is_helped_on(site: str, sized_page: Page) -> None:
    search_in_vain(sized_page, site)
    sized_page.go_back()
    assert_accessible(sized_page)


@pytest.mark.parametrize("journey", [search, search_in_vain])
def test_search_needs_no_javascript(site: str, page_without_javascript: Page, journey) -> None:
    journey(page_without_javascript, site)
