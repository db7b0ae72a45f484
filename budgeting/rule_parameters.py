"""The parameters of an award rule in words: only those that its method uses and that say something.

What a sheet of values by name would repeat of other methods is left to the rule's data.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from home.money import format_money, format_number, format_percent

from .award_rule_labels import label
from .tally.rules import Compat, Completion, Eligibility, Method, Overflow, Rule


def parameters_in_words(rule: Rule, *, currency: str) -> Iterator[tuple[str, str]]:
    """Yield label and value of every parameter in use, the method first."""
    yield _("Method"), label(rule.method)
    if rule.min_votes:
        yield _("Minimum votes"), format_number(rule.min_votes)
    if rule.min_share:
        yield _("Minimum share of the ballots"), format_percent(rule.min_share)
    if rule.eligibility is not Eligibility.NONE:
        yield _("Further condition on projects"), label(rule.eligibility)
    if rule.method is Method.EQUAL_SHARES:
        yield from _of_equal_shares(rule, currency)
    else:
        if rule.method is Method.GREEDY:
            yield _("Order"), label(rule.order)
        yield _("A project that costs more than what is left"), label(rule.overflow)
        if rule.overflow is Overflow.PARTIAL:
            yield _("Share of its cost that must be left"), format_percent(rule.partial_share)
    yield _("Equal projects are told apart by"), label(rule.ties)
    if rule.compat is not Compat.NONE:
        yield _("Habits of another program"), label(rule.compat)


def _of_equal_shares(rule: Rule, currency: str) -> Iterator[tuple[str, str]]:
    yield _("What a funded project counts"), label(rule.utility)
    yield _("With the money that is left"), label(rule.completion)
    if rule.completion is not Completion.NONE:
        yield _("The first share"), label(rule.start)
        yield _("Step of each share"), format_money(int(rule.step * 100), currency)
        yield _("The steps end"), label(rule.stop)
    yield _("Compared with most votes first, by"), label(rule.comparison)
