"""Signing in through the OpenID Connect gateway for SPID and CIE.

What the gateway says is reduced at once: of the codice fiscale and of the gateway's own name for
the person only keyed hashes are kept, and nothing else of its answer. A person who comes for the
first time proves an e-mail address with a code before an account is made or joined, so nobody gets
into somebody else's account by claiming its address.
"""

from typing import Any
from urllib.parse import urlencode

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from home.errors import DomainError

from . import fiscal_codes
from .models import User

_SESSION_KEY = "residents_gateway"


class IdentityTakenError(DomainError):
    """A digital identity that belongs to another account."""


class GatewayAdapter(DefaultSocialAccountAdapter):
    """What allauth asks the site about people who come from the gateway."""

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        """Take from the claims what the site needs, before allauth looks up or stores anything."""
        claims = _claims(sociallogin.account.extra_data)
        user = sociallogin.user
        user.email = _text(claims, "email", 254).lower()
        user.first_name = _text(claims, "first_name", 150)
        user.last_name = _text(claims, "last_name", 150)
        user.fiscal_code_hash = _fiscal_code_hash(_text(claims, "fiscal_code", 40))
        sociallogin.account.extra_data = {}
        sociallogin.account.uid = fiscal_codes.keyed_mark("gateway", sociallogin.account.uid).hex()
        sociallogin.email_addresses = []
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account; without one, ask for an e-mail code first."""
        if sociallogin.state.get("process") == "connect" and isinstance(request.user, User):
            try:
                _connect(User.objects.get(pk=request.user.pk), _as_kept(sociallogin))
            except IdentityTakenError as error:
                messages.error(request, str(error))
            else:
                messages.success(request, _("Your digital identity is connected."))
            raise ImmediateHttpResponse(redirect("residents:personal_area"))
        if sociallogin.is_existing:
            return
        claimed = sociallogin.user
        if claimed.fiscal_code_hash is not None:
            known = User.objects.filter(fiscal_code_hash=claimed.fiscal_code_hash).first()
            if known is not None:
                sociallogin.connect(request, known)
                return
        request.session[_SESSION_KEY] = _as_kept(sociallogin) | {"email": claimed.email}
        next_url = sociallogin.get_redirect_url(request)
        query = f"?{urlencode({'next': next_url})}" if next_url else ""
        raise ImmediateHttpResponse(redirect(reverse("account_login") + query))

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> Any:
        """Return the gateway of the settings; none is ever configured in the database."""
        from allauth.socialaccount.adapter import _build_apps_from_settings

        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing by e-mail: the person has just done it, with a code or at the gateway."""


def is_configured() -> bool:
    """Return whether this site has a gateway."""
    return bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"])


def name() -> str:
    """Return what people call the gateway."""
    return str(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["name"])


def pending_email(request: HttpRequest) -> str | None:
    """Return the address the gateway gave for somebody who waits for a code; None if nobody."""
    pending = request.session.get(_SESSION_KEY)
    return None if pending is None else str(pending["email"])


@transaction.atomic
def disconnect(*, user: User) -> None:
    """Forget who somebody is at the gateway and on the rolls, until they show it again there."""
    SocialAccount.objects.filter(user=user).delete()
    user.fiscal_code_hash = None
    user.save(update_fields=["fiscal_code_hash"])


def connect_pending(*, request: HttpRequest, user: User) -> None:
    """Join what the gateway said in this session to the account whose address was proven."""
    if (pending := request.session.pop(_SESSION_KEY, None)) is not None:
        _connect(user, pending)


@transaction.atomic
def _connect(user: User, kept: dict[str, str]) -> None:
    code_hash = bytes.fromhex(kept["fiscal_code_hash"]) or None
    own = user.fiscal_code_hash
    if code_hash and own is not None and bytes(own) != code_hash:
        raise IdentityTakenError(_("This account belongs to another digital identity."))
    others = User.objects.exclude(pk=user.pk)
    account, _is_new = SocialAccount.objects.get_or_create(
        provider=kept["provider"], uid=kept["uid"], defaults={"user": user, "extra_data": {}}
    )
    if account.user_id != user.pk or (
        code_hash and others.filter(fiscal_code_hash=code_hash).exists()
    ):
        raise IdentityTakenError(
            _("This digital identity is connected to another account: sign in with it there.")
        )
    changed = []
    for field in ("first_name", "last_name"):
        if kept[field] and not getattr(user, field):
            setattr(user, field, kept[field])
            changed.append(field)
    if code_hash:
        user.fiscal_code_hash = code_hash
        changed.append("fiscal_code_hash")
    user.save(update_fields=changed)


def _as_kept(sociallogin: SocialLogin) -> dict[str, str]:
    claimed = sociallogin.user
    return {
        "provider": sociallogin.account.provider,
        "uid": sociallogin.account.uid,
        "first_name": claimed.first_name,
        "last_name": claimed.last_name,
        "fiscal_code_hash": claimed.fiscal_code_hash.hex() if claimed.fiscal_code_hash else "",
    }


def _claims(answer: dict[str, Any]) -> dict[str, Any]:
    return {**(answer.get("id_token") or {}), **(answer.get("userinfo") or {})}


def _text(claims: dict[str, Any], fact: str, longest: int) -> str:
    return str(claims.get(settings.OIDC_CLAIMS[fact]) or "").strip()[:longest]


def _fiscal_code_hash(claim: str) -> bytes | None:
    # SPID writes TINIT- before the code.
    try:
        return fiscal_codes.parse(claim.upper().removeprefix("TINIT-")).hash
    except fiscal_codes.FiscalCodeError:
        return None
