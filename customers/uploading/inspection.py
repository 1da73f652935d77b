"""What is looked at before a file is read at all: its kind by its bytes, and whether a workbook is a trap."""

import re
import zipfile
import zlib
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from customers.importing.readers import TEXT_ENDINGS, WORKBOOK_ENDING
from customers.importing.refusals import ImportRefusedError

ZIP_MARK, OLE_MARK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACRO_ENDINGS = frozenset({".xlsm", ".xltm", ".xlam", ".xlsb"})
MOST_PARTS = 2_000
MOST_UNPACKED = 300 << 20  # bytes
MOST_RATIO, RATIO_FROM = 200, 20 << 20  # a real sheet shrinks to a tenth; small ones are let be
MOST_CELLS = 10_000_000  # the reader lays a sheet out in full, up to its last cell
CHUNK = 1 << 20
_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def ending_of(path: Path, name: str) -> str:
    """`.xlsx` or `.csv`, by what `path` (a file that was called `name`) holds. Raises ImportRefusedError for others."""
    ending = Path(name).suffix.lower()
    with path.open("rb") as stream:
        start = stream.read(8)
    if not start:
        raise ImportRefusedError(_("The file is empty."))
    if ending in MACRO_ENDINGS:
        raise ImportRefusedError(_("A workbook with macros is not opened here. Save it as .xlsx and choose that file."))
    if start == OLE_MARK:
        raise ImportRefusedError(_old_workbook(path))
    if start.startswith(ZIP_MARK):
        return WORKBOOK_ENDING
    if ending == WORKBOOK_ENDING:
        raise ImportRefusedError(_("This is no workbook, or it is damaged. Open it in Excel, save it again as .xlsx."))
    if ending not in TEXT_ENDINGS:
        raise ImportRefusedError(_("Choose an Excel workbook (.xlsx) or a text file (.csv)."))
    return ".csv"


def _old_workbook(path: Path) -> str:
    if _ENCRYPTED in path.read_bytes():
        return _("The workbook is protected by a password. Take the password off and choose the file again.")
    return _("This is the old form of Excel (.xls). Save it as .xlsx and choose that file.")


def look_through(path: Path) -> None:
    """Raise ImportRefusedError where the workbook in `path` has macros, is packed beyond reason, or is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise ImportRefusedError(_packed())
            for part in parts:
                _check_part(part)
            _unpack(archive, parts, path.stat().st_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise ImportRefusedError(
            _("This is no workbook, or it is damaged. Open it in Excel, save it again as .xlsx.")
        ) from error


def _packed() -> str:
    return _("The file unpacks to far more than a customer list needs: it is not opened.")


def _check_part(part: zipfile.ZipInfo) -> None:
    if part.filename.lower().endswith("vbaproject.bin"):
        raise ImportRefusedError(_("A workbook with macros is not opened here. Save it as .xlsx and choose that file."))
    if part.flag_bits & 0x1:
        raise ImportRefusedError(
            _("The workbook is protected by a password. Take the password off and choose the file again.")
        )


def _unpack(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], packed: int) -> None:
    """Unpack everything once, keeping nothing: what the directory says of sizes is not believed."""
    total = 0
    for part in parts:
        part.file_size = MOST_UNPACKED + 1  # else zipfile stops where the directory says the part ends
        sheet = _Extent() if "worksheets/" in part.filename.lower() else None
        with archive.open(part) as stream:
            while chunk := stream.read(CHUNK):
                total += len(chunk)
                if total > MOST_UNPACKED or (total > RATIO_FROM and total > packed * MOST_RATIO):
                    raise ImportRefusedError(_packed())
                if sheet is not None:
                    sheet.feed(chunk)


class _Extent:
    """How far the cells of a sheet reach. One cell in the last corner of a sheet makes readers lay out all of it."""

    def __init__(self) -> None:
        self._rows = self._columns = 1
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        text = self._rest + chunk
        self._rest = text[-40:]
        found = set(_CELL.findall(text))
        if not found:
            return
        self._rows = max(self._rows, max(int(row) for _column, row in found))
        self._columns = max(self._columns, *(_number(column) for column in {column for column, _row in found}))
        if self._rows * self._columns > MOST_CELLS:
            raise ImportRefusedError(
                _("The sheet reaches to row %(rows)d: delete what stands below and beside the list.")
                % {"rows": self._rows}
            )


def _number(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def check_rows(rows: int) -> None:
    """Raise ImportRefusedError for a list that is too long for the browser."""
    if rows > settings.UPLOAD_MOST_ROWS:
        raise ImportRefusedError(
            _("The list has %(rows)d rows, at most %(most)d go at once: split it.")
            % {"rows": rows, "most": settings.UPLOAD_MOST_ROWS}
        )
