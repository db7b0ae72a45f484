"""The console scripts speak Italian and English, and say the same in both."""

import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

import budgeting.tally
from budgeting.tally import (
    Comparison,
    Completion,
    Method,
    Rule,
    Stop,
    Ties,
    VoteType,
    cli,
    console,
    messages,
    recount_cli,
    recount_words,
    refusal_words,
    report_words,
    sentences,
    simulate_cli,
    tally_words,
)
from budgeting.tally.language import (
    LANGUAGES,
    digits,
    language_of,
    speaking,
    spoken,
    tell,
    with_marks,
)
from budgeting.tally.report import describe_ballots, describe_rule

WIELICZKA = str(Path(__file__).parent.parent / "data/poland_wieliczka_2023_green-budget.pb")
CATALOGUES = {
    "console": console.WORDS,
    "figures": recount_words.FIGURES,
    "places": messages.PLACES,
    "recount": recount_words.WORDS,
    "refusals": refusal_words.WORDS,
    "report": report_words.WORDS,
    "sentences": sentences.SENTENCES,
    "tally": tally_words.WORDS,
}


def figures(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_sentence_says_the_same_figures_in_both_languages(name: str) -> None:
    for key, texts in CATALOGUES[name].items():
        assert list(texts) == list(LANGUAGES), key
        forms = {
            language: (text,) if isinstance(text, str) else text for language, text in texts.items()
        }
        named = {frozenset().union(*map(figures, each)) for each in forms.values()}
        assert len(named) == 1, key
        assert all(text.strip() for each in forms.values() for text in each), key


def test_what_the_reader_says_is_said_in_both_languages() -> None:
    for text in (*messages.ERRORS.values(), *messages.WARNINGS.values()):
        assert figures(text.message) == figures(text.message_it), text.message
        assert figures(text.remedy) == figures(text.remedy_it), text.message
        assert text.message_it != text.message


def test_every_sentence_is_said_somewhere() -> None:
    """A key that no code names is a sentence nobody hears."""
    folder = Path(budgeting.tally.__file__).parent
    code = "".join(
        path.read_text("utf-8") for path in folder.glob("*.py") if not path.stem.endswith("_words")
    )
    named = set(re.findall(r"""["']([a-z0-9-]+)["']""", code))
    built = {
        *(f"unspent-{each}" for each in ("lapse", "next", "city")),
        *(f"equal-shares-{each}" for each in ("cost", "cardinality")),
        *(f"ties-{each}" for each in Ties),
        *(f"completion-{each}" for each in Completion if each is not Completion.NONE),
        *(f"stop-{each}" for each in Stop),
        *(f"comparison-{each}" for each in Comparison if each is not Comparison.NONE),
        *(f"ballots-{each}" for each in VoteType),
        *(f"ended-{each}" for each in ("overspend", "exhaustive", "all-funded", "no-ballots")),
    }
    for name in ("console", "recount", "refusals", "report", "tally"):
        assert set(CATALOGUES[name]) <= named | built, name


def test_values_of_options_are_told_in_words_with_what_one_types() -> None:
    rule = Rule(
        Method.EQUAL_SHARES,
        completion=Completion.ADD1,
        stop=Stop.EXHAUSTIVE,
        comparison=Comparison.SATISFACTION,
        ties=Ties.FILE_ORDER,
    )
    with speaking("it"):
        assert describe_rule(rule) == (
            "Metodo delle quote uguali, per costo, completamento: aumentando le quote (add1), "
            "passo 1, fine: oltre il budget o quando non entra più niente (exhaustive), confronto "
            "con i più votati per: scelte finanziate (satisfaction), parità: ordine dell’elenco "
            "(file-order)"
        )
        assert describe_ballots(VoteType.CHOOSE_ONE) == "una sola scelta (choose-1)"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "it_IT.UTF-8"}, "it"),
        ({"LANG": "it"}, "it"),
        ({"LANG": "pl_PL.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_MESSAGES": "it_IT", "LANG": "en_GB"}, "it"),
        ({"LC_ALL": "en_US.UTF-8", "LC_MESSAGES": "it_IT", "LANG": "it_IT"}, "en"),
        ({"LC_ALL": "", "LANG": "it_CH"}, "it"),
    ],
)
def test_the_terminal_says_which_language_is_wanted(environment, language) -> None:
    assert language_of(environment) == language


def test_a_language_is_spoken_for_a_while() -> None:
    assert (spoken(), digits(1234), with_marks("1,234.5")) == ("en", "1,234", "1,234.5")
    with speaking("it"):
        assert (spoken(), digits(1234), with_marks("1,234.5")) == ("it", "1.234", "1.234,5")
        assert tell(console.WORDS, "error") == "errore"
        with speaking("pl"):
            assert spoken() == "en"
        assert spoken() == "it"
    assert spoken() == "en"


def test_an_option_is_stronger_than_the_terminal(monkeypatch, capsys) -> None:
    monkeypatch.setenv("LC_ALL", "it_IT.UTF-8")
    assert cli.main([WIELICZKA, "--rule", "greedy"]) == 0
    assert "6.586 schede" in capsys.readouterr().out
    assert cli.main([WIELICZKA, "--rule", "greedy", "--language", "en"]) == 0
    assert "6,586 ballots" in capsys.readouterr().out
    assert cli.main([WIELICZKA, "--rule", "greedy", "--language=en"]) == 0
    assert "6,586 ballots" in capsys.readouterr().out


@pytest.mark.parametrize("script", [cli, recount_cli, simulate_cli])
def test_help_and_refusals_are_in_the_language_asked_for(script, capsys, tmp_path) -> None:
    with pytest.raises(SystemExit) as ended:
        script.main(["--language", "it", "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith("uso: ")
    assert not re.search(r"\b(the|with|options:|usage)\b", said)
    with pytest.raises(SystemExit) as ended:
        script.main(["--language", "it", "--nothing"])
    assert ended.value.code == 2
    assert ": errore: " in capsys.readouterr().err
    missing = [str(tmp_path / "none.pb"), *(["--rule", "greedy"] * (script is not recount_cli))]
    assert script.main([*missing, "--language", "it"]) == 2
    said = capsys.readouterr().err
    assert "Questo file non c’è" in said
    assert "Controlla il nome del file." in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "manca FILE.pb"),
        ([WIELICZKA, "--nothing"], "non conosco --nothing"),
        ([WIELICZKA, "--step"], "--step: manca il valore"),
        ([WIELICZKA, "--step", "0"], "--step: deve essere più di 0"),
        ([WIELICZKA, "--ties", "coin"], "--ties: 'coin' non è tra "),
        ([WIELICZKA, "--json=yes"], "--json: il valore 'yes' non serve"),
        ([WIELICZKA, "--com", "x"], "--com può voler dire --comp"),
        ([WIELICZKA, "--stop-at-first", "--overflow", "skip"], "--overflow: non va insieme a --st"),
    ],
)
def test_mistakes_in_options_are_told_in_italian(arguments, says, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--language", "it", *arguments])
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


def test_a_broken_file_is_refused_in_italian(tmp_path, capsys) -> None:
    path = tmp_path / "broken.pb"
    path.write_text("META\nkey;value\nPROJECTS\n", encoding="utf-8")
    assert cli.main([str(path), "--language", "it"]) == 2
    said = capsys.readouterr().err
    assert "META non dice" in said
    assert cli.main([WIELICZKA, "--rule", "phragmen", "--compat", "equalshares.net"]) == 2
    assert "do not belong to the method" in capsys.readouterr().err
    options = ["--rule", "phragmen", "--compat", "equalshares.net", "--language", "it"]
    assert cli.main([WIELICZKA, *options]) == 2
    assert "non sono del metodo phragmen" in capsys.readouterr().err


def test_the_simulation_speaks_italian(capsys) -> None:
    assert simulate_cli.main([WIELICZKA, "--rule", "greedy", "--language", "it"]) == 0
    said = capsys.readouterr().out
    assert "progetti finanziati" in said
    assert "1: in più 4" in said
    assert simulate_cli.main([WIELICZKA, "--language", "it"]) == 2
    assert "non cambia nulla." in capsys.readouterr().err


RULES = [
    ["--rule", "greedy"],
    ["--rule", "greedy", "--stop-at-first"],
    ["--rule", "greedy", "--partial-share", "0.8"],
    ["--rule", "greedy", "--order", "votes-per-cost"],
    ["--rule", "equalshares"],
    ["--rule", "equalshares", "--utility", "cardinality"],
    ["--rule", "equalshares", "--completion", "add1", "--step", "50"],
    ["--rule", "equalshares", "--completion", "add1u", "--step", "50", "--comparison"],
    ["--rule", "phragmen"],
    ["--rule", "phragmen", "--overflow", "skip"],
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: " ".join(rule[1:]))
def test_every_rule_explains_a_project_and_every_step_in_both_languages(rule, capsys) -> None:
    told = {}
    for language in LANGUAGES:
        spoken_so = [*rule, "--language", language]
        assert cli.main([WIELICZKA, *spoken_so, "--explain", "9"]) == 0
        story = capsys.readouterr().out
        assert cli.main([WIELICZKA, *spoken_so, "--explain"]) == 0
        steps = capsys.readouterr().out
        assert cli.main([WIELICZKA, *spoken_so]) == 0
        told[language] = story, steps, capsys.readouterr().out
    for english, italian in zip(*told.values(), strict=True):
        assert len(english.splitlines()) == len(italian.splitlines()) > 1
        assert english != italian
    assert "{" not in "".join(text for texts in told.values() for text in texts)


@pytest.mark.parametrize(
    "command",
    [
        f"cli {WIELICZKA} --rule greedy --json | head -1",
        f"cli {WIELICZKA} --rule greedy --explain | head -1",
        "cli --help | head -1",
        f"simulate_cli {WIELICZKA} --rule greedy --json | head -1",
        "recount_cli --help | head -1",
    ],
)
def test_a_reader_that_goes_away_is_no_error(command: str) -> None:
    whole = f"{sys.executable} -m budgeting.tally.{command}"
    run = subprocess.run(["bash", "-c", whole], capture_output=True, text=True)
    assert run.returncode == 0
    assert run.stderr == ""
    assert run.stdout


def test_a_reader_that_is_gone_at_once_is_no_error() -> None:
    """As when `head` has ended before the first line is written."""
    whole = f"{sys.executable} -m budgeting.tally.cli {WIELICZKA} --rule greedy 2>&1 | true"
    run = subprocess.run(["bash", "-c", whole], capture_output=True, text=True)
    assert run.stderr == run.stdout == ""


def test_ctrl_c_ends_without_a_word(capsys) -> None:
    def body(_arguments) -> int:
        raise KeyboardInterrupt

    assert console.run("rione-tally", body, []) == 130
    assert capsys.readouterr() == ("", "")


def test_a_rare_trouble_is_told_as_the_system_tells_it() -> None:
    assert console.trouble(OSError(28, "No space left on device")) == "No space left on device"
    assert console.trouble(PermissionError(13, "x")) == "Permission denied"
    with speaking("it"):
        assert console.trouble(IsADirectoryError(21, "x")) == "È una cartella"
