"""Trying every address as one role; nothing that is tried leaves a trace."""

import logging
from collections.abc import Callable, Iterable
from http.cookies import SimpleCookie
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from residents.demonstration import PEOPLE
from residents.models import User
from tests.factories.residents import sign_in

from .answers import answer
from .examples import Example
from .table import Column

# Every visit may write these: they say nothing of what somebody was let do.
_TRACES = (
    "django_session",
    "home_ratecount",
    "home_rionerendition",
    "wagtailadmin_editingsession",
    "wagtailusers_userprofile",
)
_CHANGES = ("INSERT", "UPDATE", "DELETE")


class Browser:
    """A browser of one role, as new for every request."""

    def __init__(self, role: str) -> None:
        # What goes wrong is an answer here: 500.
        self.client = Client(raise_request_exception=False)
        if role != "anonymous":
            sign_in(self.client, _person(role), second_factor=role != "no second factor")
        self.cookies = {name: cookie.value for name, cookie in self.client.cookies.items()}
        self.changed = False

    def ask(self, method: str, url: str) -> Any:
        """Return the answer to a request, which is undone; `changed` says if it wrote anything."""
        if self.changed or not url.startswith("/admin/"):
            cache.clear()  # it may hold what was undone, and how often somebody tried to sign in
        self.client.cookies = SimpleCookie(self.cookies)
        self.changed = False
        undone = transaction.atomic()
        undone._from_testcase = True  # type: ignore[attr-defined]  # so that a durable one may open
        with undone, connection.execute_wrapper(self._watch):
            response: Any = self.client.generic(
                method, url, content_type="application/x-www-form-urlencoded"
            )
            if response.streaming:
                b"".join(response)
            transaction.set_rollback(True)
        return response

    def _watch(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if sql.startswith(_CHANGES) and not any(f'"{name}"' in sql[:80] for name in _TRACES):
            self.changed = True
        return execute(sql, params, many, context)


def column(role: str, examples: Iterable[Example]) -> Column:
    """Return what a role meets at every address, to GET and to an empty POST."""
    logging.disable(logging.ERROR)
    try:
        browser = Browser(role)
        found = {}
        for example in examples:
            to_get = answer(browser.ask("GET", example.url), changed=False)
            response = browser.ask("POST", example.url)
            found[example.key] = f"{to_get}/{answer(response, changed=browser.changed)}"
        return found
    finally:
        logging.disable(logging.NOTSET)


def _person(role: str) -> User:
    role = "administrator" if role == "no second factor" else role
    group = None if role == "resident" else f"{role.capitalize()}s"
    email = next(person.email for person in PEOPLE if person.role == group)
    return User.objects.get(email=email)
