"""Coordinators and guarantors learn what administrators change about any one of them.

Two signatures are worth nothing if one person can take over both accounts. Nobody but
administrators can give an account another e-mail address, remove its second factor or change its
roles: whoever signs is told, at the address they had before, and so are all the others.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from smtplib import SMTPException
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from . import mail, roles
from .models import User

logger = logging.getLogger(__name__)

SIGNERS = (roles.COORDINATORS, roles.GUARANTORS)


@dataclass(frozen=True)
class _Standing:
    """What decides whether somebody can sign, and who reads their codes."""

    person: User
    email: str
    is_active: bool
    has_second_factor: bool
    roles: frozenset[str]


@contextmanager
def watching(*, by: Any) -> Iterator[None]:
    """Log what happens to coordinators and guarantors inside, and write to them once committed.

    One transaction: what is not logged has not happened.
    """
    with transaction.atomic():
        before = _standings(())
        yield
        after = _standings(before)
        for pk in sorted(before.keys() | after.keys()):
            changes = _changes(before.get(pk), after.get(pk))
            if changes:
                _tell(before, (before.get(pk) or after[pk]).person, changes, by)


def _standings(known: Any) -> dict[int, _Standing]:
    """Return how signers stand, and those who were among `known` numbers."""
    people = list(
        User.objects.filter(Q(groups__name__in=SIGNERS) | Q(pk__in=list(known)))
        .distinct()
        .prefetch_related("groups")
    )
    with_factor = set(
        Authenticator.objects.filter(user__in=people, type=Authenticator.Type.TOTP).values_list(
            "user_id", flat=True
        )
    )
    return {
        person.pk: _Standing(
            person=person,
            email=person.email,
            is_active=person.is_active,
            has_second_factor=person.pk in with_factor,
            roles=frozenset(group.name for group in person.groups.all()) & set(SIGNERS),
        )
        for person in people
    }


def _changes(before: _Standing | None, after: _Standing | None) -> dict[str, Any]:
    """Return what changed, each by its name for the log, in words for people."""
    if after is None:
        return {"deleted": _("The account was deleted.")}
    found: dict[str, Any] = {}
    if before is not None:
        if before.email != after.email:
            found["email"] = _("The e-mail address was changed.")
        if before.has_second_factor and not after.has_second_factor:
            found["second_factor"] = _("The second factor was removed.")
        if before.is_active and not after.is_active:
            found["deactivated"] = _("The account was switched off.")
        if after.is_active and not before.is_active:
            found["activated"] = _("The account was switched on.")
    held = before.roles if before is not None else frozenset()
    for role in SIGNERS:
        if role in after.roles - held:
            found[f"given:{role}"] = format_lazy("{} {}", _("Role given:"), roles.ROLES[role])
        if role in held - after.roles:
            found[f"taken:{role}"] = format_lazy("{} {}", _("Role taken away:"), roles.ROLES[role])
    return found


def _tell(before: dict[int, _Standing], person: User, changes: dict[str, Any], by: Any) -> None:
    log(
        instance=person,
        action="residents.signer.change",
        user=by,
        data={"changes": list(changes)},
    )
    # The addresses from before: whoever takes an account over must not keep its owner in the dark.
    readers = {
        standing.email: standing.person.language
        for standing in before.values()
        if standing.is_active or standing.person.pk == person.pk
    }
    readers.setdefault(person.email, person.language)
    context = {"person": str(person), "by": str(by), "changes": list(changes.values())}
    transaction.on_commit(lambda: _write(readers, context), robust=True)


def _write(readers: dict[str, str], context: dict[str, Any]) -> None:
    for address, language in readers.items():
        try:
            mail.send(
                template="residents/email/signer_changed",
                to=address,
                language=language,
                context=context,
            )
        except (OSError, SMTPException):
            # The change stands in the log; the others are still told.
            logger.exception("a signer could not be told of a change to an account")
