"""Forms with which coordinators look after rolls."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from commons.models import Neighbourhood

from ..models import Roll
from ..roll_imports import LARGEST_FILE


class RollForm(WagtailAdminModelForm):
    """Name and reference date; the date stays once a vote has opened with the roll."""

    class Meta:
        model = Roll
        fields = ["name", "reference_date"]
        widgets = {"reference_date": AdminDateInput}

    def clean_reference_date(self) -> Any:
        day = self.cleaned_data["reference_date"]
        if self.instance.is_locked and "reference_date" in self.changed_data:
            raise ValidationError(
                _("A vote has opened with this roll: its reference date cannot change any more.")
            )
        return day


class AddEntryForm(forms.Form):
    """One person who is added by hand."""

    fiscal_code = forms.CharField(
        label=_("Codice fiscale"),
        max_length=40,
        help_text=_(
            "16 letters and digits, or the 11 digits of a provisional one. It is not kept."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    birth_date = forms.DateField(label=_("Birth date"), widget=AdminDateInput)
    neighbourhood = forms.ModelChoiceField(
        label=_("Neighbourhood"),
        queryset=Neighbourhood.objects.all(),
        required=False,
        empty_label=_("none"),
    )


class FindEntryForm(forms.Form):
    """Looks somebody up by the whole code, the only way there is."""

    fiscal_code = forms.CharField(
        label=_("Codice fiscale"),
        max_length=40,
        help_text=_("The whole code. Nobody can be looked up by a part of it, or by name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ReasonForm(forms.Form):
    """Why an entry is suspended or may vote again."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=250,
        help_text=_("Stays in the log and on the entry. No names."),
    )


class NoteForm(forms.Form):
    """What people found about a doubt."""

    note = forms.CharField(
        label=_("What you found"), max_length=250, help_text=_("For example: twins. No names.")
    )


class FileForm(forms.Form):
    """The registry office's file."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("It is read and checked first; nothing changes yet. It is not kept."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": _("Choose a file.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("The file is larger than 60 MB: divide it."))
        return file
