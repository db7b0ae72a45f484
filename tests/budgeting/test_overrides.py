"""Decisions above the rule: two people change an input before the count, or annotate the result."""

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from budgeting import exporting, overrides
from budgeting.casting import cast, new_form
from budgeting.closing import close_if_due
from budgeting.counting_runs import count_round
from budgeting.importing import RoundFacts
from budgeting.joint_acts import ActError, confirm_act, request_act
from budgeting.models import (
    AddendumFile,
    Contest,
    Count,
    FrozenRules,
    JointAct,
    Override,
    Project,
    RecordAddendum,
)
from budgeting.overrides import LONGEST_REASON, OverrideRefused
from budgeting.sealing import seal_round
from budgeting.tally.kit_archive import open_kit
from budgeting.tally.recounting import Verdict, check_kit
from home.money import format_money
from tests.factories.box import let_time_pass, make_entry, note_last_head, signed_act
from tests.factories.budgeting import (
    both_roles,
    coordinator,
    guarantor,
    open_round,
    person,
    ready_round,
)
from tests.signing_in import sign_in_to_admin

from .elections import import_small
from .kits import counts_of, files_of, forged, in_json, kit_of, packed, write
from .living import ask_to_publish, destroy_key, withdraw
from .test_schemas import check as check_schema

pytestmark = pytest.mark.django_db
REASON = "Il preventivo era sbagliato."
ENGLISH = "The estimate was wrong."


def ask(round_, parameters, *, by=None, reason=REASON):
    return request_act(
        round=round_,
        kind="override",
        by=by or coordinator(),
        parameters=parameters,
        reason=reason,
    )


def decide(round_, parameters):
    return confirm_act(act=ask(round_, parameters), by=guarantor())


def closed_contest():
    """A contest opened by two people, with real frozen rules, whose vote is over."""
    round_ = ready_round(projects=4)
    round_.scopes.update(award_rule={"method": "greedy", "ties": "file-order"})
    open_round(round_)
    note_last_head(round_)
    contest = Contest.objects.get(scope__round=round_)
    for number in range(12):
        entry = make_entry(round_)
        form = new_form(entry=entry, scope=contest.scope)
        chosen = [1, 2] if number % 3 else [3]
        cast(entry=entry, contest=contest, chosen=chosen, form=form)
    let_time_pass(round_)
    close_if_due(round_id=round_.pk)
    contest.scope.round.refresh_from_db()
    return contest


def seal(contest):
    round_ = contest.scope.round
    signed_act(round_, "sealing")
    seal_round(round=round_)
    round_.refresh_from_db()
    contest.refresh_from_db()


def sealed_contest():
    contest = closed_contest()
    seal(contest)
    return contest


def project_of(contest, number=1):
    return contest.projects.get(number=number)


def another_cost(contest, cost, number=1):
    project = project_of(contest, number)
    return overrides.cost_parameters(project=project, cost=cost, reason_en=ENGLISH)


def another_budget(contest, budget):
    return overrides.budget_parameters(contest=contest, budget=budget, reason_en=ENGLISH)


def other_money(contest, *, number=1, amount=500_00, payer="Fondo regionale"):
    return overrides.note_parameters(
        kind="funded-elsewhere",
        project=project_of(contest, number),
        reason_en=ENGLISH,
        amount=amount,
        payer={"it": payer, "en": "Regional fund"},
    )


def withdrawn(contest, number=1):
    return overrides.note_parameters(
        kind="withdrawn-afterwards", project=project_of(contest, number), reason_en=ENGLISH
    )


def count_it(contest):
    round_ = contest.scope.round
    destroy_key(round_)
    count_round(round=round_)
    round_.refresh_from_db()
    return Count.objects.get(contest=contest)


def counted_contest():
    contest = sealed_contest()
    count_it(contest)
    return contest


def published_contest():
    contest = counted_contest()
    publish(contest.scope.round)
    return contest


def publish(round_):
    confirm_act(act=ask_to_publish(round_, coordinator()), by=guarantor())
    round_.refresh_from_db()


def findings(count, tmp_path, files=None):
    content = packed(files) if files else kit_of(count)
    return list(check_kit(open_kit(Path(write(tmp_path, content)))))


def differing(found):
    return [each for each in found if each.verdict is Verdict.DIFFERS]


# --- before the count ---------------------------------------------------------------------------


def test_a_project_that_became_dearer_is_counted_with_its_new_cost(tmp_path):
    contest = closed_contest()
    winner = project_of(contest)
    decide(contest.scope.round, another_cost(contest, contest.budget + 1))
    seal(contest)
    count = count_it(contest)
    row = count.rows.get(project=winner)
    assert (row.reason, count.rows.get(project__number=2).is_funded) == ("did-not-fit", True)
    found = findings(count, tmp_path)
    assert not differing(found)
    assert any("; 1 amount changed before the count by two people" in f.detail for f in found)


def test_a_new_budget_is_what_is_spent(tmp_path):
    contest = sealed_contest()
    smaller = project_of(contest).cost
    decide(contest.scope.round, another_budget(contest, smaller))
    contest.refresh_from_db()
    count = count_it(contest)
    assert (count.budget, count.funded) == (smaller, 1)
    assert not differing(findings(count, tmp_path))


def test_the_frozen_rules_stay_and_the_change_is_an_addendum_to_them():
    contest = closed_contest()
    round_ = contest.scope.round
    rules = FrozenRules.objects.get(round=round_, number=0)
    before = project_of(contest).cost
    decide(round_, another_cost(contest, 123_00))
    again, addendum = FrozenRules.objects.filter(round=round_).order_by("number")
    assert again.sha256 == rules.sha256
    document = json.loads(addendum.document)
    check_schema("frozen", document)
    assert document["previous_sha256"] == rules.sha256
    told = (document["kind"], document["cost"], document["cost_before"], document["reason"])
    assert told == ("cost", 123_00, before, REASON)


def test_what_was_counted_has_another_hash_than_without_the_change():
    plain, changed = counted_contest(), sealed_contest()
    decide(changed.scope.round, another_budget(changed, changed.budget - 1))
    changed.refresh_from_db()
    hashes = {count.inputs_sha256 for count in (count_it(changed), plain.counts.get())}
    assert len(hashes) == 2


def test_the_record_tells_the_change_and_why():
    contest = sealed_contest()
    decide(contest.scope.round, another_cost(contest, 123_00))
    files = files_of(count_it(contest))
    record = json.loads(files["record.json"])
    check_schema("record", record)
    (told,) = record["overrides"]
    assert (told["kind"], told["when"], told["amount"]) == ("cost", "before", 123_00)
    assert told["reason"] == {"it": REASON, "en": ENGLISH}
    assert ENGLISH in files["record-en.html"].decode()
    assert REASON in files["record-it.html"].decode()


@pytest.mark.parametrize("name", ["frozen/rules-1.json", "record.json"])
def test_a_change_that_nobody_signed_is_found_in_the_kit(tmp_path, name):
    contest = sealed_contest()
    decide(contest.scope.round, another_cost(contest, 123_00))
    count = count_it(contest)

    def change(document):
        if "overrides" in document:
            document["overrides"] = []
        else:
            document["cost"] = 124_00

    assert differing(findings(count, tmp_path, forged(files_of(count), name, in_json(change))))


def test_a_cost_may_change_more_than_once_and_the_last_one_is_counted():
    contest = closed_contest()
    for cost in (200_00, 300_00):
        decide(contest.scope.round, another_cost(contest, cost))
    assert project_of(contest).cost == 300_00
    last = Override.objects.latest("pk")
    assert (last.amount_before, last.amount) == (200_00, 300_00)


def test_nothing_that_is_counted_changes_after_the_count():
    contest = counted_contest()
    for parameters in (another_cost(contest, 123_00), another_budget(contest, 123_00)):
        with pytest.raises(OverrideRefused):
            ask(contest.scope.round, parameters)


def test_a_change_asked_for_before_the_count_can_no_longer_be_confirmed_after_it():
    contest = sealed_contest()
    act = ask(contest.scope.round, another_cost(contest, 123_00))
    count_it(contest)
    with pytest.raises(OverrideRefused):
        confirm_act(act=act, by=guarantor())
    assert not Override.objects.exists()


@pytest.mark.parametrize(
    ("amount", "field"), [(None, "amount"), (0, "amount"), (-1, "amount"), ("same", "amount")]
)
def test_a_new_cost_is_an_amount_and_another_one(amount, field):
    contest = closed_contest()
    wanted = project_of(contest).cost if amount == "same" else amount
    with pytest.raises(OverrideRefused) as refused:
        ask(contest.scope.round, another_cost(contest, wanted))
    assert refused.value.field == field


def test_the_cost_of_a_withdrawn_project_does_not_change():
    contest = closed_contest()
    withdraw(contest)
    with pytest.raises(OverrideRefused):
        ask(contest.scope.round, another_cost(contest, 123_00))


# --- after the count ----------------------------------------------------------------------------


def test_a_note_changes_nothing_of_the_count(tmp_path):
    contest = published_contest()
    count = contest.counts.get()
    before, kit = list(count.rows.values().order_by("pk")), kit_of(count)
    decide(contest.scope.round, other_money(contest, number=3))
    decide(contest.scope.round, withdrawn(contest))
    count.refresh_from_db()
    assert list(count.rows.values().order_by("pk")) == before
    assert kit_of(count) == kit
    assert not differing(findings(count, tmp_path))


def test_a_note_is_read_where_the_project_is(client):
    contest = published_contest()
    round_ = contest.scope.round
    decide(round_, other_money(contest))
    slug = {"slug": round_.slug}
    one = {**slug, "number": 1}
    for language, payer, reason in (
        ("it", "Fondo regionale", REASON),
        ("en", "Regional fund", ENGLISH),
    ):
        with translation.override(language):
            addresses = [
                reverse("budgeting:result", kwargs=slug),
                reverse("budgeting:why", kwargs=one),
                reverse("budgeting:project", kwargs=one),
            ]
        for address in addresses:
            page = client.get(address).text
            assert payer in page
            assert reason in page
        assert "result-note" in client.get(addresses[0]).text


def test_a_note_is_public_only_with_the_result(client):
    contest = counted_contest()
    round_ = contest.scope.round
    decide(round_, withdrawn(contest))
    project = reverse("budgeting:project", kwargs={"slug": round_.slug, "number": 1})
    page = reverse("budgeting:round", kwargs={"slug": round_.slug})
    added = reverse(
        "result_record",
        kwargs={"slug": round_.slug, "contest": contest.slug, "name": "addendum-1.json"},
    )
    for address in (project, page):
        assert REASON not in client.get(address).content.decode()
    assert client.get(added).status_code == 404
    publish(round_)
    assert REASON in client.get(project).content.decode()
    assert client.get(added).status_code == 200


def test_a_changed_cost_is_read_at_once_with_what_it_was(client):
    contest = closed_contest()
    round_ = contest.scope.round
    decide(round_, another_cost(contest, 123_00))
    for name, more in (("project", {"number": 1}), ("round", {})):
        page = client.get(reverse(f"budgeting:{name}", kwargs={"slug": round_.slug, **more}))
        assert REASON in page.content.decode()


def test_downloads_carry_the_notes(client):
    contest = published_contest()
    count = contest.counts.get()
    decide(contest.scope.round, other_money(contest, payer="=Fondo"))
    document = exporting.result_document(count)
    check_schema("result", document)
    (told,) = document["decisions"]
    assert (told["kind"], told["amount"]) == ("funded-elsewhere", 500_00)
    text = "".join(exporting.csv_pieces(count)).lstrip("\ufeff")
    row = next(each for each in csv.DictReader(io.StringIO(text)) if each["number"] == "1")
    assert row["decision_after"] == "funded-elsewhere"
    assert row["decision_amount"] == "500.00"
    assert row["decision_payer"] == "'=Fondo"


def test_every_note_is_an_addendum_chained_to_the_record(client):
    contest = published_contest()
    round_, count = contest.scope.round, contest.counts.get()
    record = hashlib.sha256(files_of(count)["record.json"]).hexdigest()
    decide(round_, withdrawn(contest, 1))
    decide(round_, withdrawn(contest, 2))
    one, other = (
        client.get(
            reverse(
                "result_record",
                kwargs={
                    "slug": round_.slug,
                    "contest": contest.slug,
                    "name": f"addendum-{number}.json",
                },
            )
        )
        for number in (1, 2)
    )
    first, second = (b"".join(answer.streaming_content) for answer in (one, other))
    for content in (first, second):
        check_schema("addendum", json.loads(content))
        assert json.loads(content)["record_sha256"] == record
    assert json.loads(first)["previous_sha256"] is None
    assert json.loads(second)["previous_sha256"] == hashlib.sha256(first).hexdigest()


def test_an_addendum_is_read_as_page_and_pdf_in_both_languages(client):
    contest = published_contest()
    decide(contest.scope.round, other_money(contest))
    names = {file.name: bytes(file.content) for file in AddendumFile.objects.all()}
    assert set(names) == {
        f"addendum-1-{language}.{ending}" for language in ("it", "en") for ending in ("html", "pdf")
    }
    assert REASON in names["addendum-1-it.html"].decode()
    assert ENGLISH in names["addendum-1-en.html"].decode()
    assert names["addendum-1-en.pdf"].startswith(b"%PDF")


def test_a_note_is_revoked_by_two_people_and_stays_to_be_read(client):
    contest = published_contest()
    round_ = contest.scope.round
    decide(round_, withdrawn(contest))
    note = Override.objects.get()
    decide(round_, overrides.revocation_parameters(override=note, reason_en="It was a mistake."))
    note.refresh_from_db()
    assert note.revoked_by
    assert RecordAddendum.objects.filter(contest=contest).count() == 2
    page = client.get(reverse("budgeting:result", kwargs={"slug": round_.slug})).content.decode()
    assert "<del>" in page
    assert "result-note" not in page
    (told,) = exporting.result_document(contest.counts.get())["decisions"]
    assert told["revoked_at"]
    # Now it may get another note, but the first is not revoked twice.
    decide(round_, other_money(contest))
    again = overrides.revocation_parameters(override=note, reason_en="Again.")
    with pytest.raises(OverrideRefused):
        ask(round_, again)


def test_a_count_made_again_tells_the_notes_in_force_and_verifies(tmp_path):
    contest = counted_contest()
    decide(contest.scope.round, other_money(contest))
    count_round(round=contest.scope.round)
    latest = contest.counts.first()
    record = json.loads(files_of(latest)["record.json"])
    check_schema("record", record)
    assert [each["kind"] for each in record["overrides"]] == ["funded-elsewhere"]
    assert not differing(findings(latest, tmp_path))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": None}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": 10**12}, "amount"),
        ({"payer": {}}, "payer_it"),
        ({"payer": {"it": "x" * 201}}, "payer_it"),
        ({"reason_en": ""}, "reason_en"),
        ({"kind": "withdrawn-afterwards"}, "amount"),
    ],
)
def test_a_note_says_all_it_has_to(change, field):
    contest = counted_contest()
    with pytest.raises(OverrideRefused) as refused:
        ask(contest.scope.round, other_money(contest) | change)
    assert refused.value.field == field
    assert not JointAct.objects.filter(kind="override").exists()


@pytest.mark.parametrize("reason", ["", "x" * (LONGEST_REASON + 1)])
def test_a_note_says_why_in_a_few_words(reason):
    contest = counted_contest()
    with pytest.raises(OverrideRefused) as refused:
        ask(contest.scope.round, withdrawn(contest), reason=reason)
    assert refused.value.field == "reason"


def test_what_was_withdrawn_before_the_count_has_no_note():
    contest = closed_contest()
    withdraw(contest, 4)
    seal(contest)
    count_it(contest)
    with pytest.raises(OverrideRefused) as refused:
        ask(contest.scope.round, withdrawn(contest, 4))
    assert refused.value.field == "project"


def test_the_guarantor_reads_what_is_decided_about_what_and_for_how_much():
    contest = closed_contest()
    round_, name = contest.scope.round, contest.name
    project = str(project_of(contest))
    cost = ask(round_, another_cost(contest, 123_00))
    budget = ask(round_, another_budget(contest, 9_000_00))

    def money(amount):
        return format_money(amount, round_.currency)

    def told(act):
        return [str(text) for _label, text in overrides.details(act)]

    word, today = str(Override.Kind.COST.label), money(project_of(contest).cost)
    assert told(cost) == [word, name, project, today, money(123_00), ENGLISH]
    word = str(Override.Kind.BUDGET.label)
    assert told(budget) == [word, name, money(contest.budget), money(9_000_00), ENGLISH]
    confirm_act(act=cost, by=guarantor())
    cost.refresh_from_db()
    assert today not in told(cost)


def test_the_guarantor_reads_which_note_is_revoked():
    contest = counted_contest()
    round_ = contest.scope.round
    decide(round_, withdrawn(contest))
    note = Override.objects.get()
    act = ask(round_, overrides.revocation_parameters(override=note, reason_en=ENGLISH))
    told = [str(text) for _label, text in overrides.details(act)]
    assert told[1:] == [
        contest.name,
        str(project_of(contest)),
        str(Override.Kind.WITHDRAWN_AFTERWARDS.label),
        REASON,
        ENGLISH,
    ]


def test_a_project_has_one_note_in_force():
    contest = counted_contest()
    one, other = (
        ask(contest.scope.round, parameters)
        for parameters in (other_money(contest), withdrawn(contest))
    )
    confirm_act(act=one, by=guarantor())
    with pytest.raises(OverrideRefused):
        confirm_act(act=other, by=guarantor())


def test_there_is_no_note_before_the_count_nor_on_the_votes_of_other_cities(tmp_path):
    contest = sealed_contest()
    with pytest.raises(OverrideRefused):
        ask(contest.scope.round, withdrawn(contest))
    facts = RoundFacts(place="Kraków")
    (foreign,) = counts_of(import_small(tmp_path, facts=facts))
    with pytest.raises(OverrideRefused):
        ask(foreign.contest.scope.round, withdrawn(foreign.contest, 1))


# --- two people, the log, the letters -----------------------------------------------------------


def test_nobody_decides_alone():
    contest = counted_contest()
    round_, one = contest.scope.round, coordinator()
    act = ask(round_, withdrawn(contest), by=one)
    for second in (one, coordinator(), person("altro@example.org")):
        with pytest.raises(ActError):
            confirm_act(act=act, by=second)
    with pytest.raises(ActError):
        ask(round_, withdrawn(contest, 2), by=guarantor())
    with pytest.raises(ActError):
        confirm_act(act=act, by=both_roles())


def test_guarantors_are_told_and_the_log_has_both_signatures(django_capture_on_commit_callbacks):
    contest = counted_contest()
    second = guarantor()
    with django_capture_on_commit_callbacks(execute=True):
        act = ask(contest.scope.round, withdrawn(contest))
    assert second.email in [address for letter in mail.outbox for address in letter.to]
    with django_capture_on_commit_callbacks(execute=True):
        confirm_act(act=act, by=second)
    logged = ModelLogEntry.objects.filter(data__act=act.pk).values_list("action", flat=True)
    assert set(logged) == {"budgeting.act.requested", "budgeting.act.confirmed"}


# --- what the database itself refuses -----------------------------------------------------------


def signed(round_, parameters):
    """Sign for what the program itself would not let anybody ask."""
    act = JointAct.objects.create(
        round=round_,
        kind="override",
        reason=REASON,
        parameters=parameters,
        requested_by=coordinator(),
    )
    act.state, act.decided_by, act.decided_at = "confirmed", guarantor(), timezone.now()
    act.save()
    return act


def refused(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change()
    return True


def test_the_database_keeps_costs_and_budgets_that_nobody_signed_for():
    contest = closed_contest()
    projects = Project.objects.filter(pk=project_of(contest).pk)
    decide(contest.scope.round, another_cost(contest, 123_00))
    assert refused(lambda: projects.update(cost=124_00))
    assert refused(lambda: type(contest).objects.filter(pk=contest.pk).update(budget=1))
    assert refused(lambda: projects.update(cost=123_00, title_it="Un altro"))


def test_the_database_keeps_what_was_counted():
    contest = sealed_contest()
    parameters = another_cost(contest, 123_00)
    count_it(contest)
    signed(contest.scope.round, parameters)
    assert refused(lambda: Project.objects.filter(number=1).update(cost=123_00))


def test_the_database_keeps_decisions_and_addenda():
    contest = counted_contest()
    decide(contest.scope.round, withdrawn(contest))
    for model in (Override, RecordAddendum, AddendumFile):
        assert refused(raw_delete(model))
    assert refused(lambda: Override.objects.update(reason_it="Altro"))
    assert refused(lambda: Override.objects.update(revoked_by=Override.objects.get().act))
    assert refused(lambda: RecordAddendum.objects.update(sha256="0" * 64))
    assert refused(lambda: AddendumFile.objects.update(content=b""))


def raw_delete(model):
    found = model.objects.all()
    return lambda: found._raw_delete(found.db)


def test_the_database_takes_only_decisions_that_two_people_signed():
    contest = counted_contest()
    round_ = contest.scope.round
    asked = ask(round_, withdrawn(contest))
    act = signed(round_, withdrawn(contest, 2))
    whole = {
        "contest": contest,
        "kind": "withdrawn-afterwards",
        "reason_it": "Sì",
        "reason_en": "Yes",
        "made_at": timezone.now(),
    }
    one, two = project_of(contest), project_of(contest, 2)
    assert refused(lambda: Override.objects.create(act=asked, project=one, **whole))
    assert refused(lambda: Override.objects.create(act=act, project=one, **whole))
    wordless = whole | {"reason_en": ""}
    assert refused(lambda: Override.objects.create(act=act, project=two, **wordless))
    assert Override.objects.create(act=act, project=two, **whole).pk


# --- in the admin -------------------------------------------------------------------------------


@pytest.fixture
def browser_of(client):
    """Sign somebody in and give their browser."""

    def sign_in(user):
        sign_in_to_admin(client, user)
        return client

    return sign_in


def page(round_, name="decisions", *more):
    return reverse(f"rounds_admin:{name}", args=[round_.pk, *more])


def test_a_note_is_asked_for_and_confirmed_in_the_admin(browser_of):
    contest = counted_contest()
    round_ = contest.scope.round
    sent = browser_of(coordinator()).post(
        page(round_, "decision_note"),
        {
            "project": project_of(contest).pk,
            "kind": "funded-elsewhere",
            "payer_it": "Fondo regionale",
            "amount": "500,00",
            "reason": REASON,
            "reason_en": ENGLISH,
        },
    )
    act = JointAct.objects.get(kind="override")
    address = reverse("rounds_admin:act", args=[act.pk])
    assert sent["Location"] == address
    signer = browser_of(guarantor())
    shown = signer.get(address).content.decode()
    assert "Fondo regionale" in shown
    assert ENGLISH in shown
    signer.post(address, {"confirm": "1"})
    assert Override.objects.get().amount == 500_00
    assert REASON in signer.get(page(round_)).content.decode()


@pytest.mark.parametrize("name", ["decision_cost", "decision_budget"])
def test_a_change_is_asked_for_in_the_admin(browser_of, name):
    contest = closed_contest()
    about = {"project": project_of(contest).pk, "contest": contest.pk}
    browser_of(coordinator()).post(
        page(contest.scope.round, name),
        {**about, "amount": "123", "reason": REASON, "reason_en": ENGLISH},
    )
    act = JointAct.objects.get(kind="override")
    signer = browser_of(guarantor())
    signer.post(reverse("rounds_admin:act", args=[act.pk]), {"confirm": "1"})
    assert Override.objects.get().amount == 123_00


def test_mistakes_stand_at_their_fields_and_nothing_typed_is_lost(browser_of):
    contest = counted_contest()
    answer = browser_of(coordinator()).post(
        page(contest.scope.round, "decision_note"),
        {
            "project": project_of(contest).pk,
            "kind": "funded-elsewhere",
            "payer_it": "",
            "amount": "tanto",
            "reason": REASON,
            "reason_en": "",
        },
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"amount", "reason_en"}
    assert REASON in answer.content.decode()
    answer = browser_of(coordinator()).post(
        page(contest.scope.round, "decision_note"),
        {
            "project": project_of(contest).pk,
            "kind": "funded-elsewhere",
            "payer_it": "Fondo",
            "amount": "99999999",
            "reason": REASON,
            "reason_en": ENGLISH,
        },
    )
    assert set(answer.context["form"].errors) == {"amount"}


def test_forms_that_cannot_be_sent_now_say_so_and_have_no_button(browser_of):
    contest = counted_contest()
    signed_in = browser_of(coordinator())
    shown = signed_in.get(page(contest.scope.round, "decision_cost"))
    assert not shown.context["may_save"]
    decide(contest.scope.round, withdrawn(contest))
    note = Override.objects.get()
    address = page(contest.scope.round, "decision_revoke", note.pk)
    assert signed_in.get(address).context["may_save"]
    signed_in.post(address, {"reason": "Un errore.", "reason_en": "A mistake."})
    confirm_act(act=JointAct.objects.latest("pk"), by=guarantor())
    assert not signed_in.get(address).context["may_save"]


def test_the_list_costs_the_same_for_one_decision_and_many(
    browser_of, django_assert_max_num_queries, django_assert_num_queries
):
    contest = counted_contest()
    round_ = contest.scope.round
    signed_in = browser_of(guarantor())
    assert signed_in.get(page(round_)).status_code == 200
    decide(round_, withdrawn(contest, 1))
    with django_assert_max_num_queries(30) as one:
        signed_in.get(page(round_))
    for number in (2, 3, 4):
        decide(round_, withdrawn(contest, number))
    with django_assert_num_queries(len(one)):
        signed_in.get(page(round_))


def test_a_result_costs_the_same_for_one_decision_and_many(
    client, django_assert_num_queries, django_assert_max_num_queries
):
    contest = published_contest()
    round_ = contest.scope.round
    address = reverse("budgeting:result", kwargs={"slug": round_.slug})
    decide(round_, withdrawn(contest, 1))
    client.get(address)
    with django_assert_max_num_queries(8) as one:
        client.get(address)
    for number in (2, 3, 4):
        decide(round_, withdrawn(contest, number))
    with django_assert_num_queries(len(one)):
        client.get(address)
