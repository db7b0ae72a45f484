"""What header and footer show on every page, kept for some seconds so that pages need not ask.

Another process may show a change up to `KEPT_SECONDS` later; this one shows it at once.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.utils import translation
from wagtail.models import Page

from . import hooks
from .hooks import NavigationItem
from .visibility import readable_by_anybody

KEPT_SECONDS = 30
_KEY = "home.face.{}"
_HOME_KEY = "home.body.{}"


@dataclass(frozen=True)
class Face:
    """The city's texts and links in one language; without arguments, what an empty site shows."""

    city_name: str = "Rione"
    site_name: str = "Rione"
    tagline: str = ""
    region_name: str = ""
    region_url: str = ""
    logo_url: str = ""
    address: str = ""
    telephone: str = ""
    email: str = ""
    certified_email: str = ""
    vat_number: str = ""
    accessibility_feedback_email: str = ""
    accessibility_statement_url: str = ""
    footer_text: str = ""
    primary_colour: str = "#0066cc"
    navigation: list[NavigationItem] = field(default_factory=list)
    footer_links: list[NavigationItem] = field(default_factory=list)

    @property
    def theme_version(self) -> str:
        """Return a short text that changes with the colour, so that the style sheet can be kept."""
        return hashlib.sha256(self.primary_colour.encode()).hexdigest()[:8]


def face() -> Face:
    """Return the face of the site in the active language."""
    language = (translation.get_language() or "it")[:2]
    kept = cache.get(_KEY.format(language))
    if kept is None:
        kept = _load(language)
        cache.set(_KEY.format(language), kept, KEPT_SECONDS)
    return kept


def forget_face(**_: Any) -> None:
    """Load everything again at the next page; connected to what the face is made of."""
    keys = [key.format(language) for key in (_KEY, _HOME_KEY) for language in ("it", "en")]
    cache.delete_many(keys)


def home_key(language: str) -> str:
    """Return where the parts of the home page in a language are kept."""
    return _HOME_KEY.format(language)


def _load(language: str) -> Face:
    from .models import CitySettings, StandardPage

    city = (
        CitySettings.objects.filter(site__is_default_site=True)
        .select_related("logo")
        .prefetch_related("logo__renditions")
        .first()
    )
    pages = readable_by_anybody(Page.objects.filter(locale__language_code=language))
    menu = pages.filter(show_in_menus=True, depth=3).order_by("path")
    footer = (
        StandardPage.objects.live()
        .filter(locale__language_code=language)
        .exclude(role="")
        .order_by("path")
    )
    links = [
        NavigationItem(label=page.title, url=page.get_url() or "", order=100 + place)
        for place, page in enumerate(menu)
    ]
    navigation = sorted([*hooks.navigation_items(), *links], key=lambda item: item.order)
    footer_links = [
        NavigationItem(label=page.title, url=page.get_url() or "", icon=page.role)
        for page in footer
    ]
    if city is None:
        return Face(navigation=navigation, footer_links=footer_links)
    return Face(
        city_name=city.city_name,
        site_name=city.site_name,
        tagline=city.tagline,
        region_name=city.region_name,
        region_url=city.region_url,
        logo_url=city.logo.get_rendition("max-164x164").url if city.logo else "",
        address=city.address,
        telephone=city.telephone,
        email=city.email,
        certified_email=city.certified_email,
        vat_number=city.vat_number,
        accessibility_feedback_email=city.accessibility_feedback_email,
        accessibility_statement_url=city.accessibility_statement_url,
        footer_text=city.footer_text,
        primary_colour=city.primary_colour,
        navigation=navigation,
        footer_links=footer_links,
    )
