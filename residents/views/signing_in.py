"""Pages on which people sign in and out. None is ever kept in a cache."""

from smtplib import SMTPException
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.decorators import login_stage_required
from allauth.account.mixins import NextRedirectMixin
from allauth.account.stages import LoginByCodeStage
from allauth.account.utils import get_login_redirect_url, passthrough_next_redirect_url
from allauth.account.views import ConfirmLoginCodeView, LogoutView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from django.views.generic.edit import FormView

from home.errors import DomainError

from .. import development, gateway
from ..forms import EmailForm
from ..sign_in import SignInProcess, allow_attempt, allow_code

NOT_SENT = (OSError, SMTPException)


def _mail_is_down() -> str:
    return _("The e-mail could not be sent just now. Try again in a few minutes.")


@method_decorator(never_cache, name="dispatch")
class SignInView(NextRedirectMixin, FormView):
    """Asks for an address and sends a code to it; registers who has no account yet."""

    form_class = EmailForm
    template_name = "account/login.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return redirect(get_login_redirect_url(request))
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"email": gateway.pending_email(self.request) or ""}

    def form_valid(self, form: EmailForm) -> HttpResponse:
        email = form.cleaned_data["email"]
        try:
            allow_code(email=email, request=self.request)
            SignInProcess.start(request=self.request, email=email)
        except DomainError as error:
            error.add_to(form)
        except NOT_SENT:
            form.add_error(None, _mail_is_down())
        if form.errors:
            return self.form_invalid(form)
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            gateway=gateway.name() if gateway.is_configured() else "",
            gateway_waits=gateway.pending_email(self.request) is not None,
            because=self.request.GET.get("because", ""),
            demonstration_people=development.people_by_role(),
            **kwargs,
        )


_in_code_stage = login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_login")


@method_decorator(_in_code_stage, name="dispatch")
class EnterCodeView(ConfirmLoginCodeView):
    """Asks for the code that was sent."""

    template_name = "account/confirm_login_code.html"
    problem = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.stage = request._login_stage  # type: ignore[attr-defined]
        process = SignInProcess.resume(self.stage)
        if process is None:
            return self._start_again("expired")
        self._process = process
        # Past allauth's own, which would resume its own kind of process.
        response: HttpResponse = super(ConfirmLoginCodeView, self).dispatch(
            request, *args, **kwargs
        )
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        email = self._process.state["email"]
        try:
            if self._action == "resend":
                allow_code(email=email, request=request)
            else:
                allow_attempt(email=email)
            response: HttpResponse = super().post(request, *args, **kwargs)
        except DomainError as error:
            self.problem = str(error)
        except NOT_SENT:
            self.problem = _mail_is_down()
        if self.problem:
            return self.render_to_response(self.get_context_data(form=self.form_class()))
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        if not self._process.record_invalid_attempt():
            return self._start_again("attempts")
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        minutes = app_settings.LOGIN_BY_CODE_TIMEOUT // 60
        return super().get_context_data(problem=self.problem, minutes=minutes, **kwargs)

    def _start_again(self, because: str) -> HttpResponse:
        url = self.passthrough_next_url(reverse("account_login"))
        return redirect(f"{url}{'&' if '?' in url else '?'}because={because}")


@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page: registering is signing in for the first time."""
    return redirect(
        passthrough_next_redirect_url(request, reverse("account_login"), REDIRECT_FIELD_NAME)
    )


@method_decorator(never_cache, name="dispatch")
class SignOutView(LogoutView):
    """Asks whether to sign out, and does."""


@method_decorator(never_cache, name="dispatch")
class InactiveView(TemplateView):
    """Says that the account is switched off."""

    template_name = "account/account_inactive.html"
