"""Addresses of this app, below the language prefix, each in the reader's language."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from . import views

app_name = "commons"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_("neighbourhoods/"), views.neighbourhoods, name="neighbourhoods"),
    path(_("neighbourhoods/map.geojson"), views.map_data, name="map_data"),
    path(_("neighbourhoods/<slug:slug>/"), views.neighbourhood, name="neighbourhood"),
    path(_("common-goods/"), views.goods, name="goods"),
    path(_("common-goods/<slug:slug>/"), views.good, name="good"),
]
