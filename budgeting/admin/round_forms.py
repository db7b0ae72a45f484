"""Forms for a round: its rules, its contests, its dates, its criteria, its holds."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.images.widgets import AdminImageChooser

from budgeting import phases
from budgeting.models import Contest, Criterion, Phase, Project, Round, Scope
from budgeting.slugs import slug_of
from commons.models import Neighbourhood

from .fields import MomentField, MoneyField

LANGUAGES = {"it": _("Italian"), "en": _("English")}


class TwoLanguages:
    """Names the columns of each language after their field, and marks the inputs' language."""

    # Fields whose Italian text must be there.
    italian_required: tuple[str, ...] = ()
    fields: dict[str, forms.Field]

    def name_languages(self, model: Any) -> None:
        """Set labels, `lang` and what is required, for every field named <field>_<language>."""
        for name, field in self.fields.items():
            base, _sep, language = name.rpartition("_")
            if language not in LANGUAGES or not base:
                continue
            original = model._meta.get_field(base)
            label = str(original.verbose_name)
            field.label = f"{label[:1].upper()}{label[1:]} ({LANGUAGES[language]})"
            field.help_text = original.help_text if language == "it" else ""
            field.widget.attrs["lang"] = language
            field.required = language == "it" and base in self.italian_required


class RoundForm(TwoLanguages, forms.ModelForm):
    """The texts and rules of a round. Once the vote is open, only what is not frozen may change."""

    italian_required = ("name",)
    after_opening = ("summary_it", "summary_en", "image", "is_public")

    class Meta:
        model = Round
        fields = (
            "name_it",
            "name_en",
            "slug",
            "summary_it",
            "summary_en",
            "who_may_propose_it",
            "who_may_propose_en",
            "who_may_vote_it",
            "who_may_vote_en",
            "minimum_age",
            "roll",
            "currency",
            "tie_procedure_it",
            "tie_procedure_en",
            "image",
            "is_public",
        )
        widgets = {
            **{
                f"{name}_{language}": forms.Textarea(attrs={"rows": 3})
                for name in ("summary", "who_may_propose", "who_may_vote", "tie_procedure")
                for language in LANGUAGES
            },
            "image": AdminImageChooser,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_languages(Round)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("The last part of the address; empty: made of the name.")
        if self.instance.pk and self.instance.state != Round.State.PREPARATION:
            for name, field in self.fields.items():
                field.disabled = name not in self.after_opening

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("slug") and data.get("name_it"):
            data["slug"] = slug_of(data["name_it"])
            if not data["slug"]:
                self.add_error("slug", _("The name has no letters for an address: write one here."))
            elif Round.objects.filter(slug=data["slug"]).exclude(pk=self.instance.pk).exists():
                self.add_error("slug", _("Another round has this address: write a different one."))
        return data


class ScopeForm(TwoLanguages, forms.ModelForm):
    """How people vote in contests that share one ballot."""

    italian_required = ("name",)
    min_sum_cost = MoneyField(label=_("Least total cost of a ballot"), required=False)
    max_sum_cost = MoneyField(
        label=_("Greatest total cost of a ballot"),
        required=False,
        help_text=_("With the budget here, people share out the money themselves (knapsack)."),
    )

    class Meta:
        model = Scope
        fields = (
            "name_it",
            "name_en",
            "position",
            "vote_type",
            "min_length",
            "max_length",
            "min_sum_cost",
            "max_sum_cost",
            "min_points",
            "max_points",
            "min_sum_points",
            "max_sum_points",
            "default_score",
            "allows_blank",
            "ballot_order",
        )

    # (smallest, greatest): the second may not be below the first.
    PAIRS = (
        ("min_length", "max_length"),
        ("min_sum_cost", "max_sum_cost"),
        ("min_points", "max_points"),
        ("min_sum_points", "max_sum_points"),
    )
    POINTS = ("min_points", "max_points", "min_sum_points", "max_sum_points")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_languages(Scope)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for least, greatest in self.PAIRS:
            low, high = data.get(least), data.get(greatest)
            if low is not None and high is not None and high < low:
                self.add_error(greatest, _("This cannot be less than the number above it."))
        vote_type = data.get("vote_type")
        with_points = (Scope.VoteType.CUMULATIVE, Scope.VoteType.SCORING)
        if vote_type == Scope.VoteType.CUMULATIVE and data.get("max_sum_points") is None:
            self.add_error("max_sum_points", _("Say how many points each person shares out."))
        if vote_type == Scope.VoteType.SCORING and data.get("max_points") is None:
            self.add_error("max_points", _("Say the highest score a project can get."))
        if vote_type and vote_type not in with_points:
            for name in self.POINTS:
                if data.get(name) is not None:
                    self.add_error(name, _("This ballot type has no points: leave this empty."))
        if data.get("default_score") is not None and vote_type != Scope.VoteType.SCORING:
            self.add_error(
                "default_score", _("Only ballots with scores have this: leave it empty.")
            )
        if vote_type == Scope.VoteType.CHOOSE_1 and data.get("max_length") not in (None, 1):
            self.add_error("max_length", _("With one choice this is 1, or empty."))
        return data


class RowForm(TwoLanguages, forms.ModelForm):
    """A row of a table of rows, some of them empty."""

    def has_changed(self) -> bool:
        """Tell an empty new row, which is ignored, from one with something written in it."""
        told_by_itself = set() if self.instance.pk else {"position", "is_blocking"}
        return bool(set(self.changed_data) - told_by_itself)


class ContestForm(RowForm):
    """One budget: city-wide, or a neighbourhood's."""

    italian_required = ("name",)
    budget = MoneyField(label=_("Budget"), least=1)

    class Meta:
        model = Contest
        fields = ("name_it", "name_en", "neighbourhood", "budget", "position")

    def __init__(self, *args: Any, neighbourhoods: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_languages(Contest)
        # One query for all rows.
        self.fields["neighbourhood"].choices = neighbourhoods  # type: ignore[attr-defined]
        self.fields["position"].required = False

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or 0

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.instance.slug and data.get("name_it"):
            self.instance.slug = slug_of(data["name_it"]) or "contest"
        return data


class BaseContestFormSet(BaseInlineFormSet):
    """The contests of a scope; their addresses and neighbourhoods are each one's own."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        if not hasattr(self, "_neighbourhoods"):
            self._neighbourhoods = [
                ("", _("The whole city")),
                *Neighbourhood.objects.values_list("pk", "name"),
            ]
        return super().get_form_kwargs(index) | {"neighbourhoods": self._neighbourhoods}

    def validate_unique(self) -> None:
        """Leave it to `clean`, which tells what stands twice at its field."""

    def clean(self) -> None:
        super().clean()
        places: set[Any] = set()
        taken = set(
            Contest.objects.filter(scope__round=self.instance.round)
            .exclude(scope=self.instance.pk)
            .values_list("slug", flat=True)
        )
        for form in self.forms:
            if not form.has_changed() and not form.instance.pk:
                continue
            if getattr(form, "cleaned_data", {}).get("DELETE"):
                self._check_deletion(form)
                continue
            slug = form.instance.slug
            if slug and slug in taken:
                form.add_error(
                    "name_it", _("Another contest of this round has this name: choose another.")
                )
            taken.add(slug)
            place = getattr(form, "cleaned_data", {}).get("neighbourhood")
            if place is not None and place in places:
                form.add_error(
                    "neighbourhood",
                    _("“%(place)s” has a contest in another row: choose another neighbourhood.")
                    % {"place": place},
                )
            places.add(place)

    def _check_deletion(self, form: forms.ModelForm) -> None:
        number = Project.objects.filter(contest=form.instance.pk).count()
        if number:
            raise ValidationError(
                ngettext(
                    "“%(contest)s” has %(number)s project: move or delete it first.",
                    "“%(contest)s” has %(number)s projects: move or delete them first.",
                    number,
                )
                % {"contest": form.instance, "number": number}
            )


def contest_formset(extra: int) -> type[BaseContestFormSet]:
    """Return the formset with so many empty rows."""
    formset: type[BaseContestFormSet] = inlineformset_factory(  # type: ignore[assignment]
        Scope, Contest, form=ContestForm, formset=BaseContestFormSet, extra=extra
    )
    return formset


class CriterionForm(RowForm):
    """A question every office answers."""

    italian_required = ("question",)

    class Meta:
        model = Criterion
        fields = (
            "question_it",
            "question_en",
            "help_text_it",
            "help_text_en",
            "is_blocking",
            "position",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_languages(Criterion)
        self.fields["position"].required = False

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or 0


CriterionFormSet = inlineformset_factory(Round, Criterion, form=CriterionForm, extra=3)


class PhasesForm(forms.Form):
    """When each phase of a round lasts; a phase without dates is no part of the round."""

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        self.round = round
        stored = {phase.kind: phase for phase in round.phases.all()}
        kwargs["initial"] = {
            f"{kind}_{end}": getattr(phase, end)
            for kind, phase in stored.items()
            for end in ("starts_at", "ends_at")
        }
        super().__init__(*args, **kwargs)
        for kind in phases.ORDER:
            label = Phase.Kind(kind).label
            self.fields[f"{kind}_starts_at"] = MomentField(
                label=_("%(phase)s: starts") % {"phase": label}, required=False
            )
            self.fields[f"{kind}_ends_at"] = MomentField(
                label=_("%(phase)s: ends") % {"phase": label}, required=False
            )

    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Return name, start and end of every phase, in order."""
        return [
            (str(Phase.Kind(kind).label), self[f"{kind}_starts_at"], self[f"{kind}_ends_at"])
            for kind in phases.ORDER
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.dates: dict[str, phases.Dates] = {}
        stored = {phase.kind: phase for phase in self.round.phases.all()}
        for kind in phases.ORDER:
            starts_at, ends_at = data.get(f"{kind}_starts_at"), data.get(f"{kind}_ends_at")
            if (starts_at is None) != (ends_at is None):
                missing = "starts_at" if starts_at is None else "ends_at"
                if f"{kind}_{missing}" not in self.errors:
                    self.add_error(f"{kind}_{missing}", _("Write both dates, or neither."))
            elif starts_at is not None:
                self.dates[kind] = phases.Dates(
                    self._exact(starts_at, stored.get(kind), "starts_at"),
                    self._exact(ends_at, stored.get(kind), "ends_at"),
                )
        if not self.errors:
            for problem in phases.problems_of(self.round, self.dates):
                problem.add_to(self)
        return data

    @staticmethod
    def _exact(typed: Any, phase: Phase | None, end: str) -> Any:
        """Keep the seconds of a stored moment that the field does not show."""
        stored = phase and getattr(phase, end)
        if stored and stored.replace(second=0, microsecond=0) == typed:
            return stored
        return typed


class HoldForm(forms.Form):
    """Why a round is paused."""

    reason_it = forms.CharField(
        label=_("Reason (Italian)"),
        help_text=_("Everybody reads it on the page of the round."),
        widget=forms.Textarea(attrs={"rows": 3, "lang": "it"}),
    )
    reason_en = forms.CharField(
        label=_("Reason (English)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
    )


class ReasonForm(forms.Form):
    """A reason for an act of two people."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


class OpeningForm(forms.Form):
    """A note for the guarantor."""

    reason = forms.CharField(
        label=_("Note for the guarantor"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ExtensionForm(ReasonForm):
    """A later close and why."""

    ends_at = MomentField(label=_("New close of the vote"))
    field_order = ("ends_at", "reason")


class AnswerForm(forms.Form):
    """What the second person writes when refusing, or, if they like, confirming."""

    answer = forms.CharField(
        label=_("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to refuse: whoever asked reads it."),
    )
