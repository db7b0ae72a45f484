"""The OpenID Connect gateway for SPID and CIE."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.test import Client
from django.urls import reverse

from residents import fiscal_codes, gateway
from residents.models import User
from tests.factories.residents import UserFactory, sign_in

pytestmark = pytest.mark.django_db


class Request:
    """What the gateway's adapter needs of a request."""

    def __init__(self, session: dict, user: object) -> None:
        self.session, self.user, self.GET, self.POST = session, user, {}, {}


def claimed(**claims: str):
    login = SocialLogin(
        user=User(),
        account=SocialAccount(provider="identity", uid="spid-123", extra_data={"userinfo": claims}),
    )
    gateway.GatewayAdapter().populate_user(None, login, {})
    return login


CLAIMS = {
    "fiscal_number": "TINIT-RSSMRA80A01H501U",
    "given_name": "Mario",
    "family_name": "Rossi",
    "email": "Mario@example.org",
}


def test_of_the_gateway_s_answer_only_hashes_and_the_name_are_kept() -> None:
    login = claimed(**CLAIMS)
    assert login.account.extra_data == {}
    assert "spid-123" not in login.account.uid
    assert login.user.fiscal_code_hash == fiscal_codes.parse("RSSMRA80A01H501U").hash


def test_claims_have_the_names_of_the_settings(settings) -> None:
    settings.OIDC_CLAIMS = settings.OIDC_CLAIMS | {"fiscal_code": "cf"}
    assert claimed(cf="RSSMRA80A01H501U").user.fiscal_code_hash
    assert claimed(**CLAIMS).user.fiscal_code_hash is None


def test_a_claimed_address_opens_nobody_s_account_without_its_code(rf) -> None:
    owner = UserFactory(email="mario@example.org")
    request = Request({}, AnonymousUser())
    with pytest.raises(ImmediateHttpResponse) as stopped:
        gateway.GatewayAdapter().pre_social_login(request, claimed(**CLAIMS))
    assert stopped.value.response["Location"] == reverse("account_login")
    assert gateway.pending_email(request) == "mario@example.org"
    assert not SocialAccount.objects.exists()
    # Only the code sent to an address joins the identity to its account.
    gateway.connect_pending(request=request, user=owner)
    owner.refresh_from_db()
    assert owner.fiscal_code_hash is not None
    assert SocialAccount.objects.get().user == owner
    assert gateway.pending_email(request) is None


@pytest.fixture
def answering(settings, monkeypatch):
    """A gateway that is configured and answers with CLAIMS."""
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "identity",
                    "name": "SPID / CIE",
                    "client_id": "rione",
                    "secret": "secret",
                    "settings": {"server_url": "https://gateway.example"},
                }
            ],
        }
    }
    config = {
        "authorization_endpoint": "https://gateway.example/authorize",
        "token_endpoint": "https://gateway.example/token",
        "userinfo_endpoint": "https://gateway.example/userinfo",
        "issuer": "https://gateway.example",
        "jwks_uri": "https://gateway.example/keys",
    }
    adapter = OpenIDConnectOAuth2Adapter
    monkeypatch.setattr(adapter, "openid_config", config)
    monkeypatch.setattr(
        adapter, "get_access_token_data", lambda *args, **kwargs: {"access_token": "token"}
    )
    monkeypatch.setattr(adapter, "_fetch_user_info", lambda *args: {"sub": "spid-123", **CLAIMS})


def come_back_from_gateway(client: Client, query: str = ""):
    address = reverse("openid_connect_login", kwargs={"provider_id": "identity"})
    to_gateway = client.post(address + query)["Location"]
    assert to_gateway.startswith("https://gateway.example/authorize")
    state = parse_qs(urlsplit(to_gateway).query)["state"][0]
    back = reverse("openid_connect_callback", kwargs={"provider_id": "identity"})
    return client.get(back, {"code": "code", "state": state})


def test_the_first_time_an_address_is_proven_and_then_never_again(client, answering) -> None:
    assert "SPID / CIE" in client.get(reverse("account_login")).content.decode()
    response = come_back_from_gateway(client, "?next=/it/")
    assert response["Location"].startswith(reverse("account_login"))
    assert not User.objects.exists()
    page = client.get(response["Location"])
    assert page.context["form"].initial["email"] == "mario@example.org"
    client.post(response["Location"], {"email": "mario@example.org"})
    code = re.search(r"\d{4}-\d{4}", mail.outbox[-1].body)[0]
    client.post(reverse("account_confirm_login_code"), {"code": code, "action": "verify"})
    user = User.objects.get()
    assert (user.first_name, user.last_name) == ("Mario", "Rossi")
    assert user.fiscal_code_hash is not None
    assert SocialAccount.objects.get().extra_data == {}

    again = Client()
    assert come_back_from_gateway(again, "?next=/it/")["Location"] == "/it/"
    assert again.session["_auth_user_id"] == str(user.pk)
    assert len(mail.outbox) == 1


def test_the_gateway_does_not_lead_to_another_site(client, answering) -> None:
    user = UserFactory(fiscal_code_hash=fiscal_codes.parse("RSSMRA80A01H501U").hash)
    response = come_back_from_gateway(client, "?next=https://evil.example/")
    assert response["Location"] == reverse("residents:personal_area")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_signed_in_person_connects_and_disconnects(answering) -> None:
    user = UserFactory()
    browser = sign_in(Client(), user)
    response = come_back_from_gateway(browser, "?process=connect")
    assert response["Location"] == reverse("residents:personal_area")
    user.refresh_from_db()
    assert user.fiscal_code_hash is not None
    browser.post(reverse("residents:disconnect_gateway"))
    user.refresh_from_db()
    assert user.fiscal_code_hash is None
    assert not SocialAccount.objects.exists()


def test_an_identity_of_somebody_else_is_not_taken_over(answering) -> None:
    owner = UserFactory(fiscal_code_hash=fiscal_codes.parse("RSSMRA80A01H501U").hash)
    user = UserFactory()
    browser = sign_in(Client(), user)
    response = come_back_from_gateway(browser, "?process=connect")
    assert response.status_code == 302
    user.refresh_from_db()
    owner.refresh_from_db()
    assert user.fiscal_code_hash is None
    assert owner.fiscal_code_hash is not None
    assert not SocialAccount.objects.filter(user=user).exists()


def test_an_account_belongs_to_one_digital_identity(answering) -> None:
    hers = fiscal_codes.parse("BNCLRA05M41H501H").hash
    user = UserFactory(fiscal_code_hash=hers)
    come_back_from_gateway(sign_in(Client(), user), "?process=connect")
    user.refresh_from_db()
    assert bytes(user.fiscal_code_hash) == hers
    assert not SocialAccount.objects.exists()


def test_without_a_readable_codice_fiscale_the_identity_is_connected_and_no_roll() -> None:
    request = Request({}, AnonymousUser())
    with pytest.raises(ImmediateHttpResponse):
        gateway.GatewayAdapter().pre_social_login(
            request, claimed(**CLAIMS | {"fiscal_number": "TINIT-?"})
        )
    owner = UserFactory(email="mario@example.org")
    gateway.connect_pending(request=request, user=owner)
    owner.refresh_from_db()
    assert owner.fiscal_code_hash is None
    assert SocialAccount.objects.get().user == owner


def test_a_gateway_that_fails_is_said_in_words(client, answering) -> None:
    back = reverse("openid_connect_callback", kwargs={"provider_id": "identity"})
    response = client.get(back, {"error": "server_error"})
    assert response.status_code in (200, 302, 401)
    assert (
        reverse("account_login")
        in client.get(reverse("socialaccount_login_error")).content.decode()
    )
