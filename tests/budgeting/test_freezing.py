"""The same rules give the same bytes; what is frozen stays; the hash is of what is downloaded."""

import hashlib
import json

import pytest
from django.db import IntegrityError, transaction

from budgeting.canonical_json import canonical_json, sha256_of
from budgeting.freezing import add_addendum, rules_document
from budgeting.models import Contest, FrozenRules, Project, Round, Scope
from commons.models import CommonGood, Neighbourhood
from tests.factories.budgeting import ContestFactory, ProjectFactory, open_round, ready_round


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None, "x"]}, '{"a":[true,null,"x"],"b":1}'),
        # RFC 8785 orders by UTF-16 code units: the smiley (a surrogate pair) before the ligature.
        ({"\ufb33": 1, "\U0001f600": 2}, '{"\U0001f600":2,"\ufb33":1}'),
        ({"città": "«è»\n"}, '{"città":"«è»\\n"}'),
        ('\u20ac$\u000f\nA\'B"\\\\"/', '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
    ],
)
def test_canonical_json_is_that_of_rfc_8785(value, text):
    assert canonical_json(value) == text


@pytest.mark.parametrize("value", [1.5, {"a": [0.1]}, 2**53 + 1])
def test_numbers_that_are_not_exact_everywhere_are_refused(value):
    with pytest.raises(ValueError):  # noqa: PT011
        canonical_json(value)


def test_the_hash_is_of_the_bytes_in_utf_8():
    assert sha256_of("città") == hashlib.sha256("città".encode()).hexdigest()


@pytest.mark.django_db
def test_the_document_holds_rules_contests_budgets_projects_and_award_rule():
    round = ready_round(projects=2)
    document = json.loads(rules_document(round))
    scope = document["scopes"][0]
    contest = scope["contests"][0]
    assert document["round"]["name"]["it"] == round.name_it
    assert document["round"]["tie_procedure"]["it"] == round.tie_procedure_it
    assert scope["award_rule"] == {"method": "greedy"}
    assert scope["ballot"]["max_length"] == 3
    assert contest["budget"] == 15000000
    assert [(each["number"], each["cost"]) for each in contest["projects"]] == [
        (1, 1000000),
        (2, 1000000),
    ]


@pytest.mark.django_db
def test_the_order_in_which_things_were_written_makes_no_difference(django_assert_num_queries):
    one = ready_round(projects=3)
    first = rules_document(one)
    contest = Contest.objects.get(scope__round=one)
    fields = [
        {"number": p.number, "title_it": p.title_it, "title_en": p.title_en}
        for p in Project.objects.filter(round=one)
    ]
    Project.objects.filter(round=one).delete()
    for each in reversed(fields):
        ProjectFactory(contest=contest, **each)
    assert rules_document(one) == first


@pytest.mark.django_db
def test_a_round_of_a_hundred_projects_is_read_in_as_many_queries_as_one_of_three(
    django_assert_max_num_queries,
):
    round = ready_round(projects=60)
    with django_assert_max_num_queries(8):
        rules_document(Round.objects.select_related("roll").get(pk=round.pk))


@pytest.mark.django_db
def test_what_is_not_frozen_has_no_addenda():
    with pytest.raises(ValueError, match="frozen"):
        add_addendum(ready_round(), kind="extension", reason="Guasto", content={})


@pytest.mark.django_db
def test_frozen_rules_do_not_change():
    round = open_round(ready_round())
    for change in (
        lambda: FrozenRules.objects.filter(round=round).update(document="{}"),
        lambda: FrozenRules.objects.filter(round=round).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda round: Round.objects.filter(pk=round.pk).update(tie_procedure_it="altra"),
        lambda round: Round.objects.filter(pk=round.pk).update(currency="PLN"),
        lambda round: Round.objects.filter(pk=round.pk).update(minimum_age=18),
        lambda round: Round.objects.filter(pk=round.pk).update(state="preparation"),
        lambda round: Round.objects.filter(pk=round.pk).update(roll=None),
        lambda round: Scope.objects.filter(round=round).update(award_rule={"method": "x"}),
        lambda round: Scope.objects.filter(round=round).update(max_length=9),
        lambda round: Scope.objects.create(round=round, name="nuovo"),
        lambda round: Contest.objects.filter(scope__round=round).update(budget=1),
        lambda round: ContestFactory(scope=round.scopes.get()),
        lambda round: Project.objects.filter(round=round).update(cost=1),
        lambda round: Project.objects.filter(round=round).update(title_it="altro"),
        lambda round: Project.objects.filter(round=round).update(
            state="withdrawn", withdrawal_reason="da una persona sola"
        ),
        lambda round: Project.objects.filter(round=round).first().delete(),
        lambda round: ProjectFactory(contest=Contest.objects.get(scope__round=round), number=99),
        lambda round: (
            Project.objects.filter(round=round)
            .first()
            .rivals.add(Project.objects.filter(round=round).last())
        ),
    ],
)
def test_after_the_opening_the_database_refuses_to_change_what_was_frozen(change):
    round = open_round(ready_round())
    with pytest.raises(IntegrityError), transaction.atomic():
        change(round)


@pytest.mark.django_db
def test_after_the_opening_a_project_may_still_get_a_picture_and_lose_its_good():
    round = ready_round()
    home = Neighbourhood.objects.create(name="Stazione", slug="stazione")
    good = CommonGood.objects.create(
        name="Loggia", slug="loggia", neighbourhood=home, state="in_use"
    )
    Project.objects.filter(round=round).update(good=good)
    open_round(round)
    good.delete()
    assert not Project.objects.filter(round=round, good__isnull=False).exists()


@pytest.mark.django_db
def test_a_project_belongs_to_a_contest_of_its_own_round():
    with pytest.raises(IntegrityError):
        ProjectFactory(round=ready_round(), contest=ContestFactory())


@pytest.mark.django_db
def test_two_contests_of_a_round_have_different_addresses():
    contest = ContestFactory(slug="centro")
    other = Scope.objects.create(round=contest.scope.round, name="altro")
    with pytest.raises(IntegrityError):
        ContestFactory(scope=other, slug="centro")
