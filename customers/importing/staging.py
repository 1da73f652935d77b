"""Where rows wait between reading and deciding: logged tables, so that only the decision has to be one transaction."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from django.db import connection
from django.db.backends.utils import CursorWrapper

from customers.importing.values import Json
from customers.models import StagedRow

FETCH = 5_000


class Staged(NamedTuple):
    """One row on its way in: bank key ("" if unreadable), typed values as JSON, and the reason it is rejected or ""."""

    line: int
    key: str
    data: dict[str, Json]
    reason: str


class Staging(Protocol):
    """A kind's waiting room. The usual one is StagedRows; a kind of very many rows has a table of its own."""

    def copy_in(self, cursor: CursorWrapper, batch: int, rows: Iterable[Staged]) -> int:
        """COPY `rows` for `batch` and answer how many they were."""
        ...

    def rejected(self, batch: int) -> Iterator[tuple[int, str]]:
        """(line, reason) of every rejected row, by line; inside a transaction."""
        ...

    def clear(self, batches: Sequence[int]) -> None:
        """Delete all rows of `batches`."""
        ...


def _storable(text: str) -> str:
    """`text` without NUL, which Postgres cannot hold; a reason may quote the cell it stood in."""
    return text.replace("\0", "\ufffd")


class StagedRows:
    """Staging in customers.StagedRow."""

    def copy_in(self, cursor: CursorWrapper, batch: int, rows: Iterable[Staged]) -> int:
        count = 0
        dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        with cursor.copy("COPY customers_stagedrow (batch_id, line, key, data, reason) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((batch, row.line, _storable(row.key), dumps(row.data), _storable(row.reason)))
                count += 1
        return count

    def rejected(self, batch: int) -> Iterator[tuple[int, str]]:
        with connection.chunked_cursor() as cursor:
            cursor.execute(
                "SELECT line, reason FROM customers_stagedrow WHERE batch_id = %s AND reason <> '' ORDER BY line",
                [batch],
            )
            while rows := cursor.fetchmany(FETCH):
                yield from rows

    def clear(self, batches: Sequence[int]) -> None:
        rows = StagedRow.objects.filter(batch__in=batches)
        rows._raw_delete(rows.db)
