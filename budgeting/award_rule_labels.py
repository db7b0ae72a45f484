"""The words for award rules and their parameters: in the form that sets them, wherever told."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from budgeting.tally.rules import (
    Areas,
    Comparison,
    Compat,
    Completion,
    Eligibility,
    Method,
    Order,
    Overflow,
    Start,
    Stop,
    Ties,
    Utility,
)

Words = str | Promise

LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Words]] = {
    Method: {
        Method.GREEDY: _("Most votes first (greedy)"),
        Method.EQUAL_SHARES: _("Method of Equal Shares"),
        Method.PHRAGMEN: _("Sequential Phragmén (ballots without points)"),
    },
    Order: {
        Order.VOTES: _("by votes"),
        Order.VOTES_PER_COST: _("by votes for each euro of cost"),
    },
    Overflow: {
        Overflow.SKIP: _("skip it and go on with the next"),
        Overflow.STOP: _("stop there"),
        Overflow.PARTIAL: _("fund it all the same if enough of its cost is left, then stop"),
    },
    Utility: {
        Utility.COST: _("its cost: dearer projects weigh more"),
        Utility.CARDINALITY: _("one: every project weighs the same"),
    },
    Completion: {
        Completion.NONE: _("nothing: what is left stays unspent"),
        Completion.ADD1: _("raise everybody's share step by step (add-one)"),
        Completion.ADD1U: _("raise the shares step by step, then most votes first"),
    },
    Stop: {
        Stop.OVERSPEND: _("at the first result above the budget"),
        Stop.EXHAUSTIVE: _("also when no more project fits"),
    },
    Start: {
        Start.EXACT: _("the exact share of each ballot"),
        Start.FLOOR: _("the whole part of the share"),
    },
    Comparison: {
        Comparison.NONE: _("no comparison"),
        Comparison.SATISFACTION: _("how many of one's projects are funded"),
        Comparison.COVERAGE: _("whether any of one's projects is funded"),
    },
    Eligibility: {
        Eligibility.NONE: _("none"),
        Eligibility.THREE_BUDGETS: _(
            "share of votes at least the cost divided by three budgets (Świecie)"
        ),
    },
    Areas: {
        Areas.NONE: _("stays unspent"),
        Areas.LAPSE: _("stays unspent"),
        Areas.NEXT: _("moves on to the next contest, in their order"),
        Areas.CITY: _("goes to the city-wide contest, counted last"),
    },
    Compat: {
        Compat.NONE: _("none"),
        Compat.EQUALSHARES_NET: _("equalshares.net (Equal Shares)"),
        Compat.PABUTOOLS: _("pabutools (Phragmén)"),
    },
    Ties: {
        Ties.STANDARD: _("lower cost, then more votes, then the drawn order"),
        Ties.COST_VOTES: _("lower cost, then more votes, then the order of the list"),
        Ties.COST: _("lower cost, then the order of the list"),
        Ties.TEXT: _("by identifier, as text"),
        Ties.FILE_ORDER: _("the order of the list"),
        Ties.REFUSE: _("stop the count and ask"),
    },
}


def label(value: StrEnum) -> str:
    """Return the words for one value of a parameter."""
    return str(LABELS[type(value)][value])


def choices(enum: type[StrEnum]) -> list[tuple[str, Words]]:
    """Return the choices of a form field for one parameter."""
    return [(member.value, words) for member, words in LABELS[enum].items()]
