"""Finding pages and records by words, in the reader's language, whatever the accents.

The embedded database has no `unaccent`: accents are dropped in Python from what is indexed and
from what is asked, and in SQL with `translate()` for records.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.db.models import BooleanField, F, Func, Model, QuerySet, TextField, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from modelsearch.query import And, Or, PlainText
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
    excerpt: str
    kind: str
    language: str = ""
    where: str = ""


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


class Words(Func):
    """The words of text columns without accents, the first column weighing most: a tsvector.

    Written in one piece: as a tree of Django's expressions it takes longer to build than to run.
    """

    output_field = SearchVectorField()
    folded = "translate(lower(coalesce({}::text, '')), %s, %s)"
    weighed = "setweight(to_tsvector(%s::regconfig, {}), '{}')"

    def __init__(self, *names: str, configuration: str) -> None:
        super().__init__(*names)
        self.configuration = configuration

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        parts: list[str] = []
        params: list[Any] = []
        for place, expression in enumerate(self.get_source_expressions()):
            sql, own = compiler.compile(expression)
            parts.append(self.weighed.format(self.folded.format(sql), "C" if place else "A"))
            params += [self.configuration, *own, _FROM, _TO]
        return f"({' || '.join(parts)})", params


class AskedWords(SearchQuery):
    """All the words of a folded question, each in any of its forms: a tsquery.

    What is written for the database's own reader (a phrase in quotes, a word to leave out) is left
    to it. In one piece, like Words.
    """

    def __init__(self, asked: str, *, language: str) -> None:
        super().__init__(asked, config=CONFIGURATIONS[language], search_type="websearch")
        self.configuration = CONFIGURATIONS[language]
        self.asked = asked
        self.words = [forms(word, language) for word in asked.split()]

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        if _is_for_the_database(self.asked) or not self.words:
            sql = "websearch_to_tsquery(%s::regconfig, %s)"
            return sql, [self.configuration, self.asked]
        one = "plainto_tsquery(%s::regconfig, %s)"
        sql = " && ".join(f"({' || '.join(one for _form in word)})" for word in self.words)
        return f"({sql})", [
            part for word in self.words for form in word for part in (self.configuration, form)
        ]


def _is_for_the_database(asked: str) -> bool:
    return '"' in asked or any(word.startswith("-") or word == "or" for word in asked.split())


class IsCalled(Func):
    """Whether a text column is what was asked, folded."""

    output_field = BooleanField()
    template = "(translate(lower(coalesce(%(expressions)s::text, '')), %%s, %%s) = %%s)"

    def __init__(self, name: str, asked: str) -> None:
        super().__init__(F(name))
        self.asked = asked

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        sql, params = super().as_sql(compiler, connection)
        return sql, [*params, _FROM, _TO, self.asked]


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
    configuration = CONFIGURATIONS[language]
    asked = AskedWords(fold(query), language=language)
    found: Any = records.alias(_words=Words(*fields, configuration=configuration))
    best: QuerySet[Record] = found.filter(_words=asked).order_by(
        IsCalled(fields[0], fold(query)).desc(), SearchRank(F("_words"), asked).desc(), "pk"
    )
    return best[:limit]


def result(
    record: Any, *, kind: str, title: str, text: str, language: str = "", where: str = ""
) -> SearchResult:
    """Return the line for a record, whose page is its own: its title, and how its text begins."""
    return SearchResult(
        title=title,
        url=record.get_absolute_url(),
        excerpt=excerpt(text),
        kind=kind,
        language=language,
        where=where,
    )


def excerpt(text: str) -> str:
    """Return the beginning of a text, without tags, cut at a word."""
    return Truncator(strip_tags(text)).chars(EXCERPT_CHARACTERS)


def sources() -> list[SearchSource]:
    """Return what can be searched: the pages, then what the apps offer, in their order."""
    pages = SearchSource(key="pages", label=_("Pages"), search=search_pages)
    return [pages, *(offer() for offer in hooks.get_hooks("rione_search_sources"))]


def search_pages(query: str, language: str) -> list[SearchResult]:
    """Find the published pages that anybody may read, in one language."""
    words = [word for word in re.split(r"[\s\-]+", query) if word]
    if not words:
        return []
    asked = And([Or([PlainText(form) for form in forms(word, language)]) for word in words])
    pages = Page.objects.filter(locale__language_code=language, alias_of=None, depth__gt=2)
    readable: Any = readable_by_anybody(pages).annotate(
        summary=Coalesce(
            "standardpage__summary", "sectionpage__summary", Value(""), output_field=TextField()
        )
    )
    found = readable.search(asked)[:RESULTS_PER_SOURCE]
    return [
        SearchResult(
            title=page.title,
            url=page_address(page.url_path, language),
            excerpt=excerpt(page.search_description or page.summary),
            kind=str(_("Page")),
        )
        for page in found
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
