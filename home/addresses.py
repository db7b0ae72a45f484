"""Where a page of the tree stands on the site, read from the page alone.

Wagtail asks for every site and its root first, two queries and some work at each page. Rione is one
site: below the root of the tree stands one home page for each language, and the address of a page
is its language and the way down from there.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from .languages import active_language

HOME_DEPTH = 2
"""The depth of home pages in the tree; the root has depth 1."""


def page_address(url_path: str, language: str) -> str:
    """Return the address of the page with this way down the tree ("/home-it/privacy/")."""
    return f"/{language}{url_path[url_path.index('/', 1) :]}"


def home_crumb() -> tuple[str, str]:
    """Return the first step of every way to a page: the home page in the active language."""
    return _("Home"), f"/{active_language()}/"


@dataclass(frozen=True)
class PageVersion:
    """A page of the tree in one language, with what is needed to lead there."""

    is_open: bool
    """Whether anybody may read it, once it is published."""
    pk: int
    content_type_id: int
    language: str
    url_path: str
    alias_of_id: int | None
    """The original that it shows while it waits for its translation."""
    live: bool

    @property
    def address(self) -> str:
        """Its address on the site."""
        return page_address(self.url_path, self.language)
