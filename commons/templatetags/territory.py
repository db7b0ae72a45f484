"""What the map's template needs."""

from collections.abc import Sequence

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def map_tiles_url() -> str:
    """Return the address of map tiles, or an empty text: then maps show boundaries only."""
    return settings.MAP_TILES_URL


@register.simple_tag
def map_tiles_attribution() -> str:
    """Return the credit that the tiles' owner asks for."""
    return settings.MAP_TILES_ATTRIBUTION


@register.filter
def label_rise(lines: Sequence[str]) -> str:
    """Return how far up the first line of a label starts, so that all of it stands in the middle.

    In em, for an SVG `dy`.
    """
    return f"{0.35 - 0.525 * (len(lines) - 1):.3f}em"
