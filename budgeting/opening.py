"""Opening the vote: two people freeze the rules, and everything the vote needs is made ready."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from home.errors import DomainError
from residents.rolls import lock_roll

from . import readiness
from .box_opening import make_box
from .canonical_json import sha256_of
from .freezing import freeze, rules_document
from .joint_acts import Effect
from .models import JointAct, Round
from .rule_sentences import award_sentences, ballot_sentence


class OpeningError(DomainError):
    """A round that cannot be opened."""


def parameters_for(round: Round) -> dict[str, Any]:
    """Return what a request to open carries: the hash of the rules as they are now."""
    return {"sha256": sha256_of(rules_document(round))}


def check(act: JointAct) -> None:
    """Raise OpeningError unless the round is ready, and as when the opening was asked for."""
    if act.round.state != Round.State.PREPARATION:
        raise OpeningError(_("This round has already been opened."))
    blocking = [finding for finding in readiness.findings(act.round) if finding.blocks]
    if blocking:
        raise OpeningError(
            _("The round is not ready: %(what)s")
            % {"what": " ".join(str(finding.message) for finding in blocking)}
        )
    if act.parameters["sha256"] != sha256_of(rules_document(act.round)):
        raise OpeningError(
            _(
                "The rules changed after the opening was asked for. "
                "Refuse this request and ask the coordinator for a new one."
            )
        )


def apply(act: JointAct) -> None:
    """Freeze the rules, lock the roll, make the box ready and open the vote."""
    round = act.round
    freeze(round)
    if round.roll is not None:
        lock_roll(roll=round.roll)
    make_box(round)
    round.state = Round.State.OPEN
    round.save(update_fields=["state"])


def details(act: JointAct) -> list[tuple[Any, Any]]:
    """Return what the guarantor reads first: the hash of what will be frozen."""
    return [(_("SHA-256 of the rules"), act.parameters["sha256"])]


def context(act: JointAct) -> Mapping[str, Any]:
    """Return what the guarantor sees of the rules, and what was found in them."""
    return {
        "document": rules_document(act.round),
        "findings": readiness.findings(act.round),
        "scopes": [
            (scope, ballot_sentence(scope), award_sentences(scope))
            for scope in act.round.scopes.prefetch_related("contests__projects")
        ],
    }


EFFECT = Effect(
    check=check,
    apply=apply,
    details=details,
    context=context,
    template="budgeting/admin/opening_details.html",
)
