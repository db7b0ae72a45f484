"""Lists of the rounds' admin: words and choices that narrow them, one page at a time."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator

from home.searching import asked_words

from .base import AdminView

Choices = Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Filter:
    """A choice that narrows a list: its name in the address, label, choices, the value chosen."""

    name: str
    label: Any
    choices: Choices
    chosen: str


class ListView(AdminView, ABC):
    """A list with a search, filters and pages; its template extends `budgeting/admin/list.html`."""

    per_page = 50
    words_label: Any

    @abstractmethod
    def choices(self) -> Mapping[str, tuple[Any, Choices]]:
        """Return label and choices of each filter, by its name in the address."""

    @abstractmethod
    def headings(self) -> list[Any]:
        """Return the headings of the columns."""

    @abstractmethod
    def found(self) -> Any:
        """Return what the words and the filters of the address leave, in its order."""

    @cached_property
    def words(self) -> str:
        """The words of the address."""
        return asked_words(self.request)

    @cached_property
    def filters(self) -> list[Filter]:
        """The filters as the address sets them; what is no choice of theirs is not chosen."""
        found = []
        for name, (label, choices) in self.choices().items():
            asked = self.request.GET.get(name, "")
            found.append(Filter(name, label, choices, asked if asked in dict(choices) else ""))
        return found

    def chosen(self, name: str) -> str:
        """Return the value chosen for a filter, empty for none."""
        return next(each.chosen for each in self.filters if each.name == name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self.found(), self.per_page).get_page(self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {
            "page": page,
            "headings": self.headings(),
            "words_label": self.words_label,
            "query": self.words,
            "filters": self.filters,
            "is_filtered": bool(self.words or any(each.chosen for each in self.filters)),
        }
