"""How the site's search finds rounds and projects."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.face import face
from home.searching import SearchResult, SearchSource, fold, matching, result

from .models import Project, Round

_SHOWN = (
    "number",
    "title_it",
    "title_en",
    "description_it",
    "description_en",
    "round__slug",
    "round__name_it",
    "round__name_en",
    "round__language",
    "round__place",
)


def search_rounds(query: str, language: str) -> list[SearchResult]:
    """Find public rounds by name, summary and city. One query."""
    found = matching(
        Round.objects.public().only("name_it", "name_en", "slug", "summary_it", "summary_en"),
        fields=[f"name_{language}", f"summary_{language}", "name_it", "place"],
        query=query,
        language=language,
    )
    return [
        result(round, kind=_("Participatory budget"), title=round.name, text=round.summary)
        for round in found
    ]


def search_projects(query: str, language: str) -> list[SearchResult]:
    """Find projects of public rounds by title, description, place and theme. One query."""
    found = matching(
        Project.objects.filter(round__is_public=True).select_related("round").only(*_SHOWN),
        fields=[
            f"title_{language}",
            f"description_{language}",
            "title_it",
            "area",
            f"categories_{language}",
            "categories_it",
        ],
        query=query,
        language=language,
    )
    city = face().city_name
    return [
        result(
            project,
            kind=_("Project"),
            title=project.title,
            text=project.description,
            language=project.round.language if project.round.language != language else "",
            where=_where(project.round, city),
        )
        for project in found
    ]


def _where(round: Round, city: str) -> str:
    """Return the round of a project, and its city where the round's name does not say it."""
    place = round.place or city
    # "Comune di Fontelieta" is Fontelieta in a round's name.
    said = fold(place).split()[-1:]
    return (
        round.name if all(word in fold(round.name) for word in said) else f"{round.name}, {place}"
    )


def search_guides(query: str, language: str) -> list[SearchResult]:
    """Find the page that compares award rules, by the words of its title and summary. No query."""
    title = _("What changes with equal shares")
    summary = _(
        "Two ways to assign the same money by the same ballots, side by side on real votes: "
        "what is gained, what is lost."
    )
    words = fold(f"{title} {summary} {_('Method of Equal Shares')} {_('Most votes first')}")
    if not all(word in words for word in query.split()):
        return []
    return [
        SearchResult(
            title=title,
            url=reverse("budgeting:how_awards_differ"),
            text=summary,
            kind=_("Participatory budget"),
        )
    ]


ROUNDS = SearchSource(
    key="rounds", label=gettext_lazy("Participatory budget"), search=search_rounds
)
PROJECTS = SearchSource(key="projects", label=gettext_lazy("Projects"), search=search_projects)
GUIDES = SearchSource(key="guides", label=gettext_lazy("Guides"), search=search_guides)
