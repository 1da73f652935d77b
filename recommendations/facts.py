"""The one place that loads what the gate asks: columns of customers, set by set, and of products."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from crm.lib.dates import age_on
from crm.lib.money import digits
from customers import consent
from customers.models import ConsentPurpose, Family, IncomeBand
from interactions.contact_policy import Standing
from interactions.models import Topic
from interactions.standing import NightColumns, night_columns, standings
from recommendations.gate import Offer, Person
from recommendations.models import Civil, Need, Product

SALARY_MONTHS = 3  # of the last 6, from which on their mean counts as income
MET_RESTS = 365  # days for which a met need is not found again
TIED_DAYS = 30  # what matures later than that is not at hand
# The lowest yearly income of a band, CNY; nothing can be said of the lowest one.
_BAND_FROM = {
    IncomeBand.TO_120K: 60_000, IncomeBand.TO_300K: 120_000, IncomeBand.TO_1M: 300_000, IncomeBand.OVER_1M: 1_000_000,
}  # fmt: skip
_TOPIC_OF_FAMILY = {
    Family.CURRENT: Topic.DEPOSIT, Family.TIME: Topic.DEPOSIT, Family.CERTIFICATE: Topic.DEPOSIT,
    Family.BOND: Topic.WEALTH, Family.METAL: Topic.WEALTH, Family.WEALTH: Topic.WEALTH, Family.FUND: Topic.FUND,
    Family.INSURANCE: Topic.INSURANCE, Family.PENSION: Topic.PENSION, Family.CARD: Topic.CARD, Family.LOAN: Topic.LOAN,
}  # fmt: skip
_TOPIC_OF_NEED = {
    Need.EDUCATION: Topic.EDUCATION, Need.PENSION: Topic.PENSION, Need.TRAVEL: Topic.FX, Need.HOUSE: Topic.HOUSE,
    Need.BUSINESS: Topic.BUSINESS, Need.CHILD: Topic.FAMILY, Need.JOINT: Topic.FAMILY, Need.LIQUIDITY: Topic.SERVICE,
    Need.LITERACY: Topic.ACTIVITY, Need.COVER: Topic.INSURANCE, Need.FRAUD: Topic.FRAUD,
}  # fmt: skip


def offer(product: Product, need: str) -> Offer:
    """`product` as the gate asks about it when it is suggested for `need`."""
    return Offer(
        code=product.code,
        family=product.family,
        regime=product.regime,
        risk=product.risk,
        minimum=product.minimum,
        private=product.private,
        sold_from=product.sold_from,
        sold_until=product.sold_until,
        active=product.active,
        topic=str(_TOPIC_OF_FAMILY.get(Family(product.family)) or "") if product.family else _topic_of(need),
        need=need,
        regular=product.regular_premium,
        term_days=product.term_days,
    )


def _topic_of(need: str) -> str:
    return str(_TOPIC_OF_NEED.get(Need(need)) or "")


def people(customer_ids: Iterable[int], day: date, *, run: int | None = None) -> dict[int, Person]:
    """What the gate asks about these customers on `day`; who does not exist is left out.

    run: of a night, whose staged features are read instead of the published ones. Three queries for one customer or a
    night, five otherwise, however many there are. Consents, complaints, pauses and refusals count as they stand now,
    not as they stood on `day`: a withdrawal of this morning counts at once.
    """
    ids = list(customer_ids)
    if not ids:
        return {}
    contact = _contacts(ids, day, together=run is not None or len(ids) == 1)
    valid_from = consent.notices().valid_from.get(ConsentPurpose.PROFILING, 1)
    staged = "" if run is None else "staged"
    with connection.cursor() as cursor:
        cursor.execute(
            _PEOPLE.format(features=f"customers_{staged}features", of_run="" if run is None else _OF_RUN),
            {
                "ids": ",".join(map(str, ids)), "first": min(ids), "last": max(ids),
                "day": day, "run": run, "base": settings.BASE_CURRENCY,
                "tied": day + timedelta(days=TIED_DAYS), "year_ago": day - timedelta(days=365), "met_rests": MET_RESTS,
                "profiling": ConsentPurpose.PROFILING,
            },
        )  # fmt: skip
        names = [str(column[0]) for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row["id"]: _person(row, contact.get(row["id"]), valid_from, day) for row in rows}


# The range lets the planner read the rows of these customers alone, and not all that a night has staged.
_OF_RUN = "AND f.run = %(run)s AND f.customer_id BETWEEN %(first)s AND %(last)s"
# Loans: one without a known state or payment makes what follows from it unknown; one that ended unpaid is overdue.
_PEOPLE = """
SELECT c.id, c.status, c.birth_date, c.income_band, f.aum, f.salary_average_6, f.salary_months_6,
    r.level, r.valid_until, r.assessed_on, r.level_before, r.assessments, n.closed, i.civil, i.represented_until,
    i.qualified_until, i.reconfirmed_on, d.live, d.unknown_state, d.unknown_payment, d.payment, d.overdue_days,
    d.outstanding, t.tied, a.given_at, a.withdrawn_at, a.notice_version
FROM customers_customer AS c
LEFT JOIN {features} AS f ON f.customer_id = c.id {of_run}
LEFT JOIN LATERAL (
    SELECT level, valid_until, assessed_on, lead(level) OVER last_first AS level_before,
        count(*) FILTER (WHERE assessed_on > %(year_ago)s) OVER () AS assessments
    FROM customers_riskassessment WHERE customer_id = c.id AND assessed_on <= %(day)s
    WINDOW last_first AS (ORDER BY assessed_on DESC) ORDER BY assessed_on DESC LIMIT 1
) AS r ON true
LEFT JOIN recommendations_investorstanding AS i ON i.customer_id = c.id
LEFT JOIN LATERAL (
    SELECT array_agg(need || ' ' || CASE state WHEN 'refused' THEN 'refused' WHEN 'met'
        THEN CAST(ended_on + %(met_rests)s AS text) ELSE CAST(later_until AS text) END) AS closed
    FROM recommendations_customerneed
    WHERE customer_id = c.id AND (state = 'refused' OR state = 'postponed' AND later_until > %(day)s
        OR state = 'met' AND ended_on + %(met_rests)s > %(day)s)
) AS n ON true
LEFT JOIN LATERAL (
    SELECT given_at, withdrawn_at, notice_version FROM customers_consent
    WHERE customer_id = c.id AND purpose = %(profiling)s
    ORDER BY greatest(given_at, withdrawn_at) DESC, id DESC LIMIT 1
) AS a ON true
CROSS JOIN LATERAL (
    SELECT count(*) AS live, coalesce(bool_or(s.state IS NULL), false) AS unknown_state,
        coalesce(bool_or(l.payment IS NULL OR l.currency <> %(base)s) FILTER (WHERE s.state <> 'defaulted'), false)
            AS unknown_payment,
        coalesce(sum(l.payment) FILTER (WHERE s.state <> 'defaulted'), 0) AS payment,
        coalesce(max(CASE WHEN s.state IN ('overdue', 'defaulted') THEN greatest(s.overdue_days, 1) ELSE 0 END), 0)
            AS overdue_days,
        coalesce(sum(s.outstanding), 0) AS outstanding
    FROM customers_loan AS l
    LEFT JOIN LATERAL (
        SELECT state, overdue_days, outstanding FROM customers_loanstate
        WHERE loan_id = l.id AND day <= %(day)s ORDER BY day DESC LIMIT 1
    ) AS s ON true
    WHERE l.customer_id = c.id AND l.started_on <= %(day)s AND s.state IS DISTINCT FROM 'paid'
) AS d
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount), 0) AS tied FROM customers_holding
    WHERE customer_id = c.id AND family NOT IN ('card', 'loan') AND currency = %(base)s
        AND matures_on > %(tied)s AND ended_on IS NULL
) AS t
WHERE c.id = ANY (string_to_array(%(ids)s, ',')::bigint[])
"""


def _person(row: Mapping[str, Any], contact: Standing | NightColumns | None, valid_from: int, day: date) -> Person:
    unknown_payment = row["unknown_state"] or row["unknown_payment"]
    aum = row["aum"]
    return Person(
        customer_id=row["id"],
        status=row["status"],
        age=age_on(row["birth_date"], day) if row["birth_date"] else None,
        profiling=_profiling(row, valid_from),
        hold=contact.hold if contact else "",
        paused_until=contact.paused_until if contact else None,
        resting=contact.resting if contact else {},
        risk_level=row["level"],
        risk_valid_until=row["valid_until"],
        aum=aum,
        liquid=None if aum is None else aum - int(row["tied"]),
        income_month=_income(row),
        debt_payment=None if unknown_payment else int(row["payment"]),
        overdue_days=None if row["unknown_state"] else row["overdue_days"],
        loan_outstanding=None if row["unknown_state"] else int(row["outstanding"]),
        qualified=_holds(row["qualified_until"], day),
        closed_needs=_closed(row["closed"]),
        civil=row["civil"] or Civil.FULL.value,
        represented=_holds(row["represented_until"], day),
        level_before=row["level_before"] if row["level_before"] != row["level"] else None,
        reconfirmed=bool(row["reconfirmed_on"] and row["reconfirmed_on"] >= row["assessed_on"]),
        assessments=row["assessments"] or 0,
    )


def _holds(until: date | None, day: date) -> bool:
    return until is not None and day <= until


def _closed(found: Sequence[str] | None) -> dict[str, date | None]:
    """Need -> the day on which it asks again, None: not by itself."""
    pairs = (one.split(" ") for one in found or ())
    return {need: None if until == "refused" else date.fromisoformat(until) for need, until in pairs}


def _profiling(row: Mapping[str, Any], valid_from: int) -> bool:
    """Whether the latest answer about personal suggestions allows them; one never asked has not agreed."""
    if row["notice_version"] is None:
        return False
    answer = consent.answer_of(row["given_at"], row["withdrawn_at"], row["notice_version"], valid_from)
    return answer is consent.Answer.GIVEN


def _income(row: Mapping[str, Any]) -> int | None:
    """A month's income: the mean salary where it comes regularly, else the least that the customer's band means."""
    if (row["salary_months_6"] or 0) >= SALARY_MONTHS and row["salary_average_6"]:
        return int(row["salary_average_6"])
    year = _BAND_FROM.get(row["income_band"])
    return year * int(10 ** digits(settings.BASE_CURRENCY)) // 12 if year else None


def _contacts(ids: Sequence[int], day: date, *, together: bool) -> dict[int, Standing | NightColumns]:
    """Where they stand in the contact policy; who is missing is free.

    together: they are most of the customers between the first and the last, or one alone: one query over that range.
    """
    if not together:
        return {**standings(ids, day)}
    with connection.cursor() as cursor:
        return {found.customer_id: found for found in night_columns(cursor, min(ids), max(ids), day)}
