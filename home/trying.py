"""What only somebody who tries the site on their own computer meets."""

from collections.abc import Callable

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from .views import page_not_found


class OwnNotFoundMiddleware:
    """Shows the site's own page for what is not there, where Django would show its list of routes.

    The last of the middleware, in the settings that have DEBUG on. Errors keep their traceback.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            resolve(request.path_info)
        except Resolver404 as error:
            return page_not_found(request, error)
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Answer a view that did not find what it looked for."""
        return page_not_found(request, exception) if isinstance(exception, Http404) else None
