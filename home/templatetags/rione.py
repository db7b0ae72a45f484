"""What templates of all apps use: icons, money, addresses in the other language."""

import datetime
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, ResolverMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Page

from home import dates, hooks
from home.hooks import NavigationItem
from home.languages import active_language
from home.money import format_money
from home.visibility import readable_by_anybody

register = template.Library()

_SYMBOL = re.compile(
    r'<symbol id="(?P<name>[\w-]+)" viewBox="(?P<box>[^"]*)">(?P<paths>.*?)</symbol>'
)
_LANGUAGE_NAMES = {"it": "Italiano", "en": "English"}


@dataclass(frozen=True)
class Alternate:
    """The same page in one language.

    `exists` is false where that language has no such page, `announced` also where it waits for its
    translation.
    """

    language: str
    name: str
    url: str
    current: bool
    exists: bool
    announced: bool


@cache
def _drawn_icons() -> dict[str, tuple[str, str]]:
    # One icon inside the page weighs 300 bytes, Bootstrap Italia's sheet of all icons 94,000.
    sheet = files("bootstrap_italia_template") / "static" / "svg" / "sprites.svg"
    return {
        found["name"]: (found["box"], found["paths"])
        for found in _SYMBOL.finditer(sheet.read_text(encoding="utf-8"))
    }


@register.simple_tag
def icon(name: str, size: str = "sm", label: str = "", colour: str = "") -> SafeString:
    """Draw an icon of Bootstrap Italia: `{% icon "it-calendar" %}`.

    `size` is xs, sm, md, lg or xl; `colour` one of Bootstrap Italia's (primary, success, white).
    Without `label` screen readers skip it: write the word beside it. KeyError for a wrong name.
    """
    return _icon(name, size, str(label), colour)


@lru_cache(maxsize=1024)  # some pages show the same few a hundred times
def _icon(name: str, size: str, label: str, colour: str) -> SafeString:
    box, paths = _drawn_icons()[name]
    meaning = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    colour_class = f" icon-{colour}" if colour else ""
    return format_html(
        '<svg class="icon icon-{}{}" viewBox="{}" {} focusable="false">{}</svg>',
        size,
        colour_class,
        box,
        meaning,
        mark_safe(paths),  # noqa: S308  from Bootstrap Italia's own file
    )


@register.filter
def money(cents: int | None, currency: str = "EUR") -> str:
    """Write an amount of hundredths as people do (`format_money`); None gives an empty text."""
    return "" if cents is None else format_money(cents, currency)


@register.simple_tag
def source_code_url() -> str:
    """Return the address of the source code of this version, empty where it is not set."""
    return str(settings.SOURCE_CODE_URL)


@register.filter
def day_in_full(when: datetime.date | None) -> str:
    """Write a day in full (`format_day`); None gives an empty text."""
    return "" if when is None else dates.format_day(when)


@register.filter
def moment_in_full(when: datetime.datetime | None) -> str:
    """Write a moment in full (`format_moment`); None gives an empty text."""
    return "" if when is None else dates.format_moment(when)


@register.filter
def percent_of(part: float | None, whole: float | None) -> float:
    """Return how much of `whole` the part is, from 0 to 100, for drawing; 0 without a whole."""
    if not part or not whole:
        return 0.0
    return max(0.0, min(100.0, round(float(part) / float(whole) * 100, 2)))


@register.filter
def drawn(number: float) -> str:
    """Write a number for an SVG attribute: a point as decimal mark in every language."""
    return f"{float(number):g}"


@register.simple_tag(takes_context=True)
def language_alternates(context: template.Context) -> list[Alternate]:
    """Return the addresses of this page in every language of the site, for links and hreflang.

    A page of the site's tree leads to its published translation, a record view to the same view,
    an error page to the home pages. A page that waits for its translation is led to, but not
    announced: its text is in the other language.
    """
    request: HttpRequest | None = context.get("request")
    current = active_language()
    urls, waiting = _alternate_urls(context, request)
    return [
        Alternate(
            language=code,
            name=_LANGUAGE_NAMES[code],
            url=urls.get(code) or f"/{code}/",
            current=code == current,
            exists=code in urls,
            announced=code in urls and code not in waiting,
        )
        for code, _name in settings.LANGUAGES
    ]


def _alternate_urls(
    context: template.Context, request: HttpRequest | None
) -> tuple[dict[str, str], set[str]]:
    """Return the address in each language, and the languages that wait for a translation."""
    if "alternate_urls" in context:
        return context["alternate_urls"], set()
    page = context.get("page")
    if versions := getattr(page, "versions", None):
        readable = [version for version in versions if version.live and version.is_open]
        return (
            {version.language: version.address for version in readable},
            {version.language for version in readable if version.alias_of_id},
        )
    if isinstance(page, Page):
        translations = readable_by_anybody(
            Page.objects.filter(translation_key=page.translation_key)
        ).select_related("locale")
        urls = {each.locale.language_code: each.get_url() or "" for each in translations}
        return urls, {each.locale.language_code for each in translations if each.alias_of_id}
    if request is None or request.resolver_match is None:
        return {}, set()
    match = request.resolver_match
    codes = [code for code, _name in settings.LANGUAGES]
    return {code: _address_in(code, match) or request.path for code in codes}, set()


def _address_in(language: str, match: ResolverMatch) -> str:
    """Return the address of a view in a language, empty if there is none.

    Django's `translate_url` would resolve the address of the page once more for each language.
    """
    with override(language):
        try:
            return reverse(match.view_name, args=match.args, kwargs=match.kwargs)
        except NoReverseMatch:
            return ""


@register.simple_tag
def absolute_url(path: str) -> str:
    """Return the address with the site's name before it, for canonical links and previews."""
    if path.startswith(("http://", "https://")):
        return path
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}"


@register.simple_tag
def url_or_nothing(name: str) -> str:
    """Return the address of a view that a higher app may offer, or an empty text."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def personal_links(context: template.Context) -> list[NavigationItem]:
    """Return the links for the signed-in person; for staff also to the admin."""
    request = context["request"]
    items = hooks.person_items(request)
    if request.user.has_perm("wagtailadmin.access_admin"):
        items.append(NavigationItem(_("Administration"), reverse("wagtailadmin_home"), order=500))
        page = context.get("page")
        if isinstance(page, Page) and page.pk:
            edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
            items.append(NavigationItem(_("Edit this page"), edit, order=501))
    return sorted(items, key=lambda item: item.order)


@register.simple_tag(takes_context=True)
def page_address(context: template.Context, number: int) -> str:
    """Return this page's query text with another page number: filters stay in the address.

    A page with several lists gives each its `page_parameter`.
    """
    name = context.get("page_parameter", "page")
    query = context["request"].GET.copy()
    query.pop(name, None)
    if number > 1:
        query[name] = str(number)
    text = query.urlencode()
    return f"?{text}" if text else "?"


@register.filter
def described_by(field: Any) -> SafeString:
    """Draw a form field with its help and errors tied to it (aria-describedby, aria-invalid)."""
    ids = []
    if field.help_text:
        ids.append(f"{field.id_for_label}-help")
    if field.errors:
        ids.append(f"{field.id_for_label}-error")
    attrs: dict[str, Any] = {}
    if ids and field.id_for_label:
        attrs["aria-describedby"] = " ".join(ids)
    if field.errors:
        attrs["aria-invalid"] = "true"
    widget = field.field.widget
    given = widget.attrs.get("class", "")
    kind = getattr(widget, "input_type", "")
    if kind in ("checkbox", "radio"):
        attrs["class"] = f"{given} form-check-input".strip()
    elif kind == "select":
        attrs["class"] = f"{given} form-select".strip()
    elif kind != "hidden":
        attrs["class"] = f"{given} form-control".strip()
    if field.errors and "class" in attrs:
        attrs["class"] += " is-invalid"
    return field.as_widget(attrs=attrs)


@register.filter
def field_kind(field: Any) -> str:
    """Say how a form field is laid out: "hidden", "group" (several boxes), "checkbox" or "line"."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if widget.use_fieldset:
        return "group"
    return "checkbox" if getattr(widget, "input_type", "") == "checkbox" else "line"
