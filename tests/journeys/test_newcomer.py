"""A newcomer reads a result, understands why a project lost, and downloads the data."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from budgeting import tally

from .conftest import assert_accessible

RESULT = "/en/participatory-budget/wieliczka-2023-bilancio-verde/result/"
LOSER = "Budowa ścieżki edukacyjno-ekologicznej w Laskowcu w Pawlikowicach"


def read_and_download(page: Page, site: str, folder: Path, *, accessible: bool = True) -> None:
    check = assert_accessible if accessible else (lambda _page: None)
    page.goto(site + RESULT)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wieliczka 2023")
    expect(page.get_by_text("30 of 64 projects funded, 6,586 ballots")).to_be_visible()
    check(page)

    # Why did the project with nearly five hundred votes lose?
    row = page.get_by_role("row").filter(has_text=LOSER)
    row.get_by_role("link", name="Why?").click()
    expect(page.get_by_role("heading", name="No, it was not funded.")).to_be_visible()
    expect(page.get_by_text("496 people of 6,586 chose it; it costs PLN 100,000.")).to_be_visible()
    expect(page.get_by_text(re.compile("left of their shares.*too little"))).to_be_visible()
    check(page)

    page.get_by_role("link", name="The count step by step").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The count step by step")
    check(page)

    page.get_by_role("link", name="Back to the result").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="All ballots, in Pabulib format").click()
    path = folder / "ballots.pb"
    download.value.save_as(path)
    command = page.locator("code", has_text="rione-tally").inner_text()
    assert command.endswith("--rule from-file"), command
    election = tally.read_election(path).election
    outcome = tally.count(election, tally.Rule.from_file(election.meta))
    assert (outcome.ballots, len(outcome.winners)) == (6_586, 30)


def test_a_newcomer_reads_a_result(site: str, sized_page: Page, tmp_path: Path) -> None:
    read_and_download(sized_page, site, tmp_path)


def test_a_newcomer_reads_a_result_without_javascript(
    site: str, page_without_javascript: Page, tmp_path: Path
) -> None:
    read_and_download(page_without_javascript, site, tmp_path, accessible=False)


def test_somebody_follows_a_work(site: str, sized_page: Page) -> None:
    page = sized_page
    page.goto(f"{site}/en/participatory-budget/bilancio-partecipativo-2025-di-fontelieta/delivery/")
    expect(page.get_by_text("Invented for the demonstration")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Gardens for everybody in via del Canale").click()
    expect(page.get_by_text("€13,440.50 spent of €24,500 promised")).to_be_visible()
    expect(page.get_by_text("The timber is delivered late.")).to_be_visible()
    assert_accessible(page)
