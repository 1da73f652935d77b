"""What customers did themselves: sessions on the channels, a few of them still warm."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.db.backends.utils import CursorWrapper

from crm.workspace.demo import stories
from crm.workspace.demo.draw import slots
from crm.workspace.demo.population import copy_rows
from interactions.identities import external

DETAILED = 10_000  # customers up to which every session is told
SLOTS = 128
SPAN = 240  # days told of
HOT_DAYS = 3

Step = tuple[str, str, str, int, int]  # kind, topic, subject, seconds, yuan (0: none)
# (channel, whom it befits: by age from and to, weight, the steps of one session)
SESSIONS: tuple[tuple[str, int, int, int, tuple[Step, ...]], ...] = (
    ("mobile", 16, 64, 9, (("login", "", "", 0, 0), ("viewed", "deposit", "账户明细", 40, 0))),
    ("mobile", 20, 64, 7, (("viewed", "wealth", "稳健固收理财", 95, 0), ("viewed", "wealth", "稳健固收理财的赎回规则", 140, 0))),
    ("mobile", 24, 55, 4, (("viewed", "house", "个人住房贷款利率", 120, 0), ("calculated", "house", "房贷月供试算", 260, 1_200_000))),
    ("mobile", 22, 55, 4, (("viewed", "loan", "消费贷款", 80, 0), ("calculated", "loan", "消费贷款月供试算", 150, 100_000))),
    ("mobile", 22, 50, 1, (("viewed", "loan", "消费贷款", 60, 0), ("applied", "loan", "消费贷款", 420, 80_000))),
    ("mobile", 20, 60, 5, (("viewed", "fund", "指数基金定投", 110, 0), ("calculated", "fund", "定投计算器", 90, 500))),
    ("mobile", 25, 60, 4, (("viewed", "pension", "个人养老金", 130, 0), ("calculated", "pension", "养老金抵税试算", 120, 12_000))),
    ("mobile", 18, 60, 5, (("viewed", "card", "信用卡账单", 50, 0), ("viewed", "card", "账单分期", 70, 0))),
    ("mobile", 22, 60, 3, (("viewed", "fx", "外币牌价", 45, 0), ("calculated", "fx", "购汇试算", 60, 20_000))),
    ("mobile", 22, 60, 1, (("limit_raised", "fx", "境外消费限额", 60, 0),)),
    ("mobile", 28, 50, 2, (("viewed", "education", "教育储蓄", 100, 0), ("calculated", "education", "教育金计算器", 140, 200_000))),
    ("mobile", 30, 60, 2, (("viewed", "insurance", "少儿保障保险", 150, 0),)),
    ("mobile", 16, 60, 2, (("joined", "activity", "步数换积分", 0, 0),)),
    ("mobile", 16, 50, 2, (("joined", "activity", "看懂利率小课堂", 300, 0),)),
    ("web", 30, 70, 4, (("login", "", "", 0, 0), ("viewed", "deposit", "大额存单利率", 90, 0), ("viewed", "deposit", "大额存单利率", 60, 0))),
    ("web", 28, 64, 2, (("login", "", "", 0, 0), ("viewed", "business", "小微经营贷", 160, 0))),
    ("web", 26, 60, 1, (("viewed", "business", "代发工资服务", 120, 0), ("asked", "business", "代发工资的手续费", 0, 0))),
    ("wechat", 18, 70, 4, (("viewed", "activity", "网点周末活动", 30, 0),)),
    ("wechat", 18, 80, 3, (("asked", "service", "网点几点开门", 0, 0),)),
    ("wechat", 25, 70, 3, (("viewed", "wealth", "风险等级怎么看", 75, 0),)),
    ("wechat", 18, 60, 2, (("asked", "card", "信用卡账单日", 0, 0),)),
    ("atm", 18, 90, 6, (("transaction", "deposit", "取现", 90, 2_000),)),
    ("atm", 18, 90, 3, (("transaction", "deposit", "存现", 120, 3_000),)),
    ("branch", 30, 90, 5, (("queued", "service", "个人业务窗口", 900, 0), ("transaction", "deposit", "定期转存", 600, 20_000))),
    ("branch", 55, 90, 4, (("queued", "service", "个人业务窗口", 1500, 0), ("transaction", "deposit", "领取养老金", 240, 3_000))),
    ("branch", 55, 90, 2, (("joined", "fraud", "防诈骗讲座", 3600, 0),)),
    ("branch", 28, 50, 1, (("joined", "activity", "亲子财商课堂", 5400, 0),)),
    ("phone", 40, 90, 3, (("asked", "service", "转账限额怎么调整", 260, 0),)),
    ("phone", 50, 90, 3, (("asked", "fraud", "核实陌生来电", 180, 0),)),
)  # fmt: skip
AGES = (16, 25, 35, 55, 65)  # lower ends of the ages that share a table of sessions

# The hot ones: of the last days, several looks one after another.
_HOT = (6, 3, 2, 5, 15, 1, 4, 9)
_LOOKS = 3

_TABLE = (
    "ages int, slot int, session int, step int, channel text, kind text, topic text, subject text, seconds int,"
    " amount bigint, PRIMARY KEY (ages, slot, step)"
)
_EVENTS = """
INSERT INTO interactions_channelevent (customer_id, channel, external_tail, kind, topic, subject, seconds, amount, at, reference)
SELECT customer_id, channel, '', kind, topic, subject, nullif(seconds * (60 + ((h >> 20) & 63)) / 100, 0)::int,
    nullif(amount * (50 + ((h >> 26) & 127)), 0), at + make_interval(secs => step * 210 + ((h >> 40) & 63)::int),
    'D' || n || '-' || s || '-' || step
FROM (
    SELECT k.*, j.step, j.channel, j.kind, j.topic, j.subject, j.seconds, j.amount,
        ((on_day + CASE WHEN j.channel IN ('branch', 'phone') THEN time '09:20' WHEN j.channel = 'atm' THEN time '08:10'
            ELSE time '12:15' END) AT TIME ZONE %(zone)s) + make_interval(mins => ((h >> 32) & 511)::int %%
            CASE WHEN j.channel IN ('branch', 'phone') THEN 420 ELSE 512 END) AS at
    FROM (
        SELECT l.id AS customer_id, l.n, l.since, s, h, warm,
            CASE WHEN l.age < 25 THEN 16 WHEN l.age < 35 THEN 25 WHEN l.age < 55 THEN 35 WHEN l.age < 65 THEN 55 ELSE 65 END
                + CASE WHEN warm AND s = 0 THEN 1000 ELSE 0 END AS ages,
            %(day)s::date - 1 - CASE WHEN warm AND s = 0 THEN ((h >> 8) & 1023) %% %(hot)s
                ELSE 4 + ((s + ((h >> 8) & 1023) / 1024.0) * (%(span)s - 6) / times)::int END::int AS on_day
        FROM demo_life l
        JOIN customers_customer c ON c.id = l.id AND c.status = 'active'
        CROSS JOIN LATERAL (
            SELECT pg_temp.draw(l.n, 'warm', 1000) < %(warm)s AND l.age BETWEEN 20 AND 64 AS warm,
                CASE WHEN l.dormant THEN 0 ELSE
                    pg_temp.draw(l.n, 'sessions', %(spread)s) * CASE WHEN l.age < 55 THEN 3 ELSE 2 END / 3 END AS usual) AS much
        CROSS JOIN LATERAL (SELECT CASE WHEN warm THEN greatest(usual, 1) ELSE usual END AS times) AS counted
        CROSS JOIN LATERAL generate_series(0, times - 1) AS s
        CROSS JOIN LATERAL (
            SELECT hashint8extended(l.n * 256 + s, %(seed)s + 21) & 9223372036854775807 AS h) AS drawn
        WHERE l.n > %(cast)s
    ) AS k
    JOIN demo_journey j ON j.ages = k.ages AND j.slot = k.h & 127
) AS lived
WHERE on_day > since
ORDER BY at, n, s, step
"""
# Names that no channel has told the bank yet; they wait to be recognised.
_UNKNOWN = (
    ("wechat", "wx_xiaoyu_8816", ("asked", "house", "二手房贷款需要多久", 0, 0), 1),
    ("wechat", "wx_xiaoyu_8816", ("viewed", "house", "个人住房贷款利率", 90, 0), 1),
    ("wechat", "wx_laochen2071", ("asked", "service", "周末能不能办卡", 0, 0), 2),
    ("mobile", "device-7f3a90c2", ("viewed", "wealth", "稳健固收理财", 140, 0), 1),
    ("mobile", "device-7f3a90c2", ("viewed", "wealth", "稳健固收理财的赎回规则", 80, 0), 1),
    ("web", "u20934417", ("applied", "loan", "消费贷款", 380, 60_000), 2),
    ("phone", "02154380917", ("asked", "fraud", "核实陌生来电", 200, 0), 3),
)
# (customer of the cast, channel, the name by which it knows them)
_KNOWN = ((1, "wechat", "wx_zhangwm_1979"), (1, "mobile", "device-zhang-0001"), (2, "wechat", "wx_lijing_88"),
          (2, "mobile", "device-lijing-0002"), (4, "mobile", "device-zhouming-0004"), (8, "wechat", "wx_wanglei_bb"))  # fmt: skip


def insert_journeys(cursor: CursorWrapper, *, customers: int, seed: int, day: date) -> int:
    """Write the channel events of everybody in demo_life but the cast, and a few of nobody; returns how many."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.demo_journey")
    cursor.execute(f"CREATE TEMP TABLE demo_journey ({_TABLE}) ON COMMIT DROP")
    copy_rows(cursor, "demo_journey", (), _rows())
    cursor.execute("ANALYZE demo_journey")
    detailed = customers <= DETAILED
    given: dict[str, Any] = {
        "day": day, "seed": seed, "span": SPAN, "hot": HOT_DAYS, "cast": stories.CAST_SIZE, "zone": settings.TIME_ZONE,
        "spread": 11 if detailed else 3, "warm": 40 if detailed else 12,
    }  # fmt: skip
    cursor.execute(_EVENTS, given)
    written = int(cursor.rowcount)
    _insert_names(cursor, day)
    return written + len(_UNKNOWN)


def _rows() -> Iterator[tuple[object, ...]]:
    """(ages, slot, session, step, ...): the sessions that befit an age, by weight; ages + 1000 are the hot ones."""
    for ages in AGES:
        fitting = {str(at): float(weight) for at, (_c, least, most, weight, _s) in enumerate(SESSIONS)
                   if least <= ages + 8 and ages + 4 <= most}  # fmt: skip
        for slot, at in enumerate(slots(fitting, SLOTS)):
            yield from _steps(ages, slot, int(at), SESSIONS[int(at)][4])
        for slot in range(SLOTS):
            hot = _HOT[slot % len(_HOT)]
            looks = tuple(SESSIONS[hot][4][0] for _look in range(_LOOKS))
            yield from _steps(ages + 1000, slot, hot, (*looks, *SESSIONS[hot][4][1:]))


def _steps(ages: int, slot: int, at: int, steps: tuple[Step, ...]) -> Iterator[tuple[object, ...]]:
    for step, (kind, topic, subject, seconds, yuan) in enumerate(steps):
        yield ages, slot, at, step, SESSIONS[at][0], kind, topic, subject, seconds, yuan


def _insert_names(cursor: CursorWrapper, day: date) -> None:
    for at, (channel, name, (kind, topic, subject, seconds, yuan), ago) in enumerate(_UNKNOWN):
        index, tail = external(channel, name)
        cursor.execute(
            "INSERT INTO interactions_channelevent (channel, external_index, external_tail, kind, topic, subject, seconds,"
            " amount, at, reference) VALUES (%s, %s, %s, %s, %s, %s, %s, %s,"
            " (%s::date - %s + make_time(15, %s, 0)) AT TIME ZONE %s, %s)",
            [channel, index, tail, kind, topic, subject, seconds or None, yuan * 100 or None, day, ago, at * 4,
             settings.TIME_ZONE, f"U{at:04}"],
        )  # fmt: skip
    for n, channel, name in _KNOWN:
        index, tail = external(channel, name)
        cursor.execute(
            "INSERT INTO interactions_channelidentity (customer_id, channel, external_index, external_tail, verified_at)"
            f" VALUES ({stories.CUSTOMER}, %s, %s, %s, (%s::date - 200)::timestamp AT TIME ZONE %s)",
            [n, channel, index, tail, day, settings.TIME_ZONE],
        )
