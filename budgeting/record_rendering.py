"""The count record as files: a page on its own, and a tagged PDF.

The PDF is made by Typst, which writes PDF/UA-1 (tags, language, title, table headers, bookmarks)
without anything installed beside its wheel, and refuses what would not be accessible. No clock, no
font of the machine: the same record gives the same bytes.
"""

import json
import unicodedata
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.template.loader import render_to_string

from .record_text import RecordText

FILES = Path(__file__).parent / "kit_files"
TEMPLATE = FILES / "record.typ"

_ONE_CHARACTER = b'#set document(title: "-")\n#set text(lang: "it")\n#sys.inputs.record'


def record_page(record: RecordText) -> bytes:
    """Return the record as an HTML document, whose style sheet lies beside it."""
    text = render_to_string("budgeting/record/record.html", {"record": record})
    lines = (line.strip() for line in text.splitlines())
    return ("\n".join(line for line in lines if line) + "\n").encode()


def record_pdf(record: RecordText) -> bytes:
    """Return the record as PDF/UA-1.

    Characters that its fonts do not have, such as the tree in a project's title, are named in
    square brackets, as a reader's voice would; controls are left out.
    """
    return _compiled(
        TEMPLATE.read_bytes(), json.dumps(_showable(asdict(record)), ensure_ascii=False)
    )


def _compiled(template: bytes, record: str) -> bytes:
    pdf: bytes = typst.compile(
        template,
        font_paths=[],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"record": record},
        timestamp=0,
    )
    return pdf


def _showable(value: Any) -> Any:
    """Give the same texts in characters that the fonts of the PDF have."""
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else "".join(map(_shown, value))
    if isinstance(value, dict):
        return {key: _showable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_showable(part) for part in value]
    return value


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    """Give a character if Typst can show it: only Typst knows which its fonts have."""
    if unicodedata.category(character) == "Cc":
        return character if character == "\n" else ""
    if character.isascii():
        return character
    try:
        _compiled(_ONE_CHARACTER, character)
    except typst.TypstError:
        return f"[{unicodedata.name(character, f'U+{ord(character):04X}').lower()}]"
    return character


@lru_cache(maxsize=1)
def style_sheet() -> bytes:
    """Return the style sheet of the page."""
    return (FILES / "record.css").read_bytes()
