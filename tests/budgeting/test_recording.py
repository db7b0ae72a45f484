"""The record of a count: complete, accessible, written once, and served as it was written."""

import hashlib
import io
import json
import re
from html.parser import HTMLParser

import pikepdf
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from budgeting import recording
from budgeting.models import Count, RecordFile, RecordPart
from budgeting.record_rendering import record_page, record_pdf
from budgeting.record_text import record_text
from budgeting.recording import make_record

from .elections import KNOWN, import_real, import_small
from .kits import counts_of, files_of, kit_of

pytestmark = pytest.mark.django_db
SHARES = {"rule": "equalshares/add1", "ballots": ["A,B", "A", "A,C", "B", "D,C"] * 4}


@pytest.fixture
def count(tmp_path):
    return counts_of(import_small(tmp_path, **SHARES))[0]


def test_the_record_names_what_was_counted_with_its_hashes(count):
    files = files_of(count)
    record = json.loads(files["record.json"])
    assert {each["name"] for each in record["inputs"]} == {"ballots.pb", "rule.json"}
    for each in record["inputs"]:
        content = files[each["name"]]
        assert each["sha256"] == hashlib.sha256(content).hexdigest()
        assert each["bytes"] == len(content)
    assert record["inputs_sha256"] == count.inputs_sha256
    assert record["outcome"]["winners"] == count.outcome["winners"]
    assert record["rule"] == count.rule


def test_every_file_of_the_kit_has_its_checksum(count):
    files = files_of(count)
    lines = files["SHA256SUMS"].decode().splitlines()
    told = dict(reversed(line.split("  ")) for line in lines)
    assert told == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name != "SHA256SUMS"
    }
    assert count.kit_sha256 == hashlib.sha256(kit_of(count)).hexdigest()


# Written once


def test_a_record_is_never_written_anew(count):
    file = RecordFile.objects.filter(count=count).first()
    for change in (
        lambda: RecordFile.objects.filter(pk=file.pk).update(sha256="0" * 64),
        lambda: RecordFile.objects.filter(pk=file.pk).delete(),
        lambda: RecordPart.objects.filter(file=file).update(content=b"x"),
        lambda: RecordPart.objects.filter(file=file).delete(),
        lambda: RecordPart.objects.create(file=file, number=9, content=b"x"),
        lambda: make_record(count),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_same_record_is_always_rendered_to_the_same_bytes(count):
    files = files_of(count)
    record = json.loads(files["record.json"])
    for language in ("it", "en"):
        text = record_text(record, language)
        assert record_page(text) == files[f"record-{language}.html"]
        assert record_pdf(text) == files[f"record-{language}.pdf"]


def test_a_large_file_is_kept_in_parts(count):
    count.pk, count.kit_sha256, count.published_at = None, "", None
    count.save()  # another count, whose record is not finished
    pieces = [b"x" * 700_000] * 4
    recording._store(count, "commitments.txt", pieces)
    file = recording.file_of(count, "commitments.txt")
    assert (file.size, file.parts.count()) == (2_800_000, 3)
    assert b"".join(recording.content_of(file)) == b"".join(pieces)


# For everybody


def structure(pdf):
    """Yield the tags of a PDF in reading order."""

    def below(node):
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from below(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                yield str(node.S)
            if "/K" in node:
                yield from below(node.K)

    yield from below(pdf.Root.StructTreeRoot.K)


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_pdf_is_accessible(count, language):
    with pikepdf.open(io.BytesIO(files_of(count)[f"record-{language}.pdf"])) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith(language)
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert count.contest.name in metadata["dc:title"]
        tags = list(structure(pdf))
        assert {"/Table", "/TH", "/TD", "/Caption"} <= set(tags)
        headings = [tag for tag in tags if re.fullmatch(r"/H[1-6]", tag)]
        assert headings.count("/H1") >= 1
        assert pdf.Root.Outlines.Count != 0
        assert all("/FontDescriptor" in font or "/DescendantFonts" in font for font in fonts(pdf))


def fonts(pdf):
    return [font for page in pdf.pages for font in page.Resources.Font.values()]


class Outline(HTMLParser):
    """Headings, tables and languages of a page, and what should not be there."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.language = [], ""
        self.headers = 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append(tag)
        if tag == "html":
            self.language = attributes["lang"]
        if tag == "th":
            self.headers += "scope" in attributes
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_page_is_accessible(count, language):
    page = Outline(files_of(count)[f"record-{language}.html"].decode())
    assert page.language == language
    assert page.tags.count("h1") == page.tags.count("main") == page.tags.count("title") == 1
    assert page.tags.count("th") == page.headers
    assert page.tags.count("caption") == page.tags.count("table")
    assert not {"script", "style", "img"} & set(page.tags)


def test_names_from_elsewhere_keep_their_language():
    (count,) = counts_of(import_real(next(iter(KNOWN))))
    page = files_of(count)["record-it.html"].decode()
    record = json.loads(files_of(count)["record.json"])
    if record["round"]["language"]:
        assert f'<span lang="{record["round"]["language"]}">' in page


def test_a_record_of_this_city_has_room_for_signatures(tmp_path):
    from budgeting.importing import RoundFacts

    ours = counts_of(import_small(tmp_path, facts=RoundFacts(name="Nostro", is_ours=True)))[0]
    theirs = counts_of(import_small(tmp_path, instance="2023", place="Altrove"))[0]
    assert 'class="signatures"' in files_of(ours)["record-it.html"].decode()
    assert 'class="signatures"' not in files_of(theirs)["record-it.html"].decode()


def test_every_step_stands_in_the_record_with_its_figures(count):
    page = files_of(count)["record-en.html"].decode()
    for step in count.outcome["trace"]:
        project = next(
            row
            for row in count.rows.select_related("project")
            if row.project.code == step["project"]
        ).project
        assert f"{project.number}. {project.title}" in page


# On the site


def test_files_are_sent_as_they_were_written(client, count):
    slugs = {"slug": count.contest.scope.round.slug, "contest": count.contest.slug}
    for name, content in files_of(count).items():
        if "/" in name:
            continue
        response = client.get(reverse("result_record", kwargs=slugs | {"name": name}))
        assert b"".join(response.streaming_content) == content
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "public" in response["Cache-Control"]
        assert not response.cookies
    kit = client.get(reverse("result_kit", kwargs=slugs))
    content = b"".join(kit.streaming_content)
    assert hashlib.sha256(content).hexdigest() == count.kit_sha256
    assert kit["Content-Length"] == str(len(content))
    ballots = client.get(reverse("result_ballots", kwargs=slugs))
    assert b"".join(ballots.streaming_content) == files_of(count)["ballots.pb"]


def test_nothing_is_sent_before_the_publication(client, count):
    slugs = {"slug": count.contest.scope.round.slug, "contest": count.contest.slug}
    Count.objects.filter(pk=count.pk).update(published_at=None)
    for name in ("result_kit", "result_ballots"):
        assert client.get(reverse(name, kwargs=slugs)).status_code == 404
    record = reverse("result_record", kwargs=slugs | {"name": "record.json"})
    assert client.get(record).status_code == 404


@pytest.mark.parametrize("name", ["none.txt", "rules-0.json", "record-fr.pdf"])
def test_other_names_are_not_found(client, count, name):
    slug = count.contest.scope.round.slug
    address = f"/data/results/{slug}/{count.contest.slug}/{name}"
    assert client.get(address).status_code == 404


def test_the_result_page_leads_to_record_and_kit(client, count):
    page = client.get(f"/en/participatory-budget/{count.contest.scope.round.slug}/result/")
    text = page.content.decode()
    assert f'{count.contest.slug}.zip"' in text
    assert "record-it.pdf" in text
    assert count.kit_sha256 in text


def test_the_result_page_says_where_the_source_code_is(client, count, settings):
    address = f"/en/participatory-budget/{count.contest.scope.round.slug}/result/"
    assert "Source code of" not in client.get(address).content.decode()
    settings.SOURCE_CODE_URL = "https://example.org/rione/tree/v1"
    page = client.get(address).content.decode()
    assert f'<a href="https://example.org/rione/tree/v1">Source code of {count.software}' in page


@pytest.mark.parametrize("readme", ["README.txt", "LEGGIMI.txt"])
@pytest.mark.parametrize("source", ["https://example.org/rione/tree/v1", ""])
def test_a_kit_says_where_its_program_is(tmp_path, settings, readme, source):
    settings.SOURCE_CODE_URL = source
    count = counts_of(import_small(tmp_path))[0]
    text = b"".join(recording.content_of(recording.file_of(count, readme))).decode()
    assert count.software in text
    assert "AGPL 3" in text
    assert (source or recording.SOURCE_UNNAMED[readme]) in text
    assert "%" not in text
    assert max(map(len, text.splitlines())) <= 82


def test_a_kit_without_ballots_is_not_said_to_hold_them(client, tmp_path):
    few = counts_of(import_small(tmp_path, ballots=["A", "A,B", "C"]))[0]
    page = client.get(f"/en/participatory-budget/{few.contest.scope.round.slug}/result/")
    assert "It holds ballots" not in page.content.decode()
