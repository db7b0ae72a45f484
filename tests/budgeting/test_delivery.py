"""People follow funded projects until they are done; delays and halts say why."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from budgeting.importing import RoundFacts
from budgeting.models import Delivery, DeliveryPhoto, Expense, Milestone
from residents import second_factor
from residents.models import User

from ..factories.budgeting import coordinator, guarantor
from ..factories.home import picture
from .elections import import_small

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def day(ago: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=ago)


@pytest.fixture
def round_(tmp_path):
    return import_small(tmp_path, facts=RoundFacts(name="Nostro", is_ours=True))


@pytest.fixture
def work(round_):
    return Delivery.objects.get(project__round=round_, project__number=1)


def page(client, round_, number=None):
    with translation.override("en"):
        if number is None:
            url = reverse("budgeting:deliveries", kwargs={"slug": round_.slug})
        else:
            url = reverse("budgeting:delivery", kwargs={"slug": round_.slug, "number": number})
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ")


def test_a_work_promises_what_was_awarded(work):
    assert (work.promised, work.stage) == (400_000, "planned")


def test_a_visitor_draws_no_photo(client, round_, work):
    photo = DeliveryPhoto.objects.create(
        delivery=work, image=picture(), moment=DeliveryPhoto.Moment.BEFORE
    )
    drawn = photo.image.renditions.get()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        text = page(client, round_, 1)
    assert drawn.url in text
    assert not [query for query in queries if query["sql"].startswith("INSERT")]


def test_spending_stands_against_the_promise(client, round_, work):
    Expense.objects.create(delivery=work, paid_on=day(3), purpose_it="Alberi", amount=150_050)
    text = page(client, round_, 1)
    assert "€1,500.50 spent of €4,000 promised" in text
    Expense.objects.create(delivery=work, paid_on=day(1), purpose_it="Altri", amount=300_000)
    assert "€500.50 more than promised" in page(client, round_, 1)


def test_dates_kept_late_and_to_come(client, round_, work):
    for title, promised, kept, reason in (
        ("Progetto", 40, 40, ""),
        ("Cantiere", 30, 20, "Pioggia"),
        ("Alberi", 5, None, ""),
        ("Festa", -5, None, ""),
    ):
        Milestone.objects.create(
            delivery=work,
            title_it=title,
            promised_on=day(promised),
            kept_on=None if kept is None else day(kept),
            delay_reason_it=reason,
        )
    text = page(client, round_, 1)
    for words in ("done in time", "done, 10 days late", "Pioggia", "5 days late", "to come"):
        assert words in text
    assert "The reason has not been given yet." in text


def test_a_late_step_says_why(work):
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.create(
            delivery=work, title_it="Cantiere", promised_on=day(9), kept_on=day(3)
        )


def test_a_halted_work_says_why(work):
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=work.pk).update(is_halted=True)
    Delivery.objects.filter(pk=work.pk).update(is_halted=True, note_it="Si aspetta il gas.")


def test_a_round_without_works_says_what_will_be_there(client, tmp_path):
    round_ = import_small(tmp_path)
    assert "No work to follow yet" in page(client, round_)


def test_hidden_works_are_not_there(client, round_, work):
    Delivery.objects.update(is_public=False)
    assert "No work to follow yet" in page(client, round_)
    with translation.override("en"):
        url = reverse("budgeting:delivery", kwargs={"slug": round_.slug, "number": 1})
    assert client.get(url).status_code == 404


def test_one_work_and_many_cost_the_same(client, round_):
    def cost() -> int:
        page(client, round_)
        with CaptureQueriesContext(connection) as captured:
            page(client, round_)
        return len(captured)

    many = cost()
    first = Delivery.objects.order_by("pk").first()
    Delivery.objects.exclude(pk=first.pk).update(is_public=False)
    assert cost() == many <= 8


def test_many_works_have_pages(client, tmp_path):
    projects = [(f"P{number}", 100, f"Opera {number:02}") for number in range(30)]
    facts = RoundFacts(name="Nostro", is_ours=True)
    names = ",".join(project[0] for project in projects)
    round_ = import_small(tmp_path, facts=facts, projects=projects, ballots=[names] * 20)
    text = page(client, round_)
    assert "Page 1 of 2" in text
    assert "Opera 00" in text
    assert "Opera 29" not in text


def sign_in_to_admin(client: Client, person: User) -> None:
    """Sign somebody in as if they had just shown their second factor."""
    UserProfile.objects.create(user=person, preferred_language="en")
    client.force_login(person)
    request = HttpRequest()
    request.session, request.user = client.session, person
    second_factor.record_shown(request, person, kind="totp")
    request.session.save()


# --- the admin ----------------------------------------------------------------------------------


@pytest.fixture
def edit_url(work):
    return f"/admin/budgeting/delivery/edit/{work.pk}/"


@pytest.fixture
def staff(client):
    person = coordinator()
    person.user_permissions.add(Permission.objects.get(codename="change_delivery"))
    sign_in_to_admin(client, person)
    return person


def form_data(**changes):
    data = {
        "stage": "works",
        "note_it": "Si lavora.",
        "note_en": "",
        "office": "Ufficio verde",
        "contact": "",
        "is_public": "on",
    }
    for name in ("milestones", "expenses", "photos"):
        data |= {f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0"}
        data |= {f"{name}-MIN_NUM_FORMS": "0", f"{name}-MAX_NUM_FORMS": "1000"}
    return data | changes


def test_a_coordinator_keeps_a_work_up_to_date(client, staff, work, edit_url):
    data = form_data(
        **{
            "expenses-TOTAL_FORMS": "1",
            "expenses-0-purpose_it": "Alberi",
            "expenses-0-paid_on": str(day(2)),
            "expenses-0-amount": "1.250,50",
            "expenses-0-id": "",
            "expenses-0-ORDER": "1",
        }
    )
    assert client.get(edit_url).status_code == 200
    assert client.post(edit_url, data).status_code == 302
    work.refresh_from_db()
    assert (work.stage, work.expenses.get().amount) == ("works", 125_050)
    entry = ModelLogEntry.objects.filter(action="wagtail.edit").get()
    assert (entry.user, entry.object_id) == (staff, str(work.pk))


def test_mistakes_are_said_at_their_field(client, staff, edit_url):
    data = form_data(
        is_halted="on",
        note_it="",
        **{
            "milestones-TOTAL_FORMS": "1",
            "milestones-0-title_it": "Cantiere",
            "milestones-0-promised_on": str(day(9)),
            "milestones-0-kept_on": str(day(3)),
            "milestones-0-id": "",
            "milestones-0-ORDER": "1",
            "expenses-TOTAL_FORMS": "1",
            "expenses-0-purpose_it": "Alberi",
            "expenses-0-paid_on": str(day(2)),
            "expenses-0-amount": "molto",
            "expenses-0-id": "",
            "expenses-0-ORDER": "1",
        },
    )
    response = client.post(edit_url, data)
    html = response.content.decode()
    assert response.status_code == 200
    for words in ("Say why the work is halted", "say why", "Cantiere", "molto"):
        assert words in html
    assert not Milestone.objects.exists()


def test_guarantors_do_not_edit_works(client, work, edit_url):
    sign_in_to_admin(client, guarantor())
    assert client.get(edit_url).status_code in (302, 403)


def test_nobody_adds_or_deletes_works(client, staff, work):
    assert client.get("/admin/budgeting/delivery/create/").status_code in (302, 403, 404)
    assert client.post(f"/admin/budgeting/delivery/delete/{work.pk}/").status_code in (302, 403)
    assert Delivery.objects.filter(pk=work.pk).exists()
