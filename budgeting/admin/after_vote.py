"""From the close to the published result: signatures, draw, count, records."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from budgeting import annulment, counting_runs, drawing, joint_acts, publication, sealing
from budgeting.models import Annulment, Box, Count, JointAct, Round, Scope, Seal
from budgeting.recording import kit_pieces, kit_size
from budgeting.sealed_box import may_be_counted
from budgeting.views.files import file_response, record_file_response
from home.errors import DomainError
from residents import look_ups

from .asking import AskingView, RequestView
from .base import RoundView
from .round_forms import ReasonForm

Kind = JointAct.Kind


class DrawForm(forms.Form):
    """The seed and the lottery it comes from."""

    lottery = forms.CharField(
        label=_("Lottery"),
        help_text=_("Which one, of which date, and its numbers: everybody reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seed = forms.CharField(
        label=_("Seed"),
        max_length=drawing.LONGEST_SEED,
        help_text=_("Made from the numbers exactly as the tie procedure says."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class AnnulmentForm(ReasonForm):
    """Whose ballot is annulled, by the whole code; the choices are never shown."""

    fiscal_code = forms.CharField(
        label=_("Codice fiscale"),
        max_length=40,
        help_text=_("The whole code. Nobody can be looked up by a part of it, or by name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    scope: forms.ModelChoiceField[Scope] = forms.ModelChoiceField(
        label=_("Ballot"), queryset=Scope.objects.none()
    )
    coded_reason = forms.ChoiceField(label=_("Why"), choices=Annulment.Reason)
    field_order = ("fiscal_code", "scope", "coded_reason", "reason")

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("How it came to light")
        self.fields["scope"].queryset = round.scopes.all()  # type: ignore[attr-defined]
        self.fields["scope"].label_from_instance = lambda scope: scope.name  # type: ignore[attr-defined]


# Each step that two people sign, with what the first of them writes.
STEPS: Mapping[Kind, type[forms.Form]] = {
    Kind.SEALING: ReasonForm,
    Kind.KEY_DESTRUCTION: ReasonForm,
    Kind.DRAW: DrawForm,
    Kind.PUBLICATION: ReasonForm,
}


class AfterVoteView(RoundView):
    """The round between the close and the published result, as steps in their order."""

    page_title = _("From the close to the result")
    template_name = "budgeting/admin/after_vote.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        round = self.round
        acts = list(
            round.acts.filter(state=JointAct.State.REQUESTED).select_related("requested_by")
        )
        counts = list(Count.objects.latest_of(round))
        return super().get_context_data(**kwargs) | {
            "seal": Seal.objects.filter(round=round).first(),
            "box": Box.objects.filter(pk=round.pk).first(),
            "draw": drawing.entered(round),
            "run": round.count_runs.select_related("asked_by").first(),
            "counts": counts,
            "unpublished": any(count.published_at is None for count in counts),
            "may_count": may_be_counted(round) and not round.seal.is_imported,
            "waiting": {act.kind: act for act in acts},
            "may_ask": {kind: joint_acts.may_ask(kind, self.person) for kind in STEPS},
            "forms": {kind: form(prefix=kind) for kind, form in STEPS.items()},
        }


class StepRequest(RequestView, AfterVoteView):
    """Asks for one act of two people from the page of all steps."""

    http_method_names = ["post"]
    kind: Kind

    def new_form(self, data: Any = None) -> forms.Form:
        return STEPS[self.kind](data, prefix=self.kind)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["forms"][self.kind] = context["form"]  # with what is wrong in it
        return context | {"failed": self.kind}


class SealingRequest(StepRequest):
    """Asks to seal the box, as it is now."""

    kind = Kind.SEALING

    def parameters(self, form: forms.Form) -> Mapping[str, Any]:
        return sealing.parameters_for(self.round)


class KeyDestructionRequest(StepRequest):
    """Asks to destroy the key of the sealed box."""

    kind = Kind.KEY_DESTRUCTION


class DrawRequest(StepRequest):
    """Enters the seed of the draw, as the first of two guarantors."""

    kind = Kind.DRAW
    either_role_writes = True

    def parameters(self, form: forms.Form) -> Mapping[str, Any]:
        data = form.cleaned_data
        return drawing.parameters_for(seed=data["seed"], lottery=data["lottery"])


class PublicationRequest(StepRequest):
    """Asks to publish the result, as coordinator or as guarantor."""

    kind = Kind.PUBLICATION
    either_role_writes = True

    def parameters(self, form: forms.Form) -> Mapping[str, Any]:
        return publication.parameters_for(self.round)


class CountRequest(AfterVoteView):
    """Has the round counted in the background."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            counting_runs.ask_for_count(round=self.round, by=self.person)
            messages.success(request, _("The count has been started."))
        except DomainError as error:
            messages.error(request, str(error.message))
        return redirect("rounds_admin:after_vote", self.round.pk)


class AnnulmentView(AskingView):
    """Asks to annul somebody's ballot, whatever it says."""

    page_title = _("Annul a ballot")
    kind = Kind.ANNULMENT
    note = _(
        "Between the opening and the sealing. Impersonated: the person may vote again. Not "
        "entitled: the person is suspended. Nobody sees the choices, here or later. It takes "
        "effect when a guarantor confirms."
    )
    impossible = _("Ballots of this round cannot be annulled now.")

    def new_form(self, data: Any = None) -> forms.Form:
        return AnnulmentForm(data, round=self.round)

    def is_possible(self) -> bool:
        return self.round.state in (Round.State.OPEN, Round.State.CLOSED)

    def parameters(self, form: forms.Form) -> Mapping[str, Any]:
        data = form.cleaned_data
        if self.round.roll is None:
            raise DomainError(_("This round has no voter roll."))
        return annulment.parameters_for(
            entry=look_ups.look_up(
                roll=self.round.roll, fiscal_code=data["fiscal_code"], by=self.person
            ),
            scope=data["scope"],
            reason=data["coded_reason"],
        )


class RecordFileView(RoundView):
    """A file of a count, published or not: what the two people read before they sign."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:  # type: ignore[override]
        counts = Count.objects.filter(contest__scope__round=self.round)
        count = get_object_or_404(
            counts.select_related("contest__scope__round"), pk=kwargs["count_pk"]
        )
        name = kwargs["name"]
        if name == "kit.zip" and count.kit_sha256:
            return file_response(kit_pieces(count), name, kit_size(count), count)
        return record_file_response(count, name)
