"""`import loans`: loans as agreed, and how they stand."""

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
from customers.importing.sql import DUPLICATE, Decision, Rule, counted, decide
from customers.importing.values import Json, Target
from customers.importing.words import REPAYMENT_WORDS
from customers.models import Repayment

TARGETS = (
    Target("reference", typed.key, True, ("借据号", "贷款号", "合同号")),
    Target("customer", typed.key, headings=("客户号", "客户编号", "customer_number")),
    Target("account", typed.key, headings=("账号", "还款账号")),
    Target("product", typed.exact_text(80), headings=("产品名称",)),
    Target("currency", money.currency, headings=("币种",)),
    Target("amount", money.positive_amount, True, ("贷款金额", "金额")),
    Target("payment", money.positive_amount, headings=("月供",)),
    Target("rate", money.rate, headings=("利率", "年利率")),
    Target("started_on", money.any_day, True, ("放款日期", "起始日"), dated=True),
    Target("matures_on", money.any_day, headings=("到期日",), dated=True),
    Target("months", typed.whole_number, headings=("期数",)),
    Target("day", money.booking_day, headings=("数据日期",), dated=True),
    Target("state", typed.choice(Repayment, REPAYMENT_WORDS), headings=("还款状态", "状态")),
    Target("outstanding", money.positive_amount, headings=("贷款余额", "余额")),
    Target("overdue_days", typed.whole_number, headings=("逾期天数",)),
    Target("overdue_amount", money.positive_amount, headings=("逾期金额",)),
)
_CODE = "coalesce(t.currency, e.currency, a.currency, %(base)s)"
_MATURES = "coalesce(t.matures_on, (t.started_on + make_interval(months => t.months))::date, e.matures_on)"
DECISION = Decision(
    types={
        "customer": "text", "account": "text", "product": "text", "currency": "text", "amount": "numeric",
        "payment": "numeric", "rate": "numeric", "started_on": "date", "matures_on": "date", "months": "integer",
        "day": "date", "state": "text", "outstanding": "numeric", "overdue_days": "integer",
        "overdue_amount": "numeric",
    },
    joins=f"""
    LEFT JOIN customers_loan e ON e.reference = t.key
    LEFT JOIN customers_customer given ON given.number = t.customer
    LEFT JOIN customers_customer c ON c.id = coalesce(given.merged_into_id, given.id)
    {money.ACCOUNT}""",
    columns={
        "customer_id": "coalesce(c.id, a.customer_id, e.customer_id)", "account_id": "coalesce(a.id, e.account_id)",
        "n_product": "coalesce(t.product, e.product, '')", "n_currency": _CODE,
        "n_amount": f"trunc({money.minor('t.amount', _CODE)})",
        "n_payment": f"coalesce(trunc({money.minor('t.payment', _CODE)}), e.payment)",
        "n_rate": "coalesce(t.rate, e.rate)::numeric(7, 4)", "n_matures_on": _MATURES,
        # What has ended, ended on its last day, whenever the file was made.
        "as_of": f"coalesce(t.day, CASE WHEN t.state IN ('paid', 'defaulted') THEN {_MATURES} END, %(day)s)",
        "n_outstanding": f"trunc({money.minor('t.outstanding', _CODE)})",
        "n_overdue": f"coalesce(trunc({money.minor('t.overdue_amount', _CODE)}), 0)",
        "known": "e.id IS NOT NULL",
    },
    rules=(
        DUPLICATE, *money.amount_rules("amount", _CODE), *money.amount_rules("payment", _CODE),
        *money.amount_rules("outstanding", _CODE), *money.amount_rules("overdue_amount", _CODE),
        Rule("t.customer IS NOT NULL AND c.id IS NULL", gettext_lazy("there is no customer “{value}”."), "customer",
             "t.customer"),
        Rule("t.account IS NOT NULL AND a.id IS NULL", gettext_lazy("there is no account “{value}”."), "account",
             "t.account"),
        Rule("(c.id IS NOT NULL OR a.id IS NOT NULL) AND coalesce(c.id, a.customer_id) IS NULL",
             gettext_lazy("the account has no owner yet: import account-parties first."), "account"),
    ),
)  # fmt: skip
CHANGED = """
CREATE TEMP TABLE changed ON COMMIT DROP AS
SELECT d.key, d.known FROM decided d LEFT JOIN customers_loan e ON e.reference = d.key
WHERE d.reason = '' AND (e.id IS NULL OR (d.customer_id, d.account_id, d.n_product, d.n_currency, d.n_amount,
    d.n_payment, d.n_rate, d.started_on, d.n_matures_on) IS DISTINCT FROM (e.customer_id, e.account_id, e.product,
    e.currency, e.amount, e.payment, e.rate, e.started_on, e.matures_on))
"""
UPSERT = """
INSERT INTO customers_loan (reference, customer_id, account_id, product, currency, amount, payment, rate, started_on,
    matures_on)
SELECT d.key, d.customer_id, d.account_id, d.n_product, d.n_currency, d.n_amount::bigint, d.n_payment::bigint, d.n_rate,
       d.started_on, d.n_matures_on
FROM decided d JOIN changed USING (key) WHERE d.reason = '' ORDER BY d.line
ON CONFLICT (reference) DO UPDATE
SET customer_id = excluded.customer_id, account_id = excluded.account_id, product = excluded.product,
    currency = excluded.currency, amount = excluded.amount, payment = excluded.payment, rate = excluded.rate,
    started_on = excluded.started_on, matures_on = excluded.matures_on
"""
# A state holds until the next: the same one on a later day is no news.
STATES = """
WITH news AS (
    SELECT l.id, d.key, d.as_of, d.state, d.n_outstanding::bigint AS outstanding,
           coalesce(d.overdue_days, 0) AS overdue_days, d.n_overdue::bigint AS overdue_amount
    FROM decided d JOIN customers_loan l ON l.reference = d.key
    WHERE d.reason = '' AND d.state IS NOT NULL
), written AS (
    INSERT INTO customers_loanstate (loan_id, day, state, outstanding, overdue_days, overdue_amount)
    SELECT n.id, n.as_of, n.state, n.outstanding, n.overdue_days, n.overdue_amount FROM news n
    WHERE NOT EXISTS (
        SELECT FROM (SELECT * FROM customers_loanstate s WHERE s.loan_id = n.id AND s.day <= n.as_of
                     ORDER BY s.day DESC LIMIT 1) s
        WHERE (s.state, s.outstanding, s.overdue_days, s.overdue_amount)
            IS NOT DISTINCT FROM (n.state, n.outstanding, n.overdue_days, n.overdue_amount))
    ON CONFLICT (loan_id, day) DO UPDATE
    SET state = excluded.state, outstanding = excluded.outstanding, overdue_days = excluded.overdue_days,
        overdue_amount = excluded.overdue_amount
    RETURNING loan_id
), touched AS (
    SELECT key, known FROM changed
    UNION SELECT l.reference, true FROM written w JOIN customers_loan l ON l.id = w.loan_id
        WHERE l.reference NOT IN (SELECT key FROM changed)
)
SELECT count(*) FILTER (WHERE NOT known), count(*) FILTER (WHERE known) FROM touched
"""


class Loans(ImportKind):
    """Key: the loan's reference. `state` and what follows are as of `day`. An empty cell leaves what is known."""

    name = "loans"
    targets = TARGETS

    def row(self, values: Values, problems: Problems) -> tuple[str, dict[str, Json]]:
        if not problems and not values.get("customer") and not values.get("account"):
            problems.add("customer", _("neither customer nor account says whose it is."))
        if values.get("overdue_days") and values.get("state") not in (None, Repayment.OVERDUE, Repayment.DEFAULTED):
            problems.add("state", _("it has days overdue, yet is not overdue."))
        return str(values.get("reference") or ""), {
            name: value for name, value in values.items() if name != "reference"
        }

    def settle(self, cursor: CursorWrapper, batch: int, plan: Plan) -> Counts:
        parameters: dict[str, Any] = {"base": settings.BASE_CURRENCY, "day": bank_day()}
        valid, rejected = decide(cursor, DECISION, batch=batch, plan=plan, parameters=parameters)
        cursor.execute("DROP TABLE IF EXISTS pg_temp.changed")
        cursor.execute(CHANGED)
        cursor.execute(UPSERT)
        cursor.execute(STATES)
        return counted(valid, rejected, *cursor.fetchone())


KIND = Loans()
