"""What a count tells beyond its award, stored when it is counted and read by pages.

Three things: the same ballots under other rules, measured (`RuleAward`); what each award gives to
groups of voters, where a source says who voted (`GroupTable`); and, for every project, what would
have changed its result (`ResultRow.sufficing`, read with `tally.Sufficing.from_json`).

The first two are stored with the count. The third takes many recounts: a background task answers
project by project and goes on where it stopped, so pages say "being worked out" until then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import tally
from .models import Count, Insight

OWN = "own"
GREEDY = "greedy"
EQUAL_SHARES = "equal-shares"
PHRAGMEN = "phragmen"


@dataclass(frozen=True)
class RuleAward:
    """One award of the same ballots, by the rule of the count (`key` is `own`) or by another.

    Projects are primary keys, `winners` in the order funded; money is in hundredths.
    `by_choices_funded[k]` are the ballots with exactly k of their choices funded. Against the own
    award: `gained` and `lost` projects, money `moved` by neighbourhood (more than 0 where this rule
    brings more), ballots with more of their choices funded here (`better_here`) or there
    (`better_own`). `needs_list_order`: equal projects were told apart by the official order of the
    list, because the draw that the rule asks for was never made.
    """

    key: str
    rule: tally.Rule
    winners: tuple[int, ...]
    cost: int
    ballots: int
    by_choices_funded: tuple[int, ...]
    neighbourhoods: tuple[tally.AreaMoney, ...]
    categories: tuple[tally.AreaMoney, ...]
    gained: tuple[int, ...]
    lost: tuple[int, ...]
    moved: Mapping[str, int]
    better_here: int
    better_own: int
    equal: int
    needs_list_order: bool

    @property
    def with_something(self) -> int:
        """Ballots with at least one of their choices funded."""
        return self.ballots - self.by_choices_funded[0]


@dataclass(frozen=True)
class GroupAward:
    """What one award gives to one group: ballots in each column of the table, money in hundredths.

    `money` is what the group decided: under Equal Shares and Phragmén what its members paid; where
    money has no owner, each funded project's cost is divided equally among those who chose it (in
    proportion to their points). Rounded to whole currency units. None where it would tell how few
    of the group chose a project.
    """

    ballots: tuple[int, ...]
    money: int | None


@dataclass(frozen=True)
class Group:
    """One group of voters, never under ten; several labels are groups merged into one.

    An award is left out of `awards` where its numbers beside another's would tell of fewer people.
    """

    labels: tuple[str, ...]
    people: int
    awards: Mapping[str, GroupAward]


@dataclass(frozen=True)
class GroupTable:
    """A table of groups: `kind` is one of `TurnoutTable.Kind` (neighbourhood or age).

    `columns` are the least numbers of choices funded of each column: (0, 1, 2, 4) means none, one,
    two or three, four or more. Every number of ballots in the table is at least ten.
    """

    kind: str
    columns: tuple[int, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Insights:
    """Everything stored about a count; the own award comes first among `awards`.

    `is_complete` says whether what would have sufficed is known for every project.
    """

    awards: tuple[RuleAward, ...]
    groups: tuple[GroupTable, ...]
    is_complete: bool

    @property
    def own(self) -> RuleAward:
        """The award of the count."""
        return self.awards[0]

    @property
    def others(self) -> tuple[RuleAward, ...]:
        """The awards of the same ballots by other rules."""
        return self.awards[1:]


def insights_of(count: Count) -> Insights | None:
    """Return what is stored about a count; None while it is worked out, and for tiny counts."""
    stored = Insight.objects.filter(count=count).first()
    if stored is None or not stored.awards:
        return None
    return Insights(
        awards=tuple(_award(item) for item in stored.awards),
        groups=tuple(_table(item) for item in stored.groups),
        is_complete=stored.completed_at is not None,
    )


def first_group_kind(count: Count) -> str | None:
    """Return the kind of the first table of groups of voters, None where there is none."""
    return Insight.objects.filter(count=count).values_list("groups__0__kind", flat=True).first()


def _award(data: Mapping[str, Any]) -> RuleAward:
    return RuleAward(
        key=data["key"],
        rule=tally.Rule.from_json(data["rule"]),
        winners=tuple(data["winners"]),
        cost=data["cost"],
        ballots=data["ballots"],
        by_choices_funded=tuple(data["by_choices_funded"]),
        neighbourhoods=_areas(data["neighborhoods"]),
        categories=_areas(data["categories"]),
        gained=tuple(data["gained"]),
        lost=tuple(data["lost"]),
        moved=data["moved"],
        better_here=data["better_under_other"],
        better_own=data["better_under_one"],
        equal=data["equal"],
        needs_list_order=data["needs_list_order"],
    )


def _areas(data: Sequence[Mapping[str, Any]]) -> tuple[tally.AreaMoney, ...]:
    return tuple(tally.AreaMoney(**item) for item in data)


def _table(data: Mapping[str, Any]) -> GroupTable:
    return GroupTable(
        kind=data["kind"],
        columns=tuple(data["columns"]),
        groups=tuple(
            Group(
                labels=tuple(item["labels"]),
                people=item["people"],
                awards={
                    key: GroupAward(ballots=tuple(award["ballots"]), money=award["money"])
                    for key, award in item["awards"].items()
                },
            )
            for item in data["groups"]
        ),
    )
