"""Rounds whose box can be used, for the tests of the box."""

import hashlib
import json
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from budgeting.models import Contest, FrozenRules, Phase, Project, Round, Scope
from residents.models import Roll, RollEntry, User

_numbers = count(1)


def make_round(**fields: Any) -> Round:
    """A round in preparation that may vote for another week, with a roll and frozen rules."""
    number = next(_numbers)
    roll = Roll.objects.create(name=f"Albo {number}", reference_date=date(2026, 1, 1))
    values = {"name": f"Bilancio {number}", "slug": f"bilancio-{number}", "roll": roll} | fields
    round = Round.objects.create(**values)
    now = timezone.now()
    Phase.objects.create(
        round=round,
        kind=Phase.Kind.VOTE,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=7),
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
