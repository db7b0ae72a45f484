"""The forms of the simulator: which election, which scenario."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from math import ceil
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from budgeting.amounts import parse_money, type_money
from budgeting.models import Contest, Scope, Simulation
from budgeting.simulator import sources
from budgeting.tally.phragmen import BALLOT_TYPES
from budgeting.tally.rules import PABULIB_RULES, Areas, Method, Rule
from budgeting.tally.scenario import LONGEST_NAME, Scenario
from home.money import format_money, format_number

from .award_rule_form import AwardRuleForm
from .fields import MoneyField

MOST_PERCENT = 1_000
MOST_AREAS = 40
UNSPENT = [
    (Areas.LAPSE.value, _("stays unspent")),
    (Areas.NEXT.value, _("goes to the next area, in the order of this form")),
    (Areas.CITY.value, _("goes to the city-wide part, counted last")),
]


class SimulationTextsForm(forms.ModelForm):
    """Name and note of a simulation."""

    class Meta:
        model = Simulation
        fields = ["name", "note", "with_turnout"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"name": _("Such as: fewer choices on the ballot, 2027.")}


class FinishedContestField(forms.ModelChoiceField):
    """A contest, named with its round."""

    def label_from_instance(self, contest: Any) -> str:
        round_ = contest.scope.round
        return f"{round_} · {contest}" if str(contest) != str(round_) else str(round_)


class SimulationForm(SimulationTextsForm):
    """A new simulation: a published contest or an uploaded file, never both."""

    contest = FinishedContestField(
        label=_("A finished vote of this site"),
        queryset=Contest.objects.none(),
        required=False,
        empty_label=_("none: a file"),
        help_text=_("Our own rounds and other cities’ votes, once their result is published."),
    )
    file = forms.FileField(
        label=_("Or a Pabulib file (.pb)"),
        required=False,
        help_text=_(
            "At most 30 MB, a thousand projects and a million ballots; amounts up to one hundred "
            "billion, a million points for a project. It is kept only for this simulation, without "
            "the ages, sexes and places of voters, and deleted with it."
        ),
    )
    rule = forms.ChoiceField(
        label=_("How the file was counted"),
        required=False,
        choices=[
            ("", _("as the file says")),
            (Method.GREEDY.value, _("most votes first")),
            ("equalshares/add1", _("Method of Equal Shares, with steps of the shares")),
            (Method.EQUAL_SHARES.value, _("Method of Equal Shares, without completion")),
        ],
        help_text=_("Only for a file."),
    )

    field_order = ["contest", "file", "rule", "name", "note", "with_turnout"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(FinishedContestField, self.fields["contest"])
        field.queryset = sources.finished_contests()
        self.upload: sources.Upload | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        contest, file = data.get("contest"), data.get("file")
        if {"contest", "file", "rule"} & set(self.errors):
            return data
        if not contest and not file:
            self.add_error("contest", _("Choose a finished vote, or a file below."))
        elif contest and file:
            self.add_error("file", _("Choose either a finished vote or a file, not both."))
        elif contest and data.get("rule"):
            self.add_error(
                "rule",
                _("A finished vote was counted by its own rule: choose “as the file says” here."),
            )
        elif file:
            self._read(file, data.get("rule") or "")
        return data

    def _read(self, file: UploadedFile, rule: str) -> None:
        if (file.size or 0) > sources.LARGEST_FILE:
            self.add_error(
                "file",
                _("The file has more than %(most)s MB. Send a smaller one.")
                % {"most": sources.LARGEST_FILE // 1_000_000},
            )
            return
        chosen = Rule(**PABULIB_RULES[rule]) if rule in PABULIB_RULES else None
        try:
            self.upload = sources.read_upload(
                name=file.name or "", content=file.read(), rule=chosen
            )
        except sources.SourceError as error:
            error.add_to(self)


class CostsField(forms.CharField):
    """Costs of single projects, one a line: `12; 45.000,00`. Gives hundredths by identifier."""

    def __init__(self, **kwargs: Any) -> None:
        self.known: Mapping[str, str] = {}
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        costs: dict[str, int] = {}
        for number, line in enumerate(str(super().to_python(value)).splitlines(), start=1):
            if not line.strip():
                continue
            name, mark, amount = line.rpartition(";")
            name = name.strip()
            place = {"line": number, "text": line.strip()}
            if not mark or not name:
                raise ValidationError(
                    _("Line %(line)s: write the project’s identifier, a semicolon, its cost.")
                    % place
                )
            if name not in self.known:
                raise ValidationError(
                    _("Line %(line)s: there is no project “%(name)s”.") % {**place, "name": name}
                )
            try:
                costs[name] = parse_money(amount)
            except ValidationError as error:
                raise ValidationError(
                    _("Line %(line)s: %(problem)s") % {**place, "problem": " ".join(error.messages)}
                ) from error
        return costs

    def validate(self, value: Any) -> None:
        """Nothing is required."""

    def run_validators(self, value: Any) -> None:
        """Those of CharField are about texts."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return "\n".join(f"{name}; {type_money(cents)}" for name, cents in value.items())
        return value


class ScenarioForm(forms.Form):
    """What a scenario varies besides the award rule."""

    name = forms.CharField(
        label=_("Name of the scenario"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("Empty: it is called by what it varies."),
    )
    max_length = forms.IntegerField(
        label=_("Most projects on a ballot"),
        required=False,
        min_value=1,
        help_text=_(
            "Longer ballots are cut. A ranking keeps its first, points keep the highest. Of plain "
            "preferences nobody knows which would stay: chance decides, and the count is made ten "
            "times. Empty: as it was."
        ),
    )
    budget = MoneyField(
        label=_("Budget"),
        required=False,
        least=1,
        help_text=_("In the currency of the vote. Empty: as it was."),
    )
    cost_percent = forms.IntegerField(
        label=_("Costs, in per cent of what they were"),
        required=False,
        min_value=1,
        max_value=MOST_PERCENT,
        help_text=_("120: every project costs a fifth more. Empty: as they were."),
    )
    costs = CostsField(
        label=_("Other costs of single projects"),
        required=False,
        help_text=_("One a line: identifier; cost. Such as 12; 45,000.00."),
    )

    def __init__(self, *args: Any, simulation: Simulation, **kwargs: Any) -> None:
        scenario: Scenario | None = kwargs.pop("scenario", None)
        if scenario is not None:
            kwargs["initial"] = {
                "name": scenario.name,
                "max_length": scenario.max_length,
                "budget": None if scenario.budget is None else round(scenario.budget * 100),
                "cost_percent": None
                if scenario.cost_factor == 1
                else round(scenario.cost_factor * 100),
                "costs": {name: round(cost * 100) for name, cost in scenario.costs.items()},
            }
        super().__init__(*args, **kwargs)
        projects = simulation.facts["projects"]
        cast(CostsField, self.fields["costs"]).known = {each["id"]: "" for each in projects}
        self.projects, self.currency = projects, simulation.facts["currency"]
        self.area_names = area_names(projects)
        known = dict(scenario.areas) if scenario else {}
        for at, area in enumerate(self.area_names):
            amount = known.get(area)
            self.fields[f"area_{at}"] = MoneyField(
                label=_("Budget of %(area)s") % {"area": area}
                if area
                else _("Budget of the city-wide part"),
                required=False,
                initial=None if amount is None else round(amount * 100),
                help_text="",
            )
        if self.area_names:
            self.fields["unspent"] = forms.ChoiceField(
                label=_("What an area does not spend"),
                choices=UNSPENT,
                required=False,
                initial=scenario.unspent.value if scenario else Areas.LAPSE.value,
                help_text=_("Only with budgets of areas: write all of them, or none."),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        names = [f"area_{at}" for at in range(len(self.area_names))]
        written = [name for name in names if data.get(name) is not None]
        if written and len(written) < len(names):
            for name in names:
                if name not in written and name not in self.errors:
                    self.add_error(name, _("Write the budget of every area (0 is one), or none."))
        if written and data.get("budget") is not None:
            self.add_error(
                "budget", _("With budgets of areas the budget is their sum: leave this empty.")
            )
        self._check_budget(data)
        if data.get("unspent") == Areas.CITY and written and "" not in self.area_names:
            self.add_error(
                "unspent", _("No project is city-wide here: choose where else the money goes.")
            )
        return data

    def _check_budget(self, data: Mapping[str, Any]) -> None:
        """Refuse a budget that is less than the cheapest project as this scenario prices it."""
        budget = data.get("budget")
        if budget is None or {"costs", "cost_percent"} & set(self.errors):
            return
        factor = Fraction(data.get("cost_percent") or 100, 100)
        given = data.get("costs") or {}
        costs = [
            given.get(each["id"], ceil(each["cost"] * factor))
            for each in self.projects
            if each.get("cost") and not each.get("withdrawn")
        ]
        if costs and budget < min(costs):
            self.add_error(
                "budget",
                _("The cheapest project costs %(amount)s: with less, nothing is funded.")
                % {"amount": format_money(min(costs), self.currency)},
            )

    def build(self, rule: Rule) -> Scenario:
        """Make the scenario from valid answers and a rule."""
        data = self.cleaned_data
        percent = data["cost_percent"] or 100
        if any(data[f"area_{at}"] is not None for at in range(len(self.area_names))):
            rule = replace(rule, areas=Areas.NONE)  # `unspent` says it instead
        return Scenario(
            name=data["name"],
            rule=rule,
            max_length=data["max_length"],
            budget=None if data["budget"] is None else Fraction(data["budget"], 100),
            cost_factor=Fraction(percent, 100),
            costs={name: Fraction(cents, 100) for name, cents in data["costs"].items()},
            areas=tuple(
                (area, Fraction(data[f"area_{at}"], 100))
                for at, area in enumerate(self.area_names)
                if data[f"area_{at}"] is not None
            ),
            unspent=Areas(data.get("unspent") or Areas.LAPSE),
        )


def area_names(projects: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the areas that can have budgets, the city-wide part last; none where there is one."""
    names = sorted({project["area"] for project in projects}, key=lambda name: (not name, name))
    return names if 2 <= len(names) <= MOST_AREAS else []


class ScenarioRuleForm(AwardRuleForm):
    """The award rule of a scenario: what the form does not ask stays as it was in the vote."""

    def __init__(self, *args: Any, own: Rule, facts: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own, self.facts = own, facts
        # What an area leaves is asked beside the budgets of areas.
        del self.fields["areas"]

    def clean_min_votes(self) -> int | None:
        """Refuse a minimum that no project can reach where each ballot is one vote."""
        least: int | None = self.cleaned_data["min_votes"]
        has_points = self.facts["vote_type"] not in BALLOT_TYPES
        if least is not None and least > self.facts["ballots"] and not has_points:
            raise ValidationError(
                _("There are %(ballots)s ballots, so that no project could have so many votes.")
                % {"ballots": format_number(self.facts["ballots"])}
            )
        return least

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors:
            self.rule = replace(self.rule, areas=self.own.areas)
        return data


def rule_form(
    simulation: Simulation, *, own: Rule, rule: Rule | None = None, data: Any = None
) -> ScenarioRuleForm:
    """Give the round's form for award rules, filled with a rule, else with the vote's `own`."""
    # The form reads the rule of a scope; this one is never stored.
    scope = Scope(award_rule=(rule or own).to_json())
    if data is not None:
        data = data.copy()
        data["vote_type"] = simulation.facts["vote_type"]  # some rules are not for all ballots
    return ScenarioRuleForm(data, scope=scope, own=own, facts=simulation.facts)


class CopyForm(forms.Form):
    """The name of a copy."""

    name = forms.CharField(label=_("Name of the copy"), max_length=120)
