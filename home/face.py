"""What header and footer show on every page, kept for some seconds so that pages need not ask.

Another process may show a change up to `KEPT_SECONDS` later; this one shows it at once.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import JSONField, TextField
from django.db.models.expressions import RawSQL
from wagtail.models import Site

from . import hooks
from .addresses import HOME_DEPTH, page_address
from .hooks import NavigationItem
from .languages import active_language
from .visibility import Unrestricted

KEPT_SECONDS = 30
LOGO = "max-164x164"
_KEY = "home.face.{}"
_HOME_KEY = "home.body.{}"

# In SQL: as queries of Django they take longer to build than to run.
# What is in the main menu, and pages with a place in the footer.
_MENUS = f"""
SELECT jsonb_agg(jsonb_build_object('title', title, 'url_path', url_path, 'in_menu', in_menu,
                                    'role', role) ORDER BY path)
  FROM (SELECT page.*, coalesce(standard.role, '') AS role,
               show_in_menus AND depth = %s
               AND {Unrestricted.template % {"expressions": "page.path"}} AS in_menu
          FROM wagtailcore_page page
          JOIN wagtailcore_locale locale ON locale.id = page.locale_id
          LEFT JOIN home_standardpage standard ON standard.page_ptr_id = page.id
         WHERE page.live AND locale.language_code = %s) shown
 WHERE in_menu OR role > ''
"""  # noqa: S608  constants
_LOGO_FILE = """
SELECT file FROM home_rionerendition
 WHERE image_id = home_citysettings.logo_id AND filter_spec = %s AND focal_point_key = '' LIMIT 1
"""


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
    language = active_language()
    kept = cache.get(_KEY.format(language))
    if kept is None:
        kept = _load(language)
        cache.set(_KEY.format(language), kept, KEPT_SECONDS)
    return kept


def forget_face(**_: Any) -> None:
    """Load everything again at the next page; connected to what the face is made of.

    Once more after the commit, since others may have loaded it from the old rows meanwhile.
    """
    keys = [key.format(language) for key in (_KEY, _HOME_KEY) for language in ("it", "en")]
    cache.delete_many(keys)
    transaction.on_commit(lambda: cache.delete_many(keys))


def home_key(language: str) -> str:
    """Return where the parts of the home page in a language are kept."""
    return _HOME_KEY.format(language)


def _load(language: str) -> Face:
    """Ask for the city and both menus; one query, one more where the logo has no such size yet."""
    from .models import CitySettings

    site = (
        Site.objects.filter(is_default_site=True)
        .select_related("citysettings")
        .annotate(
            menus=RawSQL(_MENUS, [HOME_DEPTH + 1, language], JSONField()),  # noqa: S611
            logo_file=RawSQL(_LOGO_FILE, [LOGO], TextField()),  # noqa: S611
        )
        .first()
    )
    navigation, footer_links = list(hooks.navigation_items()), []
    for place, row in enumerate((site and site.menus) or []):
        url = page_address(row["url_path"], language)
        if row["in_menu"]:
            navigation.append(NavigationItem(label=row["title"], url=url, order=100 + place))
        if row["role"]:
            footer_links.append(NavigationItem(label=row["title"], url=url, icon=row["role"]))
    navigation.sort(key=lambda item: item.order)
    city: CitySettings | None = getattr(site, "citysettings", None)
    if city is None:
        return Face(navigation=navigation, footer_links=footer_links)
    return Face(
        city_name=city.city_name,
        site_name=city.site_name,
        tagline=city.tagline,
        region_name=city.region_name,
        region_url=city.region_url,
        logo_url=_logo_url(city, site.logo_file),
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


def _logo_url(city: Any, file: str | None) -> str:
    from .models import RioneRendition

    if city.logo_id is None:
        return ""
    rendition = RioneRendition(file=file) if file else city.logo.get_rendition(LOGO)
    return str(rendition.url)
