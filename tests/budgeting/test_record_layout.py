"""The record on paper: every table readable, its words as people use them, the right city."""

import io
import json
import re
import shutil
import subprocess
from itertools import combinations

import pikepdf
import pytest

from budgeting.record_rendering import record_pdf
from budgeting.record_text import record_text
from budgeting.rule_parameters import parameters_in_words
from budgeting.tally.rules import Rule
from home.models import CitySettings

from .elections import import_small
from .kits import counts_of, files_of

pytestmark = pytest.mark.django_db

WORD = re.compile(
    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
)
TITLE = "Rinaturalizzazione dei giardini comunali con panchine, fontanelle e ombra"


@pytest.fixture
def document(tmp_path):
    ballots = ["A,B", "A", "A,C", "B", "D,C"] * 7
    round_ = import_small(tmp_path, rule="equalshares/add1", ballots=ballots)
    return json.loads(files_of(counts_of(round_)[0])["record.json"])


def pages_of(pdf):
    """Yield width and words of every page, each (left, top, right, bottom, text) in points."""
    run = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    )
    for page in run.stdout.decode().split("<page ")[1:]:
        width = float(re.match(r'width="([\d.]+)"', page).group(1))
        yield width, [(*map(float, found[:4]), found[4]) for found in WORD.findall(page)]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")
@pytest.mark.parametrize("language", ["it", "en"])
def test_no_words_of_the_step_table_overlap_or_leave_the_page(document, language):
    for project in document["projects"]:
        project["title"] = {"it": TITLE}
    for step in document["outcome"]["trace"]:
        step.update(cost=987_654_321_00, payment="123456789/331", effective_votes="9876543/331")
        step.update(supporters=step["votes"] + 1, partial=True)
    document["budget"] = 9_876_543_210_00
    lines = 0
    for width, words in pages_of(record_pdf(record_text(document, language))):
        assert all(left >= 50 and right <= width - 50 for left, _t, right, _b, _word in words)
        for one, other in combinations(words, 2):
            across = min(one[2], other[2]) - max(one[0], other[0])
            down = min(one[3], other[3]) - max(one[1], other[1])
            assert across < 1 or down < 3, (one, other)
        tops = [top for _l, top, _r, _b, word in words if word == "Rinaturalizzazione"]
        lines += sum(word == "giardini" and top in tops for _l, top, _r, _b, word in words)
    assert lines >= len(document["outcome"]["trace"])


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")
def test_signs_that_no_font_of_the_paper_has_are_named(document):
    document["projects"][0]["title"] = {"it": "\U0001f333 Ombra\x07 per tutti – łąka 公"}
    pages = pages_of(record_pdf(record_text(document, "it")))
    told = " ".join(word[4] for _width, words in pages for word in words)
    assert "[deciduous tree] Ombra per tutti – łąka [cjk unified ideograph-516c]" in told


def test_whoever_counted_again_signs_the_record_of_another_citys_vote(tmp_path):
    city = CitySettings.objects.get(site__is_default_site=True)
    city.city_name_it = "Comune di Fontelieta"
    city.save()
    round_ = import_small(tmp_path)
    files = files_of(counts_of(round_)[0])
    with pikepdf.open(io.BytesIO(files["record-it.pdf"])) as pdf:
        assert pdf.docinfo["/Author"] == "Comune di Fontelieta"
        assert pdf.docinfo["/Subject"] == round_.place == "Prova"
    assert "<p>Comune di Fontelieta</p>" in files["record-it.html"].decode()


def test_only_parameters_in_use_are_told():
    greedy = dict(parameters_in_words(Rule.from_json({"method": "greedy"}), currency="EUR"))
    shares = dict(
        parameters_in_words(
            Rule.from_json({"method": "equalshares", "completion": "add1"}), currency="EUR"
        )
    )
    assert len(greedy) == 4
    assert len(shares) == 8
    for told in (greedy, shares):
        assert not {"min_share", "0/1", "none"} & {*told, *told.values()}


def test_a_rule_that_nobody_froze_is_not_called_frozen(document):
    text = record_text(document, "en")
    captions = [block.text for section in text.sections for block in section.blocks]
    assert "Parameters of the rule" in captions
