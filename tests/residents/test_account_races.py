"""Administrators who close their accounts at the same moment."""

import time
from functools import partial

import pytest
from wagtail import hooks

from residents import accounts
from residents.models import User
from tests.factories.residents import UserFactory
from tests.races import together

pytestmark = pytest.mark.race


def test_of_two_administrators_who_leave_at_once_one_stays() -> None:
    people = [UserFactory(superuser=True), UserFactory(superuser=True)]
    # Both have looked whether somebody else is there before either is gone.
    with hooks.register_temporarily(accounts.CLOSING_HOOK, lambda user: time.sleep(0.5)):
        left = together(*[partial(accounts.close, user=user) for user in people])
    assert {type(each) for each in left} == {type(None), accounts.LastAdministratorError}
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
