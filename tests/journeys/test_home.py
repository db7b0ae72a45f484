"""Anybody arrives at the city's site."""

from playwright.sync_api import Page, expect

from .conftest import assert_accessible


def test_the_address_of_the_site_leads_to_the_home_page_in_ones_language(
    site: str, sized_page: Page
):
    sized_page.goto(site)
    expect(sized_page).to_have_url(f"{site}/it/")
    assert_accessible(sized_page)
