"""The award rule of a scope, with every parameter as a field."""

from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from budgeting import award_rule_labels
from budgeting.models import Scope
from budgeting.tally.phragmen import BALLOT_TYPES
from budgeting.tally.rules import (
    Areas,
    Comparison,
    Compat,
    Completion,
    Eligibility,
    Method,
    Order,
    Overflow,
    Rule,
    RuleError,
    Start,
    Stop,
    Ties,
    Utility,
)

from .fields import MoneyField, PercentField

GREEDY_FIELDS = ("order", "partial_share")
EQUAL_SHARES_FIELDS = ("utility", "completion", "start", "step", "stop", "comparison")
# The fields of a method that say nothing under the others.
FIELDS_OF = {
    Method.GREEDY: (*GREEDY_FIELDS, "overflow"),
    Method.EQUAL_SHARES: EQUAL_SHARES_FIELDS,
    Method.PHRAGMEN: ("overflow",),
}
MOST_VOTES = 1_000_000_000
# What a parameter says when its field is left empty.
WHEN_EMPTY: dict[str, Any] = {"min_votes": 0, "min_share": Fraction(0)}


def _choice(enum: Any, label: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=award_rule_labels.choices(enum), **kwargs)


def _methods(*names: str) -> str:
    """Return the methods that use any of some fields, with spaces between."""
    return " ".join(method for method, fields in FIELDS_OF.items() if set(names) & set(fields))


class AwardRuleForm(forms.Form):
    """Reads and writes `Scope.award_rule`; those of the other method keep their defaults."""

    method = _choice(Method, _("Award rule"))
    min_votes = forms.IntegerField(
        label=_("Minimum votes"),
        required=False,
        min_value=0,
        max_value=MOST_VOTES,
        help_text=_("A project with fewer votes (or points) is not funded. Empty: no minimum."),
    )
    min_share = PercentField(
        label=_("Minimum share of the ballots (%)"),
        required=False,
        help_text=_("Votes as a percentage of all counted ballots. Empty: no minimum."),
    )
    eligibility = _choice(Eligibility, _("Further condition on projects"))
    ties = _choice(
        Ties,
        _("Equal projects are told apart by"),
        help_text=_("The drawn order follows the tie procedure of the round."),
    )
    overflow = _choice(
        Overflow,
        _("A project that costs more than what is left"),
        required=False,
        help_text=_("Not for Equal Shares. Most votes first usually skips it; Phragmén stops."),
    )
    # Each contest has its budget, so that its rest lapses need not be said twice.
    areas = forms.ChoiceField(
        label=_("What a contest does not spend"),
        choices=[choice for choice in award_rule_labels.choices(Areas) if choice[0] != Areas.LAPSE],
        required=False,
        help_text=_("Where the contests below have budgets of their own."),
    )
    compat = _choice(
        Compat,
        _("Habits of another program"),
        required=False,
        help_text=_("Only to repeat a result that was counted with it."),
    )
    order = _choice(Order, _("Most votes first: order"), required=False)
    partial_share = PercentField(
        label=_("Share of the cost that must be left (%)"),
        required=False,
        help_text=_("Only where such a project may be funded all the same. Poznań: 80."),
    )
    utility = _choice(Utility, _("Equal Shares: what a funded project counts"), required=False)
    completion = _choice(Completion, _("Equal Shares: with the money that is left"), required=False)
    start = _choice(Start, _("Equal Shares: the first share"), required=False)
    step = MoneyField(
        label=_("Equal Shares: step of each share"),
        required=False,
        least=1,
        help_text=_("In the currency of the round. Empty: 1.00."),
    )
    stop = _choice(Stop, _("Equal Shares: the steps end"), required=False)
    comparison = _choice(
        Comparison,
        _("Equal Shares: compare with most votes first, by"),
        required=False,
        help_text=_("If more ballots are better off with most votes first, that result counts."),
    )

    def __init__(self, *args: Any, scope: Scope | None = None, **kwargs: Any) -> None:
        try:
            rule = Rule.from_json(scope.award_rule if scope else {"method": "greedy"})
        except RuleError:
            rule = Rule(Method.GREEDY)
        kwargs["prefix"] = "rule"
        kwargs["initial"] = {
            "method": rule.method,
            "min_votes": rule.min_votes or None,
            "min_share": rule.min_share or None,
            "eligibility": rule.eligibility,
            "ties": rule.ties,
            "order": rule.order,
            "overflow": rule.overflow,
            "areas": Areas.NONE if rule.areas is Areas.LAPSE else rule.areas,
            "compat": rule.compat,
            "partial_share": rule.partial_share,
            "utility": rule.utility,
            "completion": rule.completion,
            "start": rule.start,
            "step": int(rule.step * 100),
            "stop": rule.stop,
            "comparison": rule.comparison,
        }
        super().__init__(*args, **kwargs)

    def parts(self) -> list[dict[str, Any]]:
        """Give the fields in groups, each with the methods under which it says something."""
        groups: list[tuple[Any, tuple[str, ...]]] = [
            (_("Only for most votes first and Phragmén"), ("overflow", *GREEDY_FIELDS)),
            (_("Only for the Method of Equal Shares"), EQUAL_SHARES_FIELDS),
        ]
        return [
            {
                "legend": legend,
                "methods": _methods(*names),
                "fields": [{"field": self[name], "methods": _methods(name)} for name in names],
            }
            for legend, names in groups
        ]

    def common(self) -> list[forms.BoundField]:
        """Give the fields of every method, the method itself left out."""
        special = {"method", *(name for names in FIELDS_OF.values() for name in names)}
        return [self[name] for name in self.fields if name not in special]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        own = FIELDS_OF[Method(data["method"])]
        other = {name for names in FIELDS_OF.values() for name in names} - set(own)
        values = {
            name: value
            for name, value in data.items()
            if name not in other and value not in (None, "")
        }
        if data["method"] == Method.GREEDY and data.get("overflow") != Overflow.PARTIAL:
            values.pop("partial_share", None)
        if "step" in values:
            values["step"] = Fraction(values["step"], 100)
        try:
            self.rule = Rule.from_json(WHEN_EMPTY | values)
            self._check_ballots()
        except RuleError as error:
            messages = {
                "share": _("Write a percentage above 0 and up to 100."),
                "positive": _("Write an amount above zero."),
                "negative": _("Write a number from 0 up."),
                "overflow": _("With Phragmén, choose to skip the project or to stop."),
                "compat": _("These habits belong to another award rule: choose none."),
            }
            self.add_error(
                error.field if error.field in self.fields else None,
                messages.get(error.code, _("This value is not possible.")),
            )
        return data

    def _check_ballots(self) -> None:
        """Refuse Phragmén for ballots with points; the ballot type is on the same page."""
        vote_type = self.data.get("vote_type", "")
        if self.rule.method is Method.PHRAGMEN and vote_type not in ("", *BALLOT_TYPES):
            self.add_error(
                "method", _("Phragmén is only for ballots without points: preferences, one choice.")
            )
