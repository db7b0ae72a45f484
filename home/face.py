"""What header and footer show on every page, kept for some seconds so that pages need not ask.

Another process may show a change up to `KEPT_SECONDS` later; this one shows it at once.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.utils import translation
from wagtail.models import Page

from . import hooks
from .addresses import HOME_DEPTH, page_address
from .hooks import NavigationItem
from .visibility import with_openness

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
    from .models import CitySettings

    city = (
        CitySettings.objects.filter(site__is_default_site=True)
        .select_related("logo")
        .prefetch_related("logo__renditions")
        .first()
    )
    # One query for both menus: what is in the main one, and pages with a place in the footer.
    rows = (
        Page.objects.filter(live=True, locale__language_code=language)
        .filter(Q(show_in_menus=True, depth=HOME_DEPTH + 1) | Q(standardpage__role__gt=""))
        .order_by("path")
    )
    navigation, footer_links = list(hooks.navigation_items()), []
    for place, (is_open, title, url_path, in_menu, depth, role) in enumerate(
        with_openness(rows).values_list(
            "is_open", "title", "url_path", "show_in_menus", "depth", "standardpage__role"
        )
    ):
        url = page_address(url_path, language)
        if in_menu and depth == HOME_DEPTH + 1 and is_open:
            navigation.append(NavigationItem(label=title, url=url, order=100 + place))
        if role:
            footer_links.append(NavigationItem(label=title, url=url, icon=role))
    navigation.sort(key=lambda item: item.order)
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
