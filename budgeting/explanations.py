"""Why a project was funded or not, and how the count went, in sentences with figures.

Everything here turns stored rows into words in the reader's language; nothing is decided here. The
figures are those of the count, so a sentence never says more than the count knows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from home.languages import active_language
from home.money import decimal_mark, format_money, format_number

from .models import ResultRow, TurnoutTable
from .rule_sentences import POINTS, votes_or_points
from .tally import story
from .tally.money import nearest
from .tally.money import tenths as rounded_tenths
from .tally.sufficing import Sufficing

REASON = ResultRow.Reason

LEFT_OUT = (REASON.WITHDRAWN, REASON.BELOW_MINIMUM, REASON.NOT_ELIGIBLE)
"""Reasons for which a project takes no part in the count at all."""


class Row(NamedTuple):
    """A project's result as sentences, lists and charts need it: a stored row and its project.

    `key` is the project's primary key, `code` its id in the ballots file, `cost` in hundredths,
    `figures` those of `ResultRow`.
    """

    key: int
    number: int
    title: str
    where: str
    cost: int
    reason: str
    figures: Mapping[str, Any]
    order_funded: int | None
    place: int
    votes: int
    supporters: int
    recorded: int | None
    code: str = ""
    is_invented: bool = False

    @property
    def is_funded(self) -> bool:
        """Whether the count awards the money."""
        return self.order_funded is not None


@dataclass(frozen=True)
class Terms:
    """What the sentences of one contest need to know.

    `titles` names the other projects that figures point to, by primary key (in the record: by the
    id in the file); amounts are in hundredths. `language` is the reader's, asked for once and not
    at every figure.
    """

    currency: str
    vote_type: str
    ballots: int
    titles: Mapping[Any, str] = field(default_factory=dict)
    language: str = field(default_factory=active_language)

    def money(self, cents: int) -> str:
        """Write an amount in the currency of the round."""
        return format_money(cents, self.currency, self.language)

    def exact_money(self, cents: Fraction) -> str:
        """Write an exact amount, with ≈ where it had to be rounded."""
        text = self.money(nearest(cents))
        return text if cents.denominator == 1 else f"≈ {text}"

    @property
    def counts_points(self) -> bool:
        """Whether ballots give points rather than votes."""
        return self.vote_type in POINTS

    def number(self, number: int) -> str:
        """Write a whole number."""
        return format_number(number, self.language)

    def votes(self, number: int) -> str:
        """Write votes or points with their unit."""
        return votes_or_points(number, self.vote_type)

    def title(self, key: Any) -> str:
        """Name another project."""
        return self.titles.get(key) or _("another project")


def people(number: int) -> str:
    """Write a number of people."""
    return ngettext("%(number)s person", "%(number)s people", number) % {
        "number": format_number(number)
    }


def reason_sentence(row: Row, terms: Terms) -> str:
    """Say in one sentence why the project was funded or not."""
    return story.reason(row, terms)


def short_answer(row: Row | ResultRow) -> str:
    """Answer "was it funded?" in a word."""
    return story.answer(funded=row.is_funded, language=active_language())


def why_sentences(row: Row, terms: Terms) -> list[str]:
    """Explain one project's result with all figures: who chose it, then why."""
    return story.what_happened(row, terms)


def whole_story(row: Row, terms: Terms, sufficing: Any) -> story.Story:
    """Tell everything about one project: also what would have been enough.

    `sufficing` is what `ResultRow.sufficing` holds: None while it is worked out.
    """
    known = None if sufficing is None else Sufficing.from_json(sufficing)
    return story.whole_story(row, terms, known, major=100)


def tenths(hundredths: int) -> str:
    """Write hundredths with at most one decimal."""
    whole, part = rounded_tenths(hundredths)
    text = format_number(whole)
    return f"{text}{decimal_mark()}{part}" if part else text


def step_sentence(row: Row, terms: Terms) -> str:
    """Say what the count did with a project when it came to it."""
    return story.step(row, terms)


def cell_label(kind: str, labels: Sequence[str]) -> str:
    """Name a cell of a turnout table; several labels are cells merged into one."""
    known = [label for label in labels if label]
    if kind == TurnoutTable.Kind.AGE:
        text = _age_label(known)
    else:
        words = [str(WORDS.get((kind, label), label)) for label in known]
        if len(words) > MOST_NAMED:
            text = _("%(number)s others together") % {"number": format_number(len(words))}
        else:
            text = ", ".join(words)
    if len(known) == len(labels):
        return text
    return _("%(groups)s, or not stated") % {"groups": text} if text else _("Not stated")


def _age_label(labels: Sequence[str]) -> str:
    """Write classes such as 16-24, or the range of several that were merged."""
    if not labels:
        return ""
    first = labels[0].split("-")[0].removesuffix("+")
    if labels[-1].endswith("+"):
        return _("%(age)s and over") % {"age": first}
    last = labels[-1].split("-")[-1]
    return f"{first}–{last}" if first != last else first


MOST_NAMED = 4

WORDS: dict[tuple[str, str], Any] = {
    (TurnoutTable.Kind.SEX, "F"): gettext_lazy("Women"),
    (TurnoutTable.Kind.SEX, "M"): gettext_lazy("Men"),
    (TurnoutTable.Kind.CHANNEL, "internet"): gettext_lazy("Online"),
    (TurnoutTable.Kind.CHANNEL, "online"): gettext_lazy("Online"),
    (TurnoutTable.Kind.CHANNEL, "mobile"): gettext_lazy("By telephone"),
    (TurnoutTable.Kind.CHANNEL, "assisted"): gettext_lazy("Online with help"),
    (TurnoutTable.Kind.CHANNEL, "paper"): gettext_lazy("On paper"),
}


def tie_sentence(tie: Mapping[str, Any], terms: Terms) -> str:
    """Say who was equal and what decided; projects by primary key."""
    names = ", ".join(f"“{terms.title(key)}”" for key in tie["projects"])
    return _("%(projects)s were equal: %(decision)s.") % {
        "projects": names,
        "decision": tie_decision(tie["decided_by"]),
    }


def tie_decision(decided_by: str) -> str:
    """Say what told equal projects apart (`TieBreak.decided_by`)."""
    decisions = {
        "cost": _("the cheaper came first"),
        "votes": _("the one with more votes came first"),
        "draw": _("the public draw decided"),
        "file-order": _("the official order of the list decided"),
        "text": _("the order of their identifiers decided"),
        "any-order": _("either order gives the same result"),
    }
    return decisions[decided_by]


def scan_sentence(overview: Mapping[str, Any], terms: Terms) -> str:
    """Say how the money on each ballot was found, for rules that try several amounts."""
    scan = overview.get("scan")
    if not scan or not terms.ballots:
        return ""
    first = _("Every ballot owned %(money)s.") % {"money": story.amount(scan, "per_ballot", terms)}
    if scan["runs"] == 1:
        return first
    tried = ngettext(
        "The count was made %(runs)s time with more and more money on each ballot.",
        "The count was made %(runs)s times with more and more money on each ballot.",
        scan["runs"],
    ) % {"runs": format_number(scan["runs"])}
    return f"{tried} {_scan_end(scan, terms)} {first}"


def measure_sentence(overview: Mapping[str, Any], terms: Terms, *, budget: int) -> str:
    """Say that the money on the ballots is no cash where it is more than the budget (hundredths).

    Empty where completion did not raise it beyond what rounding explains.
    """
    scan = overview.get("scan")
    if not scan or (scan["per_ballot"] - 1) * terms.ballots <= budget:
        return ""
    return _(
        "All ballots together own more than the budget of %(budget)s: completion raised what each "
        "owns as far as the projects allowed. It is a measure for counting, not cash: only the "
        "cost of the funded projects is spent."
    ) % {"budget": terms.money(budget)}


def _scan_end(scan: Mapping[str, Any], terms: Terms) -> str:
    match scan["ended"]:
        case "overspend":
            return _(
                "The last result would have cost %(cost)s, more than the budget, so the one before "
                "holds."
            ) % {"cost": terms.money(scan["next_cost"])}
        case "exhaustive":
            return _("It ended when no other project fitted in the budget.")
    return _("It ended when every project with a supporter was funded.")


def comparison_sentence(overview: Mapping[str, Any]) -> str:
    """Say how the comparison with most votes went, for rules that make it."""
    compared = overview.get("comparison")
    if not compared:
        return ""
    values = {
        "shares": people(compared["prefer_equal_shares"]),
        "greedy": people(compared["prefer_greedy"]),
    }
    if compared["replaced"]:
        return (
            _(
                "Compared with most votes first, %(greedy)s do better with it and %(shares)s "
                "with Equal Shares: so the award by most votes holds."
            )
            % values
        )
    return (
        _(
            "Compared with most votes first, %(shares)s do better with Equal Shares and "
            "%(greedy)s with most votes: so Equal Shares holds."
        )
        % values
    )
