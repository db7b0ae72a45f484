"""The projects of a round in the admin: list, form, file in, file out."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin import messages

from budgeting import withdrawal
from budgeting.models import Contest, JointAct, Project
from budgeting.project_files import (
    LARGEST_FILE,
    Problem,
    ProjectFileError,
    decode,
    example_file,
    import_projects,
    projects_file,
    read_projects,
)

from .asking import AskingView
from .base import ChangedMeanwhileError, RoundView
from .lists import Choices, ListView
from .project_forms import ProjectFileForm, ProjectForm
from .round_forms import ReasonForm


class ProjectList(ListView, RoundView):
    """Projects with filters; the filters also hold for the export."""

    page_title = _("Projects")
    template_name = "budgeting/admin/projects.html"
    words_label = _("Title or number")

    def choices(self) -> dict[str, tuple[Any, Choices]]:
        contests = Contest.objects.filter(scope__round=self.round)
        return {
            "contest": (_("Contest"), [(str(each.pk), each) for each in contests]),
            "state": (_("State"), Project.State.choices),
        }

    def headings(self) -> list[Any]:
        actions = [_("Actions")] if self.coordinates else []
        return [_("Number"), _("Title"), _("Contest"), _("Cost"), _("State"), *actions]

    def found(self) -> Any:
        found = Project.objects.filter(round=self.round).select_related("contest", "neighbourhood")
        if words := self.words:
            named = Q(title_it__icontains=words) | Q(title_en__icontains=words)
            found = found.filter(named | Q(number=words) if words.isdecimal() else named)
        if contest := self.chosen("contest"):
            found = found.filter(contest=int(contest))
        if state := self.chosen("state"):
            found = found.filter(state=state)
        return found.order_by("number")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_withdraw = self.coordinates and self.round.state in withdrawal.POSSIBLE_IN
        return super().get_context_data(**kwargs) | {"may_withdraw": may_withdraw}


class ProjectExport(ProjectList):
    """The same list as a file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = StreamingHttpResponse(
            projects_file(self.found()), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{self.round.slug}-projects.csv"'
        return response


class ProjectExample(RoundView):
    """A file to start from."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = HttpResponse("".join(example_file()), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="projects-example.csv"'
        return response


class ProjectView(RoundView):
    """Adds or changes a project."""

    template_name = "budgeting/admin/project.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.project = (
            get_object_or_404(Project, pk=kwargs["project_pk"], round=self.round)
            if "project_pk" in kwargs
            else Project(round=self.round)
        )

    def get_page_title(self) -> str:
        return str(self.project) if self.project.pk else str(_("New project"))

    def trail(self) -> list[tuple[str, Any]]:
        page = (reverse("rounds_admin:projects", args=[self.round.pk]), _("Projects"))
        return [*super().trail(), page]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "form" not in kwargs:
            kwargs["form"] = ProjectForm(instance=self.project, round=self.round)
        return super().get_context_data(**kwargs) | {
            "project": self.project,
            "may_add": self.may_add,
            "may_save": self.coordinates and self.may_add,
        }

    @property
    def may_add(self) -> bool:
        """Whether this page is about a project that is there, or may still be added."""
        return self.project.pk is not None or self.is_in_preparation

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = ProjectForm(request.POST, instance=self.project, round=self.round)
        try:
            if form.is_valid():
                new = self.project.pk is None
                self.write("budgeting.project.set", form.save, in_preparation=new)
                messages.success(request, _("The project is saved."))
                return redirect("rounds_admin:projects", self.round.pk)
        except ChangedMeanwhileError as error:
            error.add_to(form)
        return self.again(form=form)


class ProjectDelete(ProjectView):
    """Deletes a project while the vote is in preparation."""

    template_name = "budgeting/admin/confirm.html"
    writes = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return RoundView.get_context_data(self, **kwargs) | {
            "question": _("Delete “%(project)s”?") % {"project": self.project},
            "action_label": _("Delete the project"),
            "is_possible": self.is_in_preparation,
            "obstacle": _("The vote is open: a project is withdrawn by two people."),
            "back": reverse("rounds_admin:projects", args=[self.round.pk]),
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            self.write("budgeting.project.set", self.project.delete)
            messages.success(request, _("The project is deleted."))
        except ChangedMeanwhileError as error:
            messages.error(request, str(error))
        return redirect("rounds_admin:projects", self.round.pk)


class ProjectWithdraw(AskingView, ProjectView):
    """Asks to withdraw a project after the opening."""

    kind = JointAct.Kind.WITHDRAWAL
    form_class = ReasonForm
    note = _(
        "The project stays on the ballot, marked as withdrawn, with this reason. "
        "It takes effect when a guarantor confirms."
    )

    def get_page_title(self) -> str:
        return str(_("Withdraw “%(project)s”") % {"project": self.project})

    def parameters(self, form: forms.Form) -> dict[str, Any]:
        return withdrawal.parameters_for(self.project)


class ProjectImport(RoundView):
    """Reads a file and shows what it would do; a second step does it."""

    page_title = _("Import projects")
    template_name = "budgeting/admin/project_import.html"
    writes = True

    def trail(self) -> list[tuple[str, Any]]:
        page = (reverse("rounds_admin:projects", args=[self.round.pk]), _("Projects"))
        return [*super().trail(), page]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ProjectFileForm())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "text" in request.POST:
            return self._import(request, request.POST["text"])
        form = ProjectFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.again(form=form)
        try:
            text = decode(form.cleaned_data["file"].read())
        except ProjectFileError as error:
            return self._report([], error.problems)
        reading = read_projects(round=self.round, text=text)
        return self._report(reading.projects, reading.problems, text)

    def _report(
        self, projects: list[Project], problems: list[Problem], text: str = ""
    ) -> HttpResponse:
        context = self.get_context_data(
            problems=problems, projects=[] if problems else projects, text=text
        )
        return self.render_to_response(context, status=422 if problems else 200)

    def _import(self, request: HttpRequest, text: str) -> HttpResponse:
        if len(text) > LARGEST_FILE:
            return redirect("rounds_admin:project_import", self.round.pk)
        try:
            projects = import_projects(round=self.round, text=text, by=self.person)
        except ProjectFileError as error:
            return self._report([], error.problems)
        number = len(projects)
        messages.success(
            request,
            ngettext("%(number)s project imported.", "%(number)s projects imported.", number)
            % {"number": number},
        )
        return redirect("rounds_admin:projects", self.round.pk)
