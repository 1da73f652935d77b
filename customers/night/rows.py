"""Small parts of the night's statements."""

from collections.abc import Iterable

from django.db.backends.utils import CursorWrapper


def differs(columns: Iterable[str], new: str, old: str) -> str:
    """The SQL condition that the rows `new` and `old` differ in one of `columns`, NULL being a value."""
    columns = list(columns)
    row_of = [", ".join(f"{row}.{name}" for name in columns) for row in (new, old)]
    return f"ROW({row_of[0]}) IS DISTINCT FROM ROW({row_of[1]})"


def publish(
    cursor: CursorWrapper, *, live: str, staged: str, key: str, columns: Iterable[str], run: int, extra: str = ""
) -> int:
    """Bring the rows of table `live` up to those of `staged` for `run`; rows that are the same are not touched.

    key: the column that identifies a row in both. extra: SQL of one more assignment of updates, "" for none.
    Returns the rows inserted or updated.
    """
    names = [key, *columns]
    assignments = ", ".join(f"{name} = s.{name}" for name in names[1:])
    listed = ", ".join(f"s.{name}" for name in names)
    cursor.execute(
        f"UPDATE {live} AS l SET {assignments}{extra} FROM {staged} AS s"
        f" WHERE s.run = %s AND l.{key} = s.{key} AND {differs(names[1:], 's', 'l')}",
        [run],
    )
    updated = cursor.rowcount
    cursor.execute(
        f"INSERT INTO {live} ({', '.join(names)}) SELECT {listed} FROM {staged} AS s"
        f" WHERE s.run = %s AND NOT EXISTS (SELECT FROM {live} AS l WHERE l.{key} = s.{key}) ORDER BY s.{key}",
        [run],
    )
    return int(updated + cursor.rowcount)
