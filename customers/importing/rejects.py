"""The error file: every rejected row as it was read, with its line and the reason, ready to be mended and imported."""

import csv
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from customers.importing.encoding import UTF8_BOM
from customers.importing.readers import ERROR_COLUMNS, FORMULA_SIGNS, Record, Table
from customers.importing.refusals import ImportRefusedError


def check_path(path: Path, source: Path) -> None:
    """Raise ImportRefusedError unless an error file may be written to `path`, over no other file."""
    if path.resolve() == source.resolve():
        raise ImportRefusedError(_("The error file would overwrite the file itself."))
    if not os.access(path.parent, os.W_OK):
        raise ImportRefusedError(
            _("No error file can be written to “%(folder)s”: say where with --errors.") % {"folder": path.parent}
        )
    if path.exists() and not is_error_file(path):
        raise ImportRefusedError(_("“%(path)s” exists and is no error file.") % {"path": path})


def is_error_file(path: Path) -> bool:
    """Whether `path` begins as error files do."""
    try:
        with path.open(encoding=UTF8_BOM, errors="replace") as stream:
            start = stream.readline(200)
    except OSError:
        return False
    return re.match(r"line\Wreason\b", start) is not None


def safe(cell: str) -> str:
    """`cell` as a spreadsheet shows it without running it as a formula (the reader takes the apostrophe off again)."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def write_errors(path: Path, table: Table, rejected: Iterable[tuple[int, str]]) -> int:
    """Write the rows of `table` that are `rejected` (line, reason; by line) to `path`. Returns how many.

    Without any, no file is written and an older one is removed. The file is complete or not there at all.
    """
    waiting = iter(rejected)
    first = next(waiting, None)
    if first is None:
        path.unlink(missing_ok=True)
        return 0
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w", encoding=UTF8_BOM, newline="") as stream:
            writer = csv.writer(stream, delimiter=table.delimiter, quotechar=table.quote or '"')
            writer.writerow([*ERROR_COLUMNS, *(safe(name) for name in table.header)])
            count = 0
            for record, reason in joined(table.records(), first, waiting):
                writer.writerow([str(record.line), reason, *(safe(cell) for cell in record.cells)])
                count += 1
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return count


def joined(
    records: Iterator[Record], first: tuple[int, str], rest: Iterator[tuple[int, str]]
) -> Iterator[tuple[Record, str]]:
    """Each rejected line with its record; both come by line."""
    rejected: Sequence[tuple[int, str]] = [first]
    line, reason = rejected[0]
    for record in records:
        if record.line != line:
            continue
        yield record, reason
        following = next(rest, None)
        if following is None:
            return
        line, reason = following
    raise ImportRefusedError(_("The file changed while it was read."))
