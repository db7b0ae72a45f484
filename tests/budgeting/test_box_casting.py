"""What goes into the box, what does not, and what is said about it."""

import hashlib
import secrets
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from budgeting.box_gate import VotingClosed, VotingNotOpen
from budgeting.box_keys import (
    BoxKey,
    BoxKeyDestroyed,
    BoxKeyError,
    BoxKeyExposed,
    BoxKeyMissing,
    BoxKeyWrong,
    load_key,
    load_key_of,
    new_key_file,
)
from budgeting.box_opening import make_box
from budgeting.casting import (
    AlreadyVotedOnPaper,
    BallotChangedMeanwhile,
    BallotForm,
    FormUnreadable,
    ReplayWithOtherChoices,
    cast,
    current_ballot,
    new_form,
)
from budgeting.choices import InvalidBallot
from budgeting.closing import close_if_due
from budgeting.eligibility import NotEligible, contests_for, has_voted, standing_of
from budgeting.models import Ballot, Box, Hold, Project, Round
from budgeting.paper import AlreadyVoted, SheetRefused, enter_sheet, issue_token
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
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    return open_contest()


@pytest.fixture
def entry(contest):
    return make_entry(contest.scope.round)


def vote(entry, contest, chosen, form=None, **more):
    form = form or new_form(entry=entry, scope=contest.scope)
    return cast(entry=entry, contest=contest, chosen=chosen, form=form, **more)


def rows(round):
    return list(Ballot.objects.filter(round=round).order_by("version").values())


def key_file(contest):
    return Path(settings.BOX_KEYS_DIR) / Box.objects.get(pk=contest.scope.round_id).key_name


def test_a_ballot_is_one_row_with_all_its_commitment_opens_with(contest, entry):
    receipt = vote(entry, contest, [2, 1])
    (row,) = rows(contest.scope.round)
    assert row["content"] == f'{{"choices":[1,2],"contest":"{contest.slug}"}}'
    assert (row["version"], row["channel"], row["place"]) == (1, "online", None)
    assert (row["tracker"], row["commitment"]) == (receipt.tracker, receipt.commitment)

    def field(data):
        return len(data).to_bytes(4, "big") + data

    opened = hashlib.sha256(
        b"RIONE-C1"
        + field(str(contest.scope_id).encode())
        + field(row["tracker"])
        + field(row["content"].encode())
        + field(row["blinding"])
    )
    assert opened.digest() == receipt.commitment


def test_the_receipt_carries_the_last_head(contest, entry):
    checkpoint = contest.scope.round.checkpoints.get()
    receipt = vote(entry, contest, [1])
    assert (receipt.checkpoint, receipt.head) == (1, checkpoint.head)


def test_nothing_on_the_row_names_the_person_but_the_key_finds_it(contest, entry):
    vote(entry, contest, [1])
    (row,) = rows(contest.scope.round)
    stored = b"".join(value for value in row.values() if isinstance(value, bytes))
    assert bytes(entry.voting_id) not in stored
    assert has_voted(entry=entry, scope=contest.scope)
    assert not has_voted(entry=make_entry(contest.scope.round), scope=contest.scope)


def test_a_second_ballot_replaces_the_first_and_both_stay(contest, entry):
    vote(entry, contest, [1])
    vote(entry, contest, [2], channel="assisted")
    assert [row["version"] for row in rows(contest.scope.round)] == [1, 2]
    current = current_ballot(entry=entry, scope=contest.scope)
    assert (current.version, current.choices, current.channel) == (2, [2], "assisted")


def test_a_stale_form_changes_nothing(contest, entry):
    stale = new_form(entry=entry, scope=contest.scope)
    vote(entry, contest, [1])
    with pytest.raises(BallotChangedMeanwhile):
        vote(entry, contest, [2], form=stale)
    assert len(rows(contest.scope.round)) == 1


def test_a_form_cannot_skip_versions(contest, entry):
    vote(entry, contest, [1])
    with pytest.raises(BallotChangedMeanwhile):
        vote(entry, contest, [2], form=BallotForm(secrets.token_bytes(16), replaces=5))
    assert len(rows(contest.scope.round)) == 1


def test_the_same_form_with_the_same_choices_gets_the_same_answer(contest, entry):
    form = new_form(entry=entry, scope=contest.scope)
    first = vote(entry, contest, [1, 2], form=form)
    assert vote(entry, contest, [2, 1], form=form) == first
    vote(entry, contest, [3])
    assert vote(entry, contest, [1, 2], form=form) == first
    assert len(rows(contest.scope.round)) == 2


def test_the_same_form_gets_the_same_answer_after_the_close(contest, entry):
    form = new_form(entry=entry, scope=contest.scope)
    first = vote(entry, contest, [1], form=form)
    let_time_pass(contest.scope.round)
    assert close_if_due(round_id=contest.scope.round_id)
    again = vote(entry, contest, [1], form=form)
    assert (again.tracker, again.commitment) == (first.tracker, first.commitment)


def test_the_same_answer_even_if_a_chosen_project_was_withdrawn_since(contest, entry):
    form = new_form(entry=entry, scope=contest.scope)
    first = vote(entry, contest, [1], form=form)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE budgeting_project DISABLE TRIGGER USER")
    Project.objects.filter(contest=contest, number=1).update(
        state="withdrawn", withdrawal_reason="Il terreno è stato venduto."
    )
    assert vote(entry, contest, [1], form=form) == first
    with pytest.raises(InvalidBallot, match="1"):
        vote(entry, contest, [1])


def test_the_same_form_with_other_choices_is_refused(contest, entry):
    form = new_form(entry=entry, scope=contest.scope)
    vote(entry, contest, [1], form=form)
    with pytest.raises(ReplayWithOtherChoices):
        vote(entry, contest, [2], form=form)
    assert len(rows(contest.scope.round)) == 1


def test_a_form_is_worth_nothing_in_another_persons_hands(contest, entry):
    form = new_form(entry=entry, scope=contest.scope)
    first = vote(entry, contest, [1], form=form)
    second = vote(make_entry(contest.scope.round), contest, [1], form=form)
    assert first.tracker != second.tracker


def test_a_form_survives_the_trip_through_the_page():
    form = BallotForm(secrets.token_bytes(16), replaces=3)
    assert BallotForm.read(str(form)) == form


@pytest.mark.parametrize("text", ["", "0", "0.", "x." + "0" * 32, "-1." + "0" * 32, "0.zz", "0.00"])
def test_a_broken_form_is_refused_in_words(text):
    with pytest.raises(FormUnreadable):
        BallotForm.read(text)


def test_an_invalid_ballot_is_refused_whole(contest, entry):
    with pytest.raises(InvalidBallot) as refusal:
        vote(entry, contest, [1, 2, 3, 4])
    assert "3" in str(refusal.value)
    assert rows(contest.scope.round) == []


def test_a_blank_ballot_is_a_valid_ballot(contest, entry):
    vote(entry, contest, [])
    assert current_ballot(entry=entry, scope=contest.scope).choices == []


def test_nobody_votes_in_two_contests_of_a_scope():
    round = make_round()
    scope = make_scope(round)
    first, second = make_contest(scope), make_contest(scope)
    open_vote(round)
    entry = make_entry(round)
    vote(entry, first, [1])
    vote(entry, second, [6])
    assert current_ballot(entry=entry, scope=scope).contest == second.slug
    assert [row["version"] for row in rows(round)] == [1, 2]


def test_two_scopes_are_two_ballots_that_nothing_joins():
    round = make_round()
    first, second = make_contest(make_scope(round)), make_contest(make_scope(round), slug="altra")
    open_vote(round)
    entry = make_entry(round)
    vote(entry, first, [1])
    vote(entry, second, [6])
    one, other = rows(round)
    assert one["ballot_key"] != other["ballot_key"]
    assert (one["version"], other["version"]) == (1, 1)


def test_a_project_of_another_contest_is_refused():
    round = make_round()
    scope = make_scope(round)
    first, _second = make_contest(scope), make_contest(scope)
    open_vote(round)
    with pytest.raises(InvalidBallot):
        vote(make_entry(round), first, [6])


def test_who_is_on_another_roll_or_suspended_or_too_young_cannot_vote(contest):
    round = contest.scope.round
    form = BallotForm(secrets.token_bytes(16), replaces=0)
    for entry in [
        make_entry(make_round()),
        make_entry(round, state=RollEntry.State.SUSPENDED, state_reason="Trasferita"),
        make_entry(round, birth_date=date(2010, 1, 2)),
    ]:
        assert not standing_of(entry=entry, round=round).may_vote
        with pytest.raises(NotEligible):
            vote(entry, contest, [1], form=form)
    just_old_enough = make_entry(round, birth_date=date(2010, 1, 1))
    assert standing_of(entry=just_old_enough, round=round).may_vote
    vote(just_old_enough, contest, [1])
    assert len(rows(round)) == 1


def test_before_the_opening_nobody_votes():
    round = make_round()
    contest = make_contest(make_scope(round))
    entry = make_entry(round)
    with pytest.raises(VotingNotOpen):
        vote(entry, contest, [1], form=BallotForm(secrets.token_bytes(16), replaces=0))


def test_a_box_that_is_made_but_not_open_takes_nothing():
    round = make_round()
    contest = make_contest(make_scope(round))
    make_box(round)
    note_last_head(round)
    form = BallotForm(secrets.token_bytes(16), replaces=0)
    with pytest.raises(VotingNotOpen):
        vote(make_entry(round), contest, [1], form=form)


def test_on_hold_nobody_votes(contest, entry):
    form = new_form(entry=entry, scope=contest.scope)
    Hold.objects.create(round=contest.scope.round, reason="Guasto", placed_by=make_user())
    with pytest.raises(VotingNotOpen, match=r"hold|sospes"):
        vote(entry, contest, [1], form=form)
    assert rows(contest.scope.round) == []


def test_whoever_first_comes_too_late_closes_the_vote(contest, entry):
    form = new_form(entry=entry, scope=contest.scope)
    let_time_pass(contest.scope.round)
    with pytest.raises(VotingClosed):
        vote(entry, contest, [1], form=form)
    contest.scope.round.refresh_from_db()
    assert contest.scope.round.state == Round.State.CLOSED
    assert rows(contest.scope.round) == []


def test_after_the_close_nobodys_ballot_is_looked_up(contest, entry):
    vote(entry, contest, [1])
    let_time_pass(contest.scope.round)
    close_if_due(round_id=contest.scope.round_id)
    with pytest.raises(VotingClosed):
        current_ballot(entry=entry, scope=contest.scope)
    assert has_voted(entry=entry, scope=contest.scope)


def test_without_the_key_nobody_votes_and_the_error_says_so(contest, entry):
    form = new_form(entry=entry, scope=contest.scope)
    path = key_file(contest)
    kept = path.read_text()
    path.unlink()
    with pytest.raises(BoxKeyMissing):
        vote(entry, contest, [1], form=form)
    path.write_text(secrets.token_hex(32))
    path.chmod(0o600)
    with pytest.raises(BoxKeyWrong):
        vote(entry, contest, [1], form=form)
    path.write_text("not a key")
    with pytest.raises(BoxKeyWrong):
        vote(entry, contest, [1], form=form)
    path.write_text(kept)
    path.chmod(0o644)
    with pytest.raises(BoxKeyExposed):
        vote(entry, contest, [1], form=form)
    path.chmod(0o600)
    vote(entry, contest, [1], form=form)


def test_the_key_is_a_private_file_and_in_no_column(contest):
    path = key_file(contest)
    assert path.stat().st_mode & 0o777 == 0o600
    secret = bytes.fromhex(path.read_text().strip())
    box = Box.objects.get(pk=contest.scope.round_id)
    assert secret not in box.key_check
    assert secret.hex() not in repr(load_key(box.pk))
    box.key_destroyed_at = box.made_at
    with pytest.raises(BoxKeyDestroyed):
        load_key_of(box)


def test_a_key_has_32_bytes():
    with pytest.raises(ValueError, match="32"):
        BoxKey(b"short")


def test_without_a_folder_no_box_is_made(settings):
    round = make_round()
    settings.BOX_KEYS_DIR = ""
    with pytest.raises(BoxKeyError, match="BOX_KEYS_DIR"):
        make_box(round)
    settings.BOX_KEYS_DIR = "/proc/nowhere"
    settings.ENVIRONMENT = "production"
    with pytest.raises(BoxKeyError):
        new_key_file(round)
    with pytest.raises(BoxKeyMissing):
        load_key(round.pk)


def test_a_ballot_is_cast_online_or_with_help_only(contest, entry):
    with pytest.raises(ValueError, match="paper"):
        vote(entry, contest, [1], channel="paper")


def test_before_its_first_moment_an_opened_vote_takes_nothing():
    round = make_round(starts_in=timedelta(hours=2))
    contest = make_contest(make_scope(round))
    open_vote(round)
    with pytest.raises(VotingNotOpen):
        vote(make_entry(round), contest, [1])


def test_a_round_without_a_roll_lets_nobody_vote():
    round = make_round(roll=None)
    contest = make_contest(make_scope(round))
    open_vote(round)
    entry = make_entry(make_round())
    assert not standing_of(entry=entry, round=round).may_vote
    with pytest.raises(NotEligible):
        vote(entry, contest, [1])


def test_who_may_vote_is_offered_every_contest_of_the_scope():
    round = make_round()
    scope = make_scope(round)
    contests = [make_contest(scope), make_contest(scope)]
    assert list(contests_for(entry=make_entry(round), scope=scope)) == contests
    assert not has_voted(entry=make_entry(round), scope=scope)


def test_a_paper_ballot_is_a_token_without_choices(contest, entry):
    issue_token(entry=entry, scope=contest.scope, place="seggio-1")
    (row,) = rows(contest.scope.round)
    assert (row["version"], row["channel"], row["place"]) == (1, "paper", "seggio-1")
    assert (row["content"], row["tracker"], row["commitment"]) == (None, None, None)
    assert has_voted(entry=entry, scope=contest.scope)


def test_a_paper_ballot_is_final_for_every_channel(contest, entry):
    before = new_form(entry=entry, scope=contest.scope)
    issue_token(entry=entry, scope=contest.scope, place="seggio-1")
    with pytest.raises(AlreadyVotedOnPaper):
        new_form(entry=entry, scope=contest.scope)
    for form in (before, BallotForm(secrets.token_bytes(16), replaces=1)):
        for channel in ("online", "assisted"):
            with pytest.raises(AlreadyVotedOnPaper):
                vote(entry, contest, [1], form=form, channel=channel)
    with pytest.raises(AlreadyVoted):
        issue_token(entry=entry, scope=contest.scope, place="seggio-2")
    assert len(rows(contest.scope.round)) == 1


def test_who_has_voted_gets_no_paper_ballot(contest, entry):
    vote(entry, contest, [1])
    with pytest.raises(AlreadyVoted):
        issue_token(entry=entry, scope=contest.scope, place="seggio-1")


def test_paper_ballots_are_handed_out_until_the_close_and_entered_after_it(contest, entry):
    with pytest.raises(SheetRefused):
        enter_sheet(contest=contest, chosen=[1], place="seggio-1")
    let_time_pass(contest.scope.round)
    with pytest.raises(VotingClosed):
        issue_token(entry=entry, scope=contest.scope, place="seggio-1")
    enter_sheet(contest=contest, chosen=[1], place="seggio-1")
    enter_sheet(contest=contest, chosen=[1], place="seggio-1")
    one, other = rows(contest.scope.round)
    assert one["ballot_key"] != other["ballot_key"]
    with pytest.raises(InvalidBallot):
        enter_sheet(contest=contest, chosen=[99], place="seggio-1")


COLUMNS = (
    "round_id, scope_id, ballot_key, version, channel, place, content, blinding, tracker, "
    "commitment"
)
KEY, R, T, C = bytes([1]) * 32, bytes([2]) * 32, bytes([3]) * 16, bytes([4]) * 32
ONLINE = {
    "ballot_key": KEY,
    "version": 1,
    "channel": "online",
    "place": None,
    "content": '{"choices":[],"contest":"x"}',
    "blinding": R,
    "tracker": T,
    "commitment": C,
}
TOKEN = ONLINE | dict.fromkeys(["content", "blinding", "tracker", "commitment"])
TOKEN |= {"channel": "paper", "place": "seggio-1"}


def insert(round, **values):
    values = {"round_id": round.pk, "scope_id": 1} | values
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO budgeting_ballot ({COLUMNS}) VALUES ({', '.join(['%s'] * 10)})",
            [values[column] for column in COLUMNS.split(", ")],
        )


@pytest.mark.parametrize(
    "change",
    [
        {"ballot_key": b"short"},
        {"version": 0},
        {"version": 2},
        {"channel": "fax"},
        {"channel": "paper", "place": "seggio-1"},
        {"place": "seggio-1"},
        {"content": None},
        {"tracker": None},
        {"blinding": None},
        {"commitment": C[:31]},
        {"tracker": T + b"x"},
    ],
    ids=str,
)
def test_the_database_takes_no_other_ballot(contest, change):
    insert(contest.scope.round, **ONLINE)
    fresh = {"ballot_key": bytes([9]) * 32, "tracker": bytes([9]) * 16}
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(contest.scope.round, **(ONLINE | fresh | change))


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"channel": "online", "place": None},
        {"place": ""},
        {"place": None},
        {"tracker": T},
        {"content": "x"},
    ],
    ids=str,
)
def test_the_database_takes_no_other_token(contest, change):
    insert(contest.scope.round, **TOKEN)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(contest.scope.round, **(TOKEN | {"ballot_key": bytes([9]) * 32} | change))


def test_the_database_lets_nobody_vote_after_a_token(contest):
    insert(contest.scope.round, **TOKEN)
    for version in (1, 2):
        with pytest.raises(IntegrityError), transaction.atomic():
            insert(contest.scope.round, **(ONLINE | {"version": version}))


def test_the_database_lets_nothing_but_sheets_in_after_the_close(contest):
    let_time_pass(contest.scope.round)
    close_if_due(round_id=contest.scope.round_id)
    for row in (ONLINE, TOKEN):
        with pytest.raises(IntegrityError), transaction.atomic():
            insert(contest.scope.round, **row)
    insert(contest.scope.round, **(ONLINE | {"channel": "paper", "place": "seggio-1"}))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET channel = 'assisted'",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "INSERT INTO budgeting_ballot SELECT * FROM {table} "
        "ON CONFLICT (round_id, tracker) DO UPDATE SET content = ''",
    ],
)
@pytest.mark.parametrize("partition", [False, True])
def test_nothing_in_the_box_changes_or_goes(contest, entry, statement, partition):
    vote(entry, contest, [1])
    before = rows(contest.scope.round)
    table = f"budgeting_ballot_{contest.scope.round_id}" if partition else "budgeting_ballot"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=table))
    assert rows(contest.scope.round) == before


def test_casting_keeps_nothing_about_the_moment_or_the_number(contest):
    columns = {field.column for field in Ballot._meta.concrete_fields}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type, column_default FROM information_schema.columns "
            "WHERE table_name = 'budgeting_ballot'"
        )
        found = cursor.fetchall()
        cursor.execute(
            "SELECT count(*) FROM pg_constraint "
            "WHERE conrelid = 'budgeting_ballot'::regclass AND contype = 'f'"
        )
        foreign_keys = cursor.fetchone()[0]
    assert {name for name, _type, _default in found} == columns
    assert not any("time" in kind or "date" in kind for _name, kind, _default in found)
    assert all(default is None for _name, _type, default in found)
    assert foreign_keys == 0
