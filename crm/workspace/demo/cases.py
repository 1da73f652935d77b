"""What is known of the demo's complaints as cases, the bank's contact rules, and when customers wish to be left alone."""

from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper

from crm.workspace.demo.stories import CAST_SIZE

# (words of a complaint, what it is of, how severe)
KINDS = (
    ("排队", "queue", "medium"),
    ("态度", "attitude", "low"),
    ("两次说的", "attitude", "low"),
    ("年费", "fees", "low"),
    ("手续费", "fees", "medium"),
    ("利息少了", "fees", "medium"),
    ("盗刷", "system", "high"),
    ("理财亏损", "product", "high"),
    ("推销", "privacy", "medium"),
    ("差点违约", "product", "high"),
    ("手机银行", "system", "medium"),
    ("自助机", "system", "medium"),
    ("冻结", "system", "medium"),
)
_KINDS = """
UPDATE interactions_complaint k
SET category = coalesce(f.category, 'other'), severity = coalesce(f.severity, 'medium'),
    via = (ARRAY['visit', 'phone', 'visit', 'wechat', 'app', 'phone', 'survey'])[1 + mod(k.id, 7)::int],
    confirmation = CASE WHEN k.state = 'open' THEN '' WHEN mod(k.id, 13) = 4 THEN 'unreachable' ELSE 'confirmed' END,
    confirmed_at = CASE WHEN k.state <> 'open' AND mod(k.id, 13) <> 4 THEN k.closed_at END,
    confirmed_via = CASE WHEN k.state = 'open' OR mod(k.id, 13) = 4 THEN '' WHEN mod(k.id, 3) = 0 THEN 'visit'
        ELSE 'phone' END,
    tries = CASE WHEN k.state <> 'open' AND mod(k.id, 13) = 4 THEN 3 END,
    unreachable_reason = CASE WHEN k.state <> 'open' AND mod(k.id, 13) = 4 THEN '三次电话无人接听，短信未回' ELSE '' END
FROM interactions_complaint o
LEFT JOIN LATERAL (
    SELECT category, severity FROM unnest(%(words)s::text[], %(categories)s::text[], %(severities)s::text[])
        WITH ORDINALITY AS k (word, category, severity, place)
    WHERE position(word IN o.text) > 0 ORDER BY place LIMIT 1) AS f ON true
WHERE o.id = k.id
"""
_STEPS = """
INSERT INTO interactions_complaintstep (complaint_id, kind, text, person_id, due, level, at, by_id)
SELECT id, kind, text, person_id, due, '', at, by_id FROM (
    SELECT k.id, 1 AS place, 'received' AS kind, '' AS text, k.handler_id AS person_id, k.due, k.received_at AS at,
        coalesce(k.handler_id, k.acknowledged_by_id) AS by_id FROM interactions_complaint k
    UNION ALL
    SELECT k.id, 2, 'note', (%(notes)s::text[])[1 + mod(k.id, %(note_count)s)::int], NULL, NULL,
        k.received_at + interval '1 day 3 hours', k.handler_id
    FROM interactions_complaint k
    WHERE k.received_at + interval '1 day 3 hours' < coalesce(k.closed_at, %(day)s::date::timestamp AT TIME ZONE %(zone)s)
    UNION ALL
    SELECT k.id, 3, 'closed', k.ending, NULL, NULL, k.closed_at, k.handler_id
    FROM interactions_complaint k WHERE k.closed_at IS NOT NULL
    UNION ALL
    SELECT k.id, 4, 'acknowledged', '', NULL, NULL, k.acknowledged_at, k.acknowledged_by_id
    FROM interactions_complaint k WHERE k.acknowledged_at IS NOT NULL) AS steps
ORDER BY id, place
"""
NOTES = (
    "已致电客户了解经过，答应三天内给答复。",
    "调取当日录像和叫号记录，情况属实。",
    "请运营部协助核对流水，等书面回复。",
    "当事柜员已说明经过，与录像一致。",
    "和客户约好周五下午到支行当面谈。",
)
_RULES = """
WITH made AS (
    INSERT INTO interactions_contactrules (cap, unlimited, days, rest_days, quiet_from, quiet_until, reason, at)
    SELECT 3, false, 30, 45, %(quiet_from)s, %(quiet_until)s, '总行客户联系规范（初版）',
        (%(day)s::date - 200)::timestamp AT TIME ZONE %(zone)s RETURNING id)
INSERT INTO interactions_contactlimit (rules_id, channel, cap, unlimited, days)
SELECT id, 'sms', 2, false, 30 FROM made
"""
_WISHES = """
INSERT INTO interactions_contactwish (customer_id, quiet_from, quiet_until, time_zone, changed_at, by_id)
SELECT l.id, (ARRAY['19:00', '20:00', '12:00'])[1 + mod(l.n, 3)::int]::time,
    (ARRAY['10:00', '09:30', '14:00'])[1 + mod(l.n, 3)::int]::time, '',
    (%(day)s::date - 20)::timestamp AT TIME ZONE %(zone)s, NULL
FROM demo_life l JOIN customers_customer c ON c.id = l.id AND c.status = 'active'
WHERE l.n > %(cast)s AND pg_temp.draw(l.n, 'wishes quiet', 100) < 3
ORDER BY l.n
"""


def insert_cases(cursor: CursorWrapper, day: Any) -> None:
    """Make cases of the complaints written before, and set the contact rules and wishes."""
    words, categories, severities = zip(*KINDS, strict=True)
    given = {
        "day": day, "zone": settings.TIME_ZONE, "cast": CAST_SIZE, "words": list(words),
        "categories": list(categories), "severities": list(severities), "notes": list(NOTES),
        "note_count": len(NOTES), "quiet_from": settings.QUIET_FROM, "quiet_until": settings.QUIET_UNTIL,
    }  # fmt: skip
    for statement in (_KINDS, _STEPS, _RULES, _WISHES):
        cursor.execute(statement, given)
