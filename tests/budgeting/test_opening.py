"""Opening freezes the rules, locks the roll and lets people vote, all or nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from budgeting import joint_acts, opening, phases
from budgeting.freezing import rules_document
from budgeting.models import Contest, FrozenRules, JointAct, Phase, Project, Round
from budgeting.opening import OpeningError
from budgeting.phases import Feature
from budgeting.readiness import findings
from residents.models import RollDoubt
from tests.factories.budgeting import (
    ContestFactory,
    ProjectFactory,
    RollFactory,
    coordinator,
    guarantor,
    open_round,
    ready_round,
)

pytestmark = pytest.mark.django_db


def blocking(round: Round) -> list[str]:
    return [found.step for found in findings(Round.objects.get(pk=round.pk)) if found.blocks]


def test_a_ready_round_lacks_nothing_and_opens():
    round = ready_round()
    assert blocking(round) == []
    document = rules_document(round)
    open_round(round)
    frozen = round.frozen_rules.get()
    assert (round.state, frozen.number, frozen.document) == ("open", 0, document)
    assert round.roll.locked_at is not None
    assert phases.may(round, Feature.VOTE)


@pytest.mark.parametrize(
    ("spoil", "step"),
    [
        (lambda r: Round.objects.filter(pk=r.pk).update(roll=None), "rules"),
        (lambda r: Round.objects.filter(pk=r.pk).update(roll=RollFactory()), "rules"),
        (
            lambda r: Round.objects.filter(pk=r.pk).update(tie_procedure_it="", tie_procedure=""),
            "rules",
        ),
        (
            lambda r: Round.objects.filter(pk=r.pk).update(who_may_vote_it="", who_may_vote=""),
            "rules",
        ),
        (lambda r: Round.objects.filter(pk=r.pk).update(is_public=False), "rules"),
        (lambda r: r.phases.all().delete(), "phases"),
        (
            lambda r: r.phases.update(starts_at="2020-01-01T10:00Z", ends_at="2020-01-02T10:00Z"),
            "phases",
        ),
        (lambda r: r.scopes.update(award_rule={}), "scope"),
        (lambda r: r.scopes.update(award_rule={"method": "greedy", "min_votes": -1}), "scope"),
        (lambda r: r.scopes.update(min_length=4, max_length=5), "scope"),
        (lambda r: Project.objects.filter(round=r).delete(), "projects"),
        (lambda r: ContestFactory(scope=r.scopes.get()), "projects"),
        (
            lambda r: (
                Project.objects.filter(round=r).delete(),
                Contest.objects.filter(scope__round=r).delete(),
            ),
            "scope",
        ),
        (lambda r: r.holds.create(reason_it="Guasto", placed_by=coordinator()), "round"),
    ],
)
def test_what_is_missing_is_said_with_where_to_mend_it_and_keeps_the_vote_shut(spoil, step):
    round = ready_round()
    spoil(round)
    assert blocking(round) == [step]
    with pytest.raises(OpeningError):
        open_round(round)
    round.refresh_from_db()
    assert round.state == Round.State.PREPARATION
    assert not FrozenRules.objects.exists()


@pytest.mark.parametrize("kind", ["propose", "support", "review"])
def test_the_vote_is_not_opened_while_people_still_work_on_proposals(kind):
    round = ready_round()
    now = timezone.now()
    day = timedelta(days=1)
    round.phases.update(starts_at=now + day, ends_at=now + 7 * day)
    round.phases.create(kind=kind, starts_at=now - day, ends_at=now + day)
    assert blocking(round) == ["phases"]
    with pytest.raises(OpeningError):
        open_round(round)
    round.phases.filter(kind=kind).update(ends_at=now)
    open_round(round)


def test_a_doubt_about_the_roll_is_a_warning_until_it_is_settled():
    round = ready_round()
    by = coordinator()
    doubt = RollDoubt.objects.create(
        roll=round.roll, kind=RollDoubt.Kind.BIRTH_DATE, first=round.roll.entries.get()
    )
    assert [(found.step, found.blocks) for found in findings(round)] == [("rules", False)]
    RollDoubt.objects.filter(pk=doubt.pk).update(
        settled_at=timezone.now(), settled_by=by, note="Verificato."
    )
    assert findings(round) == []


def test_a_project_dearer_than_its_budget_is_a_warning():
    round = ready_round()
    ProjectFactory(contest=Contest.objects.get(scope__round=round), number=50, cost=10**12)
    warnings = [found for found in findings(round) if not found.blocks]
    assert [warning.step for warning in warnings] == ["project"]
    open_round(round)


def test_a_project_that_costs_nothing_is_a_warning():
    round = ready_round()
    ProjectFactory(contest=Contest.objects.get(scope__round=round), number=50, cost=0)
    assert [(found.step, found.blocks) for found in findings(round)] == [("projects", False)]


def test_rules_without_an_english_version_are_a_warning():
    round = ready_round()
    Round.objects.filter(pk=round.pk).update(tie_procedure_it="Lotto", tie_procedure_en="")
    found = findings(Round.objects.get(pk=round.pk))
    assert [(each.step, each.blocks) for each in found] == [("rules", False)]


def test_a_round_without_any_contest_says_where_to_add_one():
    round = ready_round()
    Project.objects.filter(round=round).delete()
    Contest.objects.filter(scope__round=round).delete()
    round.scopes.all().delete()
    assert "scope_add" in blocking(round)


def test_rules_that_changed_after_the_request_are_not_opened():
    round = ready_round()
    act = joint_acts.request_act(
        round=round,
        kind=JointAct.Kind.OPENING,
        by=coordinator(),
        parameters=opening.parameters_for(round),
    )
    Project.objects.filter(round=round, number=1).update(cost=1)
    with pytest.raises(OpeningError):
        joint_acts.confirm_act(act=act, by=guarantor())
    act.refresh_from_db()
    round.refresh_from_db()
    assert (act.state, round.state) == ("requested", "preparation")


def test_when_something_of_the_opening_fails_nothing_of_it_is_kept(monkeypatch):
    round = ready_round()
    monkeypatch.setattr(opening, "make_box", no_space_left)
    with pytest.raises(OSError, match="no space"):
        open_round(round)
    round.refresh_from_db()
    assert round.state == "preparation"
    assert round.roll.locked_at is None
    assert not FrozenRules.objects.exists()


def no_space_left(round: Round) -> None:
    raise OSError("no space")


def test_a_round_opens_once():
    round = open_round(ready_round())
    with pytest.raises(OpeningError):
        joint_acts.request_act(
            round=round,
            kind=JointAct.Kind.OPENING,
            by=coordinator(),
            parameters=opening.parameters_for(round),
        )


def test_the_vote_may_be_opened_before_its_first_day_and_still_begins_then():
    round = ready_round()
    vote = round.phases.get(kind=Phase.Kind.VOTE)
    vote.starts_at = vote.ends_at.replace(microsecond=0)
    vote.ends_at = vote.ends_at.replace(year=vote.ends_at.year + 1)
    vote.save()
    open_round(round)
    assert not phases.may(round, Feature.VOTE)
