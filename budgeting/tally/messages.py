"""What the reader says about a file: one code per finding, with an English sentence and a remedy.

Sentences are marked for translation but not translated here: whoever shows them to people
translates ``text.message`` and ``text.remedy`` and fills in the parameters with ``str.format``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


def gettext_noop(text: str) -> str:
    """Mark a sentence for the translation catalogue and return it unchanged."""
    return text


@dataclass(frozen=True)
class Text:
    """A sentence and what to do about it, both with named ``{parameters}``."""

    message: str
    remedy: str


ERRORS: Mapping[str, Text] = {
    "empty": Text(
        gettext_noop("The file is empty."),
        gettext_noop("Choose a file in Pabulib format with the sections META, PROJECTS and VOTES."),
    ),
    "encoding": Text(
        gettext_noop("The line is not UTF-8 text."),
        gettext_noop("Save the file again with the encoding UTF-8."),
    ),
    "csv": Text(
        gettext_noop("The line cannot be split into cells: {problem}."),
        gettext_noop("Separate cells with semicolons and end lines with a line feed."),
    ),
    "quote": Text(
        gettext_noop("A quotation mark opened here is never closed."),
        gettext_noop("Close the quoted cell, or write a quotation mark inside it twice."),
    ),
    "section-first": Text(
        gettext_noop("The file starts with “{found}” instead of the title META."),
        gettext_noop("Begin the file with the line META; check that it is a Pabulib file."),
    ),
    "section-missing": Text(
        gettext_noop("The section {section} is missing."),
        gettext_noop("Add the section: a line with its title, a header line, then its rows."),
    ),
    "section-order": Text(
        gettext_noop("The section {section} stands in the wrong place or appears twice."),
        gettext_noop("Write META, PROJECTS and VOTES once each, in this order."),
    ),
    "meta-header": Text(
        gettext_noop("The header of META is “{found}”."),
        gettext_noop("Write key;value on the line after META."),
    ),
    "header-missing": Text(
        gettext_noop("The section {section} has no header line."),
        gettext_noop("Write the column names on the line after the title."),
    ),
    "column-missing": Text(
        gettext_noop("The section {section} has no column {column}."),
        gettext_noop("Add the column {column} to the header and to every row."),
    ),
    "column-repeated": Text(
        gettext_noop("The column {column} appears twice in {section}."),
        gettext_noop("Keep one of the two columns."),
    ),
    "cells": Text(
        gettext_noop("The row has {found} cells, the header has {expected}."),
        gettext_noop("Put a cell that contains a semicolon in quotation marks."),
    ),
    "meta-key": Text(
        gettext_noop("A row of META has no key."),
        gettext_noop("Write the key before the semicolon, or remove the row."),
    ),
    "meta-repeated": Text(
        gettext_noop("The key {key} appears twice in META."),
        gettext_noop("Keep one of the two rows."),
    ),
    "meta-missing": Text(
        gettext_noop("META does not say {key}."),
        gettext_noop("Add a row with the key {key} and its value."),
    ),
    "amount": Text(
        gettext_noop("“{value}” is not an amount of money."),
        gettext_noop("Write digits, with a point before decimals, without currency or spaces."),
    ),
    "amount-negative": Text(
        gettext_noop("The amount {value} is negative."),
        gettext_noop("Write an amount of 0 or more."),
    ),
    "whole-number": Text(
        gettext_noop("“{value}” is not a whole number."),
        gettext_noop("Write digits only."),
    ),
    "too-large": Text(
        gettext_noop("The number {value} is too large to be counted with."),
        gettext_noop("Write a number between -{limit} and {limit}."),
    ),
    "limits": Text(
        gettext_noop("The minimum {low} is above the maximum {high}."),
        gettext_noop("Correct {low_key} or {high_key}."),
    ),
    "vote-type": Text(
        gettext_noop("The ballot type “{value}” is not known."),
        gettext_noop("Write approval, choose-1, cumulative, scoring or ordinal."),
    ),
    "num-projects": Text(
        gettext_noop("META announces {announced} projects, the file has {found}."),
        gettext_noop("Check that no row is missing or cut off, then correct the number."),
    ),
    "num-votes": Text(
        gettext_noop("META announces {announced} ballots, the file has {found}."),
        gettext_noop("Check that no row is missing or cut off, then correct the number."),
    ),
    "no-projects": Text(
        gettext_noop("The section PROJECTS has no rows."),
        gettext_noop("Add the projects that stood on the ballot."),
    ),
    "project-id": Text(
        gettext_noop("The project id “{value}” cannot be used on ballots."),
        gettext_noop("Give the project an id without commas and line ends."),
    ),
    "project-id-missing": Text(
        gettext_noop("A project has no id."),
        gettext_noop("Give every project its own id."),
    ),
    "project-repeated": Text(
        gettext_noop("The project {project} appears twice; first on line {first}."),
        gettext_noop("Give every project its own id, and each project one row."),
    ),
    "selected": Text(
        gettext_noop("“{value}” does not say whether the project was funded."),
        gettext_noop("Write 1 or 0 (2 and 3: funded another way)."),
    ),
    "voter-missing": Text(
        gettext_noop("A ballot has no voter_id."),
        gettext_noop("Give every ballot a number or code of its own."),
    ),
    "voter-repeated": Text(
        gettext_noop("The voter {voter} appears twice."),
        gettext_noop("Keep one ballot per voter_id."),
    ),
    "unknown-project": Text(
        gettext_noop("The ballot names the project “{project}”, which is not in PROJECTS."),
        gettext_noop("Correct the id or add the project to PROJECTS."),
    ),
    "empty-choice": Text(
        gettext_noop("The ballot “{vote}” has an empty place between commas."),
        gettext_noop("Write project ids with one comma between them."),
    ),
    "one-choice": Text(
        gettext_noop("The ballot names {found} projects where one is allowed."),
        gettext_noop("Keep one project, or correct vote_type."),
    ),
    "too-many": Text(
        gettext_noop("The ballot names {found} projects, at most {limit} are allowed."),
        gettext_noop("Correct the ballot or max_length."),
    ),
    "too-few": Text(
        gettext_noop("The ballot names {found} projects, at least {limit} are asked."),
        gettext_noop("Correct the ballot or min_length."),
    ),
    "points-missing": Text(
        gettext_noop("The ballot names projects but gives no points."),
        gettext_noop("Write one number of points per project, in the same order."),
    ),
    "points-count": Text(
        gettext_noop("The ballot has {choices} projects but {points} numbers of points."),
        gettext_noop("Write one number of points per project, in the same order."),
    ),
    "points-number": Text(
        gettext_noop("“{value}” is not a whole number of points."),
        gettext_noop("Write whole numbers with commas between them."),
    ),
    "points-negative": Text(
        gettext_noop("A cumulative ballot cannot give {value} points."),
        gettext_noop("Write points of 0 or more."),
    ),
    "points-unexpected": Text(
        gettext_noop("The ballot gives points, but {vote_type} ballots have none."),
        gettext_noop("Empty the column points, or correct vote_type."),
    ),
    "points-low": Text(
        gettext_noop("{value} points are below the minimum of {limit}."),
        gettext_noop("Correct the ballot or min_points."),
    ),
    "points-high": Text(
        gettext_noop("{value} points are above the maximum of {limit}."),
        gettext_noop("Correct the ballot or max_points."),
    ),
}
"""Why a file is refused."""

WARNINGS: Mapping[str, Text] = {
    "old-column": Text(
        gettext_noop("The column {old} is now called {new}."),
        gettext_noop("It was read as {new}."),
    ),
    "unknown-column": Text(
        gettext_noop("The column {column} is not part of the format."),
        gettext_noop("It was kept and does not enter the count."),
    ),
    "meta-missing": Text(
        gettext_noop("META does not say {key}, which the format asks for."),
        gettext_noop("The count does not need it; add it before publishing the file again."),
    ),
    "no-max-length": Text(
        gettext_noop("META does not say how long a ranking may be."),
        gettext_noop("The number of projects, {used}, was taken; points depend on it."),
    ),
    "areas-unused": Text(
        gettext_noop(
            "The budgets of neighbourhoods do not match their list, the projects or the budget."
        ),
        gettext_noop("They were left aside: the budget is one for all."),
    ),
    "short-row": Text(
        gettext_noop("The row has fewer cells than the header."),
        gettext_noop("The missing cells were taken as empty."),
    ),
    "blank-line": Text(
        gettext_noop("The file has an empty line."),
        gettext_noop("It was passed over."),
    ),
    "spaces": Text(
        gettext_noop("A list has spaces around its commas."),
        gettext_noop("The spaces were ignored."),
    ),
    "repeated-choice": Text(
        gettext_noop("A ballot names the project {project} twice."),
        gettext_noop("It counts once, at its first mention."),
    ),
    "blank-ballot": Text(
        gettext_noop("A ballot names no project."),
        gettext_noop("It counts as a blank ballot."),
    ),
    "sum-cost-low": Text(
        gettext_noop("A ballot chooses projects for less than min_sum_cost."),
        gettext_noop("It was counted as recorded."),
    ),
    "sum-cost-high": Text(
        gettext_noop("A ballot chooses projects for more than max_sum_cost."),
        gettext_noop("It was counted as recorded."),
    ),
    "sum-points-low": Text(
        gettext_noop("A ballot gives fewer points than min_sum_points."),
        gettext_noop("It was counted as recorded."),
    ),
    "sum-points-high": Text(
        gettext_noop("A ballot gives more points than max_sum_points."),
        gettext_noop("It was counted as recorded."),
    ),
    "points-not-borda": Text(
        gettext_noop("The points beside a ranking are not those of its places."),
        gettext_noop("The places count: k, k−1, k−2, … with k = {ranks}."),
    ),
    "votes-differ": Text(
        gettext_noop("The file says {recorded} votes for {project}, its ballots give {counted}."),
        gettext_noop("The ballots count."),
    ),
    "score-differ": Text(
        gettext_noop("The file says {recorded} points for {project}, its ballots give {counted}."),
        gettext_noop("The ballots count."),
    ),
}
"""What was odd about a file that was read nevertheless."""


class PabulibError(Exception):
    """A file that cannot be read: where (``line``, ``section``, ``field``), why and what to do.

    ``line`` counts from 1 and is None when the file as a whole is meant. ``code`` and ``params``
    let a caller translate :attr:`text`.
    """

    def __init__(
        self,
        code: str,
        *,
        line: int | None = None,
        section: str = "",
        field: str = "",
        **params: str | int,
    ) -> None:
        self.code = code
        self.line = line
        self.section = section
        self.field = field
        self.params: dict[str, str | int] = {"section": section, **params}
        self.text = ERRORS[code]
        super().__init__(f"{self.where}{self.message} {self.remedy}")

    @property
    def message(self) -> str:
        """Say in English what is wrong."""
        return self.text.message.format(**self.params)

    @property
    def remedy(self) -> str:
        """Say in English what to do."""
        return self.text.remedy.format(**self.params)

    @property
    def where(self) -> str:
        """Give line and field as a prefix, ``line 12, cost:``."""
        places = [f"line {self.line}"] if self.line else []
        places += [name for name in (self.section, self.field) if name]
        return f"{', '.join(places)}: " if places else ""


@dataclass
class ReadWarning:
    """Something odd, with the first line it was seen on and how many times it was seen."""

    code: str
    line: int | None = None
    field: str = ""
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict)
    count: int = 1

    @property
    def text(self) -> Text:
        """Give the untranslated sentences."""
        return WARNINGS[self.code]

    @property
    def message(self) -> str:
        """Say in English what is odd."""
        return self.text.message.format(**self.params)

    @property
    def remedy(self) -> str:
        """Say in English what was done about it."""
        return self.text.remedy.format(**self.params)
