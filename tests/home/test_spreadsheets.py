"""What somebody wrote stays a text in the spreadsheet of somebody else."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from home.spreadsheets import harmless
from tests.factories.home import page

FORMULA = '=HYPERLINK("https://example.org";"Here")'


@pytest.mark.parametrize("start", "=+-@\t\r\n＝")
def test_an_apostrophe_keeps_a_text_from_being_a_formula(start):
    assert harmless(f"{start}1") == f"'{start}1"
    assert harmless(f"1{start}") == f"1{start}"


@pytest.mark.parametrize("report", ["aging_pages", "site_history"])
def test_a_report_of_the_admin_holds_no_formula(client_as, django_user_model, report):
    page(FORMULA).save_revision(log_action=True).publish()
    browser = client_as("Administrators")
    django_user_model.objects.update(is_superuser=True)
    address = reverse(f"wagtailadmin_reports:{report}")
    sent = browser.get(address, {"export": "csv"})
    text = b"".join(sent.streaming_content).decode()
    cells = {cell for row in csv.reader(io.StringIO(text)) for cell in row}
    assert f"'{FORMULA}" in cells
    assert not any(cell.startswith("=") for cell in cells)

    book = load_workbook(io.BytesIO(b"".join(browser.get(address, {"export": "xlsx"}))))
    found = [cell for row in book.active.iter_rows() for cell in row if cell.value == FORMULA]
    assert found
    assert {cell.data_type for cell in found} == {"s"}
