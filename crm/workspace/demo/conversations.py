"""Two years of conversations between managers and their customers, and the follow-ups that came of them.

Every contact is drawn by one hash of seed, customer and number, so that a bank of any size is one statement; managers
differ by their style (STYLES). The cast's own conversations come on top (told.py).
"""

from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper

from crm.workspace.demo import phrases, stories
from crm.workspace.demo.population import copy_rows

DETAILED = 10_000  # customers up to which every conversation is told; beyond, a few of each
DAYS = 730
ON_LEAVE_DAYS = 4  # for how long R1002 has been away


@dataclass(frozen=True)
class Style:
    """How one manager works.

    pace: percent of the usual number of contacts. marketing: percent of contacts that offer. then, now: satisfaction two
    years ago and now, in hundredths. late: percent of promises and follow-ups that come late. silent: percent of calls
    nobody takes. tiring: percent of customers who had three offers within the last weeks. new_days: since when they
    look after their customers; before, `before` did. welcome, annoy: percent of answered suggestions that interested,
    and that were refused. used: percent of working days on which they used the system. rates: how many of
    128 conversations end with the customer's rating.
    """

    number: str
    pace: int
    marketing: int
    then: int
    now: int
    late: int
    silent: int
    tiring: int = 0
    new_days: int = DAYS
    before: str = ""
    welcome: int = 25
    annoy: int = 3
    used: int = 90
    rates: int = 30


STYLES = (
    Style("R1001", 210, 22, 452, 486, 4, 10, welcome=24, annoy=3, used=98),
    Style("R1002", 160, 26, 452, 462, 8, 12, welcome=27, annoy=4, used=92),
    Style("R1003", 150, 28, 448, 455, 12, 14, welcome=28, annoy=5, used=95),
    Style("R1004", 95, 30, 440, 440, 14, 15, welcome=22, annoy=6, used=82),
    Style("R1005", 85, 31, 438, 432, 18, 17, welcome=23, annoy=6, used=78),
    # Sells much, and the customers tire of it.
    Style("R1006", 150, 62, 455, 410, 34, 24, tiring=16, welcome=41, annoy=17, used=64),
    Style("R1007", 80, 24, 450, 455, 9, 13, new_days=62, before="R1004", welcome=18, annoy=2, used=97, rates=6),
    Style("R1008", 120, 29, 444, 446, 12, 15, welcome=24, annoy=5, used=88),
)
_OTHERS = Style("", 95, 29, 444, 442, 13, 15)  # of a large bank's further managers, and of the pools

_STYLE_TABLE = (
    "number text PRIMARY KEY, pace int, marketing int, satisfied_then int, satisfied_now int, late int, silent int,"
    " tiring int, new_days int, before_number text, welcome int, annoy int, used int, rates int"
)
_WAYS = """
CREATE TEMP TABLE demo_way ON COMMIT DROP AS
SELECT u.id AS owner_id, u.branch_id, u.employee_number AS number, s.pace, s.marketing, s.satisfied_then,
    s.satisfied_now, s.late, s.silent, s.tiring, s.new_days, s.welcome, s.annoy, s.used, s.rates, before.id AS before_id
FROM staff_user u
JOIN staff_user_groups g ON g.user_id = u.id
JOIN auth_group role ON role.id = g.group_id AND role.name = 'relationship manager'
JOIN demo_style s ON s.number = CASE WHEN u.employee_number IN (SELECT number FROM demo_style)
    THEN u.employee_number ELSE '' END
LEFT JOIN staff_user before ON before.employee_number = s.before_number
"""
# One row a contact. i counts back from the newest; working days alone.
_CONTACTS = """
CREATE TEMP TABLE demo_contact ON COMMIT DROP AS
SELECT customer_id, n, i, owner_id, stage, by_id, kind, on_day, late, silent_percent, rates, h, h2, satisfied,
    ((on_day + make_interval(mins => 545 + ((h2 >> 24) & 511)::int)) AT TIME ZONE %(zone)s) AS at
FROM (
    SELECT *, drawn_day - CASE extract(isodow FROM drawn_day) WHEN 6 THEN 1 WHEN 7 THEN 2 ELSE 0 END AS on_day
    FROM (
        SELECT l.id AS customer_id, l.n, i, w.owner_id, h, h2, coalesce(w.late, 12) AS late,
            coalesce(w.silent, 14) AS silent_percent,
            coalesce(w.rates, 20) AS rates, l.since,
            CASE WHEN l.life = 'owner' THEN 'owner' WHEN l.age >= 60 THEN 'old' WHEN l.age < 36 THEN 'young' ELSE 'grown' END
                AS stage,
            CASE WHEN tired AND i < 3 OR (h & 127) * 100 / 128 < coalesce(w.marketing, 0) THEN 'marketing'
                 WHEN w.owner_id IS NOT NULL AND ((h >> 7) & 127) < 48 THEN 'care' ELSE 'service' END AS kind,
            %(day)s::date - 1 - CASE WHEN tired AND i < 3 THEN 2 + i * 8 + ((h >> 14) & 7)::int
                ELSE (((i + ((h >> 14) & 1023) / 1024.0) * %(days)s) / times)::int END AS drawn_day,
            CASE WHEN w.owner_id IS NULL THEN pool.ids[1 + (h >> 30) %% cardinality(pool.ids)] ELSE w.owner_id END AS by_id,
            coalesce(w.satisfied_then + (w.satisfied_now - w.satisfied_then) * (1 - i / greatest(times, 1.0)), 445) AS satisfied
        FROM demo_life l
        JOIN customers_customer c ON c.id = l.id AND c.status = 'active'
        LEFT JOIN demo_way w ON w.owner_id = c.owner_id
        LEFT JOIN (SELECT branch_id, array_agg(owner_id ORDER BY number) AS ids FROM demo_way
            WHERE before_id IS NULL AND number <> 'R1002' GROUP BY branch_id) pool
            ON pool.branch_id = c.branch_id
        CROSS JOIN LATERAL (
            SELECT pg_temp.draw(l.n, 'tired', 100) < coalesce(w.tiring, 0) AS tired,
                CASE WHEN w.owner_id IS NULL THEN greatest(pg_temp.draw(l.n, 'talks', 4) - 2, 0)
                     WHEN l.dormant THEN 1
                     ELSE greatest(1, (%(least)s + pg_temp.draw(l.n, 'talks', %(spread)s)) * w.pace
                         * CASE WHEN l.target > 50000000 THEN 150 WHEN l.target > 5500000 THEN 120 ELSE 80 END / 10000)
                END AS usual
        ) AS much
        CROSS JOIN LATERAL (SELECT CASE WHEN tired THEN greatest(usual, 5) ELSE usual END AS times) AS counted
        CROSS JOIN LATERAL generate_series(0, times - 1) AS i
        CROSS JOIN LATERAL (
            SELECT hashint8extended(l.n * 256 + i, %(seed)s + 11) & 9223372036854775807 AS h,
                   hashint8extended(l.n * 256 + i, %(seed)s + 12) & 9223372036854775807 AS h2
        ) AS drawn
        WHERE l.n > %(cast)s
    ) AS placed
) AS worked
WHERE on_day > since
"""
# A new manager's customers were another's before; who is on leave is stood in for.
_BY_OTHERS = """
UPDATE demo_contact k SET by_id = CASE WHEN w.number = 'R1002' THEN stand_in.id ELSE w.before_id END
FROM demo_way w, staff_user stand_in
WHERE w.owner_id = k.owner_id AND stand_in.employee_number = 'R1001'
    AND (w.number = 'R1002' AND k.on_day > %(day)s::date - %(leave)s
         OR w.before_id IS NOT NULL AND k.on_day < %(day)s::date - w.new_days)
"""
_INTERACTIONS = """
INSERT INTO interactions_interaction (customer_id, channel, direction, kind, topics, summary, outcome, promise, promise_due,
    promise_kept_at, question, question_answered_at, mood, satisfaction, by_id, at, created_at)
SELECT customer_id, channel, direction, kind, topics, summary, outcome, promise,
    CASE WHEN promise <> '' THEN promised_for END,
    CASE WHEN promise <> '' AND promised_for < %(day)s AND NOT (comes_late AND promised_for > %(day)s::date - 12) THEN
        (least(promised_for + CASE WHEN comes_late THEN 3 ELSE 0 END, %(day)s::date - 1) + time '17:40') AT TIME ZONE %(zone)s
    END,
    question, CASE WHEN question <> '' AND on_day < %(day)s::date - 25 THEN at + interval '2 days' END,
    CASE WHEN NOT talked THEN '' WHEN sounds <> '' THEN sounds WHEN stars = 5 THEN 'pleased' WHEN stars = 4 THEN 'calm' WHEN stars = 3 THEN 'hurried'
         WHEN stars < 3 THEN 'upset' WHEN feels < 120 THEN '' WHEN feels < 205 THEN 'calm' WHEN feels < 238 THEN 'pleased'
         WHEN feels < 251 THEN 'hurried' ELSE 'upset' END,
    stars, by_id, at, at + interval '6 minutes'
FROM (
    SELECT k.*, p.topics, way.channel, CASE WHEN silent THEN q.summary ELSE p.summary END AS summary,
        CASE WHEN silent THEN 'no_answer' WHEN way.channel = 'sms' THEN 'message' ELSE 'talked' END AS outcome,
        CASE WHEN p.incoming THEN 'in' ELSE 'out' END AS direction, talked, p.mood AS sounds,
        ((h >> 34) & 255) AS feels,
        on_day + p.due AS promised_for, ((h >> 42) & 127) * 100 / 128 < late AS comes_late,
        CASE WHEN talked THEN p.promise ELSE '' END AS promise,
        CASE WHEN talked AND ((h >> 50) & 3) > 1 THEN p.question ELSE '' END AS question,
        CASE WHEN talked AND (h2 & 127) < rates THEN greatest(1, least(CASE p.mood WHEN '' THEN 5 ELSE 4 END, round((satisfied + ((h2 >> 8) & 127) * 16 / 10 - 112) / 100.0))::int
            - CASE WHEN satisfied < 400 AND ((h2 >> 16) & 3) = 0 THEN 1 ELSE 0 END) END AS stars
    FROM demo_contact k
    JOIN demo_phrase p ON p.kind = k.kind AND p.stage = k.stage AND p.slot = (pg_temp.draw(k.n, 'phrase', 128) + k.i * 47) & 127
    JOIN demo_phrase q ON q.kind = 'silent' AND q.stage = k.stage AND q.slot = (k.h2 >> 40) & 127
    CROSS JOIN LATERAL (SELECT p.channels[1 + ((k.h >> 56) & 63) %% cardinality(p.channels)] AS channel) AS way
    CROSS JOIN LATERAL (
        SELECT way.channel = 'phone' AND NOT p.incoming AND ((k.h2 >> 48) & 127) * 100 / 128 < k.silent_percent AS silent
    ) AS rung
    CROSS JOIN LATERAL (SELECT NOT silent AND way.channel <> 'sms' AS talked) AS heard
) AS said
ORDER BY at, n, i
"""
_LAST_CONTACTS = """
INSERT INTO interactions_lastcontact (customer_id, at, channel, by_id)
SELECT DISTINCT ON (customer_id) customer_id, at, channel, by_id FROM interactions_interaction
WHERE outcome = 'talked' AND channel IN ('phone', 'wechat', 'visit')
ORDER BY customer_id, at DESC, id DESC
"""


def insert_conversations(cursor: CursorWrapper, *, customers: int, seed: int, day: date) -> int:
    """Write the conversations of everybody in demo_life but the cast; returns how many. Wants pg_temp.draw."""
    _prepare(cursor)
    detailed = customers <= DETAILED
    given: dict[str, Any] = {
        "day": day, "days": DAYS - 2, "seed": seed, "cast": stories.CAST_SIZE, "zone": settings.TIME_ZONE,
        "least": 5 if detailed else 1, "spread": 14 if detailed else 4, "leave": ON_LEAVE_DAYS,
    }  # fmt: skip
    for statement in (_CONTACTS, _BY_OTHERS, "ANALYZE demo_contact"):
        cursor.execute(statement, given if "%(" in statement else None)
    cursor.execute(_INTERACTIONS, given)
    return int(cursor.rowcount)


def keep_last_contacts(cursor: CursorWrapper) -> None:
    """The newest conversation of every customer, once all conversations are written."""
    cursor.execute(_LAST_CONTACTS)


def know_managers(cursor: CursorWrapper) -> None:
    """Make demo_way: how each manager works."""
    for table in ("demo_style", "demo_way"):
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
    cursor.execute(f"CREATE TEMP TABLE demo_style ({_STYLE_TABLE}) ON COMMIT DROP")
    copy_rows(cursor, "demo_style", (), [astuple(style) for style in (*STYLES, _OTHERS)])
    cursor.execute(_WAYS)
    cursor.execute("ANALYZE demo_way")


def _prepare(cursor: CursorWrapper) -> None:
    know_managers(cursor)
    for table in ("demo_phrase", "demo_contact"):
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
    cursor.execute(f"CREATE TEMP TABLE demo_phrase ({phrases.TABLE}) ON COMMIT DROP")
    copy_rows(cursor, "demo_phrase", phrases.COLUMNS, phrases.phrase_rows())
    cursor.execute("ANALYZE demo_phrase")
