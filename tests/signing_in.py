"""Signing in without the sign-in pages, second factor shown."""

from django.http import HttpRequest
from django.test import Client

from residents import second_factor
from residents.models import User


def sign_in_to_admin(client: Client, user: User) -> None:
    """Sign somebody in as if they had just shown their second factor."""
    client.force_login(user)
    request = HttpRequest()
    request.session, request.user = client.session, user
    second_factor.record_shown(request, user, kind="totp")
    request.session.save()
