"""The rules of a round in plain words: who votes how, and how the money is assigned.

The words are the same before the vote and after it, so they tell what happens, not what happened.
"""

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from home.money import format_money, format_number, format_percent

from .models import Scope
from .tally.rules import (
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

VoteType = Scope.VoteType

POINTS = {VoteType.CUMULATIVE, VoteType.SCORING, VoteType.ORDINAL}
"""The ballots by which projects collect points rather than votes."""

# With these figures the condition of the three budgets is told.
EXAMPLE_COST = Fraction(30, 100)


def votes_or_points(number: int, vote_type: str) -> str:
    """Write what projects collect, with its unit."""
    if vote_type in POINTS:
        words = ngettext("%(number)s point", "%(number)s points", number)
    else:
        words = ngettext("%(number)s vote", "%(number)s votes", number)
    return words % {"number": format_number(number)}


def ballot_sentence(scope: Scope) -> str:
    """Say in one sentence what a person writes on the ballot of a scope."""
    least, most = scope.min_length, scope.max_length
    currency = scope.round.currency
    match scope.vote_type:
        case VoteType.CHOOSE_1:
            return _("You choose one project.")
        case VoteType.CUMULATIVE:
            return _("You share out %(points)s points among the projects you like.") % {
                "points": scope.max_sum_points
            }
        case VoteType.SCORING:
            return _("You give each project a score from %(least)s to %(most)s.") % {
                "least": scope.min_points or 0,
                "most": scope.max_points,
            }
        case VoteType.ORDINAL:
            return (
                ngettext(
                    "You rank up to %(most)s project, your favourite first.",
                    "You rank up to %(most)s projects, your favourite first.",
                    most,
                )
                % {"most": most}
                if most
                else _("You rank the projects, your favourite first.")
            )
    if scope.max_sum_cost:
        return _("You choose projects that together cost at most %(most)s.") % {
            "most": format_money(scope.max_sum_cost, currency)
        }
    if most is None:
        return _("You choose as many projects as you like.")
    if least > 1:
        return _("You choose from %(least)s to %(most)s projects.") % {"least": least, "most": most}
    return ngettext(
        "You choose up to %(most)s project.", "You choose up to %(most)s projects.", most
    ) % {"most": most}


def award_sentences(scope: Scope) -> list[str]:
    """Say how the money of a scope is assigned; empty where its rule is not complete yet."""
    try:
        rule = Rule.from_json(scope.award_rule)
    except RuleError:
        return []
    return rule_sentences(rule, vote_type=scope.vote_type, currency=scope.round.currency)


def rule_name(rule: Rule) -> str:
    """Name an award rule."""
    if rule.method is Method.EQUAL_SHARES:
        return _("Method of Equal Shares")
    if rule.method is Method.PHRAGMEN:
        return _("Sequential Phragmén")
    if rule.order is Order.VOTES_PER_COST:
        return _("Most votes for the cost first")
    return _("Most votes first")


def rule_sentences(rule: Rule, *, vote_type: str, currency: str) -> list[str]:
    """Say an award rule with all its parameters, one item for each thing it does."""
    return [
        _votes(vote_type),
        *_conditions(rule, vote_type),
        *_method(rule, currency),
        *_unspent(rule),
        _ties(rule.ties),
    ]


def _method(rule: Rule, currency: str) -> list[str]:
    match rule.method:
        case Method.EQUAL_SHARES:
            return _equal_shares(rule, currency)
        case Method.PHRAGMEN:
            return _phragmen(rule)
    return _greedy(rule)


def _phragmen(rule: Rule) -> list[str]:
    sentences = [
        _("Money flows to every ballot at the same pace, and each saves what it gets."),
        _(
            "As soon as those who chose a project have saved its cost together, it is funded. "
            "They have spent all they had, and begin to save again."
        ),
    ]
    if rule.overflow is Overflow.STOP:
        sentences.append(_("At the first that costs more than what is left, the count ends."))
    else:
        sentences.append(
            _("One that costs more than what is left is left out, and the count goes on.")
        )
    if rule.compat is Compat.PABUTOOLS:
        sentences.append(
            _("Between equal projects it is enough that one costs too much for the count to end.")
        )
    return sentences


def _unspent(rule: Rule) -> list[str]:
    match rule.areas:
        case Areas.LAPSE:
            return [_("What a contest does not spend stays unspent.")]
        case Areas.NEXT:
            return [_("What a contest does not spend moves on to the next one.")]
        case Areas.CITY:
            return [
                _(
                    "What the neighbourhoods do not spend goes to the city-wide contest, which is "
                    "counted last."
                )
            ]
    return []


def _votes(vote_type: str) -> str:
    match vote_type:
        case VoteType.CUMULATIVE:
            return _("A project's points are all those that the ballots give it, added up.")
        case VoteType.SCORING:
            return _("A project's points are the scores that the ballots give it, added up.")
        case VoteType.ORDINAL:
            return _(
                "On every ballot the first project gets the most points, each next one a point "
                "less; a project's points are added up."
            )
    return _("A project's votes are the ballots that name it.")


def _conditions(rule: Rule, vote_type: str) -> list[str]:
    sentences = []
    if rule.min_votes:
        sentences.append(
            _("A project with fewer than %(votes)s is left out.")
            % {"votes": votes_or_points(rule.min_votes, vote_type)}
        )
    if rule.min_share:
        words = (
            _("A project with fewer points than %(share)s of the number of ballots is left out.")
            if vote_type in POINTS
            else _("A project chosen on fewer than %(share)s of the ballots is left out.")
        )
        sentences.append(words % {"share": format_percent(rule.min_share)})
    if rule.eligibility is Eligibility.THREE_BUDGETS:
        words = (
            _(
                "The more a project costs, the more points it needs. If it costs %(cost)s of the "
                "budget, it needs as many points as %(share)s of the number of ballots."
            )
            if vote_type in POINTS
            else _(
                "The more a project costs, the more votes it needs. If it costs %(cost)s of the "
                "budget, it needs the votes of %(share)s of the ballots."
            )
        )
        values = {"cost": format_percent(EXAMPLE_COST), "share": format_percent(EXAMPLE_COST / 3)}
        sentences.append(words % values)
    return sentences


def _greedy(rule: Rule) -> list[str]:
    first = (
        _("Projects are taken one at a time, from the most voted down.")
        if rule.order is Order.VOTES
        else _("Projects are taken one at a time, from the one with most votes for its cost down.")
    )
    match rule.overflow:
        case Overflow.SKIP:
            second = _("Each is funded if the money left is enough; otherwise the next is taken.")
        case Overflow.STOP:
            second = _(
                "Each is funded while the money lasts. At the first that costs more than what is "
                "left, the count ends."
            )
        case Overflow.PARTIAL:
            second = _(
                "Each is funded while the money lasts. The first that costs more than what is "
                "left is funded all the same if at least %(share)s of its cost is there; then "
                "the count ends."
            ) % {"share": format_percent(rule.partial_share)}
    return [first, second]


def _equal_shares(rule: Rule, currency: str) -> list[str]:
    sentences = [
        _("The budget is divided into equal shares, one for each ballot."),
        _(
            "A project is funded if those who chose it can pay for it together with their "
            "shares, everybody as equally as possible."
        ),
        _(
            "First comes the project that asks the least of each person for what they get. What "
            "they pay is gone from their shares. It goes on until no project can be paid."
        ),
        _("What people get from a project is measured by its cost.")
        if rule.utility is Utility.COST
        else _("What people get is measured by the number of their projects funded."),
    ]
    if rule.completion is not Completion.NONE:
        if rule.start is Start.FLOOR:
            sentences.append(_("The shares begin as whole amounts, without decimals."))
        sentences.append(_completion(rule, currency))
    if rule.completion is Completion.ADD1U:
        sentences.append(_("What is then left goes to the most voted projects that fit."))
    if rule.compat is Compat.EQUALSHARES_NET:
        sentences.append(
            _(
                "As on equalshares.net, a project that costs nothing is not funded, shares grow "
                "also while a project that nobody chose would fit, and they do not grow if the "
                "budget is enough for all projects."
            )
        )
    if rule.comparison is Comparison.SATISFACTION:
        sentences.append(
            _(
                "At the end the result is compared, ballot by ballot, with the one by most votes "
                "first. If that one gives more people more of the projects they chose, it counts "
                "instead."
            )
        )
    elif rule.comparison is Comparison.COVERAGE:
        sentences.append(
            _(
                "At the end the result is compared with the one by most votes first. If that one "
                "leaves fewer people without any project they chose, it counts instead."
            )
        )
    return sentences


def _completion(rule: Rule, currency: str) -> str:
    words = (
        _(
            "While money is left over, every share grows by %(step)s and the count is made again, "
            "until the result would cost more than the budget. The last result within the "
            "budget counts."
        )
        if rule.stop is Stop.OVERSPEND
        else _(
            "While money is left over, every share grows by %(step)s and the count is made again, "
            "until no other project fits or the result would cost more than the budget. The last "
            "result within the budget counts."
        )
    )
    return words % {"step": format_money(round(rule.step * 100), currency)}


def _ties(ties: Ties) -> str:
    return {
        Ties.STANDARD: _(
            "Between equal projects the cheaper comes first, then the more voted, then a public "
            "draw decides."
        ),
        Ties.FILE_ORDER: _("Between equal projects the official order of the list decides."),
        Ties.COST_VOTES: _(
            "Between equal projects the cheaper comes first, then the one with more votes, then "
            "the official order."
        ),
        Ties.COST: _("Between equal projects the cheaper comes first, then the official order."),
        Ties.TEXT: _("Between equal projects the order of their identifiers decides."),
        Ties.REFUSE: _("The rule does not choose between equal projects."),
    }[ties]
