"""In which language the library speaks, and how it takes a sentence from a catalogue.

A catalogue gives each sentence in every language with its figures left open; a pair is the form for
one and for all other numbers. There is one module for each subject. Whoever calls the library says
in which language to speak (:func:`speaking`); unless told it speaks English.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

Text = str | tuple[str, str]
Catalogue = Mapping[str, Mapping[str, Text]]

ENGLISH, ITALIAN = "en", "it"
LANGUAGES = (ENGLISH, ITALIAN)

_SPOKEN: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


def spoken() -> str:
    """Give the language that is spoken now."""
    return _SPOKEN.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while; English where it is none of :data:`LANGUAGES`."""
    token = _SPOKEN.set(language if language in LANGUAGES else ENGLISH)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def language_of(environment: Mapping[str, str] = os.environ) -> str:
    """Give the language that a terminal asks for, as programs do; English where it is not ours."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if wanted := environment.get(name):
            return ITALIAN if wanted.lower().startswith(ITALIAN) else ENGLISH
    return ENGLISH


def tell(catalogue: Catalogue, key: str, number: int | None = None, /, **figures: object) -> str:
    """Write a sentence in the language that is spoken; see :func:`tell_in`."""
    return tell_in(spoken(), catalogue, key, number, **figures)


def tell_in(
    language: str, catalogue: Catalogue, key: str, number: int | None = None, /, **figures: object
) -> str:
    """Write a sentence; ``number`` chooses the form for one or for several.

    A language that is not there is told in English.
    """
    sentence = catalogue[key]
    text = sentence.get(language, sentence[ENGLISH])
    if not isinstance(text, str):
        text = text[0 if number == 1 else 1]
    return text.format(**figures)


def digits(number: int) -> str:
    """Write a whole number with the separators of the language."""
    return f"{number:,}".replace(",", "." if spoken() == ITALIAN else ",")


def with_marks(text: str) -> str:
    """Turn a number written the English way into one of the language: ``1,234.50``."""
    if spoken() != ITALIAN:
        return text
    return text.translate(str.maketrans(",.", ".,"))
