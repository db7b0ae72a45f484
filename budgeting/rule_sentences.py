"""The rules of a round in plain words: who votes how, and how the money is assigned."""

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Scope
from .money import decimal_mark, format_money
from .tally.rules import Comparison, Completion, Method, Overflow, Rule, RuleError, Ties

VoteType = Scope.VoteType


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


def rule_sentences(scope: Scope, currency: str) -> list[str]:
    """Say in a few sentences how the money of a scope is assigned; empty without a rule."""
    try:
        rule = Rule.from_json(scope.award_rule)
    except RuleError:
        return []
    sentences = _minimum(rule)
    sentences += _greedy(rule) if rule.method is Method.GREEDY else _equal_shares(rule, currency)
    sentences += _ties(rule)
    return sentences


def percent(share: Fraction) -> str:
    """Write a share as a percentage."""
    return f"{float(share * 100):g} %".replace(".", decimal_mark())


def _minimum(rule: Rule) -> list[str]:
    sentences = []
    if rule.min_votes:
        sentences.append(
            ngettext(
                "A project needs at least %(votes)s vote.",
                "A project needs at least %(votes)s votes.",
                rule.min_votes,
            )
            % {"votes": rule.min_votes}
        )
    if rule.min_share:
        sentences.append(
            _("A project needs the votes of at least %(share)s of the ballots.")
            % {"share": percent(rule.min_share)}
        )
    if rule.eligibility != "none":
        sentences.append(
            _(
                "The dearer a project, the more votes it needs: its share of the ballots must be "
                "at least its cost divided by three times the budget."
            )
        )
    return sentences


def _greedy(rule: Rule) -> list[str]:
    first = (
        _("Projects are funded from the one with most votes down, while there is money.")
        if rule.order == "votes"
        else _("Projects are funded from the one with most votes for its cost down.")
    )
    after = {
        Overflow.SKIP: _("One that costs more than what is left is skipped for the next."),
        Overflow.STOP: _("At the first that costs more than what is left, the count ends."),
        Overflow.PARTIAL: _(
            "The first that costs more than what is left is funded all the same if at least "
            "%(share)s of its cost is there; then the count ends."
        )
        % {"share": percent(rule.partial_share)},
    }
    return [first, after[rule.overflow]]


def _equal_shares(rule: Rule, currency: str) -> list[str]:
    sentences = [
        _("The budget is divided into equal shares, one for each ballot."),
        _(
            "A project is funded if those who voted for it can pay its cost with their shares; "
            "first the one that asks the least of each."
        ),
    ]
    if rule.completion is not Completion.NONE:
        sentences.append(
            _("While money is left, every share grows by %(step)s and the count is done again.")
            % {"step": format_money(int(rule.step * 100), currency)}
        )
    if rule.completion is Completion.ADD1U:
        sentences.append(_("What is then left goes to the projects with most votes that fit."))
    if rule.comparison is not Comparison.NONE:
        sentences.append(
            _("If more people would be better off with most votes first, that result counts.")
        )
    return sentences


def _ties(rule: Rule) -> list[str]:
    if rule.ties is Ties.STANDARD:
        return [
            _("Equal projects: the cheaper first, then the one with more votes, then the draw.")
        ]
    return []
