"""What may be published about people in tables: no cell, shown or worked out, under ten.

Only tables with one dimension are published, each with the same total. A reader who knows the rules
below and all published numbers must not learn the number of a cell that was hidden:

- a cell under ten never stands alone: small cells are merged into one;
- a merged cell that is still under ten takes in the next smallest cell, again and again, so that
  the total minus the other cells does not give it away (complementary disclosure);
- a merged cell made of small cells only must leave at least three possible numbers for each of
  them (9 + 9 = 18 would give both away), otherwise it takes in another cell too;
- classes with an order (ages) are merged with their neighbour, so that a class stays a range;
- where all cells end in one, nothing but the total is left and the table is not published.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SMALLEST = 10
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
    while hidden and not _hides_its_parts(hidden):
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


def _hides_its_parts(parts: Sequence[Cell]) -> bool:
    """Say whether the sum of the parts gives none of the small ones away."""
    total = sum(part.people for part in parts)
    if total < SMALLEST or len(parts) < 2:
        return False
    if any(part.people >= SMALLEST for part in parts):
        return True
    others = len(parts) - 1
    least = max(1, total - others * (SMALLEST - 1))
    most = min(SMALLEST - 1, total - others)
    return most - least + 1 >= POSSIBLE_NUMBERS


def _worth_showing(cells: Sequence[Cell], *, among: int) -> tuple[Cell, ...]:
    if not cells or cells[0].people < SMALLEST or (len(cells) == 1 and among > 1):
        return ()
    return tuple(cells)
