"""Ballots from elsewhere come into a box that is sealed from the start."""

from collections import Counter

import psycopg2
import pytest
from django.db import IntegrityError, connection, transaction

from budgeting.choices import write_choices
from budgeting.models import Channel, Round, SealedChoices, SealedTotal
from budgeting.sealed_box import (
    BallotsRefused,
    ImportedBallot,
    counted_ballots,
    import_sealed,
    may_be_counted,
)
from tests.factories.box import make_contest, make_round, make_scope

pytestmark = pytest.mark.django_db


def test_every_ballot_comes_back_and_the_order_does_not():
    round = make_round()
    contest = make_contest(make_scope(round))
    sent = [[i % 5 + 1] for i in range(2000)] + [[]] * 7
    seal = import_sealed(
        round=round, ballots=(ImportedBallot(contest.pk, choices) for choices in sent)
    )
    received = list(counted_ballots(contest.pk))
    assert Counter(map(write_choices, received)) == Counter(map(write_choices, sent))
    assert received != sent
    assert seal.counted == 2007
    numbers = SealedChoices.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 2008))


def test_two_contests_are_kept_apart_and_channels_counted():
    round = make_round()
    scope = make_scope(round)
    first, second = make_contest(scope), make_contest(scope)
    import_sealed(
        round=round,
        ballots=[
            ImportedBallot(first.pk, [1], Channel.ONLINE),
            ImportedBallot(first.pk, [], Channel.PAPER),
            ImportedBallot(second.pk, [7, 6], Channel.ONLINE),
            ImportedBallot(first.pk, [2], Channel.ONLINE),
        ],
    )
    assert list(counted_ballots(second.pk)) == [[7, 6]]
    assert set(SealedTotal.objects.values_list("contest", "channel", "ballots")) == {
        (first.pk, "online", 2),
        (first.pk, "paper", 1),
        (second.pk, "online", 1),
    }


def test_an_imported_round_is_sealed_and_may_be_counted_once_it_is_in():
    round = make_round()
    contest = make_contest(make_scope(round))
    assert not may_be_counted(round)
    import_sealed(round=round, ballots=[ImportedBallot(contest.pk, [1])])
    round.refresh_from_db()
    assert round.state == Round.State.SEALED
    assert may_be_counted(round)


def test_a_second_import_is_refused():
    round = make_round()
    contest = make_contest(make_scope(round))
    import_sealed(round=round, ballots=[ImportedBallot(contest.pk, [1])])
    with pytest.raises(BallotsRefused):
        import_sealed(round=round, ballots=[ImportedBallot(contest.pk, [1])])


def test_a_ballot_of_another_round_is_a_mistake_and_leaves_nothing():
    round, other = make_round(), make_round()
    contest, foreign = make_contest(make_scope(round)), make_contest(make_scope(other))
    with pytest.raises(ValueError, match="another round"), transaction.atomic():
        import_sealed(
            round=round,
            ballots=[ImportedBallot(contest.pk, [1]), ImportedBallot(foreign.pk, [1])],
        )
    assert not SealedChoices.objects.exists()


def test_a_file_that_breaks_off_leaves_nothing():
    round = make_round()
    contest = make_contest(make_scope(round))

    def ballots():
        yield ImportedBallot(contest.pk, [1])
        raise RuntimeError("line 2 is broken")

    with pytest.raises(RuntimeError, match="line 2"):
        import_sealed(round=round, ballots=ballots())
    round.refresh_from_db()
    assert round.state == Round.State.PREPARATION
    assert not SealedChoices.objects.exists()


def test_what_the_database_refuses_is_said_by_the_database():
    round = make_round()
    make_contest(make_scope(round))
    with pytest.raises(psycopg2.DataError), transaction.atomic():
        import_sealed(round=round, ballots=[ImportedBallot(10**30, [1])])


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO budgeting_sealedchoices (contest_id, number, choices) VALUES (%s, 99, '[2]')",
        "UPDATE budgeting_sealedchoices SET choices = '[2]' WHERE contest_id = %s",
        "DELETE FROM budgeting_sealedchoices WHERE contest_id = %s",
        "UPDATE budgeting_sealedtotal SET ballots = 2 WHERE contest_id = %s",
        "INSERT INTO budgeting_sealedtotal (contest_id, channel, ballots) VALUES (%s, 'paper', 1)",
        "DELETE FROM budgeting_seal WHERE counted = 1 AND %s > 0",
    ],
)
def test_nothing_changes_in_a_sealed_round(statement):
    round = make_round()
    contest = make_contest(make_scope(round))
    import_sealed(round=round, ballots=[ImportedBallot(contest.pk, [1])])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [contest.pk])
    assert list(counted_ballots(contest.pk)) == [[1]]
