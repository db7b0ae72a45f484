"""Texts that the city writes in each language."""

from django.conf import settings
from django.db.models import Model


def in_language(record: Model, field: str, language: str) -> str:
    """Return a text in one language, empty where it is not written; no fallback to another."""
    return getattr(record, f"{field}_{language}") or ""


def in_languages(record: Model, field: str) -> dict[str, str]:
    """Return a text in every language of the site in which it is written."""
    texts = {code: in_language(record, field, code) for code, _label in settings.LANGUAGES}
    return {code: text for code, text in texts.items() if text}
