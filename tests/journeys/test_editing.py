"""An editor writes a story, a publisher brings it out, in both languages."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from wagtail.models import Page as WagtailPage

from home.models import RioneImage, SectionPage, StandardPage

from .conftest import DESKTOP, violations
from .people import sign_in

TITLE = "La fontana torna a suonare"
SUMMARY = "Dopo dieci anni l'acqua è tornata in piazza."
TEXT = "Si sono ritrovati in quaranta."
IN_ENGLISH = {
    TITLE: "The fountain sings again",
    SUMMARY: "After ten years the water is back in the square.",
    TEXT: "Forty people came together.",
}
ALTERNATIVE_TEXT = "Una fontana in una piazza, con bambini attorno"
ALTERNATIVE_TEXT_IN_ENGLISH = "A fountain in a square, with children around it"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "fountain.png"
    Image.new("RGB", (1200, 800), "#88aacc").save(path)
    return path


@pytest.fixture
def new_page(browser: Browser, browser_context_args: dict):
    """Make pages of browsers that share nothing, each at a desk."""
    contexts = []

    def make() -> Page:
        contexts.append(browser.new_context(**{**browser_context_args, "viewport": DESKTOP}))
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()


def choose_a_new_picture(page: Page, picture: Path) -> None:
    """Upload a picture from the page's form; without an alternative text it is refused."""
    page.locator("#id_image-chooser [data-chooser-action-choose]:visible").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[href='#tab-upload']").click()
    dialog.locator("[name$=upload-file]").set_input_files(picture)
    dialog.locator("[name$=upload-title]").fill("Fontana")
    send = dialog.locator("#tab-upload [type=submit]")
    send.click()
    refusal = dialog.locator(".w-field", has=page.locator("[name$=upload-description]")).locator(
        ".error-message"
    )
    expect(refusal).to_contain_text(re.compile("decorativ"))
    assert not RioneImage.objects.filter(title="Fontana").exists()

    dialog.locator("[name$=upload-description]").fill(ALTERNATIVE_TEXT)
    dialog.locator("[name$=upload-description_en]").fill(ALTERNATIVE_TEXT_IN_ENGLISH)
    if dialog.locator("[name$=upload-file]").is_visible():
        dialog.locator("[name$=upload-file]").set_input_files(picture)
    send.click()
    expect(page.locator("#id_image-title")).to_have_text("Fontana")


def write_the_story(page: Page, site: str, picture: Path) -> str:
    """Write the story and keep it as a draft; return the address of its form."""
    section = SectionPage.objects.get(slug="storie")
    page.goto(f"{site}/admin/pages/add/home/standardpage/{section.pk}/")
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_summary").fill(SUMMARY)
    choose_a_new_picture(page, picture)
    page.locator("button.c-sf-add-button").first.click()
    page.get_by_role("option").first.click()
    text = page.locator(".public-DraftEditor-content")
    text.press_sequentially(TEXT)
    # The editor hands its text to the form a quarter of a second later.
    expect(page.locator("[name^=body-][name$=-value]")).to_have_value(re.compile(TEXT))
    # Wagtail keeps the draft by itself half a second after the last change; a click in the same
    # moment would be lost.
    page.wait_for_url(re.compile(r"/admin/pages/\d+/edit/"))
    page.wait_for_load_state("networkidle")
    with page.expect_navigation():
        page.locator("footer button.action-save").click()
    expect(page.locator("#id_title")).to_have_value(TITLE)
    return page.url


def test_a_story_comes_out_in_both_languages(site: str, new_page, picture: Path) -> None:
    editor, publisher, reader = new_page(), new_page(), new_page()
    italian = f"{site}/it/storie/la-fontana-torna-a-suonare/"

    sign_in(editor, site, "Elena Fabbri")
    form = write_the_story(editor, site, picture)
    assert reader.goto(italian).status == 404
    # An editor alone publishes nothing.
    editor.wait_for_load_state("networkidle")
    editor.locator("footer [data-w-dropdown-target=toggle]").click()
    expect(editor.locator("[name=action-publish]")).to_have_count(0)
    with editor.expect_navigation():
        editor.locator("[name=action-submit]").click()
    assert reader.goto(italian).status == 404

    sign_in(publisher, site, "Paolo Guidi")
    publisher.goto(f"{site}/admin/")
    publisher.get_by_role("link", name=TITLE).first.click()
    publisher.wait_for_url(form)
    publisher.locator("footer [data-w-dropdown-target=toggle]").click()
    publisher.locator("[data-workflow-action-name=approve]").first.click()
    publisher.wait_for_load_state()

    assert reader.goto(italian).status == 200
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(reader.get_by_role("img", name=ALTERNATIVE_TEXT)).to_be_visible()
    expect(reader.locator("link[hreflang=en]")).to_have_count(0)
    assert violations(reader) == []

    translate(publisher, site)
    # A browser keeps a page for a minute: somebody who has not been here yet reads it now.
    reader = new_page()
    reader.goto(italian)
    alternate = reader.locator("link[rel=alternate][hreflang=en]").get_attribute("href")
    assert alternate is not None
    reader.goto(site + re.sub(r"^https?://[^/]+", "", alternate))
    assert reader.url.startswith(f"{site}/en/stories/")
    expect(reader.locator("html")).to_have_attribute("lang", "en")
    for text in IN_ENGLISH.values():
        expect(reader.get_by_text(text, exact=True).last).to_be_visible()
    expect(reader.get_by_role("img", name=ALTERNATIVE_TEXT_IN_ENGLISH)).to_be_visible()
    expect(reader.locator("link[rel=alternate][hreflang=it]")).to_have_count(1)
    assert violations(reader) == []


def translate(page: Page, site: str) -> None:
    """Hand the story in for translation, translate every piece, publish."""
    original = StandardPage.objects.get(title=TITLE, locale__language_code="it")
    page.goto(f"{site}/admin/localize/submit/page/{original.pk}/")
    page.locator("[name=locales]").first.check()
    page.locator("main [type=submit]").first.click()
    page.wait_for_load_state()
    translated = WagtailPage.objects.get(
        translation_key=original.translation_key, locale__language_code="en"
    )
    page.goto(f"{site}/admin/pages/{translated.pk}/edit/")
    for italian, english in IN_ENGLISH.items():
        piece = page.locator("li", has=page.get_by_text(italian, exact=True))
        piece.get_by_role("button", name="Traduci", exact=True).click()
        piece.get_by_role("textbox").fill(english)
        piece.get_by_role("button", name="Salva").click()
        expect(piece.get_by_role("textbox")).to_have_count(0)
    page.locator("footer [name=action][value=publish]").click()
    page.wait_for_load_state()
