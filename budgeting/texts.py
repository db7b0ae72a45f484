"""Texts that the city writes in each language."""

from django.db.models import Model


def in_language(record: Model, field: str, language: str) -> str:
    """Return a text in one language, empty where it is not written; no fallback to another."""
    return getattr(record, f"{field}_{language}") or ""
