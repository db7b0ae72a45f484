"""Pages on which coordinators look after a roll."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.models import ModelLogEntry

from home.errors import DomainError, NotAllowedError

from .. import roll_files, roll_imports, rolls
from ..look_ups import look_up
from ..models import Roll, RollDoubt, RollEntry, RollImport, User
from .forms import AddEntryForm, FileForm, FindEntryForm, NoteForm, ReasonForm

PROBLEMS_A_PAGE = 50
IMPORTS_SHOWN = 10
may_see = permission_required("residents.view_roll")
may_manage = permission_required(rolls.MANAGE)
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@may_see
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a roll's figures, what is doubtful, its imports, and what can be done."""
    the_roll = _roll(pk)
    figures = the_roll.entries.values("neighbourhood__name", "state").annotate(total=Count("pk"))
    by_place: dict[str, dict[str, int]] = {}
    for figure in figures.order_by("neighbourhood__position", "neighbourhood__name", "state"):
        place = by_place.setdefault(figure["neighbourhood__name"] or _("none"), {})
        place[figure["state"]] = figure["total"]
    context = {
        "places": [
            (name, count.get("active", 0), count.get("suspended", 0))
            for name, count in by_place.items()
        ],
        "entry_count": sum(sum(count.values()) for count in by_place.values()),
        "open_doubts": the_roll.doubts.filter(settled_at=None).count(),
        "imports": the_roll.imports.select_related("started_by")[:IMPORTS_SHOWN],
        "may_manage": request.user.has_perm(rolls.MANAGE),
    }
    return _page(request, "roll", the_roll.name, _trail(), roll=the_roll, **context)


@form_page
@may_manage
def add_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Add one person."""
    the_roll = _roll(pk)
    form = AddEntryForm(request.POST or None)

    def add() -> HttpResponse:
        entry = rolls.add_entry(roll=the_roll, by=_person(request), **form.cleaned_data)
        messages.success(request, _("The person is on the roll."))
        return redirect("rolls:entry", entry.pk)

    return _answer(request, form, add) or _page(
        request, "form", _("Add a person"), _trail(the_roll), form=form, action=_("Add")
    )


@form_page
@may_see
def find_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Find one person by the whole code, which is never written into an address."""
    the_roll = _roll(pk)
    form = FindEntryForm(request.POST or None)

    def find() -> HttpResponse:
        code = form.cleaned_data["fiscal_code"]
        entry = look_up(roll=the_roll, fiscal_code=code, by=_person(request))
        return redirect("rolls:entry", entry.pk)

    return _answer(request, form, find) or _page(
        request, "form", _("Find a person"), _trail(the_roll), form=form, action=_("Find")
    )


@form_page
@may_see
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an entry and its history; suspend it or let it vote again."""
    found = get_object_or_404(RollEntry.objects.select_related("roll", "neighbourhood"), pk=pk)
    manages = request.user.has_perm(rolls.MANAGE)
    if request.method == "POST" and not manages:
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    is_active = found.state == RollEntry.State.ACTIVE

    def change() -> HttpResponse:
        act = rolls.suspend if request.POST.get("act") == "suspend" else rolls.reactivate
        act(entry=found, reason=form.cleaned_data["reason"], by=_person(request))
        messages.success(request, _("Done, and written into the log."))
        return redirect("rolls:entry", found.pk)

    history = ModelLogEntry.objects.for_instance(found).select_related("user")
    return _answer(request, form, change) or _page(
        request,
        "entry",
        _("Entry %(number)s") % {"number": found.pk},
        _trail(found.roll),
        form=form if manages else None,
        entry=found,
        age=found.age_on(found.roll.reference_date),
        act="suspend" if is_active else "reactivate",
        history=history.order_by("-timestamp", "-pk")[:50],
        doubts=found.doubts.all()[:20],
    )


@form_page
@may_manage
def doubt(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a doubt with its entries, and note what was found."""
    found = get_object_or_404(
        RollDoubt.objects.select_related(
            "roll", "first__neighbourhood", "second__neighbourhood", "settled_by"
        ),
        pk=pk,
    )
    form = NoteForm(request.POST or None)

    def settle() -> HttpResponse:
        rolls.settle_doubt(doubt=found, note=form.cleaned_data["note"], by=_person(request))
        messages.success(request, _("Noted."))
        return redirect("residents_rolldoubt_modeladmin_index")

    return _answer(request, form, settle) or _page(
        request, "doubt", str(found), _trail(found.roll), form=form, doubt=found
    )


@form_page
@may_manage
def empty(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete all entries of a roll that no vote has used, to import it again."""
    the_roll = _roll(pk)
    form = forms.Form(request.POST if request.method == "POST" else None)

    def delete() -> HttpResponse:
        count = rolls.empty(roll=the_roll, by=_person(request))
        text = ngettext("%(count)s entry deleted.", "%(count)s entries deleted.", count)
        messages.success(request, text % {"count": count})
        return redirect("rolls:roll", the_roll.pk)

    return _answer(request, form, delete) or _page(
        request,
        "form",
        _("Empty the roll"),
        _trail(the_roll),
        form=form,
        action=_("Delete all entries"),
        explanation=_(
            "All entries of this roll are deleted, so that it can be imported anew. This is "
            "possible only until a vote opens with it."
        ),
    )


@form_page
@may_manage
def read_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Read and check a file."""
    the_roll = _roll(pk)
    form = FileForm(request.POST or None, request.FILES or None)

    def read() -> HttpResponse:
        reading = roll_imports.read(
            roll=the_roll, file=form.cleaned_data["file"].file, by=_person(request)
        )
        return redirect("rolls:import", reading.pk)

    return _answer(request, form, read) or _page(
        request, "read_file", _("Import from a file"), _trail(the_roll), form=form, roll=the_roll
    )


@form_page
@may_manage
def import_report(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what was read, row by row where something is wrong, and import it when confirmed."""
    reading = get_object_or_404(RollImport.objects.select_related("roll", "started_by"), pk=pk)
    form = forms.Form(request.POST if request.method == "POST" else None)

    def confirm() -> HttpResponse:
        roll_imports.confirm(reading=reading, by=_person(request))
        messages.success(request, _("The file is imported."))
        return redirect("rolls:import", reading.pk)

    if (response := _answer(request, form, confirm)) is not None:
        return response
    pages = Paginator(reading.problems.all(), PROBLEMS_A_PAGE)
    page = pages.get_page(request.GET.get("p"))
    return _page(
        request,
        "import",
        _("What was read"),
        _trail(reading.roll),
        form=form,
        reading=reading,
        page=page,
        problems=[(problem, *roll_imports.wording(problem)) for problem in page],
        problems_not_kept=reading.fault_count + reading.notice_count - pages.count,
    )


@require_safe
@may_manage
def import_problems(request: HttpRequest, pk: uuid.UUID) -> StreamingHttpResponse:
    """Give the problems of a file as a file, to be worked through at the registry office."""
    reading = get_object_or_404(RollImport, pk=pk)
    return StreamingHttpResponse(
        # Worded while the reader's language is active, not while the answer is sent.
        iter(list(roll_imports.problems_as_csv(reading=reading))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="problems.csv"'},
    )


@require_POST
@may_manage
def discard_import(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Forget a file that was read and not imported."""
    reading = get_object_or_404(RollImport, pk=pk)
    roll_imports.discard(reading=reading, by=_person(request))
    messages.success(request, _("What was read is forgotten. The roll is as it was."))
    return redirect("rolls:roll", reading.roll_id)


@require_safe
@may_manage
def example_file(request: HttpRequest) -> HttpResponse:
    """Give an example with invented people."""
    return HttpResponse(
        "\ufeff" + roll_files.EXAMPLE,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="roll-example.csv"'},
    )


def _roll(pk: int) -> Roll:
    return get_object_or_404(Roll, pk=pk)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _answer(
    request: HttpRequest, form: forms.Form, act: Callable[[], HttpResponse]
) -> HttpResponse | None:
    """Do what a valid form asks; put what the domain refuses at its field."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act()
    except NotAllowedError:
        raise
    except DomainError as error:
        error.add_to(form)
    return None


def _trail(of: Roll | None = None) -> list[dict[str, str]]:
    trail = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("residents_roll_modeladmin_index"), "label": _("Voter rolls")},
    ]
    if of is not None:
        trail.append({"url": reverse("rolls:roll", args=[of.pk]), "label": of.name})
    return trail


def _page(
    request: HttpRequest, template: str, title: str, trail: list[dict[str, str]], **context: Any
) -> HttpResponse:
    context |= {
        "header_title": title,
        "page_title": title,
        "breadcrumbs_items": [*trail, {"url": "", "label": title}],
        "header_icon": "group",
    }
    return render(request, f"residents/admin/{template}.html", context)
