"""The simulator in the admin: elections, scenarios, progress, results. For coordinators only."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from budgeting.models import SimulatedScenario, Simulation
from budgeting.simulator import exporting, saving
from budgeting.simulator.differences import effective_rule
from budgeting.simulator.pages import SimulationPage, pages_of
from budgeting.simulator.running import settle
from budgeting.tally.scenario import Scenario
from home.errors import DomainError

from .base import AdminView
from .lists import Choices, ListView
from .simulation_forms import (
    CopyForm,
    ScenarioForm,
    SimulationForm,
    SimulationTextsForm,
    rule_form,
)

MOST_COMPARED = 4
SOURCES = {
    "ours": Q(contest__isnull=False, contest__scope__round__place=""),
    "elsewhere": Q(contest__isnull=False) & ~Q(contest__scope__round__place=""),
    "file": Q(file__isnull=False),
}
SOURCE_LABELS = {
    "ours": gettext_lazy("our own rounds"),
    "elsewhere": gettext_lazy("other cities’ votes"),
    "file": gettext_lazy("uploaded files"),
}


class SimulatorView(AdminView):
    """A page of the simulator."""

    header_icon = "sliders"
    writes = True  # only coordinators, reading too

    def trail(self) -> list[tuple[str, Any]]:
        return [(reverse("simulations_admin:simulations"), gettext_lazy("Simulator"))]

    def again(self, **context: Any) -> HttpResponse:
        """Show the page with what was typed and what is wrong with it."""
        return self.render_to_response(self.get_context_data(**context), status=422)


class SimulationList(ListView, SimulatorView):
    """All simulations, newest first; some of them can be put side by side."""

    page_title = gettext_lazy("Simulator")
    template_name = "budgeting/admin/simulations.html"
    per_page = 20
    words_label = gettext_lazy("Name or note")

    def trail(self) -> list[tuple[str, Any]]:
        return []

    def choices(self) -> dict[str, tuple[Any, Choices]]:
        return {
            "state": (_("State"), Simulation.State.choices),
            "source": (_("Election from"), list(SOURCE_LABELS.items())),
        }

    def headings(self) -> list[Any]:
        return [
            _("Side by side"),
            _("Simulation"),
            _("Election"),
            _("State"),
            _("Scenarios"),
            _("Made on"),
        ]

    def found(self) -> Any:
        found = Simulation.objects.select_related(
            "contest__scope__round", "file", "created_by"
        ).annotate(number_of_scenarios=Count("scenarios") - 1)
        if words := self.words:
            found = found.filter(Q(name__icontains=words) | Q(note__icontains=words))
        if state := self.chosen("state"):
            found = found.filter(state=state)
        if source := self.chosen("source"):
            found = found.filter(SOURCES[source])
        return found.defer("facts", "file__content").order_by("-created_at", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        settle()
        ticked = {int(key) for key in self.request.GET.getlist("s") if key.isdecimal()}
        return super().get_context_data(**kwargs) | {"ticked": ticked}


class SimulationCreate(SimulatorView):
    """A new simulation: which election, and what it is called."""

    page_title = gettext_lazy("New simulation")
    template_name = "budgeting/admin/simulation_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", SimulationForm())
        return super().get_context_data(**kwargs) | {
            "submit_label": _("Go on to the scenarios"),
            "has_file": True,
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SimulationForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.again(form=form)
        data = form.cleaned_data
        texts = {name: data[name] for name in ("name", "note", "with_turnout")}
        try:
            if form.upload is not None:
                made = saving.create_from_upload(upload=form.upload, by=self.person, **texts)
            else:
                made = saving.create_from_contest(contest=data["contest"], by=self.person, **texts)
        except DomainError as error:
            error.add_to(form)
            return self.again(form=form)
        messages.success(request, _("The election is read. Now say what to vary."))
        return redirect("simulations_admin:scenario_add", made.pk)


class OneSimulationView(SimulatorView):
    """A page of one simulation."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = Simulation.objects.select_related("contest__scope__round", "file")
        self.simulation: Simulation = get_object_or_404(
            found.defer("file__content"), pk=kwargs["pk"]
        )

    def trail(self) -> list[tuple[str, Any]]:
        return [*super().trail(), (self._address(), self.simulation.name)]

    def _address(self) -> str:
        return reverse("simulations_admin:simulation", args=[self.simulation.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"simulation": self.simulation}

    def act(self, request: HttpRequest, done: str, act: Any) -> HttpResponse:
        """Do something and go back to the simulation, saying what happened."""
        try:
            act(simulation=self.simulation, by=self.person)
            messages.success(request, done)
        except DomainError as error:
            messages.error(request, str(error))
        return redirect(self._address())


class SimulationView(OneSimulationView):
    """One simulation: what it varies, how far it is, what came out."""

    template_name = "budgeting/admin/simulation.html"

    def trail(self) -> list[tuple[str, Any]]:
        return SimulatorView.trail(self)

    def get_page_title(self) -> str:
        return self.simulation.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.simulation.state == Simulation.State.RUNNING and settle():
            self.simulation.refresh_from_db()
        return super().get_context_data(**kwargs) | {
            "sim": SimulationPage(self.simulation),
            "copy_form": kwargs.get("copy_form")
            or CopyForm(initial={"name": _("Copy of %(name)s") % {"name": self.simulation.name}}),
        }


class SimulationProgress(OneSimulationView):
    """How far a simulation is, as a piece of its page; says when the page is to be loaded anew."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.simulation.state == Simulation.State.RUNNING and settle():
            self.simulation.refresh_from_db()
        response = render(
            request,
            "budgeting/admin/simulation_state.html",
            {"simulation": self.simulation, "is_piece": True},
        )
        if not self.simulation.is_under_way:
            response["HX-Refresh"] = "true"
        response["Cache-Control"] = "no-store"
        return response


class SimulationEdit(OneSimulationView):
    """Changes name and note."""

    page_title = gettext_lazy("Name and note")
    template_name = "budgeting/admin/simulation_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", SimulationTextsForm(instance=self.simulation))
        return super().get_context_data(**kwargs) | {"submit_label": _("Save")}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = SimulationTextsForm(request.POST, instance=self.simulation)
        if form.is_valid():
            try:
                saving.set_texts(simulation=self.simulation, by=self.person, **form.cleaned_data)
                messages.success(request, _("Saved."))
                return redirect(self._address())
            except DomainError as error:
                error.add_to(form)
        return self.again(form=form)


class ScenarioView(OneSimulationView):
    """Adds or changes a scenario."""

    template_name = "budgeting/admin/simulation_scenario.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.sim = SimulationPage(self.simulation)
        self.stored: SimulatedScenario | None = None
        if "position" in kwargs:
            rows = self.simulation.scenarios.filter(position__gt=0)
            self.stored = get_object_or_404(rows, position=kwargs["position"])

    def get_page_title(self) -> str:
        return str(_("Scenario")) if self.stored else str(_("New scenario"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scenario = Scenario.from_json(self.stored.settings) if self.stored else None
        if "form" not in kwargs:
            kwargs["form"] = ScenarioForm(simulation=self.simulation, scenario=scenario)
            kwargs["rule_form"] = rule_form(
                self.simulation,
                own=self.sim.own_rule,
                rule=effective_rule(scenario, self.sim.own_rule) if scenario else None,
            )
        return super().get_context_data(**kwargs) | {
            "stored": self.stored,
            "base": self.sim.all_columns[0],
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = ScenarioForm(request.POST, simulation=self.simulation)
        rules = rule_form(self.simulation, own=self.sim.own_rule, data=request.POST)
        if all([form.is_valid(), rules.is_valid()]):
            try:
                saving.save_scenario(
                    simulation=self.simulation,
                    scenario=form.build(rules.rule),
                    position=self.stored.position if self.stored else None,
                    by=self.person,
                )
            except DomainError as error:
                error.add_to(form)
            else:
                messages.success(request, _("The scenario is saved."))
                if "another" in request.POST:
                    return redirect("simulations_admin:scenario_add", self.simulation.pk)
                return redirect(self._address())
        return self.again(form=form, rule_form=rules)


class ScenarioDelete(OneSimulationView):
    """Takes a scenario out, after asking."""

    page_title = gettext_lazy("Delete the scenario")
    template_name = "budgeting/admin/confirm.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not self.simulation.scenarios.filter(
            position=kwargs["position"], position__gt=0
        ).exists():
            raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = SimulationPage(self.simulation)
        column = next(each for each in page.all_columns if each.position == kwargs["position"])
        return super().get_context_data(**kwargs) | {
            "question": _("Delete the scenario “%(name)s” with its result?")
            % {"name": column.title},
            "action_label": _("Delete the scenario"),
            "is_possible": not self.simulation.is_under_way,
            "obstacle": _("It is being counted now: stop it first."),
            "back": self._address(),
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            saving.remove_scenario(
                simulation=self.simulation, position=kwargs["position"], by=self.person
            )
            messages.success(request, _("The scenario is deleted."))
        except DomainError as error:
            messages.error(request, str(error))
        return redirect(self._address())


class SimulationRun(OneSimulationView):
    """Asks for what is missing to be counted."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.act(request, _("It will be counted in the background."), saving.request_run)


class SimulationStop(OneSimulationView):
    """Stops it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        done = _("It stops after the count under way. What is counted stays.")
        return self.act(request, done, saving.request_stop)


class SimulationShow(OneSimulationView):
    """Puts it on the page for the council, or takes it off."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "hide" in request.POST:
            return self.act(request, _("It is no longer on the public page."), saving.hide)
        return self.act(request, _("It is on the public page now."), saving.show)


class SimulationCopy(SimulationView):
    """Copies it, from its page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = CopyForm(request.POST)
        if not form.is_valid():
            return self.again(copy_form=form)
        copied = saving.copy_simulation(
            simulation=self.simulation, name=form.cleaned_data["name"], by=self.person
        )
        messages.success(request, _("This is the copy. Change its scenarios as you like."))
        return redirect("simulations_admin:simulation", copied.pk)


class SimulationDelete(OneSimulationView):
    """Deletes a simulation with its file, after asking."""

    page_title = gettext_lazy("Delete the simulation")
    template_name = "budgeting/admin/confirm.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question = _("Delete “%(name)s” with its scenarios and results?")
        if self.simulation.file:
            question = _("Delete “%(name)s” with its scenarios, its results and its file?")
        question %= {"name": self.simulation.name}
        if self.simulation.shown_at:
            shown = _("It is an example on the public page for the council, and leaves it at once.")
            question = f"{question} {shown}"
        return super().get_context_data(**kwargs) | {
            "question": question,
            "action_label": _("Delete the simulation"),
            "is_possible": not self.simulation.is_under_way,
            "obstacle": _("It is being counted now: stop it first."),
            "back": self._address(),
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            saving.delete_simulation(simulation=self.simulation, by=self.person)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect(self._address())
        messages.success(request, _("The simulation is deleted."))
        return redirect("simulations_admin:simulations")


class SimulationExport(OneSimulationView):
    """A simulation as a file: the projects as CSV, everything as JSON."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if kwargs["ending"] == "json":
            response = HttpResponse(
                exporting.json_text(self.simulation), content_type="application/json"
            )
        else:
            # Put together here: while an answer is streamed the reader's language is gone.
            response = HttpResponse(
                "".join(exporting.csv_pieces(self.simulation)),
                content_type="text/csv; charset=utf-8",
            )
        name = f"simulation-{self.simulation.pk}.{kwargs['ending']}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class SimulationCompare(SimulatorView):
    """Two to four simulations side by side; with fewer, back to the list with what was ticked."""

    page_title = gettext_lazy("Side by side")
    template_name = "budgeting/admin/simulation_compare.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = self.get_context_data(**kwargs)
        if len(context["pages"]) >= 2:
            return self.render_to_response(context)
        messages.error(
            request, _("Tick at least two finished simulations, then put them together.")
        )
        ticked = [("s", sim.simulation.pk) for sim in context["pages"]]
        return redirect(f"{reverse('simulations_admin:simulations')}?{urlencode(ticked)}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keys = [int(key) for key in self.request.GET.getlist("s") if key.isdecimal()]
        found = Simulation.objects.filter(pk__in=keys[: MOST_COMPARED + 1])
        found = found.prefetch_related("scenarios")
        chosen = pages_of(list(found))[:MOST_COMPARED]
        return super().get_context_data(**kwargs) | {
            "pages": chosen,
            "is_too_many": len(set(keys)) > MOST_COMPARED,
            "most": MOST_COMPARED,
        }
