"""`import holdings`: contracts behind positions, and what the positions are worth."""

from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib.dates import bank_day
from customers.importing import money
from customers.importing import values as typed
from customers.importing.kind import Counts, ImportKind
from customers.importing.plan import Plan, Problems, Values
from customers.importing.sql import DUPLICATE, Decision, Rule, counted, decide, write
from customers.importing.values import Json, Target
from customers.importing.words import FAMILY_WORDS
from customers.models import Family

TARGETS = (
    Target("reference", typed.key, True, ("合约号", "持仓号", "账号")),
    Target("family", typed.choice(Family, FAMILY_WORDS), True, ("产品类别", "产品大类")),
    Target("customer", typed.key, headings=("客户号", "客户编号", "customer_number")),
    Target("account", typed.key, headings=("关联账号",)),
    Target("party", typed.exact_text(40)),
    Target("product", typed.exact_text(80), headings=("产品名称",)),
    Target("amount", money.positive_amount, headings=("金额", "持有金额", "市值")),
    Target("currency", money.currency, headings=("币种",)),
    Target("rate", money.rate, headings=("利率", "年利率")),
    Target("started_on", money.any_day, headings=("起息日", "买入日期"), dated=True),
    Target("matures_on", money.any_day, headings=("到期日",), dated=True),
    Target("ended_on", money.any_day, headings=("终止日期", "赎回日期"), dated=True),
    Target("as_of", money.booking_day, headings=("数据日期",), dated=True),
)
_CODE = "coalesce(t.currency, e.currency, %(base)s)"
# Families that count as AUM have an account of their own, under the same number: its balances are their worth.
_COUNTS = "t.family NOT IN ('card', 'loan')"
DECISION = Decision(
    types={
        "family": "text", "customer": "text", "account": "text", "party": "text", "product": "text",
        "amount": "numeric", "currency": "text", "rate": "numeric", "started_on": "date", "matures_on": "date",
        "ended_on": "date", "as_of": "date",
    },
    joins=f"""
    LEFT JOIN customers_holding e ON e.reference = t.key
    LEFT JOIN customers_customer given ON given.number = t.customer
    LEFT JOIN customers_customer c ON c.id = coalesce(given.merged_into_id, given.id)
    LEFT JOIN customers_account l ON l.number = t.account
    LEFT JOIN customers_accountparty p ON p.reference = t.party
    {money.base_rate(_CODE, "coalesce(t.as_of, %(day)s)")}""",
    columns={
        "customer_id": "coalesce(c.id, l.customer_id, p.customer_id, e.customer_id)", "counts": _COUNTS,
        "n_currency": _CODE, "minor": f"trunc({money.minor('t.amount', _CODE)})",
        "base": f"CASE WHEN abs(t.amount) < 1e15 THEN {money.base_amount('t.amount', _CODE)} END",
        "day": "coalesce(t.as_of, %(day)s)", "linked": "coalesce(l.id, p.account_id)",
    },
    rules=(
        DUPLICATE, *money.amount_rules("amount", _CODE), money.rate_rule("currency", _CODE),
        Rule("t.customer IS NOT NULL AND c.id IS NULL", gettext_lazy("there is no customer “{value}”."), "customer",
             "t.customer"),
        Rule("t.account IS NOT NULL AND l.id IS NULL", gettext_lazy("there is no account “{value}”."), "account",
             "t.account"),
        Rule("t.party IS NOT NULL AND p.id IS NULL", gettext_lazy("there is no part in an account “{value}”."),
             "party", "t.party"),
        Rule("coalesce(t.customer, t.account, t.party) IS NOT NULL AND coalesce(c.id, l.customer_id, p.customer_id)"
             " IS NULL", gettext_lazy("whose it is cannot be told.")),
    ),
)  # fmt: skip
ACCOUNTS = """
INSERT INTO customers_account (number, customer_id, family, name, currency, opened_on, closed_on, balance_source)
SELECT d.key, d.customer_id, d.family, coalesce(d.product, ''), d.n_currency, d.started_on, d.ended_on, 'file'
FROM decided d WHERE d.reason = '' AND d.counts
ORDER BY d.line
ON CONFLICT (number) DO UPDATE
SET closed_on = excluded.closed_on, opened_on = coalesce(customers_account.opened_on, excluded.opened_on)
WHERE (customers_account.closed_on, customers_account.opened_on)
    IS DISTINCT FROM (excluded.closed_on, coalesce(customers_account.opened_on, excluded.opened_on))
"""
PARTIES = """
INSERT INTO customers_accountparty (account_id, customer_id, role)
SELECT a.id, a.customer_id, 'owner' FROM decided d JOIN customers_account a ON a.number = d.key
WHERE d.reason = '' AND d.counts
ON CONFLICT (account_id, customer_id) DO NOTHING
"""
UPSERT = """
INSERT INTO customers_holding (reference, customer_id, account_id, family, product, currency, amount, rate, started_on,
    matures_on, ended_on)
SELECT n.reference, n.customer_id, n.account_id, n.family, n.product, n.currency, n.amount, n.rate, n.started_on,
       n.matures_on, n.ended_on
FROM (
    SELECT d.line, d.key AS reference, d.customer_id, d.family, d.n_currency AS currency,
           CASE WHEN d.counts THEN a.id ELSE coalesce(d.linked, e.account_id) END AS account_id,
           coalesce(d.product, e.product, '') AS product, coalesce(d.minor::bigint, e.amount) AS amount,
           coalesce(d.rate, e.rate)::numeric(7, 4) AS rate, coalesce(d.started_on, e.started_on) AS started_on,
           coalesce(d.matures_on, e.matures_on) AS matures_on, coalesce(d.ended_on, e.ended_on) AS ended_on
    FROM decided d
    LEFT JOIN customers_holding e ON e.reference = d.key
    LEFT JOIN customers_account a ON a.number = d.key
    WHERE d.reason = ''
) AS n LEFT JOIN customers_holding e ON e.reference = n.reference
WHERE e.id IS NULL OR (n.customer_id, n.account_id, n.family, n.product, n.currency, n.amount, n.rate, n.started_on,
    n.matures_on, n.ended_on) IS DISTINCT FROM (e.customer_id, e.account_id, e.family, e.product, e.currency, e.amount,
    e.rate, e.started_on, e.matures_on, e.ended_on)
ORDER BY n.line
ON CONFLICT (reference) DO UPDATE
SET customer_id = excluded.customer_id, account_id = excluded.account_id, family = excluded.family,
    product = excluded.product, currency = excluded.currency, amount = excluded.amount, rate = excluded.rate,
    started_on = excluded.started_on, matures_on = excluded.matures_on, ended_on = excluded.ended_on
"""
# Worth `amount` on the day it is of; nothing any more from the day it ended.
HELD = """
CREATE TEMP TABLE held ON COMMIT DROP AS
SELECT a.id AS account_id, a.customer_id, v.day, v.amount, v.base_amount
FROM decided d JOIN customers_account a ON a.number = d.key
CROSS JOIN LATERAL (
    SELECT d.day, d.minor::bigint AS amount, d.base AS base_amount
    WHERE d.amount IS NOT NULL AND (d.ended_on IS NULL OR d.day < d.ended_on)
    UNION ALL SELECT d.ended_on, 0, 0 WHERE d.ended_on IS NOT NULL
) v
WHERE d.reason = '' AND d.counts
"""


class Holdings(ImportKind):
    """Key: the contract's reference. An empty cell leaves what is known."""

    name = "holdings"
    targets = TARGETS

    def row(self, values: Values, problems: Problems) -> tuple[str, dict[str, Json]]:
        if not problems and not any(values.get(name) for name in ("customer", "account", "party")):
            problems.add("customer", _("neither customer, account nor part says whose it is."))
        started, matures = values.get("started_on"), values.get("matures_on")
        if started and matures and str(matures) < str(started):
            problems.add("matures_on", _("it matures before it begins."))
        return str(values.get("reference") or ""), {
            name: value for name, value in values.items() if name != "reference"
        }

    def settle(self, cursor: CursorWrapper, batch: int, plan: Plan) -> Counts:
        parameters: dict[str, Any] = {"base": settings.BASE_CURRENCY, "day": bank_day()}
        valid, rejected = decide(cursor, DECISION, batch=batch, plan=plan, parameters=parameters)
        cursor.execute(ACCOUNTS)
        cursor.execute(PARTIES)
        written = write(cursor, UPSERT, parameters)
        cursor.execute("DROP TABLE IF EXISTS pg_temp.held")
        cursor.execute(HELD)
        money.write_balances(cursor)
        return counted(valid, rejected, *written)


KIND = Holdings()
