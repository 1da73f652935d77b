"""What hangs on a customer in this room, and how it comes over when two customers turn out to be one."""

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from customers.models import Moved
from customers.moving import Belonging, Change, Mover, json_of

_STRONGER_PART = (
    "array_position(ARRAY['owner', 'joint', 'authorised'], f.role::text)"
    " < array_position(ARRAY['owner', 'joint', 'authorised'], t.role::text)"
)
# Of two answers of one moment the one that was withdrawn, and later, holds.
_LATER_WITHDRAWN = "coalesce(f.withdrawn_at, '-infinity') > coalesce(t.withdrawn_at, '-infinity')"
# What somebody decided of a proposal stays before the proposal, and the later of two decisions.
_DECIDED = "(f.state <> 'proposed' AND t.state = 'proposed' OR f.decided_at > t.decided_at)"


def _telling(row: str) -> str:
    """How much a fact tells: it speaks of what the profile holds now; it is an answer, not "not now"; how new it is."""
    held = "(SELECT to_jsonb(c) ->> t.name FROM customers_customer AS c WHERE c.id = t.customer_id)"
    return f"({row}.value <> '' AND {row}.value IS NOT DISTINCT FROM {held}, {row}.value <> '', {row}.\"on\")"


_HAS_MAIN = "EXISTS (SELECT FROM customers_householdmember AS m WHERE m.customer_id = %(to)s AND m.main)"

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
    Belonging("customers_segmentmove", unique=("day",), edited=()),
    # What a manager noted about a warning stays before one that nobody has talked about.
    Belonging("customers_riskwarning", label=_("warnings"), unique=("detector", "cause"),
              wins="f.state = 'explained' AND t.state = 'open'"),
    # Cases are compliance's and their steps are kept as written: both stay.
    Belonging("customers_compliancecase", unique=("detector", "cause"),
              instead={"cause": "left(f.cause, 40) || '/' || f.id"}, edited=()),
    Belonging("customers_lifeevent", label=_("life events"), unique=("cause",), among="t.cause <> ''", wins=_DECIDED),
    Belonging("customers_fact", label=_("learnt facts"), unique=("name",), wins=f"{_telling('f')} > {_telling('t')}"),
    Belonging("customers_customertag", label=_("tags"), unique=("tag_id",), within={"tag_id": "customers_tag"}),
    # What somebody said is wrong stays wrong.
    Belonging("customers_portraittag", unique=("rule_id",), wins="f.state = 'wrong' AND t.state = 'live'",
              within={"rule_id": "customers_portraitrule"}, edited=("state",)),
    # The main household of the one who stays is that of both; where they have none, the other's is.
    Belonging("customers_householdmember", label=_("groups of customers"), unique=("household_id",),
              wins=f"f.main AND NOT {_HAS_MAIN}", sets={"main": f"f.main AND NOT {_HAS_MAIN}"},
              within={"household_id": "customers_household"}),
    Belonging("customers_transferred", unique=("transfer_id",), edited=()),
    Belonging("customers_coaching", edited=()),
    # Who was merged into the one that now goes itself is found where that one is.
    Belonging("customers_customer", "merged_into_id", edited=()),
    Belonging("customers_features", key="customer_id", derived=True),
    Belonging("customers_membership", key="customer_id", derived=True),
))  # fmt: skip

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
