"""The rounds, and the page from which a coordinator runs one."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.log_actions import log

from budgeting import holds, phases, readiness
from budgeting.joint_acts import may_decide
from budgeting.models import Contest, JointAct, Round

from .base import AdminView, ChangedMeanwhileError, RoundView
from .lists import Choices, ListView
from .round_forms import CriterionFormSet, HoldForm, PhasesForm, RoundForm


class RoundList(ListView):
    """All rounds, newest first."""

    page_title = _("Rounds")
    template_name = "budgeting/admin/rounds.html"
    per_page = 20
    words_label = _("Name")

    def trail(self) -> list[tuple[str, Any]]:
        return []

    def choices(self) -> dict[str, tuple[Any, Choices]]:
        return {"state": (_("State"), Round.State.choices)}

    def headings(self) -> list[Any]:
        return [_("Round"), _("State"), _("Projects"), _("On the site"), _("To sign")]

    def found(self) -> Any:
        rounds = Round.objects.annotate(
            number_of_projects=Count("projects", distinct=True),
            acts_waiting=Count(
                "acts", filter=Q(acts__state=JointAct.State.REQUESTED), distinct=True
            ),
        )
        if self.words:
            rounds = rounds.filter(
                Q(name_it__icontains=self.words) | Q(name_en__icontains=self.words)
            )
        if state := self.chosen("state"):
            rounds = rounds.filter(state=state)
        return rounds


class RoundCreate(AdminView):
    """A new round: its texts and rules; the rest follows from its page."""

    page_title = _("New round")
    template_name = "budgeting/admin/form.html"
    writes = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", RoundForm())
        return super().get_context_data(**kwargs) | {"may_save": True}

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RoundForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        with transaction.atomic():
            round = form.save()
            log(instance=round, action="wagtail.create", user=request.user)
        messages.success(request, _("The round is there. Now write its contests and dates."))
        return redirect("rounds_admin:round", round.pk)


@dataclass(frozen=True)
class Step:
    """One line of a round's pipeline."""

    label: Any
    url: str
    detail: Any
    missing: int
    is_complete: bool = False


class RoundPage(RoundView):
    """The round as a pipeline: what is set, what is missing, what waits for a signature."""

    template_name = "budgeting/admin/round.html"

    def trail(self) -> list[tuple[str, Any]]:
        return AdminView.trail(self)

    def get_page_title(self) -> str:
        return str(self.round)

    def get_page_subtitle(self) -> str:
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = readiness.findings(self.round) if self.is_in_preparation else []
        stored = list(self.round.phases.all())
        now = phases.database_clock()
        hold = self.round.holds.filter(lifted_at__isnull=True).select_related("placed_by").first()
        acts = list(self.round.acts.filter(state=JointAct.State.REQUESTED))
        return super().get_context_data(**kwargs) | {
            "findings": [
                (each, reverse(f"rounds_admin:{each.step}", args=each.arguments)) for each in found
            ],
            "is_ready": not any(each.blocks for each in found),
            "steps": self._steps(found),
            "current_phase": phases.phase_at(stored, now),
            "next_phase": phases.next_phase(stored, now),
            "hold": hold,
            "hold_form": kwargs.get("hold_form") or HoldForm(),
            "past_holds": self.round.holds.filter(lifted_at__isnull=False)[:20],
            "acts": [(act, may_decide(act, self.person)) for act in acts],
            "frozen": self.round.frozen_rules.all(),
        }

    def _steps(self, found: list[readiness.Finding]) -> list[Step]:
        pk = self.round.pk

        def step(label: Any, name: str, detail: Any, *others: str, some: bool = True) -> Step:
            missing = sum(each.blocks and each.step in (name, *others) for each in found)
            is_complete = self.is_in_preparation and some and not missing
            address = reverse(f"rounds_admin:{name}", args=[pk])
            return Step(label, address, detail, missing, is_complete)

        scopes = self.round.scopes.aggregate(
            scopes=Count("pk", distinct=True), contests=Count("contests", distinct=True)
        )
        projects = self.round.projects.count()
        dated = self.round.phases.count()
        criteria = self.round.criteria.count()
        return [
            step(_("Texts and rules"), "rules", self.round.roll or ""),
            step(
                _("Contests"),
                "scopes",
                ngettext("%(number)s contest", "%(number)s contests", scopes["contests"])
                % {"number": scopes["contests"]},
                "scope",
                "scope_add",
            ),
            step(
                _("Dates"),
                "phases",
                ngettext("%(number)s phase", "%(number)s phases", dated) % {"number": dated},
            ),
            step(
                _("Feasibility criteria"),
                "criteria",
                ngettext("%(number)s criterion", "%(number)s criteria", criteria)
                % {"number": criteria},
                some=criteria > 0,
            ),
            step(
                _("Projects"),
                "projects",
                ngettext("%(number)s project", "%(number)s projects", projects)
                % {"number": projects},
                "project",
                some=projects > 0,
            ),
            Step(
                _("Opening and acts"),
                reverse("rounds_admin:opening", args=[pk]),
                self.round.get_state_display(),
                sum(each.blocks for each in found),
            ),
            Step(
                _("From the close to the result"),
                reverse("rounds_admin:after_vote", args=[pk]),
                _("sealing, draw, count, records, publication"),
                0,
            ),
        ]


class RulesView(RoundView):
    """The texts and rules of a round."""

    page_title = _("Texts and rules")
    template_name = "budgeting/admin/form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", RoundForm(instance=self.round))
        note = "" if self.is_in_preparation else _("The rules are frozen; greyed fields stay.")
        return super().get_context_data(**kwargs) | {"may_save": self.coordinates, "note": note}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = RoundForm(request.POST, instance=self.round)
        try:
            if form.is_valid():
                self.write("budgeting.round.set", form.save, in_preparation=False)
                messages.success(request, _("Saved."))
                return redirect("rounds_admin:round", self.round.pk)
        except ChangedMeanwhileError as error:
            error.add_to(form)
        return self.again(form=form)


class PhasesView(RoundView):
    """The dates of a round."""

    page_title = _("Dates")
    template_name = "budgeting/admin/phases.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", PhasesForm(round=self.round))
        return super().get_context_data(**kwargs) | {"may_save": self.coordinates}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = PhasesForm(request.POST, round=self.round)
        if form.is_valid():
            try:
                phases.set_dates(round=self.round, dates=form.dates, by=self.person)
            except phases.PhaseError as error:
                error.add_to(form)
            else:
                messages.success(request, _("The dates are saved."))
                return redirect("rounds_admin:round", self.round.pk)
        return self.again(form=form)


class CriteriaView(RoundView):
    """The questions that every office answers about a proposal."""

    page_title = _("Feasibility criteria")
    template_name = "budgeting/admin/criteria.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("formset", CriterionFormSet(instance=self.round))
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formset = CriterionFormSet(request.POST, instance=self.round)
        try:
            if formset.is_valid():
                self.write("budgeting.criteria.set", formset.save)
                messages.success(request, _("The criteria are saved."))
                return redirect("rounds_admin:criteria", self.round.pk)
        except ChangedMeanwhileError as error:
            messages.error(request, str(error))
        return self.again(formset=formset)


class HoldView(RoundPage):
    """Places a hold, from the page of the round."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = HoldForm(request.POST)
        if form.is_valid():
            texts = {"it": form.cleaned_data["reason_it"], "en": form.cleaned_data["reason_en"]}
            try:
                holds.place_hold(round=self.round, reason=texts, by=self.person)
            except holds.HoldError as error:
                error.add_to(form)
            else:
                messages.success(request, _("The round is on hold: nobody can act in it now."))
                return redirect("rounds_admin:round", self.round.pk)
        return self.again(hold_form=form)


class LiftHoldView(RoundView):
    """Ends a hold."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            holds.lift_hold(round=self.round, by=self.person)
            messages.success(request, _("The hold is lifted: the round goes on."))
        except holds.HoldError as error:
            messages.error(request, str(error))
        return redirect("rounds_admin:round", self.round.pk)


class RoundDelete(RoundView):
    """Deletes a round that has never been opened, with all it holds, after asking."""

    page_title = _("Delete the round")
    template_name = "budgeting/admin/confirm.html"
    writes = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "question": _("Delete this round with its contests, dates and %(number)s projects?")
            % {"number": self.round.projects.count()},
            "action_label": _("Delete the round"),
            "is_possible": self.is_in_preparation and not self.round.acts.exists(),
            "back": reverse("rounds_admin:round", args=[self.round.pk]),
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            self.write("wagtail.delete", self._delete)
        except ChangedMeanwhileError as error:
            messages.error(request, str(error))
            return redirect("rounds_admin:round", self.round.pk)
        messages.success(request, _("The round is deleted."))
        return redirect("rounds_admin:rounds")

    def _delete(self) -> None:
        if self.round.acts.exists():
            raise ChangedMeanwhileError(
                _(
                    "Somebody has asked for a second signature on this round meanwhile. What is "
                    "asked stays on record, so the round can no longer be deleted."
                )
            )
        self.round.holds.all().delete()
        self.round.projects.all().delete()
        Contest.objects.filter(scope__round=self.round).delete()
        Round.objects.filter(pk=self.round.pk).delete()
