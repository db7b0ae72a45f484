"""The pages every site has: home, sections that list what is below, pages to read."""

from collections.abc import Sequence
from typing import Any

from django.core.cache import cache
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Locale, Page, PageViewRestriction
from wagtail.search import index

from home import face, hooks
from home.addresses import HOME_DEPTH, PageVersion, page_address
from home.blocks import HomeBlocks, ReadingBlocks
from home.caching import has_messages, mark_cacheable
from home.gathering import Card, gather
from home.models.images import SHARED, attach_pictures
from home.searching import fold
from home.visibility import readable_by_anybody


class BasePage(Page):
    """What every page has: a summary for cards and search, a picture, its place in the site."""

    summary = models.TextField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences. Shown under the title, on cards and in search."),
    )
    image = models.ForeignKey(
        "home.RioneImage",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown on the card and when the page is shared."),
    )

    versions: Sequence[PageVersion] = ()
    """This page in every language, where it was found by its address."""

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("image")]
    search_fields = [
        *Page.search_fields,
        index.SearchField("folded_title", boost=10),
        index.SearchField("folded_text"),
    ]

    class Meta:
        abstract = True

    @property
    def folded_title(self) -> str:
        """Return the title without accents, so that “citta” finds “città”."""
        return fold(self.title)

    @property
    def folded_text(self) -> str:
        """Return all the text of the page without accents."""
        texts = [self.summary]
        for field in self._meta.get_fields():
            if isinstance(field, StreamField):
                texts += field.get_searchable_content(getattr(self, field.name))
        return fold(" ".join(texts))

    @property
    def content_language(self) -> str:
        """Return the language of the text: a page not yet translated shows its original."""
        if self.alias_of_id is None:
            return self.locale.language_code
        for version in self.versions:
            if version.pk == self.alias_of_id:
                return version.language
        return str(self.alias_of.locale.language_code)

    @property
    def address(self) -> str:
        """Return where the page stands on the site; no query."""
        return page_address(self.url_path, self.locale.language_code)

    def get_context(self, request: HttpRequest, *arguments: Any, **options: Any) -> dict[str, Any]:
        context = super().get_context(request, *arguments, **options)
        context["breadcrumbs"] = self.breadcrumbs()
        context["content_language"] = self.content_language
        return context

    def breadcrumbs(self) -> list[tuple[str, str | None]]:
        """Return the way from the home page to this one."""
        trail: list[tuple[str, str | None]] = [
            (str(_("Home")), f"/{self.locale.language_code}/"),
        ]
        if self.depth > HOME_DEPTH + 1:
            language = self.locale.language_code
            above = self.get_ancestors().live().filter(depth__gt=HOME_DEPTH)
            trail += [
                (title, page_address(url_path, language))
                for title, url_path in above.values_list("title", "url_path")
            ]
        return [*trail, (self.title, None)]

    def remember_versions(self, versions: Sequence[PageVersion]) -> None:
        """Keep what was learnt of this page and its translations when it was found."""
        self.versions = versions
        language = next(version.language for version in versions if version.pk == self.pk)
        self.locale = Locale(pk=self.locale_id, language_code=language)
        if any(version.pk == self.pk and version.is_open for version in versions):
            self._restrictions = PageViewRestriction.objects.none()

    def get_view_restrictions(self) -> "models.QuerySet[PageViewRestriction]":
        """Return what restricts this page or one above it; asked once per page."""
        if not hasattr(self, "_restrictions"):
            above = [
                self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)
            ]
            self._restrictions = PageViewRestriction.objects.filter(page__path__in=above)
        return self._restrictions

    def serve(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponse:
        response = super().serve(request, *arguments, **options)
        response.render()
        # A page that only some may read was let through by a session or a password.
        if not self.get_view_restrictions():
            mark_cacheable(request, response)
        return response


class HomePage(BasePage):
    """The first page, in each language."""

    body = StreamField(HomeBlocks(), verbose_name=_("content"), blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]
    template = "home/home_page.html"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *arguments: Any, **options: Any) -> dict[str, Any]:
        context = super().get_context(request, *arguments, **options)
        context["breadcrumbs"] = []
        context["body"] = self._body(request, context)
        return context

    def _body(self, request: HttpRequest, context: dict[str, Any]) -> SafeString:
        """Draw the parts of the page; for anonymous readers they are kept for some seconds.

        They are asked of every app, and the same for everybody who is not signed in.
        """
        keep = not has_messages(request) and not getattr(request, "is_preview", False)
        key = face.home_key(self.locale.language_code)
        kept: tuple[object, SafeString] | None = cache.get(key) if keep else None
        version = (self.pk, self.live_revision_id, self.last_published_at)
        if kept is not None and kept[0] == version:
            attach_pictures([self], SHARED)
            return kept[1]
        offered = hooks.home_sections(request)
        gather(self.body, [self, *hooks.pictured(offered)])
        sections = hooks.drawn(offered, request)
        html = render_to_string("home/home_body.html", {**context, "sections": sections}, request)
        if keep:
            cache.set(key, (version, html), face.KEPT_SECONDS)
        return html


class SectionPage(BasePage):
    """A section: an introduction and the pages below it, newest first or in their order."""

    PAGE_SIZE = 12

    class Order(models.TextChoices):
        NEWEST = "newest", _("newest first")
        TREE = "tree", _("in the order of the page tree")

    body = StreamField(ReadingBlocks(), verbose_name=_("introduction"), blank=True)
    child_order = models.CharField(
        _("order of the pages below"), max_length=10, choices=Order, default=Order.NEWEST
    )

    content_panels = [*BasePage.content_panels, FieldPanel("body"), FieldPanel("child_order")]
    parent_page_types = ["home.HomePage", "home.SectionPage"]
    template = "home/section_page.html"

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def get_context(self, request: HttpRequest, *arguments: Any, **options: Any) -> dict[str, Any]:
        context = super().get_context(request, *arguments, **options)
        below = readable_by_anybody(StandardPage.objects.child_of(self))
        if self.child_order == self.Order.TREE:
            below = below.order_by("path")
        else:
            below = below.order_by("-first_published_at", "-pk")
        page_obj = Paginator(below, self.PAGE_SIZE).get_page(request.GET.get("page"))
        page_obj.object_list = self._cards(page_obj.object_list)
        gather(self.body, [self, *page_obj.object_list])
        context["page_obj"] = page_obj
        return context

    def newest(self, count: int) -> list[Card]:
        """Return the newest pages below."""
        below = readable_by_anybody(StandardPage.objects.child_of(self))
        cards = self._cards(below.order_by("-first_published_at", "-pk")[:count])
        attach_pictures(cards)
        return cards

    def _cards(self, below: Any) -> list[Card]:
        language = self.locale.language_code
        rows = below.values_list(
            "title", "url_path", "summary", "image_id", "alias_of__locale__language_code"
        )
        return [
            Card(
                title=title,
                address=page_address(url_path, language),
                summary=summary,
                content_language=original or language,
                image_id=image_id,
            )
            for title, url_path, summary, image_id, original in rows
        ]


class StandardPage(BasePage):
    """A page to read. One with a role stands in the footer of every page."""

    class Role(models.TextChoices):
        ACCESSIBILITY = "accessibility", _("accessibility statement")
        PRIVACY = "privacy", _("privacy")
        LEGAL = "legal", _("legal notes")
        CONTACTS = "contacts", _("contacts")

    body = StreamField(ReadingBlocks(), verbose_name=_("content"), blank=True)
    role = models.CharField(
        _("place in the footer"),
        max_length=20,
        choices=Role,
        blank=True,
        default="",
        help_text=_("Leave empty for an ordinary page."),
    )

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    settings_panels = [
        *Page.settings_panels,
        MultiFieldPanel([FieldPanel("role")], heading=_("Footer")),
    ]
    parent_page_types = ["home.HomePage", "home.SectionPage", "home.StandardPage"]
    template = "home/standard_page.html"

    class Meta:
        verbose_name = _("page to read")
        verbose_name_plural = _("pages to read")

    def get_context(self, request: HttpRequest, *arguments: Any, **options: Any) -> dict[str, Any]:
        context = super().get_context(request, *arguments, **options)
        gather(self.body, [self])
        return context
