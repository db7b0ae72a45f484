"""Addresses registered at the gateway for SPID and CIE, and so without a language."""

from allauth.socialaccount import views
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import never_cache

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "gateway/cancelled/",
        never_cache(views.login_cancelled),
        name="socialaccount_login_cancelled",
    ),
    path("gateway/failed/", never_cache(views.login_error), name="socialaccount_login_error"),
    path("gateway/", include("allauth.socialaccount.providers.openid_connect.urls")),
]
