"""Filters of lists by wagtail-modeladmin."""

from django.contrib.admin.filters import RelatedFieldListFilter
from django.db.models import Field
from django.http import HttpRequest


class ByRelated(RelatedFieldListFilter):
    """Filters by a related record, in the order of its model."""

    def field_admin_ordering(
        self, field: Field, request: HttpRequest, model_admin: object
    ) -> tuple:
        # Django would ask its own admin, which this site does not have.
        return ()
