"""The recount kit: whole, agreeing with itself, and giving away whatever was changed in it."""

import io
import json
import os
import random
import re
import shlex
import subprocess
import sys
import zipfile

import pytest

from budgeting import past_rounds, recording
from budgeting.counting import count_contest
from budgeting.draws import draw_for
from budgeting.importing import SourceFile, import_round
from budgeting.models import Round
from budgeting.tally import cli as tally_cli
from budgeting.tally import recount_cli
from budgeting.tally.console import CLOSED

from .elections import KNOWN, import_real, import_small, past_elections
from .kits import counts_of, files_of, forged, in_json, kit_of, packed, write
from .test_draws import SEED, sealed_round

pytestmark = pytest.mark.django_db

SHARES = {
    "rule": "equalshares/add1",
    "ballots": ["A,B", "A", "A,C", "B", "D,C"] * 4,
}


def recount(folder, content):
    return recount_cli.main([write(folder, content)])


_made: dict[str, bytes] = {}


@pytest.fixture
def files(tmp_path):
    """The files of one kit, made once: they are only bytes."""
    if not _made:
        _made.update(files_of(counts_of(import_small(tmp_path, **SHARES))[0]))
    return dict(_made)


def test_the_kit_of_a_small_vote_agrees(tmp_path, capsys):
    round_ = import_small(tmp_path)
    assert recount(tmp_path, kit_of(counts_of(round_)[0])) == 0
    said = capsys.readouterr().out
    assert "ok  step 1               funds 1 Alberi in piazza" in said
    assert said.endswith("Everything agrees: the recount gives the published result.\n")


@pytest.mark.parametrize("name", KNOWN)
def test_the_kit_of_a_real_vote_agrees(tmp_path, name):
    for count in counts_of(import_real(name)):
        assert recount(tmp_path, kit_of(count)) == 0


def test_the_recount_speaks_italian(tmp_path, capsys, files):
    assert recount_cli.main([write(tmp_path, packed(files)), "--language", "it"]) == 0
    said = capsys.readouterr().out
    assert "ok  somme di controllo" in said
    assert said.endswith("Tutto concorda: il riconteggio dà il risultato pubblicato.\n")
    assert not re.search(r"\b(the|and|funds|project|projects|step|steps)\b", said)
    changed = packed(files | {"README.txt": b"Other words."})
    assert recount_cli.main([write(tmp_path, changed), "--language", "it"]) == 1
    said = capsys.readouterr().out
    assert "NO  somme di controllo   README.txt non è il file pubblicato" in said
    assert "Questo kit NON concorda: 1 cosa qui sopra." in said
    assert recount_cli.main([write(tmp_path, b"PK?"), "--language", "it"]) == 2
    assert "questo non è un archivio ZIP" in capsys.readouterr().err


def test_the_kits_of_the_demonstration_agree(tmp_path):
    past_rounds.load_own_round(say=str)
    counts = [count for round_ in Round.objects.all() for count in counts_of(round_)]
    assert counts
    for count in counts:
        assert recount(tmp_path, kit_of(count)) == 0


@pytest.mark.parametrize(
    ("vote_type", "header", "ballots", "meta"),
    [
        ("choose-1", "voter_id;vote", ["A", "B", "B"] * 5, {}),
        ("ordinal", "voter_id;vote", ["A,B,C", "C,B", "D"] * 5, {}),
        ("ordinal", "voter_id;vote", ["A,B,C", "C,B", "D"] * 5, {"max_length": "3"}),
        ("cumulative", "voter_id;vote;points", ["A,B;2,1", "C;3"] * 6, {"max_sum_points": "3"}),
        ("scoring", "voter_id;vote;points", ["A,B;2,-1", "C;3"] * 6, {"default_score": "1"}),
        ("approval", "voter_id;vote", ["A,B", "", "C"] * 5, {"max_sum_cost": "9000"}),
    ],
)
def test_the_kit_of_every_ballot_type_agrees(tmp_path, vote_type, header, ballots, meta):
    round_ = import_small(tmp_path, vote_type=vote_type, header=header, ballots=ballots, **meta)
    assert recount(tmp_path, kit_of(counts_of(round_)[0])) == 0


def test_the_program_needs_no_django_and_no_database(tmp_path):
    kit = write(tmp_path, kit_of(counts_of(import_small(tmp_path))[0]))
    code = (
        "import sys; from budgeting.tally.recount_cli import main; "
        "code = main(sys.argv[1:]); assert 'django' not in sys.modules; sys.exit(code)"
    )
    run = subprocess.run([sys.executable, "-c", code, kit], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_the_unpacked_folder_agrees_too(tmp_path, files):
    folder = tmp_path / "kit"
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    assert recount_cli.main([str(folder)]) == 0


@pytest.mark.parametrize("readme", ["README.txt", "LEGGIMI.txt"])
def test_the_command_in_the_readme_gives_the_published_outcome(
    monkeypatch, tmp_path, capsys, files, readme
):
    for name in ("ballots.pb", "rule.json"):
        (tmp_path / name).write_bytes(files[name])
    monkeypatch.chdir(tmp_path)
    (command,) = re.findall(r"rione-tally (.+)", files[readme].decode())
    assert tally_cli.main([*shlex.split(command), "--json"]) == 0
    told, published = json.loads(capsys.readouterr().out), json.loads(files["record.json"])
    for name in ("rule", "winners", "cost", "budget", "scale"):
        assert told[name] == published["outcome"][name]


def test_the_kit_has_the_same_bytes_whenever_it_is_asked_for(tmp_path):
    (count,) = counts_of(import_small(tmp_path))
    first = kit_of(count)
    assert first == kit_of(count)
    assert len(first) == recording.kit_size(count)


# Something was changed


def test_a_changed_byte_anywhere_is_found(tmp_path, capsys):
    content = kit_of(counts_of(import_small(tmp_path))[0])
    chance = random.Random(3)
    for _time in range(60):
        changed = bytearray(content)
        place = chance.randrange(len(content))
        changed[place] ^= 1 << chance.randrange(8)
        inside = (
            place < content.index(b"PK\x01\x02")
            and b"PK\x03\x04" not in content[max(0, place - 120) : place + 4]
        )
        code = recount(tmp_path, bytes(changed))
        assert code == 1 if inside else code in (1, 2), place
        said = capsys.readouterr()
        assert ("NO  " in said.out) is (code == 1), place
        assert (said.err != "") is (code == 2), place


def test_a_change_between_the_files_is_found_too(tmp_path, files, capsys):
    content = packed(files)
    second_of_the_time = content.index(b"PK\x01\x02") + 12
    changed = content[:second_of_the_time] + b"\1" + content[second_of_the_time + 1 :]
    assert recount(tmp_path, changed) == 1
    (told,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("NO  ")]
    assert told.startswith("NO  archive ")
    assert "around" in told


def test_asked_to_be_quiet_it_says_only_what_does_not_agree(tmp_path, files, capsys):
    assert recount_cli.main([write(tmp_path, packed(files)), "--quiet"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Everything agrees: the recount gives the published result."
    ]
    assert recount_cli.main([write(tmp_path, repacked(files)), "--quiet"]) == 0
    assert [line[:4] for line in capsys.readouterr().out.splitlines()] == ["--  ", "Ever"]


def test_a_recount_that_nobody_reads_ends_without_a_word(tmp_path, files, monkeypatch):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        monkeypatch.setattr(sys, "stdout", closed)
        monkeypatch.setattr(sys, "stderr", closed)
        assert recount_cli.main([write(tmp_path, packed(files))]) == CLOSED


def repacked(files):
    """Pack files as ordinary programs do: compressed, with times, in another order."""
    packed_again = io.BytesIO()
    with zipfile.ZipFile(packed_again, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files, reverse=True):
            archive.writestr(name, files[name])
    return packed_again.getvalue()


def test_a_kit_packed_again_is_compared_file_by_file(tmp_path, files, capsys):
    assert recount(tmp_path, repacked(files)) == 0
    said = capsys.readouterr().out
    assert "--  archive              packed again by another program" in said
    assert said.endswith("Everything agrees: the recount gives the published result.\n")
    changed = files | {"README.txt": b"Other words.", "record.css": b""}
    assert recount(tmp_path, repacked(changed)) == 1
    said = capsys.readouterr().out
    assert "NO  checksums            README.txt is not the file" in said
    assert "NO  checksums            record.css is not the file" in said


def test_checksums_in_another_order_are_the_same_checksums(tmp_path, files):
    lines = files["SHA256SUMS"].splitlines(keepends=True)
    assert recount(tmp_path, packed(files | {"SHA256SUMS": b"".join(reversed(lines))})) == 0


def test_the_first_difference_is_told_in_words_and_the_rest_when_asked_for(tmp_path, files, capsys):
    def change(record):
        record["outcome"]["trace"][0].update(payment="100001/3")
        for item in record["outcome"]["not_funded"]:
            item.update(reason="withdrawn")
        record["cost"] += 1

    path = write(tmp_path, packed(forged(files, "record.json", in_json(change))))
    assert recount_cli.main([path]) == 1
    said = capsys.readouterr().out
    assert said.count("NO  ") == 1
    assert "what each ballot pays at most: recorded 333.34, recomputed " in said
    assert "more that may follow: --verbose" in said
    assert recount_cli.main([path, "--verbose"]) == 1
    said = capsys.readouterr().out
    assert said.count("NO  ") > 2
    assert "{" not in said


def test_a_tie_that_the_kits_rule_leaves_open_is_said_to_stop_the_count(tmp_path, capsys):
    tied = ["A", "B", "C", "D"] * 4
    kit = files_of(counts_of(import_small(tmp_path, budget="4000", ballots=tied))[0])
    change = in_json(lambda rule: rule["rule"].update(ties="refuse"))
    path = write(tmp_path, packed(forged(kit, "rule.json", change)))
    assert recount_cli.main([path, "--verbose"]) == 1
    assert "projects A, B, C, D are tied" in capsys.readouterr().out


def test_figures_that_are_no_whole_numbers_are_written_with_two_decimals(tmp_path, files, capsys):
    def change(record):
        record["outcome"]["trace"][0].update(effective_votes="7/3")

    assert recount(tmp_path, packed(forged(files, "record.json", in_json(change)))) == 1
    assert "recorded 2.33, recomputed " in capsys.readouterr().out


def test_a_changed_file_is_named_by_its_checksum(tmp_path, files, capsys):
    for name in set(files) - {"SHA256SUMS"}:
        assert recount(tmp_path, packed(with_another_last_byte(files, name))) == 1, name
        assert f"checksums            {name} is not the file" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["record.json", "rule.json"])
def test_data_that_cannot_be_read_are_named_too(tmp_path, files, capsys, name):
    assert recount(tmp_path, packed(with_another_last_byte(files, name))) == 1
    assert f"cannot be checked: {name} is not JSON" in capsys.readouterr().out


def with_another_last_byte(files, name):
    content = files[name]
    return files | {name: content[:-1] + bytes([content[-1] ^ 1])}


def swapped_winner(record):
    """Write in the record that the second step funded a project that nobody funded."""
    funded = {step["project"] for step in record["outcome"]["trace"]}
    other = next(project for project in record["projects"] if project["id"] not in funded)
    record["outcome"]["trace"][1]["project"] = other["id"]
    record["outcome"]["winners"][1] = other["id"]


def test_a_swapped_winner_is_found_at_its_step(tmp_path, files, capsys):
    assert recount(tmp_path, packed(forged(files, "record.json", in_json(swapped_winner)))) == 1
    said = capsys.readouterr().out
    assert "ok  step 1 " in said
    assert "NO  step 2 " in said
    assert "the record funds" in said
    assert "step 3" not in said


CHANGES = {
    "another ballot": (
        "ballots.pb",
        lambda text: re.sub(rb"(\n[0-9]+);A\n", rb"\1;D\n", text, count=1),
        "inputs",
    ),
    "another cost": (
        "ballots.pb",
        lambda text: text.replace(b"A;4000", b"A;4001"),
        "projects and budget",
    ),
    "another budget": (
        "ballots.pb",
        lambda text: text.replace(b"budget;10000", b"budget;20000"),
        "projects and budget",
    ),
    "another rule in rule.json": (
        "rule.json",
        in_json(lambda rule: rule["rule"].update(utility="cardinality")),
        "rule",
    ),
    "another figure of a step": (
        "record.json",
        in_json(lambda record: record["outcome"]["trace"][0].update(votes=999)),
        "step 1",
    ),
    "a step left out": (
        "record.json",
        in_json(lambda record: record["outcome"]["trace"].pop()),
        "step 3",
    ),
    "another reason": (
        "record.json",
        in_json(lambda record: record["outcome"]["not_funded"][0].update(reason="withdrawn")),
        "not funded",
    ),
    "other votes": (
        "record.json",
        in_json(lambda record: record["projects"][0].update(votes=7)),
        "votes",
    ),
    "another award beside the outcome": (
        "record.json",
        in_json(lambda record: record["projects"][0].update(funded=False)),
        "award",
    ),
    "another number of ballots": (
        "record.json",
        in_json(lambda record: record.update(ballots=21)),
        "totals",
    ),
    "other rules than frozen": (
        "record.json",
        in_json(lambda record: record.update(rules_sha256="0" * 64)),
        "frozen rules",
    ),
}


@pytest.mark.parametrize(("name", "change", "what"), CHANGES.values(), ids=CHANGES)
def test_a_forged_kit_does_not_agree(tmp_path, files, capsys, name, change, what):
    forgery = forged(files, name, change)
    assert forgery[name] != files[name]
    assert recount(tmp_path, packed(forgery)) == 1
    assert f"NO  {what} " in capsys.readouterr().out


UNREADABLE = {
    "a file is missing": lambda files: {k: v for k, v in files.items() if k != "ballots.pb"},
    "the record is missing": lambda files: {k: v for k, v in files.items() if k != "record.json"},
    "a file too many": lambda files: files | {"frozen/rules-9.json": b"{}"},
    "a strange file": lambda files: files | {"virus.exe": b"MZ"},
    "no JSON": lambda files: forged(files, "rule.json", lambda text: b"{"),
    "another format": lambda files: forged(
        files, "record.json", in_json(lambda record: record.update(format="rione-record/9"))
    ),
    "a record without its outcome": lambda files: forged(
        files, "record.json", in_json(lambda record: record.pop("outcome"))
    ),
    "a broken ballots file": lambda files: forged(files, "ballots.pb", lambda text: text[:60]),
}


@pytest.mark.parametrize("change", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_kit_is_refused_with_what_to_do(tmp_path, files, capsys, change):
    assert recount(tmp_path, packed(change(files))) == 2
    said = capsys.readouterr().err
    assert said.startswith("rione-recount: ")
    assert len(said.splitlines()) == 2


def test_a_file_that_is_not_there_is_said(tmp_path, capsys):
    assert recount_cli.main([str(tmp_path / "none.zip")]) == 2
    assert "Check the name" in capsys.readouterr().err


# Too few people


def test_with_under_ten_ballots_the_kit_says_what_cannot_be_recounted(tmp_path, capsys):
    (count,) = counts_of(import_small(tmp_path, ballots=["A", "A,B", "C"]))
    files = files_of(count)
    assert "ballots.pb" not in files
    record = json.loads(files["record.json"])
    assert not {"outcome", "inputs_sha256", "blank_ballots", "turnout"} & set(record)
    assert all("votes" not in project for project in record["projects"])
    assert recount(tmp_path, kit_of(count)) == 0
    said = capsys.readouterr().out
    assert "--  count " in said
    assert said.endswith("The award itself could not be computed again.\n")


# A vote of this city, frozen before it


def test_the_record_repeats_the_frozen_hash(tmp_path):
    contest = sealed_round([[1], [2], [3], [4]] * 5)
    count = count_contest(contest=contest, draw=draw_for(contest, SEED))
    recording.make_record(count)
    files = files_of(count)
    frozen = contest.scope.round.frozen_rules.get(number=0)
    record = json.loads(files["record.json"])
    assert record["rules_sha256"] == frozen.sha256
    assert files["frozen/rules-0.json"] == frozen.document.encode()
    assert frozen.sha256.encode() in files["record-it.html"]
    assert recount(tmp_path, kit_of(count)) == 0
    for change in (
        lambda rules: rules["scopes"][0]["contests"][0].update(budget=1),
        lambda rules: rules["scopes"][0]["contests"][0]["projects"][0].update(cost=1),
        lambda rules: rules["scopes"][0]["award_rule"].update(method="equalshares"),
    ):
        forgery = forged(files, "frozen/rules-0.json", in_json(change))
        assert recount(tmp_path, packed(forgery)) == 1


@pytest.mark.elections
@pytest.mark.parametrize(
    "name", ["Poland_Krakow_2020_Lagiewniki-Borek_Falecki", "Poland_Katowice_2020_Bogucice"]
)
def test_kits_of_past_elections_agree(tmp_path, name):
    round_ = import_round(files=[SourceFile(past_elections() / f"{name}.pb")])
    assert recount(tmp_path, kit_of(counts_of(round_)[0])) == 0
