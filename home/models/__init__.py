"""What every page shares: pictures, pages, the city's settings."""

from .images import RioneImage, RioneRendition

__all__ = ["RioneImage", "RioneRendition"]
