"""Signing in as somebody of the demonstration city, with one click."""

from playwright.sync_api import Page


def sign_in(page: Page, site: str, name: str) -> None:
    """Become one of the invented people, second factor included."""
    page.goto(f"{site}/en/sign-in/")
    page.get_by_role("button", name=name).click()
    # Staff land in the administration, everybody else in their personal area.
    page.wait_for_url(lambda url: url in (f"{site}/admin/", f"{site}/en/account/"))
