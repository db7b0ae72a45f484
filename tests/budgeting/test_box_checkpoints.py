"""The chain of checkpoints, the close, and what a receipt proves."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from budgeting.box_keys import witness_path
from budgeting.casting import cast, new_form
from budgeting.checkpoints import (
    ChainBehind,
    ChainBroken,
    WitnessMissing,
    make_checkpoint,
    make_due_checkpoints,
    read_witness,
    verify_chain,
    write_witness,
)
from budgeting.closing import close_due_rounds, close_if_due
from budgeting.models import Ballot, Box, Checkpoint, Leaf, Round
from budgeting.paper import issue_token
from budgeting.receipts import prove_inclusion
from budgeting.tally.merkle import root_of
from home.tick import tick
from tests.factories.box import let_time_pass, make_entry, make_round, open_contest

pytestmark = pytest.mark.django_db
Occasion = Checkpoint.Occasion


@pytest.fixture
def contest():
    return open_contest()


@pytest.fixture
def round(contest):
    return contest.scope.round


def vote(contest, chosen, entry=None):
    entry = entry or make_entry(contest.scope.round)
    form = new_form(entry=entry, scope=contest.scope)
    return cast(entry=entry, contest=contest, chosen=chosen, form=form)


def test_the_box_begins_with_an_empty_checkpoint(round):
    first = round.checkpoints.get()
    assert (first.number, first.occasion, first.count) == (1, "opening", 0)
    rules = bytes.fromhex(round.frozen_rules.get().sha256)
    empty = hashlib.sha256(b"").digest()
    expected = hashlib.sha256(b"RIONE-H1" + bytes(32) + empty + bytes(8) + rules).digest()
    assert (first.root, first.head) == (empty, expected)


def test_each_head_follows_from_the_one_before_and_the_list(contest, round):
    rules = bytes.fromhex(round.frozen_rules.get().sha256)
    first = round.checkpoints.get()
    one = sorted(vote(contest, [i % 5 + 1]).commitment for i in range(5))
    second = make_checkpoint(round=round, occasion=Occasion.HOURLY)
    two = sorted(vote(contest, [i % 5 + 1]).commitment for i in range(3))
    third = make_checkpoint(round=round, occasion=Occasion.HOURLY)
    assert second.root == root_of(one)
    assert third.root == root_of(one + two)
    assert (
        second.head
        == hashlib.sha256(
            b"RIONE-H1" + first.head + second.root + (5).to_bytes(8, "big") + rules
        ).digest()
    )
    assert (
        third.head
        == hashlib.sha256(
            b"RIONE-H1" + second.head + third.root + (8).to_bytes(8, "big") + rules
        ).digest()
    )
    chain = verify_chain(round=round)
    assert (chain.checkpoints, chain.commitments, chain.head) == (3, 8, third.head)


def test_a_checkpoint_without_new_ballots_still_moves_the_head(round):
    heads = [make_checkpoint(round=round, occasion=Occasion.HOURLY).head for _ in range(3)]
    assert len(set(heads)) == 3
    assert verify_chain(round=round).checkpoints == 4


def test_replaced_ballots_stay_in_the_list_and_nothing_tells_them_apart(contest, round):
    entry = make_entry(round)
    receipts = [vote(contest, [1], entry), vote(contest, [2], entry)]
    make_checkpoint(round=round, occasion=Occasion.HOURLY)
    assert set(Leaf.objects.values_list("commitment", flat=True)) == {
        receipt.commitment for receipt in receipts
    }
    assert {field.name for field in Leaf._meta.fields} == {"pk", "round", "position", "commitment"}


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE budgeting_leaf SET commitment = sha256('x') WHERE position = 1",
        "DELETE FROM budgeting_leaf WHERE position = 3",
        "INSERT INTO budgeting_leaf (round_id, position, commitment)"
        " VALUES ({round}, 4, sha256('x'))",
        "UPDATE budgeting_checkpoint SET count = 3 WHERE number = 2",
        "UPDATE budgeting_checkpoint SET head = sha256('x') WHERE number = 1",
        "UPDATE budgeting_checkpoint SET root = sha256('x') WHERE number = 2",
        "DELETE FROM budgeting_checkpoint WHERE number = 1",
        "DELETE FROM budgeting_checkpoint WHERE number = 2",
        "UPDATE budgeting_leaf SET position = CASE position WHEN 0 THEN 90 ELSE 91 END"
        " WHERE position < 2;"
        "UPDATE budgeting_leaf SET position = 91 - position WHERE position >= 90",
    ],
)
def test_tampering_is_refused_and_where_it_is_done_all_the_same_it_is_found(
    contest, round, tampering
):
    for i in range(4):
        vote(contest, [i + 1])
    make_checkpoint(round=round, occasion=Occasion.HOURLY)
    tampering = tampering.format(round=round.pk)
    with connection.cursor() as cursor:
        if not tampering.startswith("INSERT"):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(tampering)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("leaf", "checkpoint"):
            cursor.execute(f"ALTER TABLE budgeting_{table} DISABLE TRIGGER USER")
        cursor.execute(tampering)
    with pytest.raises(ChainBroken):
        verify_chain(round=round)


def test_due_checkpoints(round):
    made = round.checkpoints.get().made_at
    assert make_due_checkpoints(made + timedelta(minutes=50)) == []
    assert len(make_due_checkpoints(made + timedelta(minutes=60))) == 1
    assert round.checkpoints.count() == 2


def test_a_box_that_lacks_its_last_head_does_not_hold_up_the_others(
    contest, round, django_capture_on_commit_callbacks
):
    healthy = open_contest().scope.round
    with django_capture_on_commit_callbacks(execute=True):
        make_checkpoint(round=round, occasion=Occasion.HOURLY)
    restored(round)
    report = tick(now=timezone.now() + timedelta(hours=1))
    assert report.failed
    assert healthy.checkpoints.count() == 2


def test_the_tick_closes_the_vote_and_makes_the_closing_checkpoint(contest, round):
    receipt = vote(contest, [1])
    let_time_pass(round)
    report = tick(now=timezone.now())
    assert not report.failed
    round.refresh_from_db()
    assert round.state == Round.State.CLOSED
    assert list(round.checkpoints.values_list("occasion", "count")) == [
        ("opening", 0),
        ("close", 1),
    ]
    assert prove_inclusion(round=round, commitment=receipt.commitment).holds()
    assert tick(now=timezone.now()).lines == []


def test_a_close_that_died_before_its_checkpoint_gets_it_later(contest, round):
    vote(contest, [1])
    let_time_pass(round)
    Round.objects.filter(pk=round.pk).update(state=Round.State.CLOSED)
    assert len(make_due_checkpoints(timezone.now())) == 1
    assert round.checkpoints.get(occasion="close").count == 1
    assert make_due_checkpoints(timezone.now()) == []


def test_a_vote_whose_time_has_not_come_stays_open(round):
    assert close_if_due(round_id=round.pk) is False
    assert close_due_rounds(timezone.now() + timedelta(days=30)) == []
    round.refresh_from_db()
    assert round.state == Round.State.OPEN


def test_there_is_nothing_to_close_in_a_round_that_is_not_there():
    with pytest.raises(Round.DoesNotExist):
        close_if_due(round_id=10**9)


def test_a_closed_vote_never_opens_again(round):
    let_time_pass(round)
    assert close_if_due(round_id=round.pk) is True
    assert close_if_due(round_id=round.pk) is False
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=round.pk).update(state=Round.State.OPEN)


@pytest.mark.parametrize("state", [Round.State.OPEN, Round.State.CLOSED])
def test_a_vote_is_not_opened_by_saying_so(state):
    with pytest.raises(IntegrityError):
        Round.objects.filter(pk=make_round().pk).update(state=state)


def test_a_vote_is_not_closed_before_its_time(round):
    with pytest.raises(IntegrityError):
        Round.objects.filter(pk=round.pk).update(state=Round.State.CLOSED)


def test_a_round_is_not_sealed_by_saying_so(round):
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=round.pk).update(state=Round.State.SEALED)


def test_a_receipt_is_proved_once_its_checkpoint_is_made(contest, round):
    receipts = [vote(contest, [i % 5 + 1]) for i in range(7)]
    assert prove_inclusion(round=round, commitment=receipts[0].commitment) is None
    checkpoint = make_checkpoint(round=round, occasion=Occasion.HOURLY)
    for receipt in receipts:
        proof = prove_inclusion(round=round, commitment=receipt.commitment)
        assert proof.holds()
        assert (proof.head, proof.root) == (checkpoint.head, checkpoint.root)
    assert prove_inclusion(round=round, commitment=bytes(32)) is None


def restored(round):
    """The database as an older backup has it: without the checkpoints after the first."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE budgeting_checkpoint DISABLE TRIGGER USER")
        cursor.execute(
            "DELETE FROM budgeting_checkpoint WHERE round_id = %s AND number > 1", [round.pk]
        )
        cursor.execute("ALTER TABLE budgeting_checkpoint ENABLE TRIGGER USER")


def test_after_a_restore_the_box_stays_shut_until_the_chain_is_whole(
    contest, round, django_capture_on_commit_callbacks
):
    entry = make_entry(round)
    form = new_form(entry=entry, scope=contest.scope)
    with django_capture_on_commit_callbacks(execute=True):
        published = make_checkpoint(round=round, occasion=Occasion.HOURLY)
    box = Box.objects.get(pk=round.pk)
    assert read_witness(box) == (2, published.head)
    before = transaction.savepoint()
    restored(round)
    with pytest.raises(ChainBehind):
        cast(entry=entry, contest=contest, chosen=[1], form=form)
    with pytest.raises(ChainBehind):
        make_checkpoint(round=round, occasion=Occasion.HOURLY)
    transaction.savepoint_rollback(before)
    cast(entry=entry, contest=contest, chosen=[1], form=form)


def test_the_note_of_the_last_head_is_private(round, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make_checkpoint(round=round, occasion=Occasion.HOURLY)
    path = witness_path(Box.objects.get(pk=round.pk))
    assert path.stat().st_mode & 0o777 == 0o600
    # The key, the note and its lock: nothing half-written.
    assert len(list(Path(path.parent).iterdir())) == 3


def test_the_note_never_goes_back(round):
    box, first = Box.objects.get(pk=round.pk), round.checkpoints.get()
    second = make_checkpoint(round=round, occasion=Occasion.HOURLY)
    for checkpoint in (second, first):
        write_witness(box, checkpoint)
    assert read_witness(box) == (2, second.head)


def test_a_server_that_does_not_share_the_notes_takes_no_ballot(contest, round):
    entry = make_entry(round)
    form = new_form(entry=entry, scope=contest.scope)
    witness_path(Box.objects.get(pk=round.pk)).unlink()
    for act in (
        lambda: cast(entry=entry, contest=contest, chosen=[1], form=form),
        lambda: issue_token(entry=entry, scope=contest.scope, place="A"),
        lambda: make_checkpoint(round=round, occasion=Occasion.HOURLY),
    ):
        with pytest.raises(WitnessMissing):
            act()
    assert not Ballot.objects.exists()


def test_commands_say_what_stops_them(round):
    for command in ("make_checkpoint", "verify_checkpoints"):
        with pytest.raises(CommandError, match="no ballot box"):
            call_command(command, make_round().slug)
    write_witness(Box.objects.get(pk=round.pk), Checkpoint(number=9, head=bytes(32)))
    for command in ("make_checkpoint", "verify_checkpoints"):
        with pytest.raises(CommandError, match="9"):
            call_command(command, round.slug)


def test_commands(round, capsys):
    call_command("make_checkpoint", round.slug)
    call_command("verify_checkpoints", round.slug)
    call_command("close_rounds")
    let_time_pass(round)
    call_command("close_rounds")
    call_command("make_checkpoint", round.slug)
    out = capsys.readouterr().out
    assert "checkpoint 2: 0 commitments" in out
    assert "2 checkpoints over 0 commitments hold" in out
    assert "no vote is due to close" in out
    assert f"vote closed: {round}" in out
    assert "checkpoint 4" in out
