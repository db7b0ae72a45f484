"""Works in the Wagtail admin: coordinators keep them up to date; every change is in the log."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin

from residents.admin.filters import ByRelated
from residents.admin.history import GuardedHistoryView

from ..models import Delivery
from .fields import MoneyField


class DeliveryForm(WagtailAdminModelForm):
    """Where a work stands; a halted one says why."""

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a halt at the field where it is written."""
        cleaned = super().clean() or self.cleaned_data
        notes = [cleaned.get(f"note_{language}") for language in ("it", "en")]
        if cleaned.get("is_halted") and not any(notes):
            self.add_error(
                "note_it", ValidationError(_("Say why the work is halted: people will read it."))
            )
        return cleaned


class MilestoneForm(WagtailAdminModelForm):
    """A step of the work; a late one says why."""

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a delay at the field where it is written."""
        cleaned = super().clean() or self.cleaned_data
        promised, kept = cleaned.get("promised_on"), cleaned.get("kept_on")
        reasons = [cleaned.get(f"delay_reason_{language}") for language in ("it", "en")]
        if promised and kept and kept > promised and not any(reasons):
            self.add_error(
                "delay_reason_it",
                ValidationError(_("The step came after the day promised: say why.")),
            )
        return cleaned


class ExpenseForm(WagtailAdminModelForm):
    """Money paid, typed as people write it."""

    amount = MoneyField(label=_("amount"), least=1)


class DeliveryPhotoForm(WagtailAdminModelForm):
    """A photo that says something: it cannot be declared decorative."""

    def clean_image(self) -> Any:
        """Refuse a picture without an alternative text."""
        image = self.cleaned_data["image"]
        if image and image.is_decorative:
            raise ValidationError(
                _("This picture is marked as decorative. Give it an alternative text first.")
            )
        return image


class FormsPanel(InlinePanel):
    """Rows of related records, each with a form class of ours."""

    def __init__(self, *args: Any, form: type[WagtailAdminModelForm], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form = form

    def clone_kwargs(self) -> dict[str, Any]:
        """Keep the form class when the panel is bound to its model."""
        return {**super().clone_kwargs(), "form": self.form}

    def get_form_options(self) -> dict[str, Any]:
        """Hand the form class to the formset."""
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = self.form
        return options


EDIT_HANDLER = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("stage"), FieldPanel("is_halted")]),
                FieldPanel("note_it"),
                FieldPanel("note_en"),
            ],
            heading=_("Where it stands"),
        ),
        FieldRowPanel([FieldPanel("office"), FieldPanel("contact")]),
        FormsPanel(
            "milestones",
            form=MilestoneForm,
            heading=_("Dates promised and kept"),
            label=_("Step"),
            panels=[
                FieldRowPanel([FieldPanel("title_it"), FieldPanel("title_en")]),
                FieldRowPanel([FieldPanel("promised_on"), FieldPanel("kept_on")]),
                FieldRowPanel([FieldPanel("delay_reason_it"), FieldPanel("delay_reason_en")]),
            ],
        ),
        FormsPanel(
            "expenses",
            form=ExpenseForm,
            heading=_("Money spent"),
            label=_("Expense"),
            panels=[
                FieldRowPanel([FieldPanel("purpose_it"), FieldPanel("purpose_en")]),
                FieldRowPanel([FieldPanel("paid_on"), FieldPanel("amount")]),
            ],
        ),
        FormsPanel(
            "photos",
            form=DeliveryPhotoForm,
            heading=_("Photos"),
            label=_("Photo"),
            panels=[
                FieldPanel("image"),
                FieldRowPanel([FieldPanel("moment"), FieldPanel("taken_on")]),
                FieldRowPanel([FieldPanel("caption_it"), FieldPanel("caption_en")]),
            ],
        ),
        FieldPanel("is_public"),
    ],
    base_form_class=DeliveryForm,
)


class DeliveryPermissionHelper(PermissionHelper):
    """Works start with the publication of a result and end on the page: no adding, no deleting."""

    def user_can_create(self, user: Any) -> bool:
        """Nobody adds a work by hand."""
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        """Nobody deletes what people follow."""
        return False


class DeliveryAdmin(ModelAdmin):
    """The works of funded projects: list, filter, keep up to date."""

    model = Delivery
    menu_label = _("Works")
    menu_icon = "clipboard-list"
    menu_order = 240
    list_display = ("project", "stage", "is_halted", "updated_at")
    list_filter = ("stage", "is_halted", ("project__round", ByRelated))
    search_fields = ("project__title_it", "project__title_en", "office")
    list_per_page = 50
    list_select_related = ("project__round",)
    permission_helper_class = DeliveryPermissionHelper
    history_view_enabled = True
    history_view_class = GuardedHistoryView
    edit_handler = EDIT_HANDLER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        """Order stably: newest round first, then ballot number."""
        found: QuerySet[Delivery] = super().get_queryset(request)
        return found.order_by("-project__round_id", "project__number")
