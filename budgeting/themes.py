"""The themes of projects: a few words, separated by commas, in each language the city writes.

The same theme stands at the same place in each language. What is counted and what people download
takes the Italian words, so that it is the same whoever asks.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, TextField
from django.utils.translation import get_language


def split(text: str | None) -> tuple[str, ...]:
    """Return the themes written in a text."""
    return tuple(theme for part in (text or "").split(",") if (theme := part.strip()))


def tidy(text: str | None) -> str:
    """Return the themes written in a text as they are stored."""
    return ", ".join(split(text))


def are_equal_in_number(italian: str | None, english: str | None) -> bool:
    """Whether there is an English theme for each Italian one, or none at all."""
    return not split(english) or len(split(italian)) == len(split(english))


def names(texts: Iterable[tuple[str | None, str | None]]) -> Mapping[str, str]:
    """Return each Italian theme with its name in the reader's language, by name.

    `texts` are the themes of projects in Italian and in English.
    """
    found: dict[str, str] = {}
    for italian, english in texts:
        themes = split(italian)
        for place, theme in enumerate(themes):
            found.setdefault(theme, theme)
            translated = split(english)
            if get_language() == "en" and len(translated) == len(themes):
                found[theme] = translated[place]
    return dict(sorted(found.items(), key=lambda item: item[1].casefold()))


class _Split(Func):
    """The same as `split`, in the database."""

    template = r"regexp_split_to_array(btrim(%(expressions)s), '\s*,\s*')"
    output_field = ArrayField(TextField())


def having(projects: Any, theme: str) -> Any:
    """Return the projects with an Italian theme."""
    return projects.alias(_themes=_Split("categories_it")).filter(_themes__contains=[theme])
