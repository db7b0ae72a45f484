"""Monitoring knows whether the site can serve people."""

import pytest
from django.db import DatabaseError, connection


@pytest.mark.django_db
def test_site_with_a_database_is_up(client):
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json() == {"status": "up"}


@pytest.mark.django_db
def test_site_without_its_database_is_down_and_tells_nothing_more(client, monkeypatch):
    def unreachable(*args, **kwargs):
        raise DatabaseError("password of rione at 10.0.0.7 refused")

    monkeypatch.setattr(connection, "cursor", unreachable)
    response = client.get("/health/")
    assert response.status_code == 503
    assert b"10.0.0.7" not in response.content
