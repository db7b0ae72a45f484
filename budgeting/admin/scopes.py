"""The contests of a round, the ballot they share and the rule by which their money is awarded."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from budgeting.models import Project, Scope
from budgeting.rule_sentences import award_sentences, ballot_sentence
from commons.models import Neighbourhood

from .award_rule_form import AwardRuleForm
from .base import ChangedMeanwhileError, RoundView
from .round_forms import ScopeForm, contest_formset


class ScopeList(RoundView):
    """The scopes of a round with their contests."""

    page_title = _("Contests")
    template_name = "budgeting/admin/scopes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scopes = self.round.scopes.prefetch_related("contests__neighbourhood")
        return super().get_context_data(**kwargs) | {
            "scopes": [(scope, ballot_sentence(scope), award_sentences(scope)) for scope in scopes]
        }


class ScopeView(RoundView):
    """Adds or changes a scope: ballot, award rule and contests on one page."""

    template_name = "budgeting/admin/scope.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.scope = (
            get_object_or_404(Scope, pk=kwargs["scope_pk"], round=self.round)
            if "scope_pk" in kwargs
            else Scope(round=self.round)
        )

    def get_page_title(self) -> str:
        return self.scope.name if self.scope.pk else str(_("New contests"))

    def trail(self) -> list[tuple[str, Any]]:
        return [
            *super().trail(),
            (reverse("rounds_admin:scopes", args=[self.round.pk]), _("Contests")),
        ]

    def _forms(self, data: Any = None) -> dict[str, Any]:
        without = Neighbourhood.objects.exclude(contests__scope=self.scope.pk).count()
        rows = contest_formset(extra=without + 1)
        saved = Scope.objects.get(pk=self.scope.pk) if self.scope.pk else None
        return {
            "form": ScopeForm(data, instance=self.scope),
            "rule_form": AwardRuleForm(data, scope=saved),
            "formset": rows(data, instance=self.scope),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "form" not in kwargs:
            kwargs |= self._forms()
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        forms = self._forms(request.POST)
        # All three are asked, so that every mistake is told at once.
        answers = [each.is_valid() for each in forms.values()]
        if all(answers):
            try:
                self.write("budgeting.scope.set", lambda: self._save(**forms))
            except ChangedMeanwhileError as error:
                error.add_to(forms["form"])
            else:
                if self.scope.contests.exists():
                    messages.success(request, _("The contests are saved."))
                else:
                    messages.warning(
                        request,
                        _(
                            "“%(scope)s” is saved, but it has no contest: before the vote can be "
                            "opened, write one with its budget."
                        )
                        % {"scope": self.scope.name},
                    )
                return redirect("rounds_admin:scopes", self.round.pk)
        return self.again(**forms)

    def _save(self, form: Any, rule_form: Any, formset: Any) -> None:
        form.instance.award_rule = rule_form.rule.to_json()
        formset.instance = form.save()
        formset.save()


class ScopeDelete(ScopeView):
    """Deletes a scope with its contests, if no project is in them."""

    template_name = "budgeting/admin/confirm.html"
    writes = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return RoundView.get_context_data(self, **kwargs) | {
            "question": _("Delete “%(scope)s” and its contests?") % {"scope": self.scope.name},
            "action_label": _("Delete the contests"),
            "is_possible": self.is_in_preparation and not self._projects().exists(),
            "obstacle": _("There are projects in it: move or delete them first."),
            "back": reverse("rounds_admin:scopes", args=[self.round.pk]),
        }

    def _projects(self) -> Any:
        return Project.objects.filter(contest__scope=self.scope)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self._projects().exists():
            messages.error(request, _("There are projects in it: move or delete them first."))
            return redirect("rounds_admin:scopes", self.round.pk)
        try:
            self.write("budgeting.scope.set", self.scope.delete)
            messages.success(request, _("The contests are deleted."))
        except ChangedMeanwhileError as error:
            messages.error(request, str(error))
        return redirect("rounds_admin:scopes", self.round.pk)
