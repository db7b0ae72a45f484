"""The tests' own databases keep tests apart."""

import threading

import pytest
from django.contrib.auth import get_user_model
from django.db import connection


@pytest.mark.race
def test_a_test_that_commits_is_seen_by_other_connections_of_its_database():
    get_user_model().objects.create_user("anna@example.org")
    seen = []

    def look():
        seen.append(get_user_model().objects.count())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]


@pytest.mark.parametrize("_again", [1, 2])
@pytest.mark.race
def test_what_a_test_commits_is_gone_for_the_next(_again):
    assert not get_user_model().objects.exists()
    get_user_model().objects.create_user("anna@example.org")


@pytest.mark.django_db
def test_an_ordinary_test_sees_nothing_of_them():
    assert not get_user_model().objects.exists()
