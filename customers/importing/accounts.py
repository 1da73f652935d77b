"""`import accounts`: accounts by their bank number, and who owns them."""

from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.importing import money
from customers.importing import values as typed
from customers.importing.kind import Counts, ImportKind
from customers.importing.plan import Plan, Problems, Values
from customers.importing.sql import DUPLICATE, Decision, Rule, counted, decide, write
from customers.importing.values import Json, Target
from customers.importing.words import FAMILY_WORDS
from customers.models import BalanceSource, Family

TARGETS = (
    Target("number", typed.key, True, ("账号", "账户", "account_number", "account")),
    Target("customer", typed.key, headings=("客户号", "客户编号", "customer_number")),
    Target("family", typed.choice(Family, FAMILY_WORDS), headings=("产品类别", "账户类型")),
    Target("name", typed.exact_text(80), headings=("账户名称", "产品名称")),
    Target("currency", money.currency, headings=("币种",)),
    Target("opened_on", money.any_day, headings=("开户日期",), dated=True),
    Target("closed_on", money.any_day, headings=("销户日期",), dated=True),
    Target("balance_source", typed.choice(BalanceSource)),
)
DECISION = Decision(
    types={
        "customer": "text", "family": "text", "name": "text", "currency": "text", "opened_on": "date",
        "closed_on": "date", "balance_source": "text",
    },
    joins="""
    LEFT JOIN customers_customer given ON given.number = t.customer
    LEFT JOIN customers_customer c ON c.id = coalesce(given.merged_into_id, given.id)
    LEFT JOIN customers_account a ON a.number = t.key""",
    columns={"owner_id": "coalesce(c.id, a.customer_id)", "account_id": "a.id", "known_owner": "a.customer_id"},
    rules=(
        DUPLICATE,
        Rule("t.customer IS NOT NULL AND c.id IS NULL", gettext_lazy("there is no customer “{value}”."), "customer",
             "t.customer"),
        Rule("a.currency <> t.currency AND EXISTS (SELECT FROM customers_balance b WHERE b.account_id = a.id)",
             gettext_lazy("the currency of an account with balances does not change."), "currency"),
    ),
)  # fmt: skip
UPSERT = """
INSERT INTO customers_account (number, customer_id, family, name, currency, opened_on, closed_on, balance_source)
SELECT n.number, n.customer_id, n.family, n.name, n.currency, n.opened_on, n.closed_on, n.balance_source
FROM (
    SELECT d.line, d.key AS number, d.owner_id AS customer_id, coalesce(d.family, a.family, 'current') AS family,
           coalesce(d.name, a.name, '') AS name, coalesce(d.currency, a.currency, %(base)s) AS currency,
           coalesce(d.opened_on, a.opened_on) AS opened_on, coalesce(d.closed_on, a.closed_on) AS closed_on,
           coalesce(d.balance_source, a.balance_source, 'file') AS balance_source, a.id
    FROM decided d LEFT JOIN customers_account a ON a.id = d.account_id
    WHERE d.reason = ''
) n LEFT JOIN customers_account a ON a.id = n.id
WHERE a.id IS NULL OR (n.customer_id, n.family, n.name, n.currency, n.opened_on, n.closed_on, n.balance_source)
    IS DISTINCT FROM (a.customer_id, a.family, a.name, a.currency, a.opened_on, a.closed_on, a.balance_source)
ORDER BY n.line
ON CONFLICT (number) DO UPDATE
SET customer_id = excluded.customer_id, family = excluded.family, name = excluded.name, currency = excluded.currency,
    opened_on = excluded.opened_on, closed_on = excluded.closed_on, balance_source = excluded.balance_source
"""
MOVED = """
CREATE TEMP TABLE moved ON COMMIT DROP AS
SELECT account_id, owner_id AS customer_id FROM decided
WHERE reason = '' AND known_owner IS NOT NULL AND owner_id <> known_owner
"""
PARTIES = """
INSERT INTO customers_accountparty (account_id, customer_id, role)
SELECT a.id, a.customer_id, 'owner' FROM decided d JOIN customers_account a ON a.number = d.key
WHERE d.reason = '' AND d.customer IS NOT NULL
ON CONFLICT (account_id, customer_id) DO UPDATE SET role = 'owner' WHERE customers_accountparty.role <> 'owner'
"""


class Accounts(ImportKind):
    """Key: the account number. An empty cell leaves what is known."""

    name = "accounts"
    targets = TARGETS

    def row(self, values: Values, problems: Problems) -> tuple[str, dict[str, Json]]:
        opened, closed = values.get("opened_on"), values.get("closed_on")
        if opened and closed and str(closed) < str(opened):
            problems.add("closed_on", _("it was closed before it was opened."))
        return str(values.get("number") or ""), {name: value for name, value in values.items() if name != "number"}

    def settle(self, cursor: CursorWrapper, batch: int, plan: Plan) -> Counts:
        parameters: dict[str, Any] = {"base": settings.BASE_CURRENCY}
        valid, rejected = decide(cursor, DECISION, batch=batch, plan=plan, parameters=parameters)
        cursor.execute("DROP TABLE IF EXISTS pg_temp.moved")
        cursor.execute(MOVED)
        written = write(cursor, UPSERT, parameters)
        cursor.execute(PARTIES)
        money.move_histories(cursor)
        return counted(valid, rejected, *written)


KIND = Accounts()
