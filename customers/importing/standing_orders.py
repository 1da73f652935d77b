"""`import standing-orders`: what accounts pay by order, month by month."""

from typing import Any

from django.db.backends.utils import CursorWrapper

from customers.importing import money
from customers.importing import values as typed
from customers.importing.kind import Counts, ImportKind
from customers.importing.plan import Plan, Problems, Values
from customers.importing.sql import DUPLICATE, Decision, counted, decide, write
from customers.importing.values import Json, Target
from customers.importing.words import CATEGORY_WORDS
from customers.models import Category

TARGETS = (
    Target("reference", typed.exact_text(40), True, ("委托号", "协议号")),
    Target("account", typed.key, True, ("账号", "账户", "account_number")),
    Target("amount", money.positive_amount, True, ("金额",)),
    Target("purpose", typed.choice(Category, CATEGORY_WORDS), headings=("用途",)),
    Target("to_bank", typed.exact_text(40), headings=("对方银行",)),
    Target("ended_on", money.any_day, headings=("终止日期",), dated=True),
)
DECISION = Decision(
    types={"account": "text", "amount": "numeric", "purpose": "text", "to_bank": "text", "ended_on": "date"},
    joins=f"{money.ACCOUNT} LEFT JOIN customers_standingorder e ON e.reference = t.key",
    columns={
        "account_id": "a.id",
        "customer_id": "a.customer_id",
        "minor": f"trunc({money.minor('t.amount', 'a.currency')})",
        "n_purpose": "coalesce(t.purpose, e.purpose, '')",
        "n_to_bank": "coalesce(t.to_bank, e.to_bank, '')",
        "n_ended_on": "coalesce(t.ended_on, e.ended_on)",
    },
    rules=(DUPLICATE, *money.ACCOUNT_RULES, *money.amount_rules("amount", "a.currency")),
)
UPSERT = """
INSERT INTO customers_standingorder (reference, account_id, customer_id, amount, purpose, to_bank, ended_on)
SELECT d.key, d.account_id, d.customer_id, d.minor::bigint, d.n_purpose, d.n_to_bank, d.n_ended_on
FROM decided d LEFT JOIN customers_standingorder e ON e.reference = d.key
WHERE d.reason = '' AND (e.id IS NULL OR (d.account_id, d.minor, d.n_purpose, d.n_to_bank, d.n_ended_on)
    IS DISTINCT FROM (e.account_id, e.amount, e.purpose, e.to_bank, e.ended_on))
ORDER BY d.line
ON CONFLICT (reference) DO UPDATE
SET account_id = excluded.account_id, customer_id = excluded.customer_id, amount = excluded.amount,
    purpose = excluded.purpose, to_bank = excluded.to_bank, ended_on = excluded.ended_on
"""


class StandingOrders(ImportKind):
    """Key: the order's reference. An empty cell leaves what is known."""

    name = "standing-orders"
    targets = TARGETS

    def row(self, values: Values, problems: Problems) -> tuple[str, dict[str, Json]]:
        return str(values.get("reference") or ""), {
            name: value for name, value in values.items() if name != "reference"
        }

    def settle(self, cursor: CursorWrapper, batch: int, plan: Plan) -> Counts:
        parameters: dict[str, Any] = {}
        valid, rejected = decide(cursor, DECISION, batch=batch, plan=plan, parameters=parameters)
        return counted(valid, rejected, *write(cursor, UPSERT, parameters))


KIND = StandingOrders()
