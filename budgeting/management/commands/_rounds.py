"""What the commands about one round share."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from budgeting.models import Round


def add_round_argument(parser: CommandParser) -> None:
    """Let the command name a round by its address."""
    parser.add_argument("round", help="the round's address, as in /it/…/<address>/")


def round_of(options: dict[str, Any]) -> Round:
    """Return the named round. Raises CommandError that lists those there are."""
    slug = options["round"]
    round = Round.objects.filter(slug=slug).first()
    if round is None:
        known = ", ".join(Round.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise CommandError(f"There is no round {slug!r}. Rounds: {known or 'none'}.")
    return round
