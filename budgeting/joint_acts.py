"""Acts that take two people: one asks with a reason, another confirms or refuses.

What each kind of act does stands in one table, `EFFECTS`. Nobody signs twice, and nobody who holds
both roles signs at all. An act takes effect when it is confirmed, in the same transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from home.errors import DomainError
from residents.models import User

from . import notifications
from .models import JointAct, Round
from .phases import database_clock

Kind = JointAct.Kind


class Role(StrEnum):
    """The permission that makes somebody a coordinator or a guarantor."""

    COORDINATOR = "budgeting.coordinate_round"
    GUARANTOR = "budgeting.guarantee_round"

    @property
    def signer(self) -> JointAct.Signer:
        """The name of the role as acts store it."""
        return JointAct.Signer(self.name.lower())

    @classmethod
    def of(cls, signer: str) -> "Role":
        """Return the role that acts store by this name."""
        return cls[signer.upper()]


COORDINATOR_THEN_GUARANTOR: Mapping[Role, Role] = {Role.COORDINATOR: Role.GUARANTOR}
EITHER_THEN_THE_OTHER: Mapping[Role, Role] = {
    Role.COORDINATOR: Role.GUARANTOR,
    Role.GUARANTOR: Role.COORDINATOR,
}
TWO_GUARANTORS: Mapping[Role, Role] = {Role.GUARANTOR: Role.GUARANTOR}


class ActError(DomainError):
    """An act that cannot be asked for, confirmed or refused."""


@dataclass(frozen=True)
class Effect:
    """What one kind of act does.

    `check` takes the act (not yet stored when it is asked for) and raises a DomainError where it
    cannot be; it runs when asked for and again before `apply`, which takes the confirmed act inside
    the transaction. `details` gives (label, text) pairs that the second person reads before
    signing; `template` adds a fragment that gets `act` and `context(act)`. `signers` says who may
    ask, and for each of them who confirms.
    """

    check: Callable[[JointAct], None]
    apply: Callable[[JointAct], None]
    details: Callable[[JointAct], list[tuple[Any, Any]]]
    template: str = ""
    context: Callable[[JointAct], Mapping[str, Any]] = lambda act: {}
    signers: Mapping[Role, Role] = field(default_factory=lambda: COORDINATOR_THEN_GUARANTOR)


ONE_AT_A_TIME = (Kind.OPENING, Kind.EXTENSION, Kind.SEALING, Kind.DRAW, Kind.PUBLICATION)

# Where the effect of each kind is; a kind without one cannot be asked for.
EFFECTS: Mapping[str, str] = {
    Kind.OPENING: "budgeting.opening.EFFECT",
    Kind.EXTENSION: "budgeting.extension.EFFECT",
    Kind.WITHDRAWAL: "budgeting.withdrawal.EFFECT",
    Kind.ANNULMENT: "budgeting.annulment.EFFECT",
    Kind.SEALING: "budgeting.sealing.EFFECT",
    Kind.KEY_DESTRUCTION: "budgeting.key_destruction.EFFECT",
    Kind.DRAW: "budgeting.drawing.EFFECT",
    Kind.OVERRIDE: "budgeting.overrides.EFFECT",
    Kind.PUBLICATION: "budgeting.publication.EFFECT",
}


def effect_of(kind: str) -> Effect:
    """Return what a kind of act does; raise ActError when nobody has built it."""
    if kind not in EFFECTS:
        raise ActError(_("This act cannot be asked for here."))
    effect: Effect = import_string(EFFECTS[kind])
    return effect


def role_of(user: User) -> Role | None:
    """Return the role in which somebody signs; None for those with neither role, or with both."""
    roles = [role for role in Role if user.has_perm(role)]
    return roles[0] if len(roles) == 1 else None


def may_ask(kind: str, user: User) -> bool:
    """Say whether somebody may ask for this kind of act, whatever else it needs."""
    return role_of(user) in effect_of(kind).signers


def second_of(act: JointAct) -> Role:
    """Return the role that confirms or refuses an act."""
    return effect_of(act.kind).signers[Role.of(act.requested_as)]


def may_decide(act: JointAct, user: User) -> bool:
    """Say whether somebody could now confirm or refuse this act."""
    return (
        act.state == JointAct.State.REQUESTED
        and act.requested_by_id != user.pk
        and role_of(user) == second_of(act)
    )


@transaction.atomic
def request_act(
    *,
    round: Round,
    kind: str,
    by: User,
    reason: str = "",
    parameters: Mapping[str, Any] | None = None,
) -> JointAct:
    """Ask for an act, and tell those who can confirm it once this is committed.

    Raises ActError, or the effect's own DomainError.
    """
    effect = effect_of(kind)
    role = _check_may_ask(by, effect)
    round = Round.objects.select_for_update().get(pk=round.pk)
    act = JointAct(
        round=round,
        kind=kind,
        parameters=dict(parameters or {}),
        reason=reason.strip(),
        requested_by=by,
        requested_as=role.signer,
    )
    waiting = JointAct.objects.filter(round=round, kind=kind, state=JointAct.State.REQUESTED)
    if waiting.filter(parameters=act.parameters).exists() or (
        kind in ONE_AT_A_TIME and waiting.exists()
    ):
        raise ActError(_("This has already been asked for and waits for the second signature."))
    effect.check(act)
    act.save()
    _log(act, "requested", by, act.reason)
    _notify(act, to=second_of(act))
    return act


@transaction.atomic
def confirm_act(*, act: JointAct, by: User, note: str = "") -> JointAct:
    """Give the second signature, and do what was asked for. Raises ActError or a DomainError."""
    act = _locked(act)
    effect = effect_of(act.kind)
    _check_second(act, by)
    effect.check(act)
    act.state, act.decided_by = JointAct.State.CONFIRMED, by
    act.decided_at, act.answer = database_clock(), note.strip()
    act.save()
    effect.apply(act)
    _log(act, "confirmed", by, act.reason)
    _notify(act, to=Role.of(act.requested_as))
    return act


@transaction.atomic
def refuse_act(*, act: JointAct, by: User, answer: str) -> JointAct:
    """Refuse what was asked for, with the reason. Raises ActError."""
    act = _locked(act)
    _check_second(act, by)
    if not answer.strip():
        raise ActError(_("Write why you refuse: whoever asked reads it."), field="answer")
    act.state, act.decided_by = JointAct.State.REFUSED, by
    act.decided_at, act.answer = database_clock(), answer.strip()
    act.save()
    _log(act, "refused", by, act.answer)
    _notify(act, to=Role.of(act.requested_as))
    return act


def _locked(act: JointAct) -> JointAct:
    """Lock the round before the act, in the order every act does."""
    Round.objects.select_for_update().get(pk=act.round_id)
    return JointAct.objects.select_for_update(of=("self",)).select_related("round").get(pk=act.pk)


def _check_may_ask(user: User, effect: Effect) -> Role:
    """Return the role in which somebody asks. Raises ActError."""
    role = role_of(user)
    if role is None or role not in effect.signers:
        raise _not_in_role(user, next(iter(effect.signers)))
    return role


def _not_in_role(user: User, role: Role) -> ActError:
    """Say why somebody does not sign in a role."""
    if all(user.has_perm(each) for each in Role):
        return ActError(
            _(
                "You are both coordinator and guarantor: with both roles nobody signs. "
                "Ask an administrator to take one away."
            )
        )
    return ActError(
        _("Only a coordinator can do this.")
        if role is Role.COORDINATOR
        else _("Only a guarantor can do this.")
    )


def _check_second(act: JointAct, user: User) -> None:
    if act.state != JointAct.State.REQUESTED:
        raise ActError(
            _("This act has already been decided: %(state)s.") % {"state": act.get_state_display()}
        )
    if act.requested_by_id == user.pk:
        raise ActError(_("You asked for this yourself: the second signature is another person's."))
    if role_of(user) is not second_of(act):
        raise _not_in_role(user, second_of(act))


def _log(act: JointAct, what: str, by: User, reason: str) -> None:
    log(
        instance=act.round,
        action=f"budgeting.act.{what}",
        user=by,
        data={"act": act.pk, "kind": act.kind, "reason": reason},
    )


def _notify(act: JointAct, *, to: Role) -> None:
    pk = act.pk
    transaction.on_commit(lambda: notifications.tell_about_act(pk, to), robust=True)
