"""What search engines are told: the pages, and the records that the apps add."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from wagtail import hooks
from wagtail.models import Page

from .addresses import page_address
from .caching import public_page
from .visibility import readable_by_anybody


class PagesSitemap(Sitemap):
    """Pages that anybody may read, in each language; not those waiting for a translation."""

    limit = 5000

    def items(self) -> QuerySet[Page]:
        pages = Page.objects.filter(depth__gte=2, alias_of=None)
        return readable_by_anybody(pages).select_related("locale").order_by("path")

    def location(self, page: Page) -> str:
        return page_address(page.url_path, page.locale.language_code)

    def lastmod(self, page: Page) -> datetime | None:
        return page.last_published_at


@public_page(seconds=3600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Serve sitemap.xml."""
    sections: dict[str, type[Sitemap] | Sitemap] = {"pages": PagesSitemap}
    for offer in hooks.get_hooks("rione_sitemap"):
        sections.update(offer())
    return sitemap_view(request, sitemaps=sections)
