"""Where the list stands in a file: the sheet, the row of headings under titles and merged cells, the columns."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import python_calamine
from django.utils.translation import gettext as _

from customers.importing import encoding
from customers.importing.kind import HasTargets
from customers.importing.readers import (
    SEPARATORS,
    WORKBOOK_ENDING,
    Record,
    SourceOptions,
    Table,
    TextTable,
    WorkbookTable,
    as_text,
    open_table,
)
from customers.importing.refusals import ImportRefusedError
from customers.uploading import inspection, recognise

LOOKED_AT = 40  # rows from the top among which the heading is sought
FEWEST_CELLS = 2  # of a heading: a title has one


@dataclass(frozen=True)
class Layout:
    """sheets: of a workbook; sheet: the chosen one. header_row: from 1. header: a unique name for every column, "" for
    one without heading and content. rows: those under the heading."""

    sheets: list[str]
    sheet: str
    header_row: int
    header: list[str]
    rows: int


class SpreadTable(WorkbookTable):
    """A sheet in which cells merged over several rows stand in each of them."""

    def records(self) -> Iterator[Record]:
        starts, inside = self._merged()
        values: dict[tuple[int, int], str] = {}
        for record in super().records():
            row = record.line - 1
            for column in starts.get(row, ()):
                if column < len(record.cells):
                    values[row, column] = record.cells[column]
            for column, start in inside.get(row, ()):
                if column < len(record.cells) and not record.cells[column].strip():
                    record.cells[column] = values.get((start, column), "")
            yield record

    def _merged(self) -> tuple[dict[int, list[int]], dict[int, list[tuple[int, int]]]]:
        """Row -> columns that begin there, and row -> (column, first row) of those that reach into it; all from 0."""
        starts: dict[int, list[int]] = {}
        inside: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _right) in self._sheet.merged_cell_ranges or ():
            if bottom == top or top < self._header_line:
                continue
            starts.setdefault(top, []).append(left)
            for row in range(top + 1, min(bottom, self._sheet.total_height) + 1):
                inside.setdefault(row, []).append((left, top))
        return starts, inside


def find_layout(path: Path, kind: HasTargets, *, sheet: str = "", header_row: int = 0) -> Layout:
    """The layout of the file; `sheet` and `header_row` where a person says them ("" and 0: find out).

    Raises ImportRefusedError: nothing in it, no heading, too many rows.
    """
    if path.suffix == WORKBOOK_ENDING:
        return _of_workbook(path, kind, sheet, header_row)
    top = _top_of_text(path)
    found = header_row or heading_row(top, kind)
    header = _names(top, found)
    lines = _lines(path)
    inspection.check_rows(lines - found)
    table = TextTable(path, SourceOptions(header_row=found))
    rows = list(islice(table.records(), LOOKED_AT))
    return Layout([], "", found, _kept(header, rows), max(lines - found, len(rows)))


def open_layout(path: Path, layout: Layout) -> Table:
    """The table that `layout` describes, under its unique names."""
    options = SourceOptions(sheet=layout.sheet, header_row=layout.header_row)
    table = SpreadTable(path, options) if path.suffix == WORKBOOK_ENDING else open_table(path, options)
    table.header = layout.header + [""] * (len(table.header) - len(layout.header))
    return table


def _lines(path: Path) -> int:
    """The lines of a text file, the last one also where nothing ends it."""
    count, last = 0, b""
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            count += chunk.count(b"\n")
            last = chunk[-1:]
    return count + (last not in (b"", b"\n"))


def _of_workbook(path: Path, kind: HasTargets, sheet: str, header_row: int) -> Layout:
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        visible = [one.name for one in book.sheets_metadata if one.visible == python_calamine.SheetVisibleEnum.Visible]
        read = {name: book.get_sheet_by_name(name) for name in visible}
        tops = {name: _top_of_sheet(one) for name, one in read.items()}
    except (python_calamine.CalamineError, python_calamine.PasswordError) as error:
        raise ImportRefusedError(
            _("This is no workbook, or it is damaged. Open it in Excel, save it again as .xlsx.")
        ) from error
    filled = [name for name, top in tops.items() if any(any(row) for row in top)]
    if not filled:
        raise ImportRefusedError(_("There is nothing in the file."))
    chosen = sheet if sheet in filled else max(filled, key=lambda name: _best(tops[name], kind))
    found = header_row or heading_row(tops[chosen], kind)
    header = _names(tops[chosen], found)
    rows = read[chosen].total_height + 1 - found  # it counts from 0
    inspection.check_rows(rows)
    below = [Record(line, row) for line, row in enumerate(tops[chosen][found:], start=found + 1)]
    return Layout(filled, chosen, found, _kept(header, below), max(rows, 0))


def _top_of_sheet(sheet: python_calamine.CalamineSheet) -> list[list[str]]:
    if sheet.start is None:
        return []
    return [[as_text(cell).strip() for cell in row] for row in islice(sheet.iter_rows(), LOOKED_AT)]


def _top_of_text(path: Path) -> list[list[str]]:
    with path.open(encoding=encoding.detect(path), newline="") as stream:
        lines = [line.rstrip("\r\n") for line in islice(stream, LOOKED_AT)]
    if not any(line.strip() for line in lines):
        raise ImportRefusedError(_("There is nothing in the file."))
    separator = max(SEPARATORS, key=lambda sign: sum(line.count(sign) for line in lines))
    return [[cell.strip().strip('"') for cell in line.split(separator)] for line in lines]


def _score(row: Sequence[str], kind: HasTargets) -> int:
    words = recognise.words_of(kind)
    return sum(recognise.plain(cell) in words for cell in row)


def _best(top: list[list[str]], kind: HasTargets) -> int:
    return max((_score(row, kind) for row in top), default=0)


def heading_row(top: list[list[str]], kind: HasTargets) -> int:
    """The row (from 1) that names the columns: the one with most words that are known, else the first one of words
    alone above rows whose content is known. Raises ImportRefusedError where there is none."""
    scores = [_score(row, kind) if sum(map(bool, row)) >= FEWEST_CELLS else 0 for row in top]
    if max(scores, default=0) > 0:
        place = scores.index(max(scores))
        return place + 2 if place + 1 < len(top) and _divides(top[place], top[place + 1], kind) else place + 1
    for place, row in enumerate(top):
        filled = [cell for cell in row if cell]
        if len(filled) < FEWEST_CELLS:
            continue
        wordy = len(set(filled)) == len(filled) and not any(re.search(r"\d{4}", cell) for cell in filled)
        if wordy and recognise.by_content(kind, _columns(top[place + 1 :], len(row))):
            return place + 1
        break
    raise ImportRefusedError(_("No row names the columns. Put headings such as 姓名 and 手机号 above the list."))


def _divides(row: Sequence[str], below: Sequence[str], kind: HasTargets) -> bool:
    """Whether the row `below` holds nothing but headings under some cells of `row`: 联系方式 over 手机号 and 地址."""
    filled = [cell for cell in below if cell]
    alone = any(cell and not under for cell, under in zip(row, below, strict=False))
    return bool(filled) and alone and _score(below, kind) == len(filled)


def _columns(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    return [[row[place] for row in rows if place < len(row) and row[place]] for place in range(width)]


def _names(top: list[list[str]], row: int) -> list[str]:
    """The headings in `row`, each unique; where it is empty under a merged cell, what stands above."""
    if row > len(top):
        raise ImportRefusedError(_("No row names the columns. Put headings such as 姓名 and 手机号 above the list."))
    above = top[row - 2] if row > 1 and sum(map(bool, top[row - 2])) >= FEWEST_CELLS else []
    names = [
        " ".join(unicodedata.normalize("NFKC", cell or (above[place] if place < len(above) else "")).split())
        for place, cell in enumerate(top[row - 1])
    ]
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        seen[name] += 1
        unique.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return unique


def _kept(header: list[str], rows: list[Record]) -> list[str]:
    """A name for columns that have content but no heading."""
    named = []
    for place, name in enumerate(header):
        content = any(place < len(row.cells) and row.cells[place].strip() for row in rows)
        named.append(name or (_("Column %(letter)s") % {"letter": _letter(place)} if content else ""))
    return named


def _letter(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
