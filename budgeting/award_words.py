"""Why the official award and our count differ, in the reader's language.

What is said was derived from figures by `budgeting.tally.recorded_award`; where the data do not
tell, the sentences say so.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import explanations
from .explanations import Terms
from .models import ResultRow
from .rule_sentences import rule_name
from .tally.recorded_award import Cause, Differences, Entry, Finding, compare_awards
from .tally.rules import PABULIB_RULES, Method, Rule

FROM_ELSEWHERE = (ResultRow.Recorded.FUNDED_FROM_ELSEWHERE, ResultRow.Recorded.FUNDED_ANOTHER_WAY)


class Funding(NamedTuple):
    """One project in both awards: what `ResultRow` says of it, by any key; cost in hundredths."""

    key: Any
    cost: int
    votes: int
    funded: bool
    recorded: int | None
    reason: str


class AwardWords:
    """Our count and the official award of one contest, put in words.

    `fundings` are all projects, the funded in the order of the count; where only totals are public
    they are empty, and nothing is said but where the two differ. `budget` is in hundredths,
    `file_rule` the name of the rule in the imported file.
    """

    def __init__(
        self, fundings: Sequence[Funding], terms: Terms, *, rule: Rule, file_rule: str, budget: int
    ) -> None:
        self.terms = terms
        self.rule = rule
        self.file_rule = file_rule
        self._costs = {each.key: each.cost for each in fundings}
        self.differences = compare_awards([_entry(each) for each in fundings], rule, budget=budget)

    @property
    def general(self) -> list[str]:
        """Say what holds for the awards as a whole; empty where they agree."""
        if not self.differences.differ:
            return []
        return general_sentences(
            self.differences, self.terms, rule=self.rule, file_rule=self.file_rule
        )

    def difference(self, key: Any, *, funded: bool, recorded: int | None) -> str:
        """Say how the awards differ on a project, and why as far as the figures tell."""
        sentence = difference_sentence(funded=funded, recorded=recorded)
        finding = self.differences.by_project.get(key)
        if not sentence or finding is None:
            return sentence
        return f"{sentence} {finding_sentence(finding, self.terms, cost=self._costs[key])}"


def _entry(funding: Funding) -> Entry:
    return Entry(
        funding.key,
        funding.cost,
        funding.votes,
        counted=funding.funded,
        official=funding.recorded == ResultRow.Recorded.FUNDED,
        elsewhere=funding.recorded in FROM_ELSEWHERE,
        stands=funding.reason not in explanations.LEFT_OUT,
    )


def finding_sentence(finding: Finding, terms: Terms, *, cost: int) -> str:
    """Say in one sentence what the figures tell about a project on which the awards differ."""
    left = max(0, finding.left)
    other: Any = finding.other
    return _sentence(finding) % {
        "left": terms.money(left),
        "ours": terms.money(finding.ours or 0),
        "over": terms.money(cost - finding.left),
        "other": "" if other is None else terms.title(other),
    }


def _sentence(finding: Finding) -> str:
    match finding.cause:
        case Cause.PASSED_OVER if finding.other is not None:
            return _(
                "By our rule it comes before “%(other)s”, which the city funded, and at its turn "
                "the city’s list had %(left)s left, enough for it: the file does not say why it "
                "was not funded."
            )
        case Cause.PASSED_OVER:
            return _(
                "At its turn the city’s list had %(left)s left, enough for it: the file does not "
                "say why it was not funded."
            )
        case Cause.EQUAL:
            return _(
                "It is level with “%(other)s”: which of the two comes first decides, and the file "
                "does not say how the city chose."
            )
        case Cause.NO_ROOM:
            return _(
                "After what the city funded before it, only %(left)s were left at its turn: not "
                "enough for it."
            )
        case Cause.AFTER_END:
            return _("On the city’s list the rule had ended before its turn.")
        case Cause.ROOM if finding.ours is None:
            return _(
                "At its turn the city’s list had %(left)s left, enough for it; our count had "
                "already ended."
            )
        case Cause.ROOM:
            return _(
                "At its turn the city’s list had %(left)s left, enough for it; our count, which "
                "funds others before it, only %(ours)s."
            )
        case Cause.OVERDRAWN:
            return _(
                "At its turn the city’s list had only %(left)s left: the file does not say with "
                "what money it was funded."
            )
        case Cause.BEYOND_END:
            return _(
                "By the rule the city’s list had ended before its turn: the file does not say why "
                "it was funded."
            )
        case Cause.LEFT_OUT:
            return _(
                "Our count leaves it out from the start: the file does not say why the city did "
                "not."
            )
        case Cause.UNSPENT:
            return _(
                "The city’s list left %(left)s over, enough for it: the file does not say why it "
                "was not funded."
            )
    return _("With it besides, the city’s list would cost %(over)s more than the budget.")


def general_sentences(found: Differences, terms: Terms, *, rule: Rule, file_rule: str) -> list[str]:
    """Say what holds for the two awards as a whole; `file_rule` is the name in the file."""
    sentences = [_rules_sentence(rule, file_rule)]
    if found.excess:
        sentences.append(
            _(
                "The official list costs %(excess)s more than the budget that the file names: "
                "where that money came from is not in the file."
            )
            % {"excess": terms.money(found.excess)}
        )
    if number := len(found.passed_over):
        sentences.append(
            ngettext(
                "By the rule of our count %(number)s project had its turn while the city’s list "
                "still had money for it, yet the city did not fund it. Frequent reasons, none of "
                "which this file tells: another project for the same place was funded, a later "
                "withdrawal, a condition or ballots that are not in the file.",
                "By the rule of our count %(number)s projects had their turn while the city’s "
                "list still had money for them, yet the city did not fund them. Frequent reasons, "
                "none of which this file tells project by project: another project for the same "
                "place was funded, a later withdrawal, conditions or ballots that are not in the "
                "file.",
                number,
            )
            % {"number": terms.number(number)}
        )
    if found.rest_follows:
        sentences.append(_follows_sentence(len(found.passed_over)))
    if rule.method is not Method.GREEDY:
        sentences.append(
            _(
                "Under this rule every choice hangs on all those before it: from the award alone "
                "nobody can say why the city’s list took another way."
            )
        )
    return [sentence for sentence in sentences if sentence]


def _rules_sentence(rule: Rule, file_rule: str) -> str:
    names = {"file": file_rule, "rule": rule_name(rule)}
    if file_rule not in PABULIB_RULES:
        return (
            _(
                "The rule that the file names, “%(file)s”, does not say how to count; we counted "
                "by “%(rule)s”. That alone may explain the differences."
            )
            % names
        )
    if PABULIB_RULES[file_rule] != PABULIB_RULES.get(rule.pabulib_name()):
        return (
            _(
                "The file names the rule “%(file)s”; we counted by “%(rule)s”. That alone may "
                "explain the differences."
            )
            % names
        )
    return ""


def _follows_sentence(passed_over: int) -> str:
    if not passed_over:
        return _(
            "With the city’s order between level projects the same rule gives exactly the "
            "official award: all other differences follow from that."
        )
    return ngettext(
        "Without it the same rule gives exactly the official award: all other differences follow "
        "from that.",
        "Without them the same rule gives exactly the official award: all other differences "
        "follow from that.",
        passed_over,
    )


def difference_sentence(*, funded: bool, recorded: int | None) -> str:
    """Say how our count and the official award differ on a project; empty where they agree."""
    if recorded is None or funded == (recorded == ResultRow.Recorded.FUNDED):
        if not funded and recorded in FROM_ELSEWHERE:
            return _("It was not funded from this budget; the city paid for it another way.")
        return ""
    if not funded:
        return _("The official award funded it; our count does not.")
    if recorded == ResultRow.Recorded.NOT_FUNDED:
        return _("Our count funds it; the official award did not.")
    return _("Our count funds it; the city paid for it another way.")
