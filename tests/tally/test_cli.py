"""The console script: what it prints, what it refuses, and that it stands alone."""

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from budgeting.tally.cli import main
from budgeting.tally.console import CLOSED
from budgeting.tally.money import nearest, tenths

ROOT = Path(__file__).parent.parent.parent
SWIECIE = str(ROOT / "tests/data/poland_swiecie_2023_.pb")
BEMOWO = str(ROOT / "tests/data/poland_warszawa_2024_bemowo.pb")
WIELICZKA = str(ROOT / "tests/data/poland_wieliczka_2023_green-budget.pb")

TIED = """META
key;value
description;Two equal projects
country;Italy
unit;Fontelieta
instance;2026
num_projects;2
num_votes;2
budget;5
vote_type;approval
rule;{rule}
date_begin;2026
date_end;2026
PROJECTS
project_id;cost
1;5
2;5
VOTES
voter_id;vote
a;1,2
b;1,2
"""


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = stop.code
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def as_json(capsys, *arguments: str) -> dict:
    code, out, _err = run(capsys, *arguments, "--json")
    assert code == 0
    return json.loads(out)


@pytest.fixture
def tied(tmp_path: Path):
    def write(rule: str = "greedy") -> str:
        path = tmp_path / "tied.pb"
        path.write_text(TIED.format(rule=rule), encoding="utf-8")
        return str(path)

    return write


def test_json_says_winners_cost_rule_and_trace(capsys) -> None:
    data = as_json(capsys, SWIECIE, "--rule", "equalshares", "--completion", "add1")
    assert (len(data["winners"]), data["cost"]) == (17, 1_040_337)
    assert [step["project"] for step in data["trace"]] == data["winners"]
    assert data["trace"][0]["effective_votes"] == "1030/1"
    assert all("/" in step["effective_votes"] for step in data["trace"])
    rule = data["rule"]
    assert (rule["method"], rule["completion"], rule["stop"]) == (
        "equalshares",
        "add1",
        "overspend",
    )
    assert len(data["winners"]) + len(data["not_funded"]) == 22


@pytest.mark.parametrize(
    ("arguments", "parameters"),
    [
        (["--rule", "greedy"], {"method": "greedy", "overflow": "skip", "ties": "standard"}),
        (["--rule", "greedy", "--overflow", "stop"], {"overflow": "stop"}),
        (["--rule", "greedy", "--stop-at-first"], {"overflow": "stop"}),
        (["--rule", "phragmen"], {"method": "phragmen", "overflow": "stop"}),
        (["--rule", "phragmen", "--overflow", "skip"], {"overflow": "skip"}),
        (["--rule", "phragmen", "--compat", "pabutools"], {"compat": "pabutools"}),
        (["--compat", "equalshares.net"], {"compat": "equalshares.net"}),
        (["--area", "=1070000", "--areas", "city"], {"areas": "city"}),
        (
            ["--rule", "greedy", "--partial-share", "0.8"],
            {"overflow": "partial", "partial_share": "4/5"},
        ),
        (["--rule", "greedy", "--min-votes", "100"], {"min_votes": 100, "min_share": "0/1"}),
        (["--rule", "greedy", "--min-votes", "5%"], {"min_votes": 0, "min_share": "1/20"}),
        (["--rule", "equalshares", "--utility", "cardinality"], {"utility": "cardinality"}),
        (
            ["--rule", "equalshares", "--completion", "add1u"],
            {"completion": "add1u", "start": "exact"},
        ),
        (
            ["--rule", "equalshares", "--completion", "add1", "--step", "2.5", "--start", "floor"],
            {"step": "5/2", "start": "floor"},
        ),
        (["--rule", "equalshares", "--stop", "exhaustive"], {"stop": "exhaustive"}),
        (["--rule", "equalshares", "--comparison"], {"comparison": "satisfaction"}),
        (["--rule", "equalshares", "--comparison", "coverage"], {"comparison": "coverage"}),
        (["--rule", "equalshares", "--eligibility", "3B"], {"eligibility": "3B"}),
        (["--rule", "equalshares", "--ties", "text"], {"ties": "text"}),
        (["--rule", "from-file"], {"completion": "add1", "ties": "file-order"}),
        ([], {"completion": "add1", "ties": "file-order"}),
        (["--ties", "cost"], {"completion": "add1", "ties": "cost"}),
        (["--draw", "07-22-41"], {"completion": "add1", "ties": "standard"}),
    ],
)
def test_options_become_parameters(capsys, arguments: list[str], parameters: dict) -> None:
    rule = as_json(capsys, SWIECIE, *arguments)["rule"]
    assert {name: rule[name] for name in parameters} == parameters


def test_the_draw_names_round_and_contest(capsys) -> None:
    assert as_json(capsys, WIELICZKA, "--draw", "07-22")["draw"] == {
        "seed": "07-22",
        "round": "Wieliczka 2023",
        "contest": "Green Budget",
    }


def test_text_says_who_won_and_why_the_others_did_not(capsys) -> None:
    code, out, err = run(capsys, SWIECIE)
    assert code == 0
    assert err == ""
    assert "2,553 ballots (approval), 22 projects, budget 1,070,000" in out
    assert "Funded: 17 of 22, for 1,040,337" in out
    assert "its 272 supporters had" in out
    greedy = run(capsys, BEMOWO, "--rule", "greedy", "--overflow", "stop", "--min-votes", "400")
    assert "the count had ended at" in greedy[1]
    assert "400 needed" in greedy[1]
    assert "The column target is now called beneficiaries." in greedy[2]


def test_the_same_file_gives_the_same_bytes(capsys) -> None:
    one = run(capsys, WIELICZKA, "--json")
    assert run(capsys, WIELICZKA, "--json") == one


def refused(capsys, *arguments: str) -> str:
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert out == ""
    return err


def test_conflicts_and_areas_no_file_carries(capsys) -> None:
    code, out, _err = run(capsys, SWIECIE, "--rule", "greedy", "--conflict", "c20,c10")
    assert code == 0
    assert "its rival c" in out
    code, out, _err = run(
        capsys, SWIECIE, "--rule", "phragmen", "--areas", "next", "--area", "=1000.50"
    )
    assert "area budgets, what one does not spend moves on to the next" in out
    assert "City-wide: 2,553 ballots, budget 1,000.50, 0 funded for 0" in out


def test_a_rule_for_other_ballots_is_refused_by_name(capsys, tied) -> None:
    path = tied()
    text = Path(path).read_text(encoding="utf-8").replace("approval", "ordinal")
    Path(path).write_text(text, encoding="utf-8")
    err = refused(capsys, path, "--rule", "phragmen")
    assert "sequential Phragmén is not defined for ordinal ballots" in err


def test_a_broken_file_is_refused_with_line_field_and_remedy(capsys, tmp_path) -> None:
    path = tmp_path / "broken.pb"
    path.write_text(TIED.format(rule="greedy").replace("b;1,2", "b;1,3"), encoding="utf-8")
    err = refused(capsys, str(path))
    assert "line 21, VOTES, vote: The ballot names the project “3”" in err
    assert "Correct the id or add the project to PROJECTS." in err


def test_what_is_odd_in_a_file_is_told_in_json_too(capsys, tied) -> None:
    path = Path(tied())
    assert as_json(capsys, str(path))["warnings"] == []
    text = path.read_text().replace("num_votes;2", "num_votes;4")
    path.write_text(text + "c;1,1\nd;2,1,2\n")
    (warning,) = as_json(capsys, str(path))["warnings"]
    assert (warning["line"], warning["count"]) == (22, 2)
    assert warning["message"]


def test_a_missing_file_is_named(capsys) -> None:
    assert "nowhere.pb: No such file" in refused(capsys, "nowhere.pb")


@pytest.mark.parametrize("rule", ["unknown", "greedy-exclusive", "greedy-custom", "borda", ""])
def test_a_rule_that_says_too_little_is_asked_for(capsys, tied, rule: str) -> None:
    err = refused(capsys, tied(rule), "--rule", "from-file")
    assert "Choose the rule with --rule." in err


def test_an_undecided_tie_asks_for_a_draw(capsys, tied) -> None:
    path = tied()
    err = refused(capsys, path, "--rule", "greedy")
    assert "projects 1, 2 are tied" in err
    assert "--draw" in err
    assert refused(capsys, path, "--ties", "refuse")
    assert as_json(capsys, path)["winners"] == ["1"]
    drawn = {as_json(capsys, path, "--draw", str(seed))["winners"][0] for seed in range(9)}
    assert drawn == {"1", "2"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--rule", "greedy", "--utility", "cost"],
        ["--rule", "equalshares", "--overflow", "stop"],
        ["--rule", "equalshares", "--stop-at-first"],
        ["--rule", "greedy", "--overflow", "skip", "--stop-at-first"],
        ["--rule", "phragmen", "--partial-share", "0.8"],
        ["--rule", "phragmen", "--order", "votes"],
        ["--rule", "greedy", "--compat", "pabutools"],
        ["--rule", "greedy", "--areas", "lapse"],
        ["--rule", "greedy", "--area", "Nord"],
        ["--rule", "greedy", "--area", "Nord=-1"],
        ["--rule", "greedy", "--area", "Nord=1000"],
        ["--rule", "greedy", "--conflict", "c1"],
        ["--rule", "greedy", "--conflict", "c1,c99"],
        ["--rule", "equalshares", "--partial-share", "0.8"],
        ["--draw", "7", "--ties", "text"],
        ["--draw", "è"],
        ["--rule", "borda"],
        ["--rule", '{"method": "borda"}'],
        ["--rule", '{"method": "greedy"'],
        ["--rule", '{"method": "greedy", "ties": "text"}', "--draw", "7"],
        ["--rule", "equalshares", "--order", "votes"],
        ["--partial-share", "1.5"],
        ["--partial-share", "much"],
        ["--min-votes", "-1"],
        ["--step", "0"],
        ["--step", "1/0"],
    ],
)
def test_options_that_make_no_sense_are_refused(capsys, arguments: list[str]) -> None:
    assert refused(capsys, SWIECIE, *arguments)


ALONE = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "psycopg2", "wagtail", "config"}:
            raise ImportError(f"{name} must not be needed")

sys.meta_path.insert(0, Blocked())
from budgeting.tally.cli import main
from budgeting.tally.money import nearest, tenths
sys.exit(main(sys.argv[1:]))
"""


def test_it_needs_neither_django_nor_a_database() -> None:
    command = [sys.executable, "-c", ALONE, SWIECIE, "--rule", "equalshares", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["winners"]) == 13


def test_text_tells_excess_and_ties(capsys, tied) -> None:
    path = tied("greedy-custom")
    text = Path(path).read_text(encoding="utf-8").replace("budget;5", "budget;4")
    Path(path).write_text(text, encoding="utf-8")
    options = ["--rule", "greedy", "--partial-share", "0.8", "--ties", "file-order"]
    code, out, _err = run(capsys, path, *options)
    assert code == 0
    assert "of which 1 beyond the budget" in out
    assert "Tie, decided by the order of the list: 1, 2" in out
    assert "the count had ended at 1" in out


def test_a_whole_rule_is_taken_as_json(capsys) -> None:
    written = '{"method": "greedy", "min_votes": 1, "min_share": "1/300", "ties": "file-order"}'
    rule = as_json(capsys, SWIECIE, "--rule", written, "--order", "votes-per-cost")["rule"]
    assert (rule["min_votes"], rule["min_share"], rule["ties"]) == (1, "1/300", "file-order")
    assert rule["order"] == "votes-per-cost"


KIT_RULE = {
    "format": "rione-rule/1",
    "rule": {"method": "greedy"},
    "draw": {"seed": "07-22", "round": "Fontelieta 2026", "contest": ""},
    "scale": 2,
    "conflicts": [],
    "areas": [],
}


@pytest.fixture
def rule_file(tmp_path: Path):
    def write(**changes: object) -> str:
        path = tmp_path / "rule.json"
        path.write_text(json.dumps(KIT_RULE | changes), encoding="utf-8")
        return str(path)

    return write


def test_the_rule_file_of_a_kit_brings_rule_draw_and_scale(capsys, tied, rule_file) -> None:
    path = tied("unknown")
    refused(capsys, path)
    told = as_json(capsys, path, "--rule", rule_file())
    assert told["draw"] == KIT_RULE["draw"]
    assert (told["scale"], told["cost"]) == (2, 500)
    by_options = as_json(capsys, path, "--rule", "greedy", "--draw", "07-22")
    assert told["winners"] == by_options["winners"]


def test_the_rule_file_of_a_kit_brings_conflicts_and_areas(capsys, tied, rule_file) -> None:
    path = tied()
    text = Path(path).read_text(encoding="utf-8").replace("budget;5", "budget;10")
    Path(path).write_text(text, encoding="utf-8")
    assert len(as_json(capsys, path, "--rule", rule_file())["winners"]) == 2
    rivals = rule_file(conflicts=[["1", "2"]])
    assert len(as_json(capsys, path, "--rule", rivals)["winners"]) == 1
    areas = rule_file(areas=[["", 1000]], rule={"method": "greedy", "areas": "lapse"})
    assert as_json(capsys, path, "--rule", areas)["areas"][0]["budget"] == 1000


def test_a_file_may_hold_the_rule_alone(capsys, tmp_path) -> None:
    path = tmp_path / "mine"
    path.write_text('{"method": "greedy", "ties": "text"}', encoding="utf-8")
    assert as_json(capsys, SWIECIE, "--rule", str(path))["rule"]["ties"] == "text"


@pytest.mark.parametrize(
    ("text", "words"),
    [('["greedy"]', "object"), ('{"format": "rione-rule/1", "scale": 2}', "areas")],
)
def test_a_document_that_is_no_rule_is_refused(capsys, tmp_path, text, words) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(text, encoding="utf-8")
    assert words in refused(capsys, SWIECIE, "--rule", str(path))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": "rione-rule/9"}, "the format is not rione-rule/1"),
        ({"draw": {"seed": ""}}, "seed"),
        ({"draw": {"number": 7}}, "not as in the format"),
        ({"scale": "2"}, "whole numbers"),
        ({"areas": [["", -1]]}, "whole numbers"),
        ({"areas": [["", 1]]}, "budget"),
        ({"conflicts": [["1", "9"]]}, "9"),
        ({"rule": {"method": "borda"}}, "method"),
    ],
)
def test_a_rule_file_that_is_wrong_is_refused_with_its_fault(
    capsys, tied, rule_file, changes, words
) -> None:
    assert words in refused(capsys, tied(), "--rule", rule_file(**changes))


def test_a_rule_file_that_is_not_there_is_named(capsys) -> None:
    assert "nowhere.json: No such file" in refused(capsys, SWIECIE, "--rule", "nowhere.json")


def test_a_reader_that_stops_early_is_no_failure() -> None:
    command = f"{sys.executable} -m budgeting.tally.cli {WIELICZKA} --rule greedy --json | head -1"
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("{\n", "")


def test_what_is_printed_for_nobody_ends_without_a_word(monkeypatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        monkeypatch.setattr(sys, "stdout", closed)
        monkeypatch.setattr(sys, "stderr", closed)
        assert main([SWIECIE, "--rule", "greedy"]) == CLOSED
        # What is still in Python's hands goes nowhere, quietly.
        print("more", file=closed, flush=True)


def test_the_text_says_whose_habits_a_rule_follows(capsys) -> None:
    options = (SWIECIE, "--rule", "phragmen")
    assert "pabutools" not in run(capsys, *options)[1]
    assert "pabutools" in run(capsys, *options, "--compat", "pabutools")[1]


def test_a_project_that_costs_nothing_is_funded_without_payment(capsys, tied) -> None:
    path = Path(tied())
    path.write_text(path.read_text().replace("2;5\n", "2;0\n"))
    code, out, _err = run(capsys, str(path), "--rule", "equalshares")
    assert code == 0
    free, paid = (
        next(line for line in out.splitlines() if line.split()[:2] == [place, name])
        for place, name in (("1.", "2"), ("2.", "1"))
    )
    assert "each at most" not in free
    assert "each at most 2.5" in paid


@pytest.mark.parametrize(("cost", "amount"), [("20", "≈ 6.67"), ("10", "≈ 3.33"), ("9", "3")])
def test_one_amount_is_written_alike_in_the_table_the_story_and_the_steps(
    capsys, tied, cost: str, amount: str
) -> None:
    """Three ballots share a cost that three do not always divide."""
    path = tied()
    text = Path(path).read_text(encoding="utf-8").replace("1;5\n", f"1;{cost}\n")
    text = text.replace("budget;5", "budget;40").replace("num_votes;2", "num_votes;3") + "c;1\n"
    Path(path).write_text(text, encoding="utf-8")
    options = [path, "--rule", "equalshares", "--ties", "file-order"]
    assert f"each at most {amount}  " in run(capsys, *options)[1]
    assert f"more than {amount} out" in run(capsys, *options, "--explain", "1")[1]
    assert f" pay {amount}" in run(capsys, *options, "--explain")[1]


def test_amounts_half_way_are_rounded_up_and_effective_votes_have_one_decimal() -> None:
    assert [nearest(Fraction(at, 2)) for at in (-1, 0, 1, 3, 5)] == [0, 0, 1, 2, 3]
    assert [tenths(at) for at in (0, 4, 5, 1235, 1295)] == [
        (0, 0),
        (0, 0),
        (0, 1),
        (12, 4),
        (13, 0),
    ]
