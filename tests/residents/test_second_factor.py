"""Nobody enters the admin without a second factor."""

import re
from io import StringIO

import pytest
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from residents import roles, second_factor
from tests.factories.residents import UserFactory, sign_in

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"


def current_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def admin_addresses() -> list[str]:
    """Every address of the admin, its parameters filled with something of the right form."""
    found = []

    def walk(patterns: list, prefix: str) -> None:
        for entry in patterns:
            route = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                walk(entry.url_patterns, route)
            elif isinstance(entry, URLPattern):
                found.append(route)

    for entry in get_resolver().url_patterns:
        if str(entry.pattern) == "admin/":
            walk(entry.url_patterns, "/admin/")
    examples = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000000"}
    filled = []
    for route in found:
        route = re.sub(r"<(\w+):\w+>", lambda match: examples.get(match[1], "x"), route)
        route = re.sub(r"<\w+>|\(\?P<\w+>[^)]*\)", "x", route)
        filled.append(route.replace("^", "").replace("$", "").replace("\\Z", ""))
    return sorted(set(filled))


OPEN = {"/admin/sprite/", "/admin/jsi18n/", "/admin/logout/"}


def test_no_address_of_the_admin_opens_without_second_factor() -> None:
    user = UserFactory(superuser=True)
    browser = sign_in(Client(), user, second_factor=False)
    addresses = [address for address in admin_addresses() if address not in OPEN]
    assert len(addresses) > 150
    set_up = reverse("mfa_activate_totp")
    for address in addresses:
        for response in (browser.get(address), browser.post(address)):
            assert response.status_code == 302, address
            assert response["Location"] == set_up or "/admin/login/" in address, address
        scripted = browser.get(address, headers={"x-requested-with": "XMLHttpRequest"})
        assert scripted.status_code in (403, 302), address
        if scripted.status_code == 302:
            assert address == "/admin/login/"


def test_nobody_who_is_not_staff_gets_in_and_nobody_is_sent_round_in_circles(client_as) -> None:
    assert client_as().get("/admin/").status_code == 403
    response = Client().get("/admin/pages/3/edit/?x=1")
    assert response["Location"] == (
        f"{reverse('account_login')}?next=%2Fadmin%2Fpages%2F3%2Fedit%2F%3Fx%3D1"
    )


def test_the_first_administrator_signs_in_by_code_sets_up_and_enters(client) -> None:
    from django.core.management import call_command

    said = StringIO()
    call_command("createsuperuser", "--email", "Capo@example.org", "--noinput", stdout=said)
    page = f"{settings.WAGTAILADMIN_BASE_URL}{reverse('account_login')}"
    assert f"sign in at {page} " in said.getvalue()
    response = client.get("/admin/", follow=True)
    client.post(response.request["PATH_INFO"], {"email": "capo@example.org", "next": "/admin/"})
    code = re.search(r"\d{4}-\d{4}", mail.outbox[-1].body)[0]
    response = client.post(
        reverse("account_confirm_login_code"),
        {"code": code, "action": "verify", "next": "/admin/"},
        follow=True,
    )
    assert response.request["PATH_INFO"] == reverse("mfa_activate_totp")
    secret = response.context["form"].secret
    response = client.post(
        reverse("mfa_activate_totp"), {"code": current_code(secret)}, follow=True
    )
    assert response.context["go_on"] == "/admin/"
    assert len(response.context["unused_codes"]) == 10
    assert client.get("/admin/").status_code == 200
    # The codes are shown once.
    assert client.get(reverse("mfa_view_recovery_codes")).context["can_view_codes"] is False


@pytest.mark.parametrize("language", ["it", "en"])
def test_it_is_set_up_in_the_persons_language(client, language) -> None:
    client.force_login(UserFactory(role=roles.EDITORS, is_staff=True, language=language))
    browsers = {"it": "en", "en": "it"}[language]
    response = client.get(reverse("wagtailadmin_home"), headers={"accept-language": browsers})
    assert response.url.startswith(f"/{language}/")


def test_who_has_one_is_asked_for_it_while_signing_in(client) -> None:
    user = UserFactory(role=roles.EDITORS, email="elena@example.org")
    TOTP.activate(user, SECRET)
    client.post(reverse("account_login"), {"email": user.email})
    code = re.search(r"\d{4}-\d{4}", mail.outbox[-1].body)[0]
    response = client.post(
        reverse("account_confirm_login_code"),
        {"code": code, "action": "verify", "next": "/admin/"},
    )
    assert response["Location"].startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session
    response = client.post(reverse("mfa_authenticate"), {"code": current_code(SECRET)})
    assert response["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_who_has_one_and_has_not_shown_it_shows_it_and_comes_back() -> None:
    user = UserFactory(role=roles.EDITORS)
    TOTP.activate(user, SECRET)
    browser = sign_in(Client(), user, second_factor=False)
    response = browser.get("/admin/account/")
    assert response["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2Faccount%2F"
    response = browser.post(response["Location"], {"code": current_code(SECRET)})
    assert response["Location"] == "/admin/account/"
    assert browser.get("/admin/account/").status_code == 200


def test_codes_of_the_app_cannot_be_guessed(settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    user = UserFactory(role=roles.EDITORS)
    TOTP.activate(user, SECRET)
    browser = sign_in(Client(), user, second_factor=False)
    for _ in range(10):
        browser.post(reverse("mfa_reauthenticate"), {"code": "000000"})
    response = browser.post(reverse("mfa_reauthenticate"), {"code": current_code(SECRET)})
    assert response.status_code == 200
    assert browser.get("/admin/").status_code == 302


def test_a_second_factor_cannot_be_replaced_by_who_has_not_shown_it() -> None:
    user = UserFactory(role=roles.EDITORS)
    TOTP.activate(user, SECRET)
    browser = sign_in(Client(), user, second_factor=False)
    for name in ("mfa_deactivate_totp", "mfa_generate_recovery_codes"):
        response = browser.post(reverse(name))
        assert response["Location"].startswith(reverse("mfa_reauthenticate"))
    assert Authenticator.objects.filter(user=user, type="totp").count() == 1


def test_the_second_factor_of_one_person_does_not_count_for_another() -> None:
    first, second = UserFactory(role=roles.EDITORS), UserFactory(role=roles.EDITORS)
    browser = sign_in(Client(), first)
    session = browser.session
    session["_auth_user_id"] = str(second.pk)
    session["_auth_user_hash"] = second.get_session_auth_hash()
    session.save()
    assert browser.get("/admin/").status_code == 302


def test_a_removed_second_factor_is_told_by_e_mail_and_none_is_not(
    django_capture_on_commit_callbacks,
) -> None:
    user = UserFactory()
    with django_capture_on_commit_callbacks(execute=True):
        second_factor.remove(user)
    assert mail.outbox == []
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    with django_capture_on_commit_callbacks(execute=True):
        second_factor.remove(user)
    assert [message.to for message in mail.outbox] == [[user.email]]
    assert not second_factor.has_any(user)


def test_a_notice_about_an_account_goes_to_the_address_it_signs_in_with(rf) -> None:
    user = UserFactory(email="anna@example.org")
    with request_context(rf.get("/")):
        get_account_adapter().send_notification_mail("mfa/email/totp_activated", user)
    assert [message.to for message in mail.outbox] == [["anna@example.org"]]
