"""The admin's own Content-Security-Policy; the public site's strict one is in the settings.

docs/decisions/admin-policy.md says which of Wagtail's pages need what.
"""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

ADMIN_POLICY = {
    "frame-ancestors": [SELF],
    "frame-src": [SELF],
    "img-src": [SELF, "data:", "blob:"],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
}


class AdminPolicyMiddleware:
    """Loosens the policy below the admin's address, where staff stand behind a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.root = reverse("wagtailadmin_home")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if request.path.startswith(self.root) and user is not None and user.is_authenticated:
            response._csp_replace = ADMIN_POLICY  # type: ignore[attr-defined]
            # The page editor shows the preview in a frame.
            response["X-Frame-Options"] = "SAMEORIGIN"
        return response
