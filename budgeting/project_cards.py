"""What a list of projects shows of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from home.models import CARD, attach_pictures

from .models import Contest, Project, Round

TINTS, PLACES = 6, 3
"""Of the drawings on cards without a picture: colours, and drawings of each."""


@dataclass(frozen=True)
class ProjectCard:
    """A project for components/card.html; `tint` and `drawn_place` are 0 where nothing is drawn."""

    project: Project
    eyebrow: str
    place: str
    state_word: str
    tint: int
    drawn_place: int


def with_neighbourhood_name(projects: Any) -> Any:
    """Let projects bring the name of their neighbourhood along, not its whole record."""
    return projects.annotate(neighbourhood_name=F("neighbourhood__name"))


def project_cards(
    projects: Sequence[Any], round: Round, contests: Sequence[Contest]
) -> list[ProjectCard]:
    """Return the cards of a round's projects (`with_neighbourhood_name`), with their pictures.

    Where one of them has a picture, the others have a drawing in the colour of their contest. One
    query, none without pictures.
    """
    attach_pictures(projects, CARD)
    has_pictures = any(project.image_id for project in projects)
    positions = {contest.pk: position for position, contest in enumerate(contests)}
    eyebrow = _("No. %(number)s, %(contest)s")
    cards = []
    for at, project in enumerate(projects):
        position = positions[project.contest_id]
        contest = contests[position]
        project.round, project.contest = round, contest
        is_withdrawn = project.state == Project.State.WITHDRAWN
        cards.append(
            ProjectCard(
                project=project,
                eyebrow=eyebrow % {"number": project.number, "contest": contest.name},
                place=_place(project),
                state_word=project.get_state_display() if is_withdrawn else "",
                tint=position % TINTS + 1 if has_pictures else 0,
                drawn_place=at % PLACES + 1 if has_pictures else 0,
            )
        )
    return cards


def _place(project: Any) -> str:
    """Return where a project is, in the words its contest does not say already."""
    place = project.neighbourhood_name or project.area
    return "" if place == project.contest.name else place
