"""Forms of the sign-in pages and of the personal area."""

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

from home import limits

from .models import User

SECOND_FACTOR_ATTEMPTS = limits.Limit("second factor entered", times=10, seconds=900)
_CODE_INPUT = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


class EmailForm(forms.Form):
    """The address a code is sent to."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("This is not an e-mail address. It looks like anna@example.org."),
        },
    )


class _LimitedCodeMixin:
    """Counts the codes entered for a person, right or wrong."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]  # type: ignore[attr-defined]
        field.label = _("Code from your app, or a recovery code")
        field.widget.attrs = dict(_CODE_INPUT)

    def clean_code(self) -> str:
        person = str(self.user.pk)  # type: ignore[attr-defined]
        if not limits.take(SECOND_FACTOR_ATTEMPTS, subject=person):
            raise forms.ValidationError(
                _("Too many codes were entered. Wait a quarter of an hour, then try again.")
            )
        code: str = super().clean_code()  # type: ignore[misc]
        return code


class SecondFactorAtSignInForm(_LimitedCodeMixin, AuthenticateForm):
    """The second factor, asked while signing in."""


class SecondFactorAgainForm(_LimitedCodeMixin, ReauthenticateForm):
    """The second factor, asked before the admin or before it is changed."""


class SecondFactorSetUpForm(_LimitedCodeMixin, ActivateTOTPForm):
    """The first code of a new second factor, which shows that the app works."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The six digits your app shows now")


class ProfileForm(forms.ModelForm):
    """What people may change about themselves; nothing else of the account is in this form."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "language"]
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
        }


class CloseAccountForm(forms.Form):
    """The word that shows somebody means to close their account."""

    understood = forms.BooleanField(
        label=_("I understand that my account cannot be opened again"),
        error_messages={"required": _("Tick the box if you want to close your account.")},
    )
