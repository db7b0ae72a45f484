"""The lists of rolls, entries and doubts, by wagtail-modeladmin."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup

from ..models import Roll, RollDoubt, RollEntry
from .filters import ByRelated, BySettled
from .forms import RollForm
from .history import GuardedHistoryView


class _OpenButtonHelper(ButtonHelper):
    """Puts a way to the page of our own before the usual buttons."""

    page = ""
    label = gettext_lazy("Open")

    def get_buttons_for_obj(self, obj: Model, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        button = {
            "url": reverse(self.page, args=[obj.pk]),
            "label": self.label,
            "classname": self.finalise_classname(["button-small"]),
            "title": _("Open %(name)s") % {"name": obj},
        }
        return [button, *super().get_buttons_for_obj(obj, *args, **kwargs)]

    def get_primary_button(self, obj: Model) -> dict[str, Any]:
        return {"url": reverse(self.page, args=[obj.pk]), "label": self.label, "title": str(obj)}


class _RollButtons(_OpenButtonHelper):
    page = "rolls:roll"


class _EntryButtons(_OpenButtonHelper):
    page = "rolls:entry"


class _DoubtButtons(_OpenButtonHelper):
    page = "rolls:doubt"


class _OnlyListed(PermissionHelper):
    """Entries and doubts change on pages of their own, with a reason, and are never deleted."""

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Model) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Model) -> bool:
        return False


class _RollPermissions(PermissionHelper):
    def user_can_delete_obj(self, user: Any, obj: Roll) -> bool:
        """A roll made by mistake can go while it is empty."""
        counted = getattr(obj, "entry_count", None)  # the list has counted all rolls at once
        is_used = RollEntry.objects.filter(roll=obj).exists() if counted is None else counted
        return super().user_can_delete_obj(user, obj) and not obj.is_locked and not is_used


class RollAdmin(ModelAdmin):
    model = Roll
    menu_label = gettext_lazy("Voter rolls")
    menu_icon = "group"
    list_display = ("name", "reference_date", "entries", "is_locked")
    list_per_page = 50
    history_view_class = GuardedHistoryView
    button_helper_class = _RollButtons
    permission_helper_class = _RollPermissions
    edit_handler = ObjectList(
        [FieldPanel("name"), FieldPanel("reference_date")], base_form_class=RollForm
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Roll]:
        return super().get_queryset(request).with_entry_count()

    def entries(self, roll: Any) -> int:
        return roll.entry_count

    entries.short_description = gettext_lazy("entries")  # type: ignore[attr-defined]

    def is_locked(self, roll: Roll) -> str:
        return _("yes") if roll.is_locked else _("no")

    is_locked.short_description = gettext_lazy("a vote has opened with it")  # type: ignore[attr-defined]


class RollEntryAdmin(ModelAdmin):
    model = RollEntry
    menu_label = gettext_lazy("Entries")
    menu_icon = "user"
    list_display = (
        "number",
        "roll",
        "birth_date",
        "neighbourhood",
        "state",
        "source",
        "created_at",
    )
    list_filter = (("roll", ByRelated), "state", ("neighbourhood", ByRelated), "source")
    list_select_related = ("roll", "neighbourhood")
    list_per_page = 50
    ordering = ("-pk",)
    history_view_enabled = False
    button_helper_class = _EntryButtons
    permission_helper_class = _OnlyListed

    def number(self, entry: RollEntry) -> str:
        return str(entry.pk)

    number.short_description = gettext_lazy("number")  # type: ignore[attr-defined]


class RollDoubtAdmin(ModelAdmin):
    model = RollDoubt
    menu_label = gettext_lazy("Doubts")
    menu_icon = "help"
    list_display = ("kind", "roll", "first", "second", "found_at", "settled_at")
    list_filter = (("roll", ByRelated), "kind", BySettled)
    list_select_related = ("roll", "first__roll", "second__roll")
    list_per_page = 50
    ordering = ("settled_at", "pk")
    history_view_enabled = False
    button_helper_class = _DoubtButtons
    permission_helper_class = _OnlyListed


class RollsGroup(ModelAdminGroup):
    menu_label = gettext_lazy("Rolls")
    menu_icon = "group"
    menu_order = 350
    items = (RollAdmin, RollEntryAdmin, RollDoubtAdmin)
