"""How the state of a good is shown: an icon and a word, never a colour alone."""

from dataclasses import dataclass

from django.utils.functional import Promise

from .models import CommonGood

_LOOKS = {
    CommonGood.State.IN_USE: ("it-check-circle", "good"),
    CommonGood.State.UNDERUSED: ("it-clock", "info"),
    CommonGood.State.IN_DECAY: ("it-warning-circle", "bad"),
    CommonGood.State.BEING_REGENERATED: ("it-tool", "warning"),
    CommonGood.State.REGENERATED: ("it-star-full", "good"),
}


@dataclass(frozen=True)
class Badge:
    """What components/state_badge.html needs."""

    word: str | Promise
    icon: str
    kind: str


def state_badge(state: str) -> Badge:
    """Return icon, word and kind of a good's state."""
    known = CommonGood.State(state)
    icon, kind = _LOOKS[known]
    return Badge(word=known.label, icon=icon, kind=kind)
