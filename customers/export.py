"""The customer list as an Excel file: names masked, nothing that identifies, and on every sheet of paper who took it.

Text is always written as text: a cell that begins like a formula is one in no program that opens the file.
"""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib import keyset
from crm.staff.models import User
from customers.list_columns import Column
from customers.lists import FIELDS, Asked, Row, list_rows, narrowed_book, with_cells
from customers.masking import mask_name

MOST = 5000
_AT_ONCE = 500
_LIKE_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_LONGEST_HEADER = 255  # of Excel, codes included


def export(user: User, asked: Asked, columns: Sequence[Column], *, reason: str) -> bytes:
    """The first MOST customers of the list `asked` for, in its order, as .xlsx; audited with their ids and `reason`."""
    shown = [column for column in columns if column.exported]
    rows = list(_rows(user, asked, shown))
    with transaction.atomic():
        record(
            Action.EXPORT,
            by=user,
            object_type="customer",
            object_ids=[row.pk for row in rows],
            reason=reason,
            detail={"columns": [column.name for column in shown], "book": asked.book, "sort": asked.sort},
        )
        return _workbook(rows, shown, watermark(user, timezone.localtime(), reason))


def _rows(user: User, asked: Asked, columns: Sequence[Column]) -> Iterator[Row]:
    found = narrowed_book(user, asked)
    if found is None:
        return
    book, sort = found
    cursor, left = "", MOST
    while left > 0:
        page = keyset.page(book, FIELDS, sort, cursor, min(_AT_ONCE, left))
        yield from with_cells(list_rows(page.rows), columns)
        cursor, left = page.next_cursor, left - len(page.rows)
        if not cursor:
            return


def watermark(user: User, at: datetime, reason: str) -> str:
    """Who took the file, when and why."""
    return _("%(who)s (%(number)s) · %(at)s · Reason: %(reason)s") % {
        "who": user.display_name, "number": user.employee_number, "at": f"{at:%Y-%m-%d %H:%M}", "reason": reason,
    }  # fmt: skip


def harmless(text: str) -> str:
    """`text` so that no program takes it for a formula, even once the file was turned into plain text."""
    text = "".join(sign for sign in text if sign >= " ")
    return f"'{text}" if text.startswith(_LIKE_FORMULAS) else text


def _text(value: Any) -> str:
    if value is None:
        return ""
    return harmless(date_format(value, "Y-m-d") if hasattr(value, "year") else str(value))


def _workbook(rows: Sequence[Row], columns: Sequence[Column], mark: str) -> bytes:
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet(_("Customers"))
    bold, soft = book.add_format({"bold": True}), book.add_format({"italic": True, "font_color": "#666666"})
    headings = [_("No."), _("Name"), *(str(column.label) for column in columns)]
    sheet.write_string(0, 0, harmless(mark), soft)
    for place, heading in enumerate(headings):
        sheet.write_string(1, place, heading, bold)
    for line, row in enumerate(rows, start=1):
        cells = [str(line), mask_name(row.name), *(cell.value for cell in row.cells)]
        for place, value in enumerate(cells):
            sheet.write_string(line + 1, place, _text(value))
    _paper(sheet, len(headings), mark)
    book.close()
    return target.getvalue()


def _paper(sheet: Any, width: int, mark: str) -> None:
    """Every printed page says whose copy it is; `&` begins a code in a header, doubled it is itself."""
    line = "&L" + harmless(mark).replace("&", "&&")
    while len(line) > _LONGEST_HEADER - 12:
        mark = mark[:-1]
        line = "&L" + harmless(mark).replace("&", "&&") + "…"
    sheet.set_header(line)
    sheet.set_footer(f"{line}&R&P/&N")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.freeze_panes(2, 0)
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, width - 1, 16)
