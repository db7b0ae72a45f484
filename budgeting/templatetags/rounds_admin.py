"""What the admin pages of rounds show."""

from typing import Any

from django import template
from django.forms import BaseForm, BaseFormSet, BoundField

register = template.Library()


@register.inclusion_tag("budgeting/admin/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet[Any]) -> dict[str, Any]:
    """List every mistake in bound forms and formsets, each with a link to its field."""
    general: list[str] = []
    fields: list[tuple[BoundField, str]] = []
    for form in forms:
        if not form.is_bound:
            continue
        if isinstance(form, BaseFormSet):
            general += [str(error) for error in form.non_form_errors()]
            parts = [part for part in form.forms if part.errors]
        else:
            parts = [form] if form.errors else []
        for part in parts:
            general += [str(error) for error in part.non_field_errors()]
            fields += [(field, str(error)) for field in part for error in field.errors]
    return {"general": general, "fields": fields, "total": len(general) + len(fields)}
