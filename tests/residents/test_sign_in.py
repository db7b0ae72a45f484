"""Signing in: what is said, to whom, how often, and where one ends up."""

import re
from smtplib import SMTPServerDisconnected
from statistics import median
from time import perf_counter

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from residents import roles, sign_in
from residents.models import User
from tests.factories.residents import UserFactory

pytestmark = pytest.mark.django_db

LOGIN = "account_login"
CODE = "account_confirm_login_code"


def ask_code(client: Client, email: str, **extra: object):
    return client.post(reverse(LOGIN), {"email": email}, **extra)


def sent_code() -> str:
    return re.search(r"\d{4}-\d{4}", mail.outbox[-1].body)[0]


def sign_in_by_code(client: Client, email: str, next_url: str = ""):
    query = {"next": next_url} if next_url else {}
    ask_code(client, email)
    return client.post(reverse(CODE), {"code": sent_code(), "action": "verify", **query})


def test_somebody_new_gets_an_account_with_the_code_and_not_before(client) -> None:
    ask_code(client, "Nuova@Example.org")
    assert not User.objects.exists()
    client.post(reverse(CODE), {"code": sent_code(), "action": "verify"})
    user = User.objects.get()
    assert user.email == "nuova@example.org"
    assert not user.has_usable_password()
    assert client.session["_auth_user_id"] == str(user.pk)


def test_somebody_known_signs_in_to_their_account(client) -> None:
    user = UserFactory(email="anna@example.org")
    sign_in_by_code(client, "Anna@example.org")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert User.objects.count() == 1


@pytest.mark.parametrize("known", [True, False])
def test_the_answer_is_the_same_for_a_known_and_an_unknown_address(client, known) -> None:
    if known:
        UserFactory(email="anna@example.org")
    response = ask_code(client, "anna@example.org")
    assert response.status_code == 302
    assert response["Location"] == reverse(CODE)
    assert [message.to for message in mail.outbox] == [["anna@example.org"]]
    assert mail.outbox[0].subject == gettext("Your code to sign in")
    page = client.get(reverse(CODE)).content.decode()
    wrong = client.post(reverse(CODE), {"code": "0000-0000", "action": "verify"})
    shown = re.sub(r'value="[^"]{60,}"', "", page + wrong.content.decode())
    other = Client()
    ask_code(other, "zeno@example.org")
    expected = other.get(reverse(CODE)).content.decode()
    expected += other.post(
        reverse(CODE), {"code": "0000-0000", "action": "verify"}
    ).content.decode()
    expected = re.sub(r'value="[^"]{60,}"', "", expected).replace("zeno@", "anna@")
    assert shown == expected


def test_the_same_work_is_done_for_a_known_and_an_unknown_address(
    django_assert_max_num_queries, monkeypatch
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    UserFactory(email="anna@example.org")

    def queries(email: str) -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            ask_code(Client(), email)
        return [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in captured]

    assert [q.split(" ")[0] for q in queries("anna@example.org")] == [
        q.split(" ")[0] for q in queries("unknown@example.org")
    ]


def test_time_tells_nothing_about_an_address(settings) -> None:
    for number in range(20):
        UserFactory(email=f"known{number}@example.org")

    def seconds(email: str) -> float:
        client = Client(REMOTE_ADDR=f"192.0.2.{hash(email) % 250}")
        start = perf_counter()
        ask_code(client, email)
        return perf_counter() - start

    seconds("warm@example.org")
    pairs = [
        (seconds(f"known{number}@example.org"), seconds(f"unknown{number}@example.org"))
        for number in range(20)
    ]
    known, unknown = (median(times) for times in zip(*pairs, strict=True))
    assert known < 2 * unknown
    assert unknown < 2 * known


def test_a_mailbox_is_not_flooded_whoever_asks() -> None:
    limit = sign_in.CODES_PER_ADDRESS[0].times
    for number in range(limit + 3):
        response = ask_code(
            Client(REMOTE_ADDR=f"192.0.2.{number}"), "anna@example.org", follow=True
        )
    assert len(mail.outbox) == limit
    assert response.context["form"].errors["email"]


def test_a_network_cannot_write_to_the_whole_city() -> None:
    limit = sign_in.CODES_PER_NETWORK[0].times
    for number in range(limit + 3):
        ask_code(Client(REMOTE_ADDR="192.0.2.1"), f"person{number}@example.org")
    assert len(mail.outbox) == limit


def test_a_forged_header_does_not_make_another_network(settings) -> None:
    settings.TRUSTED_PROXIES = 1
    limit = sign_in.CODES_PER_NETWORK[0].times
    for number in range(limit + 3):
        ask_code(
            Client(REMOTE_ADDR="10.0.0.1"),
            f"person{number}@example.org",
            headers={"x-forwarded-for": f"203.0.113.{number}, 198.51.100.7"},
        )
    assert len(mail.outbox) == limit


def test_codes_cannot_be_guessed_by_asking_again_and_again() -> None:
    limit = sign_in.ATTEMPTS_PER_ADDRESS[0].times
    for limits in (sign_in.CODES_PER_ADDRESS, sign_in.CODES_PER_NETWORK):
        assert limits  # what bounds the number of codes; here only the attempts are counted
    for _ in range(limit):
        sign_in.allow_attempt(email="anna@example.org")
    client = Client()
    ask_code(client, "anna@example.org")
    response = client.post(reverse(CODE), {"code": sent_code(), "action": "verify"})
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_third_wrong_code_ends_the_attempt(client) -> None:
    ask_code(client, "anna@example.org")
    code = sent_code()
    for _ in range(3):
        response = client.post(reverse(CODE), {"code": "0000-0000", "action": "verify"})
    assert response["Location"].endswith("?because=attempts")
    response = client.post(reverse(CODE), {"code": code, "action": "verify"})
    assert response.status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_code_works_once_and_only_where_it_was_asked_for(client) -> None:
    ask_code(client, "anna@example.org")
    code = sent_code()
    elsewhere = Client()
    ask_code(elsewhere, "anna@example.org")
    elsewhere.post(reverse(CODE), {"code": code, "action": "verify"})
    assert "_auth_user_id" not in elsewhere.session
    client.post(reverse(CODE), {"code": code, "action": "verify"})
    assert "_auth_user_id" in client.session


def test_an_old_code_is_refused_and_the_page_says_why(client, settings) -> None:
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = -1
    ask_code(client, "anna@example.org")
    response = client.post(reverse(CODE), {"code": sent_code(), "action": "verify"}, follow=True)
    assert response.context["because"] == "expired"
    assert not User.objects.exists()


def test_the_session_gets_a_new_name_at_sign_in(client) -> None:
    ask_code(client, "anna@example.org")
    before = client.session.session_key
    client.post(reverse(CODE), {"code": sent_code(), "action": "verify"})
    assert client.session.session_key != before
    fixed = Client()
    fixed.cookies["sessionid"] = before
    assert "_auth_user_id" not in fixed.session


@pytest.mark.parametrize(
    ("wanted", "led_elsewhere"),
    [
        ("/it/", False),
        ("https://evil.example/", True),
        ("//evil.example/", True),
        ("/\\evil.example", True),
        ("javascript:alert(1)", True),
    ],
)
def test_signing_in_leads_only_to_this_site(client, wanted, led_elsewhere) -> None:
    response = sign_in_by_code(client, "anna@example.org", wanted)
    expected = reverse("residents:personal_area") if led_elsewhere else wanted
    assert response["Location"] == expected
    again = client.get(reverse(LOGIN), {"next": wanted})
    assert again["Location"] == expected
    out = client.post(reverse("account_logout"), {"next": wanted})
    assert out["Location"].startswith("/")
    assert not out["Location"].startswith(("//", "/\\"))


def test_staff_land_in_the_administration_or_where_they_wanted(client) -> None:
    UserFactory(email="anna@example.org", role=roles.EDITORS, is_staff=True)
    response = sign_in_by_code(client, "anna@example.org", "")
    assert response["Location"] == reverse("wagtailadmin_home")
    client.post(reverse("account_logout"))
    assert sign_in_by_code(client, "anna@example.org", "/it/")["Location"] == "/it/"


def test_nothing_but_the_address_is_taken_from_the_form(client) -> None:
    forged = {"email": "anna@example.org", "is_superuser": "1", "is_staff": "1", "groups": "1"}
    client.post(reverse(LOGIN), forged)
    client.post(reverse(CODE), {"code": sent_code(), "action": "verify", **forged})
    client.post(
        reverse("residents:personal_area"),
        {"first_name": "Anna", "last_name": "", "language": "en", **forged, "email": "x@y.it"},
    )
    user = User.objects.get()
    assert (user.first_name, user.language, user.email) == ("Anna", "en", "anna@example.org")
    assert not user.is_superuser
    assert not user.is_staff
    assert not user.groups.exists()


def test_an_account_that_is_switched_off_stays_out(client) -> None:
    UserFactory(email="anna@example.org", is_active=False)
    response = sign_in_by_code(client, "anna@example.org")
    assert response["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_a_mail_server_that_is_down_is_said_in_words_and_nothing_is_lost(
    client, monkeypatch
) -> None:
    def down(*args: object, **kwargs: object) -> None:
        raise SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", down)
    response = ask_code(client, "anna@example.org")
    assert response.status_code == 200
    assert response.context["form"].non_field_errors()
    assert b'value="anna@example.org"' in response.content


def test_e_mails_come_in_the_reader_s_language_as_text_and_html(client) -> None:
    UserFactory(email="grace@example.org", language="en")
    ask_code(client, "grace@example.org")
    message = mail.outbox[0]
    assert "Your code to sign in is:" in message.body
    assert message.alternatives[0].mimetype == "text/html"
    assert sent_code() in message.alternatives[0].content


@pytest.mark.parametrize("name", [LOGIN, "account_logout", "account_inactive", "mfa_index"])
def test_pages_about_people_are_never_kept_in_a_cache(client_as, client, name) -> None:
    for browser in (client, client_as()):
        assert "no-store" in browser.get(reverse(name))["Cache-Control"]


def test_there_is_no_way_in_by_password(client, client_as) -> None:
    user = UserFactory(email="anna@example.org", superuser=True)
    user.set_password("secret")
    user.save()
    assert not client.login(email=user.email, username=user.email, password="secret")
    response = client.post("/admin/login/", {"username": "anna@example.org", "password": "secret"})
    assert response["Location"].startswith(reverse(LOGIN))
    assert client_as(roles.EDITORS).get("/admin/password_reset/", follow=True).status_code == 404
