"""Who voted, as tables: counted groups in, publishable tables out."""

import re
from collections import Counter
from collections.abc import Mapping

from django.db.models import Count as Number
from django.db.models import Sum

from residents.ages import age_on

from .disclosure import Cell, publishable_cells, publishable_classes
from .models import Contest, RegisterMark, SealedTotal, TurnoutTable

AGE_CLASSES = (0, 16, 25, 35, 45, 55, 65, 75)
"""First ages of the classes people are counted in; the last class is open."""

NOT_STATED = ""
"""The label of those about whom a source is silent, where it speaks about others."""

UNKNOWN_AGE_CLASS = 10_000


def store_tables(*, contest: Contest, numbers: Mapping[str, Mapping[str, int]]) -> None:
    """Store one table for each kind (`TurnoutTable.Kind`), with no cell under ten.

    `numbers` are people by group; for ages the groups are ages in years, or classes as a source
    gives them. A table that would betray somebody is not stored.
    """
    for kind, groups in numbers.items():
        if not any(label and people for label, people in groups.items()):
            continue  # nothing was stated about anybody
        cells = _age_cells(groups) if kind == TurnoutTable.Kind.AGE else publishable_cells(groups)
        if cells:
            TurnoutTable.objects.create(
                contest=contest,
                kind=kind,
                cells=[{"labels": list(cell.labels), "ballots": cell.people} for cell in cells],
            )


def store_own_turnout(*, contest: Contest) -> None:
    """Store the turnout of a round of this city, from the sealed totals and the marked register.

    The register speaks of a whole scope: where several contests share one, only channels are told
    for each, since the contest somebody chose is part of the secret ballot. Three queries.
    """
    TurnoutTable.objects.filter(contest=contest).delete()
    kinds = TurnoutTable.Kind
    channels = SealedTotal.objects.filter(contest=contest).values_list("channel")
    numbers: dict[str, Mapping[str, int]] = {
        kinds.CHANNEL: dict(channels.annotate(people=Sum("ballots")))
    }
    scope = contest.scope
    if scope.contests.count() == 1:
        marks = RegisterMark.objects.filter(scope=scope)
        places = marks.values_list("entry__neighbourhood__name").annotate(people=Number("pk"))
        numbers[kinds.NEIGHBOURHOOD] = {name or NOT_STATED: people for name, people in places}
        births = marks.values_list("entry__birth_date", "entry__roll__reference_date").iterator()
        numbers[kinds.AGE] = Counter(str(age_on(born, day)) for born, day in births)
    store_tables(contest=contest, numbers=numbers)


def _age_cells(groups: Mapping[str, int]) -> tuple[Cell, ...]:
    """Bring single ages into classes; sources that already give classes keep theirs.

    Unknown ages stand at the end of the scale: a small number of them joins the oldest class.
    """
    classes: Counter[tuple[int, str]] = Counter()
    for text, people in groups.items():
        classes[_age_class(text)] += people
    unknown = classes.pop((-1, NOT_STATED), 0)
    ordered = [(label, people) for (_first, label), people in sorted(classes.items())]
    if unknown:
        ordered.append((NOT_STATED, unknown))
    return publishable_classes(ordered)


def group_of(kind: str, text: str) -> str:
    """Give the label under which a table counts somebody of whom a source says `text`."""
    return _age_class(text)[1] if kind == TurnoutTable.Kind.AGE else text


def _age_class(text: str) -> tuple[int, str]:
    """Give the class of an age, with a number by which classes are sorted."""
    if not text:
        return -1, NOT_STATED
    if text.isdecimal() and len(text) <= 3:
        age = int(text)
        at = max(index for index, first in enumerate(AGE_CLASSES) if first <= age)
        first = AGE_CLASSES[at]
        if at == len(AGE_CLASSES) - 1:
            return first, f"{first}+"
        return first, f"{first}-{AGE_CLASSES[at + 1] - 1}"
    numbers = re.findall(r"[0-9]+", text)
    return (int(numbers[0][:4]) if numbers else UNKNOWN_AGE_CLASS), text[:40]
