"""Django's own `makemessages`, without guessing."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    # A guess from a similar text is more often wrong than right, and reads like a translation.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
