"""Which lines of a long list are seen where.

A screen shows a page of the list. A telephone shows the first lines of that page and folds the
others away until somebody asks for them. Paper has no next page: it holds the list whole.
"""

PER_SCREEN = 6
"""Lines that a telephone shows unfolded."""


def place_of(at: int, shown: int, screenful: int = PER_SCREEN) -> str:
    """Name the style class of a line: none, ``fold`` or ``paper-only``.

    `at` counts from 0 at the page's first line, `shown` are the lines of that page.
    """
    if not 0 <= at < shown:
        return "paper-only"
    return "fold" if at >= screenful else ""
