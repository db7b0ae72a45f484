"""`rione-simulate`: its table, its JSON, what it refuses."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from budgeting.tally.simulate_cli import main

DATA = Path(__file__).parents[1] / "data"
SWIECIE = str(DATA / "poland_swiecie_2023_.pb")
TIED = (
    "META\nkey;value\ndescription;Tied\ncountry;Italy\nunit;Fontelieta\ninstance;2026\n"
    "num_projects;2\nnum_votes;1\nbudget;5\nvote_type;approval\nrule;greedy\ndate_begin;2026\n"
    "date_end;2026\nPROJECTS\nproject_id;cost\n1;5\n2;5\nVOTES\nvoter_id;vote\na;1,2\n"
)
WIELICZKA = str(DATA / "poland_wieliczka_2023_green-budget.pb")


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = stop.code
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def as_json(capsys, *arguments: str) -> list[dict]:
    code, out, err = run(capsys, *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def test_several_files_and_rules_stand_beside_the_vote_as_it_was(capsys) -> None:
    documents = as_json(
        capsys, SWIECIE, WIELICZKA, "--base", "equalshares", "--rule", "greedy", "--max-length", "3"
    )
    assert [each["file"] for each in documents] == [SWIECIE, WIELICZKA]
    for each in documents:
        assert each["base"]["rule"]["method"] == "equalshares"
        assert each["base"]["difference"] is None
        (varied,) = each["scenarios"]
        assert varied["scenario"]["max_length"] == 3
        changed = set(varied["difference"]["gained"]) | set(varied["difference"]["lost"])
        assert changed == set(each["base"]["winners"]) ^ set(varied["winners"])


def test_the_table_says_the_same_for_people(capsys) -> None:
    code, out, _err = run(
        capsys, WIELICZKA, "--base", "equalshares", "--rule", "greedy", "--turnout", "4"
    )
    assert code == 0
    assert "6,586 ballots (approval), 64 projects" in out
    assert "with something funded" in out
    assert "ballots needed for one project" in out
    lines = out.splitlines()
    funded = next(line for line in lines if line.startswith("funded projects"))
    assert funded.split()[-1] == "23"
    at = next(at for at, line in enumerate(lines) if line.startswith("1: gained"))
    number = int(lines[at].split()[-1])
    assert all(line.startswith("  ") for line in lines[at + 1 : at + 1 + number])
    assert lines[at + 1 + number] == ""


def test_a_vote_without_title_or_place_has_no_title_line(capsys, tmp_path) -> None:
    path = tmp_path / "untitled.pb"
    path.write_text(TIED)
    options = (str(path), "--rule", "equalshares")
    titled = run(capsys, *options)[1].splitlines()
    path.write_text(TIED.replace("description;Tied\n", "").replace("unit;Fontelieta\n", ""))
    assert titled[0] == "Tied"
    assert run(capsys, *options)[1].splitlines() == titled[1:]


def test_scenarios_come_from_files_one_or_many(capsys, tmp_path) -> None:
    one, many = tmp_path / "one.json", tmp_path / "many.json"
    one.write_text(json.dumps({"min_votes": 300}))
    many.write_text(json.dumps([{"name": "half", "budget_factor": "1/2"}, {"max_length": 2}]))
    (document,) = as_json(
        capsys,
        *(SWIECIE, "--base", "greedy", "--scenario", str(one), "--scenario", str(many)),
    )
    first, half, _short = document["scenarios"]
    assert first["scenario"] == {"name": "one", "min_votes": 300, "seed": "RIONE"}
    assert half["budget"] * 2 == document["base"]["budget"]


def test_the_same_question_gets_the_same_bytes(capsys) -> None:
    arguments = (SWIECIE, "--base", "greedy", "--max-length", "2", "--turnout", "5", "--json")
    assert run(capsys, *arguments) == run(capsys, *arguments)
    other = run(capsys, *arguments, "--seed", "2")
    assert other != run(capsys, *arguments)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("nowhere.pb", "--rule", "greedy"), "nowhere.pb"),
        ((SWIECIE, "--base", "greedy"), "nothing is varied"),
        ((SWIECIE, "--rule", "best"), "best"),
        ((SWIECIE, "--rule", '{"method": "x"}'), "method"),
        ((SWIECIE, "--base", "greedy", "--max-length", "0"), "max_length"),
        ((SWIECIE, "--base", "greedy", "--min-votes", "few"), "few"),
        ((SWIECIE, "--base", "greedy", "--budget", "much"), "much"),
        ((SWIECIE, "--base", "greedy", "--budget", "1", "--budget-factor", "2"), "budget"),
        ((SWIECIE, "--base", "greedy", "--scenario", "no.json"), "no.json"),
        ((SWIECIE, "--base", "unknown", "--rule", "greedy"), "unknown"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_to_do(capsys, arguments, word) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert word in err
    assert len(err.strip().splitlines()) >= 2


def test_a_tie_that_the_rule_refuses_is_said(capsys, tmp_path) -> None:
    path = tmp_path / "tied.pb"
    path.write_text(TIED)
    code, _out, err = run(capsys, str(path), "--rule", '{"method": "greedy", "ties": "refuse"}')
    assert code == 2
    assert "tied" in err


@pytest.mark.parametrize(
    "text", ["{", "[1]", '{"turnout": 1}', '{"areas": [["North", 1]], "budget": 1}']
)
def test_a_wrong_scenario_file_is_named(capsys, tmp_path, text) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(text)
    code, _out, err = run(capsys, SWIECIE, "--base", "greedy", "--scenario", str(path))
    assert code == 2
    assert "wrong.json" in err


@pytest.mark.parametrize(
    ("typed", "said"), [("10%", {"min_share": "1/10"}), ("300", {"min_votes": 300})]
)
def test_fewest_votes_are_a_number_or_a_share_of_the_voters(capsys, typed, said) -> None:
    (document,) = as_json(capsys, SWIECIE, "--base", "greedy", "--min-votes", typed)
    (varied,) = document["scenarios"]
    assert said.items() <= varied["scenario"].items()


def test_a_vote_whose_rule_is_written_out_is_compared_with_one_of_pabulibs_rules(capsys) -> None:
    base = '{"method": "greedy", "ties": "file-order"}'
    (document,) = as_json(capsys, SWIECIE, "--base", base, "--rule", "equalshares/add1")
    assert document["base"]["rule"]["method"] == "greedy"
    (varied,) = document["scenarios"]
    assert (varied["rule"]["method"], varied["rule"]["completion"]) == ("equalshares", "add1")
    assert varied["rule"]["ties"] == "file-order"


def test_a_broken_file_is_named_with_its_fault(capsys, tmp_path) -> None:
    path = tmp_path / "broken.pb"
    path.write_text(TIED.replace("2;5\n", "2;five\n"))
    code, out, err = run(capsys, str(path), "--rule", "greedy")
    assert (code, out) == (2, "")
    assert "broken.pb" in err
    assert len(err.strip().splitlines()) >= 2


def test_a_rule_is_refused_for_ballots_that_it_cannot_count(capsys, tmp_path) -> None:
    path = tmp_path / "ranked.pb"
    path.write_text(TIED.replace("approval", "ordinal"))
    code, out, err = run(capsys, str(path), "--base", "greedy", "--rule", "phragmen")
    assert (code, out) == (2, "")
    assert "ranked.pb: phragmen: " in err


def test_the_table_tells_what_each_place_got(capsys, tmp_path) -> None:
    path = tmp_path / "places.pb"
    places = TIED.replace(
        "project_id;cost\n1;5\n2;5", "project_id;cost;neighborhood\n1;5;North\n2;5;"
    )
    path.write_text(places.replace("description;Tied\n", "description;\n"))
    ties = '{"method": "greedy", "ties": "file-order"}'
    code, out, err = run(capsys, str(path), "--base", ties, "--budget-factor", "2", "--rule", ties)
    assert code == 0, err
    north = next(line for line in out.splitlines() if line.startswith("  North"))
    assert north.split() == ["North", "5", "5"]


def test_areas_that_the_election_has_not_are_refused(capsys, tmp_path) -> None:
    path = tmp_path / "areas.json"
    path.write_text(json.dumps({"areas": [["North", 10]]}))
    code, _out, err = run(capsys, SWIECIE, "--base", "greedy", "--scenario", str(path))
    assert code == 2
    assert "area" in err


def test_a_file_whose_rule_says_nothing_needs_a_base(capsys, tmp_path) -> None:
    path = tmp_path / "silent.pb"
    text = Path(SWIECIE).read_text("utf-8")
    path.write_text(text.replace("equalshares/add1", "unknown"), encoding="utf-8")
    code, _out, err = run(capsys, str(path), "--rule", "greedy")
    assert code == 2
    assert "--base" in err


def test_the_script_needs_neither_django_nor_a_database() -> None:
    program = (
        "import sys; from budgeting.tally.simulate_cli import main; "
        f"main([{SWIECIE!r}, '--base', 'greedy', '--max-length', '3', '--json']); "
        "sys.exit('django' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        cwd=DATA.parents[1],
    )
    assert done.returncode == 0, done.stderr
