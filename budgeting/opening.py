"""Opening the vote: two people freeze the rules, and everything the vote needs is made ready."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

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
    found = readiness.findings(act.round)
    if obstacle := _obstacle(act, found, sha256_of(rules_document(act.round))):
        raise OpeningError(obstacle)


def _obstacle(act: JointAct, found: list[readiness.Finding], sha256: str) -> str:
    """Return why a round with these findings and rules cannot be opened as asked, or nothing."""
    if blocking := [finding for finding in found if finding.blocks]:
        return _("The round is not ready: %(what)s") % {
            "what": " ".join(str(finding.message) for finding in blocking)
        }
    if act.parameters["sha256"] != sha256:
        return _(
            "The rules changed after the opening was asked for. "
            "Refuse this request and ask the coordinator for a new one."
        )
    return ""


def apply(act: JointAct) -> None:
    """Freeze the rules, lock the roll, make the box ready and open the vote."""
    round = act.round
    freeze(round)
    assert round.roll is not None  # noqa: S101  `check` has found one
    lock_roll(roll=round.roll)
    make_box(round)
    round.state = Round.State.OPEN
    round.save(update_fields=["state"])


def details(act: JointAct) -> list[tuple[Any, Any]]:
    """Return what the guarantor reads first: the hash of what will be frozen."""
    return [(_("SHA-256 of the rules when it was asked for"), act.parameters["sha256"])]


def context(act: JointAct) -> Mapping[str, Any]:
    """Return what the guarantor sees of the rules as they are now, and why not to confirm them."""
    document = rules_document(act.round)
    sha256 = sha256_of(document)
    return {
        "document": document,
        "sha256": sha256,
        "is_as_asked": act.parameters["sha256"] == sha256,
        "obstacle": _obstacle(act, readiness.findings(act.round), sha256),
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
