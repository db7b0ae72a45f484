"""Technical addresses that have no language."""

from django.urls import URLPattern, URLResolver, path

from . import health, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health.health, name="health"),
    path("theme.css", views.theme, name="theme"),
]
