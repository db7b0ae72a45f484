"""Pages and pictures for tests."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.models import Locale

from home.models import HomePage, RioneImage, SectionPage, StandardPage


def picture_bytes(
    format_name: str = "JPEG", *, size: tuple[int, int] = (64, 48), **options: Any
) -> bytes:
    out = io.BytesIO()
    mode = "P" if format_name == "GIF" else "RGB"
    Image.new(mode, size, 120 if mode == "P" else (200, 90, 60)).save(out, format_name, **options)
    return out.getvalue()


def picture(**fields: Any) -> RioneImage:
    fields.setdefault("title", "Square")
    if not fields.get("is_decorative"):
        fields.setdefault("description", "La piazza al mattino")
    fields.setdefault("file", SimpleUploadedFile("square.jpg", picture_bytes()))
    made = RioneImage(**fields)
    made.save()
    return made


def home(language: str = "it") -> HomePage:
    return HomePage.objects.get(locale__language_code=language)


def section(title: str = "Storie", **fields: Any) -> SectionPage:
    made = SectionPage(title=title, locale=home().locale, **fields)
    home().add_child(instance=made)
    made.save_revision().publish()
    return made


def page(title: str, *, parent: Any = None, **fields: Any) -> StandardPage:
    parent = parent or home()
    made = StandardPage(title=title, locale=parent.locale, **fields)
    parent.add_child(instance=made)
    made.save_revision().publish()
    return made


def in_english(original: Any, title: str) -> Any:
    translated = original.copy_for_translation(
        Locale.objects.get(language_code="en"), copy_parents=True
    )
    translated.title = title
    translated.save_revision().publish()
    return translated
