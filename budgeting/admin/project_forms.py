"""Forms for projects: one by one, and many from a file."""

from typing import Any

from django import forms
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from wagtail.images.widgets import AdminImageChooser

from budgeting.models import Contest, Project, Round
from budgeting.project_files import LARGEST_FILE, THEMES_DIFFER
from budgeting.themes import are_equal_in_number, tidy

from .fields import MoneyField
from .round_forms import TwoLanguages


class ProjectForm(TwoLanguages, forms.ModelForm):
    """A project on the ballot. Once the vote is open only what is not frozen may change."""

    italian_required = ("title",)
    after_opening = ("description_it", "description_en", "good", "image")
    cost = MoneyField(
        label=_("Cost"), help_text=_("VAT and fees included, in figures, such as 12,500.00.")
    )

    class Meta:
        model = Project
        fields = (
            "number",
            "contest",
            "title_it",
            "title_en",
            "cost",
            "neighbourhood",
            "area",
            "description_it",
            "description_en",
            "good",
            "categories_it",
            "categories_en",
            "proposer",
            "latitude",
            "longitude",
            "image",
            "rivals",
        )
        widgets = {
            "description_it": forms.Textarea(attrs={"rows": 5}),
            "description_en": forms.Textarea(attrs={"rows": 5}),
            "image": AdminImageChooser,
        }

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        self.round = round
        super().__init__(*args, **kwargs)
        self.name_languages(Project)
        contests = Contest.objects.filter(scope__round=round)
        self.fields["contest"].queryset = contests  # type: ignore[attr-defined]
        self.fields["rivals"].queryset = (  # type: ignore[attr-defined]
            round.projects.exclude(pk=self.instance.pk)
        )
        if self.instance.pk is None:
            last = round.projects.aggregate(last=Max("number"))["last"] or 0
            self.fields["number"].initial = last + 1
        elif self.is_frozen:
            for name, field in self.fields.items():
                field.disabled = name not in self.after_opening

    @property
    def is_frozen(self) -> bool:
        """Whether the vote has been opened with this project."""
        return self.instance.pk is not None and self.round.state != Round.State.PREPARATION

    def clean_number(self) -> int:
        number: int = self.cleaned_data["number"]
        other = self.round.projects.filter(number=number).exclude(pk=self.instance.pk).first()
        if other is not None:
            raise forms.ValidationError(
                _("Number %(number)s is already that of “%(title)s”."),
                params={"number": number, "title": other.title},
            )
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.is_frozen:
            # What is frozen stays as it is stored, also where this form would write it otherwise.
            return {name: data[name] for name in self.after_opening if name in data}
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            missing = "latitude" if data.get("latitude") is None else "longitude"
            if missing not in self.errors:
                self.add_error(missing, _("Write both latitude and longitude, or neither."))
        for name in ("categories_it", "categories_en"):
            data[name] = tidy(data.get(name))
        if not are_equal_in_number(data["categories_it"], data["categories_en"]):
            self.add_error("categories_en", THEMES_DIFFER)
        contest = data.get("contest")
        for rival in data.get("rivals") or []:
            if contest and rival.contest_id != contest.pk:
                self.add_error(
                    "rivals",
                    _("“%(rival)s” is in another contest: only projects of one contest compete.")
                    % {"rival": rival},
                )
        return data

    def _post_clean(self) -> None:
        # Before the instance is checked as a whole.
        self.instance.round = self.round
        before = self.instance.number
        super()._post_clean()  # type: ignore[misc]
        if not self.instance.code or self.instance.code == str(before):
            self.instance.code = str(self.instance.number)


class ProjectFileForm(forms.Form):
    """A CSV file of projects."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Up to 1 MB, with a first line of column names. Nothing is written yet."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(
                _("The file is larger than 1 MB: split it and import the parts.")
            )
        return file
