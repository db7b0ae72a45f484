"""The map of the neighbourhoods on the home page."""

from django.http import HttpRequest

from home.hooks import HomeSection

from .drawing import draw, listed


def map_section(request: HttpRequest) -> HomeSection | None:
    """Return the map with its equal list, or None while the city has no neighbourhoods.

    One query, none while the map is kept.
    """
    neighbourhoods = listed()
    if not neighbourhoods:
        return None
    return HomeSection(
        "map",
        "commons/home_section.html",
        {"neighbourhoods": neighbourhoods, "drawing": draw()},
    )
