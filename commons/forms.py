"""The filters of the list of goods, and what editors write about the territory."""

from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from . import boundaries, neighbours
from .models import CommonGood, Neighbourhood


class GoodFilterForm(forms.Form):
    """Where a good is and in what state; both may stay open."""

    neighbourhood = forms.ModelChoiceField(
        label=_("Neighbourhood"),
        queryset=Neighbourhood.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("The whole city"),
        error_messages={
            "invalid_choice": _("There is no such neighbourhood. Choose one from the list.")
        },
    )
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("Any state")), *CommonGood.State.choices],
        required=False,
        error_messages={"invalid_choice": _("There is no such state. Choose one from the list.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["neighbourhood"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = Neighbourhood.objects.only("name", "slug", "position")


class BoundaryField(forms.JSONField):
    """A boundary as JSON; without one the box is empty, where Django would write `null`."""

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else super().prepare_value(value)


class NeighbourhoodForm(WagtailAdminModelForm):
    """A neighbourhood; its boundary is pasted, or taken from a file."""

    class Meta(WagtailAdminModelForm.Meta):
        field_classes: ClassVar = {"boundary": BoundaryField}

    boundary_file = forms.FileField(
        label=_("Boundary from a file"),
        required=False,
        help_text=_("A GeoJSON file with this neighbourhood alone. It replaces the boundary."),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
    )

    def clean_boundary_file(self) -> boundaries.Geometry | None:
        """Return the checked boundary of the file, or None without one."""
        upload = self.cleaned_data.get("boundary_file")
        if not isinstance(upload, UploadedFile):
            return None
        try:
            # One byte more than may be read, so that what is too large is told apart.
            return boundaries.read_boundary(upload.read(boundaries.MAX_BYTES + 1))
        except boundaries.BoundaryError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """Let the file take the place of what is pasted, before the model is checked."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("boundary_file"):
            cleaned["boundary"] = cleaned["boundary_file"]
            self._errors.pop("boundary", None)
        return cleaned

    def save(self, commit: bool = True) -> Neighbourhood:
        """Save, and work out the neighbours anew when the boundary changed."""
        neighbourhood = super().save(commit=commit)
        if commit and {"boundary", "boundary_file"} & set(self.changed_data):
            neighbours.link(neighbourhood=neighbourhood)
        return neighbourhood
