"""A new site begins with pages in both languages, once, and what a city wrote is never touched."""

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page, Site
from wagtail_localize.models import LocaleSynchronization

from home.models import CitySettings, HomePage, StandardPage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("role", StandardPage.Role.values)
def test_the_standard_pages_are_there_and_say_something(role, language):
    page = StandardPage.objects.get(role=role, locale__language_code=language)
    response = Client().get(page.get_url())
    assert response.status_code == 200
    assert page.title in response.content.decode()
    assert len(page.folded_text) > 300


def test_each_has_its_translation():
    for page in StandardPage.objects.filter(locale__language_code="it"):
        assert page.get_translations().count() == 1


def test_the_site_leads_to_the_italian_home_page_and_wagtail_s_own_is_gone():
    assert Site.objects.get().root_page.specific == HomePage.objects.get(locale__language_code="it")
    assert not Page.objects.filter(slug="home").exists()


def test_editors_may_change_them():
    page = StandardPage.objects.get(role="privacy", locale__language_code="it")
    page.title = "La tua privacy"
    page.save_revision().publish()
    assert "La tua privacy" in Client().get("/it/").content.decode()


def test_migrating_again_changes_nothing():
    page = StandardPage.objects.get(role="contacts", locale__language_code="it")
    page.title = "Scrivici"
    page.save_revision().publish()
    StandardPage.objects.filter(role="legal").first().delete()
    CitySettings.objects.update(city_name="Fontelieta")
    before = list(Page.objects.order_by("pk").values_list("pk", "title"))
    call_command("migrate", verbosity=0)
    assert list(Page.objects.order_by("pk").values_list("pk", "title")) == before


def test_new_italian_pages_will_wait_for_their_translation():
    sync = LocaleSynchronization.objects.get()
    assert (sync.sync_from.language_code, sync.locale.language_code) == ("it", "en")
