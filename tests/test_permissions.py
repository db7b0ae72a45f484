"""Every address of the site, for every role, has an expected answer.

The answers stand in `permissions.csv`, a row for each address and case: what GET and what an empty
POST give to each role. A new address without a row fails here. After a change that is meant,
`RIONE_WRITE_PERMISSIONS=1 make test ARGS=tests/test_permissions.py` writes the table anew; read
the difference before you commit it. The rules below hold for the table itself, so writing it anew
hides no hole.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from . import databases
from .addresses import answers, table
from .addresses.browsing import column
from .addresses.examples import Example, Examples
from .conftest import Demonstration

WRITE = bool(os.environ.get("RIONE_WRITE_PERMISSIONS"))


@dataclass(frozen=True)
class City:
    folder: Path
    examples: list[Example]


@pytest.fixture(scope="module")
def loaded(
    demonstration: Demonstration,
    django_db_blocker: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[City]:
    """A clone of the demonstration city, with all that addresses name."""
    folder = tmp_path_factory.mktemp("city")
    shutil.copytree(demonstration.folder, folder, dirs_exist_ok=True)
    name = databases.unique_name("addresses")
    with django_db_blocker.unblock():
        databases.clone(demonstration.database, name)
        folders = {"MEDIA_ROOT": str(folder / "media"), "BOX_KEYS_DIR": str(folder / "box-keys")}
        with databases.use(name), override_settings(**folders):
            _forget()
            yield City(folder, list(Examples()))
            _forget()
        databases.drop(name)


@pytest.fixture
def city(loaded: City, settings: pytest.FixtureRequest) -> City:
    settings.MEDIA_ROOT = str(loaded.folder / "media")
    settings.BOX_KEYS_DIR = str(loaded.folder / "box-keys")
    return loaded


def _forget() -> None:
    """Forget what Django and Wagtail keep of another database."""
    ContentType.objects.clear_cache()
    Site.clear_site_root_paths_cache()


@pytest.mark.parametrize("role", table.ROLES)
def test_every_address_answers_each_role_as_the_table_says(city: City, role: str) -> None:
    found = column(role, city.examples)
    if WRITE:
        table.write_column(role, found)
        pytest.fail("The table was written: read the difference, then run without writing.")
    written = table.read()
    assert found.keys() - written.keys() == set(), "addresses without a row in permissions.csv"
    assert written.keys() - found.keys() == set(), "rows in permissions.csv of addresses now gone"
    assert found == {key: row[role] for key, row in written.items()}


def rows(*starts: str) -> Iterator[tuple[table.Key, str, str, str]]:
    """Yield (row, role, answer to GET, answer to POST) of the addresses that start like this."""
    for key, row in table.read().items():
        if key[0].startswith(starts or ("",)):
            for role in table.ROLES:
                to_get, to_post = row[role].split("/")
                yield key, role, to_get, to_post


def not_shut(*starts: str, roles: Iterable[str] = table.ROLES) -> set[tuple[str, str]]:
    """Return (address, role) wherever one of these roles sees or changes something."""
    return {
        (address, role)
        for (address, _case), role, *both in rows(*starts)
        if role in roles and not set(both) <= answers.SHUT
    }


STAFF = tuple(role for role in table.ROLES[2:] if role != "no second factor")
OUTSIDE = ("anonymous", "resident", "no second factor")


def all_but(*roles: str) -> tuple[str, ...]:
    return tuple(role for role in table.ROLES if role not in roles)


def test_the_admin_opens_only_to_those_who_work_here_with_a_second_factor() -> None:
    # Drawings and the words of scripts: nothing of the city's.
    harmless = {"admin/sprite/", "admin/jsi18n/"}
    opened = {address for address, _role in not_shut("admin/", roles=OUTSIDE)}
    assert opened == harmless


def test_only_administrators_look_after_people_roles_settings_and_workflows() -> None:
    # Any member of staff may see the names of the tasks of a workflow; making one is refused.
    names_only = {
        "admin/workflows/task_chooser/",
        "admin/workflows/task_chooser/<int:task_id>/",
        "admin/workflows/task_chooser/create/",
        "admin/workflows/task_chooser/results/",
    }
    administered = ("users", "groups", "settings", "workflows", "sites", "locales", "redirects")
    opened = not_shut(*[f"admin/{name}/" for name in administered], roles=all_but("administrator"))
    assert {address for address, _role in opened} <= names_only
    for (address, _case), role, _to_get, to_post in rows(*names_only):
        assert role == "administrator" or to_post != answers.DONE, address


def test_nobody_deletes_or_changes_in_bulk_what_they_may_not_change_one_by_one() -> None:
    allowed = {
        "page": {"editor", "publisher"},
        "picture": {"editor", "publisher"},
        "account": {"administrator"},
        "commongood": {"publisher", "administrator"},
        "neighbourhood": {"publisher", "administrator"},
    }
    for (_address, case), role, _to_get, to_post in rows("admin/bulk/"):
        if to_post == answers.DONE:
            assert role in allowed[case.split()[-1]], (case, role)


def test_rounds_and_rolls_belong_to_coordinators_and_guarantors() -> None:
    places = ("admin/rounds/", "admin/rolls/", "admin/residents/", "admin/budgeting/")
    assert not_shut(*places, roles=all_but("coordinator", "guarantor")) == set()


def test_the_simulator_belongs_to_coordinators() -> None:
    assert not_shut("admin/simulations/", roles=all_but("coordinator")) == set()


def test_guarantors_change_nothing_of_a_round_or_a_roll_but_sign() -> None:
    places = ("admin/rounds/", "admin/rolls/", "admin/residents/", "admin/budgeting/")
    written = {
        address
        for (address, _case), role, _to_get, to_post in rows(*places)
        if role == "guarantor" and to_post not in answers.SHUT
    }
    assert written == {
        "admin/rounds/acts/<int:pk>/",  # where they sign
        "admin/rounds/<int:pk>/after-the-vote/draw/",  # two of them enter the seed
        "admin/rounds/<int:pk>/after-the-vote/publication/",  # either role asks, the other signs
        "admin/rolls/<int:pk>/find/",  # the code is sent by POST so that no log keeps it
    }


def test_what_is_not_public_opens_to_nobody_outside() -> None:
    hidden = [
        (key, role, to_get, to_post)
        for key, role, to_get, to_post in rows()
        if key[1] in {"a draft", "not on the site"} and role in ("anonymous", "resident")
    ]
    assert len(hidden) > 20
    for key, role, to_get, to_post in hidden:
        assert to_get == answers.ABSENT, (key, role)
        assert to_post in {answers.ABSENT, answers.NO_METHOD}, (key, role)


def test_a_restricted_page_or_document_opens_only_to_those_it_is_for() -> None:
    for key, role, *both in rows("<language>/", "documents/"):
        if key[1].endswith("behind a password"):
            assert set(both) == {answers.PASSWORD}, (key, role)
        if key[1] == "a page for editors" and role != "editor":
            assert set(both) <= answers.SHUT, (key, role)


def test_what_anybody_may_read_everybody_may_read() -> None:
    for key, row in table.read().items():
        if row["anonymous"].startswith(answers.OPEN) and not key[0].startswith(
            "<language>/sign-in/"
        ):
            assert {answer.split("/")[0] for answer in row.values()} == {answers.OPEN}, key


def test_a_form_is_not_taken_from_those_who_are_not_shown_it() -> None:
    for key, role, to_get, to_post in rows():
        if to_get in answers.SHUT - {answers.NO_METHOD, answers.ABSENT}:
            assert to_post in answers.SHUT, (key, role)


# Wagtail fails on a form from which its own page's fields are missing. Whoever sends such a one may
# change the thing, and nothing is written; `failwhale` is there to fail.
FAILS_ON_AN_EMPTY_FORM = {
    "admin/choose-external-link/",
    "admin/documents/multiple/create_from_uploaded_document/<int:uploaded_file_id>/",
    "admin/failwhale/",
    "admin/localize/translate/<int:translation_id>/pofile/upload/",
    "admin/pages/<int:page_id>/copy/",
    "admin/pages/<int:page_id>/edit/",
    "admin/pages/<int:page_id>/revisions/<int:revision_id>/revert/",
    "admin/pages/add/<slug:content_type_app_name>/<slug:content_type_model_name>/"
    "<int:parent_page_id>/",
    "admin/redirects/import/process/",
    "admin/snippets/choose/commons/commongood/create/",
    "admin/snippets/choose/commons/neighbourhood/create/",
}


def test_nothing_fails() -> None:
    for key, role, *both in rows():
        if any(answer.startswith("5") for answer in both):
            assert key[0] in FAILS_ON_AN_EMPTY_FORM, (key, role)
            assert not both[0].startswith("5") or key[0] == "admin/failwhale/", (key, role)


# Addresses that open to none of the roles; each start of an address with the reason.
FOR_NOBODY = {
    "<language>/account/second-factor/recovery-codes/": "they are shown once, when they are made",
    "<language>/development/sign-in/": "asks whom to sign in as, which an empty form does not say",
    "<language>/register/": "registering is signing in",
    "admin/.*/": "nothing is there",
    "admin/api/main/documents/find/": "asks for a query",
    "admin/api/main/images/find/": "asks for a query",
    "admin/api/main/pages/find/": "asks for a query",
    "admin/block-preview/": "asks which block",
    "admin/budgeting/delivery/create/": "works begin with the result",
    "admin/budgeting/delivery/delete/": "people follow them",
    "admin/images/<int:image_id>/generate_url/": "no picture is served at a signed address",
    "admin/locales/": "only for somebody with every right: a language is work for a programmer",
    "admin/localize/submit/snippet/": "records are translated in their own form",
    "admin/localize/translate/<int:translation_id>/machine_translate/": "there is no such service",
    "admin/localize/translate/<int:translation_id>/overrides/": "takes PUT and DELETE",
    "admin/localize/translate/<int:translation_id>/preview/<str:mode>/": "there is one preview",
    "admin/localize/translate/<int:translation_id>/strings/": "takes PUT and DELETE",
    "admin/login/": "there is one sign-in, the site's",
    "admin/logout/": "leads to the sign-in",
    "admin/password_reset/": "nobody has a password",
    "admin/residents/roll/delete/": "a roll with people on it stays",
    "admin/residents/rolldoubt/": "doubts have pages of their own",
    "admin/residents/rollentry/": "entries have pages of their own",
    "admin/settings/<slug:app_name>/<slug:model_name>/<int:pk>/preview/": "they have none",
    "admin/sites/delete/": "only for somebody with every right",
    "admin/snippets/": "records have places of their own in the menu",
    "admin/users/delete/": "an account is closed, never deleted",
    "admin/workflows/usage/": "asks for rights on pages, which administrators lack",
    "gateway/<provider_id>/login/": "the tests have no gateway",
}


def test_every_address_is_for_somebody() -> None:
    """Without this an example that does not exist would look like one that nobody may see."""
    opened = {
        address
        for (address, _case), _role, *both in rows()
        if not set(both) <= answers.SHUT - {answers.PASSWORD}
    }
    shut = {address for address, _case in table.read()} - opened
    for address in shut:
        assert address.startswith(tuple(FOR_NOBODY)), address
    for start in FOR_NOBODY:
        assert any(address.startswith(start) for address in shut), start


# The forms of these carry a token, and so a cookie.
WITH_A_FORM = ("<language>/sign-in/", "<language>/sign-out/", "<language>/_util/", "documents/auth")
MOST_QUERIES = 8


def test_public_pages_set_no_cookie_and_cost_few_queries(city: City) -> None:
    row = table.read()
    costly, with_cookie, looked_at = {}, set(), 0
    for example in city.examples:
        address, _case = example.key
        if address.startswith("admin/") or not row[example.key]["anonymous"].startswith("open"):
            continue
        looked_at += 1
        _read(example.url)  # pictures are made in their sizes at the first visit of all
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            response = _read(example.url)
        if response.cookies and not address.startswith(WITH_A_FORM):
            with_cookie.add(address)
        if len(queries) > MOST_QUERIES:
            costly[example.key] = len(queries)
    assert looked_at > 25
    assert with_cookie == set()
    assert costly == {}


def _read(url: str) -> Any:
    response: Any = Client().get(url)
    if response.streaming:
        b"".join(response)
    return response
