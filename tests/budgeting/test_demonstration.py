"""The round that the demonstration city is preparing could be opened as it stands."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from budgeting import demonstration as round_demonstration
from budgeting import joint_acts, past_rounds, publication
from budgeting.models import (
    Contest,
    Count,
    Delivery,
    Override,
    Phase,
    Project,
    Round,
)
from budgeting.phases import database_clock, phase_at
from budgeting.readiness import findings
from commons import demonstration as territory_demonstration
from commons.models import CommonGood, Neighbourhood
from residents import demonstration as people_demonstration
from residents.models import RollEntry, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def fontelieta() -> Round:
    lines: list[str] = []
    people_demonstration.load(lines.append)
    territory_demonstration.load(lines.append)
    round_demonstration.load(lines.append)
    return Round.objects.get()


def test_nothing_is_missing_before_the_vote_can_open(fontelieta: Round) -> None:
    assert [str(finding.message) for finding in findings(fontelieta)] == []
    phase = phase_at(fontelieta.phases.all(), database_clock())
    assert phase is not None
    assert phase.kind == Phase.Kind.ADMIT


def test_the_city_is_the_one_that_was_described(fontelieta: Round) -> None:
    assert sum(Neighbourhood.objects.values_list("inhabitants", flat=True)) == 41_300
    assert CommonGood.objects.count() == 12
    assert not CommonGood.objects.filter(image=None).exists()
    budgets = Contest.objects.values_list("neighbourhood", "budget")
    assert sum(budget for _place, budget in budgets) == 450_000_00
    assert {budget for place, budget in budgets if place} == {50_000_00}


def test_every_contest_has_a_choice_that_exceeds_its_money(fontelieta: Round) -> None:
    for contest in Contest.objects.all():
        costs = [project.cost for project in contest.projects.all()]
        assert len(costs) >= (4 if contest.neighbourhood else 5)
        assert max(costs) <= contest.budget < sum(costs)


def test_all_people_and_projects_are_marked_as_invented(fontelieta: Round) -> None:
    assert not Project.objects.filter(is_invented=False).exists()
    assert not Project.objects.filter(title_en=None).exists()
    assert RollEntry.objects.count() == round_demonstration.PEOPLE_ON_THE_ROLL


# --- the count that waits for its publication ---------------------------------------------------


@pytest.fixture
def counted_round() -> Round:
    people_demonstration.load(str)
    territory_demonstration.load(str)
    past_rounds.load_round_to_publish(str)
    return Round.objects.get()


def addresses_of_the_result(round_: Round) -> list[str]:
    contest = Contest.objects.get(scope__round=round_)
    slugs = {"slug": round_.slug, "contest": contest.slug}
    names = ("result_ballots", "result_table", "result_data", "result_kit")
    files = ("record.json", "record-it.html", "record-it.pdf", "rule.json", "ballots.pb")
    return [
        reverse("budgeting:result", kwargs={"slug": round_.slug}),
        reverse("budgeting:result_contest", kwargs=slugs),
        reverse("budgeting:result_steps", kwargs=slugs),
        reverse("budgeting:result_compare", kwargs=slugs),
        reverse("budgeting:result_picture", kwargs=slugs),
        *(reverse(name, kwargs=slugs) for name in names),
        *(reverse("result_record", kwargs={**slugs, "name": name}) for name in files),
        *(
            reverse("budgeting:why", kwargs={"slug": round_.slug, "number": number})
            for number in round_.projects.values_list("number", flat=True)
        ),
    ]


def test_a_count_waits_for_two_signatures_and_is_invented(counted_round: Round) -> None:
    count = Count.objects.get()
    assert counted_round.state == Round.State.COUNTED
    assert count.published_at is None
    assert 0 < count.funded < count.projects
    assert not Project.objects.filter(is_invented=False).exists()


def test_its_result_is_nowhere_before_it_is_published(client: Client, counted_round: Round) -> None:
    for address in addresses_of_the_result(counted_round):
        assert client.get(address).status_code == 404, address
    sitemap = client.get("/sitemap.xml").text
    told = (reverse("budgeting:result", kwargs={"slug": counted_round.slug}), "/why/")
    for text in (sitemap, client.get(reverse("search"), {"q": "giovani"}).text):
        assert counted_round.slug in text
        assert not [each for each in told if each in text]
    pages = [counted_round.get_absolute_url(), reverse("budgeting:rounds")]
    pages += [project.get_absolute_url() for project in counted_round.projects.all()]
    pages.append(reverse("budgeting:projects", kwargs={"slug": counted_round.slug}))
    with translation.override("it"):
        for address in pages:
            page = client.get(address).text
            assert not [each for each in told if each in page]
            assert 'id="outcome"' not in page
    assert not Delivery.objects.exists()


def test_two_people_of_the_demonstration_publish_it(client: Client, counted_round: Round) -> None:
    act = joint_acts.request_act(
        round=counted_round,
        kind="publication",
        by=User.objects.get(email="carla.monti@example.org"),
        reason="Verbale letto.",
        parameters=publication.parameters_for(counted_round),
    )
    signer = User.objects.get(email="giulia.prato@example.org")
    joint_acts.confirm_act(act=act, by=signer)
    counted_round.refresh_from_db()
    assert counted_round.state == Round.State.PUBLISHED
    first, *_rest = addresses_of_the_result(counted_round)
    assert client.get(first).status_code == 200
    assert Delivery.objects.count() == Count.objects.get().funded


def test_a_note_of_two_people_stands_beside_a_past_result(client: Client) -> None:
    people_demonstration.load(str)
    territory_demonstration.load(str)
    past_rounds.load_own_round(say=str)
    note = Override.objects.get()
    assert note.kind == Override.Kind.FUNDED_ELSEWHERE
    assert note.act.requested_by != note.act.decided_by
    assert note.payer_it in client.get(note.project.get_absolute_url()).text  # type: ignore[union-attr,attr-defined]
