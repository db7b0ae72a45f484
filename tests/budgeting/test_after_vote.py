"""From the close to the result, in the admin: who sees which step, and what each button does."""

import pytest
from django.urls import reverse

from budgeting.counting_runs import count_round
from budgeting.models import Annulment, JointAct
from budgeting.sealing import seal_round
from residents.fiscal_codes import keyed_hash
from residents.models import User
from tests.factories.box import make_entry, open_contest
from tests.factories.budgeting import coordinator, guarantor, person
from tests.signing_in import sign_in_to_admin

from .living import ask_to_publish, closed_contest, destroy_key, sealed_contest
from .test_box_casting import cast, new_form

pytestmark = pytest.mark.django_db
CODE = "RSSMRA80A01H501U"


@pytest.fixture
def browser_of(client):
    """Sign somebody in and give their browser."""

    def sign_in(user: User):
        sign_in_to_admin(client, user)
        return client

    return sign_in


def page_of(round_):
    return reverse("rounds_admin:after_vote", args=[round_.pk])


def send(browser, name, round_, **data):
    return browser.post(reverse(f"rounds_admin:{name}", args=[round_.pk]), data)


def confirm(browser, act):
    return browser.post(reverse("rounds_admin:act", args=[act.pk]), {"confirm": "1"})


def test_sealing_is_asked_for_and_confirmed_in_the_admin(browser_of):
    round_ = closed_contest().scope.round
    sent = send(
        browser_of(coordinator()), "sealing_request", round_, **{"sealing-reason": "Finito."}
    )
    act = JointAct.objects.get(round=round_, kind="sealing")
    assert sent["Location"] == reverse("rounds_admin:act", args=[act.pk])
    confirm(browser_of(guarantor()), act)
    assert seal_round(round=round_).counted == 24


def test_a_guarantor_does_not_ask_for_the_sealing(browser_of):
    round_ = closed_contest().scope.round
    answer = send(
        browser_of(guarantor()), "sealing_request", round_, **{"sealing-reason": "Finito."}
    )
    assert answer.status_code == 302
    assert not JointAct.objects.filter(round=round_, kind="sealing").exists()


def test_the_key_is_destroyed_by_two_people_in_the_admin(browser_of):
    round_ = sealed_contest().scope.round
    asked = {"key_destruction-reason": "Copia provata."}
    send(browser_of(coordinator()), "key_destruction_request", round_, **asked)
    act = JointAct.objects.get(round=round_, kind="key_destruction")
    confirm(browser_of(guarantor()), act)
    round_.refresh_from_db()
    assert round_.box.key_destroyed_at


def test_nothing_typed_is_lost_when_a_seed_is_wrong(browser_of):
    round_ = sealed_contest().scope.round
    typed = {"draw-seed": "perché", "draw-lottery": "Lotto di Roma, 9 maggio"}
    answer = send(browser_of(guarantor()), "draw_request", round_, **typed)
    assert answer.status_code == 422
    assert "Lotto di Roma, 9 maggio" in answer.content.decode()
    assert answer.context["forms"]["draw"].errors["seed"]


def test_a_round_is_counted_and_published_in_the_admin(
    browser_of, django_capture_on_commit_callbacks
):
    round_ = sealed_contest().scope.round
    destroy_key(round_)
    with django_capture_on_commit_callbacks(execute=True):
        send(browser_of(coordinator()), "count_request", round_)
    round_.refresh_from_db()
    assert round_.state == "counted"
    reason = {"publication-reason": "Verbali letti."}
    send(browser_of(guarantor()), "publication_request", round_, **reason)
    act = JointAct.objects.get(round=round_, kind="publication")
    shown = (
        browser_of(coordinator()).get(reverse("rounds_admin:act", args=[act.pk])).content.decode()
    )
    (sha256,) = act.parameters["counts"].values()
    assert sha256 in shown
    assert "record-it.pdf" in shown
    confirm(browser_of(coordinator()), act)
    round_.refresh_from_db()
    assert round_.state == "published"


def test_records_are_read_before_the_publication_and_only_by_signers(browser_of, client):
    round_ = sealed_contest().scope.round
    destroy_key(round_)
    count_round(round=round_)
    count = round_.scopes.get().contests.get().counts.get()
    address = reverse("rounds_admin:record_file", args=[round_.pk, count.pk, "record-it.html"])
    response = browser_of(guarantor()).get(address)
    assert b"".join(response.streaming_content).startswith(b"<!DOCTYPE html>")
    assert browser_of(person("nessuno@example.org")).get(address).status_code != 200


def test_the_page_costs_the_same_with_a_result(browser_of, django_assert_max_num_queries):
    round_ = sealed_contest().scope.round
    destroy_key(round_)
    count_round(round=round_)
    ask_to_publish(round_, coordinator())
    signed_in = browser_of(coordinator())
    signed_in.get(page_of(round_))
    with django_assert_max_num_queries(30):
        assert signed_in.get(page_of(round_)).status_code == 200


# Annulling


@pytest.fixture
def voted():
    """Somebody who voted in an open round, with a known code."""
    contest = open_contest()
    entry = make_entry(contest.scope.round, fiscal_code_hash=keyed_hash(CODE))
    form = new_form(entry=entry, scope=contest.scope)
    cast(entry=entry, contest=contest, chosen=[1], form=form)
    return entry, contest.scope


def annul(browser, cast_in, **changes):
    data = {
        "fiscal_code": CODE,
        "scope": cast_in.pk,
        "coded_reason": "impersonated",
        "reason": "Lo ha detto la persona stessa.",
    }
    return send(browser, "annulment", cast_in.round, **data | changes)


def test_a_ballot_is_annulled_by_code_and_two_people(browser_of, voted):
    entry, scope = voted
    annul(browser_of(coordinator()), scope)
    act = JointAct.objects.get(kind="annulment")
    shown = browser_of(guarantor()).get(reverse("rounds_admin:act", args=[act.pk])).content.decode()
    assert CODE not in shown
    confirm(browser_of(guarantor()), act)
    assert Annulment.objects.get().entry == entry


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"fiscal_code": "VRDLGI80A01H501X"}, "fiscal_code"),
        ({"fiscal_code": "x"}, "fiscal_code"),
        ({"reason": ""}, "reason"),
        ({"scope": 10**9}, "scope"),
        ({"coded_reason": "because"}, "coded_reason"),
    ],
)
def test_a_mistake_is_said_at_its_field(browser_of, voted, changes, field):
    _entry, scope = voted
    answer = annul(browser_of(coordinator()), scope, **changes)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not JointAct.objects.filter(kind="annulment").exists()
