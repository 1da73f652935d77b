"""A table as an Excel file whose every printed page says whose copy it is.

Text is always written as text: a cell that begins like a formula is one in no program that opens the file.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LIKE_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_LONGEST_HEADER = 255  # of Excel, codes included
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def harmless(text: str) -> str:
    """`text` so that no program takes it for a formula, even once the file was turned into plain text."""
    text = "".join(sign for sign in text if sign >= " ")
    return f"'{text}" if text.startswith(_LIKE_FORMULAS) else text


def sheet(title: str, mark: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One table as .xlsx: `mark` (who took it, when, why), `headings`, then `rows` of text."""
    return sheets(mark, [(title, headings, rows)])


def sheets(mark: str, tables: Iterable[tuple[str, Sequence[str], Iterable[Sequence[str]]]]) -> bytes:
    """Several tables, each as (title, headings, rows), on a sheet of its own."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, _OPTIONS)
    bold, soft = book.add_format({"bold": True}), book.add_format({"italic": True, "font_color": "#666666"})
    for title, headings, rows in tables:
        page = book.add_worksheet(title)
        page.write_string(0, 0, harmless(mark), soft)
        for place, heading in enumerate(headings):
            page.write_string(1, place, heading, bold)
        for line, row in enumerate(rows, start=2):
            for place, text in enumerate(row):
                page.write_string(line, place, harmless(text))
        _paper(page, len(headings), mark)
    book.close()
    return target.getvalue()


def _paper(page: Any, width: int, mark: str) -> None:
    """Every printed page says whose copy it is; `&` begins a code in a header, doubled it is itself."""
    line = "&L" + harmless(mark).replace("&", "&&")
    while len(line) > _LONGEST_HEADER - 12:
        mark = mark[:-1]
        line = "&L" + harmless(mark).replace("&", "&&") + "…"
    page.set_header(line)
    page.set_footer(f"{line}&R&P/&N")
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, 1)
    page.freeze_panes(2, 0)
    page.set_column(0, 0, 6)
    page.set_column(1, width - 1, 16)
