"""What the database and its settings must be, and what the web's role may do."""

import secrets

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from budgeting import box_checks
from budgeting.box_checks import (
    SETTINGS,
    DatabaseUnsafe,
    database_is_safe_for_a_box,
    unsafe_settings,
)
from budgeting.box_opening import make_box
from budgeting.casting import cast, new_form
from budgeting.models import Box
from tests.factories.box import make_entry, make_round, open_contest, signed_act

SAFE = {setting.name: sorted(setting.allowed)[0] for setting in SETTINGS}


class Settings:
    """A cursor that shows the given settings."""

    def __init__(self, **values):
        self.values = SAFE | {"shared_preload_libraries": ""} | values
        self.answer = None

    def execute(self, statement, parameters=None):
        self.answer = [("web",)] if "current_user" in statement else list(self.values.items())

    def fetchone(self):
        return self.answer[0]

    def fetchall(self):
        return self.answer


def test_safe_settings_pass():
    assert unsafe_settings(Settings()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fsync", "off"),
        ("full_page_writes", "off"),
        ("synchronous_commit", "off"),
        ("synchronous_commit", "local"),
        ("default_transaction_isolation", "repeatable read"),
        # Sealing names the annulled ballot keys in a CREATE TABLE … AS.
        ("log_statement", "ddl"),
        ("log_statement", "mod"),
        ("log_statement", "all"),
        ("log_min_error_statement", "error"),
        ("log_min_duration_statement", "250"),
        ("log_min_duration_sample", "10"),
        ("log_transaction_sample_rate", "0.1"),
        ("log_parameter_max_length_on_error", "-1"),
        ("log_error_verbosity", "default"),
        ("debug_print_plan", "on"),
        ("shared_preload_libraries", "pg_stat_statements, auto_explain"),
    ],
)
def test_each_unsafe_setting_is_named_with_its_remedy(name, value):
    (problem,) = unsafe_settings(Settings(**{name: value}))
    named = "auto_explain" if name == "shared_preload_libraries" else f"{name} is {value}:"
    assert f" {named}" in problem.words
    assert problem.remedy


@pytest.mark.django_db
def test_every_setting_looked_at_exists_in_postgresql():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_settings")
        known = {row[0] for row in cursor.fetchall()}
    assert {setting.name for setting in SETTINGS} <= known


@pytest.mark.django_db
def test_a_real_site_is_refused_and_a_trial_is_not(settings):
    assert database_is_safe_for_a_box(databases=["default"]) == []
    settings.ENVIRONMENT = "production"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    messages = database_is_safe_for_a_box(databases=["default"])
    assert "synchronous_commit" in " ".join(message.msg for message in messages)
    assert database_is_safe_for_a_box(databases=None) == []


@pytest.mark.django_db
def test_no_box_is_made_in_an_unsafe_database(settings, monkeypatch):
    settings.ENVIRONMENT = "production"
    monkeypatch.setattr(
        box_checks, "SETTINGS", [box_checks.Setting("fsync", frozenset({"never"}), "why", "how")]
    )
    round = make_round()
    with pytest.raises(DatabaseUnsafe, match="fsync"):
        make_box(round)
    assert not Box.objects.exists()


@pytest.mark.django_db
def test_a_box_is_made_in_a_safe_database(settings, monkeypatch):
    settings.ENVIRONMENT = "production"
    monkeypatch.setattr(box_checks, "SETTINGS", [])
    round = make_round()
    make_box(round)
    assert Box.objects.get().round == round


@pytest.mark.django_db
def test_a_ballot_is_on_disk_before_it_is_acknowledged_whatever_the_role_says():
    contest = open_contest()
    entry = make_entry(contest.scope.round)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cast(
            entry=entry,
            contest=contest,
            chosen=[1],
            form=new_form(entry=entry, scope=contest.scope),
        )
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)


@pytest.fixture
def web_role(own_database):
    """The web's role on a database of its own; gone afterwards."""
    role = f"rione_web_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role} LOGIN")
    yield role
    with connection.cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {role}")
        cursor.execute(f"DROP ROLE {role}")


def as_role(role):
    parameters = connection.get_connection_params()
    return psycopg2.connect(
        host=parameters["host"], dbname=connection.settings_dict["NAME"], user=role
    )


@pytest.mark.race
def test_the_web_role_adds_and_reads_and_can_do_nothing_else(web_role):
    contest = open_contest()
    call_command("set_box_grants", web_role)
    round = contest.scope.round
    signed_act(round, "sealing")
    entry = make_entry(round)
    web = as_role(web_role)
    web.autocommit = True
    cursor = web.cursor()
    # The whole of casting works as this role.
    connection.close()
    kept, connection.settings_dict["USER"] = connection.settings_dict["USER"], web_role
    try:
        form = new_form(entry=entry, scope=contest.scope)
        cast(entry=entry, contest=contest, chosen=[1], form=form)
        call_command("make_checkpoint", round.slug)
    finally:
        connection.close()
        connection.settings_dict["USER"] = kept
    refused = [
        "UPDATE budgeting_ballot SET channel = 'assisted'",
        "DELETE FROM budgeting_ballot",
        "TRUNCATE budgeting_ballot",
        f"SELECT * FROM budgeting_ballot_{round.pk}",
        f"DROP TABLE budgeting_ballot_{round.pk}",
        "ALTER TABLE budgeting_ballot DISABLE TRIGGER ALL",
        "DELETE FROM budgeting_leaf",
        "UPDATE budgeting_checkpoint SET count = 0",
        "UPDATE budgeting_frozenrules SET document = ''",
        "DELETE FROM budgeting_jointact",
        "UPDATE budgeting_jointact SET reason = ''",
        "UPDATE budgeting_box SET key_name = ''",
        "INSERT INTO budgeting_seal (round_id) VALUES (1)",
        "INSERT INTO budgeting_sealedchoices (contest_id, number, choices) VALUES (1, 1, '[]')",
        "INSERT INTO budgeting_registermark (entry_id, scope_id, channel) VALUES (1, 1, 'paper')",
        "SET session_replication_role = replica",
    ]
    for statement in refused:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(statement)
    # The only table it may make, it makes through the owner's function, at an opening.
    fresh = make_round()
    cursor.execute("SELECT budgeting_make_ballot_partition(%s)", [fresh.pk])
    with pytest.raises(psycopg2.errors.RestrictViolation):
        cursor.execute("SELECT budgeting_make_ballot_partition(%s)", [round.pk])
    cursor.execute("SELECT count(*) FROM budgeting_ballot")
    assert cursor.fetchone() == (1,)
    web.close()


@pytest.mark.race
def test_a_role_that_could_undo_the_grants_is_refused(web_role):
    with pytest.raises(CommandError, match="no role"):
        call_command("set_box_grants", "nessuno")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (superuser,) = cursor.fetchone()
    with pytest.raises(CommandError, match="superuser"):
        call_command("set_box_grants", superuser)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE budgeting_leaf OWNER TO {web_role}")
    with pytest.raises(CommandError, match="owns"):
        call_command("set_box_grants", web_role)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE budgeting_leaf OWNER TO CURRENT_USER")
