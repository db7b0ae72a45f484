"""What every template may use."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .caching import has_messages, is_anonymous
from .face import face


def rione(request: HttpRequest) -> dict[str, Any]:
    """Offer `face` (header and footer), `signed_in` and `may_have_messages`.

    The last two look at cookies only: an anonymous page must not open a session to find out.
    """
    return {
        "face": SimpleLazyObject(face),
        "signed_in": SimpleLazyObject(lambda: _signed_in(request)),
        "may_have_messages": has_messages(request),
    }


def _signed_in(request: HttpRequest) -> bool:
    if is_anonymous(request):
        return False
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated)
