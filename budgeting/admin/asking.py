"""Forms that ask for an act, which a second person signs."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from budgeting import joint_acts
from home.errors import DomainError

from .base import RoundView


class RequestView(RoundView):
    """Asks for an act of `kind` as a form says; what is refused is told at its field."""

    kind: str
    form_class: type[forms.Form]

    def new_form(self, data: Any = None) -> forms.Form:
        """Return the form, empty or as it was sent."""
        return self.form_class(data)

    def parameters(self, form: forms.Form) -> Mapping[str, Any]:
        """Return what the act is about. May raise a DomainError."""
        return {}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.new_form(request.POST)
        if form.is_valid():
            try:
                act = joint_acts.request_act(
                    round=self.round,
                    kind=self.kind,
                    by=self.person,
                    reason=form.cleaned_data.get("reason", ""),
                    parameters=self.parameters(form),
                )
            except DomainError as error:
                error.add_to(form)
            else:
                messages.success(request, _("Asked for. Who signs second has been told."))
                return redirect("rounds_admin:act", act.pk)
        return self.again(form=form)


class AskingView(RequestView):
    """A page of its own with the form that asks, and a note above it."""

    template_name = "budgeting/admin/form.html"
    writes = True
    note: Any
    impossible: Any = ""
    """The note that stands there instead where nothing can be asked."""

    def is_possible(self) -> bool:
        """Say whether the act can be asked for at all, as the round stands."""
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_possible = self.is_possible()
        # Fields that nobody can send would only be filled in for nothing.
        kwargs.setdefault("form", self.new_form() if is_possible else forms.Form())
        return super().get_context_data(**kwargs) | {
            "may_save": is_possible,
            "submit_label": _("Ask for the second signature"),
            "note": self.note if is_possible else self.impossible,
        }
