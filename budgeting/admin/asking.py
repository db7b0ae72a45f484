"""Forms that ask for an act, which a second person signs."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from budgeting import joint_acts
from budgeting.models import JointAct
from home.errors import DomainError

from .base import RoundView


class AskingView(RoundView):
    """Asks for an act of `kind` with the reason given in a form."""

    template_name = "budgeting/admin/form.html"
    writes = True
    kind: JointAct.Kind
    form_class: type[forms.Form]
    note: Any

    def parameters(self, form: forms.Form) -> dict[str, Any]:
        """Return what the act is about."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.form_class())
        return super().get_context_data(**kwargs) | {
            "may_save": True,
            "submit_label": _("Ask for the second signature"),
            "note": self.note,
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST)
        if form.is_valid():
            try:
                act = joint_acts.request_act(
                    round=self.round,
                    kind=self.kind,
                    by=self.person,
                    reason=form.cleaned_data["reason"],
                    parameters=self.parameters(form),
                )
            except DomainError as error:
                form.add_error(error.field, str(error.message))
            else:
                messages.success(request, _("Asked for. A guarantor has been told."))
                return redirect("rounds_admin:act", act.pk)
        return self.again(form=form)
