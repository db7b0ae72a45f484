"""Kits of a vote of this city that lie: each lie is named, whatever else was made to fit it."""

import hashlib
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from budgeting import recording
from budgeting.counting import count_contest
from budgeting.draws import draw_for
from budgeting.tally import recounting
from budgeting.tally.kit_archive import open_kit
from budgeting.tally.kit_files import (
    BALLOTS,
    CHECKSUMS,
    COMMITMENTS,
    HEADS,
    RECORD,
    RULE,
    checksum_lines,
    frozen_name,
)
from budgeting.tally.recounting import KitError, Verdict, check_kit, compare_outcomes

from .elections import import_small
from .kits import Files, counts_of, files_of, forged, in_json, packed, write
from .living import withdraw
from .test_draws import SEED, sealed_round
from .test_overrides import (
    another_budget,
    another_cost,
    closed_contest,
    count_it,
    decide,
    seal,
)

pytestmark = pytest.mark.django_db
FROZEN, ADDENDUM = frozen_name(0), frozen_name(1)
NOWHERE = "0" * 64

_made: dict[str, Files] = {}


def changed_vote() -> Files:
    """Give the kit of a vote before whose count cost, budget and a project were changed."""
    contest = closed_contest()
    round_ = contest.scope.round
    decide(round_, another_cost(contest, 123_00))
    decide(round_, another_budget(contest, contest.budget - 1))
    withdraw(contest, 4)
    seal(contest)
    return files_of(count_it(contest))


def drawn_vote() -> Files:
    """Give the kit of a vote whose projects, all chosen equally often, were drawn."""
    contest = sealed_round([[1], [2], [3], [4]] * 5)
    count = count_contest(contest=contest, draw=draw_for(contest, SEED))
    recording.make_record(count)
    return files_of(count)


@pytest.fixture
def kit():
    """Make a kit once and give its files: they are only bytes."""

    def files(make=changed_vote):
        if make.__name__ not in _made:
            _made[make.__name__] = make()
        return dict(_made[make.__name__])

    return files


def resealed(files: Files) -> Files:
    """Correct the checksums, and nothing that the record says."""
    hashes = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name != CHECKSUMS
    }
    return files | {CHECKSUMS: checksum_lines(hashes).encode()}


def without(files: Files, *names: str) -> Files:
    return resealed({name: content for name, content in files.items() if name not in names})


def differences(folder: Path, files: Files) -> set[tuple[str, str]]:
    found = check_kit(open_kit(Path(write(folder, packed(files)))))
    return {(each.what, each.detail) for each in found if each.verdict is Verdict.DIFFERS}


def tells(found: set[tuple[str, str]], what: str, words: str) -> bool:
    return any(one == what and words in detail for one, detail in found)


def test_the_kits_agree_as_they_are(tmp_path, kit):
    for make in (changed_vote, drawn_vote):
        assert differences(tmp_path, kit(make)) == set()


def lines(change):
    """Make a change of the lines of a file one of its bytes."""
    return lambda content: b"".join(change(content.splitlines(keepends=True)))


def contest_of(rules):
    return rules["scopes"][0]["contests"][0]


def project_in(rules, number=1):
    return next(each for each in contest_of(rules)["projects"] if each["number"] == number)


def first_step(record):
    return record["outcome"]["trace"][0]


def hide(record, kind):
    record["overrides"] = [each for each in record["overrides"] if each["kind"] != kind]


LIES = {
    # The ballot box
    "another commitment": (
        COMMITMENTS,
        lambda text: (b"1" if text[:1] == b"0" else b"0") + text[1:],
        ("ballot box", "does not follow from the list"),
    ),
    "a commitment more": (
        COMMITMENTS,
        lambda text: text + b"f" * 64 + b"\n",
        ("ballot box", "does not follow from the list"),
    ),
    "a commitment less": (
        COMMITMENTS,
        lines(lambda all_of_them: all_of_them[:-1]),
        ("ballot box", "does not follow from the list"),
    ),
    "a commitment that is too short": (
        COMMITMENTS,
        lambda text: b"0" + text[2:],
        ("ballot box", "line 1 is no commitment"),
    ),
    "a commitment that is no number": (
        COMMITMENTS,
        lambda text: b"x" + text[1:],
        ("ballot box", "line 1 is no commitment"),
    ),
    "a last commitment without its end": (
        COMMITMENTS,
        lambda text: text[:-1],
        ("ballot box", "is no commitment"),
    ),
    "checkpoints of other rules": (
        HEADS,
        in_json(lambda heads: heads.update(rules_sha256=NOWHERE)),
        ("ballot box", "name other rules"),
    ),
    "another last head": (
        RECORD,
        in_json(lambda record: record["head"].update(head=NOWHERE)),
        ("ballot box", "another last head"),
    ),
    "no last head": (
        RECORD,
        in_json(lambda record: record.update(head=None)),
        ("ballot box", "another last head"),
    ),
    "more commitments than the box has": (
        RECORD,
        in_json(lambda record: record["totals"].update(commitments=99)),
        ("ballot box", "another number of commitments"),
    ),
    "ballots that came from nowhere": (
        RECORD,
        in_json(lambda record: record["totals"].update(counted=99)),
        ("ballot box", "do not add up"),
    ),
    # What was frozen
    "no frozen rules": (
        RECORD,
        in_json(lambda record: record.update(frozen=[])),
        ("frozen rules", "rules that are not in the kit"),
    ),
    "rules changed after they were frozen": (
        FROZEN,
        in_json(lambda rules: contest_of(rules).update(budget=1)),
        ("frozen rules", "the hash that the record repeats"),
    ),
    "rules of another round": (
        FROZEN,
        in_json(lambda rules: rules["round"].update(slug="another")),
        ("frozen rules", "of another round"),
    ),
    "an addendum that follows no document": (
        ADDENDUM,
        in_json(lambda addendum: addendum.update(previous_sha256=NOWHERE)),
        ("frozen rules", "addendum 1 does not follow"),
    ),
    "an addendum out of its order": (
        ADDENDUM,
        in_json(lambda addendum: addendum.update(number=2)),
        ("frozen rules", "addendum 1 does not follow"),
    ),
    "an addendum of another hash": (
        RECORD,
        in_json(lambda record: record["frozen"][1].update(sha256=NOWHERE)),
        ("frozen rules", "other hashes of addenda"),
    ),
    # The rule
    "another rule": (
        RULE,
        in_json(lambda rule: rule["rule"].update(method="equalshares")),
        ("rule", "rule.json and record.json name different rules"),
    ),
    "another rule than frozen": (
        FROZEN,
        in_json(lambda rules: rules["scopes"][0]["award_rule"].update(method="equalshares")),
        ("rule", "not the rule that was frozen"),
    ),
    "a frozen rule that nobody knows": (
        FROZEN,
        in_json(lambda rules: rules["scopes"][0]["award_rule"].update(method="borda")),
        ("rule", "cannot be read"),
    ),
    "projects that excluded each other": (
        FROZEN,
        in_json(lambda rules: project_in(rules).update(rivals=[2])),
        ("rule", "exclude each other"),
    ),
    # Projects and budget
    "a frozen project that is not counted": (
        FROZEN,
        in_json(
            lambda rules: contest_of(rules)["projects"].append(
                project_in(rules) | {"number": 99, "code": "99"}
            )
        ),
        ("projects and budget", "projects that were frozen are missing"),
    ),
    "a counted project that was not frozen": (
        FROZEN,
        in_json(lambda rules: project_in(rules, 2).update(code="99")),
        ("projects and budget", "was not frozen"),
    ),
    "a project withdrawn by nobody": (
        FROZEN,
        in_json(lambda rules: project_in(rules, 2).update(state="withdrawn")),
        ("projects and budget", "withdrawn or not"),
    ),
    "another cost than frozen": (
        FROZEN,
        in_json(lambda rules: project_in(rules, 2).update(cost=1)),
        ("projects and budget", "another cost was frozen"),
    ),
    "a cost that two people did not decide": (
        ADDENDUM,
        in_json(lambda addendum: addendum.update(cost=124_00)),
        ("projects and budget", "another cost was frozen, or decided"),
    ),
    "a budget that two people did not decide": (
        frozen_name(2),
        in_json(lambda addendum: addendum.update(budget=1)),
        ("projects and budget", "another budget was frozen, or decided"),
    ),
    "a budget decided for another contest": (
        frozen_name(2),
        in_json(lambda addendum: addendum.update(contest="another")),
        ("projects and budget", "another budget was frozen, or decided"),
    ),
    "a changed cost that the record hides": (
        RECORD,
        in_json(lambda record: hide(record, "cost")),
        ("projects and budget", "other changed costs"),
    ),
    "a changed budget that the record hides": (
        RECORD,
        in_json(lambda record: hide(record, "budget")),
        ("projects and budget", "another changed budget"),
    ),
    "a project that the record leaves out": (
        RECORD,
        in_json(lambda record: record["projects"].pop()),
        ("projects and budget", "only in one of"),
    ),
    "another cost in the record": (
        RECORD,
        in_json(lambda record: record["projects"][0].update(cost=1)),
        ("projects and budget", "the record names another cost"),
    ),
    # The count
    "a step of another kind": (
        RECORD,
        in_json(lambda record: first_step(record).update(votes=[1])),
        ("step 1", "differ in its details"),
    ),
    "a step with a figure left out": (
        RECORD,
        in_json(lambda record: first_step(record).update(left=None)),
        ("step 1", "recorded nothing, recomputed"),
    ),
    "a step with words for a figure": (
        RECORD,
        in_json(lambda record: first_step(record).update(left="plenty")),
        ("step 1", "recorded plenty, recomputed"),
    ),
    "a step too many": (
        RECORD,
        in_json(lambda record: record["outcome"]["trace"].append(first_step(record))),
        ("step", "only the record funds"),
    ),
    "a reason for a project that has none": (
        RECORD,
        in_json(
            lambda record: record["outcome"]["not_funded"].append(
                {"project": first_step(record)["project"], "reason": "did-not-fit"}
            )
        ),
        ("not funded", "not funded only in the record"),
    ),
    "an empty figure in a reason": (
        RECORD,
        in_json(lambda record: record["outcome"]["not_funded"][0].update(invented=None)),
        ("not funded", "differ in its details"),
    ),
    "a project without its reason": (
        RECORD,
        in_json(lambda record: record["outcome"]["not_funded"].pop()),
        ("not funded", "not funded only in the recount"),
    ),
}


@pytest.mark.parametrize(("name", "change", "told"), LIES.values(), ids=LIES)
def test_a_lie_is_named(tmp_path, kit, name, change, told):
    found = differences(tmp_path, forged(kit(), name, change))
    what, words = told
    assert any(one.startswith(what) and words in detail for one, detail in found), found


def test_a_record_cannot_name_files_that_are_not_there_or_not_those(tmp_path, kit):
    def change(record):
        record["inputs"][0].update(name="ballots-2.pb")
        record["inputs"][1].update(sha256=NOWHERE)

    found = differences(tmp_path, resealed(kit() | {RECORD: in_json(change)(kit()[RECORD])}))
    names = [each["name"] for each in json.loads(kit()[RECORD])["inputs"]]
    assert tells(found, "inputs", "the record names ballots-2.pb, which is not in the kit")
    assert tells(found, "inputs", f"{names[1]} is not the file that the record names")


def test_ballots_are_either_published_or_said_to_be_secret(tmp_path, kit):
    secret = in_json(lambda record: record.update(totals_only=True))(kit()[RECORD])
    hidden = without(kit(), BALLOTS)
    for files in (resealed(kit() | {RECORD: secret}), hidden):
        assert tells(differences(tmp_path, files), "inputs", "although secret")


def test_a_ballot_box_cannot_be_left_out(tmp_path, kit):
    files = without(kit(), HEADS, COMMITMENTS)
    assert tells(differences(tmp_path, files), "ballot box", "heads.json is not there")


def test_few_ballots_stay_secret_and_the_kit_says_so_without_a_difference(tmp_path, kit):
    def change(record):
        record["totals_only"] = True
        record["inputs"] = [each for each in record["inputs"] if each["name"] != BALLOTS]

    files = without(kit() | {RECORD: in_json(change)(kit()[RECORD])}, BALLOTS)
    found = list(check_kit(open_kit(Path(write(tmp_path, packed(files))))))
    assert [each.what for each in found if each.verdict is Verdict.NOT_POSSIBLE] == ["count"]
    assert not [each for each in found if each.verdict is Verdict.DIFFERS]


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        (
            RULE,
            in_json(lambda rule: rule["draw"].update(seed="1")),
            "rule.json and record.json name different draws",
        ),
        (
            FROZEN,
            in_json(lambda rules: contest_of(rules)["draw"].update(round="another")),
            "the names beside the seed",
        ),
    ],
)
def test_a_draw_is_made_with_the_published_seed_and_the_frozen_names(
    tmp_path, kit, name, change, words
):
    found = differences(tmp_path, forged(kit(drawn_vote), name, change))
    assert tells(found, "rule", words)


REFUSED = {
    "a rule that no election has": (
        lambda files: forged(files, RULE, in_json(lambda rule: rule["rule"].update(areas="x"))),
        "rule.json: areas cannot be 'x'",
    ),
    "a frozen document is not there": (
        lambda files: without(files, ADDENDUM),
        "frozen/rules-1.json is missing",
    ),
    "a frozen document is not JSON": (
        lambda files: forged(files, ADDENDUM, lambda text: b"{"),
        "frozen/rules-1.json is not JSON",
    ),
    "the frozen rules know nothing of the contest": (
        lambda files: forged(
            files, FROZEN, in_json(lambda rules: contest_of(rules).update(slug="another"))
        ),
        "do not name this contest",
    ),
    "checkpoints of another format": (
        lambda files: forged(files, HEADS, in_json(lambda heads: heads.update(format="rione-1"))),
        "heads.json is not of the format",
    ),
    "a rule file that contradicts itself": (
        lambda files: forged(files, RULE, in_json(lambda rule: rule.update(scale="two"))),
        "rule.json: ",
    ),
    "a line of the checksums is none": (
        lambda files: files | {CHECKSUMS: b"?\n"},
        "SHA256SUMS: line 1 is no checksum",
    ),
    "a file with two checksums": (
        lambda files: files | {CHECKSUMS: files[CHECKSUMS] + files[CHECKSUMS]},
        "is no checksum",
    ),
    "checksums that are no text": (lambda files: files | {CHECKSUMS: b"\xff\n"}, "SHA256SUMS: "),
}


@pytest.mark.parametrize(("change", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_checked_is_refused_with_what_to_do(tmp_path, kit, change, words):
    with pytest.raises(KitError, match=words) as refused:
        differences(tmp_path, change(kit()))
    assert refused.value.remedy


def test_the_recount_does_not_believe_its_own_count_either(tmp_path, kit, monkeypatch):
    """A program whose count has a fault must not say that everything agrees."""
    right = recounting.count

    def faulty(election, rule, *, draw):
        outcome = right(election, rule, draw=draw)
        first, *rest = outcome.trace
        return replace(outcome, trace=(replace(first, left=first.left + 1), *rest))

    monkeypatch.setattr(recounting, "count", faulty)
    found = differences(tmp_path, kit())
    assert tells(found, "replay", "step 1, left: told")


def test_a_difference_too_small_to_show_is_a_difference(tmp_path):
    files = files_of(
        counts_of(
            import_small(
                tmp_path, rule="equalshares/add1", ballots=["A,B", "A", "A,C", "B", "D,C"] * 4
            )
        )[0]
    )
    told = json.loads(files[RECORD])["outcome"]
    lie = json.loads(json.dumps(told))
    payment = Fraction(lie["trace"][0]["payment"]) + Fraction(1, 10**9)
    lie["trace"][0]["payment"] = f"{payment.numerator}/{payment.denominator}"
    found = [each for each in compare_outcomes(lie, told, {}) if each.verdict is Verdict.DIFFERS]
    assert found[0].detail.endswith("recomputed the same but for a fraction too small to show")
