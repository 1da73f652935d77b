"""Relations of two customers who turn out to be one: re-pointed, turned round where the order asks, and taken back.

They are no Belonging: a relation hangs on two customers, and what it says depends on which of them comes first.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from customers.models import Moved
from customers.moving import Belonging, Change, json_of
from customers.relations import canonical

TABLE = "customers_relation"
# For counting alone, from either side.
RELATIONS = tuple(Belonging(TABLE, column, label=_("relations")) for column in ("customer_id", "other_id"))

_ROWS = """
SELECT to_jsonb(r) FROM customers_relation AS r
WHERE r.customer_id IN (%(from)s, %(to)s) OR r.other_id IN (%(from)s, %(to)s) OR r.consent_id = ANY (%(consents)s)
ORDER BY coalesce(r.customer_id = %(from)s OR r.other_id = %(from)s, false), r.id
FOR UPDATE
"""
# Of answers of one moment one stays; what hung on another one hangs on it.
_STAYING = """
SELECT was.id, min(c.id) FROM jsonb_populate_recordset(NULL::customers_consent, %(gone)s) AS was
JOIN customers_consent AS c ON c.customer_id = %(to)s AND c.purpose = was.purpose AND c.channel = was.channel
    AND c.recipient = was.recipient AND c.given_at IS NOT DISTINCT FROM was.given_at
GROUP BY was.id
"""
_WRITE = """
UPDATE customers_relation AS r
SET customer_id = now.customer_id, other_id = now.other_id, kind = now.kind, consent_id = now.consent_id
FROM jsonb_populate_recordset(NULL::customers_relation, %(rows)s) AS now WHERE r.id = now.id
"""
_WRITE_BACK = """
UPDATE customers_relation AS r
SET customer_id = was.customer_id, other_id = was.other_id, kind = was.kind, consent_id = was.consent_id
FROM customers_mergechange AS j, jsonb_populate_record(NULL::customers_relation, j.before) AS was
WHERE j.merge_id = %(merge)s AND j."table" = %(table)s AND j.what <> 'removed' AND r.id = was.id
"""
_STAND_AGAIN = """
INSERT INTO customers_relation SELECT was.*
FROM customers_mergechange AS j, jsonb_populate_record(NULL::customers_relation, j.before) AS was
WHERE j.merge_id = %(merge)s AND j."table" = %(table)s AND j.what = 'removed' ORDER BY j.id
ON CONFLICT DO NOTHING
"""
# A row that went stands in the way where the person at its other end has been merged since.
_EDITED = """
SELECT count(*) FROM customers_mergechange AS j
LEFT JOIN customers_relation AS r ON r.id = (j.before ->> 'id')::bigint
WHERE j.merge_id = %(merge)s AND j."table" = %(table)s AND CASE WHEN j.what = 'removed' THEN
    EXISTS (SELECT FROM customers_merge AS m WHERE m.id > j.merge_id AND m.undone_at IS NULL
        AND m.other_id IN ((j.before ->> 'customer_id')::bigint, (j.before ->> 'other_id')::bigint))
    ELSE to_jsonb(r) IS DISTINCT FROM j.after END
"""


def settled(row: Mapping[str, Any], from_id: int, to_id: int) -> dict[str, Any] | None:
    """The relation `row` once `from_id` is `to_id`; None where it was between the two. Pure."""
    first, second = (to_id if each == from_id else each for each in (row["customer_id"], row["other_id"]))
    if second is None:
        return {**row, "customer_id": first}
    if first == second:
        return None
    first, second, kind = canonical(first, second, row["kind"])
    return {**row, "customer_id": first, "other_id": second, "kind": kind}


def settle(rows: Sequence[dict[str, Any]], from_id: int, to_id: int) -> dict[int, dict[str, Any]]:
    """What stays of `rows` once `from_id` is `to_id`, by id. Pure.

    Of two that then say the same the first stays, or the one of a young child, which is kept with more care.
    """
    staying: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        now = settled(row, from_id, to_id)
        if now is None:
            continue
        key = now["customer_id"], now["other_id"], now["kind"], now["name"]
        if key not in staying or (now["young"] and not staying[key]["young"]):
            staying[key] = now
    return {now["id"]: now for now in staying.values()}


def move_relations(cursor: CursorWrapper, from_id: int, to_id: int, others: Sequence[Change]) -> list[Change]:
    """Move the relations of one customer; `others`: what became of all that moved before, the consents among it."""
    consents = _consents(cursor, to_id, others)
    cursor.execute(_ROWS, {"from": from_id, "to": to_id, "consents": list(consents)})
    rows = [json_of(row) for (row,) in cursor.fetchall()]
    held = [{**row, "consent_id": consents.get(row["consent_id"], row["consent_id"])} for row in rows]
    staying = settle(held, from_id, to_id)
    changes = []
    for row in rows:
        now = staying.get(row["id"])
        came = from_id in (row["customer_id"], row["other_id"])
        what = Moved.REMOVED if now is None else Moved.MOVED if came else Moved.CHANGED
        if now != row:
            changes.append(Change(what, TABLE, "customer_id", row, now))
    gone = [each.before["id"] for each in changes if each.after is None]
    cursor.execute("DELETE FROM customers_relation WHERE id = ANY (%s)", [gone])
    cursor.execute(_WRITE, {"rows": json.dumps([each.after for each in changes if each.after is not None])})
    return changes


def _consents(cursor: CursorWrapper, to_id: int, others: Sequence[Change]) -> dict[int, int]:
    """Ids of consents that went -> of those that stay instead."""
    gone = [each.before for each in others if each.table == "customers_consent" and each.what == Moved.REMOVED]
    cursor.execute(_STAYING, {"gone": json.dumps(gone), "to": to_id})
    return dict(cursor.fetchall())


def edited_relations(cursor: CursorWrapper, merge_id: int) -> int:
    """How many relations that a merge wrote cannot go back as they were: somebody has changed them since."""
    cursor.execute(_EDITED, {"merge": merge_id, "table": TABLE})
    return int(cursor.fetchone()[0])


def move_relations_back(cursor: CursorWrapper, merge_id: int) -> None:
    """Undo what `move_relations` did."""
    for statement in (_WRITE_BACK, _STAND_AGAIN):
        cursor.execute(statement, {"merge": merge_id, "table": TABLE})
