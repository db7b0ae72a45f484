"""The round that Fontelieta is preparing: everything in it is invented, and says so.

Its dates lie around the day of loading, so that the demonstration never grows old: proposals have
been collected and reviewed, the projects stand on the ballot, the vote comes in three weeks.
"""

import json
import random
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

from codicefiscale import codicefiscale
from django.utils import timezone

from commons.models import CommonGood, Neighbourhood
from residents.fiscal_codes import keyed_hash
from residents.models import Roll, RollEntry, User

from .models import Contest, Phase, Project, Round, Scope
from .phases import Dates, set_dates
from .tally.rules import Completion, Method, Rule, Stop, Utility

DATA = Path(__file__).parent / "demonstration_data" / "round_2027.json"
COORDINATOR = "carla.monti@example.org"
PEOPLE_ON_THE_ROLL = 300
MINIMUM_AGE = 16
RULE = Rule(
    method=Method.EQUAL_SHARES,
    utility=Utility.COST,
    completion=Completion.ADD1U,
    stop=Stop.EXHAUSTIVE,
)
# Days from the day of loading, and hours, at which each phase ends and the next begins.
START = (-160, 0)
ENDS: Mapping[Phase.Kind, tuple[int, int]] = {
    Phase.Kind.PREPARE: (-130, 0),
    Phase.Kind.PROPOSE: (-90, 0),
    Phase.Kind.SUPPORT: (-70, 0),
    Phase.Kind.REVIEW: (-12, 0),
    Phase.Kind.ADMIT: (21, 9),
    Phase.Kind.VOTE: (42, 20),
    Phase.Kind.AWARD: (56, 0),
    Phase.Kind.DELIVER: (786, 0),
}
# Invented names; together with a drawn birth date they belong to nobody.
FIRST_NAMES = ("Ada", "Bice", "Cleto", "Dina", "Egle", "Furio", "Gemma", "Ivo", "Lia", "Nerio")
GENDERS: tuple[Literal["M", "F"], ...] = ("M", "F")
LAST_NAMES = ("Albarossa", "Brunfiore", "Cantaluna", "Dolcenebbia", "Fontechiara", "Granoturchi")


def load(say: Callable[[str], None]) -> None:
    """Create the round in preparation, with contests, projects, dates, criteria and a roll."""
    facts = json.loads(DATA.read_text("utf-8"))
    today = timezone.localdate()
    round = Round(
        **{key: facts[key] for key in facts if key.endswith(("_it", "_en"))},
        slug=facts["slug"],
        minimum_age=MINIMUM_AGE,
        roll=_roll(today=today),
        image=Neighbourhood.objects.get(slug="oltrefiume").image,
    )
    round.full_clean()
    round.save()
    for position, criterion in enumerate(facts["criteria"], start=1):
        round.criteria.create(**criterion, position=position)
    contests = _contests(round, facts)
    for number, project in enumerate(facts["projects"], start=1):
        _project(round, contests, number=number, facts=project)
    set_dates(round=round, dates=_dates(today), by=User.objects.get(email=COORDINATOR))
    # Only now: dates that people have read on the site no longer move freely.
    round.is_public = True
    round.save(update_fields=["is_public"])
    say(
        f"{round}: {len(contests)} contests, {len(facts['projects'])} projects, "
        f"{PEOPLE_ON_THE_ROLL} invented people on the roll"
    )


def _dates(today: date) -> dict[str, Dates]:
    dates: dict[str, Dates] = {}
    begins = _moment(today, *START)
    for kind, end in ENDS.items():
        ends = _moment(today, *end)
        dates[kind] = Dates(starts_at=begins, ends_at=ends)
        begins = ends
    return dates


def _moment(today: date, days: int, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(today + timedelta(days=days), time(hour)))


def _roll(*, today: date) -> Roll:
    """Create a roll of people who do not exist; the day voting opens is its reference date."""
    opens = today + timedelta(days=ENDS[Phase.Kind.ADMIT][0])
    roll = Roll.objects.create(name="Albo 2027 (dimostrazione)", reference_date=opens)
    # The same people at every loading, so that a demonstration can be repeated.
    chance = random.Random(2027)  # noqa: S311  nothing secret
    neighbourhoods = list(Neighbourhood.objects.all())
    weights = [neighbourhood.inhabitants or 1 for neighbourhood in neighbourhoods]
    entries: dict[bytes, RollEntry] = {}
    while len(entries) < PEOPLE_ON_THE_ROLL:
        born = opens - timedelta(days=chance.randrange(MINIMUM_AGE * 366, 95 * 365))
        code = codicefiscale.encode(
            lastname=chance.choice(LAST_NAMES),
            firstname=chance.choice(FIRST_NAMES),
            gender=chance.choice(GENDERS),
            birthdate=born.strftime("%d/%m/%Y"),
            birthplace="Perugia",
        )
        hashed = keyed_hash(code)
        entries[hashed] = RollEntry(
            roll=roll,
            fiscal_code_hash=hashed,
            birth_date=born,
            neighbourhood=chance.choices(neighbourhoods, weights)[0],
        )
    RollEntry.objects.bulk_create(entries.values())
    return roll


def _contests(round: Round, facts: Mapping[str, Any]) -> dict[str, Contest]:
    city, near = (
        Scope.objects.create(
            round=round,
            **scope,
            position=position,
            vote_type=Scope.VoteType.APPROVAL,
            award_rule=RULE.to_json(),
        )
        for position, scope in enumerate(facts["scopes"], start=1)
    )
    contests = {"citta": Contest.objects.create(scope=city, position=1, **facts["city"])}
    for position, neighbourhood in enumerate(Neighbourhood.objects.all(), start=1):
        contests[neighbourhood.slug] = Contest.objects.create(
            scope=near,
            neighbourhood=neighbourhood,
            name_it=neighbourhood.name,
            name_en=neighbourhood.name,
            slug=neighbourhood.slug,
            budget=facts["neighbourhood_budget"],
            position=position,
        )
    return contests


def _project(
    round: Round, contests: Mapping[str, Contest], *, number: int, facts: Mapping[str, Any]
) -> None:
    contest = contests[facts["contest"]]
    good = CommonGood.objects.filter(slug=facts["good"]).first() if facts["good"] else None
    project = Project(
        **{key: value for key, value in facts.items() if key not in {"contest", "good"}},
        round=round,
        contest=contest,
        number=number,
        code=str(number),
        neighbourhood=contest.neighbourhood or (good.neighbourhood if good else None),
        good=good,
        image=good.image if good else None,
        is_invented=True,
    )
    project.full_clean()
    project.save()
