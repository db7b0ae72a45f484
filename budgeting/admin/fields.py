"""Form fields for amounts, shares and moments, as people type them."""

import re
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
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
    """A date and time in the city's time."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget",
            forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        )
        super().__init__(**kwargs)
