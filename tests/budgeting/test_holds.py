"""A hold stops a round, says why, and is written in the log."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from wagtail.models import ModelLogEntry

from budgeting import holds, phases
from budgeting.models import Hold, Round
from budgeting.phases import Feature
from home.errors import NotAllowedError
from tests.factories.box import signed_act
from tests.factories.budgeting import RoundFactory, coordinator, guarantor, vote_phase

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_vote() -> Round:
    round = RoundFactory()
    vote_phase(round, starts=-timedelta(1), lasts=timedelta(2))
    signed_act(round, "opening")
    Round.objects.filter(pk=round.pk).update(state=Round.State.OPEN)
    return round


def test_while_a_hold_is_on_nobody_votes_and_afterwards_they_do(open_vote):
    by = coordinator()
    holds.place_hold(round=open_vote, reason={"it": "Guasto", "en": "Fault"}, by=by)
    assert not phases.may(open_vote, Feature.VOTE)
    holds.lift_hold(round=open_vote, by=by)
    assert phases.may(open_vote, Feature.VOTE)


def test_placing_and_lifting_are_in_the_log_with_the_reason_and_the_person(open_vote):
    by = coordinator()
    holds.place_hold(round=open_vote, reason={"it": "Guasto"}, by=by)
    holds.lift_hold(round=open_vote, by=by)
    entries = ModelLogEntry.objects.filter(object_id=open_vote.pk).order_by("pk")
    assert [(entry.action, entry.user) for entry in entries] == [
        ("budgeting.hold.placed", by),
        ("budgeting.hold.lifted", by),
    ]
    assert entries[0].data["reason"] == "Guasto"


def test_a_hold_needs_a_reason(open_vote):
    with pytest.raises(holds.HoldError) as caught:
        holds.place_hold(round=open_vote, reason={"it": "  "}, by=coordinator())
    assert caught.value.field == "reason_it"
    assert not Hold.objects.exists()


def test_a_round_has_one_hold_at_a_time(open_vote):
    by = coordinator()
    holds.place_hold(round=open_vote, reason={"it": "Guasto"}, by=by)
    with pytest.raises(holds.HoldError):
        holds.place_hold(round=open_vote, reason={"it": "Altro"}, by=by)
    with pytest.raises(IntegrityError):
        Hold.objects.create(round=open_vote, reason_it="Altro", placed_by=by)


def test_a_hold_that_is_not_there_cannot_be_lifted(open_vote):
    with pytest.raises(holds.HoldError):
        holds.lift_hold(round=open_vote, by=coordinator())


def test_only_a_coordinator_pauses_a_round_or_moves_its_dates(open_vote):
    holds.place_hold(round=open_vote, reason={"it": "Guasto"}, by=coordinator())
    by = guarantor()
    for act in (
        lambda: holds.place_hold(round=open_vote, reason={"it": "Guasto"}, by=by),
        lambda: holds.lift_hold(round=open_vote, by=by),
        lambda: phases.set_dates(round=open_vote, dates={}, by=by),
    ):
        with pytest.raises(NotAllowedError):
            act()
    assert open_vote.holds.get().lifted_at is None
