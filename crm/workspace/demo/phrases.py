"""What managers note of their conversations: sentences by what a contact was for and by whom it was held with."""

from collections.abc import Iterator
from dataclasses import dataclass

from crm.workspace.demo.draw import slots

SLOTS = 128
STAGES = ("young", "grown", "owner", "old")
_ALL, _WORKING, _GROWN = STAGES, ("young", "grown", "owner"), ("grown", "owner")


@dataclass(frozen=True)
class Phrase:
    """One note. kind: an interactions Kind, or "silent" for calls nobody took.

    channels: by which it may have been held. mood: where the words say it. due: days from the conversation until the promise is to be kept.
    """

    kind: str
    topics: tuple[str, ...]
    summary: str
    stages: tuple[str, ...] = _ALL
    channels: tuple[str, ...] = ("phone", "wechat", "visit")
    promise: str = ""
    due: int = 0
    question: str = ""
    incoming: bool = False
    mood: str = ""


_TALK, _NEAR = ("phone", "visit"), ("visit",)

PHRASES = (
    # Service: what the customer came for, and what had to be told.
    Phrase("service", ("deposit",), "来电问定期到期能不能自动转存，已讲清两种办法，他选到期再定。", incoming=True),
    Phrase("service", ("deposit",), "提醒定期月底到期，客户说钱要留着装修，不续存。", _WORKING),
    Phrase("service", ("deposit",), "定期到期，本人到店转存一年，顺便更新了手机号。", _ALL, _NEAR, incoming=True),
    Phrase("service", ("deposit",), "问大额存单能不能部分提前支取，已说明利息怎么算。", question="提前支取后余下部分还按原利率吗？"),
    Phrase("service", ("deposit",), "想把三笔零散的定期并成一笔，约好带身份证来办。", promise="把合并办理要带的材料发给您", due=2),
    Phrase("service", ("card",), "信用卡账单日想改到发薪日之后，已帮他提交。", _WORKING, promise="改好账单日后回您电话", due=3, incoming=True),
    Phrase("service", ("card",), "卡被吞在自助机里，当场帮忙取回，客户赶时间。", _ALL, _NEAR, incoming=True, mood="hurried"),
    Phrase("service", ("card",), "境外消费短信没收到，查到是手机号变更，已更新。", _WORKING, incoming=True),
    Phrase("service", ("card",), "问年费怎么免，说明了刷卡次数，客户说知道了。", _WORKING),
    Phrase("service", ("loan",), "问提前还贷能省多少利息，想先看试算再决定。", _GROWN, promise="把提前还贷试算表发给您", due=3,
           question="提前还贷后月供减少还是年限缩短更划算？", incoming=True),
    Phrase("service", ("loan",), "扣款日余额不足，已电话提醒，客户当天补足。", _WORKING, ("phone",), mood="hurried"),
    Phrase("service", ("house",), "公积金提取需要的材料问了一遍，已列清单发微信。", ("young", "grown"), ("wechat", "visit"), incoming=True),
    Phrase("service", ("house",), "房贷利率调整的通知看不懂，逐条解释了重定价日。", _GROWN, question="下次重定价是哪一天？"),
    Phrase("service", ("fx",), "孩子出国读书要换汇，讲了每年五万美元的额度和单据。", _GROWN, promise="准备留学购汇的材料清单", due=2, incoming=True),
    Phrase("service", ("fx",), "出差前问境外取现手续费，建议先少量换汇。", _WORKING, incoming=True),
    Phrase("service", ("business",), "对公账户年检材料少一份，说好补齐再来，不用重新取号。", ("owner",), promise="年检材料收齐后一次办完", due=5),
    Phrase("service", ("business",), "收款码这个月手续费比上月多，已申请核对。", ("owner",), promise="手续费核对结果告诉您", due=4, incoming=True),
    Phrase("service", ("business",), "问员工工资能不能每月十号统一发，介绍了代发的流程。", ("owner",), question="员工里有两位外籍，能不能一起代发？"),
    Phrase("service", ("service",), "网点装修期间怎么办业务，告诉他附近两家网点的时间。", incoming=True),
    Phrase("service", ("service",), "排队时间长，有些着急；帮他先预约了明早的窗口。", _ALL, _NEAR, promise="明早九点半给您留窗口", due=1, mood="hurried"),
    Phrase("service", ("service",), "手机银行登录不上，一步一步教会了，客户很满意。", ("old",), _TALK, incoming=True),
    Phrase("service", ("service",), "身份证快到期，提醒更新，否则转账会受限制。", _ALL, ("phone", "wechat")),
    Phrase("service", ("service",), "新手机换绑，本人带证件来办好。", _ALL, _NEAR, incoming=True),
    Phrase("service", ("fraud",), "接到自称客服的电话要他转账，帮他核实是骗子，一分没损失。", ("old", "grown"), _TALK, incoming=True),
    Phrase("service", ("fraud",), "核实一笔大额转账，是给女儿付首付，本人确认无误。", ("old", "grown"), ("phone",)),
    Phrase("service", ("insurance",), "续期保费扣款前提醒，客户说账户里钱够。", _GROWN, ("phone", "wechat")),
    Phrase("service", ("insurance",), "理赔材料怎么交问清楚了，说好帮他盯进度。", _ALL, _TALK, promise="理赔进度有消息就告诉您", due=7, incoming=True),
    Phrase("service", ("pension",), "个人养老金税怎么抵，说明在个税软件里填哪一项。", _WORKING, question="年中换了单位，养老金还能抵税吗？"),
    Phrase("service", ("pension",), "养老金到账日问了，帮她开了到账短信。", ("old",), _TALK, incoming=True),
    Phrase("service", ("wealth",), "理财到账，只说明金额和到账日，没有谈新产品。", ("grown", "old", "owner"), ("phone", "wechat")),
    Phrase("service", ("wealth",), "理财净值有波动，来电问原因，讲清了不保本，客户能接受。", _GROWN, ("phone",), incoming=True,
           question="下个开放日能不能先赎一半？", mood="hurried"),
    Phrase("service", ("wealth",), "风险评估快到期，约他方便时在手机上重做。", _GROWN, ("phone", "wechat")),
    # Care: nothing is offered.
    Phrase("care", ("family",), "节前问候，聊了几句家常，没有谈产品。", _ALL, ("phone", "wechat")),
    Phrase("care", ("family",), "孩子刚上小学，作息都变了，说周末才有空。", ("young", "grown")),
    Phrase("care", ("family",), "家里老人住院，先不打扰，祝早日康复。", ("grown", "owner", "old"), ("phone", "wechat")),
    Phrase("care", ("family",), "女儿国庆结婚，送上祝福，回头问问要不要帮忙换新钞。", ("old", "grown"), promise="换好新钞给您留着", due=6),
    Phrase("care", ("family", "house"), "刚搬新家，说通勤近了一半，心情不错。", ("young", "grown")),
    Phrase("care", ("health",), "天气转凉，问候身体，老人说每天散步一小时。", ("old",), _TALK),
    Phrase("care", ("activity",), "邀请参加社区的反诈讲座，说会带邻居一起来。", ("old",), _TALK, promise="讲座前一天再提醒您", due=8),
    Phrase("care", ("activity",), "亲子财商课给她留了两个位置。", ("young", "grown"), ("wechat", "phone")),
    Phrase("care", ("activity",), "读书会反馈很好，希望下次排在周六上午。", ("grown", "old"), ("wechat",)),
    Phrase("care", ("business",), "店里最近忙不忙，聊了聊行情，说旺季要到年底。", ("owner",)),
    Phrase("care", ("business",), "新厂房搬完了，下个月请我们去看看。", ("owner",), _TALK, promise="去厂里看看，定好时间告诉您", due=14),
    Phrase("care", ("education",), "孩子中考在即，这段时间不打扰，考完再联系。", _GROWN, ("wechat", "phone")),
    Phrase("care", ("pension",), "还有一年退休，聊了退休后想去的地方。", ("grown",), _TALK),
    Phrase("care", ("service",), "上次办卡后的回访，说窗口态度好，一次办完。", _ALL, ("phone",)),
    Phrase("care", ("service",), "换手机后使用回访，转账限额不够用，教他自己调。", _WORKING, ("phone", "wechat")),
    # Offers: they count in the contact budget.
    Phrase("marketing", ("deposit",), "介绍大额存单的新期限，客户说等定期到期再看。", _ALL, promise="到期前一周再联系您", due=20),
    Phrase("marketing", ("deposit",), "讲了分期存、错开到期的办法，客户觉得实用。", ("old", "grown")),
    Phrase("marketing", ("wealth",), "介绍稳健类理财，先讲清不保本，客户想回家商量。", ("grown", "owner"), promise="把产品说明书发给您", due=2),
    Phrase("marketing", ("wealth",), "又问了要不要看理财，客户说最近不考虑。", ("young", "grown", "owner"), ("phone", "wechat"), mood="hurried"),
    Phrase("marketing", ("fund",), "介绍定投，客户问亏了怎么办，如实讲了波动。", _WORKING, question="定投中途停了有没有费用？"),
    Phrase("marketing", ("fund",), "提到基金，客户有点不耐烦，说别再打电话讲这个。", ("grown", "owner"), ("phone",), mood="hurried"),
    Phrase("marketing", ("insurance",), "讲年金险的领取方式，客户问退保损失，约面谈再细说。", _GROWN, _TALK, question="第五年退保能拿回多少？"),
    Phrase("marketing", ("insurance",), "少儿保障讲了一遍，妈妈说先看条款。", ("young", "grown"), ("wechat", "phone"), promise="条款重点标好发给您", due=2),
    Phrase("marketing", ("pension",), "个人养老金开户讲了限额和锁定期，愿意先开户。", _WORKING),
    Phrase("marketing", ("card",), "推荐商旅卡，客户问年费和机场服务，说考虑一下。", _WORKING, ("phone", "wechat")),
    Phrase("marketing", ("loan",), "介绍消费贷，客户说没有大的开支计划。", ("young", "grown"), ("phone",)),
    Phrase("marketing", ("business",), "经营贷的额度和还款方式讲清，等他备货计划定下来。", ("owner",), promise="把所需材料清单发给您", due=3,
           question="用流水贷款要不要抵押？"),
    Phrase("marketing", ("business",), "介绍代发工资，先问了人数和发薪日。", ("owner",)),
    Phrase("marketing", ("education",), "教育金先算每月能存多少，不急着定产品。", ("young", "grown"), question="孩子转学到外地，教育储蓄能转吗？"),
    Phrase("marketing", ("house",), "房贷预审讲了流程，客户还在看房。", ("young", "grown"), promise="把月供试算发给您", due=2),
    Phrase("marketing", ("wealth",), "短信：月末理财咨询，可到店面谈。", _WORKING, ("sms",)),
    Phrase("marketing", ("card",), "短信：信用卡分期费率优惠到月底。", _WORKING, ("sms",)),
    Phrase("marketing", ("activity",), "短信：周六网点有理财知识沙龙，欢迎参加。", _ALL, ("sms",)),
    # Nobody took the call.
    Phrase("silent", (), "无人接听，下午再打。", _ALL, ("phone",)),
    Phrase("silent", (), "响铃后挂断，改发微信留言。", _ALL, ("phone",)),
    Phrase("silent", (), "关机，明天上午再联系。", _ALL, ("phone",)),
    Phrase("silent", (), "占线，两次都没有打通。", _ALL, ("phone",)),
)  # fmt: skip

COLUMNS = ("kind", "stage", "slot", "topics", "summary", "channels", "promise", "due", "question", "incoming", "mood")
TABLE = (
    "kind text, stage text, slot int, topics text[], summary text, channels text[], promise text, due int, question text,"
    " incoming boolean, mood text, PRIMARY KEY (kind, stage, slot)"
)


def phrase_rows() -> Iterator[tuple[object, ...]]:
    """Rows of COLUMNS: SLOTS places for each kind and stage, shared out evenly among the phrases that fit."""
    for kind in sorted({phrase.kind for phrase in PHRASES}):
        for stage in STAGES:
            fitting = {
                str(at): 1.0 for at, phrase in enumerate(PHRASES) if phrase.kind == kind and stage in phrase.stages
            }
            for slot, at in enumerate(slots(fitting, SLOTS)):
                said = PHRASES[int(at)]
                yield (kind, stage, slot, list(said.topics), said.summary, list(said.channels), said.promise, said.due,
                       said.question, said.incoming, said.mood)  # fmt: skip
