"""Technical addresses that have no language."""

from django.urls import URLPattern, URLResolver, path

from . import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health.health, name="health"),
]
