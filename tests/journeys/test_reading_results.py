"""A newcomer reads how the money was assigned: picture, table, steps, other rules, on paper too."""

import re

from playwright.sync_api import Page, expect

from .conftest import assert_accessible, sticking_out

OWN = "/en/participatory-budget/bilancio-partecipativo-2025-di-fontelieta/result/"
SHARES = "/en/participatory-budget/wieliczka-2023-bilancio-verde/result/"
STEPS = f"{SHARES}green-budget/steps/"


def test_the_picture_says_who_fitted_in_the_budget(site: str, sized_page: Page) -> None:
    page = sized_page
    page.goto(site + OWN)
    expect(page.get_by_text("€92,500 assigned, €7,500 left")).to_be_visible()
    picture = page.get_by_role("figure", name="How the budget was filled")
    unfold = page.locator(".chart + .result-unfold a")
    if unfold.is_visible():  # on a phone
        unfold.click()
    rows = picture.get_by_role("listitem").filter(has=page.get_by_role("link"))
    expect(rows).to_have_count(8)
    expect(rows.nth(0)).to_contain_text("504 votes · €38,000")
    expect(rows.nth(3)).to_contain_text("did not fit: €25,500 too little")
    expect(picture.get_by_text("budget: €100,000")).to_be_visible()
    page.get_by_text("All the figures of the chart").click()
    table = page.get_by_role("region", name="All the figures of the chart")
    cells = table.get_by_role("row").nth(4).get_by_role("cell")
    expect(cells).to_have_text(["334", "€45,000", "€19,500", "did not fit: €25,500 too little"])
    assert_accessible(page)
    assert not sticking_out(page)


def test_who_paid_and_what_was_left_on_the_ballots(site: str, sized_page: Page) -> None:
    page = sized_page
    page.goto(site + SHARES)
    picture = page.get_by_role("figure", name="How many people paid for each project")
    expect(picture.get_by_text("720 people, at most ≈ PLN 6.94 each")).to_be_visible()
    expect(page.get_by_text("The chart shows projects 1–12 of 64")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Every ballot began with PLN"))).to_be_visible()
    page.get_by_role("link", name="Go to the first one that was not funded").click()
    short_of = re.compile(r"they had (≈\s)?PLN\s\S+ left: (≈\s)?PLN\s\S+ too little")
    expect(page.get_by_text(short_of).first).to_be_visible()
    assert_accessible(page)
    assert not sticking_out(page)


def follow_the_count(page: Page, site: str) -> None:
    page.goto(site + STEPS)
    page.get_by_role("link", name="Begin with step 1").click()
    expect(page).to_have_url(re.compile(r"/steps/1/$"))
    page.get_by_role("link", name="Next step").click()
    expect(page).to_have_url(re.compile(r"/steps/2/$"))
    expect(page.get_by_text("Step 2 of 64")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^\d+ people paid (≈\s)?PLN")).first).to_be_visible()
    page.get_by_role("link", name="Step before").click()
    expect(page.get_by_text("Step 1 of 64")).to_be_visible()


def test_the_count_step_by_step(site: str, sized_page: Page) -> None:
    follow_the_count(sized_page, site)
    assert_accessible(sized_page)
    assert not sticking_out(sized_page)
    sized_page.goto(f"{site}{STEPS}33/")
    expect(sized_page.get_by_text(re.compile("too little"))).to_be_visible()
    assert_accessible(sized_page)


def test_the_count_step_by_step_without_javascript(
    site: str, page_without_javascript: Page
) -> None:
    follow_the_count(page_without_javascript, site)
    expect(page_without_javascript.get_by_role("button", name="Copy the link")).to_be_hidden()


def test_the_same_ballots_under_other_rules(site: str, sized_page: Page) -> None:
    page = sized_page
    page.goto(site + OWN)
    page.get_by_role("link", name="The same ballots under other rules").click()
    glance = page.get_by_role("region", name="At a glance")
    own = glance.get_by_role("row", name=re.compile("^Most votes first the rule of this vote"))
    expect(own).to_contain_text("€92,500")
    expect(page.get_by_role("figure", name="How many of their choices people got")).to_be_visible()
    expect(page.get_by_role("figure", name="Where the money goes")).to_be_visible()
    for summary in page.get_by_text("All the figures of the chart").all():
        summary.click()
    assert_accessible(page)
    assert not sticking_out(page)


def test_the_link_of_a_page_can_be_copied(site: str, sized_page: Page) -> None:
    page = sized_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(site + OWN)
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("status").filter(has_text="Copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator('link[rel="canonical"]').get_attribute("href")


def test_on_paper_a_result_is_whole_and_stands_by_itself(site: str, page: Page) -> None:
    for address, funded, others, sheets in ((OWN, 4, 4, 5), (SHARES, 30, 34, 5)):
        page.goto(site + address)
        page.emulate_media(media="print")
        sheet = page.locator(".result-sheet")
        expect(sheet).to_contain_text("What was counted, SHA-256")
        expect(sheet).to_contain_text(address)
        for name, rows in (("Funded projects", funded), ("Projects not funded", others)):
            table = page.get_by_role("region", name=name)
            expect(table.get_by_role("rowheader")).to_have_count(rows)
            expect(table.get_by_role("rowheader").last).to_be_visible()
        expect(page.get_by_role("heading", name="How it was counted")).to_be_visible()
        expect(page.get_by_role("button", name="Print")).to_be_hidden()
        pages = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
        assert len(pages) <= sheets, address
        page.emulate_media(media="screen")


def test_steps_are_reached_by_keyboard_alone(site: str, page: Page) -> None:
    page.goto(f"{site}{STEPS}1/")
    link = page.get_by_role("link", name="Next step")
    for _turn in range(60):
        page.keyboard.press("Tab")
        if link.evaluate("element => element === document.activeElement"):
            break
    outline = link.evaluate("element => getComputedStyle(element).outlineWidth")
    assert outline == "3px"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/steps/2/$"))


def test_a_phone_folds_long_lists_and_unfolds_them_without_javascript(
    site: str, page_without_javascript: Page
) -> None:
    page = page_without_javascript
    page.goto(site + SHARES)
    for name in ("Funded projects", "Projects not funded"):
        rows = page.get_by_role("region", name=name).get_by_role("rowheader")
        expect(rows).to_have_count(6)
        unfold = page.get_by_role("region", name=name).locator("+ .result-unfold a")
        unfold.click()
        expect(unfold).to_be_hidden()
        expect(rows).to_have_count(30)
        expect(rows.nth(6)).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site + SHARES)
    rows = page.get_by_role("region", name="Funded projects").get_by_role("rowheader")
    expect(rows).to_have_count(30)
    expect(page.locator(".result-unfold").first).to_be_hidden()
