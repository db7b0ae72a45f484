"""Checking a recount kit: files, frozen rules, ballot box, and the count, step by step.

Everything said here can be found out again from the kit alone; nothing is believed because the
record says it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from .count import count
from .election import Election, ElectionError
from .fingerprint import inputs_sha256
from .heads import ChainBrokenError, Link, recompute_chain
from .kit_archive import Kit, Packing
from .kit_files import (
    BALLOTS,
    CHECKSUMS,
    COMMITMENTS,
    HEADS,
    HEADS_FORMAT,
    KNOWN,
    NEEDED,
    RECORD,
    RECORD_FORMAT,
    RULE,
    RULE_FORMAT,
    frozen_name,
    read_checksums,
    read_commitments,
    sha256_of,
)
from .language import spoken, tell
from .messages import PabulibError
from .outcome import Outcome
from .pabulib_reader import read_election
from .recount_words import FIGURES, WORDS
from .replaying import FILLED_IN, detailed, replay
from .rule_file import RuleFileError, read_rule
from .rules import Areas, Rule, RuleError
from .ties import Draw, UndecidedTieError

Document = dict[str, Any]


def _say(key: str, /, **figures: object) -> str:
    return tell(WORDS, key, **figures)


class KitError(Exception):
    """A kit that cannot be checked: ``remedy`` says what to do."""

    def __init__(self, message: str, remedy: str = "again") -> None:
        super().__init__(message)
        self.remedy = _say(remedy)


class Verdict(StrEnum):
    """How one check ended."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_POSSIBLE = "not possible"


@dataclass(frozen=True)
class Finding:
    """One thing that was checked, how it ended, and what was seen.

    `follows` marks a difference of the count after the first one, which it may come from.
    """

    verdict: Verdict
    what: str
    detail: str
    follows: bool = False


def _agrees(what: str, detail: str) -> Finding:
    return Finding(Verdict.AGREES, _say(what), detail)


def _differs(what: str, detail: str) -> Finding:
    return Finding(Verdict.DIFFERS, _say(what), detail)


def check_kit(kit: Kit) -> Iterator[Finding]:
    """Check a kit from its checksums to its count; yields each finding as soon as it is known.

    Raises :class:`KitError` for a kit with files missing, too many or not in its format.
    """
    yield from _check_packing(kit)
    yield from _check_files(kit)
    record = _document(kit, RECORD, RECORD_FORMAT)
    plain = _document(kit, RULE, RULE_FORMAT)
    try:
        yield from _check_inputs(kit, record)
        yield from _check_box(kit, record)
        frozen = list(_frozen_documents(kit, record))
        yield from _check_frozen(frozen, record)
        yield from _check_rule(plain, record, frozen)
        yield from _first_difference(_check_count(kit, record, plain, frozen))
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise KitError(_say("lacking", problem=repr(error))) from error


# --- files --------------------------------------------------------------------------------------


def _check_packing(kit: Kit) -> Iterator[Finding]:
    what = "archive"
    for name in kit.damaged:
        yield _differs(what, _say("bytes-changed", name=name))
    if kit.packing is Packing.DAMAGED and not kit.damaged:
        yield _differs(what, _say("around-files"))
    elif kit.packing is Packing.REPACKED:
        yield Finding(
            Verdict.NOT_POSSIBLE,
            _say(what),
            _say("repacked"),
        )


def _check_files(kit: Kit) -> Iterator[Finding]:
    for name in NEEDED:
        if name not in kit.names:
            raise KitError(_say("missing", name=name))
    for name in kit.names:
        if not KNOWN.fullmatch(name):
            raise KitError(_say("not-belonging", name=name))
    try:
        listed = read_checksums(kit.read(CHECKSUMS).decode("ascii"))
    except ValueError as error:
        raise KitError(f"{CHECKSUMS}: {error}") from error
    present = set(kit.names) - {CHECKSUMS}
    if missing := sorted(set(listed) - present):
        raise KitError(_say("all-missing", names=", ".join(missing)))
    if extra := sorted(present - set(listed)):
        raise KitError(_say("without-checksum", names=", ".join(extra)))
    wrong = [name for name, digest in listed.items() if sha256_of(kit.pieces(name)) != digest]
    if wrong:
        for name in wrong:
            yield _differs("checksums", _say("not-published", name=name))
    else:
        yield _agrees("checksums", _say("as-published", number=len(listed)))


def _document(kit: Kit, name: str, form: str) -> Document:
    try:
        document = json.loads(kit.read(name))
    except ValueError as error:
        raise KitError(_say("no-json", name=name, problem=error)) from error
    if not isinstance(document, dict) or document.get("format") != form:
        raise KitError(_say("other-format", name=name, form=form), "newer-program")
    return document


def _check_inputs(kit: Kit, record: Document) -> Iterator[Finding]:
    for each in record["inputs"]:
        name = each["name"]
        if name not in kit.names:
            yield _differs("inputs", _say("named-not-there", name=name))
        elif sha256_of(kit.pieces(name)) != each["sha256"]:
            yield _differs("inputs", _say("not-the-one-named", name=name))
    secret = record["totals_only"]
    if secret == (BALLOTS in kit.names):
        yield _differs("inputs", _say("secret-or-not", name=BALLOTS))


# --- ballot box ---------------------------------------------------------------------------------


def _check_box(kit: Kit, record: Document) -> Iterator[Finding]:
    if HEADS not in kit.names:
        if record["head"] is not None:
            yield _differs("ballot-box", _say("not-there", name=HEADS))
        return
    heads = _document(kit, HEADS, HEADS_FORMAT)
    links = [
        Link(
            number=each["number"],
            count=each["count"],
            root=bytes.fromhex(each["root"]),
            head=bytes.fromhex(each["head"]),
        )
        for each in heads["checkpoints"]
    ]
    if heads["rules_sha256"] != record["rules_sha256"]:
        yield _differs("ballot-box", _say("other-rules"))
    try:
        with kit.open(COMMITMENTS) as lines:
            chain = recompute_chain(
                links, read_commitments(lines), rules_hash=bytes.fromhex(heads["rules_sha256"])
            )
    except (ChainBrokenError, ValueError) as error:
        yield _differs("ballot-box", str(error))
        return
    head = record["head"]
    told = head and (head["number"], head["commitments"], head["head"])
    if told != (chain.checkpoints, chain.commitments, chain.head.hex()):
        yield _differs("ballot-box", _say("other-head"))
    totals = record["totals"]
    if totals and totals["commitments"] != chain.commitments:
        yield _differs("ballot-box", _say("other-commitments"))
    elif (
        totals
        and totals["commitments"] != totals["replaced"] + totals["annulled"] + totals["counted"]
    ):
        yield _differs("ballot-box", _say("no-sum"))
    yield _agrees(
        "ballot-box",
        _say(
            "chain",
            checkpoints=chain.checkpoints,
            commitments=chain.commitments,
            head=chain.head.hex(),
        ),
    )


# --- frozen rules -------------------------------------------------------------------------------


def _frozen_documents(kit: Kit, record: Document) -> Iterator[tuple[str, Document]]:
    """Yield the SHA-256 and the content of the frozen rules and their addenda, in order."""
    for each in record["frozen"]:
        name = frozen_name(each["number"])
        if name not in kit.names:
            raise KitError(_say("missing", name=name))
        content = kit.read(name)
        try:
            yield hashlib.sha256(content).hexdigest(), json.loads(content)
        except ValueError as error:
            raise KitError(_say("no-json", name=name, problem=error)) from error


def _check_frozen(frozen: list[tuple[str, Document]], record: Document) -> Iterator[Finding]:
    if not frozen:
        if record["rules_sha256"] is not None:
            yield _differs("frozen-rules", _say("rules-not-in-kit"))
        return
    what = "frozen-rules"
    digest, rules = frozen[0]
    wrong = []
    if digest != record["rules_sha256"]:
        wrong.append(_say("other-hash"))
    previous = digest
    for number, (sha256, addendum) in enumerate(frozen[1:], start=1):
        if addendum.get("number") != number or addendum.get("previous_sha256") != previous:
            wrong.append(_say("addendum-order", number=number))
        previous = sha256
    if [each["sha256"] for each in record["frozen"]] != [sha256 for sha256, _rules in frozen]:
        wrong.append(_say("other-addenda"))
    if rules["round"]["slug"] != record["round"]["slug"]:
        wrong.append(_say("other-round"))
    yield from (_differs(what, detail) for detail in wrong)
    if not wrong:
        yield _agrees(what, _say("frozen", digest=digest, number=len(frozen) - 1))


def _frozen_contest(
    frozen: list[tuple[str, Document]], record: Document
) -> tuple[Document, Document] | None:
    """Give scope and contest as frozen, None where nothing was frozen."""
    if not frozen:
        return None
    for scope in frozen[0][1]["scopes"]:
        for contest in scope["contests"]:
            if (scope["number"], contest["slug"]) == (
                record["contest"]["scope"],
                record["contest"]["slug"],
            ):
                return scope, contest
    raise KitError(_say("contest-not-frozen"))


def _check_rule(
    plain: Document, record: Document, frozen: list[tuple[str, Document]]
) -> Iterator[Finding]:
    what = "rule"
    wrong = []
    if plain["rule"] != record["rule"]:
        wrong.append(_say("different-rules", one=RULE, other=RECORD))
    drawn = record["draw"]
    told = drawn and {name: drawn[name] for name in ("seed", "round", "contest")}
    if plain["draw"] != told:
        wrong.append(_say("different-draws", one=RULE, other=RECORD))
    found = _frozen_contest(frozen, record)
    if found is not None:
        scope, contest = found
        try:
            planned = Rule.from_json(scope["award_rule"])
            # Each contest is an area of its scope, and counted as a whole.
            if replace(planned, areas=Areas.NONE) != Rule.from_json(plain["rule"]):
                wrong.append(_say("not-frozen-rule"))
        except RuleError as error:
            wrong.append(_say("unreadable-rule", problem=error))
        if told and {**contest["draw"], "seed": told["seed"]} != told:
            wrong.append(_say("other-names"))
        codes = {project["number"]: project["code"] for project in contest["projects"]}
        pairs = {
            tuple(sorted((project["code"], codes[rival])))
            for project in contest["projects"]
            for rival in project["rivals"]
            if rival in codes
        }
        if pairs != {tuple(pair) for pair in plain["conflicts"]}:
            wrong.append(_say("other-rivals"))
    yield from (_differs(what, detail) for detail in wrong)
    if not wrong:
        key = "rule-frozen" if found else "rule-named"
        yield _agrees(what, _say(key, method=plain["rule"]["method"]))


# --- count --------------------------------------------------------------------------------------


def _first_difference(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Mark the differences after the first."""
    found = False
    for finding in findings:
        differs = finding.verdict is Verdict.DIFFERS
        yield replace(finding, follows=True) if differs and found else finding
        found = found or differs


def _check_count(
    kit: Kit, record: Document, plain: Document, frozen: list[tuple[str, Document]]
) -> Iterator[Finding]:
    if record["totals_only"]:
        yield Finding(
            Verdict.NOT_POSSIBLE,
            _say("count"),
            _say("few-people"),
        )
        return
    if BALLOTS not in kit.names:
        return  # already said
    election = _election(kit)
    yield from _check_projects(election, record, frozen)
    try:
        rule = Rule.from_json(plain["rule"])
        draw = Draw(**plain["draw"]) if plain["draw"] else None
        outcome = count(election, rule, draw=draw)
    except (RuleError, UndecidedTieError, ValueError) as error:
        yield _differs("count", _say("cannot-count", problem=error))
        return
    if inputs_sha256(election, rule, draw) != record["inputs_sha256"]:
        yield _differs("inputs", _say("other-content"))
    told = record["outcome"]
    replayed = replay(election, outcome)
    if replayed.agrees and any(step.get(name) for step in told["trace"] for name in FILLED_IN):
        outcome = detailed(election, outcome)
    names = {
        project["id"]: f"{project['number']} {_title(project)}" for project in record["projects"]
    }
    yield from compare_outcomes(told, outcome.to_json(), names)
    yield from _check_award(record, outcome)
    for each in replayed.disagreements:
        yield _differs(
            "replay",
            _say(
                "told-and-found",
                number=each.step,
                field=each.field,
                told=each.told,
                found=each.found,
            ),
        )
    if replayed.agrees:
        yield _agrees("replay", _say("done-again", number=replayed.steps))


def _title(project: Document) -> str:
    titles = project["title"]
    return titles.get(spoken()) or next((text for text in titles.values() if text), "")


def _election(kit: Kit) -> Election:
    try:
        with kit.open(BALLOTS) as lines:
            election = read_election(lines).election
        return read_rule(kit.read(RULE).decode()).complete(election)
    except (PabulibError, ElectionError) as error:
        raise KitError(f"{BALLOTS}: {error}") from error
    except RuleFileError as error:
        raise KitError(f"{RULE}: {error}") from error


def _check_projects(
    election: Election, record: Document, frozen: list[tuple[str, Document]]
) -> Iterator[Finding]:
    """Compare the projects and the budget of the ballots file with the record and the rules."""
    what = "projects-and-budget"
    found = {project.id: (project.cost, project.withdrawn) for project in election.projects}
    told = {project["id"]: project for project in record["projects"]}
    wrong = [
        _say("only-in-one", project=code, one=BALLOTS, other=RECORD)
        for code in set(found) ^ set(told)
    ]
    for code, (cost, withdrawn) in found.items():
        if code in told and not withdrawn and told[code]["cost"] != cost:
            wrong.append(_say("other-cost", project=code))
    if election.budget != record["budget"]:
        wrong.append(_say("other-budget"))
    contest = _frozen_contest(frozen, record)
    if contest is not None:
        wrong += _unlike_frozen(election, contest[1], frozen, record)
    yield from (_differs(what, detail) for detail in sorted(wrong))
    if not wrong:
        key = "projects-frozen" if contest else "projects-named"
        detail = _say(key, number=len(found))
        changed = [each for each in record["overrides"] if each["kind"] in ("cost", "budget")]
        if changed:
            number = len(changed)
            detail += tell(WORDS, "changed-by-two", number, number=number)
        yield _agrees(what, detail)


def _unlike_frozen(
    election: Election,
    contest: Document,
    frozen: list[tuple[str, Document]],
    record: Document,
) -> Iterator[str]:
    costs, budget, withdrawn = _decided(contest, frozen, record)
    planned = {
        project["code"]: (
            costs.get(project["number"], project["cost"]),
            project["state"] == "withdrawn" or project["number"] in withdrawn,
        )
        for project in contest["projects"]
    }
    for project in election.projects:
        known = planned.get(project.id)
        if known is None:
            yield _say("project-not-frozen", project=project.id)
        elif known[1] != project.withdrawn:
            yield _say("withdrawn-otherwise", project=project.id)
        elif not project.withdrawn and known[0] != project.cost:
            yield _say("frozen-cost", project=project.id)
    if set(planned) - set(election.position):
        yield _say("frozen-missing")
    if budget + record["moved_in"] != election.budget:
        yield _say("frozen-budget")
    yield from _undeclared(contest, costs, budget, record)


def _decided(
    contest: Document, frozen: list[tuple[str, Document]], record: Document
) -> tuple[dict[int, int], int, set[int]]:
    """Give costs by number, the budget and withdrawn numbers as the addenda leave them."""
    costs: dict[int, int] = {}
    withdrawn: set[int] = set()
    budget: int = contest["budget"]
    here = (record["contest"]["scope"], record["contest"]["slug"])
    for _sha256, addendum in frozen[1:]:
        match addendum.get("kind"):
            case "withdrawal":
                withdrawn.add(addendum["project"])
            case "cost":
                costs[addendum["project"]] = addendum["cost"]
            case "budget" if (addendum["scope"], addendum["contest"]) == here:
                budget = addendum["budget"]
    return costs, budget, withdrawn


def _undeclared(
    contest: Document, costs: Mapping[int, int], budget: int, record: Document
) -> Iterator[str]:
    """Compare the changes before the count that the record tells with those of the addenda."""
    codes = {project["number"]: project["code"] for project in contest["projects"]}
    added = {codes[number]: cost for number, cost in costs.items() if number in codes}
    told: dict[str, int] = {}
    told_budget = contest["budget"]
    for decision in record["overrides"]:
        if decision["kind"] == "cost":
            told[decision["project"]] = decision["amount"]
        elif decision["kind"] == "budget":
            told_budget = decision["amount"]
    if told != added:
        yield _say("undeclared-cost")
    if told_budget != budget:
        yield _say("undeclared-budget")


def _check_award(record: Document, outcome: Outcome) -> Iterator[Finding]:
    """Compare what the record says beside its outcome: totals, funded projects, votes."""
    funded = {project["id"] for project in record["projects"] if project["funded"]}
    if funded != set(outcome.winners):
        names = ", ".join(sorted(funded ^ set(outcome.winners)))
        yield _differs("award", _say("not-in-both", names=names))
    for project in record["projects"]:
        if project["votes"] != outcome.votes[project["id"]]:
            yield _differs("votes", _say("other-votes", project=project["id"]))
    if (record["ballots"], record["cost"]) != (outcome.ballots, outcome.cost):
        yield _differs("totals", _say("other-totals"))


def compare_outcomes(
    told: Mapping[str, Any], found: Mapping[str, Any], names: Mapping[str, str]
) -> Iterator[Finding]:
    """Compare a recorded outcome with a recomputed one, step by step; then all the rest.

    Both as :meth:`Outcome.to_json` gives them, `names` are titles by project id. After the first
    step that differs the later ones follow from it and are not told.
    """
    steps = zip_longest(told["trace"], found["trace"])
    for number, (one, other) in enumerate(steps, start=1):
        detail = _step_difference(one, other, names)
        if detail:
            yield Finding(Verdict.DIFFERS, _say("step", number=number), detail)
            break
        funds = _say("funds", project=names.get(one["project"], one["project"]))
        yield Finding(Verdict.AGREES, _say("step", number=number), funds)
    rest = [name for name in told if name not in ("trace", "votes", "not_funded", "rule")]
    for name in rest:
        # A later version may tell more than the record, never something else.
        if name != "currency" and told[name] != found.get(name):
            detail = _both(name, told[name], found.get(name))
            yield Finding(Verdict.DIFFERS, _figure(name), detail)
    for project, votes in told["votes"].items():
        if found["votes"].get(project) != votes:
            yield _differs(
                "votes",
                _say(
                    "votes-differ",
                    project=project,
                    told=votes,
                    found=found["votes"].get(project),
                ),
            )
    yield from _reasons(told["not_funded"], found["not_funded"])


def _step_difference(
    told: Document | None, found: Document | None, names: Mapping[str, str]
) -> str:
    """Say how two steps differ; empty where they do not."""
    if told is None or found is None:
        more = told or found or {}
        key = "only-record" if found is None else "only-recount"
        return _say(key, project=names.get(more["project"], more["project"]))
    if told["project"] != found["project"]:
        one, other = (names.get(step["project"], step["project"]) for step in (told, found))
        return _say("funds-other", one=one, other=other)
    for name, value in told.items():
        if name in FILLED_IN and not value:
            continue
        if found.get(name) != value:
            return f"{_figure(name)}: {_both(name, value, found.get(name))}"
    return ""


def _figure(name: str) -> str:
    return tell(FIGURES, name) if name in FIGURES else name


MONEY = frozenset(
    ("budget", "cost", "had", "left", "missing", "payment", "per_ballot", "remaining", "time")
)


def _both(name: str, told: Any, found: Any) -> str:
    if isinstance(told, (dict, list)) or isinstance(found, (dict, list)):
        return _say("details-differ")
    one, other = _plain(name, told), _plain(name, found)
    if one == other:
        return _say("fraction-differs", one=one)
    return _say("recorded", one=one, other=other)


def _plain(name: str, value: Any) -> str:
    """Write a figure with two decimals, money in whole units of the currency."""
    if value is None:
        return _say("nothing")
    try:
        exact = Fraction(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return str(value)
    if name in MONEY:
        exact /= 100
    elif exact.denominator == 1:
        return str(exact)
    return f"{float(exact):.2f}"


def _reason_difference(told: Document | None, found: Document | None) -> str:
    if told is None or found is None:
        return _say("not-funded-record" if found is None else "not-funded-recount")
    for name in [*told, *found]:
        if told.get(name) != found.get(name):
            return f"{_figure(name)}: {_both(name, told.get(name), found.get(name))}"
    return _say("details-differ")


def _reasons(told: list[Document], found: list[Document]) -> Iterator[Finding]:
    recomputed = {item["project"]: item for item in found}
    recorded = {item["project"]: item for item in told}
    for project in sorted(recorded.keys() | recomputed.keys()):
        one, other = recorded.get(project), recomputed.get(project)
        if one != other:
            difference = _reason_difference(one, other)
            detail = _say("not-funded-project", project=project, difference=difference)
            yield _differs("not-funded", detail)
    if recorded == recomputed:
        yield _agrees("not-funded", _say("same-reasons", number=len(told)))
