"""What every page of the tree promises: few queries, no cookie, strict headers, both languages."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction
from wagtail.rich_text import RichText

from home.models import CitySettings
from tests.factories.home import home, in_english, page, picture, section

pytestmark = pytest.mark.django_db

PUBLIC_ADDRESSES = [
    "/it/",
    "/en/",
    "/it/privacy/",
    "/en/privacy-notice/",
    "/robots.txt",
    "/sitemap.xml",
    "/theme.css",
]


def link_to(target):
    return {"label": "Vai", "page": target, "address": ""}


def _stories(number):
    below = section(f"Storie {number}")
    page(f"Una storia {number}", parent=below, image=picture())
    return "latest", {"title": below.title, "section": below, "count": 3}


def _ways(number):
    way = {"icon": "it-card", "title": "Vota", "text": "Qui", "link": link_to(page(f"Q {number}"))}
    return "ways", {"title": "Modi", "ways": [way, way]}


PARTS = {"ways": _ways, "latest": _stories}


def publish_home(body):
    front = home()
    target = page("Come funziona")
    hero = {"title": "Qui", "text": "Oggi", "image": picture(), "link": link_to(target)}
    front.body, front.image = [("hero", hero), *body], picture()
    front.save_revision().publish()
    return queries("/it/", cold=True)


def queries(address: str, *, cold: bool = False) -> int:
    Client().get(address)  # sizes of pictures are made at the first sight
    if cold:
        cache.clear()
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(address).status_code == 200
    return len(asked)


class TestQueries:
    @pytest.mark.parametrize("address", ["/it/", "/en/", "/it/privacy/"])
    def test_a_page_takes_few(self, address):
        assert queries(address) <= 6

    def test_a_section_costs_the_same_for_one_page_and_for_twenty(self):
        stories = section()
        page("Storia 0", parent=stories, image=picture())
        one = queries(stories.get_url())
        for number in range(1, 21):
            page(f"Storia {number}", parent=stories, image=picture())
        assert queries(stories.get_url()) == one <= 8

    def test_latest_stories_on_the_home_page_too(self):
        stories = section()
        front = home()
        front.body = [("latest", {"title": "Storie", "section": stories, "count": 9})]
        front.save_revision().publish()
        page("Storia 0", parent=stories, image=picture())
        one = queries("/it/", cold=True)
        for number in range(1, 10):
            page(f"Storia {number}", parent=stories, image=picture())
        assert queries("/it/", cold=True) == one
        assert queries("/it/") <= 5

    def test_the_number_of_parts_of_the_home_page_makes_no_difference(self):
        few, many = (
            [part(number) for number in range(times) for part in PARTS.values()] for times in (1, 4)
        )
        assert publish_home(few) == publish_home(many) <= 8

    def test_nor_does_the_number_of_parts_of_a_page_to_read(self):
        def body(times):
            links = [{"label": "Vai", "page": page(f"Meta {times} {n}")} for n in range(times)]
            pictures = [("picture", {"image": picture(), "caption": ""}) for _ in range(times)]
            texts = [f'<p><a linktype="page" id="{link["page"].pk}">Vai</a></p>' for link in links]
            return [
                *pictures,
                *[("links", {"title": "", "links": [link]}) for link in links],
                *[("text", RichText(text)) for text in texts],
                ("accordion", {"items": [{"title": "E", "text": RichText(t)} for t in texts]}),
            ]

        one = queries(page("Uno", body=body(1), image=picture()).get_url(), cold=True)
        assert queries(page("Sei", body=body(6), image=picture()).get_url(), cold=True) == one <= 8

    def test_links_in_texts_lead_to_the_page_in_the_readers_language(self):
        there, only_here, gone = page("Meta"), page("Solo qui"), page("Via")
        in_english(there, "Target")
        links = "".join(
            f'<p><a linktype="page" id="{number}">Vai &amp; leggi</a></p>'
            for number in (there.pk, only_here.pk, gone.pk, "x")
        )
        reading = page("Testo", body=[("text", RichText(links))])
        in_english(reading, "Text")
        gone.delete()
        for address, leads_to in (
            ("/it/testo/", ["/it/meta/", "/it/solo-qui/"]),
            ("/en/testo/", ["/en/meta/", "/it/solo-qui/"]),
        ):
            text = Client().get(address).text
            assert re.findall(r'<p><a(?: href="(.*?)")?>Vai &amp; leggi</a></p>', text) == [
                *leads_to,
                "",
                "",
            ]

    def test_what_was_chosen_and_is_gone_is_left_out(self):
        stories, target, image = section(), page("Meta"), picture()
        front = home()
        front.body = [
            ("hero", {"title": "Qui", "text": "Oggi", "image": image, "link": link_to(target)}),
            ("latest", {"title": "Le storie", "section": stories, "count": 3}),
        ]
        front.save_revision().publish()
        assert "/it/meta/" in Client().get("/it/").text
        stories.delete()
        target.delete()
        image.delete()
        text = Client().get("/it/").text
        assert "Oggi" in text
        assert "/it/meta/" not in text
        assert "Le storie" not in text

    def test_a_new_story_is_on_the_home_page_at_once(self):
        stories = section()
        front = home()
        front.body = [("latest", {"title": "Storie", "section": stories, "count": 3})]
        front.save_revision().publish()
        Client().get("/it/")
        page("Il lavatoio", parent=stories)
        assert "Il lavatoio" in Client().get("/it/").content.decode()

    def test_navigation_costs_nothing_more_while_it_is_kept(self):
        few = queries("/it/privacy/")
        for number in range(6):
            page(f"Voce {number}", show_in_menus=True)
        assert queries("/it/privacy/") == few

    def test_a_cold_cache_stays_within_the_limit(self):
        Client().get("/it/privacy/")
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            Client().get("/it/privacy/")
        assert len(asked) <= 4


class TestAnonymousReaders:
    @pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
    def test_no_cookie_and_a_copy_may_be_kept(self, address):
        response = Client().get(address)
        assert response.status_code == 200
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")
        assert (
            response.headers["Cache-Control"].startswith("public")
            or "public" in (response.headers["Cache-Control"])
        )

    def test_a_browser_that_looks_for_an_icon_finds_it(self):
        response = Client().get("/favicon.ico")
        assert response.headers["Location"].endswith("favicon-32.png")
        assert "public" in response.headers["Cache-Control"]
        assert not response.cookies

    def test_no_form_token_on_the_page(self):
        assert b"csrfmiddlewaretoken" not in Client().get("/it/").content

    @pytest.mark.parametrize("address", ["/it/", "/it/privacy/", "/it/nowhere/"])
    def test_what_a_signed_in_person_sees_is_never_kept(self, address, django_user_model):
        client = Client()
        client.force_login(django_user_model.objects.create_user("anna@example.org"))
        control = client.get(address).headers["Cache-Control"]
        assert "no-store" in control
        assert "public" not in control

    def test_an_error_is_not_kept(self):
        assert "no-store" in Client().get("/it/nowhere/").headers["Cache-Control"]


class TestHeaders:
    @pytest.mark.parametrize(
        "address", ["/it/", "/en/privacy-notice/", "/it/nowhere/", "/admin/login/"]
    )
    def test_the_policy_allows_nothing_inline(self, address):
        policy = Client().get(address, follow=True).headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy

    def test_the_other_headers(self):
        headers = Client().get("/it/").headers
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "geolocation=()" in headers["Permissions-Policy"]

    @pytest.mark.parametrize("address", ["/it/", "/it/privacy/", "/it/nowhere/"])
    def test_pages_carry_nothing_inline(self, address):
        text = Client().get(address).content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
        assert not re.search(r"<script(?![^>]*\bsrc=)", text)

    def test_nothing_comes_from_elsewhere(self):
        text = Client().get("/it/").content.decode()
        loaded = re.findall(
            r"<(?:script|img|link[^>]+stylesheet)[^>]+(?:src|href)=\"([^\"]+)", text
        )
        assert loaded
        assert all(address.startswith("/") for address in loaded)


class TestLanguages:
    def test_a_page_names_its_translation(self):
        original = page("Orti")
        translated = in_english(original, "Gardens")
        for shown in (original, translated):
            text = Client().get(shown.get_url()).content.decode()
            for language, other in (("it", original), ("en", translated)):
                address = f"{settings.WAGTAILADMIN_BASE_URL}{other.get_url()}"
                assert f'hreflang="{language}" href="{address}"' in text
            assert (
                f'<link rel="canonical" href="{settings.WAGTAILADMIN_BASE_URL}{shown.get_url()}">'
                in text
            )
            assert f'<html lang="{shown.locale.language_code}">' in text

    def test_a_page_without_translation_leads_to_the_other_home_page(self):
        text = Client().get(page("Orti").get_url()).content.decode()
        assert 'rel="alternate" hreflang="en"' not in text
        assert re.search(r'<a href="/en/"\s+hreflang="en"', text)

    def test_a_draft_translation_is_not_named(self):
        original = page("Orti")
        in_english(original, "Gardens").unpublish()
        assert "gardens" not in Client().get(original.get_url()).content.decode()

    def test_a_page_waiting_for_its_translation_says_so_and_names_its_language(self):
        original = page("Orti", summary="Ventidue aiuole")
        alias = original.copy_for_translation(home("en").locale, alias=True)
        text = Client().get(alias.get_url()).content.decode()
        assert '<div lang="it">' in text
        assert alias.get_url() not in Client().get("/sitemap.xml").content.decode()

    def test_the_root_leads_to_the_reader_s_language(self):
        assert Client().get("/", headers={"accept-language": "en"}).headers["Location"] == "/en/"
        assert Client().get("/", headers={"accept-language": "fr"}).headers["Location"] == "/it/"


class TestWhoMayRead:
    def restricted(self):
        secret = page("Segreto", show_in_menus=True)
        PageViewRestriction.objects.create(page=secret, restriction_type="login")
        return secret

    def test_a_restricted_page_is_not_served_nor_kept(self):
        response = Client().get(self.restricted().get_url())
        assert response.status_code == 302
        assert "public" not in response.headers.get("Cache-Control", "")

    def test_it_is_in_no_menu_map_or_translation(self):
        secret = self.restricted()
        translated = in_english(secret, "Secret")
        below = page("Sotto", parent=secret)
        for address in ("/it/", "/sitemap.xml", translated.get_url()):
            text = Client().get(address).content.decode()
            assert secret.get_url() not in text
            assert below.get_url() not in text

    def test_a_draft_is_not_found(self):
        draft = page("Bozza", show_in_menus=True)
        draft.unpublish()
        assert Client().get(draft.get_url()).status_code == 404
        assert "Bozza" not in Client().get("/it/").content.decode()


class TestTheCity:
    def test_a_change_is_seen_at_once(self):
        assert "Comune di Prova" not in Client().get("/it/").content.decode()
        city = CitySettings.objects.get()
        city.city_name_it = "Comune di Prova"
        city.city_name_en = "City of Prova"
        city.save()
        assert "Comune di Prova" in Client().get("/it/").content.decode()
        assert "City of Prova" in Client().get("/en/").content.decode()

    def test_the_colour_is_a_style_sheet(self):
        CitySettings.objects.update(primary_colour="#7a1f5c")
        text = Client().get("/theme.css").content.decode()
        assert "--rione-primary:#7a1f5c" in text

    def test_the_footer_leads_to_the_standard_pages(self):
        text = Client().get("/it/").content.decode()
        for address in (
            "/it/dichiarazione-di-accessibilita/",
            "/it/privacy/",
            "/it/note-legali/",
            "/it/contatti/",
        ):
            assert f'href="{address}"' in text

    def test_the_address_for_accessibility_stands_in_the_footer(self):
        CitySettings.objects.update(accessibility_feedback_email="aiuto@example.org")
        assert "mailto:aiuto@example.org" in Client().get("/en/").content.decode()


def test_the_way_to_a_page_does_not_name_a_draft_above_it(client):
    above = section("Ancora segreto")
    below = page("Aperta a chiunque", parent=above)
    above.unpublish()
    text = client.get(below.get_url()).content.decode()
    assert "Aperta a chiunque" in text
    assert "Ancora segreto" not in text
