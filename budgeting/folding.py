"""Which lines of a long list are seen where.

A screen shows a page of the list. A telephone shows the first lines of that page and folds the
others away until somebody asks for them. Paper has no next page: it holds the list whole.
"""

PER_SCREEN = 6
"""Lines of a list that a telephone shows unfolded."""

BARS_PER_SCREEN = 3
"""Rows of a chart that it shows unfolded: each is as tall as two lines."""


def place_of(at: int, shown: int) -> str:
    """Name the style class of a line: none, ``fold`` or ``paper-only``.

    `at` counts from 0 at the page's first line, `shown` are the lines of that page.
    """
    if not 0 <= at < shown:
        return "paper-only"
    return "fold" if at >= PER_SCREEN else ""
