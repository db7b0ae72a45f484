"""The last part of an address, made of a name."""

from django.utils.text import slugify

from home.searching import fold


def slug_of(name: str, *, longest: int = 160) -> str:
    """Return a name as part of an address: Łódź gives lodz; empty where nothing is left of it."""
    return slugify(fold(name).replace("ß", "ss"))[:longest].rstrip("-")
