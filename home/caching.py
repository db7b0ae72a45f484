"""Who may keep a copy of a page: everybody when nobody is signed in, nobody otherwise.

A request without a session cookie is anonymous: it is answered without looking for a session, so
that the page carries no cookie and does not vary on one. A reverse proxy may keep it, provided it
passes requests with a session cookie through (docs/operating.md).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils.cache import patch_cache_control

PUBLIC_SECONDS = 60
_MESSAGES_COOKIE = "messages"


def is_anonymous(request: HttpRequest) -> bool:
    """Whether the request carries no sign of a person, without opening a session."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES


def has_messages(request: HttpRequest) -> bool:
    """Whether a message may be waiting for this person, without looking."""
    return not is_anonymous(request) or _MESSAGES_COOKIE in request.COOKIES


def mark_cacheable(
    request: HttpRequest, response: HttpResponseBase, *, seconds: int = PUBLIC_SECONDS
) -> None:
    """Say that anybody may keep this answer for so many seconds, if nobody is signed in."""
    if response.has_header("Cache-Control"):
        return
    if (
        request.method in ("GET", "HEAD")
        and response.status_code == 200
        and not has_messages(request)
        and not response.cookies
    ):
        patch_cache_control(response, public=True, max_age=seconds)


def public_page(
    view: Callable[..., HttpResponse] | None = None, *, seconds: int = PUBLIC_SECONDS
) -> Any:
    """Mark a view whose page is the same for every anonymous reader: `@public_page`.

    Such a view uses no session, CSRF token or message for an anonymous reader. For signed-in
    people the middleware below says `private, no-store`.
    """

    def decorate(decorated: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(decorated)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = decorated(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response.render()
            mark_cacheable(request, response, seconds=seconds)
            return response

        return wrapper

    return decorate(view) if view is not None else decorate


class CachingMiddleware:
    """Forbids copies of whatever was made for a signed-in person and says nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if has_messages(request) and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response
