"""Downloads, whose addresses have no language and never change."""

from django.urls import URLPattern, path

from .views import results

urlpatterns: list[URLPattern] = [
    path("data/results/<slug:slug>/<slug:contest>.pb", results.ballots_file, name="result_ballots"),
    path("data/results/<slug:slug>/<slug:contest>.csv", results.table_file, name="result_table"),
    path("data/results/<slug:slug>/<slug:contest>.json", results.data_file, name="result_data"),
]
