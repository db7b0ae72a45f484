"""Which documents editors may upload: of a few kinds, and truly of the kind their name says."""

import zipfile
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# What is inside an Office or OpenDocument file: the name of an entry it always has.
_ZIPPED = {
    "docx": "word/document.xml",
    "odp": "content.xml",
    "ods": "content.xml",
    "odt": "content.xml",
    "pptx": "ppt/presentation.xml",
    "xlsx": "xl/workbook.xml",
}
_TEXT = {"csv", "geojson", "json", "pb", "txt"}
_PAGE_BEGINNINGS = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<body", b"<head")
_LOOKED_AT = 4096


def refuse_disguised(content: IO[bytes], *, extension: str) -> None:
    """Raise ValidationError when the content is not what the extension (no dot) says."""
    content.seek(0)
    beginning = content.read(_LOOKED_AT)
    content.seek(0)
    extension = extension.lower()
    if extension == "pdf":
        genuine = beginning.startswith(b"%PDF-")
    elif extension in _ZIPPED:
        genuine = _holds(content, _ZIPPED[extension])
    elif extension in _TEXT:
        genuine = b"\0" not in beginning and not _is_a_web_page(beginning)
    else:
        genuine = False
    content.seek(0)
    if not genuine:
        raise ValidationError(
            _(
                "The content of this file is not what its name says (.%(extension)s). Save it "
                "again from the program that made it, and upload the new file."
            ),
            code="disguised",
            params={"extension": extension},
        )


def _holds(content: IO[bytes], entry: str) -> bool:
    try:
        with zipfile.ZipFile(content) as archive:
            return entry in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _is_a_web_page(beginning: bytes) -> bool:
    text = beginning.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return text.startswith(_PAGE_BEGINNINGS) or b"<script" in text
