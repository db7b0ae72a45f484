"""Filters of lists by wagtail-modeladmin."""

from typing import Any

from django.contrib.admin.filters import RelatedFieldListFilter, SimpleListFilter
from django.db.models import Field, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..models import RollDoubt


class ByRelated(RelatedFieldListFilter):
    """Filters by a related record, in the order of its model."""

    def field_admin_ordering(
        self, field: Field, request: HttpRequest, model_admin: object
    ) -> tuple:
        # Django would ask its own admin, which this site does not have.
        return ()


class BySettled(SimpleListFilter):
    """Doubts that still wait for somebody, or those that are settled."""

    title = _("State")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("To settle")), ("yes", _("Settled"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[RollDoubt]
    ) -> QuerySet[RollDoubt] | None:
        if self.value() not in ("no", "yes"):
            return None
        return queryset.filter(settled_at__isnull=self.value() == "no")
