"""What this app adds to the site."""

from wagtail import hooks

from home.demonstration import HOOK as DEMONSTRATION

from . import demonstration

hooks.register(DEMONSTRATION, demonstration.name_city, order=5)
hooks.register(DEMONSTRATION, demonstration.load, order=60)
