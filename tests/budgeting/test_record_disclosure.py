"""The record tells nothing about fewer than ten people, and what is signed is what is shown."""

import pytest
from django.db import IntegrityError, transaction

from budgeting import publication
from budgeting.counting_runs import count_round
from budgeting.joint_acts import confirm_act
from budgeting.models import Count, RecordFile, ResultRow
from budgeting.record_document import _by_reason, _invalid_sheets
from tests.factories.budgeting import coordinator, guarantor

from .living import ask_to_publish, destroy_key, sealed_contest

pytestmark = pytest.mark.django_db


def told(numbers, *, ballots=100):
    return _by_reason(Count(ballots=ballots), numbers)


def test_small_numbers_by_reason_are_merged():
    assert told({"unclear": 40, "limits": 3, "foreign": 2, "recognisable": 6}) == {
        "total": 51,
        "by_reason": [
            {"reasons": ["unclear"], "number": 40},
            {"reasons": ["foreign", "limits", "recognisable"], "number": 11},
        ],
    }
    assert told({"unclear": 3, "limits": 1}) == {"total": 4, "by_reason": []}


def test_with_under_ten_ballots_there_are_totals_only():
    assert told({"unclear": 40, "limits": 30}, ballots=9) == {"total": 70, "by_reason": []}


@pytest.mark.parametrize(("number", "total"), [(0, 0), (1, None), (9, None), (10, 10)])
@pytest.mark.parametrize("ballots", [100, 9])
def test_one_to_nine_invalid_sheets_are_not_told(number, total, ballots):
    assert _invalid_sheets(Count(ballots=ballots), {"unclear": number})["total"] == total


@pytest.fixture
def round_():
    found = sealed_contest().scope.round
    destroy_key(found)
    count_round(round=found)
    return found


def counts_of(round_):
    return Count.objects.filter(contest__scope__round=round_).order_by("pk")


def test_the_counts_shown_are_those_that_are_signed(round_):
    signed = list(counts_of(round_))
    act = ask_to_publish(round_, coordinator())
    count_round(round=round_)
    assert list(publication.context(act)["counts"]) == signed
    assert counts_of(round_).count() == 2


def test_a_finished_record_gets_no_other_file(round_):
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        RecordFile.objects.create(count=counts_of(round_)[0], name="addendum.json")


def test_a_recorded_count_stays_as_it_was_recorded(round_):
    count = counts_of(round_)[0]
    confirm_act(act=ask_to_publish(round_, coordinator()), by=guarantor())
    rows = ResultRow.objects.filter(count=count)
    for change in (
        lambda: Count.objects.filter(pk=count.pk).update(cost=count.cost + 1),
        lambda: Count.objects.filter(pk=count.pk).update(kit_sha256="0" * 64),
        lambda: Count.objects.filter(pk=count.pk).update(outcome={}),
        lambda: rows.update(votes=1_000),
        lambda: rows.update(figures={"votes": 1}),
        lambda: rows.delete(),
    ):
        with pytest.raises(IntegrityError, match="as it was recorded"), transaction.atomic():
            change()
    rows.update(sufficing={})  # worked out later, in the background


def test_only_the_latest_signed_act_publishes(round_):
    first = counts_of(round_)[0]
    confirm_act(act=ask_to_publish(round_, coordinator()), by=guarantor())
    count_round(round=round_)
    confirm_act(act=ask_to_publish(round_, coordinator()), by=guarantor())
    counts_of(round_).update(published_at=None)
    with pytest.raises(IntegrityError, match="two people publish"), transaction.atomic():
        Count.objects.filter(pk=first.pk).update(published_at=first.made_at)
    second = counts_of(round_).last()
    Count.objects.filter(pk=second.pk).update(published_at=second.made_at)
