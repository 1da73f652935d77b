"""Complaints, refusals, pauses, and the follow-ups that managers planned and kept, or did not."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper

from crm.workspace.demo import stories
from crm.workspace.demo.population import copy_rows

SPAN = 720  # days of complaints told of

# (topic, what was complained of, how it ended, what to offer next time)
COMPLAINTS = (
    ("service", "排队超过四十分钟，叫号机还跳号，大堂没人管。", "主管致电道歉，叫号机已修好，高峰时段加派大堂引导。", "预约窗口，到店不排队"),
    ("service", "跑了两趟，两次说的材料不一样。", "核实为新员工解释有误，已道歉并当天办结，材料清单改为书面。", "来之前先发材料清单"),
    ("service", "柜员态度冷淡，问一句答一句。", "支行负责人当面致歉，柜员已参加服务培训。", "由客户经理陪同办理"),
    ("card", "年费说好免，还是扣了。", "核实后退回年费，已设刷卡次数提醒。", "年费到期前提醒一次"),
    ("card", "信用卡被盗刷后一周没人回电话。", "已全额垫付并换卡，说明了调查进度。", "专人跟进，每周告知进度"),
    ("card", "分期手续费和电话里讲的不一样。", "调听录音后退还差额，话术已更正。", "费用先发书面说明"),
    ("wealth", "理财亏损没有提前说清楚。", "当面重看了说明书和录像，客户接受解释；以后每月发净值。", "每月发一次净值情况"),
    ("wealth", "电话太频繁，一周打了三次推销。", "已登记不接受电话营销，近期不再联系。", "只谈他来问的事"),
    ("loan", "提前还款预约了一个月还没排上。", "协调额度后次周办结，已致歉。", "还款当天专人办理"),
    ("loan", "放款比承诺晚了五天，差点违约。", "承担了客户的滞纳金，流程时限已写进清单。", "时限写成书面"),
    ("deposit", "定期没有自动转存，利息少了。", "说明签约选项，按规则补不了利息，送了到期提醒服务。", "到期前一周提醒"),
    ("fx", "境外刷卡被冻结，联系不上人工。", "已解冻并说明风控原因，开通行程报备。", "出行前先报备行程"),
    ("service", "自助机吞卡，等了两个小时才取出来。", "设备已更换，当面致歉。", "专人陪同用机"),
    ("service", "手机银行升级后一直闪退，转账耽误了。", "技术核实为旧机型兼容，已协助在柜面办理。", "急用时可走绿色窗口"),
    ("service", "跨行手续费多收了，要求退还。", "财务核对后退回，已短信告知。", "到账后再致电确认"),
)  # fmt: skip
REASONS = ("最近不考虑", "已在他行购买", "不想承担波动", "钱要留着用", "电话太多，请别再提")
PLANS = (
    "约好再谈到期的安排",
    "回访上次办理的业务",
    "问候近况，先不谈产品",
    "材料齐了请来办",
    "孩子考完试再联系",
    "他说月底有空，先通个电话",
)

_COMPLAINTS = """
CREATE TEMP TABLE demo_complaint ON COMMIT DROP AS
SELECT l.id AS customer_id, l.n, c.owner_id, c.branch_id, w.number AS manager,
    greatest(c.since, %(day)s::date - 15 - pg_temp.draw(l.n, 'complained', %(span)s)) AS on_day,
    1 + pg_temp.draw(l.n, 'closed after', 12) + CASE WHEN pg_temp.draw(l.n, 'slow', 100) < 7 THEN 8 ELSE 0 END
        + CASE WHEN w.number = 'R1006' THEN 3 ELSE 0 END AS took,
    pg_temp.draw(l.n, 'complaint', %(kinds)s) AS slot, pg_temp.draw(l.n, 'stars', 100) AS stars,
    pg_temp.draw(l.n, 'about', 100) < CASE WHEN w.number = 'R1006' THEN 60 ELSE 10 END AS about_owner
FROM demo_life l JOIN customers_customer c ON c.id = l.id AND c.status = 'active'
LEFT JOIN demo_way w ON w.owner_id = c.owner_id
WHERE l.n > %(cast)s AND NOT l.dormant AND pg_temp.draw(l.n, 'complains', 1000) < CASE WHEN w.number = 'R1006' THEN 90 ELSE %(share)s END
"""
# Of the first who never complained: days ago, whose customer. One is due soon, one is late, some have just come in.
_FRESH = """
INSERT INTO demo_complaint
SELECT customer_id, n, owner_id, branch_id, number, %(day)s::date - ago, 99, mod(at * 4 + 1, %(kinds)s), 0, false
FROM (
    SELECT l.id AS customer_id, l.n, c.owner_id, c.branch_id, w.number, fresh.ago, fresh.at,
        row_number() OVER (PARTITION BY fresh.at ORDER BY l.n) AS place, fresh.place AS wanted
    FROM (VALUES (1, 'R1001', 12, 3), (2, 'R1006', 18, 1), (3, 'R1003', 2, 1), (4, 'R1005', 6, 1), (5, 'R1006', 9, 2),
        (6, 'R1004', 4, 1)) AS fresh (at, number, ago, place)
    JOIN demo_way w ON w.number = fresh.number
    JOIN customers_customer c ON c.owner_id = w.owner_id AND c.status = 'active'
    JOIN demo_life l ON l.id = c.id AND l.n BETWEEN %(cast)s + 1 AND 4000 AND NOT l.dormant
    WHERE NOT EXISTS (SELECT 1 FROM demo_complaint k WHERE k.customer_id = l.id)
) AS found WHERE place = wanted
"""
_WRITE_COMPLAINTS = """
INSERT INTO interactions_complaint (customer_id, number, text, received_at, due, about_id, handler_id, state, closed_at,
    ending, offer, satisfaction, acknowledged_at, acknowledged_by_id)
SELECT customer_id, 'TS-' || to_char(on_day, 'YYYYMMDD') || '-'
        || lpad((10 + row_number() OVER (PARTITION BY on_day ORDER BY n))::text, 4, '0'),
    d.text, on_day::timestamp AT TIME ZONE %(zone)s + make_interval(mins => 560 + stars * 4), on_day + 15,
    CASE WHEN about_owner THEN owner_id END, CASE WHEN about_owner OR owner_id IS NULL THEN head.id ELSE owner_id END,
    CASE WHEN closed THEN 'closed' ELSE 'open' END, closed_at, CASE WHEN closed THEN d.ending ELSE '' END,
    CASE WHEN closed THEN d.offer ELSE '' END,
    CASE WHEN NOT closed OR stars >= 72 THEN NULL WHEN manager = 'R1006' THEN 1 + stars %% 3
         WHEN stars < 6 THEN 2 WHEN stars < 26 THEN 3 WHEN stars < 54 THEN 4 ELSE 5 END,
    CASE WHEN greeted THEN closed_at + interval '2 days' END, CASE WHEN greeted THEN coalesce(owner_id, head.id) END
FROM demo_complaint k
JOIN demo_grievance d ON d.slot = k.slot
JOIN staff_branch b ON b.id = k.branch_id
CROSS JOIN LATERAL (SELECT on_day + took < %(day)s AS closed) AS ended
CROSS JOIN LATERAL (SELECT CASE WHEN closed THEN (on_day + took)::timestamp AT TIME ZONE %(zone)s + interval '16 hours'
    END AS closed_at) AS moment
CROSS JOIN LATERAL (SELECT closed AND on_day + took < %(day)s::date - 3 AND k.stars %% 16 <> 3 AS greeted) AS met
CROSS JOIN staff_user head
WHERE head.employee_number = CASE WHEN b.code LIKE '01%%' THEN 'S2001' ELSE 'S2002' END
ORDER BY on_day, n
"""
# A few refused a topic, of whom some twice: it rests for 45 days, then for 90.
_REFUSALS = """
INSERT INTO interactions_refusal (customer_id, topic, reason, at, until, by_id)
SELECT customer_id, topic, (%(reasons)s::text[])[1 + pg_temp.draw(n, 'why not', %(reason_count)s)],
    on_day::timestamp AT TIME ZONE %(zone)s + interval '10 hours 40 minutes', on_day + 45 * (1 + already), owner_id
FROM (
    SELECT l.id AS customer_id, l.n, c.owner_id, l.since, already,
        (ARRAY['fund', 'wealth', 'insurance', 'card', 'loan', 'fund'])[1 + pg_temp.draw(l.n, 'refuses what', 6)] AS topic,
        %(day)s::date - 2 - pg_temp.draw(l.n, 'refused on', 70) - CASE WHEN already = 0 THEN 80 ELSE 0 END * twice::int AS on_day
    FROM demo_life l JOIN customers_customer c ON c.id = l.id AND c.status = 'active'
    JOIN demo_way w ON w.owner_id = c.owner_id
    CROSS JOIN LATERAL (SELECT pg_temp.draw(l.n, 'refuses twice', 100) < 18 AS twice) AS again
    CROSS JOIN generate_series(0, twice::int) AS already
    WHERE l.n > %(cast)s AND pg_temp.draw(l.n, 'refuses', 100) < CASE WHEN w.number = 'R1006' THEN 16 ELSE 5 END
) AS refused
WHERE on_day > since
ORDER BY on_day, n
"""
_PAUSES = """
INSERT INTO interactions_pause (customer_id, reason, since, until, by_id)
SELECT l.id, (ARRAY['personal', 'bereavement', 'wish'])[1 + pg_temp.draw(l.n, 'pause why', 3)], %(day)s::date - ago,
    %(day)s::date - ago + 90, c.owner_id
FROM demo_life l JOIN customers_customer c ON c.id = l.id AND c.status = 'active' AND c.owner_id IS NOT NULL
CROSS JOIN LATERAL (SELECT 4 + pg_temp.draw(l.n, 'paused', 60) AS ago) AS since
WHERE l.n > %(cast)s AND pg_temp.draw(l.n, 'pauses', 1000) < 9
ORDER BY l.n
"""
_REMINDER = """
INSERT INTO interactions_reminder (customer_id, assignee_id, made_by_id, kind, cause, due, priority, values, at_time, text,
    state, snooze_reason, outcome, ended_at, ended_by_id, touched_at, later, created_at)
"""
# What was promised is kept in mind; of what was kept, the last three months.
_PROMISES = (
    _REMINDER
    + """
SELECT i.customer_id, c.owner_id, i.by_id, 'promise', 'promise:' || i.id, i.promise_due, 2,
    jsonb_build_object('channel', i.channel, 'on', to_char(i.at AT TIME ZONE %(zone)s, 'YYYY-MM-DD')), NULL, i.promise,
    CASE WHEN i.promise_kept_at IS NULL THEN 'open' ELSE 'done' END, '',
    CASE WHEN i.promise_kept_at IS NULL THEN '' ELSE '已兑现' END, i.promise_kept_at,
    CASE WHEN i.promise_kept_at IS NOT NULL THEN i.by_id END, i.at, false, i.at
FROM interactions_interaction i JOIN customers_customer c ON c.id = i.customer_id AND c.owner_id IS NOT NULL
WHERE i.promise <> '' AND (i.promise_kept_at IS NULL OR i.promise_kept_at > %(day)s::date - 90)
ORDER BY i.id
"""
)
# The contacts of the last three months that a manager had planned.
_KEPT = (
    _REMINDER
    + """
SELECT k.customer_id, k.owner_id, k.owner_id, 'follow_up', md5('kept ' || k.n || '-' || k.i), on_day - delay, 3, '{}', NULL,
    (%(plans)s::text[])[1 + ((k.h2 >> 30) %% %(plan_count)s)::int], 'done', '', '已联系', k.at, k.by_id, k.at, false,
    k.at - interval '14 days'
FROM demo_contact k
CROSS JOIN LATERAL (SELECT CASE WHEN ((k.h2 >> 52) & 127) * 100 / 128 < k.late THEN 2 + (k.n %% 5)::int ELSE 0 END AS delay) AS came
WHERE k.owner_id IS NOT NULL AND k.on_day > %(day)s::date - 90
ORDER BY k.at, k.n, k.i
"""
)
# What is planned next: some of it today, some of it overdue where the manager is not punctual.
_PLANNED = (
    _REMINDER
    + """
SELECT l.id, c.owner_id, c.owner_id, 'follow_up', md5('plan' || l.n), %(day)s::date + ahead, 3,
    jsonb_build_object('on', to_char(%(day)s::date - 6, 'YYYY-MM-DD'), 'by', u.display_name),
    CASE WHEN ahead = 0 AND pg_temp.draw(l.n, 'timed', 2) = 0 THEN make_time(9 + pg_temp.draw(l.n, 'hour', 8), 30, 0) END,
    (%(plans)s::text[])[1 + pg_temp.draw(l.n, 'plan', %(plan_count)s)], 'open', '', '', NULL::timestamptz, NULL::bigint,
    (%(day)s::date - 6)::timestamp AT TIME ZONE %(zone)s + interval '9 hours', false,
    (%(day)s::date - 6)::timestamp AT TIME ZONE %(zone)s + interval '9 hours'
FROM demo_life l JOIN customers_customer c ON c.id = l.id AND c.status = 'active'
JOIN demo_way w ON w.owner_id = c.owner_id
JOIN staff_user u ON u.id = c.owner_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN pg_temp.draw(l.n, 'behind', 100) < w.late * 8 / 10 THEN -1 - pg_temp.draw(l.n, 'days behind', 9)
        ELSE greatest(pg_temp.draw(l.n, 'days ahead', 36) - 2, 0) END AS ahead) AS due
WHERE l.n > %(cast)s AND NOT l.dormant AND pg_temp.draw(l.n, 'planned', 100) < 48
ORDER BY l.n
"""
)


def insert_troubles(cursor: CursorWrapper, *, customers: int, day: date) -> None:
    """Write complaints, refusals and pauses of everybody but the cast. Wants `insert_conversations` before."""
    for table in ("demo_complaint", "demo_grievance"):
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
    cursor.execute(
        "CREATE TEMP TABLE demo_grievance (slot int, topic text, text text, ending text, offer text) ON COMMIT DROP"
    )
    copy_rows(cursor, "demo_grievance", (), [(slot, *row) for slot, row in enumerate(COMPLAINTS)])
    given: dict[str, Any] = {
        "day": day, "cast": stories.CAST_SIZE, "span": SPAN, "kinds": len(COMPLAINTS), "zone": settings.TIME_ZONE,
        "share": 34 if customers < 10_000 else 20, "reasons": list(REASONS), "reason_count": len(REASONS),
    }  # fmt: skip
    for statement in (_COMPLAINTS, _FRESH, _WRITE_COMPLAINTS, _REFUSALS, _PAUSES):
        cursor.execute(statement, given)


def insert_plans(cursor: CursorWrapper, *, day: date) -> None:
    """Write the promises kept in mind and what is planned. Wants all conversations, the cast's too."""
    given = {
        "day": day, "cast": stories.CAST_SIZE, "zone": settings.TIME_ZONE, "plans": list(PLANS), "plan_count": len(PLANS),
    }  # fmt: skip
    for statement in (_PROMISES, _KEPT, _PLANNED):
        cursor.execute(statement, given)
