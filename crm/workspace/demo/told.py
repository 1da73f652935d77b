"""The cast's own conversations, looks and follow-ups: what the product's stories tell of, dated from the demo's day.

| n  | who    | what was said |
|----|--------|---------------|
| 1  | 张伟明 | queued for 52 minutes, complained, 3 of 5, not yet met since; a promise due today; an open question; a mortgage looked at |
| 2  | 李静   | travels for business; raised her limit abroad last week |
| 3  | 梁启东 | saves every month, for something he has not named |
| 4  | 周明   | has moved in; a child of two |
| 5  | 陈宇航 | hires people; asks for a loan on receipts |
| 6  | 郑秀英 | once asked about a fund far too risky for her |
| 7  | 曹志远 | busy, large orders |
| 8  | 王蕾   | a daughter was born |
| 9  | 单晓明 | waits for a calculation promised two days ago |
| 10 | 赵国强 | retires soon; asks for the pension by the month or at once |
| 16 | 冯雅琴 | waits for a list promised for yesterday |
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.backends.utils import CursorWrapper

from crm.workspace.demo.stories import CUSTOMER, YUAN

USER = "(SELECT id FROM staff_user WHERE employee_number = %s)"
Moment = Callable[[int, str], datetime]


@dataclass(frozen=True)
class Talk:
    """One conversation. ago: days before the demo's day. due: days after that day until which it was promised."""

    n: int
    ago: int
    at: str
    channel: str
    summary: str
    topics: tuple[str, ...]
    kind: str = "service"
    by: str = "R1001"
    incoming: bool = False
    outcome: str = "talked"
    mood: str = ""
    satisfaction: int | None = None
    promise: str = ""
    due: int | None = None
    question: str = ""


TALKS = (
    Talk(1, 164, "10:20", "phone", "问大额存单能不能提前支取，讲了部分支取的算法。", ("deposit",), incoming=True, mood="calm"),
    Talk(1, 98, "14:10", "phone", "介绍指数基金定投，他说基金不懂也不想碰。", ("fund",), "marketing", mood="hurried"),
    Talk(1, 58, "14:00", "visit", "和女儿一起参加亲子财商课堂，聊到女儿明年中考。", ("activity", "family"), "care", mood="pleased",
         satisfaction=5),
    Talk(1, 24, "10:15", "phone", "再提定投，当即打断：“基金别再跟我说了。”以后不谈。", ("fund",), "marketing", mood="hurried"),
    Talk(1, 12, "11:35", "visit", "排队 52 分钟，当天 3 个窗口只开 1 个，请的是半天假，很不高兴，要求给说法。", ("service",), incoming=True,
         mood="upset"),
    Talk(1, 11, "10:20", "phone", "主管致歉，说明当天开窗不足的原因，承诺以后来前说一声就留优先窗口。", ("service",), "care", by="S2001",
         mood="hurried"),
    Talk(1, 6, "16:05", "phone", "回访投诉处理，他说“别再让我等就行”，给 3 分；接着谈了定期到期的安排。", ("service", "deposit"),
         mood="calm", promise="到期前把三种续存方案发给您看", due=0, question="公积金能不能和商贷组合？"),
    Talk(2, 140, "11:10", "wechat", "第一次出差新加坡，问境外刷卡手续费。", ("fx", "card"), incoming=True, mood="calm"),
    Talk(2, 66, "15:30", "wechat", "又要去新加坡两周，问购汇单据，帮她列了清单。", ("fx",), incoming=True, mood="pleased", satisfaction=5),
    Talk(2, 28, "10:40", "phone", "出差回来，说境外消费短信有时收不到，已更新手机号。", ("card", "service"), mood="calm"),
    Talk(2, 4, "17:20", "wechat", "说下季度每月都要去新加坡，额度已经自己调高，想问问出国用卡怎么更省。", ("fx", "card"), incoming=True,
         mood="pleased", question="境外租车押金能不能用储蓄卡？"),
    Talk(3, 203, "16:40", "phone", "每月都存三千，问零存整取中途要用钱怎么办，说明按活期计息。", ("deposit",), incoming=True, mood="calm"),
    Talk(3, 63, "12:40", "wechat", "问候，说学校忙。提到一直在为一件事攒钱，没有细说。", ("deposit", "family"), "care", mood="calm",
         satisfaction=4),
    Talk(4, 152, "10:00", "visit", "来签房贷合同，首付是两家父母一起凑的，月供打算自己扛。", ("house", "loan"), incoming=True,
         mood="pleased", satisfaction=5),
    Talk(4, 42, "14:30", "visit", "搬进新家了，孩子两岁，媳妇想换个离家近的工作。没有谈产品。", ("house", "family"), "care", mood="pleased",
         satisfaction=5),
    Talk(5, 96, "11:00", "visit", "工作室接了两单模具，想招人，问对公账户和收款码。", ("business",), incoming=True, mood="pleased"),
    Talk(5, 35, "16:00", "wechat", "人招到八个，工资还在一笔笔转，介绍了代发的办法。", ("business",), "marketing", mood="calm"),
    Talk(5, 7, "15:15", "phone", "代发试了一个月，十二个人都到账。问下一步流水贷款还缺什么。", ("business", "loan"), incoming=True, mood="pleased",
         satisfaction=5, question="用流水申请经营贷，还缺哪些材料？"),
    Talk(6, 210, "09:40", "visit", "领养老金，顺便换了存折，说腿脚还好。", ("pension",), incoming=True, mood="pleased", satisfaction=5),
    Talk(6, 76, "10:10", "visit", "听邻居说股票基金涨得多，问能不能买。讲清风险等级高、会亏本，不适合她，她说那就不买。", ("fund",), incoming=True,
         mood="calm"),
    Talk(6, 15, "09:50", "visit", "来存定期，聊了孙子上学。提醒她陌生电话不要信。", ("deposit", "fraud"), "care", mood="pleased", satisfaction=5),
    Talk(7, 120, "10:30", "visit", "店里换了大供应商，往来款会多，问大额转账要不要预约。", ("business",), incoming=True, mood="calm"),
    Talk(7, 27, "15:40", "visit", "说年底工地结款慢，手头周转紧一点。", ("business",), "care", mood="hurried", satisfaction=4),
    Talk(8, 160, "13:10", "wechat", "说怀孕了，明年先不考虑换房。", ("family", "house"), "care", mood="pleased"),
    Talk(8, 34, "12:20", "wechat", "女儿出生三周，母女平安，送上祝福；她问给宝宝开户要什么证件，等出月子再办。", ("family",), "care",
         mood="pleased", satisfaction=5, question="给宝宝开户，要不要等户口办好？"),
    Talk(9, 45, "18:10", "phone", "夜班多，只有周三下午有空，以后按这个时间联系。", ("service",), mood="calm"),
    Talk(9, 5, "16:30", "wechat", "问如果提前还 5 万，利息能省多少。", ("loan",), incoming=True, mood="calm",
         promise="提前还贷试算发给您", due=-2),
    Talk(10, 70, "10:00", "visit", "明年二月就退休了，来问养老金怎么领。", ("pension",), by="R1005", incoming=True, mood="calm", satisfaction=4),
    Talk(10, 8, "11:20", "phone", "再问年金是按月领还是一次领，要算给他看。", ("pension", "insurance"), by="R1005", mood="calm",
         promise="算好按月领和一次领的差别，打电话告诉您", due=-4, question="年金按月领还是一次领更合适？"),
    Talk(11, 20, "11:40", "phone", "提醒还款逾期，说车子刚修好，这周能补上一半。", ("loan",), mood="hurried"),
    Talk(12, 400, "10:30", "visit", "来取旧存折里的钱，说卡很久不用了。", ("service",), incoming=True, mood="calm"),
    Talk(13, 90, "15:10", "phone", "问对公和个人账户往来怎么分开，建议分账。", ("business",), incoming=True, mood="calm"),
    Talk(14, 55, "10:40", "visit", "门店收的现金多，问能不能上门收款。", ("business",), by="R1002", incoming=True, mood="calm"),
    Talk(15, 130, "16:20", "wechat", "问换卡要不要带身份证。", ("card",), by="R1002", incoming=True, mood="calm"),
    Talk(16, 88, "12:30", "wechat", "医院忙，理财到期的事请我发消息就行，不要打电话。", ("wealth",), mood="calm", satisfaction=4),
    Talk(16, 3, "12:50", "wechat", "问升级后有哪些服务，要一份清单。", ("service",), incoming=True, mood="calm",
         promise="把服务清单发给您", due=-1),
    Talk(17, 48, "10:20", "phone", "说在别的银行买了理财，不想再搬来搬去。", ("wealth",), mood="hurried"),
    Talk(18, 95, "17:10", "phone", "问他行理财的利率，没有多谈，说自己会比较。", ("wealth",), mood="calm"),
    Talk(18, 40, "17:00", "phone", "没有接通，发微信留言。", (), outcome="no_answer"),
    Talk(19, 33, "15:00", "visit", "新开户，工资卡绑好了，教他设了限额。", ("service",), incoming=True, mood="pleased", satisfaction=5),
)  # fmt: skip

# (n, days ago, time, channel, kind, topic, about, seconds, yuan)
LOOKS = (
    (1, 1, "20:14", "mobile", "viewed", "house", "个人住房贷款利率", 130, 0),
    (1, 1, "20:18", "mobile", "viewed", "house", "个人住房贷款利率", 85, 0),
    (1, 1, "20:21", "mobile", "viewed", "house", "个人住房贷款利率", 60, 0),
    (1, 1, "20:22", "mobile", "calculated", "house", "房贷月供试算", 540, 1_500_000),
    (1, 1, "20:31", "mobile", "viewed", "house", "个人住房贷款利率", 40, 0),
    (1, 3, "09:32", "atm", "transaction", "deposit", "取现", 80, 5_000),
    (1, 12, "10:41", "branch", "queued", "service", "个人业务窗口", 3_120, 0),
    (1, 58, "14:00", "branch", "joined", "activity", "亲子财商课堂", 5_400, 0),
    (2, 6, "21:40", "mobile", "limit_raised", "fx", "境外消费限额", 70, 50_000),
    (2, 2, "22:05", "mobile", "viewed", "fx", "商旅信用卡", 120, 0),
    (2, 2, "22:08", "mobile", "viewed", "fx", "商旅信用卡年费说明", 90, 0),
    (2, 20, "20:10", "mobile", "calculated", "fx", "购汇试算", 60, 18_000),
    (3, 6, "07:50", "mobile", "viewed", "deposit", "零存整取", 70, 0),
    (3, 5, "22:10", "mobile", "viewed", "deposit", "零存整取", 90, 0),
    (4, 9, "21:30", "mobile", "viewed", "education", "教育储蓄", 110, 0),
    (5, 3, "23:10", "web", "viewed", "business", "小微经营贷", 260, 0),
    (5, 3, "23:16", "web", "calculated", "business", "经营贷试算", 180, 300_000),
    (5, 1, "21:40", "web", "applied", "loan", "小微经营贷", 420, 300_000),
    (6, 15, "09:20", "branch", "queued", "service", "个人业务窗口", 1_080, 0),
    (6, 15, "09:40", "branch", "transaction", "deposit", "定期存入", 600, 20_000),
    (7, 2, "16:20", "web", "transaction", "business", "大额转账", 240, 160_000),
    (8, 2, "03:40", "mobile", "viewed", "family", "儿童账户", 150, 0),
    (9, 1, "13:20", "mobile", "calculated", "loan", "提前还贷试算", 210, 50_000),
    (10, 1, "19:05", "phone", "asked", "pension", "养老金领取方式", 300, 0),
    (12, 1, "10:15", "branch", "transaction", "service", "柜面转账", 900, 6_500),
    (18, 4, "08:15", "web", "viewed", "deposit", "大额存单利率", 45, 0),
    (19, 30, "18:30", "mobile", "joined", "activity", "看懂利率小课堂", 420, 0),
)  # fmt: skip

# (n, days from today, time, what): follow-ups that managers set themselves.
PLANS = (
    (1, 0, "10:00", "到店：先为排队致意，再谈三种续存方案"),
    (2, 0, "11:00", "面谈：出国用卡怎么更省"),
    (4, 0, "14:30", "聊孩子教育和养老的打算，今天不带产品"),
    (5, 0, "16:00", "回电：流水贷款还缺的材料"),
    (6, 0, "", "定期存入后回访，只问资金安排"),
    (3, 5, "", "问问他在为什么攒钱"),
    (8, 9, "", "出月子后给宝宝开户"),
    (16, 12, "", "服务清单发出后问一声"),
    (17, -3, "", "听听他为什么转走，不谈产品"),
)

COMPLAINT = {
    "text": "在城南支行排队 52 分钟，三个窗口只开了一个。我请的是半天假，一上午就耗在这里。",
    "ending": "顾明远主管次日致电致歉，说明当天开窗不足的原因；高峰期已加开一个窗口。客户说：“别再让我等就行。”",
    "offer": "优先窗口 3 号窗 10:00",
}
REFUSALS = (
    (1, "fund", "基金不懂，也不想碰", 98, 45),
    (1, "fund", "基金别再跟我说了", 24, 90),
    (17, "wealth", "已在他行购买", 48, 90),
)


def tell_stories(cursor: CursorWrapper, day: date) -> None:
    """Write the cast's conversations, looks, complaint and refusals. Plans come with `plan_stories`."""

    def moment(ago: int, at: str) -> datetime:
        return datetime.combine(day - timedelta(days=ago), time.fromisoformat(at), tzinfo=_zone())

    for talk in sorted(TALKS, key=lambda talk: -talk.ago):
        _say(cursor, talk, day, moment)
    for at, (n, ago, clock, channel, kind, topic, subject, seconds, yuan) in enumerate(LOOKS):
        cursor.execute(
            "INSERT INTO interactions_channelevent (customer_id, channel, external_tail, kind, topic, subject, seconds,"
            f" amount, at, reference) VALUES ({CUSTOMER}, %s, '', %s, %s, %s, %s, %s, %s, %s)",
            [n, channel, kind, topic, subject, seconds, yuan * YUAN or None, moment(ago, clock), f"S{at:04}"],
        )
    _complain(cursor, day, moment)
    for n, topic, reason, ago, rests in REFUSALS:
        cursor.execute(
            "INSERT INTO interactions_refusal (customer_id, topic, reason, at, until, by_id)"
            f" VALUES ({CUSTOMER}, %s, %s, %s, %s, {USER})",
            [n, topic, reason, moment(ago, "10:20"), day + timedelta(days=rests - ago), "R1001"],
        )


def plan_stories(cursor: CursorWrapper, day: date) -> None:
    """Write what managers planned with the cast."""
    for n, ahead, at, text in PLANS:
        clock: Any = time.fromisoformat(at) if at else None
        cursor.execute(
            "INSERT INTO interactions_reminder (customer_id, assignee_id, made_by_id, kind, cause, due, priority, values,"
            " at_time, text, state, snooze_reason, outcome, touched_at, later, created_at)"
            f" SELECT c.id, c.owner_id, c.owner_id, 'follow_up', md5('plan' || %s), %s, 3,"
            " jsonb_build_object('on', %s::text, 'by', u.display_name), %s, %s, 'open', '', '',"
            f" %s, false, %s FROM customers_customer c JOIN staff_user u ON u.id = c.owner_id"
            f" WHERE c.id = {CUSTOMER}",
            [
                n,
                day + timedelta(days=ahead),
                (day - timedelta(days=6)).isoformat(),
                clock,
                text,
                *[_morning(day, 6)] * 2,
                n,
            ],
        )
    # He comes at ten, and what he was promised is due with him.
    cursor.execute(
        "UPDATE interactions_reminder SET at_time = '10:00' WHERE kind = 'promise' AND state = 'open'"
        f" AND customer_id = {CUSTOMER}",
        [1],
    )


def _say(cursor: CursorWrapper, talk: Talk, day: date, moment: Moment) -> None:
    at = moment(talk.ago, talk.at)
    cursor.execute(
        "INSERT INTO interactions_interaction (customer_id, channel, direction, kind, topics, summary, outcome, promise,"
        " promise_due, question, mood, satisfaction, by_id, at, created_at)"
        f" VALUES ({CUSTOMER}, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, {USER}, %s, %s)",
        [talk.n, talk.channel, "in" if talk.incoming else "out", talk.kind, list(talk.topics), talk.summary, talk.outcome,
         talk.promise, None if talk.due is None else day + timedelta(days=talk.due), talk.question, talk.mood,
         talk.satisfaction, talk.by, at, at + timedelta(minutes=5)],
    )  # fmt: skip


def _complain(cursor: CursorWrapper, day: date, moment: Moment) -> None:
    received = day - timedelta(days=12)
    cursor.execute(
        "INSERT INTO interactions_complaint (customer_id, number, text, received_at, due, handler_id, state, closed_at, ending,"
        f" offer, satisfaction) VALUES ({CUSTOMER}, %s, %s, %s, %s, {USER}, 'closed', %s, %s, %s, 3)",
        [1, f"TS-{received:%Y%m%d}-0001", COMPLAINT["text"], moment(12, "11:40"), received + timedelta(days=15), "S2001",
         moment(6, "16:20"), COMPLAINT["ending"], COMPLAINT["offer"]],
    )  # fmt: skip


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def _morning(day: date, ago: int) -> datetime:
    return datetime.combine(day - timedelta(days=ago), time(9, 5), tzinfo=_zone())
