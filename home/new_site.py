"""What a new site begins with: a home page and the standard pages, in Italian and in English.

It happens once, after the first `migrate`, and only where there is no home page yet: what a city
has written is never touched.
"""

from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.text import slugify
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import LocaleSynchronization

from . import new_site_texts as texts
from .models import CitySettings, HomePage, StandardPage


def begin_when_empty(**_: Any) -> None:
    """Begin a new site after `migrate`, unless it has begun already or lacks its tables."""
    tables = set(connection.introspection.table_names())
    needed = {
        model._meta.db_table
        for model in (HomePage, StandardPage, CitySettings, LocaleSynchronization)
    }
    if not needed <= tables:
        return
    if HomePage.objects.exists() or not Page.objects.filter(depth=1).exists():
        return
    begin()


@transaction.atomic
def begin() -> None:
    """Make the home page, the standard pages and the city's settings, in both languages."""
    italian, _created = Locale.objects.get_or_create(language_code="it")
    english, _created = Locale.objects.get_or_create(language_code="en")
    home = _home_page(italian)
    site = _site(home)
    home_in_english = home.copy_for_translation(english)
    _publish(
        home_in_english, title=texts.HOME["en"].title, slug="home-en", page_texts=texts.HOME["en"]
    )
    for role, page_texts in texts.STANDARD_PAGES.items():
        page = StandardPage(role=role, locale=italian)
        _fill(page, page_texts["it"])
        home.add_child(instance=page)
        page.save_revision().publish()
        translated = page.copy_for_translation(english)
        _publish(translated, title=page_texts["en"].title, page_texts=page_texts["en"])
    CitySettings.objects.get_or_create(
        site=site,
        defaults={
            "city_name_it": "Il tuo Comune",
            "city_name_en": "Your city",
            "tagline_it": texts.TAGLINE["it"],
            "tagline_en": texts.TAGLINE["en"],
        },
    )
    # From now on every new Italian page has its place in English, waiting for the translation.
    LocaleSynchronization.objects.get_or_create(locale=english, defaults={"sync_from": italian})


def _home_page(italian: Locale) -> HomePage:
    root = Page.objects.get(depth=1)
    home = HomePage(locale=italian, slug="home-it", show_in_menus=False)
    _fill(home, texts.HOME["it"])
    home.slug = "home-it"
    root.add_child(instance=home)
    home.save_revision().publish()
    return home


def _site(home: HomePage) -> Site:
    """Give the site its home page in place of Wagtail's welcome page, which goes."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        site = Site(hostname="localhost", is_default_site=True)
    welcome = site.root_page if site.pk else None
    site.root_page = home
    site.site_name = settings.WAGTAIL_SITE_NAME
    site.save()
    if welcome and welcome.specific_class is Page and not welcome.get_children().exists():
        welcome.delete()
    return site


def _publish(page: Any, *, title: str, page_texts: texts.PageText, slug: str = "") -> None:
    _fill(page, page_texts)
    page.slug = slug or slugify(title)
    page.save_revision().publish()


def _fill(page: Any, page_texts: texts.PageText) -> None:
    page.title = page.draft_title = page_texts.title
    page.slug = slugify(page_texts.title)
    page.summary = page_texts.summary
    page.body = page_texts.body
