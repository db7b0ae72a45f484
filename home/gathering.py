"""What the parts of a page lead to and show, fetched together instead of part by part.

Wagtail asks the database once for each chooser of each kind of block, once for each picture's size
and several times for each address. Here the numbers are read out of the body before it is turned
into blocks: one query gets all pages, with the newest below those that are sections, and one all
pictures. The number of parts makes no difference.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import connection
from wagtail import blocks
from wagtail.blocks.list_block import ListValue
from wagtail.blocks.stream_block import StreamValue
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import RichText, expand_db_html

from .addresses import page_address
from .visibility import Unrestricted

MOST_NEWEST = 9
"""How many pages below a section a part shows at most."""

Chosen = dict[tuple[str, Any], Any]
_chosen: ContextVar[Chosen | None] = ContextVar("chosen", default=None)


class HasPicture(Protocol):
    """A record with a picture, or none."""

    image: Any
    image_id: int | None


@dataclass
class Pictured:
    """Stands for a picture of which only the number is known yet."""

    image_id: int | None
    image: Any = None


@dataclass
class Card:
    """A page as its card shows it."""

    title: str
    address: str
    summary: str
    content_language: str
    image_id: int | None
    image: Any = None


@dataclass
class ChosenPage:
    """A page that a part leads to; `below` are the newest pages of a section."""

    live: bool
    title: str
    address: str
    below: Sequence[Card] = field(default_factory=list)

    def get_url(self) -> str:
        """Return its address, as a page of Wagtail does."""
        return self.address

    def newest(self, count: int) -> Sequence[Card]:
        """Return the newest pages below, at most MOST_NEWEST."""
        return self.below[:count]


class _Gathered:
    """A chooser that takes what was gathered; where nothing was, as in the admin, it asks."""

    kind = ""

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        chosen = _chosen.get()
        if chosen is None:
            return list(super().bulk_to_python(values))  # type: ignore[misc]
        return [chosen.get((self.kind, value)) for value in values]

    def deconstruct(self) -> tuple[str, Any, Any]:
        """Stand in migrations as Wagtail's own."""
        _path, arguments, options = super().deconstruct()  # type: ignore[misc]
        wagtails = type(self).__mro__[2]
        return f"{wagtails.__module__}.{wagtails.__name__}", arguments, options


class PageChooser(_Gathered, blocks.PageChooserBlock):
    """A page of the site."""

    kind = "page"


class PictureChooser(_Gathered, ImageChooserBlock):
    """A picture of the library."""

    kind = "picture"


def gather(body: StreamValue, pictured: Iterable[HasPicture] = ()) -> None:
    """Turn a body into blocks, and give these records their pictures too.

    Two queries at most, and one for each kind of link in rich text: to pages, to documents.
    """
    from .models.images import attach_pictures

    numbers: dict[str, set[int]] = {PageChooser.kind: set(), PictureChooser.kind: set()}
    sections: set[int] = set()
    for block, number in _choices(body.stream_block, list(body.raw_data)):
        numbers[block.kind].add(number)
        if isinstance(block, PageChooser) and block.page_type:
            sections.add(number)
    pages = _pages(numbers["page"], sections)
    pictures = {number: Pictured(number) for number in numbers["picture"]}
    cards = [card for page in pages.values() for card in page.below]
    attach_pictures([*pictured, *cards, *pictures.values()])
    chosen: Chosen = {("page", number): page for number, page in pages.items()}
    chosen |= {("picture", number): holder.image for number, holder in pictures.items()}
    token = _chosen.set(chosen)
    try:
        list(body)
    finally:
        _chosen.reset(token)
    _write_links(list(_rich_texts(body)))


def _rich_texts(value: Any) -> Iterator[RichText]:
    """Find the rich texts in the value of a block."""
    if isinstance(value, RichText):
        yield value
    elif isinstance(value, StreamValue):
        for part in value:
            yield from _rich_texts(part.value)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _rich_texts(each)
    elif isinstance(value, ListValue):
        for each in value:
            yield from _rich_texts(each)


def _write_links(texts: list[RichText]) -> None:
    """Put addresses in the place of numbers in all texts together; they are shown, not stored."""
    between = "\0"  # which no text of the database can hold
    whole = between.join(text.source for text in texts)
    if "linktype" in whole:
        for text, written in zip(texts, expand_db_html(whole).split(between), strict=True):
            text.source = written


def _choices(block: blocks.Block, raw: Any) -> Iterator[tuple[Any, int]]:
    """Find the choosers in the raw value of a block, and the number that each has chosen."""
    if isinstance(block, _Gathered):
        if raw is not None:
            yield block, raw
    elif isinstance(block, blocks.BaseStreamBlock):
        for part in raw:
            if part["type"] in block.child_blocks:
                yield from _choices(block.child_blocks[part["type"]], part["value"])
    elif isinstance(block, blocks.BaseStructBlock):
        for name, child in block.child_blocks.items():
            yield from _choices(child, (raw or {}).get(name))
    elif isinstance(block, blocks.ListBlock):
        for item in raw or []:
            is_dressed = block._item_is_in_block_format(item)
            yield from _choices(block.child_block, item["value"] if is_dressed else item)


# Paths are compared byte by byte, as their index does it.
_PAGES = f"""
SELECT page.id, page.live, page.title, page.url_path, locale.language_code,
       CASE WHEN page.id = ANY(%(sections)s) THEN ARRAY(
            SELECT json_build_object(
                       'title', below.title, 'url_path', below.url_path,
                       'summary', standard.summary, 'image', standard.image_id,
                       'language', coalesce(spoken.language_code, locale.language_code))
              FROM wagtailcore_page below
              JOIN home_standardpage standard ON standard.page_ptr_id = below.id
              LEFT JOIN wagtailcore_page original ON original.id = below.alias_of_id
              LEFT JOIN wagtailcore_locale spoken ON spoken.id = original.locale_id
             WHERE below.path ~>~ page.path AND below.path ~<~ (page.path || '~')
               AND below.depth = page.depth + 1 AND below.live
               AND {Unrestricted.template % {"expressions": "below.path"}}
             ORDER BY below.first_published_at DESC, below.id DESC LIMIT %(most)s) END
  FROM wagtailcore_page page
  JOIN wagtailcore_locale locale ON locale.id = page.locale_id
 WHERE page.id = ANY(%(pages)s)
"""  # noqa: S608  constants


def _pages(numbers: set[int], sections: set[int]) -> dict[int, ChosenPage]:
    """Return the pages with these numbers, with the newest below the sections; one query."""
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _PAGES, {"pages": list(numbers), "sections": list(sections), "most": MOST_NEWEST}
        )
        rows = cursor.fetchall()
    return {
        number: ChosenPage(
            live,
            title,
            page_address(url_path, language),
            [
                Card(
                    title=row["title"],
                    address=page_address(row["url_path"], language),
                    summary=row["summary"],
                    content_language=row["language"],
                    image_id=row["image"],
                )
                for row in below or []
            ],
        )
        for number, live, title, url_path, language, below in rows
    }
