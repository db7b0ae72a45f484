"""What may be done with a roll, by whom, and what the database refuses to everybody."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from wagtail.models import ModelLogEntry

from home import limits
from home.errors import NotAllowedError
from residents import fiscal_codes, look_ups, roles, rolls
from residents.models import RollDoubt, RollEntry
from tests.factories.residents import RollEntryFactory, RollFactory, UserFactory

pytestmark = pytest.mark.django_db
CODE = "RSSMRA80A01H501U"
BORN = datetime.date(1980, 1, 1)


@pytest.fixture
def coordinator():
    return UserFactory(role=roles.COORDINATORS)


def twin_code() -> str:
    changed = "RSSMRA80A01H50M"
    return changed + fiscal_codes.codicefiscale.encode_cin(changed)


@pytest.mark.parametrize(
    ("born", "age"),
    [
        (datetime.date(2010, 5, 1), 16),
        (datetime.date(2010, 5, 2), 15),
        (datetime.date(2008, 2, 29), 18),
    ],
)
def test_age_is_counted_on_the_reference_date(born, age) -> None:
    entry = RollEntryFactory(birth_date=born)
    assert entry.age_on(datetime.date(2026, 5, 1)) == age


def test_somebody_suspended_may_not_vote_and_may_again_later(coordinator) -> None:
    entry = RollEntryFactory()
    rolls.suspend(entry=entry, reason="moved away", by=coordinator)
    entry.refresh_from_db()
    assert entry.state == RollEntry.State.SUSPENDED
    rolls.reactivate(entry=entry, reason="moved back", by=coordinator)
    entry.refresh_from_db()
    assert entry.state == RollEntry.State.ACTIVE
    history = ModelLogEntry.objects.for_instance(entry).order_by("pk")
    assert [(line.action, line.data["reason"], line.user) for line in history] == [
        ("residents.roll_entry.suspend", "moved away", coordinator),
        ("residents.roll_entry.reactivate", "moved back", coordinator),
    ]


def test_somebody_suspended_is_not_suspended_again(coordinator) -> None:
    entry = RollEntryFactory()
    rolls.suspend(entry=entry, reason="Trasferimento", by=coordinator)
    with pytest.raises(rolls.RollEntryError):
        rolls.suspend(entry=entry, reason="Trasferimento", by=coordinator)


def test_an_act_without_a_reason_is_refused(coordinator) -> None:
    entry = RollEntryFactory()
    with pytest.raises(rolls.RollEntryError):
        rolls.suspend(entry=entry, reason="  ", by=coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        RollEntry.objects.filter(pk=entry.pk).update(state="suspended")


def test_a_person_is_found_by_the_whole_code_and_stored_without_it(coordinator) -> None:
    roll = RollFactory()
    added = rolls.add_entry(
        roll=roll, fiscal_code=CODE.lower(), birth_date=BORN, neighbourhood=None, by=coordinator
    )
    assert rolls.find_entry(roll=roll, fiscal_code=CODE) == added
    assert rolls.find_entry(roll=RollFactory(), fiscal_code=CODE) is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT residents_rollentry::text FROM residents_rollentry")
        assert CODE not in str(cursor.fetchall())
    with pytest.raises(rolls.RollEntryError) as error:
        rolls.add_entry(
            roll=roll, fiscal_code=CODE, birth_date=BORN, neighbourhood=None, by=coordinator
        )
    assert error.value.field == "fiscal_code"


def test_doubts_are_noted_and_nobody_is_merged(coordinator) -> None:
    roll = RollFactory()
    for code, born in ((CODE, BORN), (twin_code(), datetime.date(1981, 1, 1))):
        rolls.add_entry(
            roll=roll, fiscal_code=code, birth_date=born, neighbourhood=None, by=coordinator
        )
    assert roll.entries.count() == 2
    assert set(roll.doubts.values_list("kind", flat=True)) == {"omocodia", "birth_date"}
    doubt = roll.doubts.get(kind=RollDoubt.Kind.OMOCODIA)
    with pytest.raises(rolls.RollEntryError) as untold:
        rolls.settle_doubt(doubt=doubt, note=" ", by=coordinator)
    assert untold.value.field == "note"
    rolls.settle_doubt(doubt=doubt, note="two people", by=coordinator)
    with pytest.raises(rolls.RollEntryError):
        rolls.settle_doubt(doubt=doubt, note="again", by=coordinator)


@pytest.mark.parametrize("born", [datetime.date(1890, 1, 1), datetime.date(2090, 1, 1)])
def test_impossible_birth_dates_are_refused(born, coordinator) -> None:
    with pytest.raises(rolls.RollEntryError) as error:
        rolls.add_entry(
            roll=RollFactory(),
            fiscal_code=CODE,
            birth_date=born,
            neighbourhood=None,
            by=coordinator,
        )
    assert error.value.field == "birth_date"


def test_rights_are_asked_of_the_database_at_the_moment_of_the_act(coordinator) -> None:
    entry = RollEntryFactory()
    assert coordinator.has_perm(rolls.MANAGE)  # remembered by the object
    coordinator.groups.clear()
    for act in (
        lambda: rolls.suspend(entry=entry, reason="x", by=coordinator),
        lambda: rolls.empty(roll=entry.roll, by=coordinator),
    ):
        with pytest.raises(NotAllowedError):
            act()


def test_a_roll_can_be_emptied_until_a_vote_opens(coordinator) -> None:
    entry = RollEntryFactory()
    assert rolls.empty(roll=entry.roll, by=coordinator) == 1
    entry = RollEntryFactory()
    rolls.lock_roll(roll=entry.roll)
    with pytest.raises(rolls.RollLockedError):
        rolls.empty(roll=entry.roll, by=coordinator)


def test_locking_twice_keeps_the_first_moment() -> None:
    roll = RollFactory()
    rolls.lock_roll(roll=roll)
    first = roll.locked_at
    rolls.lock_roll(roll=roll)
    assert roll.locked_at == first is not None


LOCKED_REFUSES = {
    "deleting an entry": "DELETE FROM residents_rollentry",
    "emptying the table": "TRUNCATE residents_rollentry CASCADE",
    "changing whose entry it is": "UPDATE residents_rollentry SET fiscal_code_hash = sha256('x')",
    "correcting a birth date": "UPDATE residents_rollentry SET birth_date = '2001-01-01'",
    "correcting a mark": "UPDATE residents_rollentry SET base_hash = sha256('x')",
    "a table in the way": (
        "CREATE TEMPORARY TABLE residents_roll (id bigint, locked_at timestamptz);"
        "DELETE FROM residents_rollentry"
    ),
    "changing a voting id": "UPDATE residents_rollentry SET voting_id = substr(sha256('x'), 1, 16)",
    "unlocking": "UPDATE residents_roll SET locked_at = NULL",
    "moving the reference date": "UPDATE residents_roll SET reference_date = '2020-01-01'",
    "deleting the roll": "DELETE FROM residents_roll",
}


@pytest.mark.parametrize("statement", LOCKED_REFUSES.values(), ids=LOCKED_REFUSES)
def test_the_database_refuses_once_a_vote_has_opened(statement) -> None:
    rolls.lock_roll(roll=RollEntryFactory().roll)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a waiting check forbids TRUNCATE anyway
    with (
        pytest.raises(IntegrityError, match=r"vote has opened|voting id"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_locked_roll_still_takes_additions_and_suspensions(coordinator) -> None:
    entry = RollEntryFactory()
    rolls.lock_roll(roll=entry.roll)
    rolls.suspend(entry=entry, reason="moved away", by=coordinator)
    rolls.add_entry(
        roll=entry.roll, fiscal_code=CODE, birth_date=BORN, neighbourhood=None, by=coordinator
    )


# Who may do what with rolls in the admin: the answer to a GET, and to a POST that changes.
SEES, CHANGES, NEITHER = (200, 302), (200, 200), (302, 302)
BY_ROLE = {
    roles.COORDINATORS: "changes",
    roles.GUARANTORS: "sees",
    roles.EDITORS: "neither",
    roles.PUBLISHERS: "neither",
    roles.MODERATORS: "neither",
    roles.REVIEWERS: "neither",
    roles.OPERATORS: "neither",
    roles.LIBRARIANS: "neither",
    roles.ADMINISTRATORS: "neither",
}


@pytest.mark.parametrize(("role", "may"), BY_ROLE.items())
def test_who_sees_and_who_changes_rolls(client_as, role, may) -> None:
    entry = RollEntryFactory()
    browser = client_as(role)
    seen = [
        browser.get(reverse("residents_roll_modeladmin_index")).status_code,
        browser.get(reverse("residents_rollentry_modeladmin_index")).status_code,
        browser.get(reverse("rolls:roll", args=[entry.roll_id])).status_code,
        browser.get(reverse("rolls:entry", args=[entry.pk])).status_code,
    ]
    assert seen == [200] * 4 if may != "neither" else 200 not in seen
    for name in ("add_entry", "read_file", "empty"):
        response = browser.get(reverse(f"rolls:{name}", args=[entry.roll_id]))
        assert (response.status_code == 200) == (may == "changes"), name
    browser.post(
        reverse("rolls:entry", args=[entry.pk]), {"act": "suspend", "reason": "moved away"}
    )
    entry.refresh_from_db()
    assert (entry.state == "suspended") == (may == "changes")
    browser.post(reverse("rolls:empty", args=[entry.roll_id]))
    assert RollEntry.objects.exists() == (may != "changes")


def test_a_code_is_looked_up_without_standing_in_an_address(client_as, coordinator) -> None:
    roll = RollFactory()
    entry = rolls.add_entry(
        roll=roll, fiscal_code=CODE, birth_date=BORN, neighbourhood=None, by=coordinator
    )
    browser = client_as(roles.COORDINATORS)
    response = browser.post(reverse("rolls:find_entry", args=[roll.pk]), {"fiscal_code": CODE})
    assert response["Location"] == reverse("rolls:entry", args=[entry.pk])
    page = browser.get(response["Location"]).content.decode()
    assert CODE not in page
    listing = browser.get(reverse("residents_rollentry_modeladmin_index"))
    assert b'name="q"' not in listing.content


def test_look_ups_are_logged_without_the_code_and_have_a_limit(client_as, monkeypatch) -> None:
    monkeypatch.setattr(
        look_ups, "LOOK_UPS", (limits.Limit("roll look-up", times=2, seconds=9**9),)
    )
    roll = RollFactory()
    browser = client_as(roles.COORDINATORS)
    address = reverse("rolls:find_entry", args=[roll.pk])
    answers = [browser.post(address, {"fiscal_code": CODE}) for _attempt in range(3)]
    errors = [str(answer.context["form"].errors["fiscal_code"]) for answer in answers]
    assert errors[0] == errors[1] != errors[2]
    found = ModelLogEntry.objects.filter(action="residents.roll.look_up")
    assert [(entry.object_id, entry.data) for entry in found] == [(str(roll.pk), {})] * 2


def test_twenty_entries_cost_as_many_queries_as_one(
    client_as, django_assert_num_queries, coordinator
) -> None:
    from django.test.utils import CaptureQueriesContext

    entry = RollEntryFactory()
    browser = client_as(roles.COORDINATORS)
    addresses = [
        reverse("residents_roll_modeladmin_index"),
        reverse("residents_rollentry_modeladmin_index"),
        reverse("rolls:roll", args=[entry.roll_id]),
    ]

    def cost(address: str) -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        return len(queries)

    before = [cost(address) for address in addresses]
    RollEntryFactory.create_batch(19, roll=entry.roll)
    RollEntryFactory.create_batch(19)
    assert [cost(address) for address in addresses] == before


def test_doubts_are_listed_by_whether_they_wait_for_somebody(client_as, coordinator) -> None:
    roll = RollFactory()
    waiting, settled = (
        RollDoubt.objects.create(
            roll=roll, kind=RollDoubt.Kind.BIRTH_DATE, first=RollEntryFactory(roll=roll)
        )
        for _number in range(2)
    )
    rolls.settle_doubt(doubt=settled, note="checked", by=coordinator)
    client = client_as(roles.COORDINATORS)
    listed = {
        chosen: set(
            client.get(reverse("residents_rolldoubt_modeladmin_index") + chosen)
            .context["object_list"]
            .values_list("pk", flat=True)
        )
        for chosen in ("", "?settled=no", "?settled=yes")
    }
    assert listed == {
        "": {waiting.pk, settled.pk},
        "?settled=no": {waiting.pk},
        "?settled=yes": {settled.pk},
    }
