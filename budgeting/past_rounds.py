"""Past rounds of the demonstration: real votes of other cities, and invented ones of our own.

The real ones come from files that the project carries with credit in `tests/data`; what those files
do not say (official award, rule, currency) is in `elections.json` beside them. The own ones are
made up, so that there are works to follow and a result to sign for and publish; everything in them
is marked as invented.
"""

import datetime
import json
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from commons.models import CommonGood
from residents.models import User

from . import overrides, tally
from .counting import tell_more
from .importing import RoundFacts, SourceFile, import_round
from .models import (
    Count,
    Delivery,
    DeliveryPhoto,
    Expense,
    JointAct,
    Milestone,
    Override,
    Project,
    Round,
)
from .phases import database_clock

DATA = Path(__file__).parent / "demonstration_data"
ELECTIONS = Path(settings.BASE_DIR) / "tests" / "data"
LANGUAGES = ("it", "en")
AT_MOST = 3
SECONDS_OF_TELLING = 1

Say = Callable[[str], None]


def load(say: Say) -> None:
    """Create the past rounds: three real ones from elsewhere, one invented of this city."""
    load_real_rounds(say=say)
    load_own_round(say=say)


def load_real_rounds(*, say: Say) -> None:
    """Import the real elections and count them again."""
    past = _read("past_rounds.json")
    known = json.loads((ELECTIONS / "elections.json").read_text("utf-8"))
    for entry in past["rounds"]:
        facts = known[entry["file"]]
        source = SourceFile(
            path=ELECTIONS / entry["file"],
            rule=tally.Rule.from_json(facts["rule"]),
            contest_names=entry["contest_names"],
            award=frozenset(facts["award"]),
            award_source="Pabulib, pabulib.org",
        )
        round_ = import_round(
            files=[source],
            facts=RoundFacts(
                names=entry["names"],
                summaries=entry["summaries"],
                place=entry["place"],
                currency=facts["currency"],
                language="pl",
                source=past["source"],
            ),
        )
        say(f"{round_.name_en}: {round_.seal.counted} ballots")  # type: ignore[attr-defined]
        _tell(round_)


def load_own_round(*, say: Say) -> None:
    """Create the city's own past round, whose ballots, projects and works are invented."""
    own = _read("round_2025.json")
    round_ = _import_own(own)
    projects = {project.code: project for project in round_.projects.all()}
    for code, entry in own["deliveries"].items():
        _follow(projects[code], entry)
    _annotate(projects[own["note"]["project"]], own["note"])
    say(f"{round_.name_en}: {round_.seal.counted} ballots, invented")  # type: ignore[attr-defined]
    _tell(round_)


def load_round_to_publish(say: Say) -> None:
    """Create a round of this city that is counted and waits for the two signatures; invented."""
    round_ = _import_own(_read("round_2026.json"), waits_for_signatures=True)
    say(f"{round_.name_en}: counted, to be published by two people; invented")  # type: ignore[attr-defined]


def _import_own(own: dict[str, Any], *, waits_for_signatures: bool = False) -> Round:
    """Import ballots drawn by weight as a vote of this city, marked as invented."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / own["file"]
        file.write_text("\n".join(_invented_file(own)) + "\n", encoding="utf-8")
        round_ = import_round(
            files=[
                SourceFile(
                    path=file,
                    contest_names={"it": "Tutta la città", "en": "The whole city"},
                    titles={entry["id"]: entry["title"] for entry in own["projects"]},
                )
            ],
            facts=RoundFacts(
                names=own["names"],
                summaries=own["summaries"],
                is_ours=True,
                is_invented=True,
                currency="EUR",
                waits_for_signatures=waits_for_signatures,
            ),
        )
    projects = {project.code: project for project in round_.projects.all()}
    for entry in own["projects"]:
        _describe(projects[entry["id"]], entry)
    return round_


def _annotate(project: Project, note: dict[str, Any]) -> None:
    """Put a note beside a result as two people do; there is nobody to write letters to."""
    asks, confirms = (User.objects.filter(email=note[name]).first() for name in ("asks", "signs"))
    if asks is None or confirms is None:
        return  # without the demonstration's people nobody signs
    act = JointAct(
        round=project.round,
        kind=JointAct.Kind.OVERRIDE,
        reason=note["reason"]["it"],
        parameters=overrides.note_parameters(
            kind=Override.Kind.FUNDED_ELSEWHERE,
            project=project,
            reason_en=note["reason"]["en"],
            amount=project.cost,
            payer=note["payer"],
        ),
        requested_by=asks,
    )
    overrides.EFFECT.check(act)
    act.save()
    act.state, act.decided_by = JointAct.State.CONFIRMED, confirms
    act.decided_at = database_clock()
    act.save()
    overrides.EFFECT.apply(act)


def _tell(round_: Round) -> None:
    """Work out what would have sufficed, as far as it is quick; the worker does the rest."""
    for count in Count.objects.filter(contest__scope__round=round_):
        tell_more(count=count, seconds=SECONDS_OF_TELLING)


def _invented_file(own: dict[str, Any]) -> Iterator[str]:
    """Write a Pabulib file with ballots drawn by weight; the same every time."""
    opened = _day(own["opened_days_ago"])
    closed = opened + datetime.timedelta(days=14)
    yield from ("META", "key;value")
    yield from (
        "description;Invented vote of Fontelieta",
        "country;Italy",
        "unit;Fontelieta",
        f"instance;{opened:%Y}",
        f"num_projects;{len(own['projects'])}",
        f"num_votes;{own['ballots']}",
        f"budget;{own['budget']}",
        "vote_type;approval",
        f"rule;{own['rule']}",
        f"date_begin;{opened:%d.%m.%Y}",
        f"date_end;{closed:%d.%m.%Y}",
        f"max_length;{AT_MOST}",
        "language;it",
        "currency;EUR",
    )
    yield from ("PROJECTS", "project_id;cost;name;neighborhood")
    for entry in own["projects"]:
        name = entry["title"]["it"]
        yield f"{entry['id']};{entry['cost']};{name};{entry['neighbourhood']}"
    yield from ("VOTES", "voter_id;vote;age;sex;voting_method;neighborhood")
    draw = random.Random(own["seed"])  # noqa: S311  nothing here is secret
    quarters = sorted({entry["neighbourhood"] for entry in own["projects"]})
    for voter in range(1, own["ballots"] + 1):
        chosen = _draw_ballot(draw, own["projects"])
        age, sex = draw.randint(16, 88), draw.choice("FFFMM")
        method = draw.choices(("internet", "paper"), (4, 1))[0]
        yield f"{voter};{','.join(chosen)};{age};{sex};{method};{draw.choice(quarters)}"


def _draw_ballot(draw: random.Random, projects: list[dict[str, Any]]) -> list[str]:
    remaining = {entry["id"]: entry["weight"] for entry in projects}
    chosen = []
    for _place in range(draw.randint(1, AT_MOST)):
        name = draw.choices(list(remaining), list(remaining.values()))[0]
        del remaining[name]
        chosen.append(name)
    return chosen


def _describe(project: Project, entry: dict[str, Any]) -> None:
    """Tie a project to its common good, whose picture it takes."""
    project.good = CommonGood.objects.filter(slug=entry["good"]).first()
    if project.good:
        project.image = project.good.image
    project.save(update_fields=["good", "image"])


def _follow(project: Project, entry: dict[str, Any]) -> None:
    """Fill the delivery that publication started; the project must be funded."""
    delivery = Delivery.objects.get(project=project)
    delivery.stage = entry["stage"]
    delivery.is_halted = entry["halted"]
    delivery.office = entry["office"]
    delivery.contact = entry["contact"]
    _translate(delivery, "note", entry["note"])
    delivery.save()
    for step in entry["milestones"]:
        milestone = Milestone(
            delivery=delivery,
            promised_on=_day(step["promised"]),
            kept_on=None if step["kept"] is None else _day(step["kept"]),
        )
        _translate(milestone, "title", step["title"])
        _translate(milestone, "delay_reason", step.get("reason", {}))
        milestone.save()
    for item in entry["expenses"]:
        expense = Expense(
            delivery=delivery, paid_on=_day(item["paid"]), amount=round(item["amount"] * 100)
        )
        _translate(expense, "purpose", item["purpose"])
        expense.save()
    if entry["photo"] and project.image:
        photo = DeliveryPhoto(
            delivery=delivery,
            image=project.image,
            moment=entry["photo"]["moment"],
            taken_on=_day(entry["photo"]["taken"]),
        )
        _translate(photo, "caption", entry["photo"]["caption"])
        photo.save()


def _translate(record: Any, field: str, texts: dict[str, str]) -> None:
    for language in LANGUAGES:
        setattr(record, f"{field}_{language}", texts.get(language, ""))


def _day(days_ago: int) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=days_ago)


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DATA / name).read_text("utf-8"))
    return content
