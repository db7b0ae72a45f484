"""Pages that are not in the page tree: search, the city's colours, errors."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from .addresses import home_crumb
from .caching import public_page
from .colours import shade, tint
from .face import Face, face
from .languages import active_language
from .searching import SHORTEST_QUERY, asked_words, is_called, search_everything

RESULTS_PER_PAGE = 20
THEME_SECONDS = 86_400


@public_page
def search(request: HttpRequest) -> HttpResponse:
    """Find pages and records; filter by kind; say what to try when nothing is found."""
    query = asked_words(request)
    chosen = request.GET.get("kind", "")
    language = active_language()
    found = search_everything(query=query, language=language)
    kinds = [
        {"key": source.key, "label": source.label, "count": len(results)}
        for source, results in found
        if results
    ]
    results = [
        result for source, results in found for result in results if chosen in ("", source.key)
    ]
    results.sort(key=lambda result: not is_called(result, query))
    return render(
        request,
        "home/search.html",
        {
            "query": query,
            "too_short": bool(query) and len(query) < SHORTEST_QUERY,
            "chosen": chosen,
            "kinds": kinds,
            "everything": sum(int(str(kind["count"])) for kind in kinds),
            "page_obj": Paginator(results, RESULTS_PER_PAGE).get_page(request.GET.get("page")),
            "breadcrumbs": [home_crumb(), (_("Search"), None)],
        },
    )


def favicon(request: HttpRequest) -> HttpResponse:
    """Send browsers to the icon where no page names it: records, data, texts."""
    response = HttpResponsePermanentRedirect(static("images/favicon-32.png"))
    patch_cache_control(response, public=True, max_age=THEME_SECONDS)
    return response


def robots(request: HttpRequest) -> HttpResponse:
    """Serve robots.txt: the administration and lists of results are nobody's business."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        *[f"Disallow: {address}" for address in _search_addresses()],
        "",
        f"Sitemap: {settings.WAGTAILADMIN_BASE_URL.rstrip('/')}/sitemap.xml",
        "",
    ]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    patch_cache_control(response, public=True, max_age=THEME_SECONDS)
    return response


def _search_addresses() -> list[str]:
    addresses = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            addresses.append(reverse("search"))
    return addresses


def theme(request: HttpRequest) -> HttpResponse:
    """Serve the city's colour and its shades as a style sheet: a page carries no inline style."""
    colour = face().primary_colour
    names = {
        "primary": colour,
        "primary-dark": shade(colour, 0.75),
        "primary-darker": shade(colour, 0.5),
        "primary-light": tint(colour, 0.1),
    }
    variables = "".join(f"--rione-{name}:{value};" for name, value in names.items())
    response = HttpResponse(f":root{{{variables}}}\n", content_type="text/css; charset=utf-8")
    patch_cache_control(response, public=True, max_age=THEME_SECONDS)
    response["ETag"] = f'"{hashlib.sha256(variables.encode()).hexdigest()[:16]}"'
    return response


def _error(request: HttpRequest, status: int, **more: Any) -> HttpResponse:
    response = render(request, f"{status}.html", more, status=status)
    patch_cache_control(response, no_store=True)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be understood."""
    return _error(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer somebody who may not see this."""
    return _error(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose protection token is missing or too old."""
    return _error(request, 403, is_csrf_failure=True)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return _error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when something broke, perhaps the database: nothing here may need it."""
    try:
        shown = face()
    except (DatabaseError, OSError):
        shown = Face()
    language = "en" if request.path.startswith("/en/") else "it"
    with translation.override(language):
        text = render_to_string("500.html", {"face": shown, "alternate_urls": {}})
    response = HttpResponse(text, status=500)
    patch_cache_control(response, no_store=True)
    return response
