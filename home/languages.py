"""Which language is active, and which one a page is in where its address does not say it."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils.translation import get_language


def active_language() -> str:
    """Return the language that is active, in two letters; Italian where none is."""
    return (get_language() or "it")[:2]


class SiteLocaleMiddleware(LocaleMiddleware):
    """Django's, except that what is missing in the admin is not looked for among the pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.admin = reverse("wagtailadmin_home")

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.status_code == 404 and request.path_info.startswith(self.admin):
            return response
        return super().process_response(request, response)
