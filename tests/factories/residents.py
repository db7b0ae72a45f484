"""People and rolls for tests."""

import datetime
import time

import factory
from django.contrib.auth.models import Group
from django.test import Client

from residents import fiscal_codes
from residents.models import Roll, RollEntry, User


class UserFactory(factory.django.DjangoModelFactory):
    """A person; with `role=roles.EDITORS`, or `roles=[…]`, one who works for the city."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person{number}@example.org")
    first_name = "Anna"
    last_name = factory.Sequence(lambda number: f"Prova {number}")

    class Params:
        superuser = factory.Trait(is_staff=True, is_superuser=True)

    @factory.post_generation
    def role(self, create: bool, extracted: str | None, **_: object) -> None:
        if extracted:
            self.groups.add(Group.objects.get(name=extracted))

    @factory.post_generation
    def roles(self, create: bool, extracted: list[str] | None, **_: object) -> None:
        for name in extracted or []:
            self.groups.add(Group.objects.get(name=name))


class RollFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Roll

    name = factory.Sequence(lambda number: f"Roll {number}")
    reference_date = datetime.date(2026, 5, 1)


def hash_of_number(number: int) -> bytes:
    """Return a hash as of a code that no real person has."""
    return fiscal_codes.keyed_hash(f"TEST{number:012d}")


class RollEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RollEntry

    roll = factory.SubFactory(RollFactory)
    fiscal_code_hash = factory.Sequence(hash_of_number)
    birth_date = datetime.date(1980, 1, 1)


def sign_in(client: Client, user: User, *, second_factor: bool = True) -> Client:
    """Sign a client in as somebody, second factor shown unless told otherwise."""
    client.force_login(user)
    if second_factor:
        session = client.session
        session["account_authentication_methods_user"] = str(user.pk)
        session["account_authentication_methods"] = [
            {"method": "mfa", "type": "totp", "at": time.time(), "reauthenticated": True}
        ]
        session.save()
    return client
