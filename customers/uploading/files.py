"""Where an uploaded file is kept: sealed in the database, and unpacked in a private folder while something reads it.

Web and workers share no disk, so a folder cannot be the place; a sealed value is gone as soon as it is emptied.
"""

import base64
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from customers import crypto
from customers.models import Upload


def sealed(content: bytes, upload_id: int, field: str) -> bytes:
    """`content` sealed to the `field` of the upload."""
    return crypto.seal(base64.b64encode(content).decode(), field=f"upload-{field}", number=str(upload_id))


def opened(upload: Upload, field: str) -> bytes:
    """What was sealed in `field` (content, found, errors); b"" where nothing is kept."""
    kept = getattr(upload, field)
    if not kept:
        return b""
    return base64.b64decode(crypto.unseal(bytes(kept), field=f"upload-{field}", number=str(upload.pk)))


def opened_json(upload: Upload, field: str) -> Any:
    """As `opened`, for JSON; {} where nothing is kept."""
    return json.loads(opened(upload, field) or b"{}")


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that only this process can read, gone with all in it when the block ends."""
    with tempfile.TemporaryDirectory(prefix="zhike-list-") as path:
        yield Path(path)


@contextmanager
def unpacked(upload: Upload, ending: str) -> Iterator[Path]:
    """The file of `upload` in a private folder, called list.csv or list.xlsx."""
    with folder() as place:
        path = place / f"list{ending}"
        path.touch(mode=0o600)
        path.write_bytes(opened(upload, "content"))
        yield path
