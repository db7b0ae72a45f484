"""Somebody new signs in by e-mail; somebody who works for the city sets up a second factor."""

import json
import re
from pathlib import Path

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from playwright.sync_api import Page, expect

from residents.models import User

from .conftest import assert_accessible, sticking_out, violations

NEW = "newcomer@example.org"
LONG = "somebody.with.a.rather.long.address@mail.of.the.quarter.example.org"


def ask_for_a_code(page: Page, site: str, address: str) -> str:
    """Ask for a code by e-mail and read it where a site for trying out shows its e-mails."""
    page.goto(f"{site}/en/sign-in/")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("button", name="Send me the code").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter the code")
    letters = page.context.new_page()
    letters.goto(f"{site}/en/development/e-mails/")
    letter = letters.get_by_role("article").first
    expect(letter).to_contain_text(address)
    code = re.search(r"\b[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}\b", letter.locator("div").inner_text())
    letters.close()
    assert code is not None
    return code[0]


def enter(page: Page, code: str) -> None:
    page.get_by_label("Code").fill(code)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def arrive_and_leave(page: Page, site: str, folder: Path) -> None:
    # What is no address is said at the field, and nothing typed is lost.
    page.goto(f"{site}/en/sign-in/")
    page.get_by_label("E-mail address").fill("newcomer at example")
    page.get_by_role("button", name="Send me the code").click()
    expect(page.get_by_label("E-mail address")).to_have_value("newcomer at example")
    expect(page.get_by_label("E-mail address")).to_have_attribute("aria-invalid", "true")

    code = ask_for_a_code(page, site, NEW)
    enter(page, "WRONG-1")
    expect(page.get_by_label("Code")).to_have_attribute("aria-invalid", "true")
    enter(page, code)
    page.wait_for_url(f"{site}/en/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Personal area")
    expect(page.get_by_role("definition").filter(has_text=NEW)).to_be_visible()

    page.get_by_label("First name").fill("Nora")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("First name")).to_have_value("Nora")

    with page.expect_download() as download:
        page.get_by_role("link", name="Download all that the site keeps about you").click()
    path = folder / "data.json"
    download.value.save_as(path)
    kept = json.dumps(json.loads(path.read_text("utf-8")))
    assert NEW in kept
    assert "Nora" in kept

    page.get_by_role("main").get_by_role("link", name="Sign out").click()
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{site}/en/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in or register")


def test_somebody_new_arrives_and_leaves(site: str, sized_page: Page, tmp_path: Path) -> None:
    arrive_and_leave(sized_page, site, tmp_path)


def test_and_without_javascript(site: str, page_without_javascript: Page, tmp_path: Path) -> None:
    arrive_and_leave(page_without_javascript, site, tmp_path)


def test_the_pages_of_signing_in_are_accessible(site: str, sized_page: Page) -> None:
    page = sized_page
    code = ask_for_a_code(page, site, LONG)
    found = violations(page) + sticking_out(page)
    enter(page, "WRONG-1")
    found += violations(page)
    enter(page, code)
    page.wait_for_url(f"{site}/en/account/")
    found += violations(page) + sticking_out(page)
    for address in (
        "account/second-factor/",
        "account/close/",
        "sign-out/",
        "development/e-mails/",
    ):
        page.goto(f"{site}/en/{address}")
        found += [f"{address}: {violation}" for violation in violations(page)]
    assert not found, "\n".join(found)


def test_staff_set_up_a_second_factor_on_the_way_to_the_admin(site: str, sized_page: Page) -> None:
    page = sized_page
    elena = User.objects.get(first_name="Elena", last_name="Fabbri")
    address = elena.email
    code = ask_for_a_code(page, site, address)
    enter(page, code)
    # The admin's addresses name no language, so these pages come in hers.
    page.wait_for_url(lambda url: url.startswith(f"{site}/{elena.language}/"))
    code_field, go_on = page.locator("main [name=code]"), page.locator("main form [type=submit]")
    expect(page.locator("main img")).to_be_visible()
    assert_accessible(page)
    assert not sticking_out(page)

    secret = page.locator("main code").inner_text()
    code_field.fill("000000")
    go_on.click()
    expect(code_field).to_have_attribute("aria-invalid", "true")
    assert page.locator("main code").inner_text() == secret, "the app would have to be set up anew"
    code_field.fill(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))
    go_on.click()

    # Recovery codes, once; then on to where one wanted to go.
    expect(page.locator("main [name=code]")).to_have_count(0)
    assert page.locator("main code").count() >= 8
    assert_accessible(page)
    page.locator("main a.btn-primary").click()
    page.wait_for_url(f"{site}/admin/")
    assert mail.outbox[-1].to == [address]
