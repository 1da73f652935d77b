"""`import transactions`: booked movements; late bookings and corrections belong to the day."""

from functools import lru_cache
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from customers import crypto
from customers.importing import money
from customers.importing import values as typed
from customers.importing.kind import Counts, ImportKind
from customers.importing.plan import Plan, Problems, Values
from customers.importing.sql import DUPLICATE, Decision, Rule, counted, decide
from customers.importing.values import Json, Target
from customers.importing.words import CATEGORY_WORDS, MONEY_CHANNEL_WORDS, YES_WORDS
from customers.models import Category, MoneyChannel

# The same cells come again and again: a file of a year has 365 dates and twenty categories.
_cached = lru_cache(maxsize=4096)
TARGETS = (
    Target("account", _cached(typed.key), True, ("账号", "账户", "account_number")),
    Target("booked_on", _cached(money.booking_day), True, ("记账日期", "交易日期", "日期"), dated=True),
    Target("reference", typed.exact_text(40), True, ("流水号", "交易流水号", "参考号")),
    Target("amount", money.amount, True, ("金额", "交易金额")),
    Target("currency", _cached(money.currency), headings=("币种",)),
    Target("category", _cached(typed.choice(Category, CATEGORY_WORDS)), headings=("交易类别", "用途", "摘要代码")),
    Target("channel", _cached(typed.choice(MoneyChannel, MONEY_CHANNEL_WORDS)), headings=("渠道", "交易渠道")),
    Target("booked_at", _cached(typed.time_of_day), headings=("时间", "交易时间")),
    Target("counterparty", typed.exact_text(80), headings=("对方户名", "对手方")),
    Target("counterparty_account", typed.exact_text(40), headings=("对方账号",)),
    Target("counterparty_bank", typed.exact_text(40), headings=("对方银行", "对方行名")),
    Target("country", _cached(typed.country), headings=("国家", "国别")),
    Target("own", _cached(typed.yes_or_no(YES_WORDS)), headings=("本人转账",)),
    Target("replaces_booked_on", _cached(money.booking_day), headings=("更正原日期",), dated=True),
)
_CODE = "coalesce(t.currency, a.currency)"
VALUES = (
    "customer_id", "amount", "currency", "base_amount", "category", "channel", "booked_at", "counterparty",
    "counterparty_key", "counterparty_tail", "counterparty_bank", "country", "own",
)  # fmt: skip
DECISION = Decision(
    types={
        "account": "text", "booked_on": "date", "reference": "text", "amount": "numeric", "currency": "text",
        "category": "text", "channel": "text", "booked_at": "time", "counterparty": "text", "party_key": "bigint",
        "party_tail": "text", "counterparty_bank": "text", "country": "text", "own": "boolean",
        "replaces_booked_on": "date",
    },
    joins=f"""
    {money.ACCOUNT}
    LEFT JOIN own_accounts o ON o.customer_id = a.customer_id AND o.key = t.party_key
    LEFT JOIN customers_transaction e
        ON e.account_id = a.id AND e.booked_on = t.booked_on AND e.reference = t.reference
    {money.base_rate(_CODE, "t.booked_on")}""",
    columns={
        "account_id": "a.id", "n_customer_id": "a.customer_id",
        "n_amount": f"CASE WHEN abs(t.amount) < 1e15 THEN trunc({money.minor('t.amount', _CODE)})::bigint END",
        "n_currency": _CODE,
        "n_base_amount": f"CASE WHEN abs(t.amount) < 1e15 THEN {money.base_amount('t.amount', _CODE)} END",
        "n_category": "coalesce(t.category, 'other')", "n_channel": "coalesce(t.channel, 'bank')",
        "n_booked_at": "t.booked_at", "n_counterparty": "coalesce(t.counterparty, '')",
        "n_counterparty_key": "t.party_key", "n_counterparty_tail": "coalesce(t.party_tail, '')",
        "n_counterparty_bank": "coalesce(t.counterparty_bank, '')", "n_country": "coalesce(t.country, '')",
        "n_own": "coalesce(t.own, o.key IS NOT NULL)", "known": "e.account_id IS NOT NULL",
        "same": f"e.account_id IS NOT NULL AND ({', '.join(f'e.{name}' for name in VALUES)}) IS NOT DISTINCT FROM"
                " (a.customer_id, trunc(" + money.minor("t.amount", _CODE) + ")::bigint, " + _CODE + ", "
                + money.base_amount("t.amount", _CODE) + ", coalesce(t.category, 'other'), coalesce(t.channel, 'bank'),"
                " t.booked_at, coalesce(t.counterparty, ''), t.party_key, coalesce(t.party_tail, ''),"
                " coalesce(t.counterparty_bank, ''), coalesce(t.country, ''), coalesce(t.own, o.key IS NOT NULL))",
        "from_transactions": "a.balance_source = 'transactions'",
    },
    rules=(
        DUPLICATE, *money.ACCOUNT_RULES, *money.amount_rules("amount", _CODE), money.rate_rule("currency", _CODE),
        Rule("t.amount = 0", _("a movement of 0 is none."), "amount"),
    ),
)  # fmt: skip
# The rows to write, and those that are replaced: the same booking with other values, or its day before a correction.
REPLACED = """
WITH replaced AS (
    DELETE FROM customers_transaction e USING decided d
    WHERE d.reason = '' AND NOT d.same AND e.account_id = d.account_id AND e.reference = d.reference
        AND (e.booked_on = d.booked_on OR e.booked_on = d.replaces_booked_on)
    RETURNING e.customer_id, e.booked_on
)
INSERT INTO customers_changedday (customer_id, day) SELECT DISTINCT customer_id, booked_on FROM replaced
"""
INSERT = f"""
INSERT INTO customers_transaction (account_id, booked_on, reference, batch_id, {", ".join(VALUES)})
SELECT account_id, booked_on, reference, %(batch)s, {", ".join(f"n_{name}" for name in VALUES)}
FROM decided WHERE reason = '' AND NOT same
ORDER BY n_customer_id, booked_on
"""  # noqa: S608 (names of the code)
CHANGED = """
INSERT INTO customers_changedday (customer_id, day)
SELECT DISTINCT n_customer_id, booked_on FROM decided WHERE reason = '' AND NOT same
"""
COUNTS = """
SELECT count(*) FILTER (WHERE NOT known), count(*) FILTER (WHERE known AND NOT same) FROM decided WHERE reason = ''
"""
# Accounts whose balances are the running sums of their transactions: worked out anew for those in the file.
HELD = """
CREATE TEMP TABLE held ON COMMIT DROP AS
SELECT account_id, customer_id, day, CAST(sum(amount) OVER so_far AS bigint) AS amount,
    CAST(sum(base) OVER so_far AS bigint) AS base_amount
FROM (
    SELECT t.account_id, t.customer_id, t.booked_on AS day, sum(t.amount) AS amount, sum(t.base_amount) AS base
    FROM (SELECT DISTINCT account_id FROM decided WHERE reason = '' AND NOT same AND from_transactions) AS a
    JOIN customers_transaction t ON t.account_id = a.account_id
    GROUP BY t.account_id, t.customer_id, t.booked_on
) AS days
WINDOW so_far AS (PARTITION BY account_id ORDER BY day)
"""


@lru_cache(maxsize=65_536)
def party_key(text: str) -> int:
    """63 bits of the blind index of a counterparty, by its account or else its name: the same party, the same key."""
    return int.from_bytes(crypto.blind_index(text, purpose="counterparty")[:8], "big") >> 1


class Transactions(ImportKind):
    """Key: account, booking day and the bank's reference. Another row under a known key is a correction."""

    name = "transactions"
    targets = TARGETS
    total = "SELECT coalesce(sum(amount), 0) FROM typed"

    def row(self, values: Values, problems: Problems) -> tuple[str, dict[str, Json]]:
        data = dict(values)
        account = str(data.pop("counterparty_account", None) or "").replace(" ", "").upper()
        name = str(values.get("counterparty") or "").casefold()
        if account or name:
            data["party_key"] = party_key(f"account {account}" if account else f"name {name}")
        if account:
            data["party_tail"] = account[-4:]
        parts = [values.get(part) for part in ("account", "booked_on", "reference")]
        return ("|".join(map(str, parts)) if all(parts) else ""), data

    def settle(self, cursor: CursorWrapper, batch: int, plan: Plan) -> Counts:
        _own_accounts(cursor, batch, needed="counterparty_account" in plan.present)
        parameters: dict[str, Any] = {"batch": batch}
        valid, rejected = decide(cursor, DECISION, batch=batch, plan=plan, parameters=parameters)
        cursor.execute(COUNTS)
        inserted, updated = cursor.fetchone()
        if inserted or updated:
            money.create_months(cursor, "(SELECT booked_on AS day FROM decided WHERE reason = '') AS booked")
            cursor.execute(REPLACED)
            money.execute(cursor, INSERT, parameters)
            cursor.execute(CHANGED)
            cursor.execute("DROP TABLE IF EXISTS pg_temp.held")
            cursor.execute(HELD)
            _forget_days_without_movements(cursor)
            money.write_balances(cursor)
        return counted(valid, rejected, inserted, updated)


def _own_accounts(cursor: CursorWrapper, batch: int, *, needed: bool) -> None:
    """The table `own_accounts` (customer_id, key): the keys of all accounts of the customers in the file."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.own_accounts")
    cursor.execute("CREATE TEMP TABLE own_accounts (customer_id bigint, key bigint) ON COMMIT DROP")
    if not needed:
        return
    cursor.execute(
        "SELECT customer_id, number FROM customers_account WHERE customer_id IN ("
        " SELECT a.customer_id FROM customers_account a WHERE a.number IN ("
        "  SELECT data ->> 'account' FROM customers_stagedrow WHERE batch_id = %s))",
        [batch],
    )
    rows = [(customer, party_key(f"account {number}")) for customer, number in cursor.fetchall()]
    with cursor.copy("COPY own_accounts FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute("ANALYZE own_accounts")


def _forget_days_without_movements(cursor: CursorWrapper) -> None:
    """Take away balances of accounts in `held` on days whose last movement was corrected away."""
    cursor.execute(
        "DELETE FROM customers_balance b USING (SELECT DISTINCT account_id FROM held) a"
        " WHERE b.account_id = a.account_id"
        " AND NOT EXISTS (SELECT FROM held h WHERE h.account_id = b.account_id AND h.day = b.day)"
    )


KIND = Transactions()
