"""What hangs on a customer in this room, and how it comes over when two customers turn out to be one."""

import json

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from customers.models import Moved
from customers.moving import Belonging, Change, Mover, json_of
from customers.relations import INVERSE

_STRONGER_PART = (
    "array_position(ARRAY['owner', 'joint', 'authorised'], f.role::text)"
    " < array_position(ARRAY['owner', 'joint', 'authorised'], t.role::text)"
)
# Of two answers of one moment the one that was withdrawn, and later, holds.
_LATER_WITHDRAWN = "coalesce(f.withdrawn_at, '-infinity') > coalesce(t.withdrawn_at, '-infinity')"
_HAS_MAIN = (
    "EXISTS (SELECT FROM customers_householdmember AS m"
    " WHERE m.customer_id = %(to)s AND m.main AND m.household_id <> f.household_id)"
)

BELONGINGS = Mover((
    Belonging("customers_account", label=_("accounts"), edited=()),
    Belonging("customers_accountparty", unique=("account_id",), wins=_STRONGER_PART, edited=()),
    Belonging("customers_standingorder", label=_("standing orders"), edited=()),
    Belonging("customers_holding", label=_("holdings"), edited=()),
    Belonging("customers_loan", label=_("loans"), edited=()),
    Belonging("customers_creditscore", label=_("credit scores"), unique=("scored_on",), edited=()),
    # The more careful of two assessments of one day.
    Belonging("customers_riskassessment", label=_("risk assessments"), unique=("assessed_on",),
              wins="f.level < t.level", edited=()),
    Belonging("customers_consent", label=_("consents"), unique=("purpose", "channel", "recipient", "given_at"),
              wins=_LATER_WITHDRAWN),
    # Of two of one name what was learnt later; of two proposals what a person decided.
    Belonging("customers_fact", label=_("learnt facts"), unique=("name",), wins='f."on" > t."on"'),
    Belonging("customers_lifeevent", label=_("life events"), unique=("cause",), among="t.cause <> ''",
              wins="f.state <> 'proposed' AND t.state = 'proposed'"),
    Belonging("customers_customertag", label=_("tags"), unique=("tag_id",)),
    Belonging("customers_householdmember", label=_("groups of customers"), unique=("household_id",),
              wins="f.main AND NOT t.main", always={"main": f"f.main AND NOT {_HAS_MAIN}"}),
    # Between two customers they are written anew, see `move_relations`.
    Belonging("customers_relation", label=_("relations"), only="t.other_id IS NULL", unique=("kind", "name")),
    Belonging("customers_segmentmove", unique=("day",), edited=()),
    # What a manager noted about a warning stays before one that nobody has talked about.
    Belonging("customers_riskwarning", label=_("warnings"), unique=("detector", "cause"),
              wins="f.state = 'explained' AND t.state = 'open'"),
    # Cases are compliance's and their steps are kept as written: both stay.
    Belonging("customers_compliancecase", unique=("detector", "cause"),
              instead={"cause": "left(f.cause, 40) || '/' || f.id"}, edited=()),
    # Who was merged into the one that now goes itself is found where that one is.
    Belonging("customers_customer", "merged_into_id", edited=()),
    Belonging("customers_features", key="customer_id", derived=True),
    Belonging("customers_membership", key="customer_id", derived=True),
))  # fmt: skip

_TAKE_RELATIONS = """
DELETE FROM customers_relation WHERE other_id IS NOT NULL AND %(from)s IN (customer_id, other_id)
RETURNING to_jsonb(customers_relation)
"""
# Stored once, the lower id first: where the order turns round, so does the kind.
_WRITE_RELATION = """
INSERT INTO customers_relation (customer_id, other_id, name, kind, young, consent_id, by_id, created_at)
SELECT %(first)s, %(second)s, was.name, %(kind)s, was.young, was.consent_id, was.by_id, was.created_at
FROM jsonb_populate_record(NULL::customers_relation, %(was)s) AS was
ON CONFLICT DO NOTHING RETURNING to_jsonb(customers_relation)
"""


def move_relations(cursor: CursorWrapper, from_id: int, to_id: int) -> list[Change]:
    """Relations to other customers. One between the two goes: nobody is related to themselves."""
    cursor.execute(_TAKE_RELATIONS, {"from": from_id})
    taken = [json_of(row) for (row,) in cursor.fetchall()]
    changes = [Change(Moved.REMOVED, "customers_relation", "customer_id", was) for was in taken]
    for was in taken:
        first, second = ({from_id: to_id}.get(was[end], was[end]) for end in ("customer_id", "other_id"))
        if first == second:
            continue
        kind = was["kind"] if first < second else INVERSE[was["kind"]]
        given = {"first": min(first, second), "second": max(first, second), "kind": kind, "was": json.dumps(was)}
        cursor.execute(_WRITE_RELATION, given)
        changes += [
            Change(Moved.ADDED, "customers_relation", "customer_id", {}, json_of(row)) for (row,) in cursor.fetchall()
        ]  # fmt: skip
    return changes


_MONEY = ("customers_transaction", "customers_balance")


def move_money(cursor: CursorWrapper, from_id: int, to_id: int) -> list[Change]:
    """Movements and balances, by account: they may be many, and an account's all count on one customer."""
    changes = []
    for table in _MONEY:
        cursor.execute(f"SELECT DISTINCT account_id FROM {table} WHERE customer_id = %s", [from_id])
        accounts = sorted(pk for (pk,) in cursor.fetchall())
        if accounts:
            _give(cursor, table, accounts, from_id, to_id)
            changes.append(Change(Moved.ACCOUNTS, table, "customer_id", {"accounts": accounts}))
    return changes


def move_money_back(cursor: CursorWrapper, merge_id: int, from_id: int, to_id: int) -> None:
    """What `move_money` moved, and what has come in on those accounts since."""
    cursor.execute(
        'SELECT "table", before FROM customers_mergechange WHERE merge_id = %s AND what = %s',
        [merge_id, Moved.ACCOUNTS.value],
    )
    for table, before in cursor.fetchall():
        accounts = json_of(before)["accounts"]
        for known in _MONEY:
            if table == known:
                _give(cursor, known, accounts, to_id, from_id)


def _give(cursor: CursorWrapper, table: str, accounts: list[int], from_id: int, to_id: int) -> None:
    cursor.execute(
        f"UPDATE {table} SET customer_id = %s WHERE account_id = ANY (%s) AND customer_id = %s",
        [to_id, accounts, from_id],
    )


def note_changed_days(cursor: CursorWrapper, customer_ids: list[int]) -> None:
    """Have the next night work out anew every month of these customers, also those they have no movements in now."""
    cursor.execute(
        "INSERT INTO customers_changedday (customer_id, day)"
        " SELECT c.id, d.day FROM unnest(%(ids)s::bigint[]) AS c (id) CROSS JOIN ("
        "     SELECT booked_on AS day FROM customers_transaction WHERE customer_id = ANY (%(ids)s)"
        "     UNION SELECT day FROM customers_balance WHERE customer_id = ANY (%(ids)s)"
        "     UNION SELECT month FROM customers_customermonth WHERE customer_id = ANY (%(ids)s)"
        " ) AS d"
        " EXCEPT SELECT customer_id, day FROM customers_changedday WHERE customer_id = ANY (%(ids)s)",
        {"ids": customer_ids},
    )
