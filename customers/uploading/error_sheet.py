"""The rejected rows as a sheet like the one that came, with the reason in front: to be mended and brought alone."""

from collections.abc import Callable, Iterable
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _

from customers.importing.readers import Record, Table
from customers.importing.rejects import joined

# Its heading in both languages: a mended sheet is known by it, and the column left out.
REASONS = ("未导入原因", "Why it was not imported")
WIDEST = 32_000  # characters of a cell


def write_sheet(
    path: Path, table: Table, rejected: Iterable[tuple[int, str]], tell: Callable[[Record, str], None]
) -> int:
    """Write the rows of `table` that are `rejected` (line, reason; by line) to the workbook `path`, telling each to
    `tell`. Returns how many; without any no file is written.

    Every cell is written as text: nothing in it is run as a formula, no number loses its digits.
    """
    waiting = iter(rejected)
    first = next(waiting, None)
    if first is None:
        return 0
    own = [place for place, name in enumerate(table.header) if name and name not in REASONS]
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "in_memory": False}) as book:
        sheet = book.add_worksheet()
        bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "#AD241B"})
        text = book.add_format({"num_format": "@"})
        sheet.set_column(0, 0, 50)
        sheet.set_column(1, max(len(own), 1), 18, text)
        sheet.freeze_panes(1, 1)
        for column, name in enumerate([_("Why it was not imported"), *(table.header[place] for place in own)]):
            sheet.write_string(0, column, name, bold)
        count = 0
        for record, reason in joined(table.records(), first, waiting):
            count += 1
            sheet.write_string(count, 0, reason[:WIDEST], red)
            cells = [record.cells[place] if place < len(record.cells) else "" for place in own]
            for column, cell in enumerate(cells, start=1):
                sheet.write_string(count, column, cell[:WIDEST], text)
            tell(record, reason)
    return count
