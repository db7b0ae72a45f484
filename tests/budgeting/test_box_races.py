"""What happens at once, on real connections; each race with a guard taken away, which is caught.

A race is one function that several threads call together and one that judges what came of it. The
naive functions do the same work as the box without one of its guards, on a table without
constraints: the judge must find them out, or the race would prove nothing.
"""

import secrets
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from budgeting import casting, sealing
from budgeting.box_gate import VotingClosed
from budgeting.casting import (
    AlreadyVotedOnPaper,
    BallotChangedMeanwhile,
    BallotForm,
    Receipt,
    ReplayWithOtherChoices,
    cast,
    new_form,
)
from budgeting.checkpoints import NoMoreCheckpoints, make_checkpoint, verify_chain
from budgeting.closing import close_if_due
from budgeting.models import Ballot, Checkpoint, Round
from budgeting.paper import AlreadyVoted, issue_token
from budgeting.tally.merkle import GrowingTree
from tests.factories.box import (
    let_time_pass,
    make_contest,
    make_entry,
    make_round,
    make_scope,
    open_contest,
    open_vote,
    signed_act,
)
from tests.races import together

pytestmark = pytest.mark.race
AT_ONCE = 6


def form_for(entry, contest):
    return new_form(entry=entry, scope=contest.scope)


def vote(entry, contest, chosen, form):
    return cast(entry=entry, contest=contest, chosen=chosen, form=form)


def kinds(outcomes):
    return Counter(type(outcome).__name__ for outcome in outcomes)


@pytest.fixture
def contest():
    return open_contest()


@pytest.fixture
def entry(contest):
    return make_entry(contest.scope.round)


# A box without guards


@pytest.fixture
def naive_table():
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE naive_ballot (entry_id bigint, version int, choices text, token text)"
        )


def naive_rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry_id, version, choices, token FROM naive_ballot")
        return cursor.fetchall()


def naive_read(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]


def naive_insert(entry, version, choices, token=""):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO naive_ballot VALUES (%s, %s, %s, %s)", [entry.pk, version, choices, token]
        )
    return version


def between(everybody):
    """Wait where a guard would stand, so that the naive race is run every time, not by luck."""
    everybody.wait(10)


# Two ballots of one person


def judge_one_winner(outcomes, versions):
    """Of ballots sent at once, one is acknowledged, and it is the only row."""
    acknowledged = [outcome for outcome in outcomes if not isinstance(outcome, Exception)]
    return len(acknowledged) == 1 and versions == [1]


def test_of_two_ballots_sent_at_once_one_is_in_and_the_others_are_told(contest, entry):
    forms = [form_for(entry, contest) for _ in range(AT_ONCE)]
    outcomes = together(
        *[lambda i=i: vote(entry, contest, [i % 5 + 1], forms[i]) for i in range(AT_ONCE)]
    )
    assert judge_one_winner(outcomes, list(Ballot.objects.values_list("version", flat=True)))
    assert kinds(outcomes) == {"Receipt": 1, "BallotChangedMeanwhile": AT_ONCE - 1}


@pytest.mark.usefixtures("naive_table")
def test_control_looking_before_writing_lets_two_ballots_in(entry):
    everybody = threading.Barrier(AT_ONCE)

    def naive(choice):
        if naive_read("SELECT count(*) FROM naive_ballot WHERE entry_id = %s", entry.pk):
            raise BallotChangedMeanwhile("")
        between(everybody)
        return naive_insert(entry, 1, str(choice))

    outcomes = together(*[lambda i=i: naive(i) for i in range(AT_ONCE)])
    assert not judge_one_winner(outcomes, [version for _e, version, *_ in naive_rows()])


# A stale tab


def judge_no_lost_change(outcomes):
    """A form shown before the latest ballot never replaces it."""
    return sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1


def test_of_two_tabs_that_show_the_same_version_one_replaces_it(contest, entry):
    vote(entry, contest, [1], form_for(entry, contest))
    tabs = [form_for(entry, contest), form_for(entry, contest)]
    outcomes = together(*[lambda i=i: vote(entry, contest, [i + 2], tabs[i]) for i in (0, 1)])
    assert judge_no_lost_change(outcomes)
    assert kinds(outcomes) == {"Receipt": 1, "BallotChangedMeanwhile": 1}
    assert sorted(Ballot.objects.values_list("version", flat=True)) == [1, 2]


@pytest.mark.usefixtures("naive_table")
def test_control_taking_the_greatest_version_plus_one_loses_a_change(entry):
    naive_insert(entry, 1, "1")
    turns = [threading.Event(), threading.Event()]
    turns[0].set()

    def naive(i):
        turns[i].wait(10)
        version = naive_read("SELECT max(version) FROM naive_ballot WHERE entry_id = %s", entry.pk)
        naive_insert(entry, version + 1, str(i))
        turns[i ^ 1].set()
        return version + 1

    assert not judge_no_lost_change(together(lambda: naive(0), lambda: naive(1)))


# A form sent again


def judge_same_answer(outcomes, number_of_rows):
    """However often a form comes, it is one ballot and one answer."""
    return len({str(outcome) for outcome in outcomes}) == 1 and number_of_rows == 1


def test_a_form_sent_many_times_at_once_is_one_ballot_and_one_answer(contest, entry):
    form = form_for(entry, contest)
    outcomes = together(*[lambda: vote(entry, contest, [1], form)] * AT_ONCE)
    assert kinds(outcomes) == {"Receipt": AT_ONCE}
    assert judge_same_answer(outcomes, Ballot.objects.count())


@pytest.mark.usefixtures("naive_table")
def test_control_without_a_tracker_a_double_click_is_two_ballots(entry):
    def naive():
        version = naive_read(
            "SELECT coalesce(max(version), 0) + 1 FROM naive_ballot WHERE entry_id = %s", entry.pk
        )
        return naive_insert(entry, version, "1", secrets.token_hex(4))

    outcomes = together(*[naive] * AT_ONCE)
    assert not judge_same_answer(outcomes, len(naive_rows()))


def judge_acknowledged_is_recorded(outcomes, recorded):
    """Whoever got a receipt sent the choices that are in the box."""
    return all(sent == recorded for sent, outcome in outcomes if not isinstance(outcome, Exception))


def test_a_form_with_two_sets_of_choices_records_one_and_refuses_the_other(contest, entry):
    form = form_for(entry, contest)
    sent = [i % 5 + 1 for i in range(5)]
    outcomes = together(*[lambda i=i: vote(entry, contest, [i], form) for i in sent])
    (content,) = Ballot.objects.values_list("content", flat=True)
    recorded = int(content.split("[")[1].split("]")[0])
    assert judge_acknowledged_is_recorded(zip(sent, outcomes, strict=True), recorded)
    assert kinds(outcomes) == {"Receipt": 1, "ReplayWithOtherChoices": 4}


@pytest.mark.usefixtures("naive_table")
def test_control_an_answer_by_the_form_alone_acknowledges_what_is_not_recorded(entry):
    turn = threading.Lock()

    def naive(choice):
        with turn:
            if not naive_read("SELECT count(*) FROM naive_ballot WHERE token = 'form'"):
                naive_insert(entry, 1, str(choice), "form")
        return "receipt of the form"

    sent = [1, 2, 3]
    outcomes = together(*[lambda i=i: naive(i) for i in sent])
    recorded = int(naive_rows()[0][2])
    assert not judge_acknowledged_is_recorded(zip(sent, outcomes, strict=True), recorded)


# A ballot against the close


class Pause:
    """A place in the program where one thread waits until it is told to go on."""

    def __init__(self):
        self.reached, self.go_on = threading.Event(), threading.Event()

    def __call__(self):
        self.reached.set()
        assert self.go_on.wait(10)


def race_against_the_close(ballot, pause, round):
    """Close while a ballot is on its way; return (close waited, ballot's outcome)."""
    let_time_pass_after = threading.Event()

    def close():
        pause.reached.wait(10)
        let_time_pass(round)
        let_time_pass_after.set()
        return close_if_due(round_id=round.pk)

    def watch():
        let_time_pass_after.wait(10)
        time.sleep(0.3)
        state = Round.objects.values_list("state", flat=True).get(pk=round.pk)
        pause.go_on.set()
        return state == Round.State.OPEN

    outcome, closed, waited = together(ballot, close, watch)
    assert closed is True
    return waited, outcome


def test_the_close_waits_for_the_ballot_on_its_way_and_then_nothing_more_enters(
    contest, entry, monkeypatch
):
    pause = Pause()
    insert = casting._insert

    def slow_insert(*args, **kwargs):
        pause()
        return insert(*args, **kwargs)

    form = form_for(entry, contest)
    late = make_entry(contest.scope.round)
    late_form = form_for(late, contest)
    monkeypatch.setattr(casting, "_insert", slow_insert)
    waited, outcome = race_against_the_close(
        lambda: vote(entry, contest, [1], form), pause, contest.scope.round
    )
    assert waited
    assert isinstance(outcome, Receipt)
    monkeypatch.setattr(casting, "_insert", insert)
    with pytest.raises(VotingClosed):
        vote(late, contest, [1], late_form)
    closing = contest.scope.round.checkpoints.get(occasion="close")
    assert closing.count == Ballot.objects.count() == 1


@pytest.mark.usefixtures("naive_table")
def test_control_without_the_lock_a_ballot_enters_a_closed_box(contest, entry):
    pause = Pause()

    def naive():
        with transaction.atomic():
            state = Round.objects.values_list("state", flat=True).get(pk=contest.scope.round_id)
            assert state == Round.State.OPEN
            pause()
            return naive_insert(entry, 1, "1")

    waited, outcome = race_against_the_close(naive, pause, contest.scope.round)
    assert not waited
    assert outcome == 1
    assert len(naive_rows()) == 1  # in the box, though the close came first


def test_an_insert_that_avoids_the_gate_waits_for_the_close_too(contest):
    round = contest.scope.round

    def sneak():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO budgeting_ballot (round_id, scope_id, ballot_key, version, channel,"
                " content, blinding, tracker, commitment) VALUES (%s, 1, sha256('k'), 1, 'online',"
                " '{}', sha256('r'), decode(repeat('ab', 16), 'hex'), sha256('c'))",
                [round.pk],
            )
            pause()

    pause = Pause()
    waited, _outcome = race_against_the_close(sneak, pause, round)
    assert waited
    pause = Pause()
    pause.go_on.set()
    with pytest.raises(IntegrityError):
        sneak()


def test_votes_until_the_last_moment_are_all_in_or_all_told():
    round = make_round(votes_for=timedelta(seconds=2))
    contest = make_contest(make_scope(round))
    open_vote(round)
    voters = [[make_entry(round) for _ in range(80)] for _ in range(4)]

    def keep_voting(entries):
        receipts = []
        for entry in entries:
            form = BallotForm(secrets.token_bytes(16), replaces=0)
            try:
                receipts.append(vote(entry, contest, [1], form))
            except VotingClosed:
                return receipts, True
            time.sleep(0.02)
        while True:  # all voted: wait for the end, a stranger at the door
            time.sleep(0.05)
            if close_if_due(round_id=round.pk) or not is_open():
                return receipts, True

    def is_open():
        return Round.objects.get(pk=round.pk).state == Round.State.OPEN

    outcomes = together(*[lambda entries=entries: keep_voting(entries) for entries in voters])
    receipts = [receipt for given, _closed in outcomes for receipt in given]
    assert set(Ballot.objects.values_list("tracker", flat=True)) == {r.tracker for r in receipts}
    assert all(closed for _given, closed in outcomes)
    assert round.checkpoints.filter(occasion="close").count() == 1
    assert round.checkpoints.get(occasion="close").count == len(receipts)


# A checkpoint against the sealing


def race_a_checkpoint_against_the_sealing(round, monkeypatch):
    """Make a checkpoint after the audit and before the seal; return both outcomes."""
    audited = threading.Event()
    audit = sealing._audit

    def audit_and_wait(*args, **kwargs):
        sums = audit(*args, **kwargs)
        audited.set()
        time.sleep(0.5)
        return sums

    def late_checkpoint():
        audited.wait(10)
        return make_checkpoint(
            round=Round.objects.get(pk=round.pk), occasion=Checkpoint.Occasion.PAPER
        )

    monkeypatch.setattr(sealing, "_audit", audit_and_wait)
    return together(lambda: sealing.seal_round(round=round), late_checkpoint)


def judge_the_audit_saw_every_checkpoint(round, seal):
    return seal.checkpoints == round.checkpoints.count()


def test_no_checkpoint_is_made_after_the_audit_has_recomputed_them(contest, entry, monkeypatch):
    round = contest.scope.round
    vote(entry, contest, [1], form_for(entry, contest))
    let_time_pass(round)
    close_if_due(round_id=round.pk)
    signed_act(round, "sealing")
    seal, late = race_a_checkpoint_against_the_sealing(round, monkeypatch)
    assert isinstance(late, NoMoreCheckpoints)
    assert judge_the_audit_saw_every_checkpoint(round, seal)


def test_control_without_the_chains_lock_a_checkpoint_slips_in(contest, entry, monkeypatch):
    round = contest.scope.round
    let_time_pass(round)
    close_if_due(round_id=round.pk)
    signed_act(round, "sealing")
    monkeypatch.setattr(sealing, "lock_chain", lambda cursor, round_id: None)
    seal, _late = race_a_checkpoint_against_the_sealing(round, monkeypatch)
    assert not judge_the_audit_saw_every_checkpoint(round, seal)


# A paper ballot against an online one


def judge_one_vote(outcomes, number_of_rows):
    return (
        sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1 and number_of_rows == 1
    )


def test_of_a_paper_ballot_and_an_online_one_at_once_one_is_given(contest):
    for already in range(5):
        entry = make_entry(contest.scope.round)
        form = form_for(entry, contest)
        outcomes = together(
            lambda entry=entry, form=form: vote(entry, contest, [1], form),
            lambda entry=entry: issue_token(entry=entry, scope=contest.scope, place="seggio-1"),
            lambda entry=entry: issue_token(entry=entry, scope=contest.scope, place="seggio-2"),
        )
        assert judge_one_vote(outcomes, Ballot.objects.count() - already)
        refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert all(
            isinstance(outcome, AlreadyVotedOnPaper | AlreadyVoted | BallotChangedMeanwhile)
            for outcome in refused
        )


@pytest.mark.usefixtures("naive_table")
def test_control_asking_has_voted_first_gives_both(entry):
    everybody = threading.Barrier(2)

    def naive(channel):
        if naive_read("SELECT count(*) FROM naive_ballot WHERE entry_id = %s", entry.pk):
            raise AlreadyVoted("")
        between(everybody)
        return naive_insert(entry, 1, channel)

    outcomes = together(lambda: naive("online"), lambda: naive("paper"))
    assert not judge_one_vote(outcomes, len(naive_rows()))


# Checkpoints


def test_checkpoints_made_at_once_follow_one_another_and_votes_do_not_wait(contest):
    round = contest.scope.round
    voters = [make_entry(round) for _ in range(3)]
    forms = [form_for(entry, contest) for entry in voters]
    outcomes = together(
        *[lambda i=i: vote(voters[i], contest, [1], forms[i]) for i in range(3)],
        *[lambda: make_checkpoint(round=round, occasion=Checkpoint.Occasion.HOURLY)] * 3,
    )
    assert kinds(outcomes) == {"Receipt": 3, "Checkpoint": 3}
    make_checkpoint(round=round, occasion=Checkpoint.Occasion.HOURLY)
    chain = verify_chain(round=round)
    assert (chain.checkpoints, chain.commitments) == (5, 3)


def test_casting_does_not_wait_for_a_checkpoint_under_way(contest, entry, monkeypatch):
    pause = Pause()

    class SlowTree(GrowingTree):
        def root(self):
            pause()
            return super().root()

    monkeypatch.setattr("budgeting.checkpoints.GrowingTree", SlowTree)
    form = form_for(entry, contest)

    def vote_meanwhile():
        pause.reached.wait(10)
        try:
            return vote(entry, contest, [1], form)
        finally:
            pause.go_on.set()

    checkpoint, receipt = together(
        lambda: make_checkpoint(round=contest.scope.round, occasion=Checkpoint.Occasion.HOURLY),
        vote_meanwhile,
    )
    assert isinstance(receipt, Receipt)
    assert checkpoint.count == 0


def test_a_replay_that_lost_the_race_is_still_told_apart_from_a_change(contest, entry):
    form = form_for(entry, contest)
    first = vote(entry, contest, [1], form)
    vote(entry, contest, [2], form_for(entry, contest))
    outcomes = together(
        lambda: vote(entry, contest, [1], form), lambda: vote(entry, contest, [3], form)
    )
    assert outcomes[0] == first
    assert isinstance(outcomes[1], ReplayWithOtherChoices)
