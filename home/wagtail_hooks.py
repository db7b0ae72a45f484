"""What this app adds to the Wagtail admin, and to what is done regularly."""

from wagtail import hooks

from . import limits
from .tick import HOOK as TICK

hooks.register(TICK, limits.prune)
