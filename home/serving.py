"""Serving a page of the tree with few queries.

Wagtail walks down the tree from the site, a query or two per step; here the page is found by its
whole address. Whatever is not found this way goes Wagtail's own way, so that nothing is lost.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import JSONField
from django.db.models.expressions import RawSQL
from django.http import HttpRequest, HttpResponse
from wagtail import hooks
from wagtail.views import serve as wagtail_serve
from wagtail.views import serve_chain

from .addresses import HOME_DEPTH, PageVersion
from .languages import active_language
from .models import BasePage, HomePage
from .visibility import Unrestricted

# The columns of a PageVersion, and where they come from.
_VERSION = f"""
{Unrestricted.template % {"expressions": "version.path"}},
version.id, version.content_type_id, locale.language_code, version.url_path,
version.alias_of_id, version.live"""
_FROM = """
  FROM wagtailcore_page version
  JOIN wagtailcore_locale locale ON locale.id = version.locale_id"""
_OF_HOME = f"""
(SELECT jsonb_agg(jsonb_build_array({_VERSION})) {_FROM}
  WHERE version.translation_key = wagtailcore_page.translation_key)
"""
# At every request: as a query of Django it takes ten times longer to build than to run.
_VERSIONS = f"""
SELECT {_VERSION} {_FROM}
 WHERE version.translation_key IN (
       SELECT asked.translation_key
         FROM wagtailcore_page asked
         JOIN wagtailcore_locale spoken ON spoken.id = asked.locale_id
        WHERE asked.live AND asked.depth = %(depth)s AND spoken.language_code = %(language)s
          AND asked.slug = %(slug)s
          AND right(asked.url_path, length(%(way)s)) = %(way)s)
"""  # noqa: S608  constants


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Serve the page at an address below the language, or go Wagtail's way."""
    page = _find(path) if path else _find_home()
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


def _find_home() -> Any:
    """Return the home page in the active language; None where there is not just one. One query."""
    found = HomePage.objects.filter(
        live=True, depth=HOME_DEPTH, locale__language_code=active_language()
    ).annotate(versions_read=RawSQL(_OF_HOME, [], JSONField()))  # noqa: S611
    pages = list(found.order_by()[:2])
    if len(pages) != 1:
        return None
    page = pages[0]
    page.remember_versions([PageVersion(*row) for row in page.versions_read])
    return page


def _find(path: str) -> Any:
    """Return the page at an address below the language; None where there is not just one.

    Two queries: one finds the page and its translations, the other gets it whole.
    """
    language = active_language()
    way = path.split("/")[:-1]
    with connection.cursor() as cursor:
        cursor.execute(
            _VERSIONS,
            {
                "depth": HOME_DEPTH + len(way),
                "language": language,
                "slug": way[-1],
                "way": f"/{path}",
            },
        )
        versions = [PageVersion(*row) for row in cursor.fetchall()]
    own = [version for version in versions if version.language == language]
    if len(own) != 1:
        return None
    model = ContentType.objects.get_for_id(own[0].content_type_id).model_class()
    if model is None or not issubclass(model, BasePage):  # a kind of page that is not ours
        return None
    page = model.objects.filter(pk=own[0].pk).order_by().first()
    if page is not None:
        page.remember_versions(versions)
    return page
