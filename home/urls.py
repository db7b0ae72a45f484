"""Addresses of this app, below the language prefix."""

from django.urls import URLPattern, URLResolver, path, re_path
from django.utils.translation import gettext_lazy as _

from . import serving, views

urlpatterns: list[URLPattern | URLResolver] = [
    path(_("search/"), views.search, name="search"),
    # Below _util/ stand Wagtail's own addresses, such as that which takes a page's password.
    re_path(r"^((?!_util/)(?:[\w-]+/)*)$", serving.serve, name="page"),
]
