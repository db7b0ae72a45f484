"""Errors look like the site, say what happened, and do not need what is broken."""

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse
from wagtail.contrib.redirects.models import Redirect

from config import urls as site
from home import face, views
from tests.factories.home import page


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


def refused(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


urlpatterns = [
    path("en/broken/", broken),
    path("en/refused/", refused),
    path("en/suspicious/", suspicious),
    *site.urlpatterns,
]
handler400, handler403 = views.bad_request, views.permission_denied
handler404, handler500 = views.page_not_found, views.server_error


@pytest.mark.django_db
class TestPages:
    @pytest.mark.urls("tests.home.test_errors")
    @pytest.mark.parametrize(
        ("address", "status"),
        [
            ("/en/suspicious/", 400),
            ("/en/refused/", 403),
            ("/en/nowhere/", 404),
            ("/en/broken/", 500),
        ],
    )
    def test_each_has_the_site_s_frame_and_policy(self, address, status):
        client = Client(raise_request_exception=False)
        response = client.get(address)
        text = response.content.decode()
        assert response.status_code == status
        assert text.count("<h1") == 1
        assert 'class="rione-header"' in text
        assert 'content="noindex"' in text
        assert "no-store" in response.headers["Cache-Control"]
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]

    def test_an_address_that_leads_nowhere_offers_the_search(self):
        page("Storie", show_in_menus=True)
        text = Client().get("/it/nowhere/").content.decode()
        assert 'name="q"' in text
        assert 'href="/it/storie/"' in text

    def test_a_form_without_its_token_is_told_what_to_do(self):
        client = Client(enforce_csrf_checks=True)
        response = client.post(reverse("account_login"), {"login": "anna@example.org"})
        assert response.status_code == 403
        assert 'class="rione-header"' in response.content.decode()

    def test_a_redirect_set_by_editors_is_followed(self):
        target = page("Nuova")
        Redirect.objects.create(old_path="/it/vecchia", redirect_page=target)
        response = Client().get("/it/vecchia/")
        assert response.status_code == 301
        assert response.headers["Location"] == target.get_url()


class TestWithoutDatabase:
    """No database mark: a query here would fail the test."""

    @pytest.mark.parametrize(
        ("address", "language"), [("/it/x/", "it"), ("/en/x/", "en"), ("/x", "it")]
    )
    def test_a_broken_site_still_answers(self, monkeypatch, address, language):
        def no_database() -> None:
            raise OperationalError

        cache.clear()
        monkeypatch.setattr(face, "_load", lambda _language: no_database())
        response = views.server_error(RequestFactory().get(address))
        assert response.status_code == 500
        assert f'<html lang="{language}">' in response.content.decode()


def test_what_is_missing_in_the_admin_is_said_there(client_as):
    response = client_as("Editors").get("/admin/nowhere/")
    assert response.status_code == 404
    assert "wagtailadmin/404.html" in [template.name for template in response.templates]


@pytest.mark.django_db
class TestTryingOut:
    """With DEBUG somebody new meets the site's own page too."""

    @pytest.fixture(autouse=True)
    def _as_when_trying(self, settings) -> None:
        settings.DEBUG = True
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, "home.trying.OwnNotFoundMiddleware"]

    @pytest.mark.parametrize(
        "address", ["/it/nowhere/", "/it/nowhere.html", "/en/neighbourhoods/x/"]
    )
    def test_what_is_not_there(self, address):
        response = Client().get(address)
        assert response.status_code == 404
        assert "404.html" in [template.name for template in response.templates]

    def test_a_slash_is_still_added_and_a_language_found(self):
        assert Client().get("/it/privacy").url == "/it/privacy/"
        assert Client().get("/privacy/").url == "/it/privacy/"

    def test_an_error_keeps_its_traceback(self, monkeypatch):
        monkeypatch.setattr("home.views.render", None)
        response = Client(raise_request_exception=False).get("/it/cerca/")
        assert response.status_code == 500
        assert "Traceback" in response.text
