"""What was known about people before the day they asked for a loan: the one place that loads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection

from recommendations.credit.scorecard import Facts


@dataclass(frozen=True)
class Asked:
    """A loan asked for on `day`. amount, payment (a month): minor units of BASE_CURRENCY.

    loan: id of the loan that came of it, which is then not counted among those that run already.
    """

    customer_id: int
    day: date
    amount: int
    payment: int
    loan: int | None = None


def facts_of(asked: Sequence[Asked]) -> list[Facts]:
    """The facts behind each, in one query, from what is dated before its day alone.

    It reads movements, not what the night made of them: a night knows how things stand, and not how they stood. Each
    asks some hundred rows by index.
    """
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _FACTS,
            {
                "customers": [one.customer_id for one in asked], "days": [one.day for one in asked],
                "loans": [one.loan for one in asked], "base": settings.BASE_CURRENCY,
            },
        )  # fmt: skip
        names = [str(column[0]) for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [_facts(one, row) for one, row in zip(asked, rows, strict=True)]


def _facts(one: Asked, row: Mapping[str, Any]) -> Facts:
    months = row["months"]
    seen = max(1, min(12, months)) if months is not None else None
    income_months = row["income_months"]
    return Facts(
        asked=one.amount,
        payment=one.payment,
        owed=None if row["unknown_payment"] else int(row["owed"]),
        income=int(row["income"] / income_months) if income_months else None,
        income_months=None if months is None else income_months,
        inflow=None if seen is None else int(row["inflow"] / seen),
        lowest=row["lowest"],
        savings=None if row["savings"] is None else int(row["savings"]),
        assets=None if row["assets"] is None else int(row["assets"]),
        months=months,
        penalties=None if months is None else row["penalties"],
        overdue=row["overdue"],
        bureau=row["bureau"],
    )


# Income is what comes by name as salary, pension or business receipts; where a bank's codes name none of these, what
# is transferred in. Savings and assets as of days: the last balance before each.
_FACTS = """
SELECT a.place, moved.*, saved.*, owing.*, bureau.score AS bureau
FROM unnest(%(customers)s::bigint[], %(days)s::date[], %(loans)s::bigint[])
    WITH ORDINALITY AS a (customer_id, day, loan_id, place)
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE category = 'penalty') AS penalties,
        coalesce(sum(base_amount) FILTER (WHERE base_amount > 0 AND NOT own AND category <> 'lending'), 0) AS inflow,
        CASE WHEN bool_or(named) THEN sum(base_amount) FILTER (WHERE named AND recent)
            ELSE sum(base_amount) FILTER (WHERE transferred AND recent) END AS income,
        CASE WHEN bool_or(named) THEN count(DISTINCT month) FILTER (WHERE named AND recent)
            ELSE count(DISTINCT month) FILTER (WHERE transferred AND recent) END AS income_months
    FROM (
        SELECT base_amount, category, own, date_trunc('month', booked_on) AS month,
            base_amount > 0 AND category IN ('salary', 'pension', 'business') AS named,
            base_amount > 0 AND category = 'transfer' AND NOT own AS transferred,
            booked_on >= a.day - INTERVAL '6 months' AS recent
        FROM customers_transaction AS t
        WHERE t.customer_id = a.customer_id AND t.booked_on < a.day AND t.booked_on >= a.day - INTERVAL '12 months'
    ) AS t
) AS moved
CROSS JOIN LATERAL (
    SELECT
        (SELECT CAST(date_part('year', age(a.day, min(day))) * 12 + date_part('month', age(a.day, min(day))) AS integer)
            FROM customers_balance WHERE customer_id = a.customer_id AND day < a.day) AS months,
        (SELECT min(b.base_amount) FROM customers_balance AS b JOIN customers_account AS c ON c.id = b.account_id
            WHERE b.customer_id = a.customer_id AND b.day < a.day AND b.day >= a.day - INTERVAL '6 months'
                AND c.family = 'current') AS lowest,
        avg(month_end.assets) AS savings,
        max(month_end.assets) FILTER (WHERE back = 0) AS assets
    FROM (
        SELECT back, sum(b.base_amount) AS assets
        FROM generate_series(0, 5) AS back
        CROSS JOIN customers_account AS c
        CROSS JOIN LATERAL (
            SELECT base_amount FROM customers_balance
            WHERE account_id = c.id AND day < a.day - back * INTERVAL '1 month' ORDER BY day DESC LIMIT 1
        ) AS b
        WHERE c.customer_id = a.customer_id AND c.family NOT IN ('card', 'loan')
        GROUP BY back
    ) AS month_end
) AS saved
CROSS JOIN LATERAL (
    SELECT coalesce(sum(l.payment) FILTER (WHERE runs), 0) AS owed,
        coalesce(bool_or(runs AND (l.payment IS NULL OR l.currency <> %(base)s)), false) AS unknown_payment,
        max(worst) AS overdue
    FROM (
        SELECT l.payment, l.currency,
            (l.matures_on IS NULL OR l.matures_on > a.day) AND last.state IS DISTINCT FROM 'paid' AS runs,
            (SELECT max(overdue_days) FROM customers_loanstate AS s
                WHERE s.loan_id = l.id AND s.day < a.day AND s.day >= a.day - INTERVAL '24 months') AS worst
        FROM customers_loan AS l
        LEFT JOIN LATERAL (
            SELECT state FROM customers_loanstate AS s
            WHERE s.loan_id = l.id AND s.day < a.day ORDER BY s.day DESC LIMIT 1
        ) AS last ON true
        WHERE l.customer_id = a.customer_id AND l.started_on < a.day AND l.id IS DISTINCT FROM a.loan_id
    ) AS l
) AS owing
LEFT JOIN LATERAL (
    SELECT score FROM customers_creditscore
    WHERE customer_id = a.customer_id AND scored_on < a.day AND authorised_until >= a.day
    ORDER BY scored_on DESC LIMIT 1
) AS bureau ON true
ORDER BY a.place
"""
