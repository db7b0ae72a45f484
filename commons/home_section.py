"""The map of the neighbourhoods on the home page."""

from django.http import HttpRequest

from home.hooks import HomeSection

from .drawing import draw
from .models import Neighbourhood


def map_section(request: HttpRequest) -> HomeSection | None:
    """Return the map with its equal list, or None while the city has no neighbourhoods.

    One query.
    """
    neighbourhoods = list(
        Neighbourhood.objects.only("name", "slug", "inhabitants", "boundary", "position")
    )
    if not neighbourhoods:
        return None
    return HomeSection(
        "map",
        "commons/home_section.html",
        {"neighbourhoods": neighbourhoods, "drawing": draw(neighbourhoods)},
    )
