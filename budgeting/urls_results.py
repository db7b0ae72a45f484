"""Addresses of results and deliveries, below the language prefix."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from .views import deliveries, result_comparison, result_steps, results

urlpatterns: list[URLPattern] = [
    path(_("participatory-budget/<slug:slug>/result/"), results.result, name="result"),
    path(
        _("participatory-budget/<slug:slug>/result/<slug:contest>/"),
        results.result_contest,
        name="result_contest",
    ),
    path(
        _("participatory-budget/<slug:slug>/result/<slug:contest>/steps/"),
        result_steps.result_steps,
        name="result_steps",
    ),
    path(
        _("participatory-budget/<slug:slug>/result/<slug:contest>/steps/<int:number>/"),
        result_steps.result_step,
        name="result_step",
    ),
    path(
        _("participatory-budget/<slug:slug>/result/<slug:contest>/compare/"),
        result_comparison.result_compare,
        name="result_compare",
    ),
    path(
        _("participatory-budget/<slug:slug>/result/<slug:contest>/picture.png"),
        results.picture_file,
        name="result_picture",
    ),
    path(_("participatory-budget/<slug:slug>/projects/<int:number>/why/"), results.why, name="why"),
    path(_("participatory-budget/<slug:slug>/delivery/"), deliveries.deliveries, name="deliveries"),
    path(
        _("participatory-budget/<slug:slug>/projects/<int:number>/delivery/"),
        deliveries.delivery,
        name="delivery",
    ),
]
