"""The count record in words: sections of paragraphs, facts, lists, tables and lines to fill in.

Everything is taken from the record's data, so that the page, the PDF and the data say the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import groupby
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from home.dates import format_day, format_moment
from home.money import decimal_mark, format_money, format_number

from . import explanations
from .award_words import AwardWords, Funding
from .explanations import Terms
from .models import Annulment, JointAct, ResultRow, TurnoutTable
from .override_words import decision_sentence, in_readers_language
from .record_document import Document
from .rule_parameters import parameters_in_words
from .rule_sentences import rule_sentences
from .tally.kit_files import RECORD
from .tally.money import nearest
from .tally.rules import Rule

LONGEST_FRACTION = 24


@dataclass(frozen=True)
class Cell:
    """A text; `lang` where it is in another language than the record, `code` for hashes."""

    text: str
    lang: str = ""
    code: bool = False


@dataclass(frozen=True)
class Block:
    """One thing of a section; which fields are filled depends on `kind`.

    - paragraph: `text`;
    - facts: `rows` of label and value;
    - list: `rows` of one cell;
    - table: `text` is its caption, `columns` and `rows`, whose first `names` cells name the row;
      `numbers` are the positions of the columns of figures;
    - lines: `rows` of one label each, with a line to write on;
    - signatures: `rows` of one role each, with room for a name and a signature.
    """

    kind: str
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class RecordText:
    """A whole record in one language."""

    language: str
    title: str
    subtitle: str
    city: str
    about: str
    sections: tuple[Section, ...]


def record_text(document: Document, language: str) -> RecordText:
    """Put a record in words in one language."""
    with override(language):
        words = _Words(document)
        return RecordText(
            language=language,
            title=_("Record of the count"),
            subtitle=words.subtitle(),
            city=words.name(document["city"]),
            about=words.about(),
            sections=tuple(
                Section(str(title), blocks) for title, blocks in words.sections() if blocks
            ),
        )


def _paragraph(text: str) -> Block:
    return Block("paragraph", text)


def _facts(*rows: tuple[str, str | Cell]) -> Block:
    return Block("facts", rows=tuple((Cell(label), _cell(value)) for label, value in rows))


def _items(texts: Sequence[str]) -> Block:
    return Block("list", rows=tuple((Cell(text),) for text in texts))


def _cell(value: str | Cell) -> Cell:
    return value if isinstance(value, Cell) else Cell(value)


class _Words:
    """The sentences of one record, in the language that is active."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.round = document["round"]
        self.currency = document["currency"]
        self.secret = document["totals_only"]
        self.projects = {project["id"]: project for project in document["projects"]}
        self.outcome: Document = document.get("outcome") or {}

    # --- small words ----------------------------------------------------------------------------

    def name(self, texts: dict[str, Any]) -> str:
        """Choose the text in the language, else the Italian one, else any."""
        return in_readers_language(texts)

    def subtitle(self) -> str:
        return f"{self.name(self.round['name'])} – {self.name(self.document['contest']['name'])}"

    def about(self) -> str:
        """Name the city whose vote it is: another one's where we counted again."""
        return self.round["place"] or self.name(self.document["city"])

    def project(self, code: str) -> Cell:
        project = self.projects[code]
        return Cell(f"{project['number']}. {self.name(project['title'])}", self.round["language"])

    def money(self, amount: int | str) -> str:
        """Write hundredths; an exact fraction of them is rounded, and says so."""
        exact = Fraction(amount)
        text = format_money(nearest(exact), self.currency)
        return text if exact.denominator == 1 else f"≈ {text}{_fraction(exact)}"

    def exact(self, value: int | str) -> str:
        """Write a number, and where it is no whole one its fraction and two decimals."""
        exact = Fraction(value)
        if exact.denominator == 1:
            return format_number(exact.numerator)
        whole, part = divmod(round(exact * 100), 100)
        return f"≈ {format_number(whole)}{decimal_mark()}{part:02d}{_fraction(exact)}"

    def moment(self, text: str | None) -> str:
        if not text:
            return ""
        when = localtime(datetime.fromisoformat(text))
        return format_moment(when)

    # --- sections -------------------------------------------------------------------------------

    def sections(self) -> Iterator[tuple[str, tuple[Block, ...]]]:
        yield _("What this is"), tuple(self._about())
        yield _("The sitting"), tuple(self._sitting())
        yield _("The vote"), tuple(self._vote())
        yield _("What was counted"), tuple(self._inputs())
        yield _("The rule"), tuple(self._rule())
        yield _("Ballots"), tuple(self._ballots())
        yield _("Ties and draw"), tuple(self._ties())
        yield _("Decisions above the rule"), tuple(self._overrides())
        yield _("The count, step by step"), tuple(self._steps())
        yield _("Result"), tuple(self._result())
        yield _("Our count and the official award"), tuple(self._official())
        yield _("How to check it"), tuple(self._checking())
        yield _("Signatures"), tuple(self._signatures())

    def _about(self) -> Iterator[Block]:
        if self.round["is_invented"]:
            yield _paragraph(_("This vote is invented: it shows how the site works."))
        if self.round["place"]:
            yield _paragraph(
                _(
                    "This vote was held by %(place)s. This is the record of our recount of its "
                    "published ballots; it is not a record of that city."
                )
                % {"place": self.round["place"]}
            )
        if self.secret:
            yield _paragraph(
                _(
                    "Fewer than ten people voted. To keep their votes secret, only the totals and "
                    "the award are published."
                )
            )
        ours = self.name(self.document["city"])
        cities = [(_("City"), self.about())]
        if self.round["place"] and ours:
            cities.append((_("Counted again by"), ours))
        yield _facts(
            *cities,
            (_("Round"), self.name(self.round["name"])),
            (_("Contest"), self.name(self.document["contest"]["name"])),
            (_("Counted"), self.moment(self.document["counted_at"])),
            (_("By the program"), " ".join(self.document["software"].values())),
        )

    def _sitting(self) -> Iterator[Block]:
        if self.round["place"]:
            return
        labels = (
            _("Place"),
            _("Date"),
            _("Opened at"),
            _("Closed at"),
            _("Present: coordinator"),
            _("Present: guarantor"),
            _("Present: who writes this record"),
            _("Others present"),
            _("Remarks"),
        )
        yield Block("lines", rows=tuple((Cell(label),) for label in labels))

    def _vote(self) -> Iterator[Block]:
        facts: list[tuple[str, str | Cell]] = []
        if vote := self.document["vote"]:
            facts += [
                (_("Voting began"), self._begin_or_end(vote["starts_at"])),
                (_("Voting ended"), self._begin_or_end(vote["ends_at"], is_end=True)),
            ]
        if imported := self.document["imported"]:
            facts += [
                (_("Ballots imported from"), imported["file"]),
                (_("SHA-256 of that file"), Cell(imported["sha256"], code=True)),
            ]
        if self.round["source"]:
            facts.append((_("Source"), self.round["source"]))
        if facts:
            yield _facts(*facts)
        if acts := self.document["acts"]:
            yield Block(
                "table",
                text=_("Acts of two people"),
                columns=(_("Act"), _("Asked for"), _("Confirmed"), _("Note")),
                rows=tuple(self._act(act) for act in acts),
            )

    def _begin_or_end(self, text: str, *, is_end: bool = False) -> str:
        """Say when voting began or ended; files of past votes know the days only."""
        if not self.round["is_imported"]:
            return self.moment(text)
        when = localtime(datetime.fromisoformat(text))
        return format_day(when - timedelta(microseconds=is_end))

    def _act(self, act: Document) -> tuple[Cell, ...]:
        note = act["reason"]
        if act["project"] is not None:
            note = _("Project %(number)s. %(reason)s") % {"number": act["project"], "reason": note}
        return (
            Cell(str(JointAct.Kind(act["kind"]).label)),
            Cell(f"{self.moment(act['requested_at'])}, {_signer(act['requested_as'])}"),
            Cell(f"{self.moment(act['confirmed_at'])}, {_signer(act['confirmed_as'])}"),
            Cell(note),
        )

    def _inputs(self) -> Iterator[Block]:
        yield Block(
            "table",
            text=_("Files, as they are in the recount kit"),
            columns=(_("File"), _("Bytes"), "SHA-256"),
            rows=tuple(
                (Cell(each["name"]), Cell(format_number(each["bytes"])), _hash(each["sha256"]))
                for each in self.document["inputs"]
            ),
            numbers=(1,),
        )
        facts: list[tuple[str, str | Cell]] = []
        if self.document["rules_sha256"]:
            facts.append((_("Frozen rules, SHA-256"), _hash(self.document["rules_sha256"])))
        if self.document.get("inputs_sha256"):
            facts.append(
                (
                    _("Ballots, projects, budget, rule and draw together, SHA-256"),
                    _hash(self.document["inputs_sha256"]),
                )
            )
        if head := self.document["head"]:
            facts += [
                (_("Last checkpoint of the ballot box"), str(head["number"])),
                (_("Made"), self.moment(head["made_at"])),
                (_("Commitments in the public list"), format_number(head["commitments"])),
                (_("Head"), _hash(head["head"])),
            ]
        if facts:
            yield _facts(*facts)

    def _rule(self) -> Iterator[Block]:
        rule = Rule.from_json(self.document["rule"])
        sentences = rule_sentences(
            rule, vote_type=self.document["ballot"]["vote_type"], currency=self.currency
        )
        yield _items([str(sentence) for sentence in sentences])
        yield Block(
            "table",
            text=_("Parameters of the rule, as frozen before the vote")
            if self.document["frozen"]
            else _("Parameters of the rule"),
            columns=(_("Parameter"), _("Value")),
            rows=tuple(
                (Cell(label), Cell(value))
                for label, value in parameters_in_words(rule, currency=self.currency)
            ),
        )

    def _ballots(self) -> Iterator[Block]:
        facts: list[tuple[str, str | Cell]] = [
            (_("Ballots counted in this contest"), format_number(self.document["ballots"]))
        ]
        if not self.secret:
            facts.append((_("of these, blank"), format_number(self.document["blank_ballots"])))
        yield _facts(*facts)
        if totals := self.document["totals"]:
            yield from self._round_totals(totals)
        if cells := self.document.get("turnout", {}).get("channel"):
            kind = TurnoutTable.Kind.CHANNEL
            yield Block(
                "table",
                text=_("How people voted"),
                columns=(_("Channel"), _("Ballots")),
                rows=tuple(
                    (
                        Cell(explanations.cell_label(kind, cell["labels"])),
                        Cell(format_number(cell["ballots"])),
                    )
                    for cell in cells
                ),
                numbers=(1,),
            )

    def _round_totals(self, totals: Document) -> Iterator[Block]:
        yield Block(
            "table",
            text=_("The ballot box of the whole round"),
            columns=(_("What"), _("Number")),
            rows=tuple(
                (Cell(label), Cell(format_number(number)))
                for label, number in (
                    (_("Ballots sent, changes included"), totals["commitments"]),
                    (_("replaced by a later one"), totals["replaced"]),
                    (_("annulled"), totals["annulled"]),
                    (_("counted"), totals["counted"]),
                )
            ),
            numbers=(1,),
        )
        invalid = totals["invalid_sheets"]["total"]
        few = _("fewer than ten")
        yield _facts(
            (_("Invalid paper sheets"), few if invalid is None else format_number(invalid))
        )
        for caption, told, words in (
            (_("Annulments by reason"), totals["annulments"], dict(Annulment.Reason.choices)),
            (_("Invalid paper sheets by reason"), totals["invalid_sheets"], INVALID_WORDS),
        ):
            cells = [
                ("; ".join(str(words[reason]) for reason in cell["reasons"]), cell["number"])
                for cell in told["by_reason"]
            ]
            if cells:
                yield _number_table(caption, cells)
            elif told["total"]:
                yield _paragraph(
                    _("%(table)s: not told, so that nothing is said about fewer than ten people.")
                    % {"table": caption}
                )

    def _ties(self) -> Iterator[Block]:
        procedure = self.name(self.document["tie_procedure"])
        if procedure:
            yield _facts((_("Procedure, as frozen"), procedure))
        if draw := self.document["draw"]:
            facts = [
                (_("Seed"), draw["seed"]),
                (_("Lottery"), draw["lottery"]),
                (_("Entered by two guarantors"), self.moment(draw["entered_at"])),
                (_("Names beside the seed"), f"{draw['round']} | {draw['contest']}"),
            ]
            yield _facts(*[(label, value) for label, value in facts if value])
        else:
            yield _paragraph(_("No draw was entered."))
        if self.secret:
            return
        ties = self.outcome.get("ties", [])
        if not ties:
            yield _paragraph(_("No projects were equal where it mattered."))
            return
        yield Block(
            "table",
            text=_("Equal projects, in the order in which they were taken"),
            columns=(_("Projects"), _("Decided by")),
            rows=tuple(
                (
                    Cell(
                        "; ".join(self.project(code).text for code in tie["projects"]),
                        self.round["language"],
                    ),
                    Cell(explanations.tie_decision(tie["decided_by"])),
                )
                for tie in ties
            ),
        )

    def _overrides(self) -> Iterator[Block]:
        if not self.document["overrides"]:
            yield _paragraph(_("None."))
            return
        yield Block(
            "table",
            text=_("Decisions of two people that stand above the rule"),
            columns=(_("About"), _("Decision"), _("Reason"), _("Signed")),
            rows=tuple(
                (
                    self._about_decision(each),
                    Cell(decision_sentence(each, self.currency)),
                    Cell(in_readers_language(each["reason"])),
                    Cell(self.moment(each["confirmed_at"])),
                )
                for each in self.document["overrides"]
            ),
        )

    def _about_decision(self, decision: Document) -> Cell:
        if decision["project"]:
            return self.project(decision["project"])
        return Cell(self.name(self.document["contest"]["name"]))

    def _steps(self) -> Iterator[Block]:
        if self.secret:
            yield _paragraph(_("The steps would tell how the few people voted."))
            return
        trace = self.outcome["trace"]
        if not trace:
            yield _paragraph(_("No project could be funded."))
        left = self.document["budget"]
        numbered = []
        for number, step in enumerate(trace, start=1):
            left -= step["cost"]
            numbered.append((number, {"left": left} | step))
        tables = [
            self._step_table(kind, list(group))
            for kind, group in groupby(numbered, key=lambda pair: pair[1]["kind"])
        ]
        yield from tables
        if any("≈" in cell.text for table in tables for row in table.rows for cell in row):
            yield _paragraph(
                _(
                    "≈ is a rounded figure; in brackets, where it is short, the exact fraction "
                    "(of amounts: in hundredths). All exact fractions are in the file %(file)s."
                )
                % {"file": RECORD}
            )
        yield from self._course()

    def _step_table(self, kind: str, steps: list[tuple[int, Document]]) -> Block:
        names = STEP_COLUMNS.get(kind, STEP_COLUMNS["greedy"])
        if all(step.get("supporters") == step["votes"] for _number, step in steps):
            names = tuple(name for name in names if name != "supporters")
        rows = [
            (
                Cell(str(number)),
                self.project(step["project"]),
                *(Cell(self._figure(name, step.get(name))) for name in names),
            )
            for number, step in steps
        ]
        columns = [_("Step no."), _("Project"), *(str(COLUMN_WORDS[name]) for name in names)]
        notes = [self._note(step) for _number, step in steps]
        if any(notes):
            columns.append(_("Note"))
            rows = [(*row, Cell(note)) for row, note in zip(rows, notes, strict=True)]
        return Block(
            "table",
            text=str(STEP_CAPTIONS.get(kind, kind)),
            columns=tuple(columns),
            rows=tuple(rows),
            numbers=(0, *range(2, 2 + len(names))),
        )

    def _note(self, step: Document) -> str:
        notes = []
        if step.get("partial"):
            notes.append(_("funded although less was left"))
        if step.get("tie"):
            notes.append(_("tie"))
        if passed := step.get("passed"):
            notes.append(_("passed over: %(projects)s") % {"projects": self._numbers(passed)})
        return "; ".join(notes)

    def _numbers(self, codes: Sequence[str]) -> str:
        return ", ".join(str(self.projects[code]["number"]) for code in codes)

    def _figure(self, name: str, value: Any) -> str:
        if value is None:
            return "–"
        return self.money(value) if name in MONEY_COLUMNS else self.exact(value)

    def _course(self) -> Iterator[Block]:
        if scan := self.outcome.get("scan"):
            facts = [
                (_("Runs"), format_number(scan["runs"])),
                (_("Run that holds, from 0"), format_number(scan["kept"])),
                (_("Money of each ballot in it"), self.money(scan["per_ballot"])),
                (_("Why it ended"), str(SCAN_WORDS.get(scan["ended"], scan["ended"]))),
            ]
            if scan["next_cost"] is not None:
                facts.append((_("Cost of the run above the budget"), self.money(scan["next_cost"])))
            yield _facts(*facts)
        if compared := self.outcome.get("comparison"):
            yield _paragraph(explanations.comparison_sentence({"comparison": compared}))

    def _result(self) -> Iterator[Block]:
        left = self.document["budget"] - self.document["cost"]
        facts = [(_("Budget"), self.money(self.document["budget"]))]
        if moved_in := self.document["moved_in"]:
            facts.append((_("of this, left over by other contests"), self.money(moved_in)))
        facts += [
            (_("Cost of the funded projects"), self.money(self.document["cost"])),
            (_("Left over"), self.money(left)),
        ]
        yield _facts(*facts)
        funded = [project for project in self.document["projects"] if project["funded"]]
        others = [project for project in self.document["projects"] if not project["funded"]]
        if funded:
            yield self._project_table(_("Funded"), funded, {})
        if others:
            reasons = {item["project"]: item for item in self.outcome.get("not_funded", [])}
            yield self._project_table(_("Not funded"), others, reasons)

    def _official(self) -> Iterator[Block]:
        """Compare with the award of the city, where the ballots came in a file of a past vote."""
        if not self.document["imported"]:
            return
        projects = self.document["projects"]
        if all(project["official_award"] is None for project in projects):
            yield _paragraph(
                _(
                    "The file does not say which projects the city funded: there is nothing to "
                    "compare our count with."
                )
            )
            return
        words = self._award_words()
        differences = [
            (project, sentence)
            for project in projects
            if (
                sentence := words.difference(
                    project["id"], funded=project["funded"], recorded=project["official_award"]
                )
            )
        ]
        if not differences:
            yield _paragraph(
                _(
                    "They are the same, project by project: counting again gives the award that "
                    "the city announced."
                )
            )
            return
        number = len(differences)
        yield _paragraph(
            ngettext(
                "They differ on %(number)s project.", "They differ on %(number)s projects.", number
            )
            % {"number": format_number(number)}
        )
        for sentence in words.general:
            yield _paragraph(sentence)
        yield Block(
            "table",
            text=_("Projects on which the two differ"),
            columns=(_("Project"), _("What differs, and what the file tells about why")),
            rows=tuple(
                (self.project(project["id"]), Cell(sentence)) for project, sentence in differences
            ),
        )

    def _award_words(self) -> AwardWords:
        projects = [] if self.secret else self.document["projects"]
        return AwardWords(
            [
                Funding(
                    project["id"],
                    project["cost"],
                    project["votes"],
                    project["funded"],
                    project["official_award"],
                    project["reason"],
                )
                for project in sorted(
                    projects, key=lambda each: each["order_funded"] or len(projects)
                )
            ],
            Terms(
                currency=self.currency,
                vote_type=self.document["ballot"]["vote_type"],
                ballots=self.document["ballots"],
                titles={code: self.project(code).text for code in self.projects},
            ),
            rule=Rule.from_json(self.document["rule"]),
            meta=self.document["imported"],
            budget=self.document["budget"],
        )

    def _project_table(
        self, caption: str, projects: list[Document], reasons: dict[str, Document]
    ) -> Block:
        columns = [_("Project"), _("Cost")]
        if not self.secret:
            columns.append(_("Votes"))
        if reasons:
            columns.append(_("Why not"))
        rows = []
        for project in projects:
            cells = [self.project(project["id"]), Cell(self.money(project["cost"]))]
            if not self.secret:
                cells.append(Cell(format_number(project["votes"])))
            if reasons:
                cells.append(Cell(self._why_not(reasons.get(project["id"], {}))))
            rows.append(tuple(cells))
        return Block("table", caption, tuple(columns), tuple(rows), (1,) if self.secret else (1, 2))

    def _why_not(self, item: Document) -> str:
        if not item:
            return ""
        reason = str(ResultRow.Reason(item["reason"]).label)
        details = [
            f"{DETAIL_WORDS[name]} {self._detail(name, value)}"
            for name, value in item.items()
            if name in DETAIL_WORDS
        ]
        return f"{reason}: {'; '.join(details)}" if details else reason

    def _detail(self, name: str, value: Any) -> str:
        if name in ("after", "rival"):
            return self.project(str(value)).text
        return self._figure(name, value)

    def _checking(self) -> Iterator[Block]:
        if self.secret:
            yield _paragraph(
                _(
                    "Because the ballots are not published, nobody outside can count again. The "
                    "recount kit lets everybody check the rules, their hashes and the totals."
                )
            )
        else:
            yield _paragraph(
                _(
                    "Everybody can count again: the recount kit beside this record holds the "
                    "ballots, the rule and this record as data. The program rione-recount reads "
                    "the kit, counts, and compares step by step."
                )
            )

    def _signatures(self) -> Iterator[Block]:
        if self.round["place"]:
            return
        roles = (_("Coordinator"), _("Guarantor"), _("Who writes this record"))
        yield Block(
            "signatures",
            columns=(_("Role"), _("Name and surname"), _("Signature")),
            rows=tuple((Cell(role),) for role in roles),
        )


def _number_table(caption: str, numbers: Sequence[tuple[str, int]]) -> Block:
    return Block(
        "table",
        text=caption,
        columns=(_("Reason"), _("Number")),
        rows=tuple((Cell(label), Cell(format_number(number))) for label, number in numbers),
        numbers=(1,),
    )


def _hash(text: str) -> Cell:
    return Cell(text, code=True)


def _signer(role: str) -> str:
    return str(JointAct.Signer(role).label)


def _fraction(exact: Fraction) -> str:
    text = f"{exact.numerator}/{exact.denominator}"
    return f" ({text})" if len(text) <= LONGEST_FRACTION else ""


INVALID_WORDS = {
    "unclear": gettext_lazy("the choice cannot be read"),
    "limits": gettext_lazy("more or other choices than the rules allow"),
    "recognisable": gettext_lazy("a sign tells who voted"),
    "foreign": gettext_lazy("not a sheet of this vote"),
}

STEP_CAPTIONS = {
    "greedy": gettext_lazy("Projects funded by votes, in order"),
    "equalshares": gettext_lazy("Projects bought with equal shares, in order"),
    "phragmen": gettext_lazy("Projects bought as money flowed to every ballot, in order"),
}

STEP_COLUMNS: dict[str, tuple[str, ...]] = {
    "greedy": ("cost", "votes", "left"),
    "equalshares": (
        "cost",
        "votes",
        "supporters",
        "payment",
        "capped",
        "effective_votes",
        "left",
    ),
    "phragmen": ("cost", "votes", "time", "left"),
}

COLUMN_WORDS = {
    "cost": gettext_lazy("Cost"),
    "votes": gettext_lazy("Votes"),
    "left": gettext_lazy("Left of the budget"),
    "supporters": gettext_lazy("Ballots that pay"),
    "payment": gettext_lazy("Each pays at most"),
    "capped": gettext_lazy("Ballots that gave all they had"),
    "effective_votes": gettext_lazy("Effective votes"),
    "time": gettext_lazy("Money of each ballot by then"),
}

MONEY_COLUMNS = frozenset(
    ("cost", "left", "payment", "time", "remaining", "missing", "had", "per_ballot")
)

SCAN_WORDS = {
    "none": gettext_lazy("one run only, as the rule says"),
    "overspend": gettext_lazy("the next run would have cost more than the budget"),
    "exhaustive": gettext_lazy("no other project fitted in the budget"),
    "all-funded": gettext_lazy("every project with a supporter was funded"),
    "no-ballots": gettext_lazy("there were no ballots"),
}

DETAIL_WORDS = {
    "votes": gettext_lazy("votes"),
    "needed": gettext_lazy("needed"),
    "remaining": gettext_lazy("left"),
    "missing": gettext_lazy("missing"),
    "supporters": gettext_lazy("supporters"),
    "had": gettext_lazy("they had"),
    "per_ballot": gettext_lazy("each ballot owned"),
    "after": gettext_lazy("ended at"),
    "rival": gettext_lazy("its rival"),
}
