"""`import account-parties`: who stands behind which account, and as what."""

from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from customers.importing import money
from customers.importing import values as typed
from customers.importing.kind import Counts, ImportKind
from customers.importing.plan import Plan, Problems, Values
from customers.importing.sql import DUPLICATE, Decision, Rule, counted, decide, twice_since_merged, write
from customers.importing.values import Json, Target
from customers.importing.words import ROLE_WORDS
from customers.models import PartyRole

TARGETS = (
    Target("account", typed.key, True, ("账号", "账户", "account_number")),
    Target("customer", typed.key, True, ("客户号", "客户编号", "customer_number")),
    Target("role", typed.choice(PartyRole, ROLE_WORDS), True, ("角色", "关系")),
    Target("reference", typed.exact_text(40), headings=("关系编号",)),
)
DECISION = Decision(
    types={"account": "text", "customer": "text", "role": "text", "reference": "text"},
    joins="""
    LEFT JOIN customers_customer given ON given.number = t.customer
    LEFT JOIN customers_customer c ON c.id = coalesce(given.merged_into_id, given.id)
    LEFT JOIN customers_account a ON a.number = t.account
    LEFT JOIN customers_accountparty e ON e.account_id = a.id AND e.customer_id = c.id""",
    columns={
        "customer_id": "c.id",
        "known_role": "e.role",
        "n_reference": "coalesce(t.reference, e.reference)",
        "known_reference": "e.reference",
    },
    rules=(
        DUPLICATE,
        twice_since_merged("account"),
        Rule("t.customer IS NOT NULL AND c.id IS NULL", _("there is no customer “{value}”."), "customer", "t.customer"),
        Rule(
            "EXISTS (SELECT FROM customers_accountparty o WHERE o.reference = t.reference"
            " AND (o.account_id, o.customer_id) IS DISTINCT FROM (a.id, c.id))",
            _("“{value}” is the reference of another part."),
            "reference",
            "t.reference",
        ),
    ),
)
# A party may be known before its account: the account's own data come with `import accounts`.
ACCOUNTS = """
INSERT INTO customers_account (number, family, name, currency, balance_source)
SELECT DISTINCT d.account, 'current', '', %(base)s, 'file' FROM decided d
WHERE d.reason = '' AND NOT EXISTS (SELECT FROM customers_account a WHERE a.number = d.account)
ON CONFLICT (number) DO NOTHING
"""
UPSERT = """
INSERT INTO customers_accountparty (account_id, customer_id, role, reference)
SELECT a.id, d.customer_id, d.role, d.n_reference FROM decided d JOIN customers_account a ON a.number = d.account
WHERE d.reason = '' AND (d.known_role, d.known_reference) IS DISTINCT FROM (d.role, d.n_reference)
ORDER BY d.line
ON CONFLICT (account_id, customer_id) DO UPDATE SET role = excluded.role, reference = excluded.reference
"""
# The owner on whom an account counts: of several the one who came first.
OWNERS = """
CREATE TEMP TABLE moved ON COMMIT DROP AS
SELECT account_id, customer_id FROM (
    SELECT DISTINCT ON (a.id) a.id AS account_id, p.customer_id, a.customer_id AS known
    FROM decided d JOIN customers_account a ON a.number = d.account
    JOIN customers_accountparty p ON p.account_id = a.id AND p.role = 'owner'
    WHERE d.reason = ''
    ORDER BY a.id, (p.customer_id = a.customer_id) DESC NULLS LAST, p.id
) AS owners WHERE known IS DISTINCT FROM customer_id
"""
ASSIGN = "UPDATE customers_account a SET customer_id = m.customer_id FROM moved m WHERE a.id = m.account_id"


class AccountParties(ImportKind):
    """Key: account and customer. Accounts that are not known yet are created by their number."""

    name = "account-parties"
    targets = TARGETS

    def row(self, values: Values, problems: Problems) -> tuple[str, dict[str, Json]]:
        account, customer = values.get("account"), values.get("customer")
        return (f"{account}|{customer}" if account and customer else ""), dict(values)

    def settle(self, cursor: CursorWrapper, batch: int, plan: Plan) -> Counts:
        parameters: dict[str, Any] = {}
        valid, rejected = decide(cursor, DECISION, batch=batch, plan=plan, parameters=parameters)
        cursor.execute(ACCOUNTS, {"base": settings.BASE_CURRENCY})
        written = write(cursor, UPSERT, parameters)
        cursor.execute("DROP TABLE IF EXISTS pg_temp.moved")
        cursor.execute(OWNERS)
        cursor.execute(ASSIGN)
        money.move_histories(cursor)
        return counted(valid, rejected, *written)


KIND = AccountParties()
