"""The round that the demonstration city is preparing could be opened as it stands."""

import pytest

from budgeting import demonstration as round_demonstration
from budgeting.models import Contest, Phase, Project, Round
from budgeting.phases import current_phase
from budgeting.readiness import findings
from commons import demonstration as territory_demonstration
from commons.models import CommonGood, Neighbourhood
from residents import demonstration as people_demonstration
from residents.models import RollEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def fontelieta() -> Round:
    lines: list[str] = []
    people_demonstration.load(lines.append)
    territory_demonstration.load(say=lines.append)
    round_demonstration.load(lines.append)
    return Round.objects.get()


def test_nothing_is_missing_before_the_vote_can_open(fontelieta: Round) -> None:
    assert [str(finding.message) for finding in findings(fontelieta)] == []
    phase = current_phase(fontelieta)
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
