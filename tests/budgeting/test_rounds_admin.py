"""A coordinator sets up a round in the admin; every mistake is told at its field."""

import re
from datetime import UTC, datetime
from fractions import Fraction
from html import unescape

import pytest
from django import forms
from django.db import IntegrityError
from django.urls import reverse
from django.utils import translation
from wagtail.models import ModelLogEntry

from budgeting import joint_acts
from budgeting.admin.fields import MomentField, MoneyField, PercentField
from budgeting.admin.round_forms import RoundForm
from budgeting.models import Contest, Criterion, JointAct, Phase, Project, Round, Scope
from budgeting.tally.rules import Rule
from residents.models import User
from tests.factories.budgeting import (
    ContestFactory,
    ProjectFactory,
    RollFactory,
    RoundFactory,
    ScopeFactory,
    coordinator,
    guarantor,
    open_round,
    person,
    ready_round,
)
from tests.factories.commons import CommonGoodFactory, NeighbourhoodFactory
from tests.factories.home import picture
from tests.signing_in import sign_in_to_admin

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"rounds_admin:{name}", args=args)


@pytest.fixture
def admin(client):
    sign_in_to_admin(client, coordinator())
    return client


def errors(response, form="form"):
    return {name: [str(e) for e in found] for name, found in response.context[form].errors.items()}


ROUND = {
    "name_it": "Bilancio partecipativo 2027",
    "name_en": "Participatory budget 2027",
    "minimum_age": "16",
    "currency": "EUR",
}


def test_a_coordinator_makes_a_round_whose_address_comes_from_its_name(admin):
    response = admin.post(url("round_add"), ROUND)
    round = Round.objects.get()
    assert response.url == url("round", round.pk)
    assert (round.slug, round.state, round.is_public) == (
        "bilancio-partecipativo-2027",
        "preparation",
        False,
    )
    assert (round.name_it, round.name_en) == (ROUND["name_it"], ROUND["name_en"])
    assert ModelLogEntry.objects.filter(object_id=round.pk).exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name_it": ""}, "name_it"),
        ({"currency": "ZZZ"}, "currency"),
        ({"currency": "EURO"}, "currency"),
        ({"minimum_age": "-1"}, "minimum_age"),
        ({"minimum_age": "120"}, "minimum_age"),
        ({"slug": "già preso!"}, "slug"),
        ({"slug": "preso"}, "slug"),
        ({"name_it": "→ !"}, "slug"),
    ],
)
def test_a_mistake_in_a_round_is_told_at_its_field_and_nothing_typed_is_lost(admin, typed, field):
    RoundFactory(slug="preso")
    response = admin.post(url("round_add"), ROUND | {"summary_it": "Testo lungo."} | typed)
    assert response.status_code == 422
    assert list(errors(response)) == [field]
    assert "Testo lungo." in response.text
    assert Round.objects.count() == 1


def test_a_currency_may_be_typed_in_small_letters(admin):
    admin.post(url("round_add"), ROUND | {"currency": "eur"})
    assert Round.objects.get().currency == "EUR"


SCOPE = {
    "name_it": "Quartieri",
    "name_en": "Neighbourhoods",
    "position": "0",
    "vote_type": "approval",
    "min_length": "1",
    "max_length": "2",
    "allows_blank": "on",
    "ballot_order": "shuffled",
    "rule-method": "greedy",
    "rule-eligibility": "none",
    "rule-ties": "standard",
    "rule-order": "votes",
    "rule-overflow": "skip",
}
CONTESTS = {
    "contests-TOTAL_FORMS": "2",
    "contests-INITIAL_FORMS": "0",
    "contests-0-name_it": "Stazione",
    "contests-0-name_en": "Station",
    "contests-0-budget": "50.000,00",
}


def test_contests_and_their_award_rule_are_kept_as_typed(admin):
    round, place = RoundFactory(), NeighbourhoodFactory(name="Stazione")
    typed = SCOPE | CONTESTS | {"contests-0-neighbourhood": str(place.pk)}
    response = admin.post(url("scope_add", round.pk), typed)
    assert response.status_code == 302, errors(response)
    contest = Contest.objects.get()
    assert (contest.slug, contest.budget, contest.neighbourhood) == ("stazione", 5_000_000, place)
    assert contest.scope.award_rule == Rule.from_json({"method": "greedy"}).to_json()


def test_every_field_of_the_rule_stands_once_and_says_under_which_methods(admin):
    response = admin.get(url("scope_add", RoundFactory().pk))
    for field in response.context["rule_form"]:
        assert response.text.count(f'name="{field.html_name}"') == 1, field.name
    assert 'data-methods="greedy phragmen"' in response.text


def test_every_parameter_of_equal_shares_is_kept(admin):
    typed = {
        "rule-method": "equalshares",
        "rule-utility": "cardinality",
        "rule-completion": "add1u",
        "rule-start": "floor",
        "rule-step": "0,50",
        "rule-stop": "exhaustive",
        "rule-comparison": "coverage",
        "rule-min_votes": "10",
        "rule-min_share": "2,5",
        "rule-eligibility": "3B",
    }
    admin.post(url("scope_add", RoundFactory().pk), SCOPE | CONTESTS | typed)
    expected = {
        "method": "equalshares",
        "utility": "cardinality",
        "completion": "add1u",
        "start": "floor",
        "step": "1/2",
        "stop": "exhaustive",
        "comparison": "coverage",
        "min_votes": 10,
        "min_share": "1/40",
        "eligibility": "3B",
    }
    assert expected.items() <= Scope.objects.get().award_rule.items()


def test_phragmen_and_where_unspent_money_goes_are_kept(admin):
    typed = {"rule-method": "phragmen", "rule-overflow": "skip", "rule-areas": "next"}
    admin.post(url("scope_add", RoundFactory().pk), SCOPE | CONTESTS | typed)
    expected = {"method": "phragmen", "overflow": "skip", "areas": "next", "order": "votes"}
    assert expected.items() <= Scope.objects.get().award_rule.items()


def test_what_a_form_shows_and_saves_again_changes_nothing(admin):
    rule = {
        "method": "equalshares",
        "completion": "add1",
        "start": "floor",
        "step": "1/2",
        "min_share": "1/40",
        "utility": "cardinality",
    }
    scope = ScopeFactory(award_rule=Rule.from_json(rule).to_json())
    ContestFactory(scope=scope, budget=12_345_67)
    page = admin.get(url("scope", scope.round_id, scope.pk))
    typed = {}
    for form in (page.context["form"], page.context["rule_form"], *page.context["formset"].forms):
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                typed[field.html_name] = "on" if value is True else str(value)
    management = page.context["formset"].management_form
    typed |= {field.html_name: str(field.value()) for field in management}
    before = scope.award_rule
    response = admin.post(url("scope", scope.round_id, scope.pk), typed)
    assert response.status_code == 302, response.context["formset"].errors
    scope.refresh_from_db()
    assert (scope.award_rule, scope.contests.get().budget) == (before, 12_345_67)


@pytest.mark.parametrize(
    ("typed", "form", "field"),
    [
        ({"name_it": ""}, "form", "name_it"),
        ({"min_length": "3", "max_length": "2"}, "form", "max_length"),
        ({"min_sum_cost": "200,00", "max_sum_cost": "100,00"}, "form", "max_sum_cost"),
        ({"vote_type": "cumulative"}, "form", "max_sum_points"),
        ({"vote_type": "scoring"}, "form", "max_points"),
        ({"max_points": "3"}, "form", "max_points"),
        ({"default_score": "1"}, "form", "default_score"),
        ({"vote_type": "choose-1"}, "form", "max_length"),
        ({"rule-method": ""}, "rule_form", "method"),
        ({"rule-min_votes": "-1"}, "rule_form", "min_votes"),
        ({"rule-min_share": "101"}, "rule_form", "min_share"),
        ({"rule-min_share": "molti"}, "rule_form", "min_share"),
        (
            {"rule-overflow": "partial", "rule-partial_share": "0"},
            "rule_form",
            "partial_share",
        ),
        ({"rule-method": "equalshares", "rule-step": "0"}, "rule_form", "step"),
        ({"rule-method": "phragmen", "rule-overflow": "partial"}, "rule_form", "overflow"),
        ({"rule-method": "phragmen", "vote_type": "ordinal"}, "rule_form", "method"),
        ({"rule-compat": "pabutools"}, "rule_form", "compat"),
    ],
)
def test_a_mistake_in_ballot_or_award_rule_is_told_at_its_field(admin, typed, form, field):
    round = RoundFactory()
    response = admin.post(url("scope_add", round.pk), SCOPE | CONTESTS | typed)
    assert response.status_code == 422
    assert list(errors(response, form)) == [field]
    assert 'value="50.000,00"' in response.text
    assert not Scope.objects.exists()


@pytest.mark.parametrize("budget", ["", "0", "-5", "molti", "1.25.000", "12,345,6", "9" * 20])
def test_an_impossible_budget_is_told_at_its_row(admin, budget):
    response = admin.post(
        url("scope_add", RoundFactory().pk), SCOPE | CONTESTS | {"contests-0-budget": budget}
    )
    assert response.status_code == 422
    assert list(response.context["formset"].errors[0]) == ["budget"]


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("12500", 12_500_00),
        ("12.500", 12_500_00),
        ("12.500,00", 12_500_00),
        ("12500,5", 12_500_50),
        ("12,500.00", 12_500_00),
        ("€ 12.500,00", 12_500_00),
        ("0,01", 1),
    ],
)
def test_a_budget_is_understood_as_people_type_it(admin, typed, cents):
    admin.post(url("scope_add", RoundFactory().pk), SCOPE | CONTESTS | {"contests-0-budget": typed})
    assert Contest.objects.get().budget == cents


def test_a_contest_whose_name_has_no_letters_has_an_address_all_the_same(admin):
    round = RoundFactory()
    admin.post(url("scope_add", round.pk), SCOPE | CONTESTS | {"contests-0-name_it": "→"})
    assert Contest.objects.get().slug == "contest"


def test_two_contests_of_a_round_have_different_names_and_neighbourhoods(admin):
    round, place = RoundFactory(), NeighbourhoodFactory()
    ContestFactory(scope__round=round, slug="stazione")
    second = {
        "contests-1-name_it": "Altro quartiere",
        "contests-1-budget": "1",
        "contests-0-neighbourhood": str(place.pk),
        "contests-1-neighbourhood": str(place.pk),
    }
    response = admin.post(url("scope_add", round.pk), SCOPE | CONTESTS | second)
    assert response.status_code == 422
    assert [list(row) for row in response.context["formset"].errors] == [
        ["name_it"],
        ["neighbourhood"],
    ]
    assert place.name in str(response.context["formset"].errors[1])


def test_a_group_without_contests_says_what_it_lacks(admin):
    round = RoundFactory()
    none = {"contests-TOTAL_FORMS": "1", "contests-INITIAL_FORMS": "0"}
    response = admin.post(url("scope_add", round.pk), SCOPE | none, follow=True)
    (message,) = response.context["messages"]
    assert message.level_tag == "warning"
    assert "Quartieri" in str(message)


def test_a_contest_with_projects_is_not_deleted(admin):
    contest = ProjectFactory().contest
    typed = {
        "contests-TOTAL_FORMS": "1",
        "contests-INITIAL_FORMS": "1",
        "contests-0-id": str(contest.pk),
        "contests-0-name_it": "Città",
        "contests-0-budget": "1",
        "contests-0-DELETE": "on",
    }
    round_pk = contest.scope.round_id
    response = admin.post(url("scope", round_pk, contest.scope_id), SCOPE | typed)
    assert response.status_code == 422
    assert Contest.objects.filter(pk=contest.pk).exists()


def test_dates_are_typed_in_the_citys_time(admin):
    round = RoundFactory()
    response = admin.post(
        url("phases", round.pk),
        {"vote_starts_at": "2099-07-01T10:00", "vote_ends_at": "2099-07-15T00:00"},
    )
    assert response.status_code == 302
    vote = round.phases.get()
    assert (vote.kind, vote.starts_at) == ("vote", datetime(2099, 7, 1, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"vote_starts_at": "2099-07-01T10:00"}, "vote_ends_at"),
        ({"vote_ends_at": "2099-07-01T10:00"}, "vote_starts_at"),
        (
            {"vote_starts_at": "2099-07-02T10:00", "vote_ends_at": "2099-07-01T10:00"},
            "vote_ends_at",
        ),
        (
            {
                "propose_starts_at": "2099-06-01T10:00",
                "propose_ends_at": "2099-07-02T10:00",
                "vote_starts_at": "2099-07-01T10:00",
                "vote_ends_at": "2099-07-09T10:00",
            },
            "vote_starts_at",
        ),
        ({"vote_starts_at": "domani", "vote_ends_at": "2099-07-09T10:00"}, "vote_starts_at"),
        # In this hour the clocks go forward: it is not there.
        (
            {"vote_starts_at": "2027-03-28T02:30", "vote_ends_at": "2027-04-09T10:00"},
            "vote_starts_at",
        ),
    ],
)
def test_a_mistake_in_a_date_is_told_at_its_field(admin, typed, field):
    round = RoundFactory()
    response = admin.post(url("phases", round.pk), typed)
    assert response.status_code == 422
    assert field in errors(response)
    for value in typed.values():
        assert value in response.text
    assert not Phase.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2027-03-28T02:30", "gone forward: there is no such time"),
        ("2027-10-31T02:30", "go back, and 2:30 a.m. comes twice"),
    ],
)
def test_a_time_when_the_clocks_change_is_told_in_plain_words(typed, said):
    with translation.override("en"), pytest.raises(forms.ValidationError) as error:
        MomentField().clean(typed)
    assert said in error.value.messages[0]


def test_criteria_are_added_changed_and_deleted(admin):
    round = RoundFactory()
    new = {
        "criteria-TOTAL_FORMS": "1",
        "criteria-INITIAL_FORMS": "0",
        "criteria-0-question_it": "È su suolo pubblico?",
        "criteria-0-is_blocking": "on",
    }
    admin.post(url("criteria", round.pk), new)
    criterion = Criterion.objects.get()
    assert criterion.question_it == "È su suolo pubblico?"
    old = {
        "criteria-TOTAL_FORMS": "1",
        "criteria-INITIAL_FORMS": "1",
        "criteria-0-id": str(criterion.pk),
        "criteria-0-question_it": "",
    }
    response = admin.post(url("criteria", round.pk), old)
    assert response.status_code == 422
    admin.post(url("criteria", round.pk), old | {"criteria-0-DELETE": "on"})
    assert not Criterion.objects.exists()


def project_fields(of, **changes):
    return {
        "number": "1",
        "contest": str(of.pk),
        "title_it": "Pista ciclabile",
        "cost": "12.500,00",
    } | changes


def test_a_project_is_added_with_its_number_as_identifier(admin):
    contest = ContestFactory()
    response = admin.post(url("project_add", contest.scope.round_id), project_fields(contest))
    assert response.status_code == 302, errors(response)
    project = Project.objects.get()
    assert (project.code, project.cost, project.round) == ("1", 12_500_00, contest.scope.round)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title_it": ""}, "title_it"),
        ({"cost": "tanto"}, "cost"),
        ({"cost": ""}, "cost"),
        ({"number": "7"}, "number"),
        ({"number": ""}, "number"),
        ({"contest": "0"}, "contest"),
        ({"latitude": "43.1"}, "longitude"),
        ({"longitude": "12.1"}, "latitude"),
        ({"latitude": "95", "longitude": "12.1"}, "latitude"),
        ({"latitude": "43.1", "longitude": "181"}, "longitude"),
        ({"number": "0"}, "number"),
    ],
)
def test_a_mistake_in_a_project_is_told_at_its_field(admin, typed, field):
    contest = ProjectFactory(number=7).contest
    response = admin.post(
        url("project_add", contest.scope.round_id), project_fields(contest, **typed)
    )
    assert response.status_code == 422
    assert list(errors(response)) == [field]
    assert Project.objects.count() == 1


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (ProjectFactory, {"latitude": 95, "longitude": 12}),
        (ProjectFactory, {"latitude": 43, "longitude": 181}),
        (ProjectFactory, {"number": 0}),
        (ContestFactory, {"slug": ""}),
        (RoundFactory, {"slug": ""}),
    ],
)
def test_the_database_refuses_what_has_no_place_number_or_address(make, wrong):
    with pytest.raises(IntegrityError):
        make(**wrong)


def test_a_contest_of_another_round_is_no_choice(admin):
    response = admin.post(url("project_add", RoundFactory().pk), project_fields(ContestFactory()))
    assert list(errors(response)) == ["contest"]


def test_projects_are_searched_and_filtered(admin):
    contest = ContestFactory()
    other = ContestFactory(scope=contest.scope, slug="altro")
    ProjectFactory(contest=contest, number=1, title_it="Pista ciclabile", title_en="Cycle path")
    ProjectFactory(contest=other, number=2, title_it="Fontana")
    for query, numbers in [
        ("", [1, 2]),
        ("?q=pista", [1]),
        ("?q=pista%00", [1]),
        ("?q=2", [2]),
        (f"?contest={other.pk}", [2]),
        ("?state=withdrawn", []),
    ]:
        page = admin.get(url("projects", contest.scope.round_id) + query)
        assert [project.number for project in page.context["page"]] == numbers


def test_rounds_are_searched_and_filtered(admin):
    first, second = RoundFactory(name_it="Edizione prima"), RoundFactory(name_it="Edizione seconda")
    for query, found in [
        ("", [second, first]),
        ("?q=prima", [first]),
        ("?q=prima%00", [first]),
        ("?q=prima&state=preparation", [first]),
        ("?q=prima&state=open", []),
    ]:
        assert list(admin.get(url("rounds") + query).context["page"]) == found


@pytest.mark.parametrize("page", ["rounds", "projects"])
def test_twenty_rows_cost_the_queries_of_one(admin, page, django_assert_num_queries):
    contest = ContestFactory()

    def address():
        return url(page) if page == "rounds" else url(page, contest.scope.round_id)

    def number_of_queries():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        admin.get(address())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            admin.get(address())
        return len(queries)

    ProjectFactory(contest=contest)
    with_one = number_of_queries()
    if page == "rounds":
        RoundFactory.create_batch(19)
    else:
        ProjectFactory.create_batch(19, contest=contest)
    assert number_of_queries() == with_one


def test_the_page_of_a_round_says_what_is_missing_and_where(admin):
    round = RoundFactory()
    page = admin.get(url("round", round.pk))
    for name in ("rules", "scope_add", "phases"):
        assert url(name, round.pk) in page.text
    assert not page.context["is_ready"]


def steps(page):
    return [(bool(step.missing), step.is_complete) for step in page.context["steps"]]


def test_only_what_is_there_is_said_to_be_complete(admin):
    missing, complete, neither = (True, False), (False, True), (False, False)
    rules, contests, dates, criteria, projects, opening, after = steps(
        admin.get(url("round", RoundFactory().pk))
    )
    assert [rules, contests, dates, opening] == [missing] * 4
    # Nothing asks for criteria, nor for projects where there is no contest: nothing is done either.
    assert [criteria, projects, after] == [neither] * 3
    round = ready_round(is_public=True)
    Criterion.objects.create(round=round, question="Si può fare?")
    assert steps(admin.get(url("round", round.pk))) == [*[complete] * 5, neither, neither]
    open_round(round)
    assert steps(admin.get(url("round", round.pk))) == [neither] * 7


def test_a_hold_is_placed_and_lifted_on_the_page_of_the_round(admin):
    round = RoundFactory()
    response = admin.post(url("hold", round.pk), {"reason_it": "", "reason_en": "Fault"})
    assert response.status_code == 422
    assert "Fault" in response.text
    admin.post(url("hold", round.pk), {"reason_it": "Guasto", "reason_en": "Fault"})
    assert "Guasto" in admin.get(url("round", round.pk)).text
    admin.post(url("hold_lift", round.pk))
    assert round.holds.get().lifted_at is not None


def test_a_coordinator_asks_and_a_guarantor_opens(admin, client):
    round = ready_round()
    page = admin.get(url("opening", round.pk))
    response = admin.post(url("opening", round.pk), {"reason": "Tutto pronto."})
    act = JointAct.objects.get()
    assert response.url == url("act", act.pk)
    assert "confirm" not in [
        name for name in admin.get(response.url).text.split('"') if name == "confirm"
    ]
    sign_in_to_admin(client, guarantor())
    assert act in client.get(url("acts")).context["mine"]
    shown = client.get(url("act", act.pk)).text
    assert page.context["sha256"] in shown
    assert "Progetto" in shown
    assert 'name="confirm"' in shown
    assert client.post(url("act", act.pk), {"confirm": "1"}).status_code == 302
    round.refresh_from_db()
    assert round.state == "open"
    assert round.frozen_rules.get().sha256 == page.context["sha256"]


def test_each_table_of_signatures_has_a_name_of_its_own(client):
    asked = {"round": ready_round(), "kind": "withdrawal", "requested_by": coordinator()}
    mine, decided = (JointAct.objects.create(**asked, parameters={"project": n}) for n in (1, 2))
    signer = guarantor()
    joint_acts.refuse_act(act=decided, by=signer, answer="No.")
    sign_in_to_admin(client, signer)
    page = client.get(url("acts"))
    assert page.context["mine"] == [mine]
    names = re.findall(r'role="region"[^>]*aria-label="([^"]*)"', page.text)
    assert len(names) == len(set(names)) == 2


def test_a_guarantor_is_told_at_once_when_the_rules_are_no_longer_those_asked_for(client):
    round = ready_round()
    sign_in_to_admin(client, coordinator())
    client.post(url("opening", round.pk), {"reason": ""})
    act = JointAct.objects.get()
    ProjectFactory(contest=Contest.objects.get(), number=9)
    sign_in_to_admin(client, guarantor())
    page = client.get(url("act", act.pk))
    assert not page.context["is_as_asked"]
    assert page.context["obstacle"]
    assert page.context["obstacle"] in unescape(page.text)
    assert page.context["sha256"] in page.text
    assert 'name="confirm"' not in page.text
    assert 'name="refuse"' in page.text


def test_a_guarantor_who_refuses_must_say_why(client):
    round = ready_round()
    sign_in_to_admin(client, coordinator())
    client.post(url("opening", round.pk), {"reason": ""})
    act = JointAct.objects.get()
    sign_in_to_admin(client, guarantor())
    response = client.post(url("act", act.pk), {"refuse": "1", "answer": ""})
    assert response.status_code == 422
    assert list(errors(response)) == ["answer"]
    client.post(url("act", act.pk), {"refuse": "1", "answer": "Manca il progetto 7."})
    act.refresh_from_db()
    assert act.state == "refused"


def test_a_round_that_is_not_ready_is_not_asked_for(admin):
    round = RoundFactory()
    response = admin.post(url("opening", round.pk), {"reason": ""})
    assert response.status_code == 422
    assert not JointAct.objects.exists()


def test_once_open_forms_save_nothing_that_is_frozen(admin):
    round = open_round(ready_round())
    scope = round.scopes.get()
    project = round.projects.first()
    before = (round.tie_procedure_it, project.title_it, project.cost)
    admin.post(url("rules", round.pk), ROUND | {"tie_procedure_it": "altra", "is_public": "on"})
    assert admin.post(url("scope", round.pk, scope.pk), SCOPE | CONTESTS).status_code == 422
    contest = scope.contests.get()
    admin.post(url("project", round.pk, project.pk), project_fields(contest))
    assert admin.post(url("project_add", round.pk), project_fields(contest, number="99"))
    admin.post(url("project_delete", round.pk, project.pk))
    admin.post(url("scope_delete", round.pk, scope.pk))
    admin.post(url("round_delete", round.pk))
    round.refresh_from_db()
    project.refresh_from_db()
    assert (round.tie_procedure_it, project.title_it, project.cost) == before
    assert round.projects.count() == 3


@pytest.mark.parametrize("language", ["it", "en"])
def test_what_is_not_frozen_is_saved_whatever_language_somebody_works_in(language):
    with translation.override(language):
        round = open_round(ready_round())
    for working_in in ("it", "en"):
        with translation.override(working_in):
            form = RoundForm(
                {"summary_it": f"letto in {working_in}", "is_public": "on"},
                instance=Round.objects.get(pk=round.pk),
            )
            assert form.is_valid(), form.errors
            form.save()
            assert Round.objects.get(pk=round.pk).summary_it == f"letto in {working_in}"
            project = Project.objects.filter(round=round)[0]
            project.good = None
            project.save()


def columns(project):
    return {each.attname: getattr(project, each.attname) for each in Project._meta.concrete_fields}


@pytest.mark.parametrize("language", ["it", "en"])
def test_once_open_picture_description_and_common_good_of_a_project_still_change(admin, language):
    round = ready_round(projects=1)
    # As files bring them, and no form of ours would write them.
    Project.objects.update(categories_it="verde,acqua", categories_en="green,water", cost=12_345_67)
    open_round(round)
    before = columns(Project.objects.get())
    good, image = CommonGoodFactory(), picture()
    typed = {
        "description_it": "Più corta.",
        "description_en": "Shorter.",
        "good": str(good.pk),
        "image": str(image.pk),
    }
    with translation.override(language):
        page = url("project", round.pk, before["id"])
        assert admin.post(page, typed).status_code == 302
        frozen = {"title_it": "Altro", "number": "9", "cost": "1", "contest": "", "latitude": "4"}
        assert admin.post(page, typed | frozen).status_code == 302
    changed = typed | {"good_id": good.pk, "image_id": image.pk}
    after = columns(Project.objects.get())
    assert {name for name in after if after[name] != before[name]} <= {*changed, "description"}
    assert [after[name] for name in ("description_it", "good_id", "image_id")] == [
        "Più corta.",
        good.pk,
        image.pk,
    ]


@pytest.mark.parametrize(
    ("field", "kept"), [(MoneyField, 12_345_67), (PercentField, Fraction(1, 40))]
)
def test_a_greyed_field_keeps_what_is_stored(field, kept):
    class OfOne(forms.Form):
        value = field(disabled=True)

    form = OfOne({"value": "9"}, initial={"value": kept})
    assert form.is_valid(), form.errors
    assert (form.cleaned_data, form.changed_data) == ({"value": kept}, [])


def test_once_open_no_form_offers_another_project(admin):
    round = open_round(ready_round())
    page = admin.get(url("project_add", round.pk))
    assert 'name="title_it"' not in page.text
    typed = project_fields(Contest.objects.get(), number="99")
    assert admin.post(url("project_add", round.pk), typed).status_code == 422
    assert round.projects.count() == 3


def test_a_withdrawal_and_a_later_close_are_asked_for_from_their_pages(admin):
    round = open_round(ready_round())
    project = round.projects.first()
    response = admin.post(url("project_withdraw", round.pk, project.pk), {"reason": ""})
    assert response.status_code == 422
    admin.post(url("project_withdraw", round.pk, project.pk), {"reason": "Terreno venduto."})
    response = admin.post(
        url("extension", round.pk), {"ends_at": "2020-01-01T10:00", "reason": "Guasto"}
    )
    assert list(errors(response)) == ["ends_at"]
    admin.post(url("extension", round.pk), {"ends_at": "2099-01-01T10:00", "reason": "Guasto"})
    kinds = JointAct.objects.filter(state="requested").values_list("kind", flat=True)
    assert sorted(kinds) == ["extension", "withdrawal"]


def test_a_round_in_preparation_is_deleted_with_what_it_holds(admin):
    round = ready_round()
    assert admin.get(url("round_delete", round.pk)).status_code == 200
    admin.post(url("round_delete", round.pk))
    assert not Round.objects.exists()


def test_a_round_with_something_to_sign_stays_and_the_reason_is_said(admin):
    round = ready_round()
    JointAct.objects.create(
        round=round, kind="opening", parameters={"sha256": "0" * 64}, requested_by=coordinator()
    )
    with translation.override("en"):
        answer = admin.post(url("round_delete", round.pk), follow=True)
    assert Round.objects.filter(pk=round.pk).exists()
    (message,) = answer.context["messages"]
    assert "seconda firma" in str(message)


# Who may do what

PAGES = [
    "rounds",
    "round_add",
    "acts",
    "round",
    "rules",
    "round_delete",
    "phases",
    "criteria",
    "hold",
    "hold_lift",
    "scopes",
    "scope_add",
    "scope",
    "scope_delete",
    "projects",
    "project_add",
    "project_import",
    "project_example",
    "project_export",
    "project",
    "project_delete",
    "project_withdraw",
    "opening",
    "extension",
    "act",
    "decisions",
    "decision_cost",
    "decision_budget",
    "decision_note",
]
# These ask for a round that is further on: see test_after_vote.py and test_overrides.py.
AFTER_THE_VOTE = {
    "decision_revoke",
    "after_vote",
    "annulment",
    "sealing_request",
    "key_destruction_request",
    "draw_request",
    "count_request",
    "publication_request",
    "record_file",
}
ONLY_COORDINATORS = {
    "round_add",
    "round_delete",
    "scope_delete",
    "project_delete",
    "project_withdraw",
    "project_import",
    "extension",
    "decision_cost",
    "decision_budget",
    "decision_note",
}


@pytest.fixture
def addresses():
    round = ready_round()
    scope, project = round.scopes.get(), round.projects.first()
    act = JointAct.objects.create(
        round=round,
        kind="opening",
        parameters={"sha256": "0" * 64},
        requested_by=person("chi@example.org"),
    )
    arguments = {
        "rounds": [],
        "round_add": [],
        "acts": [],
        "act": [act.pk],
        "scope": [round.pk, scope.pk],
        "scope_delete": [round.pk, scope.pk],
        "project": [round.pk, project.pk],
        "project_delete": [round.pk, project.pk],
        "project_withdraw": [round.pk, project.pk],
    }
    return {name: url(name, *arguments.get(name, [round.pk])) for name in PAGES}


def test_the_table_of_pages_is_whole():
    from budgeting.admin.urls import urlpatterns

    assert {pattern.name for pattern in urlpatterns} == set(PAGES) | AFTER_THE_VOTE


@pytest.mark.parametrize("role", ["coordinator", "guarantor", "staff", "resident", "nobody"])
def test_who_may_see_and_who_may_write(client, addresses, role):
    user = {
        "coordinator": coordinator,
        "guarantor": guarantor,
        "staff": lambda: person("staff@example.org"),
        "resident": lambda: User.objects.create_user("res@example.org"),
        "nobody": lambda: None,
    }[role]()
    if user is not None:
        sign_in_to_admin(client, user)
    for name, address in addresses.items():
        seen = client.get(address)
        if name == "hold_lift":
            may_see = False
        else:
            may_see = role == "coordinator" or (
                role == "guarantor" and name not in ONLY_COORDINATORS
            )
        assert (seen.status_code == 200) is may_see, (role, name, seen.status_code)
        if role != "coordinator":
            before = list(Round.objects.values()), Project.objects.count(), Scope.objects.count()
            wrote = client.post(address, {"refuse": "1", "answer": ""})
            expected = (302, 403, 405) if not (role == "guarantor" and name == "act") else (422,)
            assert wrote.status_code in expected, (role, name, wrote.status_code)
            after = list(Round.objects.values()), Project.objects.count(), Scope.objects.count()
            assert after == before


def test_a_roll_is_chosen_on_the_page_of_the_rules(admin):
    round, roll = RoundFactory(), RollFactory()
    admin.post(url("rules", round.pk), ROUND | {"slug": round.slug, "roll": str(roll.pk)})
    round.refresh_from_db()
    assert round.roll == roll
