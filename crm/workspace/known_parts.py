"""What the page “How do you know that?” consists of, and what it reads at once."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from customers.models import Customer
from customers.moving import json_of

MANY = 1000
# One statement: each of these would else be a query of its own. Counts stop at MANY + 1.
_COUNTS = """
SELECT (SELECT count(*) FROM customers_loan WHERE customer_id = %(id)s),
       EXISTS (SELECT FROM customers_riskassessment WHERE customer_id = %(id)s),
       EXISTS (SELECT FROM customers_creditscore WHERE customer_id = %(id)s),
       (SELECT count(*) FROM (SELECT FROM customers_transaction WHERE customer_id = %(id)s LIMIT %(cap)s) AS moved),
       (SELECT min(booked_on) FROM customers_transaction WHERE customer_id = %(id)s),
       (SELECT count(*) FROM (SELECT FROM interactions_interaction WHERE customer_id = %(id)s LIMIT %(cap)s) AS spoken),
       (SELECT count(*) FROM (SELECT FROM interactions_channelevent WHERE customer_id = %(id)s LIMIT %(cap)s) AS done),
       ARRAY(SELECT word.name FROM customers_customertag AS put JOIN customers_tag AS word ON word.id = put.tag_id
             WHERE put.customer_id = %(id)s ORDER BY put.at, put.id),
       (SELECT max(until) FROM interactions_pause WHERE customer_id = %(id)s AND until >= %(day)s AND since <= %(day)s),
       (SELECT count(*) FROM customers_householdmember WHERE customer_id = %(id)s),
       (SELECT coalesce(jsonb_agg(jsonb_build_object('name', name, 'value', value, 'on', "on", 'source', source)
            ORDER BY name), '[]') FROM customers_fact WHERE customer_id = %(id)s AND value <> ''),
       (SELECT coalesce(jsonb_agg(jsonb_build_object('name_zh', r.name_zh, 'name_en', r.name_en,
            'reason_zh', r.reason_zh, 'reason_en', r.reason_en, 'values', t.values, 'since', t.since)
            ORDER BY r."order", r.code), '[]')
        FROM customers_portraittag AS t JOIN customers_portraitrule AS r ON r.id = t.rule_id AND r.active
        WHERE t.customer_id = %(id)s AND t.state = 'live'),
       (SELECT jsonb_build_object('served', s.service_model, 'interval', s.contact_interval, 'rule', r.text)
        FROM customers_membership AS m JOIN customers_segment AS s ON s.id = m.segment_id
        JOIN customers_segmentrule AS r ON r.id = m.rule_id WHERE m.customer_id = %(id)s)
"""


@dataclass(frozen=True)
class Known:
    """One kind of data: what is there, where from, what for, how long it is kept."""

    title: str
    what: list[str]
    source: str
    why: str
    kept: str


@dataclass(frozen=True)
class Counts:
    """How much is there of each kind, and what little is read at once; the columns of _COUNTS.

    facts: name, value, on, source. portrait: the texts of a rule, and values and since of its tag. served: by whom,
    how often, and the rule of the segment; None outside of segments.
    """

    loans: int
    risk: bool
    credit: bool
    moves: int
    first_move: date | None
    talks: int
    events: int
    tags: list[str]
    paused_until: date | None
    households: int
    facts: list[dict[str, Any]]
    portrait: list[dict[str, Any]]
    served: dict[str, Any] | None


def counts_of(customer: Customer, day: date) -> Counts:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"id": customer.pk, "cap": MANY + 1, "day": day})
        row = cursor.fetchone()
    return Counts(*row[:-3], *(json_of(part) for part in row[-3:]))


def ten_years_after_end() -> str:
    return _("As long as you are our customer, and 10 years after that: the law asks for it.")
