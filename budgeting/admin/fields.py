"""Form fields for amounts, shares and moments, as people type them."""

import re
from datetime import datetime
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import time_format
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from budgeting.amounts import parse_money, type_money
from home.money import decimal_mark


class MoneyField(forms.CharField):
    """An amount typed as 12.500,00 or 12,500.00, kept as an int of hundredths; empty gives None."""

    def __init__(self, **kwargs: Any) -> None:
        self.least: int = kwargs.pop("least", 0)
        kwargs.setdefault("help_text", _("In figures, such as 12,500.00."))
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        # A greyed field is given what is stored instead of what was typed.
        if isinstance(value, int):
            return value
        text = super().to_python(value)
        return parse_money(text) if text else None

    def validate(self, value: Any) -> None:
        if value is None:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
        elif value < self.least:
            raise ValidationError(_("Write an amount above zero."), code="least")

    def run_validators(self, value: Any) -> None:
        """Those of CharField are about texts."""

    def prepare_value(self, value: Any) -> Any:
        return type_money(value) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        try:
            return bool(initial != self.to_python(data))
        except ValidationError:
            return True


_PERCENT = re.compile(r"(?P<number>[0-9]{1,3}(?:[.,][0-9]{1,4})?)\s*%?")


class PercentField(forms.CharField):
    """A percentage typed as 2,5 and kept as an exact Fraction of one; empty gives None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Fraction):
            return value
        text = super().to_python(value)
        if not text:
            return None
        match = _PERCENT.fullmatch(text)
        share = Fraction(match["number"].replace(",", ".")) / 100 if match else Fraction(2)
        if share > 1:
            raise ValidationError(_("Write a percentage from 0 to 100, such as 2.5."), code="share")
        return share

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Those of CharField are about texts."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Fraction):
            return value
        return f"{float(value * 100):.4f}".rstrip("0").rstrip(".").replace(".", decimal_mark())


class MomentField(forms.DateTimeField):
    """A date and time in the city's time; each of them happens once in it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget",
            forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone" or error.params is None:
                raise
            typed = error.params["datetime"]
            raise ValidationError(
                _never(typed) if _is_skipped(typed) else _twice(typed), code=error.code
            ) from error


def _is_skipped(typed: datetime) -> bool:
    """Say whether the clocks go forward over this hour, rather than back to it."""
    there = typed.replace(tzinfo=get_current_timezone())
    before, after = there.replace(fold=0).utcoffset(), there.replace(fold=1).utcoffset()
    return before is not None and after is not None and before < after


def _never(typed: datetime) -> str:
    return _(
        "At %(time)s on that day the clocks have gone forward: there is no such time. Write one "
        "an hour later."
    ) % {"time": time_format(typed, "TIME_FORMAT")}


def _twice(typed: datetime) -> str:
    return _(
        "On that day the clocks go back, and %(time)s comes twice. Write a time before that hour, "
        "or after it."
    ) % {"time": time_format(typed, "TIME_FORMAT")}
