"""Django's own `makemessages`, without guessing."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    msgmerge_options = [
        *makemessages.Command.msgmerge_options,
        # A guess from a similar text is more often wrong than right, and reads like a translation.
        "--no-fuzzy-matching",
        # Sorted by text, so that moving code leaves the catalogue as it is.
        "--sort-output",
    ]
