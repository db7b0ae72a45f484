"""Names of the Pabulib format (pabulib.org, arXiv 2305.11035): keys and columns in order."""

from __future__ import annotations

from collections.abc import Mapping

SECTIONS = ("META", "PROJECTS", "VOTES")

FIRST_COLUMNS = {"PROJECTS": "project_id", "VOTES": "voter_id"}
"""What the line after a title usually begins with: it shows where a title is missing."""

META_KEYS = (
    "description",
    "country",
    "unit",
    "district",
    "subunit",
    "instance",
    "num_projects",
    "num_votes",
    "budget",
    "vote_type",
    "rule",
    "date_begin",
    "date_end",
    "min_length",
    "max_length",
    "min_sum_cost",
    "max_sum_cost",
    "min_points",
    "max_points",
    "min_sum_points",
    "max_sum_points",
    "default_score",
    "min_project_cost",
    "max_project_cost",
    "min_project_score_threshold",
    "neighborhoods",
    "subdistricts",
    "categories",
    "edition",
    "language",
    "currency",
    "fully_funded",
    "experimental",
    "comment",
    "acknowledgments",
    "leftover_budget",
    "budget_per_category",
    "budget_per_neighborhood",
    "min_length_per_category",
    "max_length_per_category",
    "min_sum_cost_per_category",
    "max_sum_cost_per_category",
)

NEEDED_KEYS = ("num_projects", "num_votes", "budget", "vote_type")
"""Without these a file cannot be counted, or a cut-off file not noticed."""

EXPECTED_KEYS = ("description", "country", "unit", "instance", "rule", "date_begin", "date_end")
"""Obligatory in the format, but a count can do without them."""

LENGTH_KEYS = (
    "min_length",
    "max_length",
    "min_points",
    "max_points",
    "min_sum_points",
    "max_sum_points",
)
"""Whole-number limits of a ballot."""

MONEY_KEYS = ("min_sum_cost", "max_sum_cost")

AREAS = "neighborhoods"
AREA_BUDGETS = "budget_per_neighborhood"
"""Areas with budgets of their own: two lists of the same length and order."""

TYPED_KEYS = frozenset({*NEEDED_KEYS, *LENGTH_KEYS, *MONEY_KEYS, "default_score"})
"""Keys that become typed fields of an election; all others stay in its ``meta``."""

PROJECT_COLUMNS = (
    "project_id",
    "cost",
    "votes",
    "score",
    "name",
    "category",
    "beneficiaries",
    "selected",
    "neighborhood",
    "subunit",
    "district",
    "description",
    "proposer",
    "public_id",
    "latitude",
    "longitude",
)

NEVER_EMPTY_COLUMNS = (
    "neighborhood",
    "subunit",
    "district",
    "description",
    "proposer",
    "public_id",
)
"""Optional columns that, once there, pabulib-checker wants filled for every project."""

OLD_PROJECT_COLUMNS: Mapping[str, str] = {"target": "beneficiaries"}
"""Names used before April 2026."""
