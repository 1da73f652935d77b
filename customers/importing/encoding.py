"""Which encoding a text file is in: decided strictly over all of its bytes, never guessed from a sample."""

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from customers.importing.refusals import ImportRefusedError

CHUNK = 1 << 20
UTF8, UTF8_BOM, GB18030 = "utf-8", "utf-8-sig", "gb18030"
# GB18030 text is practically never valid UTF-8 for this many characters outside ASCII (each is so with 1 in 6).
SURELY_UTF8 = 12
_OTHER_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16",
}  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """Where decoding ended: the first wrong byte, and the characters outside ASCII that decoded before it."""

    position: int
    foreign: int


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def sha256(path: Path) -> str:
    """The SHA-256 of the file in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def first_broken(path: Path, encoding: str) -> Broken | None:
    """Where `path` stops being `encoding`, None if it is so to its end. Constant memory."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    read = foreign = 0
    for chunk in _chunks(path):
        waiting = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(encoding, "replace")
            return Broken(read - waiting + error.start, foreign + _foreign(before))
        read += len(chunk)
        foreign += _foreign(text)
    waiting = len(decoder.getstate()[0])
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return Broken(read - waiting + error.start, foreign)
    return None


def _foreign(text: str) -> int:
    return 0 if text.isascii() else sum(not character.isascii() for character in text)


def detect(path: Path, declared: str = "") -> str:
    """The codec name of the file: UTF-8 if all of it is, else GB18030 if all of it is.

    A byte order mark decides over `declared` (the mapping's encoding, "" for none), which decides over detection.
    Raises ImportRefusedError with the position of the first wrong byte.
    """
    with path.open("rb") as stream:
        start = stream.read(4)
    for mark, name in _OTHER_MARKS.items():
        if start.startswith(mark):
            raise ImportRefusedError(_("The file is in %(name)s: save it as CSV in UTF-8.") % {"name": name})
    if start.startswith(codecs.BOM_UTF8):
        return _only(path, UTF8_BOM, "UTF-8")
    if declared:
        return _only(path, declared, declared)
    utf8 = first_broken(path, UTF8)
    if utf8 is None:
        return UTF8
    if utf8.foreign >= SURELY_UTF8:
        raise _not_in("UTF-8", utf8.position)
    chinese = first_broken(path, GB18030)
    if chinese is None:
        return GB18030
    raise ImportRefusedError(
        _("The file is neither UTF-8 (wrong byte at position %(utf8)d) nor GB18030 (wrong byte at position %(gb)d).")
        % {"utf8": utf8.position, "gb": chinese.position}
    )


def _only(path: Path, codec: str, name: str) -> str:
    # The codec with the mark would count positions from behind it.
    broken = first_broken(path, UTF8 if codec == UTF8_BOM else codec)
    if broken is not None:
        raise _not_in(name, broken.position)
    return codec


def _not_in(name: str, position: int) -> ImportRefusedError:
    return ImportRefusedError(
        _("The file is damaged: the byte at position %(position)d is not %(name)s.")
        % {"position": position, "name": name}
    )
