"""The count: only of a sealed box, the same for the same input, stored once."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from budgeting import counting, counting_runs, drawing, publication, tally
from budgeting.counting import DrawMissingError, NotSealedError, TieError, count_contest
from budgeting.counting_runs import ask_for_count, count_round
from budgeting.drawing import DrawError
from budgeting.joint_acts import ActError, confirm_act, request_act
from budgeting.models import Contest, Count, CountRun, Delivery, JointAct, Project, Round
from budgeting.phases import database_clock
from budgeting.publication import PublicationRefused, publish
from budgeting.recording import content_of, file_of, make_record
from budgeting.turnout import store_own_turnout
from home.errors import NotAllowedError

from ..factories.box import open_contest
from ..factories.budgeting import (
    ContestFactory,
    ProjectFactory,
    both_roles,
    coordinator,
    guarantor,
    person,
    ready_round,
)
from .elections import import_small
from .living import ask_to_publish, destroy_key, enter_seed, sealed_contest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def test_an_open_round_is_not_counted():
    contest = ContestFactory()
    ProjectFactory(contest=contest)
    with pytest.raises(NotSealedError):
        count_contest(contest=contest)
    assert not Count.objects.exists()


def test_a_result_that_was_not_counted_is_not_published():
    contest = ContestFactory()
    with pytest.raises(PublicationRefused):
        publish(round_=contest.scope.round)


def test_counting_again_gives_the_same(tmp_path):
    round_ = import_small(tmp_path)
    first = Count.objects.get(contest__scope__round=round_)
    second = count_contest(contest=first.contest)
    assert second.inputs_sha256 == first.inputs_sha256
    assert second.outcome == first.outcome
    assert second.published_at is None


def test_other_ballots_have_another_hash(tmp_path):
    one = import_small(tmp_path, instance="2024")
    same = import_small(tmp_path, instance="2023", ballots=("B", "A,C", "A", "A,B") * 5)
    other = import_small(tmp_path, instance="2022", ballots=("B", "A,C", "A", "A,C") * 5)
    hashes = [
        Count.objects.get(contest__scope__round=round_).inputs_sha256
        for round_ in (one, same, other)
    ]
    assert hashes[0] == hashes[1] != hashes[2]


def test_one_published_count_for_each_contest(tmp_path):
    round_ = import_small(tmp_path)
    first = Count.objects.get(contest__scope__round=round_)
    second = count_contest(contest=first.contest)
    publish(round_=round_)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.published_at is None, second.published_at is None) == (True, False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Count.objects.filter(pk=first.pk).update(published_at=second.published_at)


def test_an_undecided_tie_stops_the_count(tmp_path):
    """Two projects alike, money for one: without a draw nobody is chosen."""
    projects = [("A", 6000, "Alberi"), ("B", 6000, "Biblioteca")]
    import_small(tmp_path, projects=projects, ballots=["A", "B"] * 10)  # official order decides
    contest = Count.objects.get().contest
    rule = tally.Rule(tally.Method.GREEDY).to_json()
    # What a round's rules say is frozen; only this object asks for a draw.
    contest.scope.award_rule = rule
    with pytest.raises(TieError, match="A, B"):
        count_contest(contest=contest)
    draw = tally.Draw(seed="07-14-33", round="r", contest="c")
    count = count_contest(contest=contest, draw=draw)
    assert count.overview["ties"][0]["decided_by"] == "draw"
    assert count.overview["draw"]["seed"] == "07-14-33"


def test_every_project_has_a_row_with_its_reason(tmp_path):
    round_ = import_small(tmp_path)
    count = Count.objects.get(contest__scope__round=round_)
    rows = {row.project.code: row for row in count.rows.select_related("project")}
    assert {code: row.reason for code, row in rows.items()} == {
        "A": "funded",
        "B": "funded",
        "C": "did-not-fit",
        "D": "funded",
    }
    assert rows["C"].figures == {"remaining": 300_000, "missing": 200_000}
    assert [rows[code].order_funded for code in "ABD"] == [1, 2, 3]
    assert [rows[code].place for code in "ABCD"] == [1, 2, 3, 4]
    assert rows["A"].figures["left"] == 600_000


def test_what_was_missing_is_never_rounded_away(tmp_path):
    """Three people own 33.33… each: the project for 33.34 lacks a hundredth, not nothing."""
    projects = [("A", "33.34", "Alberi"), ("B", 60, "Biblioteca")]
    round_ = import_small(
        tmp_path,
        projects=projects,
        budget="100",
        ballots=["A", *["B"] * 2],
        rule="equalshares",
    )
    row = Count.objects.get(contest__scope__round=round_).rows.get(project__code="A")
    assert row.reason == "money-short"
    assert row.figures["missing"] == 1
    assert row.figures["had"] == 3333


def test_blank_ballots_are_counted(tmp_path):
    round_ = import_small(tmp_path, ballots=["A", "", "B", ""] * 5)
    count = Count.objects.get(contest__scope__round=round_)
    assert (count.ballots, count.blank_ballots) == (20, 10)


def test_only_own_rounds_start_deliveries(tmp_path):
    from budgeting.importing import RoundFacts

    import_small(tmp_path)
    assert not Delivery.objects.exists()
    own = import_small(tmp_path, facts=RoundFacts(name="Nostro", is_ours=True))
    funded = Project.objects.filter(round=own, result_rows__reason="funded")
    assert set(Delivery.objects.values_list("project", flat=True)) == {
        project.pk for project in funded
    }
    publish(round_=Round.objects.get(pk=own.pk))
    assert Delivery.objects.count() == funded.count()


def test_an_own_round_is_counted_with_its_turnout():
    contest = sealed_contest()
    round_ = contest.scope.round
    with pytest.raises(NotSealedError):
        count_round(round=round_)  # the key is still there
    destroy_key(round_)
    count_round(round=round_)
    count = Count.objects.get(contest=contest)
    round_.refresh_from_db()
    assert (count.ballots, round_.state, count.published_at) == (24, "counted", None)
    assert len(count.rules_sha256) == 64
    tables = {table.kind: table.cells for table in contest.turnout_tables.all()}
    assert tables == {
        "channel": [
            {"labels": ["online"], "ballots": 13},
            {"labels": ["assisted"], "ballots": 11},
        ],
        "age": [{"labels": ["25-34"], "ballots": 12}, {"labels": ["65-74"], "ballots": 12}],
    }


# The draw


def test_no_count_before_two_guarantors_entered_the_seed():
    contest = sealed_contest(award_rule={"method": "greedy"})
    round_ = contest.scope.round
    destroy_key(round_)
    with pytest.raises(DrawMissingError):
        count_contest(contest=contest)
    enter_seed(round_)
    count = count_contest(contest=contest)
    assert count.overview["draw"]["seed"] == "07-14-33"
    make_record(count)
    record = json.loads(b"".join(content_of(file_of(count, "record.json"))))
    assert record["draw"]["lottery"] == "Lotto del 9 maggio, ruota di Roma"
    assert record["draw"]["entered_at"]


def test_a_seed_takes_two_guarantors_and_stays():
    round_ = sealed_contest().scope.round
    with pytest.raises(ActError):
        enter_seed(round_, first=coordinator())
    one = guarantor()
    with pytest.raises(ActError):
        enter_seed(round_, first=one, second=one)
    act = JointAct.objects.get(round=round_, kind="draw")
    with pytest.raises(ActError):
        confirm_act(act=act, by=coordinator())
    confirm_act(act=act, by=guarantor())
    with pytest.raises(DrawError):
        enter_seed(round_, seed="08-15-34")


@pytest.mark.parametrize("seed", ["", "perché", "7\n14", "7" * 201])
def test_a_seed_is_plain_text(seed):
    with pytest.raises(DrawError) as caught:
        enter_seed(sealed_contest().scope.round, seed=seed)
    assert caught.value.field == "seed"


def test_no_seed_is_entered_while_people_vote():
    with pytest.raises(DrawError):
        enter_seed(open_contest().scope.round)


def test_of_the_guarantors_the_one_who_enters_the_seed_is_not_written_to(
    django_capture_on_commit_callbacks,
):
    round_ = sealed_contest().scope.round
    one, other = guarantor(), guarantor()
    with django_capture_on_commit_callbacks(execute=True):
        request_act(
            round=round_,
            kind="draw",
            by=one,
            parameters=drawing.parameters_for(seed="07-14-33", lottery="Lotto del 9 maggio"),
        )
    told = {address for message in mail.outbox for address in message.to}
    assert other.email in told
    assert one.email not in told


def test_a_seed_names_its_lottery_and_the_second_guarantor_reads_both():
    round_ = sealed_contest().scope.round
    with pytest.raises(DrawError) as caught:
        request_act(
            round=round_,
            kind="draw",
            by=guarantor(),
            parameters=drawing.parameters_for(seed="07-14-33", lottery=""),
        )
    assert caught.value.field == "lottery"
    act = enter_seed(round_)
    told = [text for _label, text in drawing.details(act)]
    assert told == ["07-14-33", "Lotto del 9 maggio, ruota di Roma"]
    frozen = ready_round()
    assert drawing.context(JointAct(round=frozen))["procedure"] == frozen.tie_procedure_it != ""


# Publishing


@pytest.fixture
def counted():
    round_ = sealed_contest().scope.round
    destroy_key(round_)
    count_round(round=round_)
    round_.refresh_from_db()
    return round_


@pytest.mark.parametrize("first", ["coordinator", "guarantor"])
def test_a_coordinator_and_a_guarantor_publish_in_either_order(counted, first):
    roles = [coordinator, guarantor] if first == "coordinator" else [guarantor, coordinator]
    act = ask_to_publish(counted, roles[0]())
    assert act.requested_as == first
    with pytest.raises(ActError):
        confirm_act(act=act, by=roles[0]())  # another person of the same role
    confirm_act(act=act, by=roles[1]())
    counted.refresh_from_db()
    assert counted.state == "published"
    assert Count.objects.get(contest__scope__round=counted).published_at


def test_nobody_publishes_alone(counted):
    one = coordinator()
    act = ask_to_publish(counted, one)
    with pytest.raises(ActError):
        confirm_act(act=act, by=one)
    for by in (person("nessuno@example.org"), both_roles()):
        with pytest.raises(ActError):
            ask_to_publish(counted, by)
        with pytest.raises(ActError):
            confirm_act(act=act, by=by)


def test_a_publication_says_why(counted):
    with pytest.raises(PublicationRefused) as caught:
        request_act(
            round=counted,
            kind="publication",
            by=coordinator(),
            parameters=publication.parameters_for(counted),
        )
    assert caught.value.field == "reason"


def test_the_database_publishes_nothing_that_two_people_did_not_sign(counted):
    with pytest.raises(IntegrityError, match="two people publish"), transaction.atomic():
        publish(round_=counted)
    act = ask_to_publish(counted, coordinator())
    count_round(round=counted)  # another count, which nobody has read
    with pytest.raises(PublicationRefused, match="counted again"):
        confirm_act(act=act, by=guarantor())
    latest = Count.objects.filter(contest__scope__round=counted).first()
    with pytest.raises(IntegrityError, match="two people publish"), transaction.atomic():
        Count.objects.filter(pk=latest.pk).update(published_at=latest.made_at)


def test_the_publication_of_what_is_not_counted_cannot_be_asked_for():
    with pytest.raises(PublicationRefused, match="after the count"):
        request_act(
            round=sealed_contest().scope.round,
            kind="publication",
            by=coordinator(),
            reason="Presto.",
            parameters={"counts": {}},
        )


def test_where_contests_share_a_scope_only_channels_are_told_for_each(counted):
    contest = Contest.objects.get(scope__round=counted)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        ContestFactory(scope=contest.scope, slug="un-altro")
        cursor.execute("SET LOCAL session_replication_role = origin")
    store_own_turnout(contest=contest)
    assert [table.kind for table in contest.turnout_tables.all()] == ["channel"]


def test_what_takes_longer_than_one_task_may_goes_on_in_another(counted, monkeypatch):
    count = Count.objects.get(contest__scope__round=counted)
    seconds = []

    def a_piece(*, count, seconds_of=seconds, seconds):
        seconds_of.append(seconds)
        return len(seconds_of) == 3

    monkeypatch.setattr(counting, "tell_more", a_piece)
    counting.tell.call(count.pk)
    assert seconds == [counting.SECONDS_OF_A_TASK] * 3


def test_a_count_whose_worker_ends_at_this_very_moment_keeps_its_end(counted, monkeypatch):
    run = CountRun.objects.create(round=counted, asked_by=coordinator())
    long_ago = database_clock() - timedelta(days=1)
    CountRun.objects.filter(pk=run.pk).update(asked_at=long_ago)

    def ends_meanwhile(task):
        CountRun.objects.filter(pk=run.pk).update(ended_at=long_ago, problem="")
        return set()

    monkeypatch.setattr(counting_runs, "queued", ends_meanwhile)
    assert counting_runs.settle() == []
    run.refresh_from_db()
    assert (run.ended_at, run.problem) == (long_ago, "")


def test_a_result_is_published_once(counted):
    confirm_act(act=ask_to_publish(counted, coordinator()), by=guarantor())
    with pytest.raises(PublicationRefused, match="already"):
        ask_to_publish(counted, coordinator())


def test_what_went_wrong_with_a_count_is_told_to_who_asked(
    django_capture_on_commit_callbacks,
):
    round_ = sealed_contest(award_rule={"method": "greedy"}).scope.round
    by = coordinator()
    with pytest.raises(NotSealedError):
        ask_for_count(round=round_, by=by)
    destroy_key(round_)
    with django_capture_on_commit_callbacks(execute=True):
        run = ask_for_count(round=round_, by=by)
    run.refresh_from_db()
    assert run.ended_at
    assert "Two guarantors" in run.problem
    assert not Count.objects.exists()
    with pytest.raises(NotAllowedError):
        ask_for_count(round=round_, by=guarantor())
