"""The phase follows the database's clock; dates keep their order; a hold stops everybody."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from budgeting import phases
from budgeting.models import Phase, Round
from budgeting.phases import Dates, Feature, PhaseError, set_dates
from tests.factories.box import signed_act
from tests.factories.budgeting import RoundFactory, coordinator, open_round, ready_round, vote_phase

pytestmark = pytest.mark.django_db
Kind = Phase.Kind


def day(number: int, hour: int = 10) -> datetime:
    return datetime(2099, 3, number, hour, tzinfo=UTC)


def test_a_phase_lasts_from_its_start_until_just_before_its_end():
    phase = Phase(kind=Kind.PROPOSE, starts_at=day(1), ends_at=day(2))
    nearly = timedelta(microseconds=1)
    assert phases.phase_at([phase], day(1)) is phase
    assert phases.phase_at([phase], day(2) - nearly) is phase
    assert phases.phase_at([phase], day(2)) is None
    assert phases.phase_at([phase], day(1) - nearly) is None


def test_a_phase_may_begin_in_the_moment_another_ends():
    round = RoundFactory()
    dates = {Kind.PROPOSE: Dates(day(1), day(5)), Kind.VOTE: Dates(day(5), day(9))}
    set_dates(round=round, dates=dates, by=coordinator())
    assert [phase.kind for phase in round.phases.all()] == ["propose", "vote"]


@pytest.mark.parametrize(
    ("dates", "fields"),
    [
        ({Kind.VOTE: Dates(day(5), day(5))}, ["vote_ends_at"]),
        ({Kind.VOTE: Dates(day(5), day(4))}, ["vote_ends_at"]),
        (
            {Kind.PROPOSE: Dates(day(1), day(5)), Kind.VOTE: Dates(day(4), day(9))},
            ["vote_starts_at"],
        ),
        (
            {Kind.PROPOSE: Dates(day(6), day(8)), Kind.VOTE: Dates(day(1), day(3))},
            ["vote_starts_at"],
        ),
    ],
)
def test_impossible_dates_are_refused_at_their_field(dates, fields):
    assert [problem.field for problem in phases.check_dates(dates)] == fields
    round = RoundFactory()
    with pytest.raises(PhaseError):
        set_dates(round=round, dates=dates, by=coordinator())
    assert not round.phases.exists()


def test_the_message_names_the_phase_it_runs_into_and_its_end_in_the_citys_time():
    dates = {Kind.PROPOSE: Dates(day(1), day(12, 9)), Kind.VOTE: Dates(day(11), day(20))}
    with translation.override("en"):
        message = str(phases.check_dates(dates)[0])
    assert "Proposals" in message
    assert "12 March 2099, 10:00" in message


def test_the_database_refuses_phases_that_overlap_or_end_before_they_begin():
    round = RoundFactory()
    round.phases.create(kind=Kind.PROPOSE, starts_at=day(1), ends_at=day(5))
    with pytest.raises(IntegrityError), transaction.atomic():
        round.phases.create(kind=Kind.VOTE, starts_at=day(4), ends_at=day(9))
    with pytest.raises(IntegrityError), transaction.atomic():
        round.phases.create(kind=Kind.VOTE, starts_at=day(9), ends_at=day(8))
    other = RoundFactory()
    other.phases.create(kind=Kind.PROPOSE, starts_at=day(1), ends_at=day(5))


def test_all_phases_of_a_round_in_preparation_may_move_at_once():
    round, by = RoundFactory(), coordinator()
    first = {Kind.PROPOSE: Dates(day(1), day(5)), Kind.VOTE: Dates(day(5), day(9))}
    set_dates(round=round, dates=first, by=by)
    later = {Kind.PROPOSE: Dates(day(4), day(8)), Kind.VOTE: Dates(day(8), day(12))}
    set_dates(round=round, dates=later, by=by)
    assert [phase.starts_at for phase in round.phases.all()] == [day(4), day(8)]
    set_dates(round=round, dates=first, by=by)
    assert [phase.starts_at for phase in round.phases.all()] == [day(1), day(5)]


def test_dates_that_stay_as_they_are_leave_no_trace_in_the_log():
    round, by = RoundFactory(), coordinator()
    dates = {Kind.PROPOSE: Dates(day(1), day(5))}
    set_dates(round=round, dates=dates, by=by)
    set_dates(round=round, dates=dates, by=by)
    assert ModelLogEntry.objects.filter(action="budgeting.phases.set").count() == 1


def test_a_date_that_people_have_read_and_that_has_passed_stays():
    now = timezone.now()
    round = RoundFactory(is_public=True)
    began = now - timedelta(days=3)
    round.phases.create(kind=Kind.PROPOSE, starts_at=began, ends_at=now + timedelta(days=3))
    with pytest.raises(PhaseError) as caught:
        set_dates(
            round=round,
            dates={Kind.PROPOSE: Dates(now - timedelta(days=1), now + timedelta(days=3))},
            by=coordinator(),
        )
    assert caught.value.field == "propose_starts_at"
    with pytest.raises(PhaseError) as caught:
        set_dates(
            round=round,
            dates={Kind.PROPOSE: Dates(began, now - timedelta(days=1))},
            by=coordinator(),
        )
    assert caught.value.field == "propose_ends_at"


def test_after_the_opening_only_what_follows_the_vote_may_move():
    round = ready_round()
    vote = round.phases.get(kind=Kind.VOTE)
    end = vote.ends_at
    round.phases.create(kind=Kind.AWARD, starts_at=end, ends_at=end + timedelta(days=9))
    open_round(round)
    by = coordinator()
    unmoved = Dates(vote.starts_at, end)
    later = Dates(end + timedelta(days=2), end + timedelta(days=9))
    set_dates(round=round, dates={Kind.VOTE: unmoved, Kind.AWARD: later}, by=by)
    assert round.phases.get(kind=Kind.AWARD).starts_at == later.starts_at
    for wrong in (end - timedelta(hours=1), end + timedelta(hours=1)):
        with pytest.raises(PhaseError) as caught:
            set_dates(
                round=round,
                dates={Kind.VOTE: Dates(vote.starts_at, wrong), Kind.AWARD: later},
                by=by,
            )
        assert caught.value.field == "vote_ends_at"


def test_after_the_opening_the_database_itself_keeps_the_votes_dates():
    round = open_round(ready_round())
    vote = round.phases.get(kind=Kind.VOTE)
    for change in (
        {"ends_at": vote.ends_at - timedelta(hours=1)},
        {"ends_at": vote.ends_at + timedelta(hours=1)},
        {"starts_at": vote.starts_at - timedelta(hours=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            round.phases.filter(kind=Kind.VOTE).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        vote.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        round.phases.create(
            kind=Kind.AWARD, starts_at=vote.ends_at, ends_at=vote.ends_at + timedelta(1)
        )


EVERYTHING = set(Feature)


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        (Kind.PREPARE, set()),
        (Kind.PROPOSE, {Feature.PROPOSE, Feature.COMMENT}),
        (Kind.SUPPORT, {Feature.SUPPORT, Feature.COMMENT}),
        (Kind.REVIEW, {Feature.REVIEW, Feature.COMMENT}),
        (Kind.ADMIT, {Feature.ADMIT}),
        (Kind.VOTE, set()),  # not before two people have opened it
        (Kind.AWARD, set()),
        (Kind.DELIVER, set()),
    ],
)
def test_what_may_be_done_in_a_round_in_preparation_depends_on_its_phase(kind, allowed):
    round = RoundFactory()
    now = timezone.now()
    round.phases.create(kind=kind, starts_at=now - timedelta(1), ends_at=now + timedelta(1))
    assert {feature for feature in EVERYTHING if phases.may(round, feature)} == allowed


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (Round.State.PREPARATION, set()),
        (Round.State.OPEN, {Feature.VOTE}),
    ],
)
def test_people_vote_only_while_the_round_is_open(state, allowed):
    round = RoundFactory()
    vote_phase(round, starts=-timedelta(1), lasts=timedelta(2))
    signed_act(round, "opening")
    Round.objects.filter(pk=round.pk).update(state=state)
    assert {feature for feature in EVERYTHING if phases.may(round, feature)} == allowed


@pytest.mark.parametrize(
    ("starts", "lasts"), [(timedelta(hours=1), timedelta(1)), (-timedelta(2), timedelta(1))]
)
def test_an_open_round_takes_votes_only_between_the_dates_of_its_vote(starts, lasts):
    round = RoundFactory()
    vote_phase(round, starts=starts, lasts=lasts)
    signed_act(round, "opening")
    Round.objects.filter(pk=round.pk).update(state=Round.State.OPEN)
    assert not phases.may(round, Feature.VOTE)


def test_nothing_may_be_done_in_a_round_that_is_not_on_the_site():
    round = RoundFactory(is_public=False)
    now = timezone.now()
    round.phases.create(kind=Kind.PROPOSE, starts_at=now - timedelta(1), ends_at=now + timedelta(1))
    assert not phases.may(round, Feature.PROPOSE)
