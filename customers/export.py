"""The customer list as an Excel file: names masked, nothing that identifies, on every sheet of paper who took it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib import keyset, sheets
from crm.staff.models import User
from customers.list_columns import Column
from customers.lists import FIELDS, Asked, Row, list_rows, narrowed_book, with_cells
from customers.masking import mask_name

MOST = 5000
_AT_ONCE = 500


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


def _text(value: Any) -> str:
    if value is None:
        return ""
    return date_format(value, "Y-m-d") if hasattr(value, "year") else str(value)


def _workbook(rows: Sequence[Row], columns: Sequence[Column], mark: str) -> bytes:
    headings = [_("No."), _("Name"), *(str(column.label) for column in columns)]
    lines = (
        [str(line), mask_name(row.name), *(_text(cell.value) for cell in row.cells)]
        for line, row in enumerate(rows, start=1)
    )
    return sheets.sheet(_("Customers"), mark, headings, lines)
