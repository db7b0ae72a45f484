"""Entering the seed of the draw: two guarantors, after the close and before the count.

The frozen tie procedure names a public lottery and how its numbers become a seed. Two guarantors
write it down before anybody knows whether, and between which projects, it will decide.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from home.errors import DomainError

from .joint_acts import TWO_GUARANTORS, Effect
from .models import JointAct, Round
from .texts import in_language

LONGEST_SEED = 200


class DrawError(DomainError):
    """A seed that cannot be entered."""


def parameters_for(*, seed: str, lottery: str) -> dict[str, str]:
    """Return what a request to enter a seed carries; `lottery` says where its numbers come from."""
    return {"seed": seed.strip(), "lottery": lottery.strip()}


def check(act: JointAct) -> None:
    """Raise DrawError unless the vote is over, not yet counted, and no seed has been entered."""
    seed, lottery = act.parameters["seed"], act.parameters["lottery"]
    if not seed or not seed.isascii() or not seed.isprintable() or len(seed) > LONGEST_SEED:
        raise DrawError(
            _("Write the seed with plain letters, digits and signs, without accents."),
            field="seed",
        )
    if not lottery:
        raise DrawError(
            _("Write which lottery it was, of which date, and its numbers: it is published."),
            field="lottery",
        )
    if act.round.state not in (Round.State.CLOSED, Round.State.SEALED):
        raise DrawError(_("The seed is entered after the close of the vote and before the count."))
    if entered(act.round) is not None:
        raise DrawError(_("The seed of this round has already been entered."))


def apply(act: JointAct) -> None:
    """Do nothing: the count reads the seed from the act itself, which nobody can change."""


def entered(round: Round) -> JointAct | None:
    """Return the act by which two guarantors entered the seed of a round, None before."""
    return JointAct.objects.filter(
        round=round, kind=JointAct.Kind.DRAW, state=JointAct.State.CONFIRMED
    ).first()


def details(act: JointAct) -> list[tuple[Any, Any]]:
    """Return what the second guarantor compares with the lottery before signing."""
    return [(_("Seed"), act.parameters["seed"]), (_("Lottery"), act.parameters["lottery"])]


def context(act: JointAct) -> Mapping[str, Any]:
    """Return the frozen procedure, by which the seed is checked."""
    return {"procedure": in_language(act.round, "tie_procedure", "it") or act.round.tie_procedure}


EFFECT = Effect(
    check=check,
    apply=apply,
    details=details,
    context=context,
    template="budgeting/admin/draw_details.html",
    signers=TWO_GUARANTORS,
)
