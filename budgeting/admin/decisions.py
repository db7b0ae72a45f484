"""Decisions above the rule in the admin: what there is, and the forms that ask for another."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from budgeting import overrides
from budgeting.models import Contest, JointAct, Override, Project, Round
from budgeting.models.overrides import AFTER
from budgeting.override_words import decision

from .asking import AskingView
from .base import RoundView
from .fields import MoneyField

DECISIONS_PER_PAGE = 30


class DecisionForm(forms.Form):
    """The public reason, in both languages."""

    reason = forms.CharField(
        label=_("Reason (Italian)"),
        help_text=_("Everybody reads it, beside the result and in the record."),
        max_length=overrides.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "it"}),
    )
    reason_en = forms.CharField(
        label=_("Reason (English)"),
        max_length=overrides.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
    )

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = round


class _AboutProject(DecisionForm):
    project: forms.ModelChoiceField[Project] = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        standing = Project.objects.filter(round=self.round).standing()
        self.fields["project"].queryset = standing.order_by("number")  # type: ignore[attr-defined]


class CostForm(_AboutProject):
    """Another cost of one project."""

    amount = MoneyField(label=_("New cost"), least=1)
    field_order = ("project", "amount", "reason", "reason_en")


class BudgetForm(DecisionForm):
    """Another budget of one contest."""

    contest: forms.ModelChoiceField[Contest] = forms.ModelChoiceField(
        label=_("Contest"), queryset=Contest.objects.none()
    )
    amount = MoneyField(label=_("New budget"), least=1)
    field_order = ("contest", "amount", "reason", "reason_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contests = Contest.objects.filter(scope__round=self.round)
        self.fields["contest"].queryset = contests  # type: ignore[attr-defined]


class NoteForm(_AboutProject):
    """A note beside the result of one project."""

    kind = forms.ChoiceField(
        label=_("What happened"),
        choices=[(each.value, each.label) for each in AFTER],
        widget=forms.RadioSelect,
    )
    payer_it = forms.CharField(
        label=_("Which fund or body pays (Italian)"),
        help_text=_("Only if another fund pays."),
        required=False,
        max_length=overrides.LONGEST_PAYER,
        widget=forms.TextInput(attrs={"lang": "it"}),
    )
    payer_en = forms.CharField(
        label=_("Which fund or body pays (English)"),
        help_text=_("Only if its name is another one in English."),
        required=False,
        max_length=overrides.LONGEST_PAYER,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    amount = MoneyField(
        label=_("How much it pays"),
        help_text=_("Only if another fund pays. In figures, such as 12,500.00."),
        required=False,
        least=1,
    )
    field_order = ("project", "kind", "payer_it", "payer_en", "amount", "reason", "reason_en")


class DecisionList(RoundView):
    """What two people decided above the rule, what waits for a signature, what can be asked for."""

    page_title = _("Decisions above the rule")
    template_name = "budgeting/admin/decisions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = (
            Override.objects.of(self.round)
            .select_related("project", "contest", "revoked_by", "act")
            .order_by("-made_at", "-pk")
        )
        page = Paginator(found, DECISIONS_PER_PAGE).get_page(self.request.GET.get("p"))
        waiting = self.round.acts.filter(
            kind=JointAct.Kind.OVERRIDE, state=JointAct.State.REQUESTED
        )
        return super().get_context_data(**kwargs) | {
            "page": page,
            "decisions": [decision(each, self.round.currency) for each in page],
            "waiting": waiting.select_related("requested_by").order_by("requested_at", "pk"),
            "may_change_inputs": overrides.may_change_inputs(self.round),
            "may_annotate": overrides.may_annotate(self.round),
        }


class AskForDecision(AskingView):
    """Asks for one decision above the rule."""

    kind = JointAct.Kind.OVERRIDE
    form_class: type[DecisionForm]

    def new_form(self, data: Any = None) -> forms.Form:
        return self.form_class(data, round=self.round)

    def trail(self) -> list[tuple[str, Any]]:
        page = (
            reverse("rounds_admin:decisions", args=[self.round.pk]),
            _("Decisions above the rule"),
        )
        return [*super().trail(), page]


class AskForInput(AskForDecision):
    """What both changes before the count share."""

    impossible = _(
        "What is counted can change only between the close of the vote and the count of a vote "
        "held here."
    )

    def is_possible(self) -> bool:
        return overrides.may_change_inputs(self.round)


class AskForCost(AskForInput):
    """Asks to count a project with another cost."""

    page_title = _("Change a cost before the count")
    form_class = CostForm
    note = _(
        "The frozen rules stay as they are: the new cost becomes an addendum to them, with this "
        "reason, and is what will be counted. It takes effect when a guarantor confirms."
    )

    def parameters(self, form: forms.Form) -> dict[str, Any]:
        data = form.cleaned_data
        return overrides.cost_parameters(
            project=data["project"], cost=data["amount"], reason_en=data["reason_en"]
        )


class AskForBudget(AskForInput):
    """Asks to count a contest with another budget."""

    page_title = _("Change a budget before the count")
    form_class = BudgetForm
    note = _(
        "The frozen rules stay as they are: the new budget becomes an addendum to them, with this "
        "reason, and is what will be counted. It takes effect when a guarantor confirms."
    )

    def parameters(self, form: forms.Form) -> dict[str, Any]:
        data = form.cleaned_data
        return overrides.budget_parameters(
            contest=data["contest"], budget=data["amount"], reason_en=data["reason_en"]
        )


class AskForNote(AskForDecision):
    """Asks to annotate a project after the count."""

    page_title = _("Add a note beside the result")
    form_class = NoteForm
    note = _(
        "The outcome of the count stays as it is. The note stands at the project, with this "
        "reason, and is added to the record. It takes effect when a guarantor confirms."
    )
    impossible = _("Notes stand beside the result of this city's own votes, once it is counted.")

    def is_possible(self) -> bool:
        return overrides.may_annotate(self.round)

    def parameters(self, form: forms.Form) -> dict[str, Any]:
        data = form.cleaned_data
        return overrides.note_parameters(
            kind=data["kind"],
            project=data["project"],
            reason_en=data["reason_en"],
            amount=data["amount"],
            payer={"it": data["payer_it"], "en": data["payer_en"]},
        )


class AskToRevoke(AskForDecision):
    """Asks to revoke a note; it stays to be read, with the reason why it no longer holds."""

    form_class = DecisionForm
    note = _(
        "The note stays to be read, as revoked, and an addendum to the record says why. It takes "
        "effect when a guarantor confirms."
    )
    impossible = _("This note has already been revoked.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        notes = Override.objects.of(self.round).after_the_count().select_related("project")
        self.override = get_object_or_404(notes, pk=kwargs["override_pk"])

    def get_page_title(self) -> str:
        return str(
            _("Revoke “%(note)s”: %(project)s")
            % {"note": self.override.get_kind_display(), "project": self.override.project}
        )

    def is_possible(self) -> bool:
        return self.override.revoked_by_id is None

    def parameters(self, form: forms.Form) -> dict[str, Any]:
        return overrides.revocation_parameters(
            override=self.override, reason_en=form.cleaned_data["reason_en"]
        )
