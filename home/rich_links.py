"""Links to pages in rich text: their addresses from one query, however many there are."""

from typing import Any

from django.db import connection
from django.utils.html import escape
from wagtail.rich_text.pages import PageLinkHandler

from .addresses import page_address
from .languages import active_language

# A link leads to the page in the reader's language, where it is published in that.
_TARGETS = """
SELECT page.id, coalesce(own.url_path, page.url_path),
       CASE WHEN own.id IS NULL THEN locale.language_code ELSE %(language)s END
  FROM wagtailcore_page page
  JOIN wagtailcore_locale locale ON locale.id = page.locale_id
  LEFT JOIN wagtailcore_page own ON own.translation_key = page.translation_key AND own.live
        AND own.locale_id = (SELECT id FROM wagtailcore_locale WHERE language_code = %(language)s)
 WHERE page.id = ANY(%(numbers)s)
"""


class PageLinks(PageLinkHandler):
    """Wagtail's, which asks for every page whole, and for its language and its site one by one."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        """Return the opening tag of each link, without an address where the page is gone."""
        numbers = [str(attrs.get("id", "")) for attrs in attrs_list]
        addresses = _addresses({int(number) for number in numbers if number.isdigit()})
        found = [addresses.get(number) for number in numbers]
        return [f'<a href="{escape(address)}">' if address else "<a>" for address in found]


def _addresses(numbers: set[int]) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_TARGETS, {"numbers": list(numbers), "language": active_language()})
        return {str(number): page_address(way, language) for number, way, language in cursor}
