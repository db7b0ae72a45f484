"""Addresses of this app, below the language prefix."""

from django.urls import URLPattern, URLResolver, path, re_path
from django.utils.translation import gettext_lazy as _

from . import serving, views

urlpatterns: list[URLPattern | URLResolver] = [
    path(_("search/"), views.search, name="search"),
    re_path(r"^((?:[\w-]+/)*)$", serving.serve, name="page"),
]
