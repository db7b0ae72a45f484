"""Rounds for tests: in preparation, ready to open, opened by two people."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from django.contrib.auth.models import Permission
from django.utils import timezone
from factory.django import DjangoModelFactory

from budgeting import joint_acts, opening
from budgeting.models import Contest, JointAct, Phase, Project, Round, Scope
from residents.models import Roll, RollEntry, User

GREEDY: dict[str, Any] = {"method": "greedy"}


class RoundFactory(DjangoModelFactory[Round]):
    """A round in preparation, shown on the site, with its texts and nothing else."""

    name_it = factory.Sequence(lambda n: f"Bilancio partecipativo {n}")
    name_en = factory.Sequence(lambda n: f"Participatory budget {n}")
    slug = factory.Sequence(lambda n: f"bilancio-{n}")
    summary_it = "Decidiamo insieme."
    summary_en = "We decide together."
    who_may_propose_it = "Chi abita qui."
    who_may_propose_en = "Whoever lives here."
    who_may_vote_it = "Chi abita qui e ha almeno 16 anni."
    who_may_vote_en = "Whoever lives here and is 16 or older."
    tie_procedure_it = "La prima estrazione del lotto dopo la chiusura."
    tie_procedure_en = "The first lotto draw after the close."
    is_public = True

    class Meta:
        model = Round


class ScopeFactory(DjangoModelFactory[Scope]):
    """A scope with approval ballots of up to three projects, awarded greedily."""

    round = factory.SubFactory(RoundFactory)
    name_it = "Tutta la città"
    name_en = "The whole city"
    max_length = 3
    award_rule = factory.LazyFunction(lambda: dict(GREEDY))

    class Meta:
        model = Scope


class ContestFactory(DjangoModelFactory[Contest]):
    """A city-wide contest for 150.000 €."""

    scope = factory.SubFactory(ScopeFactory)
    name_it = "Tutta la città"
    name_en = "The whole city"
    slug = factory.Sequence(lambda n: f"citta-{n}")
    budget = 150_000_00

    class Meta:
        model = Contest


class ProjectFactory(DjangoModelFactory[Project]):
    """A project of 10.000 €."""

    contest = factory.SubFactory(ContestFactory)
    round = factory.LazyAttribute(lambda project: project.contest.scope.round)
    number = factory.Sequence(lambda n: n + 1)
    code = factory.LazyAttribute(lambda project: str(project.number))
    title_it = factory.Sequence(lambda n: f"Progetto {n}")
    title_en = factory.Sequence(lambda n: f"Project {n}")
    cost = 10_000_00

    class Meta:
        model = Project


class RollFactory(DjangoModelFactory[Roll]):
    """A roll with nobody on it."""

    name = factory.Sequence(lambda n: f"Albo {n}")
    reference_date = datetime(2027, 5, 1, tzinfo=UTC).date()

    class Meta:
        model = Roll


def person(email: str, *permissions: str, **fields: Any) -> User:
    """Return somebody who works for the city, with these permissions (app_label.codename)."""
    user = User.objects.create_user(email, is_staff=True, **fields)
    for name in ("wagtailadmin.access_admin", *permissions):
        label, codename = name.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=label, codename=codename)
        )
    return user


_people = itertools.count(1)


def coordinator(email: str = "") -> User:
    """Return somebody who may only coordinate; another one each time, unless named."""
    return person(email or f"coordina{next(_people)}@example.org", "budgeting.coordinate_round")


def guarantor(email: str = "") -> User:
    """Return somebody who may only guarantee; another one each time, unless named."""
    return person(email or f"garante{next(_people)}@example.org", "budgeting.guarantee_round")


def both_roles() -> User:
    """Return somebody whom a wrong import, say, has made coordinator and guarantor."""
    user = coordinator()
    wanted = Permission.objects.get(codename="guarantee_round")
    # Not by `add`, which refuses it.
    User.user_permissions.through.objects.bulk_create(
        [User.user_permissions.through(user=user, permission=wanted)]
    )
    return user


def vote_phase(round: Round, *, starts: timedelta, lasts: timedelta) -> Phase:
    """Add the vote to a round in preparation, beginning this long from now."""
    starts_at = timezone.now() + starts
    return Phase.objects.create(
        round=round, kind=Phase.Kind.VOTE, starts_at=starts_at, ends_at=starts_at + lasts
    )


def ready_round(*, projects: int = 3, **fields: Any) -> Round:
    """Return a round that lacks nothing: its vote began an hour ago and lasts a week."""
    roll = RollFactory()
    RollEntry.objects.create(roll=roll, fiscal_code_hash=b"x" * 32, birth_date="1980-01-01")
    round = RoundFactory(roll=roll, **fields)
    contest = ContestFactory(scope__round=round)
    for number in range(1, projects + 1):
        ProjectFactory(contest=contest, number=number)
    vote_phase(round, starts=-timedelta(hours=1), lasts=timedelta(days=7))
    return round


def open_round(round: Round, *, asks: User | None = None, confirms: User | None = None) -> Round:
    """Open a ready round as a coordinator and a guarantor would."""
    act = joint_acts.request_act(
        round=round,
        kind=JointAct.Kind.OPENING,
        by=asks or coordinator(),
        parameters=opening.parameters_for(round),
    )
    joint_acts.confirm_act(act=act, by=confirms or guarantor())
    round.refresh_from_db()
    return round
