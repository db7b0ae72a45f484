"""A coordinator sets up a round and opens the vote with a guarantor; they publish and annotate."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from budgeting.models import FrozenRules, Project, Round
from budgeting.notifications import people_with
from residents import roles
from residents.models import Roll, User
from tests.signing_in import sign_in_to_admin

from .conftest import DESKTOP, assert_accessible

SUMMARY = ".rounds-errors"
ROLL = (
    "codice_fiscale;data_nascita;quartiere\r\n"
    "RSSMRA80A01H501U;01/01/1980;Centro Storico\r\n"
    "BNCLRA05M41H501{check};01/08/2005;Stazione\r\n"
)
PROJECTS = "contest;title_it;cost\r\nTutta la città;Pista ciclabile;{cost}\r\n"


def accessible_once_still(page: Page) -> None:
    """Look at the page when Wagtail's message has faded in: half faded it has no contrast."""
    page.wait_for_load_state("load")
    messages = page.locator(".messages > ul")
    if messages.count():
        expect(messages.first).to_have_css("opacity", "1")
    assert_accessible(page)


class Desk:
    """A person of the city at the admin, in a browser."""

    def __init__(self, page: Page, site: str, permission: str) -> None:
        self.page, self.site = page, site
        client = Client()
        sign_in_to_admin(client, people_with(permission)[0])
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.clear_cookies()
        page.context.add_cookies([{"name": session.key, "value": session.value, "url": site}])
        self.check: Callable[[Page], None] = accessible_once_still

    def open(self, path: str) -> None:
        self.page.goto(f"{self.site}/admin/{path}")

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"[name='{name.replace('__', '-')}']").fill(value)

    def choose(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"[name='{name.replace('__', '-')}']").select_option(value)

    def send(self) -> None:
        """Press the page's own button: the last of its forms that has one."""
        self.page.locator("main form[method=post] button[type=submit]").last.click()

    def is_told(self, *fields: str) -> None:
        """Expect every one of these fields, and no other, in the list of mistakes; follow one."""
        links = self.page.locator(f"{SUMMARY} a")
        expect(links).to_have_count(len(fields))
        for name in fields:
            expect(self.page.locator(f"{SUMMARY} a[href='#id_{name}']")).to_be_visible()
        self.check(self.page)

    def has_saved(self) -> None:
        expect(self.page.locator(SUMMARY)).to_have_count(0)

    def upload(self, text: str) -> None:
        file = {"name": "file.csv", "mimeType": "text/csv", "buffer": text.encode()}
        self.page.locator("main input[type=file]").set_input_files([file])
        self.send()


def make_round(desk: Desk) -> Round:
    desk.open("rounds/new/")
    desk.check(desk.page)
    desk.fill(name_it="", currency="ZZZ", summary_it="Un testo che resta.")
    desk.send()
    desk.is_told("name_it", "currency")
    expect(desk.page.locator("[name=summary_it]")).to_have_value("Un testo che resta.")
    desk.fill(name_it="Bilancio di prova", name_en="Trial budget", currency="EUR")
    desk.send()
    desk.has_saved()
    round = Round.objects.get(slug="bilancio-di-prova")
    expect(desk.page).to_have_url(f"{desk.site}/admin/rounds/{round.pk}/")
    desk.check(desk.page)
    return round


def import_roll(desk: Desk) -> Roll:
    roll = Roll.objects.create(name="Albo di prova", reference_date="2026-11-01")
    desk.open(f"rolls/{roll.pk}/import/")
    desk.upload(ROLL.format(check="A"))
    expect(desk.page.get_by_role("alert").first).to_be_visible()
    assert not roll.entries.exists()
    desk.open(f"rolls/{roll.pk}/import/")
    desk.upload(ROLL.format(check="H"))
    assert not roll.entries.exists()
    desk.page.locator("main form[method=post] button[type=submit]").first.click()
    expect(desk.page.locator("main .help-block")).to_be_visible()
    assert roll.entries.count() == 2
    return roll


def write_rules(desk: Desk, round: Round, roll: Roll) -> None:
    desk.open(f"rounds/{round.pk}/rules/")
    desk.fill(
        who_may_vote_it="Chi abita qui.",
        who_may_vote_en="Whoever lives here.",
        tie_procedure_it="Il primo lotto.",
        tie_procedure_en="The first lotto.",
        minimum_age="160",
    )
    desk.choose(roll=str(roll.pk))
    desk.page.locator("[name=is_public]").check()
    desk.send()
    desk.is_told("minimum_age")
    desk.fill(minimum_age="16")
    desk.send()
    desk.has_saved()


def write_contests(desk: Desk, round: Round) -> None:
    desk.open(f"rounds/{round.pk}/contests/new/")
    desk.check(desk.page)
    desk.fill(
        name_it="Città",
        min_length="3",
        max_length="2",
        rule__min_share="200",
        contests__0__name_it="Tutta la città",
        contests__0__name_en="The whole city",
        contests__0__budget="tanto",
    )
    desk.choose(rule__method="equalshares", rule__completion="add1u")
    desk.send()
    desk.is_told("max_length", "rule-min_share", "contests-0-budget")
    expect(desk.page.locator("[name=contests-0-budget]")).to_have_value("tanto")
    desk.fill(min_length="1", rule__min_share="", contests__0__budget="50.000,00")
    desk.send()
    desk.has_saved()
    expect(desk.page.get_by_text("50.000").first).to_be_visible()
    desk.check(desk.page)


def write_dates(desk: Desk, round: Round) -> None:
    def in_days(days: int) -> str:
        return (datetime.now() + timedelta(days=days)).strftime("%Y-%m-%dT10:00")  # noqa: DTZ005

    desk.open(f"rounds/{round.pk}/dates/")
    desk.fill(
        propose_starts_at=in_days(-9),
        propose_ends_at=in_days(-1),
        vote_starts_at=in_days(-5),
        vote_ends_at=in_days(20),
        award_starts_at=in_days(30),
    )
    desk.send()
    desk.is_told("award_ends_at")
    desk.fill(award_starts_at="")
    desk.send()
    desk.is_told("vote_starts_at")
    expect(desk.page.locator("[name=vote_ends_at]")).to_have_value(in_days(20))
    desk.fill(vote_starts_at=in_days(2))
    desk.send()
    desk.has_saved()


def bring_projects(desk: Desk, round: Round) -> None:
    desk.open(f"rounds/{round.pk}/projects/import/")
    desk.upload(PROJECTS.format(cost="tanto"))
    expect(desk.page.get_by_role("alert")).to_be_visible()
    expect(desk.page.locator("main td", has_text="cost").first).to_be_visible()
    desk.check(desk.page)
    desk.upload(PROJECTS.format(cost="12.500,00"))
    assert not round.projects.exists()
    desk.check(desk.page)
    desk.page.locator("main form:has([name=text]) button[type=submit]").click()
    expect(desk.page.get_by_role("link", name="Pista ciclabile").first).to_be_visible()
    assert Project.objects.get(round=round).cost == 12_500_00

    desk.open(f"rounds/{round.pk}/projects/new/")
    contest = round.scopes.get().contests.get()
    desk.fill(number="1", title_it="Fontana", cost="", latitude="43.1")
    desk.choose(contest=str(contest.pk))
    desk.send()
    desk.is_told("number", "cost", "longitude")
    desk.fill(number="2", cost="8.000", latitude="")
    desk.send()
    desk.has_saved()
    assert round.projects.count() == 2


def open_the_vote(desk: Desk, second: Desk, round: Round) -> None:
    desk.open(f"rounds/{round.pk}/")
    expect(desk.page.locator("#missing ~ p a")).to_be_visible()
    desk.open(f"rounds/{round.pk}/opening/")
    desk.check(desk.page)
    desk.send()
    act = round.acts.get()
    expect(desk.page).to_have_url(f"{desk.site}/admin/rounds/acts/{act.pk}/")
    expect(desk.page.locator("[name=confirm]")).to_have_count(0)

    second.open("rounds/acts/")
    second.check(second.page)
    second.page.locator(f"main a[href='/admin/rounds/acts/{act.pk}/']").first.click()
    expect(second.page.get_by_text("50.000").first).to_be_visible()
    expect(second.page.get_by_text(act.parameters["sha256"])).to_be_visible()
    second.check(second.page)
    second.page.locator("[name=refuse]").click()
    second.is_told("answer")
    # By keyboard alone.
    second.page.locator("[name=confirm]").focus()
    second.page.keyboard.press("Enter")
    expect(second.page.locator("[name=confirm]")).to_have_count(0)
    round.refresh_from_db()
    assert round.state == Round.State.OPEN


def anybody_checks(page: Page, site: str, round: Round, folder: Path) -> None:
    frozen = FrozenRules.objects.get(round=round)
    page.context.clear_cookies()
    page.goto(f"{site}/en/participatory-budget/{round.slug}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Trial budget")
    expect(page.get_by_text(frozen.sha256)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Rules (JSON)").click()
    path = folder / "rules.json"
    download.value.save_as(path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == frozen.sha256


def publish_what_waits(desk: Desk, second: Desk) -> Round:
    """Publish the demonstration's counted round: one asks, the other reads and confirms."""
    round = Round.objects.get(state=Round.State.COUNTED)
    desk.open(f"rounds/{round.pk}/after-the-vote/")
    desk.check(desk.page)
    desk.fill(publication__reason="Verbale letto e confrontato.")
    desk.send()
    confirm_by_keyboard(second, round)
    round.refresh_from_db()
    assert round.state == Round.State.PUBLISHED
    return round


def put_a_note(desk: Desk, second: Desk, round: Round) -> None:
    """Say that another fund pays for a project; nothing of the count changes."""
    project = round.projects.order_by("number")[0]
    desk.open(f"rounds/{round.pk}/decisions/")
    desk.check(desk.page)
    desk.page.locator(f"main a[href='/admin/rounds/{round.pk}/decisions/note/']").click()
    desk.page.locator("[name=kind][value=funded-elsewhere]").check()
    desk.choose(project=str(project.pk))
    desk.fill(reason="Un bando regionale.", reason_en="A regional call.", amount="tanto")
    desk.send()
    desk.is_told("amount")
    desk.fill(amount="1.000.000")
    desk.send()
    desk.is_told("payer_it")
    desk.fill(payer_it="Fondo regionale")
    desk.send()
    desk.is_told("amount")
    expect(desk.page.locator("[name=reason_en]")).to_have_value("A regional call.")
    desk.fill(amount="1.000")
    desk.send()
    expect(desk.page.locator("[name=confirm]")).to_have_count(0)
    confirm_by_keyboard(second, round)
    second.open(f"rounds/{round.pk}/decisions/")
    expect(second.page.get_by_text("1.000").first).to_be_visible()
    second.check(second.page)


def confirm_by_keyboard(second: Desk, round: Round) -> None:
    act = round.acts.get(state="requested")
    second.open(f"rounds/acts/{act.pk}/")
    second.check(second.page)
    second.page.locator("[name=confirm]").focus()
    second.page.keyboard.press("Enter")
    expect(second.page.locator("[name=confirm]")).to_have_count(0)


def anybody_reads_the_note(desk: Desk, round: Round) -> None:
    page = desk.page
    page.goto(f"{desk.site}/en/participatory-budget/{round.slug}/result/")
    expect(page.locator(".result-note")).to_have_count(1)
    expect(page.get_by_text("A regional call.")).to_be_visible()
    desk.check(page)
    page.get_by_role("link", name="Addendum 1 in English, as a page").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Addendum 1")
    desk.check(page)


def whole_journey(page: Page, other: Page, site: str, folder: Path, *, scripts: bool) -> None:
    desk = Desk(page, site, "budgeting.coordinate_round")
    second = Desk(other, site, "budgeting.guarantee_round")
    if not scripts:
        desk.check = second.check = lambda _page: None  # axe is a script
    round = make_round(desk)
    roll = import_roll(desk)
    write_rules(desk, round, roll)
    write_contests(desk, round)
    write_dates(desk, round)
    bring_projects(desk, round)
    open_the_vote(desk, second, round)
    counted = publish_what_waits(desk, second)
    put_a_note(desk, second, counted)
    anybody_reads_the_note(desk, counted)
    anybody_checks(page, site, round, folder)


@pytest.fixture
def other_page(browser: Browser, browser_context_args: dict, sized_page: Page) -> Page:
    """The guarantor's own browser, of the same size."""
    context = browser.new_context(**browser_context_args, viewport=sized_page.viewport_size)
    yield context.new_page()
    context.close()


def test_a_coordinator_and_a_guarantor_open_a_vote(
    site: str, sized_page: Page, other_page: Page, tmp_path: Path
) -> None:
    whole_journey(sized_page, other_page, site, tmp_path, scripts=True)


def test_without_scripts_too(
    site: str, browser: Browser, browser_context_args: dict, tmp_path: Path
) -> None:
    # At a desk: without its scripts Wagtail's own menu lies over the page of a phone.
    contexts = [
        browser.new_context(**browser_context_args, java_script_enabled=False, viewport=DESKTOP)
        for _person in range(2)
    ]
    whole_journey(*[each.new_page() for each in contexts], site, tmp_path, scripts=False)
    for each in contexts:
        each.close()


def test_an_award_rule_shows_only_what_belongs_to_it(site: str, sized_page: Page) -> None:
    desk = Desk(sized_page, site, "budgeting.coordinate_round")
    desk.open(f"rounds/{Round.objects.get(state=Round.State.PREPARATION).pk}/contests/new/")
    order, step = (sized_page.locator(f"[name='rule-{name}']") for name in ("order", "step"))
    for method, shown, hidden in (("equalshares", step, order), ("greedy", order, step)):
        desk.choose(rule__method=method)
        expect(shown).to_be_visible()
        expect(hidden).to_be_hidden()
    right = (
        sized_page.locator(".rounds-form")
        .locator("input:visible, select:visible")
        .evaluate_all(
            "fields => Math.max(...fields.map(field => field.getBoundingClientRect().right))"
        )
    )
    assert right <= sized_page.viewport_size["width"]


def test_the_first_page_of_the_admin_is_accessible_in_every_role(
    site: str, sized_page: Page
) -> None:
    for role in roles.ROLES:
        client = Client()
        sign_in_to_admin(client, User.objects.filter(groups__name=role)[0])
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        sized_page.context.clear_cookies()
        sized_page.context.add_cookies([{"name": session.key, "value": session.value, "url": site}])
        sized_page.goto(f"{site}/admin/")
        expect(sized_page.locator(".admin-home")).to_be_visible()
        assert_accessible(sized_page)
