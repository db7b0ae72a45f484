"""Filling a roll from the registry office's file."""

import datetime
import io
import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from commons.models import Neighbourhood
from home.errors import NotAllowedError
from residents import fiscal_codes, roles, roll_files, roll_imports, rolls
from residents.models import ImportedRow, RollEntry, RollImport
from tests.factories.residents import RollFactory, UserFactory

pytestmark = pytest.mark.django_db

ROSSI = "RSSMRA80A01H501U"
BIANCHI = "BNCLRA05M41H501H"
HEAD = "codice_fiscale;data_nascita;quartiere;cognome;nome"
GOOD = f"{ROSSI};01/01/1980;Centro Storico;Rossi;Mario"


def code(stem: str) -> str:
    return stem + fiscal_codes.codicefiscale.encode_cin(stem)


@pytest.fixture
def coordinator():
    return UserFactory(role=roles.COORDINATORS)


@pytest.fixture
def roll():
    Neighbourhood.objects.create(
        name="Centro Storico", slug="centro-storico", alternative_names=["Centro", "Città vecchia"]
    )
    Neighbourhood.objects.create(name="Stazione", slug="stazione")
    return RollFactory()


def reading_of(roll, by, *rows: str, head: str = HEAD, encoding: str = "utf-8") -> RollImport:
    file = io.BytesIO("\r\n".join([head, *rows]).encode(encoding))
    return roll_imports.read(roll=roll, file=file, by=by)


def faults(reading: RollImport) -> list[tuple[int, str, str]]:
    return [(p.line, p.column, p.code) for p in reading.problems.all()]


def test_reading_changes_nothing_and_confirming_imports_all(roll, coordinator) -> None:
    reading = reading_of(roll, coordinator, GOOD, f"{BIANCHI};2005-08-01;stazione;Bianchi;Laura")
    assert (reading.state, reading.row_count, reading.new_count) == ("ready", 2, 2)
    assert not roll.entries.exists()
    roll_imports.confirm(reading=reading, by=coordinator)
    entry = rolls.find_entry(roll=roll, fiscal_code=ROSSI)
    assert (entry.birth_date, entry.neighbourhood.slug) == (
        datetime.date(1980, 1, 1),
        "centro-storico",
    )
    assert len(entry.voting_id) == 16
    assert not ImportedRow.objects.exists()


def test_nothing_that_waits_names_a_person(roll, coordinator) -> None:
    reading_of(roll, coordinator, GOOD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT residents_importedrow::text FROM residents_importedrow")
        waiting = str(cursor.fetchall())
    assert not any(text in waiting for text in (ROSSI, "Rossi", "rossi", "Mario"))


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("RSSMRA80A01H501X;01/01/1980;Stazione;;", (2, "codice_fiscale", "code")),
        (";01/01/1980;Stazione;;", (2, "codice_fiscale", "code_missing")),
        (f"{ROSSI};1980;Stazione;;", (2, "data_nascita", "date")),
        (f"{ROSSI};31/02/1980;Stazione;;", (2, "data_nascita", "date")),
        (f"{ROSSI};;Stazione;;", (2, "data_nascita", "date_missing")),
        (f"{ROSSI};01/01/2980;Stazione;;", (2, "data_nascita", "date_impossible")),
        (f"{ROSSI};01/01/1880;Stazione;;", (2, "data_nascita", "date_impossible")),
        (f"{ROSSI};01/01/1980;Atlantide;;", (2, "quartiere", "neighbourhood")),
        (f"{ROSSI};01/01/1980;Stazione;;;;", (2, "", "cells")),
    ],
)
def test_a_fault_names_line_column_and_remedy_and_stops_the_import(
    roll, coordinator, row, problem
) -> None:
    reading = reading_of(roll, coordinator, row, f"{BIANCHI};01/08/2005;Stazione;;")
    assert reading.state == "faulty"
    assert problem in faults(reading)
    wrong, remedy = roll_imports.wording(reading.problems.first())
    assert wrong
    assert remedy
    with pytest.raises(roll_imports.ImportNotReadyError):
        roll_imports.confirm(reading=reading, by=coordinator)
    assert not roll.entries.exists()


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (HEAD, f'{ROSSI};"01/01/1980;Stazione;;'),
        (f"{HEAD};quartiere", f"{GOOD};Stazione"),
    ],
)
def test_a_file_that_cannot_be_split_into_its_columns_is_refused(
    roll, coordinator, head, row
) -> None:
    with pytest.raises(roll_files.RollFileError) as refused:
        reading_of(roll, coordinator, row, head=head)
    assert refused.value.field == "file"
    assert not RollImport.objects.exists()


def test_blank_lines_are_nobody_and_a_neighbourhood_may_be_missing(roll, coordinator) -> None:
    reading = reading_of(roll, coordinator, GOOD, "", f"{BIANCHI};01/08/2005;;;")
    assert (reading.state, reading.row_count) == ("ready", 2)
    (notice,) = reading.problems.all()
    assert (notice.line, notice.code, notice.is_fault) == (4, "neighbourhood_missing", False)


def test_what_is_discarded_is_gone_and_what_is_done_stays(roll, coordinator) -> None:
    reading = reading_of(roll, coordinator, GOOD)
    roll_imports.discard(reading=reading, by=coordinator)
    assert not RollImport.objects.exists()
    roll_imports.discard(reading=reading, by=coordinator)  # somebody was quicker
    done = roll_imports.confirm(reading=reading_of(roll, coordinator, GOOD), by=coordinator)
    roll_imports.discard(reading=done, by=coordinator)
    assert RollImport.objects.get().state == "done"


def test_of_very_many_faults_all_are_counted_and_the_first_are_kept(
    roll, coordinator, monkeypatch
) -> None:
    monkeypatch.setattr(roll_imports, "MOST_PROBLEMS_KEPT", 3)
    monkeypatch.setattr(roll_imports, "BATCH", 2)
    reading = reading_of(roll, coordinator, *["?;01/01/1980;Stazione;;"] * 7)
    assert reading.fault_count == 7
    assert [line for line, _column, _code in faults(reading)] == [2, 3, 4]


def test_the_same_code_twice_is_a_fault_of_the_second_row(roll, coordinator) -> None:
    reading = reading_of(roll, coordinator, GOOD, GOOD)
    assert faults(reading) == [(3, "codice_fiscale", "repeated")]
    assert reading.problems.get().detail == "2"
    assert (reading.new_count, reading.unchanged_count) == (1, 0)


@pytest.mark.parametrize("name", ["CENTRO  STORICO", "centro", "Citta' vecchia", "Città Vecchia"])
def test_a_neighbourhood_is_known_by_any_of_its_names(roll, coordinator, name) -> None:
    reading = reading_of(roll, coordinator, f"{ROSSI};01/01/1980;{name};;")
    assert reading.state == "ready", faults(reading)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators_are_found_out(roll, coordinator, encoding, separator) -> None:
    head = separator.join(["Codice Fiscale", "Data di nascita", "Quartiere"])
    row = separator.join([ROSSI, "01/01/1980", "Città vecchia"])
    reading = reading_of(roll, coordinator, row, head=head, encoding=encoding)
    assert reading.state == "ready", faults(reading)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nome;cognome\r\nMario;Rossi\r\n",
        f"{HEAD}\r\n".encode(),
        b"PK\x03\x04\x00\x00",
        b"PK\x03\x04\x14\x81\x8d",
        f"{HEAD}\r\n{GOOD}\r\n".encode("utf-16"),
        f"{HEAD}\r\n{GOOD}".encode() + b"\x81\x8d\r\n",
        # Beyond what is looked at to find the separator.
        f"{HEAD}\r\n".encode() + b"\r\n" * 40_000 + b"caff\xe8\x81;\r\n",
        f"{HEAD}\r\n".encode() + b"\r\n" * 40_000 + f"{ROSSI};\x00;;;\r\n".encode(),
    ],
)
def test_what_is_no_roll_is_refused_and_leaves_nothing(roll, coordinator, content) -> None:
    with pytest.raises(roll_files.RollFileError) as error:
        roll_imports.read(roll=roll, file=io.BytesIO(content), by=coordinator)
    assert error.value.field == "file"
    assert not RollImport.objects.exists()


def test_twins_are_pointed_out_and_never_merged(roll, coordinator) -> None:
    reading = reading_of(
        roll,
        coordinator,
        GOOD,
        f"{code('RSSMRA80A01H50M')};01/01/1980;Stazione;Verdi;Ugo",
        f"{code('RSSMRA80A01F839')};01/01/1980;Stazione;ROSSI;Mariò",
        f"{BIANCHI};02/08/2005;Stazione;Bianchi;Laura",
    )
    assert reading.state == "ready"
    assert sorted(faults(reading)) == [
        (2, "codice_fiscale", "omocodia"),
        (2, "cognome", "namesake"),
        (3, "codice_fiscale", "omocodia"),
        (4, "cognome", "namesake"),
        (5, "data_nascita", "date_disagrees"),
    ]
    roll_imports.confirm(reading=reading, by=coordinator)
    assert roll.entries.count() == 4
    assert sorted(roll.doubts.values_list("kind", flat=True)) == [
        "birth_date",
        "namesake",
        "omocodia",
    ]


def test_a_new_file_corrects_and_keeps_the_voting_id(roll, coordinator) -> None:
    roll_imports.confirm(reading=reading_of(roll, coordinator, GOOD), by=coordinator)
    before = rolls.find_entry(roll=roll, fiscal_code=ROSSI)
    row = f"{ROSSI};01/01/1980;Stazione;;"
    reading = reading_of(roll, coordinator, row)
    assert (reading.new_count, reading.changed_count) == (0, 1)
    roll_imports.confirm(reading=reading, by=coordinator)
    after = rolls.find_entry(roll=roll, fiscal_code=ROSSI)
    assert after.neighbourhood.slug == "stazione"
    assert (after.pk, bytes(after.voting_id)) == (before.pk, bytes(before.voting_id))


def test_on_a_locked_roll_people_are_only_added(roll, coordinator) -> None:
    roll_imports.confirm(reading=reading_of(roll, coordinator, GOOD), by=coordinator)
    rolls.lock_roll(roll=roll)
    reading = reading_of(
        roll, coordinator, f"{ROSSI};01/01/1980;Stazione;;", f"{BIANCHI};01/08/2005;Stazione;;"
    )
    assert (2, "", "locked_change") in faults(reading)
    roll_imports.confirm(reading=reading, by=coordinator)
    assert roll.entries.count() == 2
    entry = rolls.find_entry(roll=roll, fiscal_code=ROSSI)
    assert entry.neighbourhood.slug == "centro-storico"


def test_lowered_rights_do_not_confirm_what_was_read_before(roll, coordinator) -> None:
    reading = reading_of(roll, coordinator, GOOD)
    coordinator.groups.clear()
    with pytest.raises(NotAllowedError):
        roll_imports.confirm(reading=reading, by=coordinator)
    assert not roll.entries.exists()


def test_an_import_is_confirmed_once(roll, coordinator) -> None:
    reading = reading_of(roll, coordinator, GOOD)
    roll_imports.confirm(reading=reading, by=coordinator)
    with pytest.raises(roll_imports.ImportNotReadyError):
        roll_imports.confirm(reading=reading, by=coordinator)


def test_what_nobody_confirms_is_deleted_after_a_day(roll, coordinator) -> None:
    reading = reading_of(roll, coordinator, GOOD)
    assert roll_imports.prune(timezone.now()) == []
    roll_imports.prune(timezone.now() + datetime.timedelta(days=2))
    assert not RollImport.objects.filter(pk=reading.pk).exists()
    assert not ImportedRow.objects.exists()


def test_the_report_as_a_file_holds_no_formula(roll, coordinator) -> None:
    reading = reading_of(roll, coordinator, f"{ROSSI};01/01/1980;=HYPERLINK(1);;")
    text = "".join(roll_imports.problems_as_csv(reading=reading))
    assert "=HYPERLINK(1)" in text
    assert not any(cell.startswith("=") for line in text.splitlines() for cell in line.split(";"))


def test_a_coordinator_reads_puts_right_and_imports_in_the_admin(roll, client_as) -> None:
    browser = client_as(roles.COORDINATORS)

    def upload(*rows: str):
        content = "\r\n".join([HEAD, *rows]).encode()
        return browser.post(
            reverse("rolls:read_file", args=[roll.pk]),
            {"file": SimpleUploadedFile("albo.csv", content)},
            follow=True,
        )

    response = upload(GOOD, f"{BIANCHI};nessuna;Stazione;;")
    assert response.status_code == 200
    assert response.context["reading"].state == "faulty"
    assert "nessuna" in response.content.decode()
    response = upload(GOOD, f"{BIANCHI};01/08/2005;Stazione;;")
    response = browser.post(response.request["PATH_INFO"], follow=True)
    assert response.context["reading"].state == "done"
    assert RollEntry.objects.filter(roll=roll).count() == 2
    example = browser.get(reverse("rolls:example")).content.decode()
    assert example.count("\n") == 3


def big_file(rows: int) -> io.BytesIO:
    text = io.StringIO()
    text.write(HEAD + "\n")
    for number in range(rows):
        letters = "".join(chr(65 + number // 26**place % 26) for place in range(4))
        text.write(f"{code(f'RS{letters}80A01H501')};01/01/1980;Stazione;Rossi;{letters}\n")
    return io.BytesIO(text.getvalue().encode())


def test_memory_does_not_grow_with_the_file(roll, coordinator) -> None:
    def peak(rows: int) -> int:
        file = big_file(rows)
        tracemalloc.start()
        roll_imports.read(roll=roll, file=file, by=coordinator)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    small = peak(roll_imports.BATCH)
    assert peak(3 * roll_imports.BATCH) < 1.3 * small
