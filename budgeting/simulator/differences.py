"""What a scenario varies of the award rule, in a few words: the name it has unless one is given."""

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from budgeting.award_rule_labels import label
from budgeting.rule_sentences import rule_name
from budgeting.tally.rules import Areas, Completion, Method, Overflow, Rule
from budgeting.tally.scenario import Scenario
from home.money import UNKNOWN_CURRENCY, format_money, format_percent

COMMON = ("min_votes", "min_share", "eligibility", "ties", "areas", "compat")
EQUAL_SHARES = ("utility", "completion", "comparison")
WITH_COMPLETION = ("start", "step", "stop")
NAMES = {
    "eligibility": gettext_lazy("further condition"),
    "ties": gettext_lazy("equal projects"),
    "areas": gettext_lazy("what an area leaves"),
    "compat": gettext_lazy("habits of"),
    "order": gettext_lazy("order"),
    "overflow": gettext_lazy("a project that costs too much"),
    "utility": gettext_lazy("a funded project counts"),
    "completion": gettext_lazy("money that is left"),
    "comparison": gettext_lazy("compared with most votes first"),
    "start": gettext_lazy("first share"),
    "stop": gettext_lazy("the steps end"),
}


def effective_rule(scenario: Scenario, own: Rule) -> Rule:
    """Return the rule that a scenario counts by, its own thresholds put in."""
    rule = scenario.rule or own
    if scenario.min_votes is not None:
        rule = replace(rule, min_votes=scenario.min_votes)
    if scenario.min_share is not None:
        rule = replace(rule, min_share=scenario.min_share)
    if scenario.eligibility is not None:
        rule = replace(rule, eligibility=scenario.eligibility)
    return rule


def in_use(rule: Rule) -> Iterator[str]:
    """Yield the names of the parameters that say something under the rule's method."""
    yield from COMMON
    if rule.method is Method.EQUAL_SHARES:
        yield from EQUAL_SHARES
        if rule.completion is not Completion.NONE:
            yield from WITH_COMPLETION
        return
    yield "overflow"
    if rule.method is Method.GREEDY:
        yield "order"
        if rule.overflow is Overflow.PARTIAL:
            yield "partial_share"


def rule_differences(rule: Rule, own: Rule) -> list[str]:
    """Say every parameter in which a rule differs from the one of the vote as it was.

    Those of a method that the vote did not use are compared with what that method usually does.
    """
    usual = own
    if rule.method is not own.method:
        shared = {name: getattr(own, name) for name in COMMON if name != "compat"}
        usual = Rule(rule.method, **shared)
    return [
        _in_words(rule, name)
        for name in in_use(rule)
        if getattr(rule, name) != getattr(usual, name) and not _is_same_rest(name, rule, usual)
    ]


def title(rule: Rule, own: Rule) -> str:
    """Name a rule by its method and by what else differs."""
    return " · ".join([rule_name(rule), *rule_differences(rule, own)])


def is_nothing(scenario: Scenario, own: Rule, *, budget: int) -> bool:
    """Say whether a scenario repeats the vote as it was; `budget` is that vote's, in hundredths."""
    rule = effective_rule(scenario, own)
    same_budget = scenario.budget is None or scenario.budget * 100 == budget
    other = replace(
        scenario,
        name="",
        rule=None,
        min_votes=None,
        min_share=None,
        eligibility=None,
        budget=None if same_budget else scenario.budget,
    )
    same_rule = rule.method is own.method and not rule_differences(rule, own)
    return same_rule and other == Scenario(unspent=scenario.unspent, seed=scenario.seed)


def _is_same_rest(name: str, rule: Rule, usual: Rule) -> bool:
    """Two words of the rule for one thing: what is left stays unspent."""
    rests = {Areas.NONE, Areas.LAPSE}
    return name == "areas" and {rule.areas, usual.areas} <= rests


def _in_words(rule: Rule, name: str) -> str:
    value = getattr(rule, name)
    match name:
        case "min_votes" if not value:
            return _("no minimum of votes")
        case "min_votes":
            text = ngettext("at least %(number)s vote", "at least %(number)s votes", value)
            return text % {"number": value}
        case "min_share" if not value:
            return _("no minimum share of ballots")
        case "min_share":
            return _("at least %(share)s of the ballots") % {"share": format_percent(value)}
        case "partial_share":
            share = format_percent(value)
            return _("%(share)s of the cost must be left") % {"share": share}
        case "step":
            return _("steps of %(amount)s") % {
                "amount": format_money(round(value * 100), UNKNOWN_CURRENCY)
            }
    return f"{NAMES[name]}: {label(value)}"
