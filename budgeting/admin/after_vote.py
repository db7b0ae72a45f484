"""From the close to the published result: signatures, draw, count, records."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from budgeting import annulment, counting_runs, drawing, joint_acts, publication, sealing
from budgeting.models import Annulment, Box, Count, JointAct, Round, Scope, Seal
from budgeting.recording import content_of, find_file, kit_pieces, kit_size
from budgeting.sealed_box import may_be_counted
from budgeting.views.files import file_response
from home.errors import DomainError
from residents import look_ups

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


class AfterVoteView(RoundView):
    """The round between the close and the published result, as steps in their order."""

    page_title = _("From the close to the result")
    template_name = "budgeting/admin/after_vote.html"
    kind: ClassVar[str] = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        round = self.round
        acts = list(
            round.acts.filter(state=JointAct.State.REQUESTED).select_related("requested_by")
        )
        counts = (
            Count.objects.filter(contest__scope__round=round)
            .order_by("contest__scope__position", "contest__position", "contest_id", "-pk")
            .distinct("contest__scope__position", "contest__position", "contest_id")
            .select_related("contest__scope__round")
            .defer("outcome")
        )
        found = list(counts)
        return super().get_context_data(**kwargs) | {
            "seal": Seal.objects.filter(round=round).first(),
            "box": Box.objects.filter(pk=round.pk).first(),
            "draw": drawing.entered(round),
            "run": round.count_runs.select_related("asked_by").first(),
            "counts": found,
            "unpublished": any(count.published_at is None for count in found),
            "may_count": may_be_counted(round) and not round.seal.is_imported,
            "waiting": {act.kind: act for act in acts},
            "may_ask": {kind.value: joint_acts.may_ask(kind, self.person) for kind in STEPS},
            "forms": self._forms(kwargs.get("form")),
            "failed": self.kind if kwargs.get("form") is not None else "",
        }

    def _forms(self, failed: forms.Form | None) -> dict[str, forms.Form]:
        """Give the form of each step, the one just sent with what is wrong in it."""
        fresh: dict[str, forms.Form] = {
            Kind.SEALING.value: ReasonForm(prefix=Kind.SEALING.value),
            Kind.KEY_DESTRUCTION.value: ReasonForm(prefix=Kind.KEY_DESTRUCTION.value),
            Kind.DRAW.value: DrawForm(),
            Kind.PUBLICATION.value: ReasonForm(prefix=Kind.PUBLICATION.value),
        }
        return fresh | ({self.kind: failed} if failed is not None and self.kind else {})


class RequestView(AfterVoteView):
    """Asks for one act of two people from the page of all steps."""

    http_method_names = ["post"]

    def form(self, request: HttpRequest) -> forms.Form:
        """Return the form that was sent."""
        return ReasonForm(request.POST, prefix=self.kind)

    def parameters(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what the request carries."""
        return {}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request)
        if form.is_valid():
            try:
                act = joint_acts.request_act(
                    round=self.round,
                    kind=self.kind,
                    by=self.person,
                    reason=form.cleaned_data.get("reason", ""),
                    parameters=self.parameters(form.cleaned_data),
                )
            except DomainError as error:
                field = error.field if error.field in form.fields else None
                form.add_error(field, str(error.message))
            else:
                messages.success(request, _("Asked for. Who signs second has been told."))
                return redirect("rounds_admin:act", act.pk)
        return self.again(form=form)


class SealingRequest(RequestView):
    """Asks to seal the box, as it is now."""

    kind = Kind.SEALING.value

    def parameters(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return sealing.parameters_for(self.round)


class KeyDestructionRequest(RequestView):
    """Asks to destroy the key of the sealed box."""

    kind = Kind.KEY_DESTRUCTION.value


class DrawRequest(RequestView):
    """Enters the seed of the draw, as the first of two guarantors."""

    kind = Kind.DRAW.value
    either_role_writes = True

    def form(self, request: HttpRequest) -> forms.Form:
        return DrawForm(request.POST)

    def parameters(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return drawing.parameters_for(seed=data["seed"], lottery=data["lottery"])


class PublicationRequest(RequestView):
    """Asks to publish the result, as coordinator or as guarantor."""

    kind = Kind.PUBLICATION.value
    either_role_writes = True

    def parameters(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
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


class AnnulmentView(RoundView):
    """Asks to annul somebody's ballot, whatever it says."""

    page_title = _("Annul a ballot")
    template_name = "budgeting/admin/form.html"
    writes = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", AnnulmentForm(round=self.round))
        may_annul = self.round.state in (Round.State.OPEN, Round.State.CLOSED)
        note: str | Promise = _(
            "Between the opening and the sealing. Impersonated: the person may vote again. Not "
            "entitled: the person is suspended. Nobody sees the choices, here or later. It takes "
            "effect when a guarantor confirms."
        )
        return super().get_context_data(**kwargs) | {
            "may_save": may_annul,
            "submit_label": _("Ask for the second signature"),
            "note": note if may_annul else _("Ballots of this round cannot be annulled now."),
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = AnnulmentForm(request.POST, round=self.round)
        if form.is_valid():
            data = form.cleaned_data
            try:
                act = joint_acts.request_act(
                    round=self.round,
                    kind=Kind.ANNULMENT,
                    by=self.person,
                    reason=data["reason"],
                    parameters=annulment.parameters_for(
                        entry=self._entry(data["fiscal_code"]),
                        scope=data["scope"],
                        reason=data["coded_reason"],
                    ),
                )
            except DomainError as error:
                field = error.field if error.field in form.fields else None
                form.add_error(field, str(error.message))
            else:
                messages.success(request, _("Asked for. The guarantors have been told."))
                return redirect("rounds_admin:act", act.pk)
        return self.again(form=form)

    def _entry(self, fiscal_code: str) -> Any:
        if self.round.roll is None:
            raise DomainError(_("This round has no voter roll."))
        return look_ups.look_up(roll=self.round.roll, fiscal_code=fiscal_code, by=self.person)


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
        file = find_file(count, name)
        if file is None:
            raise Http404
        return file_response(content_of(file), file.name, file.size, count)


STEPS = (Kind.SEALING, Kind.KEY_DESTRUCTION, Kind.DRAW, Kind.PUBLICATION)
