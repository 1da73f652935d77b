"""What the demo bank's customers agreed to: answers per purpose and channel, some refused, some withdrawn later."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper

from crm.workspace.demo.draw import slots

NOTICE_VERSION = 1
SLOTS = 100

# purpose, channel -> percent of customers who gave, refused; the rest was never asked. Withdrawn: of those who gave.
_ANSWERS = {
    ("profiling", ""): (70, 12),
    ("marketing", "phone"): (30, 22),
    ("marketing", "sms"): (38, 14),
    ("marketing", "wechat"): (52, 6),
    ("marketing", "email"): (12, 12),
    ("marketing", "app"): (44, 8),
    ("marketing", "visit"): (10, 8),
    ("sensitive", ""): (3, 2),
}
_WITHDRAWN_PERCENT = 5
_MEANS = {"in_person": 46, "app": 34, "phone": 12, "written": 8}

TABLE = "purpose text, channel text, given int, refused int, data_kinds text[], published date"

# Answered between the first day of the notice or the customer (at most five years back) and now; withdrawn after that.
_INSERT = """
INSERT INTO customers_consent (
    customer_id, purpose, channel, recipient, data_kinds, notice_version, legal_basis, given_at, given_by_means,
    withdrawn_at, withdrawn_by_means, guardian_name)
SELECT id, purpose, channel, '', CASE WHEN gave THEN data_kinds ELSE '{}' END, %(version)s, 'consent',
       CASE WHEN gave THEN answered END, CASE WHEN gave THEN means ELSE '' END,
       CASE WHEN withdrew THEN answered + (%(now)s - answered) * (pg_temp.draw(n, topic || 'end', 1000) / 1000.0)
            WHEN NOT gave THEN answered END,
       CASE WHEN withdrew OR NOT gave THEN means ELSE '' END, ''
FROM (
    SELECT person.id, n, answer.*, in_cast AND purpose = 'profiling' OR share < given AS gave,
           NOT in_cast AND share < given AND pg_temp.draw(n, topic || 'withdraws', 100) < %(withdrawn_percent)s AS withdrew,
           (%(means)s::text[])[1 + pg_temp.draw(n, topic || 'means', cardinality(%(means)s::text[]))] AS means,
           first_moment + (%(now)s - first_moment) * (pg_temp.draw(n, topic || 'moment', 100000) / 100000.0) AS answered
    FROM demo_person AS person
    CROSS JOIN (SELECT *, purpose || channel AS topic FROM demo_answer) AS answer
    CROSS JOIN LATERAL (
        SELECT pg_temp.draw(n, topic, 100) AS share,
               greatest(since, published, %(day)s::date - 1800)::timestamp AT TIME ZONE %(zone)s AS first_moment
    ) AS drawn
    WHERE share < given + refused OR in_cast AND purpose = 'profiling'
) AS said
"""


def insert_consents(cursor: CursorWrapper, *, day: date, now: datetime) -> int:
    """Write the answers of everybody in demo_person; returns how many. The notices of NOTICE_VERSION must be there."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.demo_answer")
    cursor.execute(f"CREATE TEMP TABLE demo_answer ({TABLE}) ON COMMIT DROP")
    for (purpose, channel), (given, refused) in _ANSWERS.items():
        cursor.execute(
            "INSERT INTO demo_answer SELECT %s, %s, %s, %s, data_kinds, published_at::date"
            " FROM customers_privacynotice WHERE purpose = %s AND version = %s",
            [purpose, channel, given, refused, purpose, NOTICE_VERSION],
        )
    facts: dict[str, Any] = {
        "version": NOTICE_VERSION, "withdrawn_percent": _WITHDRAWN_PERCENT, "means": slots(_MEANS, SLOTS), "day": day,
        "now": now, "zone": settings.TIME_ZONE,
    }  # fmt: skip
    cursor.execute(_INSERT, facts)
    return int(cursor.rowcount)
