"""The public pages of the territory."""

import json

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from home.addresses import home_crumb
from home.caching import public_page
from home.models import CARD, attach_pictures

from . import hooks
from .drawing import draw
from .etags import with_etag
from .forms import GoodFilterForm
from .map_data import feature_collection
from .models import CommonGood, Neighbourhood
from .states import state_badge

WIDE = "fill-1200x750|format-webp"
GOODS_PER_PAGE = 24


@require_safe
@public_page
def neighbourhoods(request: HttpRequest) -> HttpResponse:
    """Show the map of the city and the list of its neighbourhoods."""
    every = list(Neighbourhood.objects.defer("boundary"))
    attach_pictures(every, CARD)
    return render(
        request,
        "commons/neighbourhoods.html",
        {
            "neighbourhoods": every,
            "drawing": draw(),
            "breadcrumbs": [home_crumb(), (_("Neighbourhoods"), None)],
        },
    )


@require_safe
@public_page
def neighbourhood(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one neighbourhood: what happens there now, its goods, what the other apps add."""
    # All of them at once: those beside it are among them.
    neighbours = Neighbourhood.neighbours.through.objects.filter(
        from_neighbourhood__slug=slug, to_neighbourhood=OuterRef("pk")
    )
    every = list(Neighbourhood.objects.defer("boundary").annotate(is_beside=Exists(neighbours)))
    shown = next((n for n in every if n.slug == slug), None)
    if shown is None:
        raise Http404
    goods = list(shown.goods.order_by("name", "pk")[:GOODS_PER_PAGE])
    for good in goods:
        good.neighbourhood = shown
    attach_pictures([shown, *goods], CARD, WIDE)
    return render(
        request,
        "commons/neighbourhood.html",
        {
            "neighbourhood": shown,
            "goods": [(good, state_badge(good.state)) for good in goods],
            "has_more_goods": len(goods) == GOODS_PER_PAGE,
            "neighbours": [n for n in every if n.is_beside],
            "drawing": draw(goods, current=shown),
            "sections": hooks.page_sections("rione_neighbourhood_sections", request, shown),
            "breadcrumbs": [
                home_crumb(),
                (_("Neighbourhoods"), reverse("commons:neighbourhoods")),
                (shown.name, None),
            ],
        },
    )


@require_safe
@public_page
def goods(request: HttpRequest) -> HttpResponse:
    """Show the list of common goods, by neighbourhood and state."""
    found = CommonGood.objects.select_related("neighbourhood").only(
        "name", "slug", "state", "place", "summary_it", "summary_en", "image", "neighbourhood__name"
    )
    form = GoodFilterForm(request.GET)
    form.is_valid()
    if form.cleaned_data.get("neighbourhood"):
        found = found.filter(neighbourhood=form.cleaned_data["neighbourhood"])
    if form.cleaned_data.get("state"):
        found = found.filter(state=form.cleaned_data["state"])
    page = Paginator(found, GOODS_PER_PAGE).get_page(request.GET.get("page"))
    attach_pictures(page.object_list, CARD)
    return render(
        request,
        "commons/goods.html",
        {
            "form": form,
            "page_obj": page,
            "goods": [(good, state_badge(good.state)) for good in page],
            "is_filtered": any(form.cleaned_data.values()) or bool(form.errors),
            "breadcrumbs": [home_crumb(), (_("Common goods"), None)],
        },
    )


@require_safe
@public_page
def good(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one common good: where it is, in what state, what the other apps add."""
    shown = get_object_or_404(
        CommonGood.objects.with_picture(CARD, WIDE)
        .select_related("neighbourhood")
        .defer("neighbourhood__boundary"),
        slug=slug,
    )
    return render(
        request,
        "commons/good.html",
        {
            "good": shown,
            "badge": state_badge(shown.state),
            "drawing": draw([shown], current=shown.neighbourhood)
            if shown.latitude is not None
            else None,
            "sections": hooks.page_sections("rione_good_sections", request, shown),
            "breadcrumbs": [
                home_crumb(),
                (_("Common goods"), reverse("commons:goods")),
                (shown.name, None),
            ],
        },
    )


@require_safe
@public_page(seconds=300)
@with_etag
def map_data(request: HttpRequest) -> HttpResponse:
    """Answer with boundaries and places as GeoJSON."""
    text = json.dumps(feature_collection(), ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type="application/geo+json")
