"""One Italian word in the singular and in the plural.

PostgreSQL's Italian stemmer keeps apart "orto" and "orti", "lavatoio" and "lavatoi", "lago" and
"laghi": whoever asks for one is also asked about the other.
"""

import re

SHORTEST = 4  # letters; below that a word's ending is most of it
# Endings of a folded word with what may stand in their place, the first that fits.
_ENDINGS = [
    ("chi", ("co",)),
    ("ghi", ("go",)),
    ("che", ("ca",)),
    ("ghe", ("ga",)),
    ("io", ("i",)),
    ("ia", ("ie", "e")),
    ("ie", ("ia",)),
    ("co", ("chi", "ci")),
    ("go", ("ghi", "gi")),
    ("ca", ("che",)),
    ("ga", ("ghe",)),
    ("o", ("i",)),
    ("a", ("e",)),
    ("e", ("i", "a")),
    ("i", ("o", "e", "io")),
]
# Words that say nothing by themselves, such as "della" and "questi", have no other form: the search
# passes over them, and must not ask for what it would make of them.
_EMPTY = re.compile(
    r"(d|n|s|c|qu|su|da|a)?(ell|all|oll|ull)[oaie]|quest[oaie]|ogni|come|dove|anche|sono|loro|tutt[oaie]"
    r"|cosa|pero|perche|quale|quali|quanto|quanti|quanta|quante|nostr[oaie]|vostr[oaie]|contro"
)


def italian_forms(word: str) -> list[str]:
    """Return a folded word with its other forms, itself first."""
    if len(word) < SHORTEST or not word.isalpha() or _EMPTY.fullmatch(word):
        return [word]
    for ending, others in _ENDINGS:
        if word.endswith(ending):
            beginning = word.removesuffix(ending)
            return [word, *(beginning + other for other in others)]
    return [word]


def forms(word: str, language: str) -> list[str]:
    """Return the forms of a folded word; English ones are brought together by the database."""
    return italian_forms(word) if language == "it" else [word]
