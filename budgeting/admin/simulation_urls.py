"""Addresses of the simulator below /admin/simulations/."""

from django.urls import path

from . import simulations

app_name = "simulations_admin"
urlpatterns = [
    path("", simulations.SimulationList.as_view(), name="simulations"),
    path("new/", simulations.SimulationCreate.as_view(), name="simulation_add"),
    path("compare/", simulations.SimulationCompare.as_view(), name="compare"),
    path("<int:pk>/", simulations.SimulationView.as_view(), name="simulation"),
    path("<int:pk>/progress/", simulations.SimulationProgress.as_view(), name="progress"),
    path("<int:pk>/texts/", simulations.SimulationEdit.as_view(), name="texts"),
    path("<int:pk>/scenarios/new/", simulations.ScenarioView.as_view(), name="scenario_add"),
    path("<int:pk>/scenarios/<int:position>/", simulations.ScenarioView.as_view(), name="scenario"),
    path(
        "<int:pk>/scenarios/<int:position>/delete/",
        simulations.ScenarioDelete.as_view(),
        name="scenario_delete",
    ),
    path("<int:pk>/run/", simulations.SimulationRun.as_view(), name="run"),
    path("<int:pk>/stop/", simulations.SimulationStop.as_view(), name="stop"),
    path("<int:pk>/show/", simulations.SimulationShow.as_view(), name="show"),
    path("<int:pk>/copy/", simulations.SimulationCopy.as_view(), name="copy"),
    path("<int:pk>/delete/", simulations.SimulationDelete.as_view(), name="delete"),
    path(
        "<int:pk>/simulation.csv",
        simulations.SimulationExport.as_view(),
        {"ending": "csv"},
        name="csv",
    ),
    path(
        "<int:pk>/simulation.json",
        simulations.SimulationExport.as_view(),
        {"ending": "json"},
        name="json",
    ),
]
