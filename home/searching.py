"""Finding pages and records by words, in the reader's language, whatever the accents.

The embedded database has no `unaccent`: accents are dropped in Python from what is indexed and
from what is asked, and in SQL with `translate()` for records.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import BooleanField, Func, Model, QuerySet, TextField
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.models import Page

from .addresses import page_address
from .visibility import readable_by_anybody
from .word_forms import forms

SHORTEST_QUERY = 2
LONGEST_QUERY = 100
RESULTS_PER_SOURCE = 100
EXCERPT_CHARACTERS = 220
CONFIGURATIONS = {"it": "italian", "en": "english"}
# Letters whose stroke is no accent to Unicode.
_STROKED = str.maketrans("łŁøØđĐħĦıŧŦ", "lLoOdDhHitT")

Record = TypeVar("Record", bound=Model)


@dataclass(frozen=True)
class SearchResult:
    """One line of the results. `language` is that of the title, where it is not the reader's.

    `where` tells apart what has the same name: a city, a round.
    """

    title: str
    url: str
    text: str
    kind: Any
    language: str = ""
    where: str = ""

    @property
    def excerpt(self) -> str:
        """Return the beginning of the text, without tags, cut at a word."""
        return Truncator(strip_tags(self.text)).chars(EXCERPT_CHARACTERS)


@dataclass(frozen=True)
class SearchSource:
    """Records that can be found: `search(query, language)` gives the best first.

    It makes a fixed number of queries and at most RESULTS_PER_SOURCE results, of what anybody may
    read. The query is already folded. An app registers a callable that returns its source under
    the hook `rione_search_sources`; `key` stands in the address, `label` is the filter's word.
    """

    key: str
    label: Any
    search: Callable[[str, str], list[SearchResult]]


def asked_words(request: HttpRequest) -> str:
    """Return what somebody asks for in the address (`q`), as far as a database can be asked it."""
    return request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]


def fold(text: str) -> str:
    """Return the text in lower case, without accents, with plain apostrophes."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'").translate(_STROKED))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower()


# The letters of the languages written in Latin characters in Europe, capitals too: LOWER() leaves
# them alone where the database's collation does not know them.
_ACCENTED = "".join(
    char for char in map(chr, [*range(0xC0, 0x180), *range(0x218, 0x21C)]) if len(fold(char)) == 1
)
_FROM, _TO = _ACCENTED + "’", fold(_ACCENTED) + "'"


class Asked:
    """The words of a folded question, each in any of its forms, as a tsquery in SQL.

    What is written for the database's own reader (a phrase in quotes, a word to leave out) is left
    to it.
    """

    def __init__(self, question: str, *, language: str) -> None:
        self.question = question
        self.configuration = CONFIGURATIONS[language]
        # "Centro-storico" is asked as two words: pages and records may write it as two.
        words = [forms(word, language) for word in question.replace("-", " ").split()]
        if _is_for_the_database(question) or not words:
            self.sql = "websearch_to_tsquery(%s::regconfig, %s)"
            self.params = [self.configuration, question]
            return
        one = "plainto_tsquery(%s::regconfig, %s)"
        every = " && ".join(f"({' || '.join(one for _form in word)})" for word in words)
        self.sql = f"({every})"
        self.params = [
            part for word in words for form in word for part in (self.configuration, form)
        ]


def _is_for_the_database(question: str) -> bool:
    return '"' in question or any(word.startswith("-") or word == "or" for word in question.split())


class _Match(Func):
    """What was asked against text columns without accents, the first column weighing most.

    In SQL: as trees of Django's expressions these take longer to build than to run.
    """

    folded = "translate(lower(coalesce({}::text, '')), %s, %s)"
    weighed = "setweight(to_tsvector(%s::regconfig, {}), '{}')"

    def __init__(self, *names: str, asked: Asked) -> None:
        super().__init__(*dict.fromkeys(names))
        self.asked = asked

    def words(self, columns: list[tuple[str, Any]]) -> tuple[str, list[Any]]:
        """Return the words of the columns as a tsvector."""
        parts: list[str] = []
        params: list[Any] = []
        for place, (sql, own) in enumerate(columns):
            parts.append(self.weighed.format(self.folded.format(sql), "C" if place else "A"))
            params += [self.asked.configuration, *own, _FROM, _TO]
        return f"({' || '.join(parts)})", params

    def is_called(self, column: tuple[str, Any]) -> tuple[str, list[Any]]:
        """Return whether a column is just what was asked."""
        sql, own = column
        return f"{self.folded.format(sql)} = %s", [*own, _FROM, _TO, self.asked.question]

    def columns(self, compiler: Any) -> list[tuple[str, Any]]:
        return [compiler.compile(expression) for expression in self.get_source_expressions()]


class HasWords(_Match):
    """Whether all the words that were asked are in the columns."""

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        words, params = self.words(self.columns(compiler))
        return f"{words} @@ {self.asked.sql}", [*params, *self.asked.params]


class Standing(_Match):
    """How well a record answers: whether its first column is what was asked, then its rank."""

    output_field = TextField()  # for Django: it is a row, and only compared

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        columns = self.columns(compiler)
        called, first = self.is_called(columns[0])
        words, params = self.words(columns)
        sql = f"({called}, ts_rank({words}, {self.asked.sql}))"
        return sql, [*first, *params, *self.asked.params]


class _Indexed(_Match):
    """Against the words that Wagtail has indexed: title of the page, its title, its other texts."""

    def words(self, columns: list[tuple[str, Any]]) -> tuple[str, list[Any]]:
        _title, *vectors = columns
        return (
            f"({' || '.join(sql for sql, _own in vectors)})",
            [param for _sql, own in vectors for param in own],
        )


class IndexHasWords(_Indexed, HasWords):
    """Whether all the words that were asked are in the index."""


class IndexStanding(_Indexed, Standing):
    """How well an indexed page answers."""


def matching(
    records: QuerySet[Record],
    *,
    fields: Sequence[str],
    query: str,
    language: str,
    limit: int = RESULTS_PER_SOURCE,
) -> QuerySet[Record]:
    """Return the records with all the words in these text columns, best first, then by key.

    What is called just so in the first column comes before the rest, and that column weighs most.
    One query, over the whole table: for thousands of rows.
    """
    asked = Asked(fold(query), language=language)
    found: QuerySet[Record] = records.filter(HasWords(*fields, asked=asked))
    return found.order_by(Standing(*fields, asked=asked).desc(), "pk")[:limit]


def result(
    record: Any, *, kind: str, title: str, text: str, language: str = "", where: str = ""
) -> SearchResult:
    """Return the line for a record, whose page is its own: its title, and how its text begins."""
    return SearchResult(
        title=title,
        url=record.get_absolute_url(),
        text=text,
        kind=kind,
        language=language,
        where=where,
    )


def sources() -> list[SearchSource]:
    """Return what can be searched: the pages, then what the apps offer, in their order."""
    pages = SearchSource(key="pages", label=_("Pages"), search=search_pages)
    return [pages, *(offer() for offer in hooks.get_hooks("rione_search_sources"))]


def search_pages(query: str, language: str) -> list[SearchResult]:
    """Find the published pages that anybody may read, in one language. One query."""
    asked = Asked(query, language=language)
    columns = ("title", "index_entries__title", "index_entries__body")
    pages = Page.objects.filter(locale__language_code=language, alias_of=None, depth__gt=2)
    found = (
        readable_by_anybody(pages)
        .filter(IndexHasWords(*columns, asked=asked))
        .order_by(IndexStanding(*columns, asked=asked).desc(), "-pk")
        .values_list(
            "title",
            "url_path",
            "search_description",
            "standardpage__summary",
            "sectionpage__summary",
        )
    )
    return [
        SearchResult(
            title=title,
            url=page_address(url_path, language),
            text=next(filter(None, texts), ""),
            kind=_("Page"),
        )
        for title, url_path, *texts in found[:RESULTS_PER_SOURCE]
    ]


def is_called(result: SearchResult, query: str) -> bool:
    """Whether a result has the very name that was asked for."""
    return fold(result.title) == fold(query)


def search_everything(
    *, query: str, language: str
) -> list[tuple[SearchSource, list[SearchResult]]]:
    """Return what each source finds; nothing for a query that is too short to mean anything."""
    asked = fold(query)
    if len(asked) < SHORTEST_QUERY:
        return []
    return [(source, source.search(asked, language)) for source in sources()]
