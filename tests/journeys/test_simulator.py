"""A coordinator counts a past vote under another rule, compares, and shows it to the council."""

import pytest
from playwright.sync_api import Browser, Page, expect

from budgeting.models import Contest, Simulation

from .conftest import DESKTOP, assert_accessible
from .test_coordinator import Desk

COORDINATOR = "budgeting.coordinate_round"
SAVE = "main form[method=post] button[type=submit]"


def simulate(desk: Desk, name: str, **scenario: str) -> Simulation:
    """Make a simulation of Świecie with one scenario, and run it."""
    contest = Contest.objects.get(scope__round__place="Świecie")
    desk.open("simulations/new/")
    desk.check(desk.page)
    desk.send()
    desk.is_told("contest", "name")
    desk.fill(name=name, note="Per il consiglio.")
    desk.choose(contest=str(contest.pk))
    desk.send()
    desk.has_saved()
    simulation = Simulation.objects.get(name=name)
    expect(desk.page).to_have_url(f"{desk.site}/admin/simulations/{simulation.pk}/scenarios/new/")
    desk.check(desk.page)
    desk.fill(max_length="0", budget="tanto")
    desk.page.locator(SAVE).first.click()
    desk.is_told("max_length", "budget")
    desk.fill(max_length=scenario.pop("max_length", ""), budget="")
    desk.choose(**scenario)
    desk.page.locator(SAVE).first.click()
    desk.has_saved()
    expect(desk.page).to_have_url(f"{desk.site}/admin/simulations/{simulation.pk}/")
    desk.check(desk.page)
    desk.page.locator(f"form[action$='/{simulation.pk}/run/'] button").click()
    expect(desk.page.locator(".sim-figure").first).to_be_visible()
    return simulation


def whole_journey(desk: Desk) -> None:
    greedy = simulate(desk, "Prima i più votati", rule__method="greedy")
    # Świecie funded 17 projects of 22; by most votes first they would have been 9.
    for funded in ("17 ", "9 "):
        expect(desk.page.locator("main td", has_text=funded).first).to_be_visible()
    desk.page.locator("main summary").nth(2).click()
    desk.check(desk.page)
    shorter = simulate(desk, "Tre scelte", rule__method="greedy", max_length="3")

    desk.open("simulations/?q=i+più+votati")
    expect(desk.page.locator("main tbody tr")).to_have_count(1)
    desk.open("simulations/")
    desk.check(desk.page)
    for simulation in (greedy, shorter):
        desk.page.locator(f"#s-{simulation.pk}").check()
    desk.page.locator("button[form='compare']").click()
    expect(desk.page.locator("main h2", has_text="Tre scelte")).to_be_visible()
    desk.check(desk.page)

    desk.open(f"simulations/{greedy.pk}/")
    desk.page.locator(f"form[action$='/{greedy.pk}/show/'] button").click()
    greedy.refresh_from_db()
    assert greedy.shown_at
    desk.page.goto(f"{desk.site}/en/participatory-budget/how-awards-differ/")
    expect(desk.page.get_by_role("heading", name="Świecie 2023").last).to_be_visible()
    desk.check(desk.page)

    desk.open(f"simulations/{shorter.pk}/delete/")
    desk.check(desk.page)
    desk.send()
    assert not Simulation.objects.filter(pk=shorter.pk).exists()


def test_a_coordinator_simulates_compares_and_shows(site: str, sized_page: Page) -> None:
    whole_journey(Desk(sized_page, site, COORDINATOR))


@pytest.mark.parametrize(
    ("method", "shown", "hidden"),
    [
        ("greedy", ("order", "overflow"), ("completion", "step")),
        ("equalshares", ("completion", "step"), ("order", "overflow")),
        ("phragmen", ("overflow",), ("order", "partial_share", "completion")),
    ],
)
def test_only_the_fields_of_the_chosen_rule_are_shown(
    site: str, sized_page: Page, method: str, shown: tuple[str], hidden: tuple[str]
) -> None:
    simulation = Simulation.objects.first()
    assert simulation is not None
    desk = Desk(sized_page, site, COORDINATOR)
    desk.open(f"simulations/{simulation.pk}/scenarios/new/")
    desk.choose(rule__method=method)
    for name in ("min_votes", "ties", *shown):
        field = desk.page.locator(f"[name=rule-{name}]")
        expect(field).to_be_visible()
        place, size = field.bounding_box(), desk.page.viewport_size
        assert place is not None
        assert size is not None
        assert place["x"] + place["width"] <= size["width"]
    for name in hidden:
        expect(desk.page.locator(f"[name=rule-{name}]")).to_be_hidden()
    assert_accessible(desk.page)


def test_without_scripts_too(site: str, browser: Browser, browser_context_args: dict) -> None:
    context = browser.new_context(
        **browser_context_args, java_script_enabled=False, viewport=DESKTOP
    )
    desk = Desk(context.new_page(), site, COORDINATOR)
    desk.check = lambda _page: None  # axe is a script
    whole_journey(desk)
    context.close()


@pytest.mark.parametrize("state", ["waiting", "stopped", "failed"])
def test_every_state_is_accessible(site: str, sized_page: Page, state: str) -> None:
    simulation = Simulation.objects.first()
    assert simulation is not None
    Simulation.objects.filter(pk=simulation.pk).update(
        state=state, shown_at=None, problem="tie" if state == "failed" else ""
    )
    desk = Desk(sized_page, site, COORDINATOR)
    desk.open(f"simulations/{simulation.pk}/")
    expect(desk.page.locator("#state")).to_be_visible()
    assert_accessible(desk.page)


def test_the_page_follows_the_count_by_itself(site: str, page: Page) -> None:
    simulation = Simulation.objects.first()
    assert simulation is not None
    stored = Simulation.objects.filter(pk=simulation.pk)
    stored.update(state="waiting", shown_at=None)
    desk = Desk(page, site, COORDINATOR)
    desk.open(f"simulations/{simulation.pk}/")
    stop = desk.page.locator(f"form[action$='/{simulation.pk}/stop/']")
    expect(stop).to_be_visible()
    stored.update(state="done")
    expect(stop).to_have_count(0)
