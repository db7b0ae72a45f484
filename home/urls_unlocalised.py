"""Technical addresses that have no language."""

from django.urls import URLPattern, URLResolver, path

from . import health, sitemaps, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("favicon.ico", views.favicon, name="favicon"),
    path("health/", health.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("theme.css", views.theme, name="theme"),
]
