"""Rows of a file as a stream of text cells, whatever it is: CSV in three encodings and separators, or .xlsx."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import NamedTuple, Protocol

import python_calamine
from django.utils.translation import gettext as _

from customers.importing import encoding
from customers.importing.refusals import ImportRefusedError

TEXT_ENDINGS = frozenset({".csv", ".txt", ".tsv", ".asc"})
WORKBOOK_ENDING = ".xlsx"
SEPARATORS = (",", ";", "\t")
ERROR_COLUMNS = ["line", "reason"]
# Spreadsheets run a cell that starts so as a formula; the error file puts an apostrophe before it.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
MOST_LINES_OF_A_RECORD = 100
LARGEST_EXACT_FLOAT = 1e15


class Record(NamedTuple):
    """One row: the number of the line it begins in (from 1), its cells, and why it cannot be read ("" if it can)."""

    line: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True)
class SourceOptions:
    """How to read the file, from the mapping's [source]; an empty value means: find out. header_row counts from 1."""

    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""
    header_row: int = 1
    quote: str = '"'


class Table(Protocol):
    """A file with a header. `records` can be asked for again and gives the same each time."""

    header: list[str]
    delimiter: str
    quote: str

    def records(self) -> Iterator[Record]: ...


def open_table(path: Path, options: SourceOptions) -> Table:
    """The table in `path`. Raises ImportRefusedError: missing, empty, unknown ending, unreadable, without a header."""
    if not path.is_file():
        raise ImportRefusedError(_("There is no file “%(path)s”.") % {"path": path})
    try:
        if path.stat().st_size == 0:
            raise ImportRefusedError(_("The file “%(path)s” is empty.") % {"path": path})
        if path.suffix.lower() in TEXT_ENDINGS:
            return TextTable(path, options)
        if path.suffix.lower() == WORKBOOK_ENDING:
            return WorkbookTable(path, options)
    except OSError as error:
        raise ImportRefusedError(_("“%(path)s” cannot be read: %(error)s") % {"path": path, "error": error}) from error
    raise ImportRefusedError(
        _("“%(path)s” is neither text (%(text)s) nor a workbook (.xlsx).")
        % {"path": path, "text": ", ".join(sorted(TEXT_ENDINGS))}
    )


def _unescaped(cells: Iterable[str]) -> list[str]:
    return [cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_SIGNS and len(cell) > 1 else cell for cell in cells]


def _blank(cells: Iterable[str]) -> bool:
    return not any(cell.strip() for cell in cells)


def _header(cells: list[str], path: Path) -> list[str]:
    names = [cell.strip() for cell in cells]
    if not any(names):
        raise ImportRefusedError(_("“%(path)s” has no header row.") % {"path": path})
    return names


def fitted(line: int, cells: list[str], width: int) -> Record:
    """The record of `cells` under a header of `width` columns; empty cells beyond it are dropped."""
    if len(cells) > width and _blank(cells[width:]):
        del cells[width:]
    if len(cells) == width:
        return Record(line, cells)
    problem = _("The row has %(cells)d cells, the header has %(width)d.") % {
        "cells": len(cells),
        "width": width,
    }
    return Record(line, cells, problem)


class _Lines:
    """Lines of a text stream with their numbers, some of which can be put back."""

    def __init__(self, stream: Iterable[str]) -> None:
        self._stream = iter(stream)
        self._back: list[str] = []
        self.number = 0

    def next(self) -> str | None:
        line = self._back.pop() if self._back else next(self._stream, None)
        self.number += line is not None
        return line

    def put_back(self, lines: Sequence[str]) -> None:
        self._back.extend(reversed(lines))
        self.number -= len(lines)


class TextTable:
    """A CSV file. A quotation mark that is opened and never closed costs its own line, not the rest of the file."""

    def __init__(self, path: Path, options: SourceOptions) -> None:
        self._path = path
        self._codec = encoding.detect(path, options.encoding)
        self.quote = options.quote
        self.delimiter = options.delimiter or ","
        self._width: int | None = None
        with path.open(encoding=self._codec, newline="") as stream:
            lines = _Lines(stream)
            first = self._first(lines)
            self.delimiter = options.delimiter or self._sniffed(first)
            cells = self._cells([first]) or []
            self._is_error_file = [cell.strip() for cell in cells[:2]] == ERROR_COLUMNS
            self._header_line = lines.number if self._is_error_file else max(options.header_row, lines.number)
            while lines.number < self._header_line:
                first = lines.next() or ""
                if not first:
                    raise ImportRefusedError(_("“%(path)s” has no header row.") % {"path": path})
        if not options.delimiter:
            self.delimiter = self._sniffed(first)
        self.header = _header(self._own(self._cells([first]) or []), path)
        self._width = len(self.header)

    def _first(self, lines: _Lines) -> str:
        while (line := lines.next()) is not None:
            if line.strip():
                return line
        raise ImportRefusedError(_("The file “%(path)s” is empty.") % {"path": self._path})

    def _sniffed(self, line: str) -> str:
        outside = "".join(line.split(self.quote)[::2]) if self.quote else line
        return max(SEPARATORS, key=outside.count)

    def _own(self, cells: list[str]) -> list[str]:
        """Without the two columns that an error file has in front."""
        return cells[len(ERROR_COLUMNS) :] if self._is_error_file else cells

    def _cells(self, lines: Sequence[str], *, strict: bool = True) -> list[str] | None:
        """The cells of one record, None where a quotation mark is not closed or something follows a closed one."""
        text = "".join(lines).rstrip("\r\n")
        if not self.quote or self.quote not in text:
            return text.split(self.delimiter)
        try:
            rows = list(csv.reader([text], delimiter=self.delimiter, quotechar=self.quote, strict=strict))
        except csv.Error:
            return None
        return rows[0] if len(rows) == 1 else None

    def records(self) -> Iterator[Record]:
        """The rows under the header; wholly empty ones are passed over."""
        with self._path.open(encoding=self._codec, newline="") as stream:
            lines = _Lines(stream)
            while lines.number < self._header_line:
                lines.next()
            while (line := lines.next()) is not None:
                record = self._record(line, lines)
                if record is not None:
                    yield record

    def _record(self, line: str, lines: _Lines) -> Record | None:
        number = lines.number
        cells = self._cells([line])
        if cells is None:
            cells = self._over_several_lines(line, lines)
        if cells is None:
            lenient = self._own(_unescaped(self._cells([line], strict=False) or [line]))
            return Record(number, lenient, _("A quotation mark is opened and not closed, or stands inside a cell."))
        return None if _blank(cells) else fitted(number, self._own(_unescaped(cells)), self._width or 0)

    def _over_several_lines(self, line: str, lines: _Lines) -> list[str] | None:
        """The record that begins in `line`; None, with the lines put back, if it has no end that fits the header."""
        more: list[str] = []
        while len(more) < MOST_LINES_OF_A_RECORD and (following := lines.next()) is not None:
            more.append(following)
            if following.count(self.quote) % 2 == 0:
                continue
            cells = self._cells([line, *more])
            if cells is not None and len(self._own(cells)) == self._width:
                return cells
            break
        lines.put_back(more)
        return None


class WorkbookTable:
    """One sheet of an .xlsx file; dates come as ISO text, numbers as they would be typed."""

    delimiter = ","
    quote = '"'

    def __init__(self, path: Path, options: SourceOptions) -> None:
        self._sheet = self._opened(path, options.sheet)
        rows = enumerate(self._sheet.iter_rows(), start=1)
        for line, row in rows:
            cells = [as_text(cell) for cell in row]
            if line >= options.header_row and not _blank(cells):
                self._header_line = line
                self.header = _header(cells, path)
                return
        raise ImportRefusedError(_("“%(path)s” has no header row.") % {"path": path})

    @staticmethod
    def _opened(path: Path, sheet: str) -> python_calamine.CalamineSheet:
        try:
            book = python_calamine.CalamineWorkbook.from_path(str(path))
            if sheet and sheet not in book.sheet_names:
                raise ImportRefusedError(
                    _("There is no sheet “%(sheet)s”; there are: %(names)s.")
                    % {"sheet": sheet, "names": ", ".join(book.sheet_names)}
                )
            found = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
        except python_calamine.PasswordError as error:
            raise ImportRefusedError(_("“%(path)s” is protected by a password.") % {"path": path}) from error
        except python_calamine.CalamineError as error:
            raise ImportRefusedError(
                _("“%(path)s” is no readable workbook: %(error)s") % {"path": path, "error": error}
            ) from error
        if found.start is None:
            raise ImportRefusedError(_("The file “%(path)s” is empty.") % {"path": path})
        return found

    def records(self) -> Iterator[Record]:
        """The rows under the header; wholly empty ones are passed over."""
        for line, row in enumerate(self._sheet.iter_rows(), start=1):
            if line <= self._header_line:
                continue
            cells = _unescaped(as_text(cell) for cell in row)
            if not _blank(cells):
                yield fitted(line, cells, len(self.header))


def as_text(cell: object) -> str:
    """A cell of a workbook as it would be typed; a number with more digits than a float holds shows its exponent."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if abs(cell) >= LARGEST_EXACT_FLOAT:
            return f"{cell:.5E}"
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)
