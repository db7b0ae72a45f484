"""What may be published about people in tables: no cell, shown or worked out, under ten.

Only tables with one dimension are published, each with the same total. A reader who knows the rules
below and all published numbers must not learn the number of a cell that was hidden:

- a cell under ten never stands alone: small cells are merged into one;
- a merged cell that is still under ten takes in the next smallest cell, again and again, so that
  the total minus the other cells does not give it away (complementary disclosure);
- whoever knows these rules must still have at least three possible numbers for each hidden cell
  (9 + 9 = 18 would give both away, 9 + 13 beside 13 the nine), otherwise another cell is taken in;
- classes with an order (ages) are merged with their neighbour, so that a class stays a range;
- where all cells end in one, nothing but the total is left and the table is not published.

A table of groups by what they got (`publishable_groups`) has several numbers for each group, all of
people of that group. The same holds for every single number: a group with a number under ten is not
shown, but merged with others until no number is, and nobody can work out its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SMALLEST = 10
"""Fewer people than this never stand in a public cell of their own."""
POSSIBLE_NUMBERS = 3


@dataclass(frozen=True)
class Cell:
    """One publishable cell: the labels merged into it and how many people they hold together."""

    labels: tuple[str, ...]
    people: int


def publishable_cells(numbers: Mapping[str, int]) -> tuple[Cell, ...]:
    """Merge unordered categories until none can be worked out; largest first, merged cell last.

    `numbers` are people by category; empty categories are left out. Returns nothing where only one
    cell would remain of several.
    """
    cells = sorted(
        (Cell((label,), people) for label, people in numbers.items() if people),
        key=lambda cell: (-cell.people, cell.labels),
    )
    kept = [cell for cell in cells if cell.people >= SMALLEST]
    hidden = [cell for cell in cells if cell.people < SMALLEST]
    while hidden and not _hides_its_parts(hidden, kept):
        if not kept:
            return ()
        hidden.append(kept.pop())
    if hidden:
        # In the order of the alphabet: the place in the list must not tell which one is small.
        labels = tuple(sorted(label for cell in hidden for label in cell.labels))
        kept.append(Cell(labels, sum(cell.people for cell in hidden)))
    return _worth_showing(kept, among=len(cells))


def publishable_classes(numbers: Sequence[tuple[str, int]]) -> tuple[Cell, ...]:
    """Merge neighbouring classes of an ordered scale until none holds fewer than ten.

    `numbers` are (class, people) in order; the labels of a merged cell stay in order.
    """
    cells = [Cell((label,), people) for label, people in numbers if people]
    among = len(cells)
    while len(cells) > 1 and min(cell.people for cell in cells) < SMALLEST:
        at = min(range(len(cells)), key=lambda index: cells[index].people)
        beside = [index for index in (at - 1, at + 1) if 0 <= index < len(cells)]
        other = min(beside, key=lambda index: cells[index].people)
        first, second = sorted((at, other))
        merged = Cell(
            cells[first].labels + cells[second].labels, cells[first].people + cells[second].people
        )
        cells[first : second + 1] = [merged]
    return _worth_showing(cells, among=among)


@dataclass(frozen=True)
class GroupNumbers:
    """A group of people with several numbers, each of people of the group."""

    labels: tuple[str, ...]
    people: int
    numbers: tuple[int, ...]

    @property
    def is_publishable(self) -> bool:
        """Whether no number stands for fewer than ten people."""
        return min(self.people, *self.numbers) >= SMALLEST


def publishable_groups(
    groups: Sequence[GroupNumbers], *, ordered: bool
) -> tuple[GroupNumbers, ...]:
    """Merge groups until no number is under ten; empty where one group or none would remain.

    Groups with an order (ages) are merged with a neighbour; of others, those that cannot be shown
    become one, which stands last and takes in the next smallest while it could give its parts away.
    """
    if ordered:
        return _merged_neighbours(list(groups))
    kept = sorted(
        (group for group in groups if group.is_publishable),
        key=lambda group: (-group.people, group.labels),
    )
    hidden = [group for group in groups if not group.is_publishable]
    while hidden and not _groups_hide_their_parts(hidden):
        if not kept:
            return ()
        hidden.append(kept.pop())
    if hidden:
        kept.append(_merged(sorted(hidden, key=lambda group: group.labels)))
    return tuple(kept) if len(kept) > 1 else ()


def sums_that_hide(people: Sequence[int], parts: Sequence[Sequence[int]]) -> list[bool]:
    """Say for each group whether a sum made of public amounts for its members may be published.

    `parts` are, for each group, how many of its people each amount counts (the supporters of each
    funded project): from a sum small numbers could be solved, so each must be 0 or at least ten.
    The sum over all groups is public, so the same holds for the groups left out taken together;
    the smallest of the others are left out with them until it does.
    """
    shown = {at for at, numbers in enumerate(parts) if not _has_small(numbers)}
    while len(shown) < len(parts):
        left_out = [numbers for at, numbers in enumerate(parts) if at not in shown]
        together = [sum(numbers) for numbers in zip(*left_out, strict=True)]
        if not shown or (len(left_out) > 1 and not _has_small(together)):
            break
        shown.remove(min(shown, key=lambda at: (people[at], at)))
    return [at in shown for at in range(len(parts))]


def _has_small(numbers: Sequence[int]) -> bool:
    return any(0 < number < SMALLEST for number in numbers)


def _merged_neighbours(groups: list[GroupNumbers]) -> tuple[GroupNumbers, ...]:
    while len(groups) > 1 and not all(group.is_publishable for group in groups):
        at = min(
            (index for index, group in enumerate(groups) if not group.is_publishable),
            key=lambda index: groups[index].people,
        )
        beside = [index for index in (at - 1, at + 1) if 0 <= index < len(groups)]
        first, second = sorted((at, min(beside, key=lambda index: groups[index].people)))
        groups[first : second + 1] = [_merged(groups[first : second + 1])]
    return tuple(groups) if len(groups) > 1 else ()


def _merged(groups: Sequence[GroupNumbers]) -> GroupNumbers:
    columns = zip(*(group.numbers for group in groups), strict=True)
    return GroupNumbers(
        labels=tuple(label for group in groups for label in group.labels),
        people=sum(group.people for group in groups),
        numbers=tuple(map(sum, columns)),
    )


def _groups_hide_their_parts(groups: Sequence[GroupNumbers]) -> bool:
    """Say whether every sum is at least ten and leaves each small part three possible numbers."""
    if len(groups) < 2:
        return False
    for parts in zip(*(group.numbers for group in groups), strict=True):
        total, small = sum(parts), sum(1 for part in parts if part < SMALLEST)
        others = (small - 1) * (SMALLEST - 1)
        if total < SMALLEST:
            return False
        if small == len(parts):
            least, most = max(0, total - others), min(SMALLEST - 1, total)
            if most - least + 1 < POSSIBLE_NUMBERS:
                return False
    return True


def _hides_its_parts(parts: Sequence[Cell], kept: Sequence[Cell]) -> bool:
    """Say whether the sum of the parts leaves enough possible numbers for each small one.

    A reader knows that a small part holds 1 to 9 people, and that a larger one was taken in because
    it was the smallest of the others: it holds at least ten and at most what the next one holds.
    """
    total = sum(part.people for part in parts)
    if total < SMALLEST or len(parts) < 2:
        return False
    small = sum(1 for part in parts if part.people < SMALLEST)
    larger = len(parts) - small
    if larger and not kept:
        return True  # one cell is left, and the table with it unpublished
    most_larger = kept[-1].people if kept else 0
    least = total - (small - 1) * (SMALLEST - 1) - larger * most_larger
    most = total - (small - 1) - larger * SMALLEST
    return min(SMALLEST - 1, most) - max(1, least) + 1 >= POSSIBLE_NUMBERS


def _worth_showing(cells: Sequence[Cell], *, among: int) -> tuple[Cell, ...]:
    if not cells or cells[0].people < SMALLEST or (len(cells) == 1 and among > 1):
        return ()
    return tuple(cells)
