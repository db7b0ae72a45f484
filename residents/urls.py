"""Addresses of this app, below the language prefix.

allauth asks for its own names, so those have no namespace.
"""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _

from .views import personal, second_factors, signing_in

sign_in_patterns: list[URLPattern | URLResolver] = [
    path(_("sign-in/"), signing_in.SignInView.as_view(), name="account_login"),
    path(_("sign-in/"), signing_in.SignInView.as_view(), name="account_request_login_code"),
    path(
        _("sign-in/code/"),
        signing_in.EnterCodeView.as_view(),
        name="account_confirm_login_code",
    ),
    path(_("sign-in/second-factor/"), second_factors.ShowView.as_view(), name="mfa_authenticate"),
    path(_("sign-in/off/"), signing_in.InactiveView.as_view(), name="account_inactive"),
    path(_("register/"), signing_in.register, name="account_signup"),
    path(_("sign-out/"), signing_in.SignOutView.as_view(), name="account_logout"),
]

second_factor_patterns: list[URLPattern | URLResolver] = [
    path("", second_factors.OverviewView.as_view(), name="mfa_index"),
    path(_("show/"), second_factors.ShowAgainView.as_view(), name="mfa_reauthenticate"),
    path(_("set-up/"), second_factors.SetUpView.as_view(), name="mfa_activate_totp"),
    path(_("remove/"), second_factors.RemoveView.as_view(), name="mfa_deactivate_totp"),
    path(
        _("recovery-codes/"),
        second_factors.RecoveryCodesView.as_view(),
        name="mfa_view_recovery_codes",
    ),
    path(
        _("recovery-codes/new/"),
        second_factors.NewRecoveryCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
]

account_patterns: list[URLPattern | URLResolver] = [
    path("", personal.area, name="personal_area"),
    path(_("my-data/"), personal.data, name="personal_data"),
    path(_("close/"), personal.close, name="close_account"),
    path(_("closed/"), personal.closed, name="account_closed"),
    path(_("disconnect/"), personal.disconnect_gateway, name="disconnect_gateway"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *sign_in_patterns,
    path(_("account/second-factor/"), include(second_factor_patterns)),
    path(_("account/"), include((account_patterns, "residents"))),
]

if settings.DEVELOPMENT_SIGN_IN:
    from .views import trying_out

    development_patterns = [
        path(_("sign-in/"), trying_out.sign_in_as, name="sign_in_as"),
        path(_("e-mails/"), trying_out.emails, name="emails"),
    ]
    urlpatterns += [
        path(_("development/"), include((development_patterns, "residents_development"))),
    ]
