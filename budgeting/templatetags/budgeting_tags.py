"""What templates show of rounds and projects."""

from django import template

from budgeting.money import format_money

register = template.Library()


@register.filter
def money(cents: int, currency: str = "EUR") -> str:
    """Write hundredths as an amount: `{{ project.cost|money:round.currency }}`."""
    return format_money(cents, currency)
