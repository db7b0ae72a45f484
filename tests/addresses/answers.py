"""What a person meets at an address, in a word."""

from typing import Any

from django.contrib.messages import ERROR
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from .resolver import LANGUAGE

OPEN = "open"  # a page, a file; to POST also a form that is shown again with its errors
DONE = "done"  # POST has changed something
MOVED = "moved"  # somewhere else on the site
PASSWORD = "password"  # the page asks for the password that opens it
SIGN_IN = "sign-in"
SECOND_FACTOR = "second-factor"
REFUSED = "refused"
ABSENT = "absent"
NO_METHOD = "no-method"
INVALID = "invalid"  # the form is shown again with what is wrong, or nothing is
# Nothing of what stands at the address was seen or changed.
SHUT = {PASSWORD, SIGN_IN, SECOND_FACTOR, REFUSED, ABSENT, NO_METHOD}
_BY_STATUS = {200: OPEN, 400: INVALID, 403: REFUSED, 404: ABSENT, 405: NO_METHOD, 422: INVALID}


def answer(response: Any, *, changed: bool) -> str:
    """Name an answer; one that has no name here is its number."""
    request: HttpRequest = response.wsgi_request
    status = response.status_code
    if any("password_required" in str(template.name) for template in response.templates):
        return PASSWORD
    if status not in (301, 302, 303, 307, 308):
        return DONE if status == 200 and changed else _BY_STATUS.get(status, str(status))
    to = response.headers["Location"].split("?")[0]
    if to == f"/{LANGUAGE}{request.path}":
        # What is not found is looked for below the language; no address here is there twice.
        return ABSENT
    with translation.override(LANGUAGE):
        if to == reverse("account_login"):
            return SIGN_IN
        if to in (reverse("mfa_reauthenticate"), reverse("mfa_activate_totp")):
            return SECOND_FACTOR
        if to == reverse("wagtailadmin_home") and _told_off(request):
            return REFUSED
    return DONE if changed else MOVED


def _told_off(request: HttpRequest) -> bool:
    # Wagtail refuses by going to its first page with a message.
    queued = getattr(getattr(request, "_messages", None), "_queued_messages", [])
    return any(message.level == ERROR for message in queued)
