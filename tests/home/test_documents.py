"""Documents are what their name says, and never open inside the site."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.documents.forms import get_document_form
from wagtail.documents.models import Document
from wagtail.models import Collection

from home.documents import refuse_disguised


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("extension", "content"),
    [
        ("pdf", b"%PDF-1.7\n"),
        ("PDF", b"%PDF-1.7\n"),
        ("docx", zipped("[Content_Types].xml", "word/document.xml")),
        ("ods", zipped("mimetype", "content.xml")),
        ("csv", b"quartiere;abitanti\nLe Filande;8400\n"),
        ("txt", b"Is 3 < 4?"),
    ],
)
def test_genuine_documents_pass(extension, content):
    refuse_disguised(io.BytesIO(content), extension=extension)


@pytest.mark.parametrize(
    ("extension", "content"),
    [
        ("pdf", b"<!doctype html><script>alert(1)</script>"),
        ("pdf", b"\n%PDF-1.7"),
        ("docx", zipped("evil.exe")),
        ("docx", b"PK\x03\x04 broken"),
        ("csv", b"\xef\xbb\xbf  <html><body>"),
        ("txt", b"Hello <ScRiPt>alert(1)</script>"),
        ("txt", b"MZ\x00\x01"),
        ("json", b'<svg onload="alert(1)"/>'),
        ("html", b"<p>Hello</p>"),
        ("svg", b"<svg/>"),
    ],
)
def test_disguised_ones_are_refused(extension, content):
    with pytest.raises(ValidationError):
        refuse_disguised(io.BytesIO(content), extension=extension)


@pytest.mark.django_db
class TestUploads:
    def form(self, name: str, content: bytes):
        root = Collection.objects.get(depth=1)
        return get_document_form(Document)(
            {"title": "Act", "collection": str(root.pk)},
            {"file": SimpleUploadedFile(name, content)},
        )

    def test_the_form_looks_inside(self):
        assert self.form("act.pdf", b"%PDF-1.7\n").is_valid()
        assert "file" in self.form("act.pdf", b"<html>").errors
        assert "file" in self.form("act.html", b"<html>").errors

    def test_a_document_is_saved_never_opened(self):
        filled = self.form("act.pdf", b"%PDF-1.7\n")
        assert filled.is_valid()
        stored = filled.save()
        response = Client().get(stored.url)
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Type"] == "application/pdf"
