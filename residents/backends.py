"""Who somebody is and what they may do; never by password."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest


class RightsBackend(AuthenticationBackend):
    """Answers for permissions and sessions; signing in is by e-mail code or the gateway."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Let nobody in: a password, even where one is set, opens nothing."""
        return
