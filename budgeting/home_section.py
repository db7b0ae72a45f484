"""What can be done today in the participatory budget, for the home page and a neighbourhood's."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from commons.hooks import MORE, NOW, PageSection
from commons.models import Neighbourhood
from home.hooks import HomeSection

from .models import Contest, Round
from .round_pages import RoundPage, rounds_for_list


def today_section(request: HttpRequest) -> HomeSection | None:
    """Return the city's current round in a sentence, or None without one. Two queries."""
    own = Round.objects.public().filter(place="").exclude(state=Round.State.PUBLISHED)
    round = rounds_for_list(own).first()
    if round is None:
        return None
    page = RoundPage(round, round.now, list(round.phases.all()), list(round.holds.all()), [], [])
    html = render_to_string("budgeting/home_section.html", {"round": round, "page": page}, request)
    return HomeSection(slot="today", html=html)


def neighbourhood_section(request: HttpRequest, neighbourhood: Neighbourhood) -> PageSection | None:
    """Return the contest of a neighbourhood in the city's latest round. One query."""
    contest = (
        Contest.objects.filter(
            neighbourhood=neighbourhood, scope__round__is_public=True, scope__round__place=""
        )
        .select_related("scope__round")
        .order_by("-scope__round__created_at", "-pk")
        .first()
    )
    if contest is None:
        return None
    context = {"contest": contest, "round": contest.scope.round}
    html = render_to_string("budgeting/neighbourhood_section.html", context, request)
    slot = MORE if contest.scope.round.state == Round.State.PUBLISHED else NOW
    return PageSection(slot=slot, html=html)
