"""Pages on which staff set up and show a second factor: allauth's, that lead on to the admin."""

from typing import Any

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from .. import second_factor

_private = [
    method_decorator(login_required, name="dispatch"),
    method_decorator(never_cache, name="dispatch"),
]


def _own(view: type) -> type:
    for decorate in _private:
        view = decorate(view)
    return view


@_own
class SetUpView(totp.ActivateTOTPView):
    """Shows the secret for the app and asks for its first code, which counts as shown."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        second_factor.record_shown(self.request, self.request.user, kind="totp")
        return response


@_own
class RecoveryCodesView(recovery_codes.ViewRecoveryCodesView):
    """Shows the recovery codes once, and the way on."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(go_on=second_factor.where_to_go_on(self.request), **kwargs)


@_own
class NewRecoveryCodesView(recovery_codes.GenerateRecoveryCodesView):
    pass


@_own
class RemoveView(totp.DeactivateTOTPView):
    pass


@_own
class OverviewView(base.IndexView):
    pass


@_own
class ShowAgainView(base.ReauthenticateView):
    pass


class ShowView(base.AuthenticateView):
    """Asks for the second factor while signing in; allauth keeps it out of caches."""
