"""No table tells anything about fewer than ten people, shown or worked out."""

from itertools import product

import pytest
from django.db import IntegrityError, transaction

from budgeting.disclosure import SMALLEST, publishable_cells, publishable_classes
from budgeting.models import TurnoutTable

from ..factories.budgeting import ContestFactory


def numbers(cells):
    return {cell.labels: cell.people for cell in cells}


def test_large_groups_stand_as_they_are():
    assert numbers(publishable_cells({"F": 60, "M": 40})) == {("F",): 60, ("M",): 40}


def test_small_groups_are_merged():
    cells = publishable_cells({"a": 50, "b": 5, "c": 6, "d": 4})
    assert numbers(cells) == {("a",): 50, ("b", "c", "d"): 15}


def test_a_single_small_group_takes_another_with_it():
    """The total minus the others would give it away."""
    cells = publishable_cells({"a": 50, "b": 20, "c": 3})
    assert numbers(cells) == {("a",): 50, ("b", "c"): 23}


def test_small_groups_whose_sum_gives_them_away_take_another_with_them():
    """Two groups under ten with eighteen people together have nine each."""
    cells = publishable_cells({"a": 50, "b": 30, "c": 9, "d": 9})
    assert numbers(cells) == {("a",): 50, ("b", "c", "d"): 48}


def test_a_table_that_would_keep_one_cell_is_not_published():
    assert publishable_cells({"F": 8, "M": 30}) == ()
    assert publishable_cells({"F": 3, "M": 4}) == ()


def test_one_group_of_everybody_is_published():
    assert numbers(publishable_cells({"internet": 500})) == {("internet",): 500}


def test_classes_with_an_order_are_merged_with_their_neighbours():
    cells = publishable_classes([("0-15", 2), ("16-24", 30), ("25-34", 40), ("75+", 9)])
    assert numbers(cells) == {("0-15", "16-24"): 32, ("25-34", "75+"): 49}


@pytest.mark.parametrize("sizes", list(product([0, 1, 4, 9, 10, 25], repeat=3)))
def test_nobody_is_lost_and_no_cell_is_small(sizes):
    groups = dict(zip("abc", sizes, strict=True))
    for cells in (publishable_cells(groups), publishable_classes(list(groups.items()))):
        if cells:
            assert sum(cell.people for cell in cells) == sum(sizes)
            assert all(cell.people >= SMALLEST for cell in cells)


@pytest.mark.parametrize("sizes", list(product(range(1, 26, 4), repeat=3)))
def test_no_small_number_can_be_worked_out(sizes):
    """Every published table fits several truths that differ in each hidden small number."""
    truth = dict(zip("abc", sizes, strict=True))
    published = publishable_cells(truth)
    small = [label for label, people in truth.items() if people < SMALLEST]
    if not published or not small:
        return
    seen = {label: set() for label in small}
    for first, second in product(range(31), repeat=2):
        guess = (first, second, sum(sizes) - first - second)
        world = dict(zip("abc", guess, strict=True))
        if min(guess) >= 0 and numbers(publishable_cells(world)) == numbers(published):
            for label in small:
                seen[label].add(world[label])
    assert all(len(values) >= 3 for values in seen.values())


@pytest.mark.django_db
def test_the_database_refuses_a_small_cell():
    contest = ContestFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        TurnoutTable.objects.create(
            contest=contest, kind="sex", cells=[{"labels": ["F"], "ballots": 9}]
        )
    TurnoutTable.objects.create(
        contest=contest, kind="sex", cells=[{"labels": ["F"], "ballots": 10}]
    )
