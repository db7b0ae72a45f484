"""The second factor of the people who work for the city.

Whoever may enter the admin enters it only in a session in which a second factor was shown; without
one they are led to set it up or to show it, and then back. The public site needs none.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

_NEXT_KEY = "residents_second_factor_next"
# They show nothing of the city's data, and the sign-in pages of the admin need them.
_OPEN_TO_ALL = ("wagtailadmin_sprite", "wagtailadmin_javascript_catalog", "wagtailadmin_logout")


def is_shown(request: HttpRequest) -> bool:
    """Return whether this session's person has shown a second factor in it."""
    return any(
        record.get("method") == "mfa"
        for record in get_authentication_records(request, request.user)
    )


def is_staff_session(request: HttpRequest) -> bool:
    """Return whether somebody who works for the city is here, second factor shown.

    For pages outside the admin that show more to staff than to others.
    """
    return request.user.has_perm("wagtailadmin.access_admin") and is_shown(request)


def record_shown(request: HttpRequest, user: AbstractBaseUser, *, kind: str) -> None:
    """Note in the session that a second factor was shown just now."""
    record_authentication(request, user, "mfa", type=kind, reauthenticated=True)


def has_any(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether the person has set up a second factor."""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def remove(user: AbstractBaseUser) -> None:
    """Remove somebody's second factor and recovery codes, and tell them by e-mail."""
    deleted, _by_model = Authenticator.objects.filter(user_id=user.pk).delete()
    if deleted:
        address = str(getattr(user, user.get_email_field_name()))
        transaction.on_commit(
            lambda: get_account_adapter().send_mail("mfa/email/totp_deactivated", address, {})
        )


def page_for(request: HttpRequest, *, then: str) -> HttpResponseRedirect:
    """Return the way to set up or show the second factor, which ends at `then`.

    In the person's language: the admin's addresses name none.
    """
    with translation.override(getattr(request.user, "language", None)):
        if has_any(request.user):
            return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': then})}")
        request.session[_NEXT_KEY] = then
        return redirect("mfa_activate_totp")


def where_to_go_on(request: HttpRequest) -> str:
    """Return where the person wanted to go before setting up a second factor, or ""."""
    url = str(request.session.get(_NEXT_KEY, ""))
    safe = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if safe else ""


class SecondFactorAdapter(DefaultMFAAdapter):
    """What allauth's second factor asks the site."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This is not the code your app shows now. Wait for the next one."),
    }

    def get_totp_issuer(self) -> str:
        return str(settings.WAGTAIL_SITE_NAME)


class SecondFactorMiddleware:
    """Stands before every address of the admin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.root = reverse("wagtailadmin_home")
        self.login = reverse("wagtailadmin_login")
        self.open = {reverse(name) for name in _OPEN_TO_ALL}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(self.root) and request.path_info not in self.open:
            response = self._keep_out(request)
            if response is not None:
                return response
        return self.get_response(request)

    def _keep_out(self, request: HttpRequest) -> HttpResponse | None:
        if request.path_info == self.login or not request.user.is_authenticated:
            wanted = request.GET.get("next", self.root)
            if request.path_info != self.login:
                wanted = request.get_full_path()
            if _wants_a_page(request):
                return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")
            raise PermissionDenied
        if not request.user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied
        if is_shown(request):
            return None
        if not _wants_a_page(request):
            raise PermissionDenied
        # What was sent would be lost on the way; whoever sent it comes back to the page.
        return page_for(request, then=request.get_full_path())


def _wants_a_page(request: HttpRequest) -> bool:
    return (
        request.headers.get("X-Requested-With") != "XMLHttpRequest"
        and "Hx-Request" not in request.headers
        and "application/json" not in request.headers.get("Accept", "").split(",")[0]
    )
