"""Addresses of the rolls, below the admin's."""

from django.urls import path

from . import views

app_name = "rolls"
urlpatterns = [
    path("example.csv", views.example_file, name="example"),
    path("<int:pk>/", views.roll, name="roll"),
    path("<int:pk>/add/", views.add_entry, name="add_entry"),
    path("<int:pk>/find/", views.find_entry, name="find_entry"),
    path("<int:pk>/import/", views.read_file, name="read_file"),
    path("<int:pk>/empty/", views.empty, name="empty"),
    path("imports/<uuid:pk>/", views.import_report, name="import"),
    path("imports/<uuid:pk>/problems.csv", views.import_problems, name="import_problems"),
    path("imports/<uuid:pk>/discard/", views.discard_import, name="discard_import"),
    path("entries/<int:pk>/", views.entry, name="entry"),
    path("doubts/<int:pk>/", views.doubt, name="doubt"),
]
