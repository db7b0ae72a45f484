"""The page that tells a council what changes between most votes first and equal shares."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budgeting.simulator.council import examples, six_ballots
from home.addresses import home_crumb
from home.caching import public_page


@require_safe
@public_page
def how_awards_differ(request: HttpRequest) -> HttpResponse:
    """Show both rules on six ballots and on real votes; nothing is counted here."""
    return render(
        request,
        "budgeting/how_awards_differ.html",
        {
            "examples": examples(),
            "six": six_ballots(),
            "breadcrumbs": [
                home_crumb(),
                (_("Participatory budget"), reverse("budgeting:rounds")),
                (_("What changes with equal shares"), None),
            ],
        },
    )
