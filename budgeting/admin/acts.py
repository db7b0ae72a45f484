"""Acts of two people in the admin: what needs a signature, opening, closing later."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from budgeting import extension, joint_acts, opening, readiness
from budgeting.canonical_json import sha256_of
from budgeting.freezing import rules_document
from budgeting.models import JointAct
from home.errors import DomainError

from .asking import AskingView, RequestView
from .base import AdminView
from .round_forms import AnswerForm, ExtensionForm, OpeningForm

ACTS_PER_PAGE = 30


class ActList(AdminView):
    """What waits for a signature, the reader's own first; then what was decided."""

    page_title = _("Signatures")
    template_name = "budgeting/admin/acts.html"
    header_icon = "edit"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        acts = JointAct.objects.select_related("round", "requested_by", "decided_by")
        waiting = list(acts.filter(state=JointAct.State.REQUESTED))
        mine = [act for act in waiting if joint_acts.may_decide(act, self.person)]
        decided = acts.exclude(state=JointAct.State.REQUESTED).order_by("-decided_at", "-pk")
        return super().get_context_data(**kwargs) | {
            "mine": mine,
            "others": [act for act in waiting if act not in mine],
            "page": Paginator(decided, ACTS_PER_PAGE).get_page(self.request.GET.get("p")),
        }


class ActView(AdminView):
    """One act: what it does, who asked, and, for the second person, confirm or refuse."""

    template_name = "budgeting/admin/act.html"
    either_role_writes = True
    header_icon = "edit"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        acts = JointAct.objects.select_related("round", "requested_by", "decided_by")
        self.act = get_object_or_404(acts, pk=kwargs["pk"])
        self.effect = joint_acts.effect_of(self.act.kind)

    def get_page_title(self) -> str:
        label = str(self.act.get_kind_display())
        return label[:1].upper() + label[1:]

    def get_page_subtitle(self) -> str:
        return str(self.act.round)

    def trail(self) -> list[tuple[str, Any]]:
        return [(reverse("rounds_admin:acts"), _("Signatures"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", AnswerForm())
        is_waiting = self.act.state == JointAct.State.REQUESTED
        return (
            super().get_context_data(**kwargs)
            | {
                "act": self.act,
                "details": self.effect.details(self.act),
                "fragment": self.effect.template if is_waiting else "",
                "may_decide": joint_acts.may_decide(self.act, self.person),
            }
            | (dict(self.effect.context(self.act)) if is_waiting else {})
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = AnswerForm(request.POST)
        form.is_valid()
        answer = form.cleaned_data.get("answer", "")
        try:
            if "confirm" in request.POST:
                joint_acts.confirm_act(act=self.act, by=self.person, note=answer)
                messages.success(request, _("Confirmed: it is in effect."))
            else:
                joint_acts.refuse_act(act=self.act, by=self.person, answer=answer)
                messages.success(request, _("Refused: nothing has changed."))
        except DomainError as error:
            error.add_to(form)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        return redirect("rounds_admin:act", self.act.pk)


class OpeningView(RequestView):
    """Asks to open the vote; shows what is missing and exactly what would be frozen."""

    page_title = _("Opening and acts")
    template_name = "budgeting/admin/opening.html"
    kind = JointAct.Kind.OPENING
    form_class = OpeningForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.new_form())
        found = readiness.findings(self.round) if self.is_in_preparation else []
        document = rules_document(self.round) if self.is_in_preparation else ""
        acts = self.round.acts.select_related("requested_by", "decided_by")
        return super().get_context_data(**kwargs) | {
            "findings": [
                (each, reverse(f"rounds_admin:{each.step}", args=each.arguments)) for each in found
            ],
            "is_ready": not any(each.blocks for each in found),
            "document": document,
            "sha256": sha256_of(document) if document else "",
            "waiting": acts.filter(
                kind=JointAct.Kind.OPENING, state=JointAct.State.REQUESTED
            ).first(),
            "acts": acts,
            "frozen": self.round.frozen_rules.all(),
        }

    def parameters(self, form: forms.Form) -> dict[str, Any]:
        return opening.parameters_for(self.round)


class ExtensionView(AskingView):
    """Asks to close the vote later."""

    page_title = _("Close the vote later")
    kind = JointAct.Kind.EXTENSION
    form_class = ExtensionForm
    note = _("It takes effect when a guarantor confirms, and is published.")

    def parameters(self, form: forms.Form) -> dict[str, Any]:
        return extension.parameters_for(form.cleaned_data["ends_at"])
