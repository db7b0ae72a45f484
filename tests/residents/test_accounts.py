"""The personal area, one's own data, closing an account, and staff who look after people."""

import importlib
import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail import hooks
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from residents import accounts, fiscal_codes, personal_area, roles
from residents.models import User
from tests.factories.residents import RollEntryFactory, RollFactory, UserFactory, sign_in

pytestmark = pytest.mark.django_db


def test_a_person_gets_all_that_is_kept_and_nothing_of_others() -> None:
    code = fiscal_codes.parse("RSSMRA80A01H501U")
    user = UserFactory(email="anna@example.org", fiscal_code_hash=code.hash)
    UserFactory(email="other@example.org")
    RollEntryFactory(fiscal_code_hash=code.hash)
    RollEntryFactory()
    with hooks.register_temporarily(accounts.DATA_HOOK, lambda user: {"bookings": [1]}):
        response = sign_in(Client(), user).get(reverse("residents:personal_data"))
    data = json.loads(response.content)
    assert data["account"]["email"] == "anna@example.org"
    assert len(data["rolls"]) == 1
    assert data["bookings"] == [1]
    assert "other@" not in response.content.decode()
    assert code.hash.hex() not in response.content.decode()


def test_closing_an_account_erases_the_person_and_ends_the_sessions() -> None:
    user = UserFactory(email="anna@example.org", role=roles.EDITORS, fiscal_code_hash=bytes(32))
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    SocialAccount.objects.create(user=user, provider="identity", uid="x")
    browser, elsewhere = sign_in(Client(), user), sign_in(Client(), user)
    address = reverse("residents:close_account")
    assert browser.post(address).status_code == 200  # the box is not ticked
    response = browser.post(address, {"understood": "on"})
    assert response["Location"] == reverse("residents:account_closed")
    user.refresh_from_db()
    assert (user.is_active, user.first_name, user.fiscal_code_hash) == (False, "", None)
    assert "anna" not in user.email
    assert not user.groups.exists()
    assert not Authenticator.objects.exists()
    assert not SocialAccount.objects.exists()
    assert elsewhere.get(reverse("residents:personal_area")).status_code == 302


def test_what_somebody_did_stays_in_the_log_under_account_closed() -> None:
    user, roll = UserFactory(first_name="Anna"), RollFactory()
    log(instance=roll, action="wagtail.edit", user=user)
    accounts.close(user=user)
    entry = ModelLogEntry.objects.for_instance(roll).get()
    with translation.override("en"):
        assert entry.user_display_name == "account closed"
    user.refresh_from_db()
    with translation.override("en"):
        assert (str(user), user.get_short_name()) == ("account closed", "account closed")


def test_the_only_administrator_cannot_close_the_account() -> None:
    user = UserFactory(superuser=True)
    with pytest.raises(accounts.LastAdministratorError):
        accounts.close(user=user)
    UserFactory(superuser=True)
    accounts.close(user=user)


def test_other_apps_show_their_sections(client_as, tmp_path, settings) -> None:
    def section(request):
        return personal_area.Section("My bookings", "account/email/login_code_message.txt", {})

    with hooks.register_temporarily(personal_area.HOOK, section):
        page = client_as().get(reverse("residents:personal_area")).content.decode()
    assert "My bookings" in page


def staff_form(**fields: object) -> dict[str, object]:
    return {
        "email": "Nuova@example.org",
        "first_name": "Nuova",
        "last_name": "Persona",
        "language": "it",
        "is_active": "on",
    } | fields


def test_an_administrator_adds_staff_without_a_password(client_as) -> None:
    browser = client_as(roles.ADMINISTRATORS)
    editors = Group.objects.get(name=roles.EDITORS)
    page = browser.get(reverse("wagtailusers_users:add")).content.decode()
    assert "password" not in page.lower().split("<form")[-1]
    browser.post(reverse("wagtailusers_users:add"), staff_form(groups=[editors.pk]))
    user = User.objects.get(email="nuova@example.org")
    assert list(user.groups.all()) == [editors]
    assert user.is_staff


def test_the_form_refuses_coordinator_and_guarantor_in_one_person(client_as) -> None:
    browser = client_as(roles.ADMINISTRATORS)
    both = Group.objects.filter(name__in=[roles.COORDINATORS, roles.GUARANTORS])
    response = browser.post(
        reverse("wagtailusers_users:add"), staff_form(groups=[group.pk for group in both])
    )
    assert response.context["form"].errors["groups"]
    assert not User.objects.filter(email="nuova@example.org").exists()


def test_an_administrator_cannot_make_or_touch_who_has_every_right(client_as) -> None:
    browser = client_as(roles.ADMINISTRATORS)
    browser.post(reverse("wagtailusers_users:add"), staff_form(is_superuser="on"))
    assert not User.objects.get(email="nuova@example.org").is_superuser
    chief = UserFactory(superuser=True, email="chief@example.org")
    browser.post(reverse("wagtailusers_users:edit", args=[chief.pk]), staff_form(email="x@y.it"))
    chief.refresh_from_db()
    assert chief.email == "chief@example.org"


def test_several_people_are_not_given_a_joined_duty_at_once(client_as) -> None:
    browser = client_as(roles.ADMINISTRATORS)
    person = UserFactory(role=roles.COORDINATORS)
    guarantors = Group.objects.get(name=roles.GUARANTORS)
    address = reverse("wagtail_bulk_action", args=["residents", "user", "assign_role"])
    response = browser.post(f"{address}?id={person.pk}", {"role": guarantors.pk}, follow=True)
    assert response.status_code == 200
    assert list(person.groups.values_list("name", flat=True)) == [roles.COORDINATORS]


def test_a_new_address_given_by_staff_does_not_take_over_who_somebody_is_on_the_rolls(
    client_as,
) -> None:
    person = UserFactory(email="anna@example.org")
    person.fiscal_code_hash = fiscal_codes.keyed_hash("RSSMRA80A01H501U")
    person.save()
    SocialAccount.objects.create(user=person, provider="identity", uid="1")
    browser = client_as(roles.ADMINISTRATORS)
    address = reverse("wagtailusers_users:edit", args=[person.pk])
    browser.post(address, staff_form(email=person.email, last_name="Nuovo"))
    person.refresh_from_db()
    assert person.fiscal_code_hash is not None
    browser.post(address, staff_form(email="altri@example.org"))
    person.refresh_from_db()
    assert (person.email, person.fiscal_code_hash) == ("altri@example.org", None)
    assert not SocialAccount.objects.filter(user=person).exists()


def test_who_lost_the_phone_is_helped_and_told(
    client_as, django_capture_on_commit_callbacks
) -> None:
    person = UserFactory(role=roles.EDITORS, email="elena@example.org")
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    editors = Group.objects.get(name=roles.EDITORS)
    with django_capture_on_commit_callbacks(execute=True):
        client_as(roles.ADMINISTRATORS).post(
            reverse("wagtailusers_users:edit", args=[person.pk]),
            staff_form(email=person.email, groups=[editors.pk], removes_second_factor="on"),
        )
    assert not Authenticator.objects.filter(user=person).exists()
    assert mail.outbox[-1].to == ["elena@example.org"]


def test_one_click_signs_in_as_a_demonstration_person_and_nobody_else(client) -> None:
    from residents import demonstration

    demonstration.load(lambda line: None)
    stranger = UserFactory(superuser=True)
    page = client.get(reverse("account_login")).content.decode()
    assert "Carla Monti" in page
    address = reverse("residents_development:sign_in_as")
    assert client.post(address, {"email": stranger.email}).status_code == 404
    client.post(address, {"email": "carla.monti@example.org"})
    assert client.get("/admin/").status_code == 200
    assert client.get(reverse("residents_development:emails")).status_code == 200


@pytest.mark.parametrize("backend", ["filebased", "locmem"])
def test_the_e_mails_that_did_not_leave_can_be_read(
    client, settings, tmp_path, backend, monkeypatch
) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    if backend == "filebased":
        monkeypatch.delattr(mail, "outbox")
    for name in ("prima", "seconda"):
        Client().post(reverse("account_login"), {"email": f"{name}@example.org"})
    page = client.get(reverse("residents_development:emails")).content.decode()
    assert page.index("seconda@example.org") < page.index("prima@example.org")
    assert 'href="http' in page


def test_without_the_switch_nobody_is_offered_and_nobody_gets_in(client, settings) -> None:
    from residents import demonstration

    demonstration.load(lambda line: None)
    settings.DEVELOPMENT_SIGN_IN = False
    assert "Carla Monti" not in client.get(reverse("account_login")).content.decode()
    address = reverse("residents_development:sign_in_as")
    response = client.post(address, {"email": "carla.monti@example.org"})
    assert response.status_code == 404


def test_without_the_switch_the_addresses_do_not_exist(settings) -> None:
    from residents import urls

    def names() -> set[str | None]:
        return {getattr(entry, "namespace", None) for entry in importlib.reload(urls).urlpatterns}

    assert "residents_development" in names()
    settings.DEVELOPMENT_SIGN_IN = False
    assert "residents_development" not in names()
    settings.DEVELOPMENT_SIGN_IN = True
    importlib.reload(urls)
