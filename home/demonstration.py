"""How the demonstration city is put together: each app registers its part.

An app's `wagtail_hooks` registers, under the name `rione_demonstration`, a callable that takes a
`say` function (for progress, one short line) and creates its records; the hook's order decides who
comes first, since higher apps build on lower ones:

    @hooks.register("rione_demonstration", order=20)
    def load(say): ...
"""

from collections.abc import Callable

from django.db import transaction
from wagtail import hooks

HOOK = "rione_demonstration"


def load_demonstration(*, say: Callable[[str], None]) -> None:
    """Create the demonstration city in an empty database, whole or not at all."""
    with transaction.atomic():
        for load in hooks.get_hooks(HOOK):
            load(say)
