"""Pages that exist only where DEVELOPMENT_SIGN_IN is on."""

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_login_redirect_url
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from .. import development, second_factor

EMAILS_SHOWN = 50


@never_cache
@require_POST
def sign_in_as(request: HttpRequest) -> HttpResponse:
    """Sign in as a demonstration person, with one click that counts as second factor too."""
    chosen = request.POST.get("email", "")
    people = {user.email: user for _person, user in development.people_by_role()}
    if chosen not in people:
        raise Http404
    logout(request)
    get_adapter(request).login(request, people[chosen])
    second_factor.record_shown(request, people[chosen], kind="development")
    return redirect(get_login_redirect_url(request))


@never_cache
@require_safe
def emails(request: HttpRequest) -> HttpResponse:
    """Show the e-mails that would have been sent."""
    context = {"emails": development.sent_emails(at_most=EMAILS_SHOWN)}
    return render(request, "residents/development/emails.html", context)
