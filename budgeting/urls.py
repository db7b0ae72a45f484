"""Addresses of this app, below the language prefix."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from . import urls_results
from .views import how_awards_differ, rounds

app_name = "budgeting"
urlpatterns: list[URLPattern | URLResolver] = [
    path(_("participatory-budget/"), rounds.round_list, name="rounds"),
    path(
        _("participatory-budget/how-awards-differ/"),
        how_awards_differ.how_awards_differ,
        name="how_awards_differ",
    ),
    path(_("participatory-budget/<slug:slug>/"), rounds.round_page, name="round"),
    path(_("participatory-budget/<slug:slug>/projects/"), rounds.project_list, name="projects"),
    path(
        _("participatory-budget/<slug:slug>/projects/<int:number>/"),
        rounds.project_page,
        name="project",
    ),
    path(
        _("participatory-budget/<slug:slug>/rules/<int:number>.json"),
        rounds.frozen_rules,
        name="frozen_rules",
    ),
    *urls_results.urlpatterns,
]
