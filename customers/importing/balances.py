"""`import balances`: what accounts held at the end of a day, or of a month."""

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from customers.importing import money
from customers.importing import values as typed
from customers.importing.kind import Counts, ImportKind
from customers.importing.plan import Plan, Problems, Values
from customers.importing.sql import DUPLICATE, Decision, Rule, counted, decide
from customers.importing.values import Json, Target

TARGETS = (
    Target("account", typed.key, True, ("账号", "账户", "account_number")),
    Target("day", money.booking_day, True, ("日期", "余额日期"), dated=True),
    Target("balance", money.amount, True, ("余额", "账户余额")),
    Target("currency", money.currency, headings=("币种",)),
)
DECISION = Decision(
    types={"account": "text", "day": "date", "balance": "numeric", "currency": "text"},
    joins=f"""
    {money.ACCOUNT}
    LEFT JOIN customers_balance e ON e.account_id = a.id AND e.day = t.day
    {money.base_rate("a.currency", "t.day")}""",
    columns={
        "account_id": "a.id", "customer_id": "a.customer_id",
        "minor": f"CASE WHEN abs(t.balance) < 1e15 THEN trunc({money.minor('t.balance', 'a.currency')})::bigint END",
        "base": f"CASE WHEN abs(t.balance) < 1e15 THEN {money.base_amount('t.balance', 'a.currency')} END",
        "known": "e.amount", "known_base": "e.base_amount",
    },
    rules=(
        DUPLICATE, *money.ACCOUNT_RULES, *money.amount_rules("balance", "a.currency"),
        Rule("t.currency <> a.currency", _("the account is kept in {value}."), "currency", "a.currency"),
        Rule("a.balance_source = 'transactions'", _("its balances come from its transactions."), "account"),
        money.rate_rule("account", "a.currency"),
    ),
)  # fmt: skip
HELD = """
CREATE TEMP TABLE held ON COMMIT DROP AS
SELECT account_id, customer_id, day, minor AS amount, base AS base_amount FROM decided
WHERE reason = '' AND (known, known_base) IS DISTINCT FROM (minor, base)
"""
COUNTS = """
SELECT count(*) FILTER (WHERE known IS NULL),
       count(*) FILTER (WHERE known IS NOT NULL AND (known, known_base) IS DISTINCT FROM (minor, base))
FROM decided WHERE reason = ''
"""


class Balances(ImportKind):
    """Key: account and day. A balance holds until the next one that is known."""

    name = "balances"
    targets = TARGETS

    def row(self, values: Values, problems: Problems) -> tuple[str, dict[str, Json]]:
        account, day = values.get("account"), values.get("day")
        return (f"{account}|{day}" if account and day else ""), dict(values)

    def settle(self, cursor: CursorWrapper, batch: int, plan: Plan) -> Counts:
        valid, rejected = decide(cursor, DECISION, batch=batch, plan=plan, parameters={})
        cursor.execute(COUNTS)
        inserted, updated = cursor.fetchone()
        cursor.execute("DROP TABLE IF EXISTS pg_temp.held")
        cursor.execute(HELD)
        money.write_balances(cursor)
        return counted(valid, rejected, inserted, updated)


KIND = Balances()
