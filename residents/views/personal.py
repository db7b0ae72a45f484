"""The personal area."""

import json
from typing import Any

from allauth.account.internal.flows.logout import logout
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from home.errors import DomainError

from .. import accounts, gateway, personal_area, roles, second_factor
from ..forms import CloseAccountForm, ProfileForm
from ..models import User


def _person(request: HttpRequest) -> User:
    # Fresh from the database, and never the lazy stand-in that a form would change.
    return User.objects.get(pk=request.user.pk or 0)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def area(request: HttpRequest) -> HttpResponse:
    """Show what waits for a person, who they are here, and let them change name and language."""
    user = _person(request)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your details are saved."))
        return redirect("residents:personal_area")
    context: dict[str, Any] = {
        "person": user,
        "form": form,
        "sections": personal_area.sections(request),
        "roles": roles.names_of(user_pk=user.pk),
        "enters_admin": user.has_perm("wagtailadmin.access_admin"),
        "has_second_factor": second_factor.has_any(user),
        "gateway": gateway.name() if gateway.is_configured() else "",
        "is_known_to_gateway": SocialAccount.objects.filter(user=user).exists(),
    }
    return render(request, "residents/personal_area.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD"])
def data(request: HttpRequest) -> HttpResponse:
    """Give a person all that is kept about them, as a file."""
    user = _person(request)
    text = json.dumps(accounts.export(user=user), ensure_ascii=False, indent=2, default=str)
    return HttpResponse(
        text,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Close an account after saying what is erased and what is kept."""
    form = CloseAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.close(user=_person(request))
        except DomainError as error:
            error.add_to(form)
        else:
            logout(request, show_message=False)
            return redirect("residents:account_closed")
    return render(request, "residents/close_account.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD"])
def closed(request: HttpRequest) -> HttpResponse:
    """Say that the account is closed."""
    return render(request, "residents/account_closed.html")


@never_cache
@login_required
@require_POST
def disconnect_gateway(request: HttpRequest) -> HttpResponse:
    """Let a person sign in by e-mail code alone again; who they are on the rolls is forgotten."""
    gateway.disconnect(user=_person(request))
    messages.success(request, _("The connection is removed."))
    return redirect("residents:personal_area")
