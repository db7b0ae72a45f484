"""Downloads, whose addresses have no language and never change."""

from django.urls import URLPattern, path

from .views import records, results

urlpatterns: list[URLPattern] = [
    path("data/results/<slug:slug>/<slug:contest>.pb", results.ballots_file, name="result_ballots"),
    path("data/results/<slug:slug>/<slug:contest>.csv", results.table_file, name="result_table"),
    path("data/results/<slug:slug>/<slug:contest>.json", results.data_file, name="result_data"),
    path("data/results/<slug:slug>/<slug:contest>.zip", records.kit, name="result_kit"),
    path(
        "data/results/<slug:slug>/<slug:contest>/<str:name>",
        records.record_file,
        name="result_record",
    ),
    path("data/schemas/<str:name>.schema.json", records.schema, name="schema"),
]
