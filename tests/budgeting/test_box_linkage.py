"""Who has the whole database cannot tell who voted what; in a naive box, the same attack can."""

import hashlib
import json
import random

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.utils import timezone
from wagtail.log_actions import log

from budgeting import sealing
from budgeting.annulment import parameters_for
from budgeting.casting import cast, new_form
from budgeting.checkpoints import make_checkpoint
from budgeting.closing import close_if_due
from budgeting.joint_acts import effect_of
from budgeting.models import Ballot, Checkpoint, JointAct, Round
from budgeting.sealing import seal_round
from tests.factories.box import (
    let_time_pass,
    make_contest,
    make_entry,
    make_round,
    make_scope,
    make_user,
    open_vote,
    signed_act,
)

from .linkage import attack, dump

pytestmark = pytest.mark.race
VOTERS = 50
# Pairing people and ballots blindly is right once on average; ten times once in ten million.
BY_CHANCE = 9


class Election:
    """Fifty people with accounts, and a ballot for each that nobody else casts."""

    def __init__(self):
        self.round = make_round()
        self.contest = make_contest(make_scope(self.round, max_length=6), projects=12)
        open_vote(self.round)
        self.entries = [make_entry(self.round) for _ in range(VOTERS)]
        self.users = [make_user() for _ in self.entries]
        self.entry_of_user = {
            user.pk: entry.pk for user, entry in zip(self.users, self.entries, strict=True)
        }
        ballots = random.Random(7)
        seen = set()
        while len(seen) < VOTERS:
            seen.add(tuple(sorted(ballots.sample(range(1, 13), ballots.randint(3, 6)))))
        self.choices = dict(zip([entry.pk for entry in self.entries], sorted(seen), strict=True))
        self.truth = {(pk, json.dumps(list(chosen))) for pk, chosen in self.choices.items()}

    def vote(self, entry):
        form = new_form(entry=entry, scope=self.contest.scope)
        cast(entry=entry, contest=self.contest, chosen=self.choices[entry.pk], form=form)

    def links(self):
        """What the attack gets right, by method; blind luck is not counted."""
        found = {}
        for method, claims in attack(dump(), self.entry_of_user).items():
            right = len(claims & self.truth)
            if right > (BY_CHANCE if method.startswith("order") else 0):
                found[method] = right
        return found


def sign_in(user):
    """What is written about somebody who comes to the site just before voting."""
    with transaction.atomic():
        user.last_login = timezone.now()
        user.save(update_fields=["last_login"])
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session.save()
    log(instance=user, action="wagtail.edit", user=user)


@pytest.fixture
def election():
    return Election()


def close_and_seal(election):
    let_time_pass(election.round)
    close_if_due(round_id=election.round.pk)
    signed_act(election.round, JointAct.Kind.SEALING)
    seal_round(round=election.round)


def test_while_the_vote_is_open_casting_leaves_nothing_that_joins_person_and_ballot(election):
    order = random.Random(3).sample(election.entries, VOTERS)
    for entry in order:
        election.vote(entry)
    make_checkpoint(round=election.round, occasion=Checkpoint.Occasion.HOURLY)
    assert Ballot.objects.count() == VOTERS
    assert election.links() == {}


def test_casting_writes_one_row_and_marks_no_other(election):
    entry = election.entries[0]
    form = new_form(entry=entry, scope=election.contest.scope)

    def marked():
        return {
            (row.table, row.place, row.xmin, row.xmax, str(sorted(map(str, row.values.items()))))
            for row in dump()
        }

    before = marked()
    cast(entry=entry, contest=election.contest, chosen=election.choices[entry.pk], form=form)
    (table, *_rest), *others = marked() - before
    assert (table, others) == (f"budgeting_ballot_{election.round.pk}", [])
    assert before <= marked()


def test_after_sealing_the_attack_finds_nothing_even_if_all_signed_in_right_before(election):
    for entry, user in zip(election.entries, election.users, strict=True):
        sign_in(user)
        election.vote(entry)
        if entry.pk % 10 == 0:
            make_checkpoint(round=election.round, occasion=Checkpoint.Occasion.HOURLY)
    keys = [row.ballot_key for row in Ballot.objects.all()]
    blindings = [row.blinding for row in Ballot.objects.all()]
    partition = f"budgeting_ballot_{election.round.pk}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filepath(%s)", [partition])
        (file,) = cursor.fetchone()
    close_and_seal(election)
    assert election.links() == {}
    left = str([row.values for row in dump()])
    assert not any(repr(secret) in left for secret in keys + blindings)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_file(%s, true) IS NULL", [file])
        # PostgreSQL cuts a dropped file to nothing at once and unlinks it at its next checkpoint.
        gone = cursor.fetchone()[0]
        cursor.execute("SELECT coalesce((pg_stat_file(%s, true)).size, 0)", [file])
        assert gone or cursor.fetchone() == (0,)


def test_an_annulment_joins_nobody_to_choices_either(election):
    for entry in random.Random(11).sample(election.entries, VOTERS):
        election.vote(entry)
    for entry in election.entries[:10]:
        with transaction.atomic():
            act = signed_act(
                election.round,
                JointAct.Kind.ANNULMENT,
                **parameters_for(entry=entry, scope=election.contest.scope, reason="not_entitled"),
            )
            effect_of(JointAct.Kind.ANNULMENT).apply(act)
    assert election.links() == {}
    close_and_seal(election)
    assert election.links() == {}


# The same attack on boxes as they are often built


def test_control_a_mark_on_the_person_in_the_same_transaction_gives_everybody_away(election):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_box (choices text)")
        cursor.execute("CREATE TABLE naive_voted (entry_id bigint)")
        for entry in random.Random(5).sample(election.entries, VOTERS):
            with transaction.atomic():
                cursor.execute("INSERT INTO naive_voted VALUES (%s)", [entry.pk])
                cursor.execute(
                    "INSERT INTO naive_box VALUES (%s)", [json.dumps(election.choices[entry.pk])]
                )
    assert election.links()["same transaction"] == VOTERS


def test_control_a_lock_on_the_person_gives_everybody_away(election):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_box (choices text)")
        for entry in election.entries:
            with transaction.atomic():
                cursor.execute(
                    "SELECT FROM residents_rollentry WHERE id = %s FOR UPDATE", [entry.pk]
                )
                cursor.execute(
                    "INSERT INTO naive_box VALUES (%s)", [json.dumps(election.choices[entry.pk])]
                )
    assert election.links()["same transaction"] == VOTERS


def test_control_a_second_transaction_beside_it_gives_everybody_away(election):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_box (choices text)")
        cursor.execute("CREATE TABLE naive_voted (entry_id bigint)")
        for entry in election.entries:
            # At one go: tests beside this one take transaction numbers of the same server.
            cursor.execute(
                "BEGIN; INSERT INTO naive_voted VALUES (%s); COMMIT;"
                "BEGIN; INSERT INTO naive_box VALUES (%s); COMMIT",
                [entry.pk, json.dumps(election.choices[entry.pk])],
            )
    assert election.links()["transaction -1"] > VOTERS / 2


def test_control_times_give_everybody_away(election):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_box (choices text, cast_at timestamptz)")
        cursor.execute("CREATE TABLE naive_voted (entry_id bigint, voted_at timestamptz)")
        for minutes, entry in enumerate(election.entries):
            moment = timezone.now() + timezone.timedelta(minutes=minutes)
            choices = json.dumps(election.choices[entry.pk])
            cursor.execute("INSERT INTO naive_box VALUES (%s, %s)", [choices, moment])
        cursor.execute("SELECT cast_at FROM naive_box")
        times = cursor.fetchall()
        for entry, (moment,) in reversed(list(zip(election.entries, times, strict=True))):
            cursor.execute("INSERT INTO naive_voted VALUES (%s, %s)", [entry.pk, moment])
    assert election.links()["same time"] == VOTERS


def test_control_a_hash_of_what_is_known_gives_everybody_away(election):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_box (choices text, voter bytea)")
        cursor.execute("CREATE TABLE naive_voted (entry_id bigint, voter bytea)")
        with transaction.atomic():
            for entry in random.Random(1).sample(election.entries, VOTERS):
                voter = hashlib.sha256(bytes(entry.voting_id)).digest()
                cursor.execute("INSERT INTO naive_voted VALUES (%s, %s)", [entry.pk, voter])
            for entry in election.entries:
                voter = hashlib.sha256(bytes(entry.voting_id)).digest()
                choices = json.dumps(election.choices[entry.pk])
                cursor.execute("INSERT INTO naive_box VALUES (%s, %s)", [choices, voter])
    assert election.links()["same value"] == VOTERS


def test_control_sealing_in_the_order_of_the_box_gives_everybody_away(election):
    order = random.Random(9).sample(election.entries, VOTERS)
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("CREATE TABLE naive_register (entry_id bigint)")
        cursor.execute("CREATE TABLE naive_sealed (choices text)")
        for entry in order:
            cursor.execute("INSERT INTO naive_register VALUES (%s)", [entry.pk])
            cursor.execute(
                "INSERT INTO naive_sealed VALUES (%s)", [json.dumps(election.choices[entry.pk])]
            )
    found = election.links()
    assert found["order of naive_register.place and naive_sealed.place"] == VOTERS


# A crash while sealing


STEPS = [
    "_prepare",
    "_audit",
    "_mark_register",
    "_check_paper",
    "_write_totals",
    "_write_sealed_tables",
]


def everything():
    """Every row of the box and of the sealed tables."""
    return sorted(
        (row.table, str(sorted(map(str, row.values.items()))))
        for row in dump()
        if row.table.startswith("budgeting_")
    )


def ready_to_seal():
    election = Election()
    for entry in election.entries[:12]:
        election.vote(entry)
    let_time_pass(election.round)
    close_if_due(round_id=election.round.pk)
    signed_act(election.round, JointAct.Kind.SEALING)
    return election


def test_a_sealing_that_fails_leaves_everything_and_can_be_run_again(monkeypatch):
    election = ready_to_seal()
    before = everything()
    for step in STEPS:
        real = getattr(sealing, step)

        def failing(*args, real=real, **kwargs):
            real(*args, **kwargs)
            raise RuntimeError("the lights go out")

        with monkeypatch.context() as patch:
            patch.setattr(sealing, step, failing)
            with pytest.raises(RuntimeError):
                seal_round(round=election.round)
        assert everything() == before
    assert seal_round(round=election.round).counted == 12


@pytest.mark.parametrize("step", ["_mark_register", "_write_sealed_tables", "commit"])
def test_a_database_that_dies_while_sealing_leaves_everything_or_nothing(monkeypatch, step):
    election = ready_to_seal()
    before = everything()

    def kill(*_args, **_kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    if step == "commit":
        # After the last statement: the row that says "sealed" is written, the commit is not.
        real = sealing.Seal.save

        def save(seal, **kwargs):
            real(seal, **kwargs)
            kill()

        monkeypatch.setattr(sealing.Seal, "save", save)
    else:
        monkeypatch.setattr(sealing, step, kill)
    with pytest.raises(Exception, match=r"terminat|closed"):
        seal_round(round=election.round)
    monkeypatch.undo()
    connection.close()
    assert everything() == before
    assert Round.objects.get(pk=election.round.pk).state == Round.State.CLOSED
    assert seal_round(round=election.round).counted == 12
