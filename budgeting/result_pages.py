"""What the pages of a result show, put together from stored rows with a fixed number of queries."""

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import inf
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, TextField
from django.db.models.functions import Cast
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from home.money import currency_name, format_money, format_number

from . import explanations, result_charts
from .award_words import AwardWords, Funding
from .disclosure import SMALLEST
from .explanations import Row, Terms
from .exporting import recount_options
from .models import (
    Count,
    Delivery,
    Override,
    Project,
    RecordAddendum,
    ResultRow,
    Round,
    TurnoutTable,
)
from .override_words import AddendumLink, Decision, addendum_links, decision
from .result_charts import Chart
from .rule_sentences import rule_name, rule_sentences
from .tally.rules import Order, Rule

PER_PAGE = 30
"""Projects of each list on one page."""

MOST_ON_PAPER = 150
"""Lists up to so many lines are printed whole; of longer ones the record holds all."""

CHART_ROWS = 12
"""Projects of the chart on one page: about a screen on a desk, three on a telephone."""


SHOWN = (
    *("made_at", "software", "rule", "rules_sha256", "inputs_sha256", "kit_sha256", "overview"),
    *("ballots", "blank_ballots", "projects", "funded", "cost", "budget"),
    *(f"contest__{name}" for name in ("name_it", "name_en", "slug", "position")),
    *(f"contest__scope__{name}" for name in ("vote_type", "position")),
    *(f"contest__scope__round__{name}" for name in ("name_it", "name_en", "slug", "currency")),
    *(f"contest__scope__round__{name}" for name in ("place", "source", "language")),
    *(f"contest__imported__{name}" for name in ("file_name", "file_sha256")),
    *(f"contest__imported__{name}" for name in ("meta", "award_source")),
)
"""What pages show of a count, its contest and round, and the file it was imported from."""


def public_round(slug: str) -> Round:
    """Return a round that anybody may read; raises Http404."""
    round_: Round = get_object_or_404(Round.objects.filter(is_public=True), slug=slug)
    return round_


def published_counts(slug: str) -> list[Count]:
    """Return the published counts of a public round, each with its contest, in the ballot's order.

    One query, of the columns that pages show.
    """
    counts = (
        Count.objects.filter(
            published_at__isnull=False,
            contest__scope__round__slug=slug,
            contest__scope__round__is_public=True,
        )
        .select_related("contest__scope__round", "contest__imported")
        .only(*SHOWN)
        .order_by()  # they are few, and the joins to order by cost more than sorting them here
    )
    return sorted(
        counts, key=attrgetter("contest.scope.position", "contest.position", "contest_id")
    )


def address(count: Count, name: str = "result_contest") -> str:
    """Return the address of a page of this contest's result."""
    contest = count.contest
    return reverse(
        f"budgeting:{name}",
        kwargs={"slug": contest.scope.round.slug, "contest": contest.slug},
    )


class Figures(Mapping[str, Any]):
    """The figures of a row, read from their JSON when somebody asks: most rows are on no page."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = json.loads(self._text)
        return values

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class ProjectLine(NamedTuple):
    """One project in the lists: everything already in words."""

    row: Row
    number: int
    title: str
    place: str
    cost: str
    votes: str
    effective_votes: str
    sentence: str
    difference: str
    why_url: str
    url: str
    lang: SafeString
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step of the count, in words; `number` counts from one."""

    number: int
    line: ProjectLine
    text: str
    tie: str


@dataclass(frozen=True)
class TurnoutCell:
    """A cell of a turnout table: what it holds, how many ballots, and its share for drawing."""

    label: str
    ballots: str
    number: int


@dataclass(frozen=True)
class Turnout:
    """A turnout table with its title; `total` is its largest cell."""

    title: str
    cells: tuple[TurnoutCell, ...]
    total: int


class ContestResult:
    """The result of one contest as its page needs it; one query for the rows, one for turnout."""

    def __init__(self, count: Count) -> None:
        self.count = count
        self.contest = count.contest
        self.round = count.contest.scope.round

    @cached_property
    def rows(self) -> list[Row]:
        """All projects: the funded in their order, then the others from the most voted."""
        # Model instances with their translations would take longer to make than all the rest.
        # Where only totals are public the order of the count is not.
        order = () if self.publishes_totals_only else ("order_funded", "place")
        stored = self.count.rows.annotate(figures_text=Cast("figures", TextField()))
        rows = stored.order_by(*order, "project__number").values_list(
            "project_id",
            "project__number",
            "project__title_it",
            "project__title_en",
            "area",
            "project__cost",
            "reason",
            "figures_text",
            "order_funded",
            "place",
            "votes",
            "supporters",
            "recorded",
            "project__code",
            "project__is_invented",
        )
        english = get_language() == "en"
        return [
            Row(
                key,
                number,
                (other if english and other else title) or other,
                area,
                cost,
                reason,
                Figures(text),
                *rest,  # type: ignore[arg-type]
            )
            for key, number, title, other, area, cost, reason, text, *rest in rows
        ]

    @property
    def is_invented(self) -> bool:
        """Whether this vote was made up for the demonstration."""
        return not self.round.is_from_elsewhere and any(row.is_invented for row in self.rows)

    @cached_property
    def rule(self) -> Rule:
        """The award rule of the count."""
        return Rule.from_json(self.count.rule)

    @property
    def is_equal_shares(self) -> bool:
        """Whether the projects were bought by the Method of Equal Shares."""
        return self.kind == result_charts.SHARES

    @cached_property
    def terms(self) -> Terms:
        """What the sentences need to know."""
        return Terms(
            currency=self.round.currency,
            vote_type=self.contest.scope.vote_type,
            ballots=self.count.ballots,
            titles={row.key: row.title for row in self.rows},
        )

    @property
    def publishes_totals_only(self) -> bool:
        """Whether too few people voted to say more than the totals and the award."""
        return self.count.publishes_totals_only

    # --- sentences ------------------------------------------------------------------------------

    @property
    def headline(self) -> str:
        """Say the result in one sentence."""
        count, currency = self.count, self.round.currency
        return _(
            "%(funded)s of %(projects)s projects funded, %(ballots)s ballots, %(cost)s of "
            "%(budget)s"
        ) % {
            "funded": format_number(count.funded),
            "projects": format_number(count.projects),
            "ballots": format_number(count.ballots),
            "cost": format_money(count.cost, currency),
            "budget": format_money(count.budget, currency),
        }

    @property
    def name(self) -> str:
        """Name the round, and the contest where the round has several."""
        round_, contest = str(self.round), str(self.contest)
        return round_ if contest.casefold() in round_.casefold() else f"{round_}, {contest}"

    @property
    def ballots_in_words(self) -> str:
        """Say how many ballots were counted."""
        number = self.count.ballots
        return ngettext("%(number)s ballot", "%(number)s ballots", number) % {
            "number": format_number(number)
        }

    @property
    def currency_note(self) -> str:
        """Name a currency that is not the euro, or say that it is not known."""
        if self.round.currency == "EUR":
            return ""
        name = currency_name(self.round.currency)
        if not name:
            return _("The source does not say in which currency the amounts are.")
        return _("Amounts are in %(currency)s (%(code)s).") % {
            "currency": name,
            "code": self.round.currency,
        }

    @property
    def rule_name(self) -> str:
        """Name the award rule."""
        return rule_name(self.rule)

    @property
    def rule_in_words(self) -> list[str]:
        """Explain the award rule."""
        return self.explained(self.rule)

    def explained(self, rule: Rule) -> list[str]:
        """Explain an award rule for the ballots and the money of this contest."""
        return rule_sentences(
            rule, vote_type=self.contest.scope.vote_type, currency=self.round.currency
        )

    @property
    def measure_in_words(self) -> str:
        """Say where the money of the ballots is a measure and not cash; else nothing."""
        overview = self.count.overview
        return explanations.measure_sentence(overview, self.terms, budget=self.count.budget)

    @property
    def course_in_words(self) -> list[str]:
        """Say how this count went beyond single projects: runs, comparison, money over."""
        sentences = [
            explanations.scan_sentence(self.count.overview, self.terms),
            self.measure_in_words,
            explanations.comparison_sentence(self.count.overview),
        ]
        if moved := self.count.overview.get("moved_in"):
            sentences.append(
                _("Of the budget, %(moved)s had not been spent in other contests and moved here.")
                % {"moved": self.terms.money(moved)}
            )
        if excess := self.count.overview.get("excess"):
            sentences.append(
                _("The last project costs %(excess)s more than was left.")
                % {"excess": self.terms.money(excess)}
            )
        return [sentence for sentence in sentences if sentence]

    @cached_property
    def ties(self) -> list[str]:
        """Say which projects were equal and what decided."""
        ties = self.count.overview.get("ties", [])
        return [explanations.tie_sentence(tie, self.terms) for tie in ties]

    @cached_property
    def has_official_award(self) -> bool:
        """Whether the award of the city that held the vote is known."""
        return any(row.recorded is not None for row in self.rows)

    @cached_property
    def differences(self) -> list[ProjectLine]:
        """Return the projects on which our count and the official award differ."""
        return [self.line(row) for row in self.rows if self._difference(row)]

    @cached_property
    def official(self) -> AwardWords:
        """Our count beside the official award; without reasons where only totals are public."""
        rows = [] if self.publishes_totals_only or not self.has_official_award else self.rows
        return AwardWords(
            [
                Funding(row.key, row.cost, row.votes, row.is_funded, row.recorded, row.reason)
                for row in rows
            ],
            self.terms,
            rule=self.rule,
            meta=self.contest.imported.meta,
            budget=self.count.budget,
        )

    def _difference(self, row: Row) -> str:
        if row.recorded is None:
            return ""
        return self.official.difference(row.key, funded=row.is_funded, recorded=row.recorded)

    @property
    def is_imported(self) -> bool:
        """Whether the ballots came in a file of a past vote."""
        return hasattr(self.contest, "imported")

    @property
    def official_comment(self) -> str:
        """Return what the imported file itself says about its data, in Pabulib's English."""
        return str(self.contest.imported.meta.get("comment", ""))

    @property
    def official_rule(self) -> str:
        """Name the rule written in the imported file."""
        return str(self.contest.imported.meta.get("rule", ""))

    @property
    def recount_command(self) -> str:
        """Give the command with which anybody gets this result from the published ballots."""
        return f"rione-tally {self.file_name}.pb {recount_options(self.count)}"

    def explain_command(self, code: str) -> str:
        """Give the command that tells a project's story; `code` is its id in the ballots file."""
        return f"{self.recount_command} --explain {shlex.quote(code)}"

    @property
    def file_name(self) -> str:
        """Name the downloads."""
        return f"{self.round.slug}-{self.contest.slug}"

    # --- projects -------------------------------------------------------------------------------

    def line(self, row: Row) -> ProjectLine:
        """Put one project's result in words, once for chart and lists together."""
        if row.key not in self._lines:
            self._lines[row.key] = self._in_words(row)
        return self._lines[row.key]

    @cached_property
    def _lines(self) -> dict[int, ProjectLine]:
        return {}

    def _in_words(self, row: Row) -> ProjectLine:
        terms = self.terms
        secret = self.publishes_totals_only
        effective = row.figures.get("effective_votes") if row.is_funded else None
        return ProjectLine(
            row=row,
            number=row.number,
            title=row.title,
            place=row.where,
            cost="" if row.reason == "withdrawn" else terms.money(row.cost),
            votes="" if secret else terms.number(row.votes),
            effective_votes=(explanations.tenths(effective) if effective and not secret else ""),
            sentence="" if secret else explanations.reason_sentence(row, terms),
            difference=self._difference(row),
            why_url=self._project_url("why", row.number),
            url=self._project_url("project", row.number),
            lang=self.lang,
        )

    @cached_property
    def decisions(self) -> list[Decision]:
        """Return what two people decided above the rule, in order, the revoked notes too."""
        if self.round.is_from_elsewhere:
            return []
        documents = ("act__record_addendum", "revoked_by__record_addendum")
        found = (
            Override.objects.filter(contest=self.contest)
            .select_related("project", *documents)
            .defer(*(f"{name}__document" for name in documents))
        )
        return [decision(each, self.round.currency) for each in found]

    @cached_property
    def _decisions_on(self) -> dict[int, list[Decision]]:
        """Return the decisions in force by the project they are about."""
        by_project: dict[int, list[Decision]] = {}
        for each in self.decisions:
            if each.override.project_id and not each.is_revoked:
                by_project.setdefault(each.override.project_id, []).append(each)
        return by_project

    @cached_property
    def addenda(self) -> list[tuple[RecordAddendum, list[AddendumLink]]]:
        """Return what was added to the record, in order, each with its files."""
        acts = [
            act
            for each in self.decisions
            for act in (each.override.act, each.override.revoked_by)
            if act is not None and hasattr(act, "record_addendum")
        ]
        found = sorted((act.record_addendum for act in acts), key=attrgetter("number"))
        return [(each, addendum_links(each)) for each in found]

    @cached_property
    def lang(self) -> SafeString:
        """Mark names that are in the language of another country."""
        if not self.round.language:
            return SafeString()
        return format_html(' lang="{}"', self.round.language)

    def _project_url(self, name: str, number: int) -> str:
        # Sixty times reverse() take a tenth of the page's time: the number alone changes.
        if name not in self._patterns:
            self._patterns[name] = reverse(
                f"budgeting:{name}", kwargs={"slug": self.round.slug, "number": 987654321}
            )
        return self._patterns[name].replace("987654321", str(number))

    @cached_property
    def _patterns(self) -> dict[str, str]:
        return {}

    @cached_property
    def headings(self) -> dict[str, str]:
        """The words that stand at a project's figures in the lists."""
        return {
            "cost": _("Cost"),
            "votes": _("Points") if self.terms.counts_points else _("Votes"),
            "effective": _("Effective votes"),
            "why": _("Why?"),
            "number": _("No."),
        }

    @property
    def funded_rows(self) -> list[Row]:
        """Return the funded, in the order funded."""
        return [row for row in self.rows if row.is_funded]

    @property
    def other_rows(self) -> list[Row]:
        """Return the others, from the most voted."""
        return [row for row in self.rows if not row.is_funded]

    def lines(self, rows: Iterable[Row]) -> list[ProjectLine]:
        """Put several projects' results in words, with what two people decided about them."""
        decided = self._decisions_on
        return [
            line._replace(decisions=tuple(decided[line.row.key]))
            if line.row.key in decided
            else line
            for line in map(self.line, rows)
        ]

    # --- chart, steps, turnout ------------------------------------------------------------------

    @cached_property
    def kind(self) -> str:
        """Which picture tells this count: `result_charts.MONEY`, `SHARES` or `TIME`."""
        return result_charts.kind_of(self.rows, self.rule)

    @property
    def budget_share(self) -> float:
        """How much of the budget is assigned, in percent for drawing."""
        return self._budget_bar[0]

    @property
    def budget_in_words(self) -> str:
        """Say how much is assigned and how much is left."""
        return self._budget_bar[1]

    @cached_property
    def _budget_bar(self) -> tuple[float, str]:
        count = self.count
        return result_charts.budget_bar(
            cost=count.cost, budget=count.budget, currency=self.round.currency
        )

    def chart(self, start: int, end: int) -> Chart | None:
        """Draw the projects from `start` to `end` (positions from 0) in the order of the count."""
        if self.publishes_totals_only:
            return None
        return result_charts.chart(self, start, end)

    @cached_property
    def step_rows(self) -> list[Row]:
        """Return the projects in the order in which the count took them."""
        if self.kind != result_charts.MONEY:
            return self.rows
        standing = [row for row in self.rows if row.reason not in explanations.LEFT_OUT]
        left_out = [row for row in self.rows if row.reason in explanations.LEFT_OUT]
        if self.rule.order is Order.VOTES_PER_COST:
            standing.sort(key=lambda row: (-_votes_per_cost(row), row.order_funded or 10**9))
        else:
            standing.sort(key=lambda row: (row.place, row.order_funded or 10**9))
        return standing + left_out

    @property
    def first_refused(self) -> int | None:
        """Where in the order of the count, from 0, the first project comes that it turns down."""
        return next(
            (
                at
                for at, row in enumerate(self.step_rows)
                if not row.is_funded and row.reason not in explanations.LEFT_OUT
            ),
            None,
        )

    def steps(self, first: int, last: int) -> list[Step]:
        """Put steps in words, from one number to another."""
        return [
            Step(
                number=number,
                line=self.line(row),
                text=explanations.step_sentence(row, self.terms),
                tie=(
                    explanations.tie_sentence(row.figures["tie"], self.terms)
                    if row.figures.get("tie")
                    else ""
                ),
            )
            for number, row in enumerate(self.step_rows[first - 1 : last], start=first)
        ]

    @cached_property
    def _turnout_tables(self) -> dict[str, TurnoutTable]:
        return {table.kind: table for table in self.contest.turnout_tables.order_by()}

    @property
    def turnout(self) -> list[Turnout]:
        """Return what is published about those who voted, table by table."""
        tables = []
        for kind in TurnoutTable.Kind:
            if table := self._turnout_tables.get(kind):
                cells = tuple(
                    TurnoutCell(
                        label=explanations.cell_label(kind, cell["labels"]),
                        ballots=format_number(cell["ballots"]),
                        number=cell["ballots"],
                    )
                    for cell in table.cells
                )
                tables.append(Turnout(TITLES[kind](), cells, max(cell.number for cell in cells)))
        return tables

    @property
    def turnout_left_out(self) -> str:
        """Say in one sentence what is not published about those who voted, and why."""
        absent = [ABSENT[kind]() for kind in TurnoutTable.Kind if kind not in self._turnout_tables]
        if not absent:
            return ""
        if self.count.ballots < SMALLEST:
            return _("Fewer than ten people voted: nothing is published about them.")
        if self.round.is_from_elsewhere:
            sentence = _("The source does not say: %(things)s.")
        else:
            sentence = _(
                "Not published: %(things)s. There are too few people to say it without betraying "
                "somebody, or it was not recorded."
            )
        return sentence % {"things": ", ".join(absent)}


@dataclass(frozen=True)
class ProjectOutcome:
    """One project's result for its own page; without sentences where only totals are public.

    `is_followed` says whether the work that came of it has a page.
    """

    is_funded: bool
    is_followed: bool
    reason_word: str
    answer: str
    sentences: tuple[str, ...] = ()


def project_outcome(project: Project) -> ProjectOutcome | None:
    """Return what the published count decided about a project, or None; at most two queries.

    The project brings its round along.
    """
    followed = Delivery.objects.filter(project=OuterRef("project"), is_public=True)
    row = (
        ResultRow.objects.filter(project=project, count__published_at__isnull=False)
        .select_related("count")
        .defer("area", "sufficing", "count__rule", "count__outcome", "count__overview")
        .annotate(
            vote_type=F("count__contest__scope__vote_type"),
            is_followed=Exists(followed),
        )
        .order_by("pk")
        .first()
    )
    if row is None:
        return None
    answer = explanations.short_answer(row)
    if row.count.publishes_totals_only:
        word = ResultRow.Reason.FUNDED.label if row.is_funded else _("not funded")
        return ProjectOutcome(row.is_funded, row.is_followed, str(word), answer)
    named = [row.figures[name] for name in ("after", "rival") if name in row.figures]
    others = Project.objects.filter(pk__in=named).only("title") if named else []
    titles = {other.pk: other.title for other in others}
    terms = Terms(
        currency=project.round.currency,
        vote_type=row.vote_type,
        ballots=row.count.ballots,
        titles=titles,
    )
    plain = Row(
        key=project.pk,
        number=project.number,
        title=project.title,
        where="",
        cost=project.cost,
        reason=row.reason,
        figures=row.figures,
        order_funded=row.order_funded,
        place=row.place,
        votes=row.votes,
        supporters=row.supporters,
        recorded=row.recorded,
    )
    sentences = tuple(explanations.why_sentences(plain, terms))
    word = str(row.get_reason_display())
    return ProjectOutcome(row.is_funded, row.is_followed, word, answer, sentences)


def _votes_per_cost(row: Row) -> Fraction | float:
    return Fraction(row.votes, row.cost) if row.cost else inf


TITLES = {
    TurnoutTable.Kind.NEIGHBOURHOOD: lambda: _("Where those who voted live"),
    TurnoutTable.Kind.CHANNEL: lambda: _("How they voted"),
    TurnoutTable.Kind.AGE: lambda: _("How old they are"),
    TurnoutTable.Kind.SEX: lambda: _("Women and men"),
}

ABSENT = {
    TurnoutTable.Kind.NEIGHBOURHOOD: lambda: _("where people live"),
    TurnoutTable.Kind.CHANNEL: lambda: _("how people voted"),
    TurnoutTable.Kind.AGE: lambda: _("people’s ages"),
    TurnoutTable.Kind.SEX: lambda: _("how many are women and how many men"),
}
"""What a sentence about missing turnout tables calls each of them."""
