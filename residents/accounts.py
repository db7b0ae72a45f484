"""What people can do with their own account: read all that is kept, and close it.

Other apps take part through two Wagtail hooks:

    @hooks.register("rione_personal_data")
    def bookings(user): ...        # returns {"bookings": […]}, joined to the export

    @hooks.register("rione_account_closing")
    def forget_bookings(user): ... # deletes or makes anonymous, in the same transaction
"""

import secrets
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from home.errors import DomainError

from . import roles
from .models import RollEntry, User
from .models.people import CLOSED_AT

DATA_HOOK = "rione_personal_data"
CLOSING_HOOK = "rione_account_closing"


class LastAdministratorError(DomainError):
    """The account is the only one that can look after the site."""


def export(*, user: User) -> dict[str, Any]:
    """Return everything kept about a person, ready for JSON.

    Hashes are named and not shown: they say nothing to a reader, and would let others test codes.
    """
    data: dict[str, Any] = {
        "exported_at": timezone.now().isoformat(),
        "account": {
            "email": user.email,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "language": user.language,
            "since": user.date_joined.isoformat(),
            "last_sign_in": _when(user.last_login),
            "codice_fiscale": "keyed hash" if user.fiscal_code_hash else None,
            "roles": roles.names_of(user_pk=user.pk),
            "second_factor": [
                {"kind": factor.type, "since": factor.created_at.isoformat()}
                for factor in Authenticator.objects.filter(user=user).order_by("pk")
            ],
            "gateway": [
                {"since": account.date_joined.isoformat()}
                for account in SocialAccount.objects.filter(user=user).order_by("pk")
            ],
        },
        "rolls": [
            {
                "roll": entry.roll.name,
                "reference_date": entry.roll.reference_date.isoformat(),
                "birth_date": entry.birth_date.isoformat(),
                "neighbourhood": str(entry.neighbourhood or ""),
                "state": entry.state,
            }
            for entry in _entries_of(user)
        ],
    }
    for contribute in hooks.get_hooks(DATA_HOOK):
        data |= contribute(user)
    return data


@transaction.atomic
def close(*, user: User) -> None:
    """Close an account for good: sign-in, name, address, roles and second factor are erased.

    What the person did officially stays, under "account closed"; roll entries belong to the roll.
    Raises LastAdministratorError for the only administrator of the site.
    """
    administrators = _administrators_locked()
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_superuser and administrators <= {user.pk}:
        raise LastAdministratorError(
            _(
                "You are the only administrator of this site. Give the role to somebody else, "
                "then close your account."
            )
        )
    for forget in hooks.get_hooks(CLOSING_HOOK):
        forget(user)
    for model in (Authenticator, SocialAccount, EmailAddress):
        model.objects.filter(user=user).delete()
    user.groups.clear()
    user.user_permissions.clear()
    user.email = f"closed-{secrets.token_hex(8)}{CLOSED_AT}"
    user.first_name = user.last_name = ""
    user.fiscal_code_hash = None
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save()


def _administrators_locked() -> set[int]:
    """Return who administers the site, locked: two who leave at once leave one after the other."""
    found = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    return set(found.select_for_update().values_list("pk", flat=True))


def _entries_of(user: User) -> list[RollEntry]:
    if user.fiscal_code_hash is None:
        return []
    return list(
        RollEntry.objects.filter(fiscal_code_hash=user.fiscal_code_hash)
        .select_related("roll", "neighbourhood")
        .order_by("roll__reference_date", "pk")
    )


def _when(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
