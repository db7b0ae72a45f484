"""Signing in as somebody of the demonstration city, with one click."""

from playwright.sync_api import Page


def sign_in(page: Page, site: str, name: str) -> None:
    """Become one of the invented people, second factor included."""
    page.goto(f"{site}/en/sign-in/")
    page.get_by_role("button", name=name).click()
    page.wait_for_url(f"{site}/en/account/")
