"""Our count beside the award of the city: where they differ, and why as far as the file tells."""

import json
import re
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import translation

from budgeting import tally
from budgeting.award_words import finding_sentences
from budgeting.explanations import Terms
from budgeting.importing import SourceFile, import_round
from budgeting.models import Round
from budgeting.record_text import record_text
from budgeting.tally.recorded_award import Cause, Finding

from .elections import PROJECTS, import_small, write_file
from .kits import counts_of, files_of

pytestmark = pytest.mark.django_db

# A (10 votes) and B (10) cost 4000 and 3000 of 10000; C (5) 5000; D (none) 2500.
MARKED = "project_id;cost;name;selected"
CITY_WITHOUT_B = tuple((*project, mark) for project, mark in zip(PROJECTS, "1010", strict=True))
BALLOTS = ("A,B", "A", "A,C", "B") * 5


def plain(html: str) -> str:
    text = re.sub(r"<[^>]+>", " ", html).replace("\xa0", " ").replace("&#x27;", "'")
    return re.sub(r"\s+", " ", text)


def page(client, round_: Round, name: str = "result", **more: object) -> str:
    with translation.override("en"):
        url = reverse(f"budgeting:{name}", kwargs={"slug": round_.slug, **more})
    response = client.get(url)
    assert response.status_code == 200
    return plain(response.content.decode())


def record_of(round_: Round, language: str = "en") -> str:
    (count,) = counts_of(round_)
    return plain(files_of(count)[f"record-{language}.html"].decode())


def without_b(tmp_path, **more: object) -> Round:
    return import_small(tmp_path, projects=CITY_WITHOUT_B, project_header=MARKED, **more)


PASSED = (
    "Our count funds it; the official award did not. By our rule it comes before “Campetto”, which "
    "the city funded. At its turn the city’s list had €6,000 left: enough for it. The file does "
    "not say why it was not funded."
)
ROOM = (
    "The official award funded it; our count does not. At its turn the city’s list had €6,000 "
    "left: enough for it. Our count, which funds others before it, had only €3,000."
)
NO_ROOM = "At its turn the city’s list had only €1,000 left: not enough for it."


def test_the_page_says_what_the_figures_tell_and_what_the_file_does_not(client, tmp_path):
    text = page(client, without_b(tmp_path))
    assert "They differ on 3 projects." in text
    assert PASSED in text
    assert ROOM in text
    assert NO_ROOM in text
    assert "1 project had its turn while the city’s list still had money for it" in text
    assert "Without it the same rule gives exactly the official award" in text


def test_the_page_of_a_project_says_the_same(client, tmp_path):
    assert ROOM in page(client, without_b(tmp_path), "why", number=3)


def test_the_record_says_the_same(tmp_path):
    round_ = without_b(tmp_path)
    text = record_of(round_)
    assert "They differ on 3 projects." in text
    assert PASSED.replace("Campetto", "3. Campetto") in text
    assert ROOM in text
    assert "Without it the same rule gives exactly the official award" in text


def test_the_comparison_of_rules_leads_there(client, tmp_path):
    text = page(client, without_b(tmp_path), "result_compare", contest="prova")
    assert "The award of the city differs from our count on 3 projects" in text


def test_what_the_file_says_about_itself_is_repeated(client, tmp_path):
    comment = "#1: Projects for one place exclude each other."
    assert comment in page(client, without_b(tmp_path, comment=comment))
    same = import_small(tmp_path, comment=comment, instance="2025")
    assert comment not in page(client, same)


def test_an_official_list_above_the_budget_says_by_how_much(client, tmp_path):
    projects = [(*project, 1) for project in PROJECTS]
    round_ = import_small(tmp_path, projects=projects, project_header=MARKED)
    for text in (page(client, round_), record_of(round_)):
        assert "The official list costs €4,500 more than the budget that the file names" in text
        assert "had only €3,000 left: not enough for it. The file does not" in text


def test_a_rule_that_is_not_the_one_of_the_file_is_named_first(client, tmp_path):
    path = write_file(
        tmp_path, projects=CITY_WITHOUT_B, project_header=MARKED, rule="unknown", ballots=BALLOTS
    )
    greedy = tally.Rule(tally.Method.GREEDY, ties=tally.Ties.FILE_ORDER)
    round_ = import_round(files=[SourceFile(path, rule=greedy)])
    words = "The rule that the file names, “unknown”, does not say how to count"
    assert words in page(client, round_)
    assert words in record_of(round_)
    path = write_file(
        tmp_path, projects=CITY_WITHOUT_B, project_header=MARKED, instance="2025", ballots=BALLOTS
    )
    shares = tally.Rule(tally.Method.EQUAL_SHARES, ties=tally.Ties.FILE_ORDER)
    text = page(client, import_round(files=[SourceFile(path, rule=shares)]))
    assert "The file names the rule “greedy”; we counted by “Method of Equal Shares”. That" in text
    assert "at its turn" not in text.lower()


def test_other_settings_than_those_of_the_file_are_another_rule(client, tmp_path):
    """With at least 11 votes our count leaves out both A and B: nothing else is the reason."""
    path = write_file(tmp_path, projects=CITY_WITHOUT_B, project_header=MARKED, ballots=BALLOTS)
    rule = tally.Rule(tally.Method.GREEDY, ties=tally.Ties.FILE_ORDER, min_votes=11)
    round_ = import_round(files=[SourceFile(path, rule=rule)])
    for text in (page(client, round_), record_of(round_)):
        assert "“Most votes first”, and not with exactly the settings that the file gives" in text
        assert "The official award funded it; our count does not." in text
        assert "from the start" not in text
        assert "why" not in " ".join(re.findall(r"The file does not say[^.]*", text))


def test_the_threshold_of_the_file_is_no_other_rule(client, tmp_path):
    round_ = without_b(tmp_path, rule="greedy-threshold", min_project_score_threshold="2")
    for text in (page(client, round_), record_of(round_)):
        assert "That alone may explain" not in text
        assert PASSED.split(".")[0] in text
        assert "The file does not say why it was not funded." in text


def test_how_equals_are_settled_is_no_other_rule(client, tmp_path):
    path = write_file(tmp_path, projects=CITY_WITHOUT_B, project_header=MARKED, ballots=BALLOTS)
    rule = tally.Rule(tally.Method.GREEDY, ties=tally.Ties.COST)
    text = page(client, import_round(files=[SourceFile(path, rule=rule)]))
    assert "That alone may explain" not in text


def test_a_file_that_names_no_rule_is_said_to_name_none(client, tmp_path):
    path = write_file(
        tmp_path, projects=CITY_WITHOUT_B, project_header=MARKED, ballots=BALLOTS, rule=""
    )
    text = page(client, import_round(files=[SourceFile(path, rule="greedy")]))
    assert "The file names no rule; we counted by “Most votes first”." in text


def test_where_choices_hang_on_each_other_only_totals_are_told(client, tmp_path):
    """The city left 1000: D, which our count funds, costs more."""
    round_ = import_small(
        tmp_path, projects=CITY_WITHOUT_B, project_header=MARKED, rule="equalshares"
    )
    text = page(client, round_)
    assert "from the award alone nobody can say why" in text
    assert "With it besides, the city’s list would cost €2,000 more than the budget." in text


# Poznań funds the first project that does not fit, if at least 80 % of its cost is left.
POZNAN = {"rule": "greedy-custom", "unit": "Poznań"}


def test_in_poznan_a_project_funded_in_part_is_funded(client, tmp_path):
    """Of 10000 there are 4000 for C, which costs 5000: the file marks it with 2."""
    projects = [(*project, mark) for project, mark in zip(PROJECTS, "1120", strict=True)]
    more = {"projects": projects, "project_header": MARKED, "budget": "11000"}
    round_ = import_small(tmp_path, **POZNAN, **more)
    for text in (page(client, round_), record_of(round_)):
        assert "another way" not in text
    assert "They are the same, project by project" in record_of(round_)
    elsewhere = import_small(tmp_path, **more, instance="2025")
    assert "It was not funded from this budget; the city paid for it another way." in page(
        client, elsewhere
    )


def test_enough_in_part_is_not_called_enough(client, tmp_path):
    """With 4000 left for C, of 5000, the city did not fund it but D, of 2500."""
    projects = [(*project, mark) for project, mark in zip(PROJECTS, "1101", strict=True)]
    round_ = import_small(
        tmp_path, projects=projects, project_header=MARKED, budget="11000", **POZNAN
    )
    for text in (page(client, round_), record_of(round_)):
        assert "had €4,000 left: by our rule enough for it (80% of its cost)." in text
        assert "had €4,000 left: enough for it. Our count had already ended." in text
        assert "more than the budget that the file names" not in text


def test_a_file_without_an_award_is_said_to_have_none(client, tmp_path):
    round_ = import_small(tmp_path)
    words = "The file does not say which projects the city funded"
    assert words in page(client, round_)
    assert words in record_of(round_)


def test_agreement_stands_in_the_record_too(tmp_path):
    projects = [(*project, mark) for project, mark in zip(PROJECTS, "1101", strict=True)]
    round_ = import_small(tmp_path, projects=projects, project_header=MARKED)
    assert "They are the same, project by project" in record_of(round_)


def test_with_few_ballots_nothing_is_told_that_could_betray_them(client, tmp_path):
    round_ = without_b(tmp_path, ballots=["A,B", "A", "B"])
    for text in (page(client, round_), record_of(round_)):
        assert "They differ on 3 projects." in text
        assert "Our count funds it; the official award did not." in text
        assert "at its turn" not in text.lower()


def test_a_long_list_of_differences_is_folded_on_the_page_and_whole_in_the_record(client, tmp_path):
    projects = [(f"P{number}", 100, f"Progetto {number}", 0) for number in range(1, 15)]
    ballots = ["P1,P2", "P3"] * 6
    round_ = import_small(
        tmp_path, projects=projects, project_header=MARKED, ballots=ballots, budget="1400"
    )
    text = page(client, round_)
    assert "They differ on 14 projects." in text
    assert "8 more projects" in text
    (count,) = counts_of(round_)
    record = json.loads(files_of(count)["record.json"])
    (section,) = [each for each in record_text(record, "en").sections if "official" in each.title]
    assert len(section.blocks[-1].rows) == 14


WALKED = [cause for cause in Cause if cause not in (Cause.UNSPENT, Cause.WOULD_EXCEED)]


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("cause", WALKED)
def test_no_amount_is_told_that_is_not_sure(cause, language):
    with translation.override(language):
        terms = Terms(currency="EUR", vote_type="approval", ballots=20, titles={1: "Fontana"})
        finding = Finding(cause, other=1)
        told = " ".join(finding_sentences(finding, terms, cost=300_00, share=Fraction(4, 5)))
    assert told.endswith(".")
    assert "€" not in told
    assert "%" not in told


def test_a_list_that_had_ended_is_said_to_have_ended(client, tmp_path):
    """C comes first and does not fit: the city's list ended there, yet it funded D."""
    projects = (("C", 15000, "Campetto", 0), ("D", 2500, "Doposcuola", 1))
    round_ = import_small(
        tmp_path,
        projects=projects,
        project_header=MARKED,
        rule="greedy-no-skip",
        ballots=("C", "C,D") * 5,
    )
    words = "By our rule the city’s list had ended before its turn. The file does not say why it"
    for text in (page(client, round_), record_of(round_)):
        assert words in text
