"""Saying in words, in the admin, that something cannot be deleted because something else needs it.

Wagtail looks such things up in its reference index, which a worker fills a moment later; what it
has not heard of yet is refused by Django only when the deletion begins.
"""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _


class StillUsedMiddleware:
    """Answers a deletion that the database's rules forbid with a message instead of an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: BaseException
    ) -> HttpResponse | None:
        if not isinstance(exception, ProtectedError):
            return None
        users = sorted({str(user) for user in exception.protected_objects})
        messages.error(
            request,
            _("Nothing was deleted, because this still needs it: %(users)s.")
            % {"users": ", ".join(users[:5]) + (" …" if len(users) > 5 else "")},
        )
        return redirect("wagtailadmin_home")
