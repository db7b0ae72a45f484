"""Serving a page of the tree with few queries.

Wagtail walks down the tree from the site, a query or two per step; here the page is found by its
whole address. Whatever is not found this way goes Wagtail's own way, so that nothing is lost.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from wagtail import hooks
from wagtail.models import Page
from wagtail.views import serve as wagtail_serve
from wagtail.views import serve_chain

from .addresses import HOME_DEPTH, PageVersion
from .visibility import with_openness


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Serve the page at an address below the language, or go Wagtail's way."""
    page = _find(path)
    if page is None:
        return wagtail_serve(request, path)
    chain: Callable[..., HttpResponse] = serve_chain
    for wrap in reversed(hooks.get_hooks("on_serve_page")):
        chain = wrap(chain)
    for before in hooks.get_hooks("before_serve_page"):
        response = before(page, request, [], {})
        if isinstance(response, HttpResponse):
            return response
    return chain(page, request, [], {})


def _find(path: str) -> Any:
    """Return the page at an address below the language; None where there is not just one.

    Two queries: one finds the page and its translations, the other gets it whole.
    """
    language = (translation.get_language() or "it")[:2]
    way = path.split("/")[:-1]
    asked = Page.objects.filter(
        live=True, depth=HOME_DEPTH + len(way), locale__language_code=language
    )
    if way:
        asked = asked.filter(slug=way[-1], url_path__endswith=f"/{path}")
    found = with_openness(
        Page.objects.filter(translation_key__in=asked.order_by().values("translation_key"))
    )
    versions = [
        PageVersion(*row)
        for row in found.order_by().values_list(
            "is_open",
            "pk",
            "content_type_id",
            "locale__language_code",
            "url_path",
            "alias_of_id",
            "live",
        )
    ]
    own = [version for version in versions if version.language == language]
    if len(own) != 1:
        return None
    model = ContentType.objects.get_for_id(own[0].content_type_id).model_class()
    to_serve = getattr(model, "to_serve", None)
    if to_serve is None:  # a kind of page that is not ours
        return None
    page = to_serve().filter(pk=own[0].pk).order_by().first()
    if page is not None:
        page.remember_versions(versions)
    return page
