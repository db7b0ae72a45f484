"""What every page shares: pictures, pages, the city's settings."""

from .city import CitySettings
from .images import CARD, RioneImage, RioneRendition, attach_pictures, with_renditions
from .limits import RateCount
from .pages import BasePage, HomePage, SectionPage, StandardPage

__all__ = [
    "CARD",
    "BasePage",
    "CitySettings",
    "HomePage",
    "RateCount",
    "RioneImage",
    "RioneRendition",
    "SectionPage",
    "StandardPage",
    "attach_pictures",
    "with_renditions",
]
