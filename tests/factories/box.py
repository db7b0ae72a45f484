"""Rounds whose box can be used, for the tests of the box."""

import hashlib
import json
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.db import connection
from django.utils import timezone

from budgeting import sealing
from budgeting.box_opening import make_box
from budgeting.checkpoints import write_witness
from budgeting.models import Box, Contest, FrozenRules, JointAct, Phase, Project, Round, Scope
from residents.models import Roll, RollEntry, User
from residents.rolls import lock_roll

_numbers = count(1)


def make_round(
    *,
    votes_for: timedelta = timedelta(days=7),
    starts_in: timedelta = -timedelta(hours=1),
    **fields: Any,
) -> Round:
    """A round in preparation that may vote from now on, with a roll and frozen rules."""
    number = next(_numbers)
    roll = Roll.objects.create(name=f"Albo {number}", reference_date=date(2026, 1, 1))
    values = {"name": f"Bilancio {number}", "slug": f"bilancio-{number}", "roll": roll} | fields
    round = Round.objects.create(**values)
    now = timezone.now()
    Phase.objects.create(
        round=round,
        kind=Phase.Kind.VOTE,
        starts_at=now + starts_in,
        ends_at=now + votes_for,
    )
    document = json.dumps({"round": round.slug})
    FrozenRules.objects.create(
        round=round, document=document, sha256=hashlib.sha256(document.encode()).hexdigest()
    )
    return round


def make_scope(round: Round, **fields: Any) -> Scope:
    """An approval scope of up to three projects."""
    return Scope.objects.create(
        **({"round": round, "name": "Città", "vote_type": "approval", "max_length": 3} | fields)
    )


def make_contest(scope: Scope, *, projects: int = 5, **fields: Any) -> Contest:
    """A contest with projects that cost 1,000, 2,000, … in the major unit."""
    number = scope.contests.count() + 1
    contest = Contest.objects.create(
        **(
            {"scope": scope, "name": f"Parte {number}", "slug": f"parte-{number}", "budget": 10**6}
            | fields
        )
    )
    first = scope.round.projects.count() + 1
    Project.objects.bulk_create(
        Project(
            round=scope.round,
            contest=contest,
            number=first + i,
            code=str(first + i),
            title=f"Progetto {first + i}",
            cost=100_000 * (i + 1),
        )
        for i in range(projects)
    )
    return contest


def make_entry(round: Round, **fields: Any) -> RollEntry:
    """An adult on the round's roll."""
    number = next(_numbers)
    values = {
        "roll": round.roll,
        "fiscal_code_hash": hashlib.sha256(str(number).encode()).digest(),
        "birth_date": date(1980, 5, 17),
    } | fields
    return RollEntry.objects.create(**values)


def make_user(**fields: Any) -> User:
    """Somebody with an account."""
    return User.objects.create_user(f"persona{next(_numbers)}@example.it", **fields)


def open_vote(round: Round) -> Round:
    """Make the box and open the vote, as the opening does once two people have signed."""
    if round.roll is not None:
        lock_roll(roll=round.roll)
    make_box(round)
    # A test rolls back, so that nothing is done on commit.
    note_last_head(round)
    signed_act(round, JointAct.Kind.OPENING)
    Round.objects.filter(pk=round.pk).update(state=Round.State.OPEN)
    round.refresh_from_db()
    return round


def note_last_head(round: Round) -> None:
    """Note the last published head beside the key, as this server does once it is committed."""
    last = round.checkpoints.order_by("number").last()
    assert last is not None
    write_witness(Box.objects.get(pk=round.pk), last)


def open_contest(**fields: Any) -> Contest:
    """A contest of five projects in a round whose vote is open; `fields` are the scope's."""
    contest = make_contest(make_scope(make_round(), **fields))
    open_vote(contest.scope.round)
    return contest


def let_time_pass(round: Round) -> None:
    """Put the vote of a round into the past; the guard that forbids it looks away meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE budgeting_phase DISABLE TRIGGER budgeting_phase_guard")
        cursor.execute(
            "UPDATE budgeting_phase SET starts_at = starts_at - interval '30 days', "
            "ends_at = clock_timestamp() WHERE round_id = %s AND kind = 'vote'",
            [round.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE budgeting_phase ENABLE TRIGGER budgeting_phase_guard")


def signed_act(round: Round, kind: str, **parameters: Any) -> JointAct:
    """An act that two people have signed; what it does is left to the test."""
    if kind == JointAct.Kind.SEALING:
        parameters = sealing.parameters_for(round) | parameters
    act = JointAct.objects.create(
        round=round,
        kind=kind,
        reason="Così hanno deciso.",
        parameters=parameters,
        requested_by=make_user(is_superuser=True),
    )
    act.state, act.decided_by = JointAct.State.CONFIRMED, make_user()
    act.decided_at = timezone.now()
    act.save()
    return act
