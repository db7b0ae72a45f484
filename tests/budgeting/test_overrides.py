"""Decisions above the rule: two people change an input before the count, or annotate the result."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from budgeting import overrides
from budgeting.counting_runs import count_round
from budgeting.joint_acts import ActError, confirm_act, request_act
from budgeting.models import Count, JointAct, Override, RecordAddendum
from budgeting.overrides import OverrideRefused
from budgeting.recording import find_file
from budgeting.tally.kit_archive import open_kit
from budgeting.tally.recounting import Verdict, check_kit
from tests.factories.budgeting import coordinator, guarantor

from .kits import kit_of
from .living import ask_to_publish, closed_contest, destroy_key, sealed_contest

pytestmark = pytest.mark.django_db
REASON = {"reason": "Il preventivo era sbagliato."}
ENGLISH = "The estimate was wrong."


def ask(round_, parameters, by=None):
    return request_act(
        round=round_, kind="override", by=by or coordinator(), parameters=parameters, **REASON
    )


def decide(round_, parameters):
    return confirm_act(act=ask(round_, parameters), by=guarantor())


def project_of(contest, number=1):
    return contest.projects.get(number=number)


def other_money(project, amount=500_00):
    return overrides.note_parameters(
        kind="funded-elsewhere",
        project=project,
        reason_en=ENGLISH,
        amount=amount,
        payer={"it": "Fondo regionale", "en": "Regional fund"},
    )


def gone(project):
    return overrides.note_parameters(
        kind="withdrawn-afterwards", project=project, reason_en=ENGLISH
    )


def counted():
    contest = sealed_contest()
    destroy_key(contest.scope.round)
    count_round(round=contest.scope.round)
    contest.scope.round.refresh_from_db()
    return contest


def test_x():
    contest = counted()
    project = project_of(contest)
    decide(contest.scope.round, other_money(project))
    assert Override.objects.get().payer_en == "Regional fund"
    assert RecordAddendum.objects.get().number == 1
