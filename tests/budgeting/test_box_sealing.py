"""Annulment, sealing and what is left afterwards: sums that add up, and no way back."""

import json
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone, translation

from budgeting import sealing
from budgeting.annulment import AnnulmentRefused, parameters_for
from budgeting.box_gate import VotingClosed
from budgeting.box_keys import BoxKeyMissing, commitment_of, key_path
from budgeting.casting import cast, current_ballot, new_form
from budgeting.checkpoints import NoMoreCheckpoints, make_checkpoint, verify_chain
from budgeting.closing import close_if_due
from budgeting.eligibility import NotEligible, has_voted
from budgeting.joint_acts import confirm_act, effect_of, request_act
from budgeting.key_destruction import DestructionRefused
from budgeting.models import (
    Annulment,
    Ballot,
    Box,
    Checkpoint,
    Contest,
    JointAct,
    Leaf,
    PaperAccount,
    RegisterMark,
    Round,
    SealedChoices,
    SealedCommitment,
    SealedTotal,
)
from budgeting.paper import AlreadyVoted, enter_sheet, issue_token
from budgeting.sealed_box import counted_ballots, may_be_counted
from budgeting.sealing import AuditFailed, SealingRefused, owner_alias, seal_round
from home.errors import NotAllowedError
from residents.models import RollEntry
from tests.factories.box import (
    let_time_pass,
    make_contest,
    make_entry,
    make_round,
    make_scope,
    make_user,
    note_last_head,
    open_contest,
    open_vote,
    signed_act,
)
from tests.factories.budgeting import coordinator, guarantor, open_round, ready_round

pytestmark = pytest.mark.django_db
Kind = JointAct.Kind


@pytest.fixture(autouse=True)
def _in_english():
    """Read messages in the language they are written in."""
    with translation.override("en"):
        yield


@pytest.fixture
def contest():
    return open_contest()


def vote(entry, contest, chosen, **more):
    form = new_form(entry=entry, scope=contest.scope)
    return cast(entry=entry, contest=contest, chosen=chosen, form=form, **more)


def annul(entry, scope, reason):
    act = signed_act(
        scope.round, Kind.ANNULMENT, **parameters_for(entry=entry, scope=scope, reason=reason)
    )
    effect_of(Kind.ANNULMENT).check(act)
    effect_of(Kind.ANNULMENT).apply(act)


def close(round):
    let_time_pass(round)
    close_if_due(round_id=round.pk)


def seal(round, lines=None):
    if round.state == Round.State.OPEN:
        close(round)
    signed_act(round, Kind.SEALING)
    return seal_round(round=round, say=lines.append if lines is not None else lambda line: None)


def test_a_round_with_everything_in_it_adds_up():
    round = make_round()
    scope = make_scope(round)
    first, second = make_contest(scope), make_contest(scope)
    other = make_contest(make_scope(round, name="Giovani"), slug="giovani")
    open_vote(round)
    people = [make_entry(round) for _ in range(8)]
    vote(people[0], first, [1, 2])
    vote(people[0], other, [11])
    vote(people[1], first, [1])
    vote(people[1], second, [6], channel="assisted")  # replaces the one before
    vote(people[2], first, [])
    vote(people[3], first, [3])
    annul(people[3], scope, "impersonated")
    vote(people[3], first, [4])  # may vote again
    vote(people[4], first, [5])
    annul(people[4], scope, "impersonated")  # and does not
    vote(people[5], first, [5])
    vote(people[5], first, [4])
    annul(people[5], scope, "not_entitled")
    issue_token(entry=people[6], scope=scope, place="seggio-1")
    issue_token(entry=people[7], scope=scope, place="seggio-1")
    close(round)
    enter_sheet(contest=second, chosen=[7], place="seggio-1")
    PaperAccount.objects.create(scope=scope, place="seggio-1", not_returned=1)
    lines = []
    sealed = seal(round, lines)

    assert (sealed.commitments, sealed.replaced, sealed.annulled, sealed.counted) == (11, 3, 2, 6)
    assert (sealed.registered, sealed.tokens, sealed.counted_on_paper) == (7, 2, 1)
    assert "commitments 11 = replaced 3 + annulled 2 + counted 6" in lines
    assert "register 7 = counted not on paper 5 + annulled 2" in lines
    assert sorted(counted_ballots(first.pk)) == [[], [1, 2], [4]]
    assert sorted(counted_ballots(second.pk)) == [[6], [7]]
    assert sorted(counted_ballots(other.pk)) == [[11]]
    register = Counter(RegisterMark.objects.values_list("entry", "scope", "channel"))
    assert register == Counter(
        [(people[i].pk, scope.pk, "online") for i in (0, 2, 3, 4, 5)]
        + [(people[1].pk, scope.pk, "assisted"), (people[0].pk, other.scope_id, "online")]
        + [(people[i].pk, scope.pk, "paper") for i in (6, 7)]
    )
    totals = SealedTotal.objects.filter(ballots__gt=0)
    assert set(totals.values_list("contest", "channel", "ballots")) == {
        (first.pk, "online", 3),
        (second.pk, "assisted", 1),
        (second.pk, "paper", 1),
        (other.pk, "online", 1),
    }
    round.refresh_from_db()
    assert round.state == Round.State.SEALED


def test_the_sealed_tables_share_no_column_and_hold_no_ballot_key(contest):
    people = [make_entry(contest.scope.round) for _ in range(30)]
    receipts = [vote(entry, contest, [i % 5 + 1]) for i, entry in enumerate(people)]
    keys = [row.ballot_key for row in Ballot.objects.all()]
    seal(contest.scope.round)
    choices = {field.column for field in SealedChoices._meta.concrete_fields}
    commitments = {field.column for field in SealedCommitment._meta.concrete_fields}
    assert choices & commitments <= {None}
    assert set(SealedCommitment.objects.values_list("tracker", "commitment")) == {
        (receipt.tracker, receipt.commitment) for receipt in receipts
    }
    stored = [value for row in SealedCommitment.objects.values_list() for value in row]
    assert not set(keys) & set(stored)


def test_after_sealing_the_open_box_is_gone_and_nothing_can_be_looked_up(contest):
    round = contest.scope.round
    entry = make_entry(round)
    form = new_form(entry=entry, scope=contest.scope)
    cast(entry=entry, contest=contest, chosen=[1], form=form)
    seal(round)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"budgeting_ballot_{round.pk}"])
        assert cursor.fetchone() == (None,)
    assert not Ballot.objects.exists()
    with pytest.raises(VotingClosed):
        current_ballot(entry=entry, scope=contest.scope)
    with pytest.raises(VotingClosed):
        cast(entry=entry, contest=contest, chosen=[1], form=form)
    with pytest.raises(NoMoreCheckpoints):
        make_checkpoint(round=round, occasion=Checkpoint.Occasion.PAPER)
    contest.scope.round.refresh_from_db()
    assert has_voted(entry=entry, scope=contest.scope)  # from the marked register


def test_the_chain_can_still_be_recomputed_and_is_the_sealed_commitments(contest):
    for i in range(6):
        vote(make_entry(contest.scope.round), contest, [i % 5 + 1])
    seal(contest.scope.round)
    assert verify_chain(round=contest.scope.round).commitments == 6
    assert set(Leaf.objects.values_list("commitment", flat=True)) == set(
        SealedCommitment.objects.values_list("commitment", flat=True)
    )


def test_sealing_again_is_the_same_seal(contest):
    vote(make_entry(contest.scope.round), contest, [1])
    assert seal(contest.scope.round) == seal_round(round=contest.scope.round)


def test_an_empty_box_is_sealed_too(contest):
    sealed = seal(contest.scope.round)
    assert (sealed.commitments, sealed.counted, sealed.registered) == (0, 0, 0)
    assert may_be_counted(contest.scope.round) is False


def test_sealing_takes_two_signatures_and_a_vote_that_is_over(contest):
    round = contest.scope.round
    with pytest.raises(SealingRefused):
        effect_of(Kind.SEALING).check(signed_act(round, Kind.SEALING))
    with pytest.raises(SealingRefused):
        seal_round(round=round)
    close(round)
    JointAct.objects.create(round=round, kind=Kind.SEALING, requested_by=make_user())
    fresh = make_round()
    with pytest.raises(SealingRefused, match="signature"):
        seal_round(round=fresh)


def test_while_an_annulment_waits_the_box_is_not_sealed(contest):
    round = contest.scope.round
    close(round)
    act = signed_act(round, Kind.SEALING)
    waiting = JointAct.objects.create(
        round=round, kind=Kind.ANNULMENT, parameters={"entry": 1}, requested_by=make_user()
    )
    for attempt in (lambda: effect_of(Kind.SEALING).check(act), lambda: seal_round(round=round)):
        with pytest.raises(SealingRefused, match="annulment"):
            attempt()
    waiting.state, waiting.answer = "refused", "No."
    waiting.decided_by, waiting.decided_at = make_user(), timezone.now()
    waiting.save()
    seal_round(round=round)


def test_a_sheet_that_comes_after_the_signatures_is_signed_for_anew(contest):
    round = contest.scope.round
    issue_token(entry=make_entry(round), scope=contest.scope, place="seggio-1")
    close(round)
    act = signed_act(round, Kind.SEALING)
    enter_sheet(contest=contest, chosen=[1], place="seggio-1")
    for attempt in (lambda: effect_of(Kind.SEALING).check(act), lambda: seal_round(round=round)):
        with pytest.raises(SealingRefused, match="signed for"):
            attempt()
    assert seal(round).counted_on_paper == 1


def test_sealing_needs_the_key(contest):
    round = contest.scope.round
    close(round)
    key_path(Box.objects.get(pk=round.pk)).unlink()
    with pytest.raises(BoxKeyMissing):
        seal(round)


def rewrite(statement, *parameters):
    """What only somebody can do who owns the tables and switches the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("ballot", "leaf"):
            cursor.execute(f"ALTER TABLE budgeting_{table} DISABLE TRIGGER USER")
        cursor.execute(statement, parameters)
        for table in ("ballot", "leaf"):
            cursor.execute(f"ALTER TABLE budgeting_{table} ENABLE TRIGGER USER")


STUFFED = """
    INSERT INTO budgeting_ballot
    SELECT round_id, scope_id, sha256('nobody'), 1, 'online', NULL, content, blinding,
           decode(repeat('ab', 16), 'hex'), %s
      FROM budgeting_ballot LIMIT 1
"""


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE budgeting_ballot SET content = replace(content, '[1]', '[2]')", "do not open"),
        ("UPDATE budgeting_ballot SET blinding = sha256(blinding)", "do not open"),
        ("DELETE FROM budgeting_ballot WHERE content LIKE '%%[1]%%'", "list"),
        ("UPDATE budgeting_ballot SET version = 2 WHERE content LIKE '%%[1]%%'", "ersion"),
        ("UPDATE budgeting_leaf SET commitment = sha256('x') WHERE position = 0", "Checkpoint"),
        ("UPDATE budgeting_ballot SET ballot_key = sha256(ballot_key)", "nobody"),
    ],
)
def test_the_audit_finds_what_was_changed_and_seals_nothing(contest, statement, says):
    round = contest.scope.round
    for i in range(3):
        vote(make_entry(round), contest, [i + 1])
    close(round)
    rewrite(statement)
    with pytest.raises(Exception, match=says) as failure:
        seal(round)
    assert type(failure.value).__name__ in ("AuditFailed", "ChainBroken")


def test_the_audit_finds_a_ballot_that_belongs_to_nobody(contest):
    round = contest.scope.round
    vote(make_entry(round), contest, [1])
    row = Ballot.objects.get()
    stuffed = commitment_of(
        scope_id=row.scope_id,
        tracker=bytes.fromhex("ab" * 16),
        content=row.content,
        blinding=row.blinding,
    )
    rewrite(STUFFED, stuffed)
    close(round)
    with pytest.raises(AuditFailed, match=r"nobody"):
        seal(round)


def test_sealing_stops_when_the_paper_does_not_add_up(contest):
    round, scope = contest.scope.round, contest.scope
    issue_token(entry=make_entry(round), scope=scope, place="seggio-1")
    close(round)
    signed_act(round, Kind.SEALING)
    with pytest.raises(AuditFailed, match="seggio-1: 1 ≠ 0"):
        seal_round(round=round)
    account = PaperAccount.objects.create(
        scope=scope, place="seggio-1", invalid=2, invalid_unclear=2
    )
    with pytest.raises(AuditFailed, match="seggio-1: 1 ≠ 2"):
        seal_round(round=round)
    account.invalid = account.invalid_unclear = 1
    account.save()
    PaperAccount.objects.create(scope=scope, place="seggio-9", invalid=1, invalid_limits=1)
    with pytest.raises(AuditFailed, match="seggio-9: 0 ≠ 1"):
        seal_round(round=round)
    PaperAccount.objects.filter(place="seggio-9").delete()
    assert seal_round(round=round).tokens == 1


def test_the_count_waits_until_the_key_is_destroyed_and_that_is_on_record(contest):
    round = contest.scope.round
    vote(make_entry(round), contest, [1])
    effect = effect_of(Kind.KEY_DESTRUCTION)
    act = signed_act(round, Kind.KEY_DESTRUCTION)
    with pytest.raises(DestructionRefused):
        effect.check(act)
    seal(round)
    path = key_path(Box.objects.get(pk=round.pk))
    assert not may_be_counted(round)
    with pytest.raises(CommandError):
        call_command("destroy_box_key", round.slug)
    effect.check(act)
    effect.apply(act)
    assert not path.exists()
    assert may_be_counted(round)
    out = StringIO()
    call_command("destroy_box_key", round.slug, stdout=out)
    assert "not on this server" in out.getvalue()
    with pytest.raises(DestructionRefused):
        effect.check(act)


def test_the_audit_finds_a_ballot_for_a_contest_that_is_not_there(contest):
    round = contest.scope.round
    facts = {
        "scope_id": contest.scope_id,
        "tracker": bytes(16),
        "content": '{"choices":[1],"contest":"altrove"}',
        "blinding": bytes(32),
    }
    Ballot.objects.create(
        round=round,
        ballot_key=bytes(32),
        version=1,
        channel="online",
        commitment=commitment_of(**facts),
        **facts,
    )
    with pytest.raises(AuditFailed, match="contest"):
        seal(round)


@pytest.mark.parametrize("lost", ["counted", "commitments"])
def test_a_row_lost_on_the_way_into_a_sealed_table_stops_the_sealing(contest, monkeypatch, lost):
    vote(make_entry(contest.scope.round), contest, [1])
    audit = sealing._audit

    def one_more(*args, **kwargs):
        sums = audit(*args, **kwargs)
        return sums | {lost: sums[lost] + 1}

    monkeypatch.setattr(sealing, "_audit", one_more)
    with pytest.raises(AuditFailed):
        seal(contest.scope.round)
    assert Ballot.objects.count() == 1


def test_the_command_seals_and_prints_the_sums(contest):
    round = contest.scope.round
    vote(make_entry(round), contest, [1])
    with pytest.raises(CommandError, match="Nothing has changed"):
        call_command("seal_round", round.slug)
    close(round)
    signed_act(round, Kind.SEALING)
    out = StringIO()
    call_command("seal_round", round.slug, stdout=out)
    assert "commitments 1 = replaced 0 + annulled 0 + counted 1" in out.getvalue()
    with pytest.raises(CommandError, match="no round"):
        call_command("seal_round", "nessuno")


def test_somebody_impersonated_votes_again_and_nothing_old_comes_back(contest):
    entry = make_entry(contest.scope.round)
    vote(entry, contest, [1])
    vote(entry, contest, [2])
    annul(entry, contest.scope, "impersonated")
    seen = current_ballot(entry=entry, scope=contest.scope)
    assert (seen.version, seen.is_annulled) == (2, True)
    assert (seen.contest, seen.choices) == (None, None)  # somebody else's
    vote(entry, contest, [3])
    seen = current_ballot(entry=entry, scope=contest.scope)
    assert (seen.version, seen.is_annulled, seen.choices) == (3, False, [3])
    sealed = seal(contest.scope.round)
    assert (sealed.replaced, sealed.annulled, sealed.counted) == (2, 0, 1)
    assert list(counted_ballots(contest.pk)) == [[3]]


def test_somebody_not_entitled_is_suspended_and_does_not_vote_again(contest):
    entry = make_entry(contest.scope.round)
    vote(entry, contest, [1])
    form = new_form(entry=entry, scope=contest.scope)
    annul(entry, contest.scope, "not_entitled")
    entry.refresh_from_db()
    assert entry.state == RollEntry.State.SUSPENDED
    with pytest.raises(NotEligible):
        cast(entry=entry, contest=contest, chosen=[2], form=form)
    sealed = seal(contest.scope.round)
    assert (sealed.annulled, sealed.counted, sealed.registered) == (1, 0, 1)


def test_an_annulment_needs_its_reason_and_the_right_to_change_the_roll(contest):
    entry = make_entry(contest.scope.round)
    vote(entry, contest, [1])
    parameters = parameters_for(entry=entry, scope=contest.scope, reason="not_entitled")
    act = JointAct(
        round=contest.scope.round,
        kind=Kind.ANNULMENT,
        parameters=parameters,
        requested_by=make_user(),
    )
    with pytest.raises(AnnulmentRefused):
        effect_of(Kind.ANNULMENT).check(act)
    act.reason = "Residente altrove."
    with pytest.raises(NotAllowedError):
        effect_of(Kind.ANNULMENT).check(act)


def test_somebody_suspended_already_can_still_have_the_ballot_annulled(contest):
    entry = make_entry(contest.scope.round)
    vote(entry, contest, [1])
    RollEntry.objects.filter(pk=entry.pk).update(state="suspended", state_reason="Doppia.")
    annul(entry, contest.scope, "not_entitled")
    assert Annulment.objects.get().reason == "not_entitled"


def test_two_people_seal_and_destroy_the_key_through_the_acts_of_the_admin():
    round = open_round(ready_round())
    note_last_head(round)
    contest = Contest.objects.get(scope__round=round)
    entry = RollEntry.objects.get(roll=round.roll)
    vote(entry, contest, [1])
    close(round)
    for kind in (Kind.SEALING, Kind.KEY_DESTRUCTION):
        parameters = sealing.parameters_for(round) if kind == Kind.SEALING else {}
        act = request_act(
            round=round, kind=kind, by=coordinator(), reason="È ora.", parameters=parameters
        )
        assert effect_of(kind).details(act) is not None
        assert not may_be_counted(round)
        confirm_act(act=act, by=guarantor())
        seal_round(round=round)
    assert may_be_counted(round)


def test_the_owners_connection_seals_where_there_is_one(monkeypatch):
    assert owner_alias() == "default"
    monkeypatch.setitem(connections.settings, "owner", connections.settings["default"])
    assert owner_alias() == "owner"


def test_what_cannot_be_annulled(contest):
    scope, round = contest.scope, contest.scope.round
    entry, on_paper = make_entry(round), make_entry(round)
    with pytest.raises(AnnulmentRefused):  # has not voted
        annul(entry, scope, "impersonated")
    issue_token(entry=on_paper, scope=scope, place="seggio-1")
    with pytest.raises(AnnulmentRefused):
        annul(on_paper, scope, "impersonated")
    vote(entry, contest, [1])
    annul(entry, scope, "impersonated")
    with pytest.raises(AnnulmentRefused):  # once is enough
        annul(entry, scope, "impersonated")
    vote(entry, contest, [2])
    PaperAccount.objects.create(scope=scope, place="seggio-1", not_returned=1)
    seal(round)
    with pytest.raises(AnnulmentRefused):  # nobody's ballot can be found any more
        annul(entry, scope, "impersonated")


@pytest.mark.parametrize("wrong", ["not signed", "another kind", "another person", "sealed"])
def test_the_database_annuls_only_what_two_people_signed_and_before_the_sealing(contest, wrong):
    round, scope = contest.scope.round, contest.scope
    entry, other = make_entry(round), make_entry(round)
    vote(entry, contest, [1])
    parameters = parameters_for(entry=entry, scope=scope, reason="impersonated")
    act = signed_act(round, Kind.ANNULMENT, **parameters)
    if wrong == "not signed":
        act = JointAct.objects.create(
            round=round, kind=Kind.ANNULMENT, parameters=parameters, requested_by=make_user()
        )
    elif wrong == "another kind":
        act = signed_act(round, Kind.WITHDRAWAL, **parameters)
    elif wrong == "sealed":
        seal(round)
    with pytest.raises(IntegrityError):
        Annulment.objects.create(
            act=act,
            entry=other if wrong == "another person" else entry,
            scope=scope,
            through_version=1,
            reason="impersonated",
        )


def test_the_desk_says_why_an_annulled_ballot_leaves_no_place_for_paper(contest):
    entry = make_entry(contest.scope.round)
    vote(entry, contest, [1])
    annul(entry, contest.scope, "impersonated")
    with pytest.raises(AlreadyVoted, match="annulled"):
        issue_token(entry=entry, scope=contest.scope, place="seggio-1")


def test_after_the_close_a_ballot_can_still_be_annulled(contest):
    entry = make_entry(contest.scope.round)
    vote(entry, contest, [1])
    close(contest.scope.round)
    annul(entry, contest.scope, "impersonated")
    assert seal(contest.scope.round).annulled == 1


def test_an_annulment_shows_the_second_person_no_choices_and_keeps_no_ballot_key(contest):
    entry = make_entry(contest.scope.round)
    vote(entry, contest, [1])
    annul(entry, contest.scope, "impersonated")
    annulment = Annulment.objects.get()
    shown = str(effect_of(Kind.ANNULMENT).details(annulment.act))
    assert "[1]" not in shown
    key = Ballot.objects.get().ballot_key
    assert key.hex() not in json.dumps(annulment.act.parameters)
    assert key not in [getattr(annulment, field.attname) for field in annulment._meta.fields]


MARK = "INSERT INTO budgeting_registermark (entry_id, scope_id, channel) VALUES (%s, %s, 'online')"


def test_the_register_only_takes_people_of_the_locked_roll_of_its_round(contest):
    other = make_round()  # whose roll is not locked
    entry, elsewhere = make_entry(contest.scope.round), make_entry(other)
    for entry_id, scope_id in [
        (0, contest.scope_id),
        (entry.pk, 0),
        (elsewhere.pk, contest.scope_id),
        (elsewhere.pk, make_scope(other).pk),
    ]:
        with pytest.raises(IntegrityError, match="locked roll"), transaction.atomic():
            connection.cursor().execute(MARK, [entry_id, scope_id])
    close(contest.scope.round)
    connection.cursor().execute(MARK, [entry.pk, contest.scope_id])
    assert RegisterMark.objects.get().entry == entry


def test_nobody_in_the_register_can_vanish_from_under_it(contest):
    vote(make_entry(contest.scope.round), contest, [1])
    seal(contest.scope.round)
    mark = RegisterMark.objects.get()
    for statement in [
        f"DELETE FROM residents_rollentry WHERE id = {mark.entry_id}",
        f"UPDATE residents_rollentry SET id = 0 WHERE id = {mark.entry_id}",
        f"UPDATE residents_rollentry SET roll_id = 0 WHERE id = {mark.entry_id}",
        "TRUNCATE residents_rollentry CASCADE",
        f"UPDATE residents_roll SET locked_at = NULL WHERE id = {mark.entry.roll_id}",
        f"DELETE FROM budgeting_scope WHERE id = {mark.scope_id}",
        f"UPDATE budgeting_scope SET id = 0 WHERE id = {mark.scope_id}",
    ]:
        with pytest.raises(IntegrityError), transaction.atomic():
            connection.cursor().execute(statement)
