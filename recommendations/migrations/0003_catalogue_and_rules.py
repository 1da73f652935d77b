"""The products and rules a bank begins with (usual practice; admins change them), and how a night's staging is emptied.

Life event -> need -> product: what a customer's own money shows, in words the customer would accept.
"""

from django.db import migrations

CLEAR = """
CREATE FUNCTION recommendations_clear_staging() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    TRUNCATE recommendations_stagedsuggestion
$$
"""
UNDO_CLEAR = "DROP FUNCTION recommendations_clear_staging()"

FEN = 100
# code: (name in Chinese, in English, family, regime, risk, minimum in yuan, term in days, meant for)
PRODUCTS = {
    "current": ("活期账户", "Current account", "current", "deposit", None, 0, None, "日常收支"),
    "instalment-saving": ("零存整取", "Instalment saving", "time", "deposit", None, 5, 365, "每月固定存一笔、为一件事攒钱"),
    "time-deposit": ("整存整取", "Time deposit", "time", "deposit", None, 50, 365, "一段时间内不用的钱"),
    "education-saving": ("教育储蓄", "Education saving", "time", "deposit", None, 50, 2190, "有孩子或准备要孩子的家庭"),
    "certificate": ("大额存单", "Large certificate of deposit", "certificate", "deposit", None, 200_000, 1095,
                    "20 万元以上、一段时间内不用的钱"),
    "cash-r1": ("现金管理类理财", "Cash management product", "wealth", "investment", 1, 1, None, "随时要用的闲钱"),
    "bond-r2": ("稳健固收理财", "Steady bond product", "wealth", "investment", 2, 10_000, 180, "半年以上不用的钱"),
    "balanced-r3": ("均衡混合基金", "Balanced fund", "fund", "fund", 3, 1_000, None, "能承受一定波动、三年以上不用的钱"),
    "equity-r4": ("股票型基金", "Equity fund", "fund", "fund", 4, 1_000, None, "能承受较大波动的投资者"),
    "fund-plan": ("基金定投", "Fund saving plan", "fund", "fund", 3, 100, None, "收入稳定、愿意长期每月投入"),
    "pension-saving": ("个人养老金储蓄", "Personal pension saving", "pension", "deposit", None, 0, None,
                       "在职、愿意为退休后存钱；每年最多 12,000 元"),
    "annuity": ("养老年金保险", "Pension annuity", "insurance", "insurance", 1, 10_000, 3650, "希望退休后按月领取"),
    "child-cover": ("少儿保障保险", "Cover for a child", "insurance", "insurance", 1, 1_000, 3650, "有未成年子女的家庭"),
    "travel-card": ("商旅信用卡", "Business travel card", "card", "card", None, 0, None, "经常出差、常用外币"),
    "consumer-loan": ("消费贷款", "Consumer loan", "loan", "loan", None, 0, 1095, "装修、购车等消费"),
    "business-loan": ("小微经营贷", "Small business loan", "loan", "loan", None, 0, 365, "个体工商户与小微企业主"),
    "payroll": ("代发工资服务", "Payroll service", "", "none", None, 0, None, "有员工的经营者"),
    "mortgage-talk": ("住房贷款咨询", "Mortgage consultation", "", "none", None, 0, None, "正在考虑买房"),
    "lecture": ("金融知识讲座", "Lecture on money matters", "", "none", None, 0, None, "长期只存款的客户"),
    "fraud-talk": ("防诈骗提醒", "Talk on fraud protection", "", "none", None, 0, None, "老年客户与家人"),
    "claims-help": ("理赔协助", "Help with claims", "", "none", None, 0, None, "需要理赔的客户"),
}  # fmt: skip
REGULAR_PREMIUM = ("annuity", "child-cover")

_YOUNG_OWNER = "age >= 28 and age <= 40 and payroll = True and days_since_mortgage <= 365"
_MATURING = 'days_until_maturity <= 30 and (families ~ "time" or families ~ "certificate")'

# (code, name in Chinese, in English, need, product or family, condition, looked at, reason zh, en, words to say zh, en)
RULES = [
    (
        "unusual-transfer", "老年客户异常转账", "Unusual transfer in old age", "fraud", "fraud-talk",
        "age >= 60 and largest_ratio >= 3 and largest_recent >= 20000", "",
        "近期有一笔 {largest_recent}元的收支，比平时大得多。",
        "A recent movement of {largest_recent} was much larger than usual.",
        "最近骗子花样多，常冒充熟人或公检法。转大额之前，您随时给我打个电话，我帮您一起核实；网点的防骗讲座也欢迎您和家人来听。",
        "There are many tricks going round these days. Before a large transfer, do call me and we check it together. You and"
        " your family are also welcome at our talk on fraud.",
    ),
    (
        "saving-goal", "攒钱有目标", "Saving for a goal", "goal_saving", "instalment-saving",
        "saving_broken = True", "",
        "过去一年有 {saving_months_12} 个月在存钱，每月约 {saving_average_12}元，近期取回了大半，可能正在为一件事准备。",
        "Put money aside in {saving_months_12} of 12 months, about {saving_average_12} a month, and took most of it back"
        " lately: perhaps it was for something.",
        "您前一阵每月都在存钱，真不容易。是为哪件事准备的吗？如果还想接着存，零存整取每月存一点，到期一次取；中途不存了，利息会少一些。",
        "You put something aside every month: well done. Was it for something special? If you would like to go on, an"
        " instalment saving takes a little every month; who stops early gets less interest.",
    ),
    (
        "young-family-education", "安家之后的教育金", "Education after a new home", "education", "education-saving",
        _YOUNG_OWNER, "",
        "{age}，工资按月到账，{mortgage_since} 起还房贷：家安顿好了，常会开始想孩子的教育。",
        "{age} old, a regular salary, a mortgage since {mortgage_since}: with a home, people often begin to think of a"
        " child's education.",
        "恭喜您安了家！很多客户在这个阶段会为孩子以后上学慢慢存一点。先保证月供宽裕，余下的再考虑，您看要不要了解一下？",
        "Congratulations on your home! Many people now begin to set a little aside for a child's school. The mortgage comes"
        " first; would you like to hear what could be done with what is left?",
    ),
    (
        "young-family-pension", "安家之后的养老金", "Pension after a new home", "pension", "pension",
        f'{_YOUNG_OWNER} and families !~ "pension"', "",
        "{age}，收入稳定（月均 {salary_average_6}元），还没有个人养老金；早一点开始，每月负担更小。",
        "{age} old, a steady income ({salary_average_6} a month), no personal pension yet: who begins early pays less a"
        " month.",
        "个人养老金每年最多存 12,000 元，存多少自己定，还能少交一些个人所得税。现在不急，您有空我给您算算。",
        "You may pay up to 12,000 a year into a personal pension, as much as you like, and it saves some income tax. There"
        " is no hurry: shall I work it out for you one day?",
    ),
    (
        "near-retirement-pension", "临近退休先备养老金", "Pension before retirement", "pension", "pension",
        'age >= 50 and age < 60 and families !~ "pension"', "",
        "{age}，离退休不远，还没有个人养老金。",
        "{age} old, retirement is not far, and there is no personal pension yet.",
        "再过几年就可以享清福了。趁还在上班，个人养老金每年可以存一笔，低风险，还能省些个税，您想了解吗？",
        "A few more years and you can take it easy. While you work, a personal pension takes something every year, at low"
        " risk, and saves some tax. Would you like to know more?",
    ),
    (
        "near-retirement-income", "临近退休的养老年金", "Income for life", "pension", "annuity",
        'age >= 50 and age < 60 and aum >= 50000 and families ~ "pension" and families !~ "insurance"', "",
        "{age}，已有个人养老金，资产 {aum}元：可以考虑一份退休后按月领取的收入。",
        "{age} old, with a personal pension and {aum} of assets: an income paid every month could come on top.",
        "退休以后，每月固定领一笔，日子会更踏实。合同期长，提前退会有损失，我们先看清条款，您不急着决定。",
        "A sum paid every month makes retirement calmer. The contract is long and leaving early costs money, so let us read"
        " the terms first; there is no need to decide now.",
    ),
    (
        "travels-abroad", "常出境、常用外币", "Travels abroad", "travel", "travel-card",
        "fx_moves_12 >= 3 or overseas_moves_12 >= 5", "",
        "近一年购汇 {fx_moves_12} 次，境外付款 {overseas_moves_12} 笔，可能经常出差。",
        "Bought foreign currency {fx_moves_12} times and paid abroad {overseas_moves_12} times within a year: perhaps"
        " travels for business.",
        "您是不是经常出差？商旅信用卡适合常出境、常用外币的人；年费、汇率和还款方式我先讲清楚，合适再办。",
        "Do you travel a lot? A business travel card is made for that. Let me explain the annual fee, the rates of exchange and"
        " the repayment first; take it only if it suits you.",
    ),
    (
        "looks-for-house", "关注买房", "Thinking of a house", "house", "mortgage-talk",
        "mortgage_since = None", "house",
        "最近在手机银行了解过住房贷款，目前没有房贷。",
        "Looked at mortgages lately, and has none.",
        "最近有买房的打算吗？如果需要，我可以帮您算算首付和月供，看看怎样安排比较轻松。",
        "Are you thinking of buying a house? If you like, I work out down payment and monthly rates with you, so that they"
        " are easy to carry.",
    ),
    (
        "business-grows", "生意在增长", "A growing business", "business", "business-loan",
        "business_growth >= 0.3", "",
        "近三个月的经营收款比之前增长 {business_growth}。",
        "Business receipts of the last three months grew by {business_growth}.",
        "最近生意忙吗？备货或周转需要资金的时候，可以了解经营贷；不需要就先不用，我们可以一起把成本算清楚。",
        "How is business? Should you need money for stock, there is a business loan. If not, leave it; we"
        " can work out the cost together.",
    ),
    (
        "business-payroll", "生意在增长：代发工资", "A growing business: payroll", "business", "payroll",
        "business_growth >= 0.3", "",
        "近三个月的经营收款比之前增长 {business_growth}，人手可能也在增加。",
        "Business receipts of the last three months grew by {business_growth}; perhaps there are more people to pay.",
        "您现在给员工发工资方便吗？代发工资一次导入名单就行，员工也不用另外跑网点；费用我先给您讲清楚。",
        "Is paying your people easy enough? With our payroll service you send one list and nobody has to come to"
        " the branch. Let me tell you the fee first.",
    ),
    (
        "deposit-matures-large", "大额到期承接", "A large deposit matures", "reinvestment", "certificate",
        _MATURING, "",
        "一笔存款 {days_until_maturity}后到期，可安排的资金在 20 万元以上。",
        "A deposit matures in {days_until_maturity}; more than 200,000 can be placed anew.",
        "您有一笔存款快到期了。这笔钱近期要用吗？如果不用，可以看看大额存单；要用的话，我帮您留出来。",
        "One of your deposits is about to mature. Will you need the money soon? If not, a large certificate may suit; if so,"
        " I keep it ready for you.",
    ),
    (
        "deposit-matures", "到期承接：分期存", "A deposit matures: a ladder", "reinvestment", "time-deposit",
        _MATURING, "",
        "一笔存款 {days_until_maturity}后到期。",
        "A deposit matures in {days_until_maturity}.",
        "您有一笔存款快到期了。可以分成几份，按三个月、半年、一年错开存，每隔一段都有钱到期，用起来方便。",
        "One of your deposits is about to mature. It can be split and placed for three, six and twelve months, so that some of"
        " it comes free every now and then.",
    ),
    (
        "idle-balance", "闲钱在活期", "Idle balance", "growth", "cash-r1",
        'families = "current" and aum >= 50000 and aum_average_1 >= 50000', "",
        "上月日均 {aum_average_1}元都在活期。",
        "Last month's average of {aum_average_1} lay on the current account.",
        "您活期里的钱最近要用吗？如果只是放着，可以了解一下现金管理类理财，风险等级 R1，用钱时可以赎回；它不是存款。",
        "Will you need the money on your current account soon? If it only lies there, a cash management product of risk R1"
        " may suit: you can take it out when you need it. It is not a deposit.",
    ),
    (
        "steady-saver", "持续攒钱", "A steady saver", "growth", "fund-plan",
        'saving_months_12 >= 6 and saving_broken = False and risk_level >= 3 and families !~ "fund"', "",
        "过去一年有 {saving_months_12} 个月在存钱，每月约 {saving_average_12}元；已做风险评估，还没有基金。",
        "Put money aside in {saving_months_12} of 12 months, about {saving_average_12} a month; risk tolerance assessed, no"
        " fund yet.",
        "您一直有存钱的习惯。如果有一部分三年以上不用，可以了解基金定投：每月投一点，有涨有跌，随时可以停。",
        "You are used to saving. If a part of it is not needed for three years, a fund saving plan takes a little every month."
        " It goes up and down, and you may stop at any time.",
    ),
    (
        "growing-assets", "资产在增长", "Growing savings", "growth", "wealth",
        'lifecycle = "growing" and aum >= 50000 and families !~ "wealth"', "",
        "资产增长到 {aum}元，还没有理财产品。",
        "Assets have grown to {aum}, and there is no wealth product yet.",
        "您这一年积蓄多了不少。先留够日常要用的，余下的可以看看低风险理财；它不是存款，有波动，我们先做风险评估。",
        "Your savings have grown. Keep what you need every day; for the rest a product of low risk may suit. It is no deposit"
        " and can move, so we look at your risk tolerance first.",
    ),
    (
        "only-deposits", "长期只有存款", "Deposits alone for years", "literacy", "lecture",
        'days_as_customer >= 3650 and aum >= 10000 and families in ("current", "time", "current,time")', "",
        "{customer_since} 起的老客户，一直只有存款。",
        "A customer since {customer_since}, with deposits alone.",
        "我们网点有金融知识讲座，讲存款保险、怎么看懂理财说明书、怎么防骗，不推销产品，欢迎您来坐坐。",
        "Our branch holds a lecture on deposit insurance, on how to read a product sheet, and on fraud. Nothing is sold there:"
        " do come.",
    ),
]  # fmt: skip


def begin(apps, schema_editor):
    products, rules = (
        apps.get_model("recommendations", name).objects.using(schema_editor.connection.alias)
        for name in ("Product", "Rule")
    )
    known = {}
    for code, (name_zh, name_en, family, regime, risk, minimum, term, target) in PRODUCTS.items():
        known[code] = products.create(
            code=code, name_zh=name_zh, name_en=name_en, family=family, regime=regime, risk=risk, minimum=minimum * FEN,
            term_days=term, target=target, regular_premium=code in REGULAR_PREMIUM,
        )  # fmt: skip
    for order, rule in enumerate(RULES, start=1):
        code, name_zh, name_en, need, suggests, condition, viewed, reason_zh, reason_en, talk_zh, talk_en = rule
        rules.create(
            code=code, name_zh=name_zh, name_en=name_en, need=need, condition=condition, viewed=viewed, order=order * 10,
            product=known.get(suggests), family="" if suggests in known else suggests,
            reason_zh=reason_zh, reason_en=reason_en, talk_zh=talk_zh, talk_en=talk_en,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0002_advice_regular_premium"), ("customers", "0010_birth_date_and_mortgage")]
    operations = [
        migrations.RunSQL(CLEAR, UNDO_CLEAR),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
