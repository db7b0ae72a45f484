"""The count record as files: a page on its own, and a tagged PDF.

The PDF is made by Typst, which writes PDF/UA-1 (tags, language, title, table headers, bookmarks)
without anything installed beside its wheel, and refuses what would not be accessible. No clock, no
font of the machine: the same record gives the same bytes.
"""

import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import typst
from django.template.loader import render_to_string

from .record_text import RecordText

FILES = Path(__file__).parent / "kit_files"
TEMPLATE = FILES / "record.typ"


def record_page(record: RecordText) -> bytes:
    """Return the record as an HTML document, whose style sheet lies beside it."""
    text = render_to_string("budgeting/record/record.html", {"record": record})
    lines = (line.strip() for line in text.splitlines())
    return ("\n".join(line for line in lines if line) + "\n").encode()


def record_pdf(record: RecordText) -> bytes:
    """Return the record as PDF/UA-1."""
    pdf: bytes = typst.compile(
        str(TEMPLATE),
        font_paths=[],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"record": json.dumps(asdict(record), ensure_ascii=False)},
        timestamp=0,
    )
    return pdf


@lru_cache(maxsize=1)
def style_sheet() -> bytes:
    """Return the style sheet of the page."""
    return (FILES / "record.css").read_bytes()
