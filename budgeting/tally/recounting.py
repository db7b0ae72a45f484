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
from .messages import PabulibError
from .outcome import Outcome
from .pabulib_reader import read_election
from .replaying import FILLED_IN, detailed, replay
from .rules import Areas, Rule, RuleError
from .ties import Draw, UndecidedTieError

Document = dict[str, Any]


class KitError(Exception):
    """A kit that cannot be checked: ``remedy`` says what to do."""

    def __init__(self, message: str, remedy: str = "Download the kit again.") -> None:
        super().__init__(message)
        self.remedy = remedy


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
    return Finding(Verdict.AGREES, what, detail)


def _differs(what: str, detail: str) -> Finding:
    return Finding(Verdict.DIFFERS, what, detail)


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
        raise KitError(f"a document of the kit lacks something: {error!r}") from error


# --- files --------------------------------------------------------------------------------------


def _check_packing(kit: Kit) -> Iterator[Finding]:
    what = "archive"
    for name in kit.damaged:
        yield _differs(what, f"{name} is not the file that was packed: some of its bytes changed")
    if kit.packing is Packing.DAMAGED and not kit.damaged:
        yield _differs(what, "bytes around its files are not as they were published")
    elif kit.packing is Packing.REPACKED:
        yield Finding(
            Verdict.NOT_POSSIBLE,
            what,
            "packed again by another program, so its own SHA-256 says nothing; its files are "
            "compared one by one",
        )


def _check_files(kit: Kit) -> Iterator[Finding]:
    for name in NEEDED:
        if name not in kit.names:
            raise KitError(f"{name} is missing")
    for name in kit.names:
        if not KNOWN.fullmatch(name):
            raise KitError(f"{name} does not belong to a kit")
    try:
        listed = read_checksums(kit.read(CHECKSUMS).decode("ascii"))
    except ValueError as error:
        raise KitError(f"{CHECKSUMS}: {error}") from error
    present = set(kit.names) - {CHECKSUMS}
    if missing := sorted(set(listed) - present):
        raise KitError(f"missing: {', '.join(missing)}")
    if extra := sorted(present - set(listed)):
        raise KitError(f"without a checksum: {', '.join(extra)}")
    wrong = [name for name, digest in listed.items() if sha256_of(kit.pieces(name)) != digest]
    if wrong:
        for name in wrong:
            yield _differs("checksums", f"{name} is not the file that was published")
    else:
        yield _agrees("checksums", f"{len(listed)} files are as they were published")


def _document(kit: Kit, name: str, form: str) -> Document:
    try:
        document = json.loads(kit.read(name))
    except ValueError as error:
        raise KitError(f"{name} is not JSON: {error}") from error
    if not isinstance(document, dict) or document.get("format") != form:
        raise KitError(f"{name} is not of the format {form}", "Use a newer rione-recount.")
    return document


def _check_inputs(kit: Kit, record: Document) -> Iterator[Finding]:
    for each in record["inputs"]:
        name = each["name"]
        if name not in kit.names:
            yield _differs("inputs", f"the record names {name}, which is not in the kit")
        elif sha256_of(kit.pieces(name)) != each["sha256"]:
            yield _differs("inputs", f"{name} is not the file that the record names")
    secret = record["totals_only"]
    if secret == (BALLOTS in kit.names):
        yield _differs("inputs", f"{BALLOTS} is there although secret, or not there although not")


# --- ballot box ---------------------------------------------------------------------------------


def _check_box(kit: Kit, record: Document) -> Iterator[Finding]:
    if HEADS not in kit.names:
        if record["head"] is not None:
            yield _differs("ballot box", f"{HEADS} is not there")
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
        yield _differs("ballot box", "its checkpoints name other rules than the record")
    try:
        with kit.open(COMMITMENTS) as lines:
            chain = recompute_chain(
                links, read_commitments(lines), rules_hash=bytes.fromhex(heads["rules_sha256"])
            )
    except (ChainBrokenError, ValueError) as error:
        yield _differs("ballot box", str(error))
        return
    head = record["head"]
    told = head and (head["number"], head["commitments"], head["head"])
    if told != (chain.checkpoints, chain.commitments, chain.head.hex()):
        yield _differs("ballot box", "the record names another last head")
    totals = record["totals"]
    if totals and totals["commitments"] != chain.commitments:
        yield _differs("ballot box", "the record names another number of commitments")
    if totals and totals["commitments"] != (
        totals["replaced"] + totals["annulled"] + totals["counted"]
    ):
        yield _differs("ballot box", "replaced, annulled and counted do not add up")
    yield _agrees(
        "ballot box",
        f"{chain.checkpoints} checkpoints follow from {chain.commitments} commitments; last head "
        f"{chain.head.hex()}",
    )


# --- frozen rules -------------------------------------------------------------------------------


def _frozen_documents(kit: Kit, record: Document) -> Iterator[tuple[str, Document]]:
    """Yield the SHA-256 and the content of the frozen rules and their addenda, in order."""
    for each in record["frozen"]:
        name = frozen_name(each["number"])
        if name not in kit.names:
            raise KitError(f"{name} is missing")
        content = kit.read(name)
        try:
            yield hashlib.sha256(content).hexdigest(), json.loads(content)
        except ValueError as error:
            raise KitError(f"{name} is not JSON: {error}") from error


def _check_frozen(frozen: list[tuple[str, Document]], record: Document) -> Iterator[Finding]:
    if not frozen:
        if record["rules_sha256"] is not None:
            yield _differs("frozen rules", "the record names rules that are not in the kit")
        return
    what = "frozen rules"
    digest, rules = frozen[0]
    wrong = []
    if digest != record["rules_sha256"]:
        wrong.append("they do not have the hash that the record repeats")
    previous = digest
    for number, (sha256, addendum) in enumerate(frozen[1:], start=1):
        if addendum.get("number") != number or addendum.get("previous_sha256") != previous:
            wrong.append(f"addendum {number} does not follow the document before it")
        previous = sha256
    if [each["sha256"] for each in record["frozen"]] != [sha256 for sha256, _rules in frozen]:
        wrong.append("the record names other hashes of addenda")
    if rules["round"]["slug"] != record["round"]["slug"]:
        wrong.append("they are of another round")
    yield from (_differs(what, detail) for detail in wrong)
    if not wrong:
        yield _agrees(what, f"SHA-256 {digest}, with {len(frozen) - 1} addenda")


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
    raise KitError("the frozen rules do not name this contest")


def _check_rule(
    plain: Document, record: Document, frozen: list[tuple[str, Document]]
) -> Iterator[Finding]:
    what = "rule"
    wrong = []
    if plain["rule"] != record["rule"]:
        wrong.append(f"{RULE} and {RECORD} name different rules")
    drawn = record["draw"]
    told = drawn and {name: drawn[name] for name in ("seed", "round", "contest")}
    if plain["draw"] != told:
        wrong.append(f"{RULE} and {RECORD} name different draws")
    found = _frozen_contest(frozen, record)
    if found is not None:
        scope, contest = found
        try:
            planned = Rule.from_json(scope["award_rule"])
            # Each contest is an area of its scope, and counted as a whole.
            if replace(planned, areas=Areas.NONE) != Rule.from_json(plain["rule"]):
                wrong.append("it is not the rule that was frozen")
        except RuleError as error:
            wrong.append(f"it cannot be read: {error}")
        if told and {**contest["draw"], "seed": told["seed"]} != told:
            wrong.append("the names beside the seed are not those that were frozen")
        codes = {project["number"]: project["code"] for project in contest["projects"]}
        pairs = {
            tuple(sorted((project["code"], codes[rival])))
            for project in contest["projects"]
            for rival in project["rivals"]
            if rival in codes
        }
        if pairs != {tuple(pair) for pair in plain["conflicts"]}:
            wrong.append("the projects that exclude each other are not those that were frozen")
    yield from (_differs(what, detail) for detail in wrong)
    if not wrong:
        source = "as frozen before the vote" if found else "as the record names it"
        yield _agrees(what, f"{plain['rule']['method']}, {source}")


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
            "count",
            "fewer than ten people voted, so the ballots are not published and the award cannot be "
            "computed again; what is above was checked",
        )
        return
    if BALLOTS not in kit.names:
        return  # already said
    election = _election(kit, plain)
    yield from _check_projects(election, record, frozen)
    try:
        rule = Rule.from_json(plain["rule"])
        draw = Draw(**plain["draw"]) if plain["draw"] else None
        outcome = count(election, rule, draw=draw)
    except (RuleError, UndecidedTieError, ValueError) as error:
        yield _differs("count", f"it cannot be made: {error}")
        return
    if inputs_sha256(election, rule, draw) != record["inputs_sha256"]:
        yield _differs("inputs", "the ballots file does not hold what was counted")
    told = record["outcome"]
    if any(step.get(name) for step in told["trace"] for name in FILLED_IN):
        outcome = detailed(election, outcome)
    names = {
        project["id"]: f"{project['number']} {_title(project)}" for project in record["projects"]
    }
    yield from compare_outcomes(told, outcome.to_json(), names)
    yield from _check_award(record, outcome)
    replayed = replay(election, outcome)
    for each in replayed.disagreements:
        yield _differs(
            "replay", f"step {each.step}, {each.field}: told {each.told}, found {each.found}"
        )
    if replayed.agrees:
        yield _agrees("replay", f"{replayed.steps} steps, done again in a plain second way")


def _title(project: Document) -> str:
    return next((text for text in project["title"].values() if text), "")


def _election(kit: Kit, plain: Document) -> Election:
    try:
        with kit.open(BALLOTS) as lines:
            election = read_election(lines).election
        areas = tuple((name, budget) for name, budget in plain["areas"])
        return replace(
            election.rescaled(plain["scale"]),
            conflicts=frozenset(frozenset(pair) for pair in plain["conflicts"]),
            areas=areas,
        )
    except (PabulibError, ElectionError) as error:
        raise KitError(f"{BALLOTS}: {error}") from error


def _check_projects(
    election: Election, record: Document, frozen: list[tuple[str, Document]]
) -> Iterator[Finding]:
    """Compare the projects and the budget of the ballots file with the record and the rules."""
    what = "projects and budget"
    found = {project.id: (project.cost, project.withdrawn) for project in election.projects}
    told = {project["id"]: project for project in record["projects"]}
    wrong = [
        f"project {code}: only in one of {BALLOTS}, {RECORD}" for code in set(found) ^ set(told)
    ]
    for code, (cost, withdrawn) in found.items():
        if code in told and not withdrawn and told[code]["cost"] != cost:
            wrong.append(f"project {code}: the record names another cost")
    if election.budget != record["budget"]:
        wrong.append("the record names another budget")
    contest = _frozen_contest(frozen, record)
    if contest is not None:
        wrong += _unlike_frozen(election, contest[1], frozen, record)
    yield from (_differs(what, detail) for detail in sorted(wrong))
    if not wrong:
        source = "as frozen" if contest else "as the record names them"
        yield _agrees(what, f"{len(found)} projects, {source}")


def _unlike_frozen(
    election: Election,
    contest: Document,
    frozen: list[tuple[str, Document]],
    record: Document,
) -> Iterator[str]:
    withdrawn = {
        addendum["project"]
        for _sha256, addendum in frozen[1:]
        if addendum.get("kind") == "withdrawal"
    }
    planned = {
        project["code"]: (
            project["cost"],
            project["state"] == "withdrawn" or project["number"] in withdrawn,
        )
        for project in contest["projects"]
    }
    for project in election.projects:
        known = planned.get(project.id)
        if known is None:
            yield f"project {project.id} was not frozen"
        elif known[1] != project.withdrawn:
            yield f"project {project.id}: withdrawn or not, other than frozen and added"
        elif not project.withdrawn and known[0] != project.cost:
            yield f"project {project.id} was frozen with another cost"
    if set(planned) - set(election.position):
        yield "projects that were frozen are missing"
    if contest["budget"] + record["moved_in"] != election.budget:
        yield "another budget was frozen"


def _check_award(record: Document, outcome: Outcome) -> Iterator[Finding]:
    """Compare what the record says beside its outcome: totals, funded projects, votes."""
    funded = {project["id"] for project in record["projects"] if project["funded"]}
    if funded != set(outcome.winners):
        names = ", ".join(sorted(funded ^ set(outcome.winners)))
        yield _differs("award", f"funded in the record or in the recount, but not in both: {names}")
    for project in record["projects"]:
        if project["votes"] != outcome.votes[project["id"]]:
            yield _differs("votes", f"project {project['id']}: the record names other votes")
    if (record["ballots"], record["cost"]) != (outcome.ballots, outcome.cost):
        yield _differs("totals", "the record names another number of ballots or another cost")


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
            yield _differs(f"step {number}", detail)
            break
        yield _agrees(f"step {number}", f"funds {names.get(one['project'], one['project'])}")
    rest = [name for name in told if name not in ("trace", "votes", "not_funded", "rule")]
    for name in rest:
        # A later version may tell more than the record, never something else.
        if name != "currency" and told[name] != found.get(name):
            yield _differs(name, _both(name, told[name], found.get(name)))
    for project, votes in told["votes"].items():
        if found["votes"].get(project) != votes:
            yield _differs(
                "votes",
                f"project {project}: recorded {votes}, recomputed {found['votes'].get(project)}",
            )
    yield from _reasons(told["not_funded"], found["not_funded"])


def _step_difference(
    told: Document | None, found: Document | None, names: Mapping[str, str]
) -> str:
    """Say how two steps differ; empty where they do not."""
    if told is None or found is None:
        more = told or found or {}
        who = "the record" if found is None else "the recount"
        return f"only {who} funds {names.get(more['project'], more['project'])}"
    if told["project"] != found["project"]:
        one, other = (names.get(step["project"], step["project"]) for step in (told, found))
        return f"the record funds {one}, the recount {other}"
    for name, value in told.items():
        if name in FILLED_IN and not value:
            continue
        if found.get(name) != value:
            return f"{WORDS.get(name, name)}: {_both(name, value, found.get(name))}"
    return ""


WORDS = {
    "cost": "its cost",
    "votes": "its votes",
    "supporters": "the ballots that pay",
    "payment": "what each ballot pays at most",
    "capped": "the ballots that gave all they had",
    "effective_votes": "its effective votes",
    "rho": "what each ballot pays for one vote of effect",
    "payers": "who pays how much",
    "dropped": "the projects that could no longer be paid for",
    "runner_up": "the next best project",
    "remaining": "what was left",
    "missing": "what was missing",
    "had": "what its supporters had",
    "per_ballot": "what each ballot owned",
    "needed": "the votes it needed",
    "time": "the money of each ballot by then",
    "reason": "the reason",
    "tie": "how equal projects were told apart",
}
"""Names of figures in words; the others tell what they are."""

MONEY = frozenset(
    ("budget", "cost", "had", "left", "missing", "payment", "per_ballot", "remaining", "time")
)


def _both(name: str, told: Any, found: Any) -> str:
    if isinstance(told, (dict, list)) or isinstance(found, (dict, list)):
        return "the record and the recount differ in its details"
    one, other = _plain(name, told), _plain(name, found)
    if one == other:
        return f"recorded {one}, recomputed the same but for a fraction too small to show"
    return f"recorded {one}, recomputed {other}"


def _plain(name: str, value: Any) -> str:
    """Write a figure with two decimals, money in whole units of the currency."""
    if value is None:
        return "nothing"
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
        return f"not funded only in the {'record' if found is None else 'recount'}"
    for name in [*told, *found]:
        if told.get(name) != found.get(name):
            return f"{WORDS.get(name, name)}: {_both(name, told.get(name), found.get(name))}"
    return ""


def _reasons(told: list[Document], found: list[Document]) -> Iterator[Finding]:
    recomputed = {item["project"]: item for item in found}
    recorded = {item["project"]: item for item in told}
    for project in sorted(recorded.keys() | recomputed.keys()):
        one, other = recorded.get(project), recomputed.get(project)
        if one != other:
            yield _differs("not funded", f"project {project}: {_reason_difference(one, other)}")
    if recorded == recomputed:
        yield _agrees("not funded", f"{len(told)} projects, for the same reasons")
