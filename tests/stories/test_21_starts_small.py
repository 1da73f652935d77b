"""Story 21. A small bank keeps its customers in Excel: dropped in, and the managers have their reminders the same day."""

import time
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
A_FEW_MINUTES = 300  # seconds from choosing the file to the first reminder on Today
PATIENCE = 30  # seconds for the worker


def list_of_a_small_bank(path: Path, count: int) -> None:
    """Two title rows, Chinese headings, dates as serials and as text, a phone number that Excel has cut off."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("客户名单")
        sheet.merge_range(0, 0, 0, 5, "惠民村镇银行 客户台账")
        sheet.write(1, 0, "制表：王会计")
        sheet.write_row(2, 0, ["序号", "客户号*", "姓 名", "手 机", "出生年月日", "管户人"])
        for n in range(count):
            born = 29000 + n if n % 2 else f"19{70 + n % 20}年{n % 12 + 1}月3日"
            sheet.write_row(
                3 + n, 0, [n + 1, f"SB{n:04}", f"欧阳{chr(0x4E00 + 37 * n)}", 13700130000 + n, born, "苏曼"]
            )
        sheet.write_row(3 + count, 0, [count + 1, "SB9999", "诸葛无号", "1.37E+10", "1980-1-2", "苏曼"])


def first_reminder(page: Page, name: str) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for bucket in ("losing", "later"):
            page.goto(f"/today/?bucket={bucket}")
            if page.locator("#today-list", has_text=name).count():
                return True
    return False


def test_from_the_excel_to_the_first_reminders_in_minutes(open_as, tmp_path):
    path = tmp_path / "客户台账.xlsx"
    list_of_a_small_bank(path, 40)
    page = open_as("S2001", language="en")
    page.goto("/customers/upload/")
    begun = time.monotonic()
    page.get_by_label("Excel workbook or text file").set_input_files(path)
    page.get_by_role("button", name="Look through the file").click()
    expect(page.get_by_label("管户人")).to_have_value("owner")
    page.get_by_label("Branch of rows that name none").select_option(label="0101 城南支行")
    page.get_by_role("button", name="Check the rows").click()
    expect(page.locator("table.list")).to_contain_text("cut off by a spreadsheet")
    page.get_by_role("button", name="Import 40 customers").click()
    expect(page.get_by_role("button", name="Undo the import")).to_be_visible(timeout=60_000)
    manager = open_as("R1003", language="en")
    assert first_reminder(manager, "欧阳")
    assert time.monotonic() - begun < A_FEW_MINUTES

    # Nothing is lost: the row that could not be read is told, and the others are customers like all others.
    manager.keyboard.press("Control+k")
    manager.keyboard.type("ouyang")
    expect(manager.locator("#found [role=option]").first).to_contain_text("欧阳")
    manager.keyboard.press("Escape")
    page.get_by_role("button", name="Undo the import").click()  # the demo bank stays as the other stories know it
    expect(page.locator("#work")).to_contain_text("40 new customers deleted", timeout=60_000)
