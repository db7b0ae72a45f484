"""The names that stand beside the seed of a draw: one pair for each contest, the same everywhere.

Every program that reads the published file finds them in its META (`unit`, `instance`, `subunit`),
where `tally.Draw.for_file` takes them from. At the opening they are frozen; from then on only the
frozen names are used, whatever the city is called later.
"""

import json

from django.utils.timezone import localtime

from home.models import CitySettings

from . import tally
from .models import Contest, FrozenRules, Phase, Round
from .texts import in_language


def draw_for(contest: Contest, seed: str) -> tally.Draw:
    """Return the draw that a seed makes of a contest. Raises ValueError for a seed not in ASCII."""
    return tally.Draw.for_file(names_in_file(contest), seed)


def names_in_file(contest: Contest) -> dict[str, str]:
    """Return `unit`, `instance` and `subunit` of a contest's published file."""
    imported = getattr(contest, "imported", None)
    if imported is not None:
        found: dict[str, str] = imported.meta
        return found
    frozen = _frozen_names(contest)
    if frozen is not None:
        # The instance is a year: whatever stands before the last blank is the unit.
        unit, _blank, instance = frozen["round"].rpartition(" ")
        return {"unit": unit, "instance": instance, "subunit": frozen["contest"]}
    return planned_names(contest, planned_for(contest.scope.round))


def planned_for(round: Round) -> dict[str, str]:
    """Return `unit` and `instance` as they would be frozen now: city and year of the vote."""
    vote = Phase.objects.filter(round=round, kind=Phase.Kind.VOTE).first()
    year = localtime(vote.starts_at if vote else round.created_at).year
    return {"unit": city_name() or _italian(round), "instance": f"{year:04d}"}


def planned_names(contest: Contest, planned: dict[str, str]) -> dict[str, str]:
    """Return the names of one contest of a round for which `planned` was planned."""
    return planned | {"subunit": _italian(contest)}


def city_name() -> str:
    """Return the Italian name of this site's city, empty where nobody wrote it."""
    city = CitySettings.objects.filter(site__is_default_site=True).first()
    return in_language(city, "city_name", "it").strip() if city else ""


def _italian(record: Round | Contest) -> str:
    return (in_language(record, "name", "it") or record.name).strip()


def _frozen_names(contest: Contest) -> dict[str, str] | None:
    rules = FrozenRules.objects.filter(round=contest.scope.round_id, number=0).first()
    if rules is None:
        return None
    found = (
        each["draw"]
        for scope in json.loads(rules.document).get("scopes", [])
        if scope["number"] == contest.scope_id
        for each in scope["contests"]
        if each["slug"] == contest.slug
    )
    return next(found, None)
