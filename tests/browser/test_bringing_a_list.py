"""A small bank's Excel: from the messy file to the first reminders on the manager's page, in the browser."""

import time
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter
from playwright.sync_api import Page, expect

from tests.browser.test_pages import violations
from tests.customers.spreadsheets import macros

pytestmark = pytest.mark.browser
PATIENCE = 20  # seconds for the worker to make the reminders


def messy(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("客户")
        sheet.merge_range(0, 0, 0, 5, "城南支行客户名单")
        sheet.write_row(2, 0, ["序号", "客户号*", "姓 名", "手 机", "出生年月日", "管户人"])
        sheet.write_row(3, 0, [1, "EX1", "东方不二", 13900139001, 29000, "林悦"])
        sheet.write_row(4, 0, [2, "EX2", "令狐少", "1.39E+10", "1980-1-2", "林悦"])
        sheet.write_row(5, 0, [3, "EX3", "上官小仙", 13900139003, "1975年3月4日", "林悦"])


def reminded(page: Page, name: str) -> bool:
    """Whether Today names the customer, in what is out of touch or beyond the day's cap."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for bucket in ("losing", "later"):
            page.goto(f"/today/?bucket={bucket}")
            if page.locator("#today-list", has_text=name).count():
                return True
    return False


def test_from_a_messy_file_to_the_first_reminders(open_as, tmp_path):
    path = tmp_path / "客户名单.xlsx"
    messy(path)
    page = open_as("S2001", language="en")
    page.goto("/customers/")
    page.get_by_role("link", name="Bring a list").click()
    assert violations(page) == []
    page.get_by_label("Excel workbook or text file").set_input_files(path)
    page.get_by_role("button", name="Look through the file").click()
    expect(page.locator(".columns li")).to_have_count(6)
    expect(page.get_by_label("管户人")).to_have_value("owner")
    page.get_by_role("button", name="Check the rows").click()
    expect(page.locator(".upload-missing")).to_contain_text("which branch the customers belong to")
    page.get_by_label("Branch of rows that name none").select_option(label="0101 城南支行")
    assert violations(page) == []
    page.get_by_role("button", name="Check the rows").click()
    expect(page.locator(".figures")).to_contain_text("Not imported")
    expect(page.locator("table.list")).to_contain_text("cut off by a spreadsheet (1.39E+10)")
    expect(page.locator(".first-rows")).to_contain_text("1979-05-25")
    assert violations(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="These rows as a sheet").click()
    download.value.save_as(tmp_path / "errors.xlsx")
    rows = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "errors.xlsx")).get_sheet_by_index(0).to_python()
    assert [row[2] for row in rows] == ["客户号*", "EX2"]
    page.get_by_role("button", name="Import 2 customers").click()
    expect(page.get_by_role("button", name="Undo the import")).to_be_visible(timeout=30_000)
    manager = open_as("R1001", language="en")
    assert reminded(manager, "东方不二")
    page.get_by_role("button", name="Undo the import").click()
    expect(page.locator("#work")).to_contain_text("2 new customers deleted", timeout=30_000)


def test_a_workbook_with_macros_is_refused_at_its_field_on_a_phone(open_as, tmp_path):
    macros(tmp_path / "m.xlsx")
    page = open_as("S2001", width=390)
    page.goto("/customers/upload/")
    page.set_input_files("#id_file", tmp_path / "m.xlsx")
    page.locator("form.form .b.go").click()
    expect(page.locator("#id_file_error")).to_be_visible()
    assert violations(page) == []
