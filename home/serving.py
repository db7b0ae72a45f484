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
from wagtail.models import Page, Site
from wagtail.views import serve as wagtail_serve
from wagtail.views import serve_chain


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
    language = (translation.get_language() or "it")[:2]
    roots = {root.language_code: root.root_path for root in Site.get_site_root_paths()}
    if language not in roots:
        return None
    found = (
        Page.objects.filter(url_path=f"{roots[language]}{path}", live=True)
        .values_list("pk", "content_type_id")
        .first()
    )
    if found is None:
        return None
    pk, content_type_id = found
    model = ContentType.objects.get_for_id(content_type_id).model_class()
    to_serve = getattr(model, "to_serve", None)
    if to_serve is None:  # a kind of page that is not ours
        return None
    return to_serve().filter(pk=pk).first()
