"""`import credit-scores`: scores of the credit bureau, each with the customer's authorisation for the enquiry."""

from typing import Any

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.importing import money
from customers.importing import values as typed
from customers.importing.kind import Counts, ImportKind
from customers.importing.plan import Plan, Problems, Values
from customers.importing.sql import DUPLICATE, Decision, Rule, counted, decide, twice_since_merged, write
from customers.importing.values import Json, Target

TARGETS = (
    Target("customer", typed.key, True, ("客户号", "客户编号", "customer_number")),
    Target("scored_on", money.booking_day, True, ("查询日期", "评分日期"), dated=True),
    Target("score", typed.whole_number, True, ("评分", "信用分")),
    Target("authorised_for", typed.exact_text(40), True, ("授权用途", "查询原因")),
    Target("authorised_on", money.any_day, True, ("授权日期",), dated=True),
    Target("authorised_until", money.any_day, True, ("授权到期日",), dated=True),
)
DECISION = Decision(
    types={
        "customer": "text", "scored_on": "date", "score": "integer", "authorised_for": "text",
        "authorised_on": "date", "authorised_until": "date",
    },
    joins="""
    LEFT JOIN customers_customer given ON given.number = t.customer
    LEFT JOIN customers_customer c ON c.id = coalesce(given.merged_into_id, given.id)""",
    columns={"customer_id": "c.id"},
    rules=(
        DUPLICATE,
        twice_since_merged("scored_on"),
        Rule("t.customer IS NOT NULL AND c.id IS NULL", gettext_lazy("there is no customer “{value}”."), "customer",
             "t.customer"),
    ),
)  # fmt: skip
UPSERT = """
INSERT INTO customers_creditscore (customer_id, scored_on, score, authorised_for, authorised_on, authorised_until)
SELECT d.customer_id, d.scored_on, d.score, d.authorised_for, d.authorised_on, d.authorised_until
FROM decided d LEFT JOIN customers_creditscore e ON e.customer_id = d.customer_id AND e.scored_on = d.scored_on
WHERE d.reason = '' AND (e.id IS NULL OR (d.score, d.authorised_for, d.authorised_on, d.authorised_until)
    IS DISTINCT FROM (e.score, e.authorised_for, e.authorised_on, e.authorised_until))
ORDER BY d.line
ON CONFLICT (customer_id, scored_on) DO UPDATE
SET score = excluded.score, authorised_for = excluded.authorised_for, authorised_on = excluded.authorised_on,
    authorised_until = excluded.authorised_until
"""


class CreditScores(ImportKind):
    """Key: customer and day. A score asked for outside its authorisation is not taken (credit-bureau rules)."""

    name = "credit-scores"
    targets = TARGETS

    def row(self, values: Values, problems: Problems) -> tuple[str, dict[str, Json]]:
        scored, since, until = (values.get(name) for name in ("scored_on", "authorised_on", "authorised_until"))
        if scored and since and until and not str(since) <= str(scored) <= str(until):
            problems.add("scored_on", _("the customer had not authorised an enquiry on that day."))
        customer = values.get("customer")
        return (f"{customer}|{scored}" if customer and scored else ""), dict(values)

    def settle(self, cursor: CursorWrapper, batch: int, plan: Plan) -> Counts:
        parameters: dict[str, Any] = {}
        valid, rejected = decide(cursor, DECISION, batch=batch, plan=plan, parameters=parameters)
        return counted(valid, rejected, *write(cursor, UPSERT, parameters))


KIND = CreditScores()
