"""`import risk-assessments`: how much risk customers bear (金融机构产品适当性管理办法, in force 2026-02-01)."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from customers.importing import money
from customers.importing import values as typed
from customers.importing.kind import Counts, ImportKind
from customers.importing.plan import Plan, Problems, Values
from customers.importing.sql import DUPLICATE, Decision, Rule, counted, decide, twice_since_merged, write
from customers.importing.values import Json, Target

MOST_IN_A_YEAR = 8


def level(text: str) -> int:
    """C1 to C5, or 1 to 5."""
    found = re.fullmatch(r"[Cc]?([1-5])", text.strip(), re.ASCII)
    if found is None:
        raise ValidationError(_("“%(value)s” is no level from C1 to C5."), params={"value": text[:40]})
    return int(found.group(1))


TARGETS = (
    Target("customer", typed.key, True, ("客户号", "客户编号", "customer_number")),
    Target("assessed_on", money.booking_day, True, ("评估日期", "测评日期"), dated=True),
    Target("level", level, True, ("风险等级", "风险承受能力")),
    Target("valid_until", money.any_day, headings=("有效期至",), dated=True),
)
_LONGEST = "(t.assessed_on + INTERVAL '12 months')::date"
DECISION = Decision(
    types={"customer": "text", "assessed_on": "date", "level": "integer", "valid_until": "date"},
    joins="""
    LEFT JOIN customers_customer given ON given.number = t.customer
    LEFT JOIN customers_customer c ON c.id = coalesce(given.merged_into_id, given.id)
    LEFT JOIN customers_riskassessment e ON e.customer_id = c.id AND e.assessed_on = t.assessed_on
    CROSS JOIN LATERAL (
        SELECT count(*) AS known FROM (
            SELECT r.assessed_on FROM customers_riskassessment r WHERE r.customer_id = c.id
            UNION SELECT o.assessed_on FROM typed o WHERE o.customer = t.customer AND o.line < t.line
        ) AS days
        WHERE days.assessed_on > t.assessed_on - INTERVAL '12 months' AND days.assessed_on < t.assessed_on
    ) y""",
    columns={"customer_id": "c.id", "n_valid_until": f"coalesce(t.valid_until, {_LONGEST})"},
    rules=(
        DUPLICATE,
        twice_since_merged("assessed_on"),
        Rule("t.customer IS NOT NULL AND c.id IS NULL", _("there is no customer “{value}”."), "customer", "t.customer"),
        Rule(f"t.valid_until > {_LONGEST}", _("an assessment is valid for 12 months at most."), "valid_until"),
        Rule("t.valid_until < t.assessed_on", _("it ends before it was made."), "valid_until"),
        Rule(f"e.id IS NULL AND y.known >= {MOST_IN_A_YEAR}",
             _("more than 8 assessments within 12 months do not count."), "assessed_on"),
    ),
)  # fmt: skip
UPSERT = """
INSERT INTO customers_riskassessment (customer_id, assessed_on, level, valid_until)
SELECT d.customer_id, d.assessed_on, d.level, d.n_valid_until
FROM decided d LEFT JOIN customers_riskassessment e ON e.customer_id = d.customer_id AND e.assessed_on = d.assessed_on
WHERE d.reason = '' AND (e.id IS NULL OR (d.level, d.n_valid_until) IS DISTINCT FROM (e.level, e.valid_until))
ORDER BY d.line
ON CONFLICT (customer_id, assessed_on) DO UPDATE SET level = excluded.level, valid_until = excluded.valid_until
"""


class RiskAssessments(ImportKind):
    """Key: customer and day. Valid for 12 months unless it says less."""

    name = "risk-assessments"
    targets = TARGETS

    def row(self, values: Values, problems: Problems) -> tuple[str, dict[str, Json]]:
        customer, day = values.get("customer"), values.get("assessed_on")
        return (f"{customer}|{day}" if customer and day else ""), dict(values)

    def settle(self, cursor: CursorWrapper, batch: int, plan: Plan) -> Counts:
        parameters: dict[str, Any] = {}
        valid, rejected = decide(cursor, DECISION, batch=batch, plan=plan, parameters=parameters)
        return counted(valid, rejected, *write(cursor, UPSERT, parameters))


KIND = RiskAssessments()
