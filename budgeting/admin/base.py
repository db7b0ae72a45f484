"""What the admin pages of a round share: who may see them, where they stand, how they save."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from budgeting.joint_acts import Role
from budgeting.models import Round
from budgeting.phases import require_right
from home.errors import DomainError
from residents.models import User


def may_see_rounds(user: Any) -> bool:
    """Say whether somebody coordinates or guarantees, in whatever combination."""
    return any(user.has_perm(role) for role in Role)


class ChangedMeanwhileError(DomainError):
    """Somebody else's act came in between."""


class AdminView(WagtailAdminTemplateMixin, TemplateView):
    """A page of the rounds' admin: coordinators and guarantors read, coordinators write."""

    header_icon = "clipboard-list"
    writes = False
    either_role_writes = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_rounds(request.user):
            raise PermissionDenied
        writing = self.writes or request.method == "POST"
        if writing and not self.either_role_writes and not self.coordinates:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def person(self) -> User:
        """Who is looking: the admin lets nobody in who has not signed in."""
        return cast("User", self.request.user)

    @property
    def coordinates(self) -> bool:
        """Whether the person looking may change rounds."""
        return bool(self.request.user.has_perm(Role.COORDINATOR))

    def trail(self) -> list[tuple[str, Any]]:
        """Return (address, label) of the pages above this one."""
        return [(reverse("rounds_admin:rounds"), _("Rounds"))]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = [{"url": url, "label": label} for url, label in self.trail()]
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*super().get_breadcrumbs_items(), *above, here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"coordinates": self.coordinates}


class RoundView(AdminView):
    """A page of one round."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.round: Round = get_object_or_404(Round.objects.select_related("roll"), pk=kwargs["pk"])

    @cached_property
    def is_in_preparation(self) -> bool:
        """Whether rules, contests and projects may still change."""
        return self.round.state == Round.State.PREPARATION

    def trail(self) -> list[tuple[str, Any]]:
        page = (reverse("rounds_admin:round", args=[self.round.pk]), self.round.name)
        return [*super().trail(), page]

    def get_page_subtitle(self) -> str:
        return str(self.round)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "round": self.round,
            "is_in_preparation": self.is_in_preparation,
            "may_save": self.coordinates and self.is_in_preparation,
        }

    def again(self, **context: Any) -> HttpResponse:
        """Show the page with what was typed and what is wrong with it."""
        return self.render_to_response(self.get_context_data(**context), status=422)

    def write(self, action: str, save: Callable[[], Any], *, in_preparation: bool = True) -> None:
        """Save under the round's lock, all or nothing, and log it.

        Raises ChangedMeanwhileError when the round was opened, or the database refused what another
        person's change made impossible; NotAllowedError when the person no longer coordinates.
        """
        try:
            with transaction.atomic():
                locked = Round.objects.select_for_update().get(pk=self.round.pk)
                require_right(self.person)
                if in_preparation and locked.state != Round.State.PREPARATION:
                    raise ChangedMeanwhileError(
                        _("The vote has been opened meanwhile: its rules no longer change.")
                    )
                save()
                log(instance=self.round, action=action, user=self.request.user)
        except IntegrityError as error:
            raise ChangedMeanwhileError(
                _(
                    "Somebody else changed the same thing meanwhile, and nothing was saved. "
                    "Open the page again in another tab, compare, and save again."
                )
            ) from error
