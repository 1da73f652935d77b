"""Rows that come over from one customer to another, and go back: by whole tables, journaled row by row.

Each room names its tables as Belonging; settings.MERGE_MOVERS lists the rooms' callables. All names of tables and
columns in statements are those of the code.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper
from django.utils.module_loading import import_string
from django_stubs_ext import StrOrPromise

from customers.models import Moved


@dataclass(frozen=True)
class Change:
    """What was written of one row of `table`, as JSON of the whole row; `after` is None where it was removed."""

    what: Moved
    table: str
    column: str
    before: Any
    after: Any = None


@dataclass(frozen=True)
class Belonging:
    """A table whose `column` says to which customer a row belongs.

    key: what identifies a row, a bigint. label: the rows in words (plural); empty: nobody is told of them.
    unique: the columns that a customer may have only once together (among: of which rows `t` that holds); of rows that
    meet one another there one stays. single: a customer has one row at all.
    only: a condition on the row `t` that narrows all of this to some rows.
    wins: where two rows meet, when that of the other customer (`f`) stays instead of the survivor's (`t`).
    instead: where two rows meet, both stay, and the one that comes gets these columns (column -> expression on `f`).
    sets: what a row that comes gets in any case (column -> expression on `f`).
    within: what else a row hangs on (column -> table): a row that went does not stand again without.
    derived: nothing comes over, the rows go: a night makes them anew.
    edited: columns that show that somebody has edited the row since; None: all. Files and nights change the others.
    """

    table: str
    column: str = "customer_id"
    key: str = "id"
    label: StrOrPromise = ""
    unique: tuple[str, ...] = ()
    among: str = "true"
    single: bool = False
    only: str = "true"
    wins: str = "false"
    instead: Mapping[str, str] = field(default_factory=dict)
    sets: Mapping[str, str] = field(default_factory=dict)
    within: Mapping[str, str] = field(default_factory=dict)
    derived: bool = False
    edited: tuple[str, ...] | None = None

    @property
    def name(self) -> tuple[str, str]:
        return self.table, self.column


@dataclass(frozen=True)
class Mover:
    """The belongings of one room, as settings.MERGE_MOVERS wants them: called, it moves them all."""

    belongings: tuple[Belonging, ...]

    def __call__(self, cursor: CursorWrapper, from_id: int, to_id: int) -> list[Change]:
        return [change for each in self.belongings for change in move(cursor, each, from_id, to_id)]


def movers() -> list[Callable[[CursorWrapper, int, int], list[Change]]]:
    return [import_string(path) for path in settings.MERGE_MOVERS]


def belongings() -> list[Belonging]:
    """Those of all rooms, in the order they move in."""
    return [each for mover in movers() if isinstance(mover, Mover) for each in mover.belongings]


def belongings_back() -> list[Belonging]:
    """Those of all rooms in the order they move back in: a lower room's first, since higher ones ask about them (no
    suggestion lives without the risk assessment it rests on); within a room the other way round."""
    return [each for mover in movers() if isinstance(mover, Mover) for each in reversed(mover.belongings)]


def move(cursor: CursorWrapper, each: Belonging, from_id: int, to_id: int) -> list[Change]:
    """Move the rows of one table; those that cannot stand beside one another go, and are in the answer."""
    given = {"from": from_id, "to": to_id}
    mine = _of("f", each.only)
    if each.derived:
        return _removed(cursor, each, "f", f"f.{each.column} = %(from)s AND {mine}", given)
    changes: list[Change] = []
    if each.single or each.unique:
        meets = f"t.{each.column} = %(to)s AND f.{each.column} = %(from)s AND {mine} AND {_meets(each, 'f', 't')}"
        changes += _removed(
            cursor, each, "t", f"EXISTS (SELECT FROM {each.table} AS f WHERE {meets} AND {each.wins})", given
        )
        if not each.instead:
            changes += _removed(cursor, each, "f", f"EXISTS (SELECT FROM {each.table} AS t WHERE {meets})", given)
    return changes + _moved(cursor, each, mine, given)


def _of(alias: str, condition: str) -> str:
    """A condition on `t` as one on `alias`."""
    return re.sub(r"\bt\.", f"{alias}.", condition)


def _meets(each: Belonging, one: str, two: str) -> str:
    """The condition that the rows `one` and `two` cannot both be the same customer's."""
    same = [f"{one}.{column} IS NOT DISTINCT FROM {two}.{column}" for column in each.unique]
    return " AND ".join([*same, _of(one, each.among), _of(two, each.among)])


def _removed(cursor: CursorWrapper, each: Belonging, alias: str, condition: str, given: dict[str, Any]) -> list[Change]:
    cursor.execute(f"DELETE FROM {each.table} AS {alias} WHERE {condition} RETURNING to_jsonb({alias})", given)
    return [Change(Moved.REMOVED, each.table, each.column, json_of(row)) for (row,) in cursor.fetchall()]


def _moved(cursor: CursorWrapper, each: Belonging, mine: str, given: dict[str, Any]) -> list[Change]:
    meeting = f"EXISTS (SELECT FROM {each.table} AS t WHERE t.{each.column} = %(to)s AND {_meets(each, 'f', 't')})"
    extra = "".join(
        f", {column} = CASE WHEN {meeting} THEN {expression} ELSE f.{column} END"
        for column, expression in each.instead.items()
    )
    extra += "".join(f", {column} = {expression}" for column, expression in each.sets.items())
    cursor.execute(
        f"WITH was AS MATERIALIZED (SELECT f.{each.key} AS key, to_jsonb(f) AS line FROM {each.table} AS f"
        f" WHERE f.{each.column} = %(from)s AND {mine} FOR UPDATE)"
        f" UPDATE {each.table} AS f SET {each.column} = %(to)s{extra} FROM was WHERE f.{each.key} = was.key"
        f" RETURNING was.line, to_jsonb(f)",
        given,
    )
    return [
        Change(Moved.MOVED, each.table, each.column, json_of(before), json_of(after))
        for before, after in cursor.fetchall()
    ]


def json_of(value: Any) -> Any:
    """What the driver gives for jsonb: text, since Django reads JSON fields itself."""
    return json.loads(value) if isinstance(value, str) else value


_OF_MERGE = 'j.merge_id = %(merge)s AND j.what = %(what)s AND j."table" = %(table)s AND j."column" = %(column)s'


def _given(merge_id: int, each: Belonging, what: Moved, **more: Any) -> dict[str, Any]:
    return {"merge": merge_id, "what": what.value, "table": each.table, "column": each.column} | more


def edited(cursor: CursorWrapper, each: Belonging, merge_id: int, to_id: int) -> int:
    """How many rows that came over by a merge somebody has edited, deleted or moved on since."""
    if each.derived or each.edited == ():
        return 0
    if each.edited is None:
        differs = "to_jsonb(t) IS DISTINCT FROM j.after"
    else:
        differs = " OR ".join(f"to_jsonb(t) -> '{name}' IS DISTINCT FROM j.after -> '{name}'" for name in each.edited)
    cursor.execute(
        f"SELECT count(*) FROM customers_mergechange AS j"
        f" LEFT JOIN {each.table} AS t ON t.{each.key} = (j.after ->> '{each.key}')::bigint"
        f"     AND t.{each.column} = %(to)s"
        f" WHERE {_OF_MERGE} AND (t.{each.key} IS NULL OR {differs})",
        _given(merge_id, each, Moved.MOVED, to=to_id),
    )
    return int(cursor.fetchone()[0])


def move_back(cursor: CursorWrapper, each: Belonging, merge_id: int, from_id: int, to_id: int) -> None:
    """Undo what `move` did: rows go back to `from_id`, and those that went stand again.

    Of a row that came over only what the merge set is set back: what files and nights have written since stays.
    """
    back = "".join(f", {column} = was.{column}" for column in (*each.instead, *each.sets))
    cursor.execute(
        f"UPDATE {each.table} AS t SET {each.column} = %(from)s{back}"
        f" FROM customers_mergechange AS j, jsonb_populate_record(NULL::{each.table}, j.before) AS was"
        f" WHERE {_OF_MERGE} AND t.{each.key} = (j.after ->> '{each.key}')::bigint AND t.{each.column} = %(to)s",
        _given(merge_id, each, Moved.MOVED, **{"from": from_id, "to": to_id}),
    )
    held = "".join(
        f" AND EXISTS (SELECT FROM {table} AS p WHERE p.id = was.{column})" for column, table in each.within.items()
    )
    # What a night has made anew meanwhile stays: it is the same, or the next one makes it right.
    cursor.execute(
        f"INSERT INTO {each.table} SELECT was.* FROM customers_mergechange AS j,"
        f" jsonb_populate_record(NULL::{each.table}, j.before) AS was WHERE {_OF_MERGE}{held} ORDER BY j.id"
        " ON CONFLICT DO NOTHING",
        _given(merge_id, each, Moved.REMOVED),
    )


def counts(
    cursor: CursorWrapper, customer_ids: Sequence[int], more: Sequence[Belonging] = ()
) -> list[tuple[StrOrPromise, list[int]]]:
    """What hangs on each of `customer_ids`, by label, in one query; what none of them has is left out.

    more: tables that do not move as belongings do, and are counted all the same.
    """
    shown = [each for each in (*belongings(), *more) if each.label]
    cursor.execute(
        " UNION ALL ".join(
            f"SELECT {place}, w.ordinality, (SELECT count(*) FROM {each.table} AS t"
            f" WHERE t.{each.column} = w.id AND {each.only})"
            f" FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS w (id, ordinality)"
            for place, each in enumerate(shown)
        ),
        {"ids": list(customer_ids)},
    )
    found: dict[str, list[int]] = {}
    for place, ordinality, count in cursor.fetchall():
        row = found.setdefault(str(shown[place].label), [0] * len(customer_ids))
        row[ordinality - 1] += count
    return [(label, row) for label, row in found.items() if any(row)]
