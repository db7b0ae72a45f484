"""The public pages of rounds and projects."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budgeting import themes
from budgeting.models import FrozenRules, Project, Round
from budgeting.phases import phase_at
from budgeting.project_cards import project_cards, with_neighbourhood_name
from budgeting.round_pages import contests_of, load_round_page, phases_of, rounds_for_list
from commons.drawing import Drawing, draw
from home.addresses import home_crumb
from home.caching import is_anonymous, public_page
from home.languages import active_language
from home.models import CARD, attach_pictures
from home.searching import CONFIGURATIONS, SHORTEST_QUERY, asked_words, fold, matching
from residents.second_factor import is_staff_session

ROUNDS_PER_PAGE = 12
PROJECTS_PER_PAGE = 24
WIDE = "fill-1200x500|format-webp"  # of the picture on a project's page


@require_safe
@public_page
def round_list(request: HttpRequest) -> HttpResponse:
    """Show the rounds: the city's own, then other cities' votes counted again here."""
    page = Paginator(rounds_for_list(_visible(request)), ROUNDS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    attach_pictures(page.object_list, CARD)
    rounds = [(each, phase_at(phases_of(each), each.now)) for each in page]
    return render(
        request,
        "budgeting/rounds.html",
        {
            "page_obj": page,
            "own": [pair for pair in rounds if not pair[0].is_from_elsewhere],
            "elsewhere": [pair for pair in rounds if pair[0].is_from_elsewhere],
            "breadcrumbs": [home_crumb(), (_("Participatory budget"), None)],
        },
    )


@require_safe
@public_page
def round_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one round: its time, its money, its rules, its numbers."""
    try:
        page = load_round_page(slug=slug, visible=_visible(request))
    except Round.DoesNotExist as error:
        raise Http404 from error
    return render(
        request,
        "budgeting/round.html",
        {
            "page": page,
            "round": page.round,
            "breadcrumbs": [*_above(), (page.round.name, None)],
        },
    )


@require_safe
@public_page
def project_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the projects of a round, by contest and words, in the order of the ballot."""
    round = _round(request, slug)
    contests = list(contests_of(round))
    chosen = next((each for each in contests if each.slug == request.GET.get("contest")), None)
    projects = Project.objects.filter(round=round)
    if chosen is not None:
        projects = projects.filter(contest=chosen)
    state = request.GET.get("state", "")
    if state in Project.State.values:
        projects = projects.filter(state=state)
    texts = Project.objects.filter(round=round).exclude(categories_it="")
    known = themes.names(texts.values_list("categories_it", "categories_en").distinct().order_by())
    theme = request.GET.get("theme", "")
    if theme in known:
        projects = themes.having(projects, theme)
    query = asked_words(request)
    if query.isdecimal() or len(query) >= SHORTEST_QUERY:
        projects = _matching(projects, query, round)
    projects = with_neighbourhood_name(projects).order_by("number")
    page = Paginator(projects, PROJECTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "budgeting/projects.html",
        {
            "round": round,
            "contests": contests,
            "chosen": chosen,
            "state": state,
            "states": Project.State.choices,
            "themes": known,
            "theme": theme,
            "query": query,
            "page_obj": page,
            "cards": project_cards(page, round, contests),
            "title_lang": _foreign(round),
            "breadcrumbs": [
                *_above(),
                (round.name, round.get_absolute_url()),
                (_("Projects"), None),
            ],
        },
    )


@require_safe
@public_page
def project_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one project: title, place, cost, description, state."""
    round = _round(request, slug)
    project: Project = get_object_or_404(
        Project.objects.select_related("contest", "neighbourhood", "good").defer(
            "neighbourhood__boundary"
        ),
        round=round,
        number=number,
    )
    project.round = round
    attach_pictures([project], WIDE)
    return render(
        request,
        "budgeting/project.html",
        {
            "round": round,
            "project": project,
            "rivals": _rivals(project),
            "drawing": _drawing(project),
            "title_lang": _foreign(round),
            "breadcrumbs": [
                *_above(),
                (round.name, round.get_absolute_url()),
                (_("Projects"), reverse("budgeting:projects", args=[round.slug])),
                (project.title, None),
            ],
        },
    )


@require_safe
@public_page(seconds=3600)
def frozen_rules(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Answer with a frozen document, byte for byte as it was hashed."""
    rules = get_object_or_404(FrozenRules, round=_round(request, slug), number=number)
    response = HttpResponse(rules.document.encode(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{slug}-rules-{number}.json"'
    response["ETag"] = f'"{rules.sha256}"'
    return response


def _visible(request: HttpRequest) -> Any:
    """Return the rounds on the site; staff also see the others. Opens no session for anonymous."""
    if not is_anonymous(request) and is_staff_session(request):
        return Round.objects.all()
    return Round.objects.public()


def _round(request: HttpRequest, slug: str) -> Round:
    round: Round = get_object_or_404(_visible(request), slug=slug)
    return round


def _matching(projects: Any, query: str, round: Round) -> Any:
    if query.isdecimal():
        return projects.filter(number=int(query)) if len(query) < 10 else projects.none()
    language = active_language()
    names = [f"title_{language}", f"description_{language}", f"categories_{language}"]
    if language != "it":
        names += ["title_it", "description_it", "categories_it"]
    found = matching(
        projects,
        fields=[*names, "area"],
        query=fold(query),
        language=language if language in CONFIGURATIONS else "it",
    )
    # By key, so that the order of the ballot holds and not that of the best match.
    return Project.objects.filter(pk__in=found.values("pk"))


def _rivals(project: Project) -> list[Project]:
    """Return the projects with which a project cannot be funded, in the order of the ballot."""
    rivals = list(project.rivals.order_by("number").only("number", "title"))
    for rival in rivals:
        rival.round = project.round
    return rivals


def _drawing(project: Project) -> Drawing | None:
    """Return the map with the project's place marked; none where it lies elsewhere."""
    if project.latitude is None or project.longitude is None or project.round.is_from_elsewhere:
        return None
    drawing = draw(
        current=project.neighbourhood,
        mark=(project.latitude, project.longitude),
    )
    return drawing if drawing and drawing.mark else None


def _foreign(round: Round) -> str:
    """Return the language of imported names, where it is not the reader's."""
    return "" if round.language == active_language() else round.language


def _above() -> list[tuple[str, str]]:
    return [home_crumb(), (_("Participatory budget"), reverse("budgeting:rounds"))]
