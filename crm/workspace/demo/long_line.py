"""One customer of whom there is much to read: nine years with the bank and on its channels nearly every day.

So that it can be seen that thousands of entries open as fast as ten. Wants the tables of sessions and phrases that
`journeys` and `conversations` leave for the transaction.
"""

from datetime import date

from django.conf import settings
from django.db.backends.utils import CursorWrapper

from crm.workspace.demo.stories import CUSTOMER

WHO = 18  # 袁小梅
SESSIONS, SPAN = 1_250, 1_090  # days; some months hold three times as much as others
TALKS = 60
AGES, STAGE = 35, "grown"
QUIET_DAYS = 5  # nothing of the last days: she is not one of those who are thinking of something just now

_EVENTS = f"""
INSERT INTO interactions_channelevent (customer_id, channel, external_tail, kind, topic, subject, seconds, amount, at, reference)
SELECT {CUSTOMER}, j.channel, '', j.kind, j.topic, j.subject,
    nullif(j.seconds * (60 + ((h >> 20) & 63)) / 100, 0)::int, nullif(j.amount * (50 + ((h >> 26) & 127)), 0),
    ((%(day)s::date - %(quiet)s - (s::bigint * %(span)s / %(sessions)s + 18 * sin(s / 40.0))::int
        + (CASE WHEN j.channel IN ('branch', 'phone', 'atm') THEN ARRAY[time '09:35', time '10:50', time '14:10', time '16:05']
            ELSE ARRAY[time '07:40', time '12:12', time '18:25', time '21:05'] END)[1 + (h & 3)]) AT TIME ZONE %(zone)s)
        + make_interval(mins => ((h >> 8) & 31)::int, secs => j.step * (70 + ((h >> 16) & 63)::int)),
    'L' || s || '-' || j.step
FROM generate_series(0, %(sessions)s - 1) AS s
CROSS JOIN LATERAL (SELECT hashint8extended(s, %(seed)s + 31) & 9223372036854775807 AS h) AS drawn
JOIN demo_journey j ON j.ages = %(ages)s AND j.slot = (h >> 33) & 127
"""
_TALKS = f"""
INSERT INTO interactions_interaction (customer_id, channel, direction, kind, topics, summary, outcome, promise,
    promise_due, promise_kept_at, question, question_answered_at, mood, by_id, at, created_at)
SELECT {CUSTOMER}, p.channels[1 + (h & 63) %% cardinality(p.channels)], CASE WHEN p.incoming THEN 'in' ELSE 'out' END, p.kind,
    p.topics, p.summary, 'talked', p.promise, CASE WHEN p.promise <> '' THEN at::date + p.due END,
    CASE WHEN p.promise <> '' THEN at + make_interval(days => p.due) END, p.question,
    CASE WHEN p.question <> '' THEN at + interval '1 day' END,
    CASE WHEN p.mood <> '' THEN p.mood ELSE (ARRAY['', 'calm', 'pleased', 'calm'])[1 + ((h >> 6) & 3)] END,
    (SELECT owner_id FROM customers_customer WHERE id = {CUSTOMER}), at, at + interval '6 minutes'
FROM generate_series(0, %(talks)s - 1) AS s
CROSS JOIN LATERAL (SELECT hashint8extended(s, %(seed)s + 32) & 9223372036854775807 AS h) AS drawn
CROSS JOIN LATERAL (
    SELECT ((%(day)s::date - 70 - (s::bigint * (%(span)s - 70) / %(talks)s)::int + time '10:05') AT TIME ZONE %(zone)s)
        + make_interval(mins => ((h >> 12) & 255)::int) AS at
) AS placed
JOIN demo_phrase p ON p.kind = CASE WHEN (h >> 40) & 1 = 1 THEN 'care' ELSE 'service' END AND p.stage = %(stage)s
    AND p.slot = (s * 47) & 127
"""


def write_long_line(cursor: CursorWrapper, *, seed: int, day: date) -> int:
    """Write some 3,000 entries of one customer; returns how many."""
    given = {
        "n": WHO, "day": day, "seed": seed, "zone": settings.TIME_ZONE, "sessions": SESSIONS, "span": SPAN, "talks": TALKS,
        "quiet": QUIET_DAYS, "ages": AGES, "stage": STAGE,
    }  # fmt: skip
    written = 0
    for statement in (_EVENTS, _TALKS):
        cursor.execute(statement.replace(CUSTOMER, CUSTOMER.replace("%s", "%(n)s")), given)
        written += int(cursor.rowcount)
    return written
