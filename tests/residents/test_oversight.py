"""No administrator becomes both signers of a vote unseen."""

from smtplib import SMTPException

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.core import mail
from django.urls import reverse
from wagtail.models import ModelLogEntry

from residents import oversight, roles
from tests.factories.residents import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def signers():
    """A coordinator who reads Italian and a guarantor who reads English, with a second factor."""
    carla = UserFactory(role=roles.COORDINATORS, email="carla@example.org", language="it")
    gino = UserFactory(role=roles.GUARANTORS, email="gino@example.org", language="en")
    TOTP.activate(gino, "JBSWY3DPEHPK3PXP")
    return carla, gino


@pytest.fixture
def change(client_as, django_capture_on_commit_callbacks):
    """Post to an address of the admin as an administrator; return who got the e-mail about it."""
    browser = client_as(roles.ADMINISTRATORS, is_superuser=True)

    def post(address: str, **fields: object) -> set[str]:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            assert browser.post(address, fields).status_code == 302
        return {letter.to[0] for letter in mail.outbox}

    return post


def edit_form(person, **fields: object) -> tuple[str, dict[str, object]]:
    groups = [group.pk for group in person.groups.all()]
    form = {"first_name": "Gino", "last_name": "Neri", "language": "en", "is_active": "on"}
    address = reverse("wagtailusers_users:edit", args=[person.pk])
    return address, form | {"email": person.email, "groups": groups} | fields


BOTH = {"carla@example.org", "gino@example.org"}
EDITS = {
    "email": {"email": "mallory@example.org"},
    "second_factor": {"removes_second_factor": "on"},
    "deactivated": {"is_active": False},
    "taken:Guarantors": {"groups": []},
}


@pytest.mark.parametrize(("name", "fields"), EDITS.items())
def test_whoever_signs_is_told_at_the_old_address_and_so_are_the_others(
    signers, change, name, fields
) -> None:
    _carla, gino = signers
    address, form = edit_form(gino, **fields)
    assert change(address, **form) >= BOTH
    entry = ModelLogEntry.objects.get(action="residents.signer.change")
    assert (entry.object_id, entry.data["changes"]) == (str(gino.pk), [name])


def test_a_new_name_alone_is_nobody_elses_business(signers, change) -> None:
    address, form = edit_form(signers[1], first_name="Luigino")
    assert change(address, **form) == set()


def test_new_signers_and_several_at_once_are_told_of_too(signers, change) -> None:
    carla, gino = signers
    person = UserFactory(email="nuova@example.org")
    guarantors = Group.objects.get(name=roles.GUARANTORS)

    def several(action: str, *people) -> str:
        address = reverse("wagtail_bulk_action", args=["residents", "user", action])
        return f"{address}?" + "&".join(f"id={each.pk}" for each in people)

    new = "nuova@example.org"
    assert change(several("assign_role", person), role=guarantors.pk) == BOTH | {new}
    assert change(several("set_active_state", carla, gino), mark_as_active="False") == BOTH | {new}
    assert len(mail.outbox) == 2 * 3
    # Those switched off no longer sign, and read nothing about others.
    assert change(several("delete", person)) == {new}


def test_a_signer_who_is_deleted_is_told(signers, change) -> None:
    assert change(reverse("wagtailusers_users:delete", args=[signers[1].pk])) == BOTH


def test_a_signer_who_is_let_in_again_is_told(signers, change) -> None:
    _carla, gino = signers
    gino.is_active = False
    gino.save()
    address, form = edit_form(gino)
    assert change(address, **form) == BOTH
    entry = ModelLogEntry.objects.filter(action="residents.signer.change").latest("pk")
    assert entry.data["changes"] == ["activated"]


def test_an_address_that_refuses_mail_keeps_it_from_nobody_else(
    signers, change, monkeypatch
) -> None:
    _carla, gino = signers
    send = oversight.mail.send

    def half_broken(*, to: str, **more: object) -> None:
        if to == "carla@example.org":
            raise SMTPException("no such mailbox")
        send(to=to, **more)

    monkeypatch.setattr(oversight.mail, "send", half_broken)
    address, form = edit_form(gino, is_active=False)
    assert change(address, **form) == {"gino@example.org"}
