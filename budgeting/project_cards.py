"""What a list of projects shows of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.template.defaultfilters import truncatewords
from django.templatetags.static import static
from django.utils.translation import gettext as _

from home.models import CARD, RioneImage, attach_pictures
from home.money import format_money

from .models import Contest, Project, Round

TEXT_WORDS = 20
TINTS, DRAWINGS = 6, 3
"""Of the drawings on cards without a picture: the colours, and the drawings of places.svg."""


@dataclass(frozen=True)
class ProjectCard:
    """A project as components/card.html shows it; `state_word` only of one withdrawn."""

    title: str
    url: str
    eyebrow: str
    text: str
    amount: str
    place: str
    state_word: str
    image: RioneImage | None
    drawing: str
    tint: int


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
    drawings = static("images/places.svg") if any(each.image_id for each in projects) else ""
    positions = {contest.pk: position for position, contest in enumerate(contests)}
    eyebrow = _("No. %(number)s, %(contest)s")
    cards = []
    for at, project in enumerate(projects):
        position = positions[project.contest_id]
        contest = contests[position].name
        place = project.neighbourhood_name or project.area
        project.round = round
        cards.append(
            ProjectCard(
                title=project.title,
                url=project.get_absolute_url(),
                eyebrow=eyebrow % {"number": project.number, "contest": contest},
                text=truncatewords(project.description, TEXT_WORDS),
                amount=format_money(project.cost, round.currency),
                place="" if place == contest else place,
                state_word=_state_word(project),
                image=project.image,
                drawing=drawings and f"{drawings}#place-{at % DRAWINGS + 1}",
                tint=position % TINTS + 1,
            )
        )
    return cards


def _state_word(project: Project) -> str:
    is_withdrawn = project.state == Project.State.WITHDRAWN
    return str(project.get_state_display()) if is_withdrawn else ""
