"""Why the official award and our count differ, in the reader's language.

What is said was derived from figures by `budgeting.tally.recorded_award`; where the data do not
tell, the sentences say so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from home.money import format_percent

from . import explanations
from .explanations import Terms
from .models import ResultRow
from .rule_sentences import rule_name
from .tally.election import marks_as_funded
from .tally.recorded_award import Cause, Differences, Entry, Finding, compare_awards
from .tally.rules import Method, Rule, RuleError

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

    `fundings` are all projects, the funded in the order of the count: of several equals the first
    is named. Where only totals are public they are empty, and nothing is said but where the two
    differ. `budget` is in hundredths, `meta` are the descriptive keys of the imported file. Where
    we counted by another rule than the file's, no reasons are given: by its own they may differ.
    """

    def __init__(
        self,
        fundings: Sequence[Funding],
        terms: Terms,
        *,
        rule: Rule,
        meta: Mapping[str, str],
        budget: int,
    ) -> None:
        self.terms = terms
        self.rule = rule
        self.rule_in_file = meta.get("rule", "").strip()
        self._file_rule = _file_rule(meta, like=rule)
        self._costs = {each.key: each.cost for each in fundings}
        entries = [_entry(each, self.rule_in_file) for each in fundings]
        found = compare_awards(entries, rule, budget=budget)
        comparable = self._file_rule in (None, rule)
        self.differences = found if comparable else Differences(found.differ)

    @property
    def general(self) -> list[str]:
        """Say what holds for the awards as a whole; empty where they agree."""
        if not self.differences.differ:
            return []
        if self._file_rule == self.rule:
            return list(_general_sentences(self.differences, self.terms, self.rule))
        sentence = _rules_sentence(self.rule, self._file_rule, self.rule_in_file)
        if self._file_rule is not None:
            return [sentence]
        return [sentence, *_general_sentences(self.differences, self.terms, self.rule)]

    def difference(self, key: Any, *, funded: bool, recorded: int | None) -> str:
        """Say how the awards differ on a project, and why as far as the figures tell."""
        status = _status(recorded, self.rule_in_file)
        sentence = _difference_sentence(funded=funded, recorded=status)
        finding = self.differences.by_project.get(key)
        if not sentence or finding is None:
            return sentence
        share = self.rule.partial_share
        why = finding_sentences(finding, self.terms, cost=self._costs[key], share=share)
        return " ".join((sentence, *why))


def _file_rule(meta: Mapping[str, str], *, like: Rule) -> Rule | None:
    """Give the rule of the file with our way to settle ties; None where the file names none."""
    try:
        return replace(Rule.from_file(meta), ties=like.ties)
    except RuleError:
        return None


def _status(recorded: int | None, rule_in_file: str) -> int | None:
    """Read a mark of the file as its rule means it."""
    if marks_as_funded(recorded, rule_in_file):
        return ResultRow.Recorded.FUNDED
    return recorded


def _entry(funding: Funding, rule_in_file: str) -> Entry:
    status = _status(funding.recorded, rule_in_file)
    return Entry(
        funding.key,
        funding.cost,
        funding.votes,
        counted=funding.funded,
        official=status == ResultRow.Recorded.FUNDED,
        elsewhere=status in FROM_ELSEWHERE,
        stands=funding.reason not in explanations.LEFT_OUT,
    )


def finding_sentences(
    finding: Finding, terms: Terms, *, cost: int, share: Fraction
) -> tuple[str, ...]:
    """Say what the figures tell about a project on which the awards differ.

    `share` is the part of its cost with which our rule funds a last project.
    """
    turn = _turn_sentence(finding, terms, cost=cost, share=share)
    match finding.cause:
        case Cause.PASSED_OVER:
            return *_before_sentence(finding, terms), turn, _why_not_funded()
        case Cause.EQUAL:
            level = _(
                "It is level with “%(other)s”: which of the two comes first decides, and the file "
                "does not say how the city chose."
            )
            return (level % {"other": terms.title(finding.other)},)
        case Cause.NO_ROOM:
            return (turn,)
        case Cause.AFTER_END:
            return (_("By our rule the city’s list had ended before its turn."),)
        case Cause.ROOM:
            return turn, *_our_sentence(finding, terms)
        case Cause.OVERDRAWN:
            return turn, _("The file does not say with what money it was funded.")
        case Cause.BEYOND_END:
            ended = _("By our rule the city’s list had ended before its turn.")
            return ended, _("The file does not say why it was funded.")
        case Cause.LEFT_OUT:
            return (_("Our count leaves it out from the start."),)
        case Cause.UNSPENT:
            over = _("The city’s list left %(left)s over: enough for it.")
            return over % {"left": terms.money(finding.left or 0)}, _why_not_funded()
    above = _("With it besides, the city’s list would cost %(over)s more than the budget.")
    return (above % {"over": terms.money(cost - (finding.left or 0))},)


def _why_not_funded() -> str:
    return _("The file does not say why it was not funded.")


def _before_sentence(finding: Finding, terms: Terms) -> tuple[str, ...]:
    if finding.other is None:
        return ()
    before = _("By our rule it comes before “%(other)s”, which the city funded.")
    return (before % {"other": terms.title(finding.other)},)


def _turn_sentence(finding: Finding, terms: Terms, *, cost: int, share: Fraction) -> str:
    """Say what the city's list had left at the project's turn, and whether that was enough."""
    left = finding.left
    if finding.cause in (Cause.NO_ROOM, Cause.OVERDRAWN):
        if left is None:
            return _("At its turn the city’s list did not have enough left for it.")
        return _("At its turn the city’s list had only %(left)s left: not enough for it.") % {
            "left": terms.money(max(0, left))
        }
    if left is None or left < 0:  # of less than nothing a free project is paid
        return _("By our rule the city’s list had enough left for it at its turn.")
    if left < cost:
        return _(
            "At its turn the city’s list had %(left)s left: by our rule enough for it (%(share)s "
            "of its cost)."
        ) % {"left": terms.money(left), "share": format_percent(share)}
    return _("At its turn the city’s list had %(left)s left: enough for it.") % {
        "left": terms.money(left)
    }


def _our_sentence(finding: Finding, terms: Terms) -> tuple[str, ...]:
    if finding.ours_ended:
        return (_("Our count had already ended."),)
    if finding.ours is None:
        return ()
    ours = _("Our count, which funds others before it, had only %(ours)s.")
    return (ours % {"ours": terms.money(finding.ours)},)


def _general_sentences(found: Differences, terms: Terms, rule: Rule) -> Iterator[str]:
    if found.excess:
        yield (
            _(
                "The official list costs %(excess)s more than the budget that the file names: "
                "where that money came from is not in the file."
            )
            % {"excess": terms.money(found.excess)}
        )
    if number := len(found.passed_over):
        yield (
            ngettext(
                "By the rule of our count %(number)s project had its turn while the city’s list "
                "still had money for it, yet the city did not fund it. Frequent reasons, none of "
                "which this file tells project by project: another project for the same place was "
                "funded, a later withdrawal, a condition or ballots that are not in the file.",
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
        yield _follows_sentence(len(found.passed_over))
    if rule.method is not Method.GREEDY:
        yield _(
            "Under this rule every choice hangs on all those before it: from the award alone "
            "nobody can say why the city’s list took another way."
        )


def _rules_sentence(rule: Rule, file_rule: Rule | None, rule_in_file: str) -> str:
    names = {"file": rule_in_file, "rule": rule_name(rule)}
    if not rule_in_file:
        sentence = _(
            "The file names no rule; we counted by “%(rule)s”. That alone may explain the "
            "differences."
        )
    elif file_rule is None:
        sentence = _(
            "The rule that the file names, “%(file)s”, does not say how to count; we counted by "
            "“%(rule)s”. That alone may explain the differences."
        )
    elif (file_rule.method, file_rule.order, file_rule.overflow) == (
        rule.method,
        rule.order,
        rule.overflow,
    ):
        sentence = _(
            "The file names the rule “%(file)s”; we counted by “%(rule)s”, and not with exactly "
            "the settings that the file gives. That alone may explain the differences."
        )
    else:
        sentence = _(
            "The file names the rule “%(file)s”; we counted by “%(rule)s”. That alone may explain "
            "the differences."
        )
    return sentence % names


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


def _difference_sentence(*, funded: bool, recorded: int | None) -> str:
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
