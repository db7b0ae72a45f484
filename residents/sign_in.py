"""Signing in, and registering, with a code sent by e-mail.

One form does both: whoever enters an address gets a code at that address, and whoever enters the
code is signed in, with a new account if there was none. The site answers the same, and does the
same work, for an address it knows and for one it does not, so nobody can find out who has an
account. allauth keeps the state of an attempt in the session and rotates the session at the end.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from home import limits
from home.errors import DomainError
from home.languages import active_language
from home.network import client_address, client_network

from . import gateway, mail
from .models import User

# A mailbox gets few codes, and a network asks for a few more: a school shares one address.
CODES_PER_ADDRESS = (
    limits.Limit("sign-in code for an address", times=5, seconds=15 * limits.MINUTE),
    limits.Limit("sign-in code for an address", times=15, seconds=limits.DAY),
)
CODES_PER_NETWORK = (
    limits.Limit("sign-in code for a network", times=30, seconds=10 * limits.MINUTE),
    limits.Limit("sign-in code for a network", times=300, seconds=limits.DAY),
)
# Wrong and right codes together, over all codes and sessions of an address.
ATTEMPTS_PER_ADDRESS = (
    limits.Limit("sign-in code entered", times=20, seconds=limits.HOUR),
    limits.Limit("sign-in code entered", times=60, seconds=limits.DAY),
)


class TooManyCodesError(DomainError):
    """Codes were asked for too often."""


class TooManyAttemptsError(DomainError):
    """Codes were entered too often."""


def allow_code(*, email: str, request: HttpRequest) -> None:
    """Count a code that is asked for; raise TooManyCodesError beyond the limits.

    The answer says the same whichever limit was reached, and whether or not the address is known.
    """
    by_network = _within(CODES_PER_NETWORK, client_network(request))
    if not (by_network and _within(CODES_PER_ADDRESS, email)):
        raise TooManyCodesError(
            _("Too many codes were asked for. Wait a quarter of an hour, then try again."),
            field="email",
        )


def allow_attempt(*, email: str) -> None:
    """Count a code that is entered; raise TooManyAttemptsError beyond the limits."""
    if not _within(ATTEMPTS_PER_ADDRESS, email):
        raise TooManyAttemptsError(
            _("Too many codes were entered. Wait an hour, then ask for a new one."), field="code"
        )


def account_for(*, email: str, language: str) -> User:
    """Return the account of an address that its owner has just proven, new if there is none."""
    email = email.lower()
    try:
        with transaction.atomic():
            return User.objects.create_user(email, language=language)
    except IntegrityError:
        return User.objects.get(email=email)


class SignInProcess(LoginCodeVerificationProcess):
    """An attempt to sign in: the same whether the address has an account or not."""

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:
        code = self.generate_code()
        get_adapter().send_mail("account/email/login_code", email, {"code": code})

    def finish(self, redirect_url: str | None) -> HttpResponse:
        if self.user is None:
            self._user = account_for(email=self.state["email"], language=active_language())
        gateway.connect_pending(request=self.request, user=self.user)
        response: HttpResponse = super().finish(redirect_url)
        return response

    @classmethod
    def start(cls, *, request: HttpRequest, email: str) -> None:
        """Send a code to the address and remember the attempt in the session."""
        user = User.objects.filter(email=email.lower(), is_active=True).first()
        login = Login(user=user, email=email)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=user, email=email), initiated_by_user=True)
        process = cls(stage=stage)
        process.send()
        process.persist()

    @classmethod
    def resume(cls, stage: LoginByCodeStage) -> "SignInProcess | None":
        """Return the attempt kept in the session, or None when it is too old."""
        process: SignInProcess | None = cls(stage=stage).abort_if_invalid()
        return process


class AccountAdapter(DefaultAccountAdapter):
    """What allauth asks the site: how e-mails look, where a request comes from, what is said."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("This is not the code. Look at the latest e-mail and try again."),
        "rate_limited": _("That was too quick. Wait a minute, then try again."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        language = User.objects.filter(email=email.lower()).values_list("language", flat=True)
        mail.send(
            template=template_prefix,
            to=email,
            language=language.first() or active_language(),
            context=context | {"email": email},
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        address = email or str(getattr(user, user.get_email_field_name()))
        super().send_notification_mail(template_prefix, user, context, address)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing beside the page: each page says what happened itself."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead staff who did not say where they wanted to go to the administration."""
        if request.user.has_perm("wagtailadmin.access_admin"):
            return reverse("wagtailadmin_home")
        return str(super().get_login_redirect_url(request))

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return f"/{active_language()}/"


def _within(several: tuple[limits.Limit, ...], subject: str) -> bool:
    # Every limit counts, also when an earlier one is already passed.
    results = [limits.take(limit, subject=subject) for limit in several]
    return all(results)
