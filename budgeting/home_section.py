"""What can be done today in the participatory budget, for the home page and a neighbourhood's.

Kept for some seconds, like the page's frame: those pages need not ask the database for it.
"""

from dataclasses import dataclass, field

from django.core.cache import cache
from django.db.models import JSONField
from django.db.models.expressions import RawSQL
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from commons.hooks import MORE, NOW, PageSection
from commons.models import Neighbourhood
from home.hooks import HomeSection
from home.languages import active_language

from .models import Round
from .round_pages import RoundPage, holds_of, phases_of, rounds_for_list

KEPT_SECONDS = 30
_KEY = "budgeting.today.{}"
# In SQL, as in `round_pages`: Django would take longer to build it than the database to run it.
_BUDGETS = """
(SELECT jsonb_agg(jsonb_build_object('neighbourhood', contest.neighbourhood_id,
                                     'slug', contest.slug, 'budget', contest.budget))
   FROM budgeting_contest contest JOIN budgeting_scope scope ON scope.id = contest.scope_id
  WHERE scope.round_id = budgeting_round.id AND contest.neighbourhood_id IS NOT NULL)
"""


@dataclass(frozen=True)
class Today:
    """The city's latest round in one language; without a name there is none.

    `budgets` has, for each neighbourhood with a contest, the contest's address and its hundredths.
    """

    name: str = ""
    url: str = ""
    projects_url: str = ""
    sentence: str = ""
    total: int = 0
    currency: str = "EUR"
    is_over: bool = False
    budgets: dict[int, tuple[str, int]] = field(default_factory=dict)


def today() -> Today:
    """Return the city's latest public round in the active language; one query, or none."""
    key = _KEY.format(active_language())
    kept: Today | None = cache.get(key)
    if kept is None:
        kept = _load()
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def today_section(request: HttpRequest) -> HomeSection | None:
    """Return the city's round in a sentence with amount, deadline and one button."""
    kept = today()
    if not kept.name or kept.is_over:
        return None
    return HomeSection("today", "budgeting/home_section.html", {"today": kept})


def neighbourhood_section(request: HttpRequest, neighbourhood: Neighbourhood) -> PageSection | None:
    """Return the money at stake for a neighbourhood in the city's latest round."""
    kept = today()
    if neighbourhood.pk not in kept.budgets:
        return None
    slug, budget = kept.budgets[neighbourhood.pk]
    context = {"today": kept, "budget": budget, "contest": slug}
    html = render_to_string("budgeting/neighbourhood_section.html", context, request)
    return PageSection(slot=MORE if kept.is_over else NOW, html=html)


def _load() -> Today:
    rounds = rounds_for_list(Round.objects.public().filter(place=""))
    round = rounds.annotate(budgets=RawSQL(_BUDGETS, [], JSONField())).first()  # noqa: S611
    if round is None:
        return Today()
    page = RoundPage(round, round.now, phases_of(round), holds_of(round), [], [])
    return Today(
        name=round.name,
        url=round.get_absolute_url(),
        projects_url=reverse("budgeting:projects", args=[round.slug]),
        sentence=page.what_you_can_do(),
        total=round.total,
        currency=round.currency,
        is_over=round.state == Round.State.PUBLISHED,
        budgets={
            contest["neighbourhood"]: (contest["slug"], contest["budget"])
            for contest in round.budgets or []
        },
    )
