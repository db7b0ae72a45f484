"""No table tells anything about fewer than ten people, shown or worked out."""

from itertools import product

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from budgeting.disclosure import (
    SMALLEST,
    GroupNumbers,
    publishable_cells,
    publishable_classes,
    publishable_groups,
    sums_that_hide,
)
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


@st.composite
def rows_of_groups(draw):
    width = draw(st.integers(1, 4))
    numbers = st.lists(st.integers(0, 40), min_size=width, max_size=width)
    return [
        GroupNumbers((str(at),), sum(row), tuple(row))
        for at, row in enumerate(draw(st.lists(numbers, max_size=7)))
    ]


@given(rows_of_groups(), st.booleans())
def test_no_number_of_a_published_group_is_small(groups, ordered):
    shown = publishable_groups(groups, ordered=ordered)
    assert len(shown) != 1
    for group in shown:
        assert min(group.people, *group.numbers) >= SMALLEST
    if shown:
        labels = [label for group in shown for label in group.labels]
        assert sorted(labels) == sorted(group.labels[0] for group in groups)
        assert sum(group.people for group in shown) == sum(group.people for group in groups)


def test_a_group_with_a_small_number_never_stands_alone():
    groups = [
        GroupNumbers(("a",), 100, (50, 50)),
        GroupNumbers(("b",), 60, (30, 30)),
        GroupNumbers(("c",), 33, (3, 30)),
    ]
    # c cannot be shown, nor b beside it: a + the rest.
    assert publishable_groups(groups, ordered=False) == (
        GroupNumbers(("a",), 100, (50, 50)),
        GroupNumbers(("b", "c"), 93, (33, 60)),
    )


def test_two_small_numbers_that_add_up_to_eighteen_are_both_nine():
    groups = [GroupNumbers((name,), 39, (9, 30)) for name in "ab"]
    more = [GroupNumbers((name,), 60, (30, 30)) for name in "cd"]
    shown = publishable_groups([*groups, *more], ordered=False)
    assert [group.labels for group in shown] == [("c",), ("a", "b", "d")]


def test_ages_are_merged_with_a_neighbour():
    groups = [
        GroupNumbers(("16-24",), 40, (20, 20)),
        GroupNumbers(("25-34",), 25, (5, 20)),
        GroupNumbers(("35-44",), 30, (15, 15)),
    ]
    shown = publishable_groups(groups, ordered=True)
    assert [group.labels for group in shown] == [("16-24",), ("25-34", "35-44")]
    assert publishable_groups(groups[1:2], ordered=True) == ()


@given(st.integers(0, 3).flatmap(lambda n: st.lists(st.tuples(*[st.integers(0, 25)] * n))))
def test_neither_a_sum_nor_what_it_leaves_of_the_total_has_a_small_part(parts):
    shown = sums_that_hide([sum(numbers) for numbers in parts], parts)
    left_out = [numbers for numbers, is_shown in zip(parts, shown, strict=True) if not is_shown]
    together = [sum(numbers) for numbers in zip(*left_out, strict=True)]
    said = [numbers for numbers, is_shown in zip(parts, shown, strict=True) if is_shown]
    if said:
        for numbers in (*said, together):
            assert all(number == 0 or number >= SMALLEST for number in numbers)


def test_a_sum_left_out_takes_the_smallest_other_with_it():
    assert sums_that_hide([80, 60, 40], [(30, 50), (20, 40), (3, 37)]) == [True, False, False]
    assert sums_that_hide([80, 40], [(30, 0), (12, 10)]) == [True, True]
    assert sums_that_hide([80, 40], [(30, 0), (9, 10)]) == [False, False]
