"""An act takes a coordinator and a guarantor; nobody stands for both."""

from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from budgeting import extension, joint_acts, notifications, opening, withdrawal
from budgeting.joint_acts import ActError, Role, role_of
from budgeting.models import JointAct, Phase, Project
from budgeting.phases import PhaseError
from budgeting.withdrawal import WithdrawalError
from home.dates import format_day_and_time
from residents.models import User
from tests.factories.box import signed_act
from tests.factories.budgeting import (
    both_roles,
    coordinator,
    guarantor,
    open_round,
    person,
    ready_round,
)

pytestmark = pytest.mark.django_db
State = JointAct.State


def ask_to_open(round, by):
    return joint_acts.request_act(
        round=round,
        kind=JointAct.Kind.OPENING,
        by=by,
        parameters=opening.parameters_for(round),
    )


def test_who_holds_both_roles_signs_in_neither():
    assert role_of(User.objects.create_superuser("admin@example.org")) is None
    assert role_of(coordinator()) is Role.COORDINATOR
    assert role_of(guarantor()) is Role.GUARANTOR
    assert role_of(person("nessuno@example.org")) is None
    assert role_of(both_roles()) is None


@pytest.mark.parametrize("who", ["guarantor", "both", "administrator", "nobody"])
def test_only_a_coordinator_asks(who):
    by = {
        "guarantor": guarantor,
        "both": both_roles,
        "administrator": lambda: User.objects.create_superuser("admin@example.org"),
        "nobody": lambda: person("nessuno@example.org"),
    }[who]()
    with pytest.raises(ActError):
        ask_to_open(ready_round(), by)
    assert not JointAct.objects.exists()


@pytest.mark.parametrize("who", ["asker", "coordinator", "both", "administrator", "nobody"])
def test_only_a_guarantor_decides(who):
    asker = coordinator()
    act = ask_to_open(ready_round(), asker)
    by = {
        "asker": lambda: asker,
        "coordinator": lambda: coordinator(),
        "both": both_roles,
        "administrator": lambda: User.objects.create_superuser("admin@example.org"),
        "nobody": lambda: person("nessuno@example.org"),
    }[who]()
    for decide in (
        lambda: joint_acts.confirm_act(act=act, by=by),
        lambda: joint_acts.refuse_act(act=act, by=by, answer="no"),
    ):
        with pytest.raises(ActError):
            decide()
    act.refresh_from_db()
    assert act.state == State.REQUESTED


def test_the_database_refuses_two_signatures_of_one_person():
    asker = coordinator()
    act = ask_to_open(ready_round(), asker)
    act.state, act.decided_by, act.decided_at = State.CONFIRMED, asker, act.requested_at
    with pytest.raises(IntegrityError):
        act.save()


def test_an_act_is_decided_once():
    act = ask_to_open(ready_round(), coordinator())
    by = guarantor()
    joint_acts.refuse_act(act=act, by=by, answer="Manca il progetto 7.")
    for decide in (
        lambda: joint_acts.confirm_act(act=act, by=by),
        lambda: joint_acts.refuse_act(act=act, by=by, answer="ancora"),
    ):
        with pytest.raises(ActError):
            decide()


def test_a_decided_act_stays_written():
    act = ask_to_open(ready_round(), coordinator())
    joint_acts.refuse_act(act=act, by=guarantor(), answer="Manca il progetto 7.")
    for change in (
        lambda: JointAct.objects.filter(pk=act.pk).update(reason="altro"),
        lambda: JointAct.objects.filter(pk=act.pk).update(state=State.REQUESTED),
        lambda: JointAct.objects.filter(pk=act.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_who_refuses_says_why():
    act = ask_to_open(ready_round(), coordinator())
    with pytest.raises(ActError) as caught:
        joint_acts.refuse_act(act=act, by=guarantor(), answer=" ")
    assert caught.value.field == "answer"


def test_the_same_act_waits_only_once():
    round = ready_round()
    by = coordinator()
    ask_to_open(round, by)
    with pytest.raises(ActError):
        ask_to_open(round, by)


def test_the_other_role_is_told_once_it_is_committed(django_capture_on_commit_callbacks):
    asker, second = coordinator("coordina@example.org"), guarantor("garante@example.org")
    guarantor("seconda@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        act = ask_to_open(ready_round(), asker)
    assert sorted(message.to[0] for message in mail.outbox) == [
        "garante@example.org",
        "seconda@example.org",
    ]
    assert f"/admin/rounds/acts/{act.pk}/" in mail.outbox[0].body
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        joint_acts.refuse_act(act=act, by=second, answer="Manca il progetto 7.")
    assert [message.to for message in mail.outbox] == [["coordina@example.org"]]
    assert "Manca il progetto 7." in mail.outbox[0].body


def test_an_e_mail_about_a_project_names_it(django_capture_on_commit_callbacks):
    round = open_round(ready_round())
    project = round.projects.get(number=2)
    guarantor()
    with django_capture_on_commit_callbacks(execute=True):
        joint_acts.request_act(
            round=round,
            kind=JointAct.Kind.WITHDRAWAL,
            by=coordinator(),
            reason="Terreno venduto.",
            parameters=withdrawal.parameters_for(project),
        )
    message = mail.outbox[-1]
    assert str(project) in message.body
    assert str(project) in message.alternatives[0][0]


def test_an_e_mail_says_names_as_they_are(django_capture_on_commit_callbacks):
    round = ready_round()
    round.name_it = round.name_en = "Bilancio dell'anno <2027>"
    round.save()
    guarantor()
    with django_capture_on_commit_callbacks(execute=True):
        ask_to_open(round, coordinator())
    (message,) = mail.outbox
    assert "dell'anno <2027>" in message.subject
    assert "dell'anno <2027>" in message.body
    (html, _kind) = message.alternatives[0]
    assert "<2027>" not in html


def test_an_address_that_refuses_mail_keeps_it_from_nobody_else(
    django_capture_on_commit_callbacks, monkeypatch
):
    guarantor("guasta@example.org")
    guarantor("garante@example.org")
    send = notifications.send

    def half_broken(*, to, **more):
        if to == "guasta@example.org":
            raise SMTPException("no such mailbox")
        send(to=to, **more)

    monkeypatch.setattr(notifications, "send", half_broken)
    with django_capture_on_commit_callbacks(execute=True):
        ask_to_open(ready_round(), coordinator())
    assert [message.to for message in mail.outbox] == [["garante@example.org"]]


def test_every_step_is_in_the_log_with_its_reason():
    round = open_round(ready_round())
    by = coordinator()
    project = Project.objects.filter(round=round).first()
    act = joint_acts.request_act(
        round=round,
        kind=JointAct.Kind.WITHDRAWAL,
        by=by,
        reason="Il terreno è stato venduto.",
        parameters=withdrawal.parameters_for(project),
    )
    second = guarantor()
    joint_acts.confirm_act(act=act, by=second)
    entries = ModelLogEntry.objects.filter(object_id=round.pk, data__act=act.pk).order_by("pk")
    assert [(entry.action, entry.user, entry.data["reason"]) for entry in entries] == [
        ("budgeting.act.requested", by, "Il terreno è stato venduto."),
        ("budgeting.act.confirmed", second, "Il terreno è stato venduto."),
    ]


def test_a_kind_nobody_has_built_cannot_be_asked_for():
    with pytest.raises(ActError):
        joint_acts.effect_of("dissolve_the_council")


# Withdrawing a project


def withdraw(round, project, reason="Il terreno è stato venduto."):
    act = joint_acts.request_act(
        round=round,
        kind=JointAct.Kind.WITHDRAWAL,
        by=coordinator(),
        reason=reason,
        parameters=withdrawal.parameters_for(project),
    )
    return joint_acts.confirm_act(act=act, by=guarantor())


def test_a_withdrawn_project_is_marked_with_the_reason_and_stays():
    round = open_round(ready_round())
    project = Project.objects.filter(round=round).first()
    withdraw(round, project)
    project.refresh_from_db()
    assert (project.state, project.withdrawal_reason) == (
        "withdrawn",
        "Il terreno è stato venduto.",
    )
    addendum = round.frozen_rules.get(number=1)
    assert f'"project":{project.number}' in addendum.document


def test_no_project_is_withdrawn_twice_or_without_a_reason_or_before_the_opening():
    round = ready_round()
    project = Project.objects.filter(round=round).first()
    with pytest.raises(WithdrawalError):
        withdraw(round, project)
    open_round(round)
    with pytest.raises(WithdrawalError) as caught:
        joint_acts.request_act(
            round=round,
            kind=JointAct.Kind.WITHDRAWAL,
            by=coordinator(),
            parameters=withdrawal.parameters_for(project),
        )
    assert caught.value.field == "reason"
    withdraw(round, project)
    again = {
        "round": round,
        "kind": JointAct.Kind.WITHDRAWAL,
        "by": coordinator(),
        "reason": "ancora",
        "parameters": withdrawal.parameters_for(project),
    }
    with translation.override("en"), pytest.raises(WithdrawalError, match="already"):
        joint_acts.request_act(**again)


def test_no_project_is_withdrawn_after_the_count():
    round = open_round(ready_round())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        type(round).objects.filter(pk=round.pk).update(state="counted")
        cursor.execute("SET LOCAL session_replication_role = origin")
    round.refresh_from_db()
    with translation.override("en"), pytest.raises(WithdrawalError, match="The count is done"):
        withdraw(round, Project.objects.filter(round=round).first())


def test_the_guarantor_reads_which_project_is_withdrawn():
    round = open_round(ready_round())
    project = Project.objects.filter(round=round).first()
    act = joint_acts.request_act(
        round=round,
        kind=JointAct.Kind.WITHDRAWAL,
        by=coordinator(),
        reason="Il terreno è stato venduto.",
        parameters=withdrawal.parameters_for(project),
    )
    told = [text for _label, text in withdrawal.details(act)]
    assert told == [str(project), project.contest.name]


# Closing later


def extend(round, ends_at, reason="Il sito è stato fermo un giorno."):
    by = coordinator()
    act = joint_acts.request_act(
        round=round,
        kind=JointAct.Kind.EXTENSION,
        by=by,
        reason=reason,
        parameters=extension.parameters_for(ends_at),
    )
    return joint_acts.confirm_act(act=act, by=guarantor())


def test_the_close_moves_later_by_two_people_and_is_published_as_an_addendum():
    round = open_round(ready_round())
    before = round.phases.get(kind=Phase.Kind.VOTE).ends_at
    extend(round, before + timedelta(days=1))
    extend(round, before + timedelta(days=2))
    assert round.phases.get(kind=Phase.Kind.VOTE).ends_at == before + timedelta(days=2)
    first, second = round.frozen_rules.filter(number__gt=0)
    assert f'"previous_sha256":"{round.frozen_rules.get(number=0).sha256}"' in first.document
    assert f'"previous_sha256":"{first.sha256}"' in second.document


def test_an_extension_says_why():
    round = open_round(ready_round())
    end = round.phases.get(kind=Phase.Kind.VOTE).ends_at
    with pytest.raises(PhaseError) as caught:
        extend(round, end + timedelta(days=1), reason="")
    assert caught.value.field == "reason"


def test_the_guarantor_reads_the_new_close_and_the_one_of_today_until_it_is_decided():
    round = open_round(ready_round())
    end = round.phases.get(kind=Phase.Kind.VOTE).ends_at
    act = joint_acts.request_act(
        round=round,
        kind=JointAct.Kind.EXTENSION,
        by=coordinator(),
        reason="Il sito è stato fermo un giorno.",
        parameters=extension.parameters_for(end + timedelta(days=1)),
    )
    today, new = format_day_and_time(end), format_day_and_time(end + timedelta(days=1))
    assert [text for _label, text in extension.details(act)] == [today, new]
    decided = joint_acts.confirm_act(act=act, by=guarantor())
    assert [text for _label, text in extension.details(decided)] == [new]


@pytest.mark.parametrize("earlier", [timedelta(0), timedelta(minutes=1), timedelta(days=3)])
def test_the_close_never_moves_earlier(earlier):
    round = open_round(ready_round())
    before = round.phases.get(kind=Phase.Kind.VOTE).ends_at
    with pytest.raises(PhaseError) as caught:
        extend(round, before - earlier)
    assert caught.value.field == "ends_at"


def test_the_close_does_not_run_into_the_next_phase():
    round = ready_round()
    end = round.phases.get(kind=Phase.Kind.VOTE).ends_at
    round.phases.create(kind=Phase.Kind.AWARD, starts_at=end, ends_at=end + timedelta(days=9))
    open_round(round)
    with pytest.raises(PhaseError) as caught:
        extend(round, end + timedelta(days=1))
    assert caught.value.field == "ends_at"


def test_a_vote_in_preparation_is_not_extended():
    round = ready_round()
    with pytest.raises(PhaseError):
        extend(round, round.phases.get(kind=Phase.Kind.VOTE).ends_at + timedelta(days=1))


def test_a_vote_whose_time_has_come_does_not_open_again():
    round = ready_round()
    vote = round.phases.get(kind=Phase.Kind.VOTE)
    vote.starts_at, vote.ends_at = vote.starts_at - timedelta(9), vote.ends_at - timedelta(8)
    vote.save()
    signed_act(round, JointAct.Kind.OPENING)
    type(round).objects.filter(pk=round.pk).update(state="open")
    with pytest.raises(PhaseError):
        extend(round, vote.ends_at + timedelta(days=30))


@pytest.mark.parametrize("state", [State.CONFIRMED, State.REFUSED])
def test_the_database_takes_no_act_that_was_not_asked_for_first(state):
    with pytest.raises(IntegrityError, match="asked for"):
        JointAct.objects.create(
            round=ready_round(),
            kind=JointAct.Kind.OPENING,
            state=state,
            requested_by=coordinator(),
            decided_by=guarantor(),
            decided_at=timezone.now(),
            answer="Sì.",
        )


@pytest.mark.parametrize("number", [0, 2])
def test_the_database_numbers_addenda_without_gaps(number):
    round = open_round(ready_round())
    with pytest.raises(IntegrityError, match="number after the last"):
        round.frozen_rules.create(number=number, document="{}", sha256="0" * 64)
