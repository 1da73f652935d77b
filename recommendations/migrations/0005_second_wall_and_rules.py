"""The second wall of suitability in the database, and rules for needs that had none (usual practice; admins change them)."""

from django.db import migrations

# 金融机构产品适当性管理办法: no path, not the shell nor an import, stores a live suggestion the measure forbids. The
# trigger copies what it decides on; the CHECK on those columns refuses. A row that is moved to another customer, as two
# records of one person are merged, ends where it would not be allowed there.
WALL = """
CREATE FUNCTION recommendations_second_wall() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    sold recommendations_product%ROWTYPE;
    refused boolean;
BEGIN
    IF NEW.state NOT IN ('open', 'offered', 'interested', 'later') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state IN ('open', 'offered', 'interested', 'later')
        AND (NEW.state = OLD.state OR NEW.state IN ('open', 'later'))
        AND ROW(NEW.customer_id, NEW.product_id, NEW.asked_on, NEW.risk, NEW.risk_level, NEW.risk_valid_until)
            IS NOT DISTINCT FROM
            ROW(OLD.customer_id, OLD.product_id, OLD.asked_on, OLD.risk, OLD.risk_level, OLD.risk_valid_until) THEN
        RETURN NEW;
    END IF;
    NEW.asked_on := coalesce(NEW.asked_on, NEW.since);
    NEW.risk := NULL; NEW.risk_level := NULL; NEW.risk_valid_until := NULL;
    SELECT * INTO sold FROM recommendations_product WHERE id = NEW.product_id;
    IF sold.risk IS NULL THEN
        RETURN NEW;
    END IF;
    NEW.risk := sold.risk;
    SELECT level, valid_until INTO NEW.risk_level, NEW.risk_valid_until FROM customers_riskassessment
    WHERE customer_id = NEW.customer_id AND assessed_on <= NEW.asked_on ORDER BY assessed_on DESC LIMIT 1;
    refused := sold.risk >= 4 AND EXISTS (SELECT FROM customers_customer AS c WHERE c.id = NEW.customer_id
            AND CAST(c.birth_date + INTERVAL '65 years' AS date) <= NEW.asked_on)
        OR sold.private AND NOT EXISTS (SELECT FROM recommendations_investorstanding AS i
            WHERE i.customer_id = NEW.customer_id AND i.qualified_until >= NEW.asked_on);
    IF TG_OP = 'UPDATE' AND NEW.customer_id <> OLD.customer_id AND (refused OR sold.risk > 1 AND (
        NEW.risk_level IS NULL OR sold.risk > NEW.risk_level OR NEW.risk_valid_until < NEW.asked_on)) THEN
        NEW.state := 'over';
    ELSIF refused THEN
        RAISE check_violation USING MESSAGE = 'the customer may not be offered this product',
            CONSTRAINT = 'live_suggestion_second_wall';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER second_wall BEFORE INSERT OR UPDATE ON recommendations_suggestion
FOR EACH ROW EXECUTE FUNCTION recommendations_second_wall()
"""
NO_WALL = """
DROP TRIGGER second_wall ON recommendations_suggestion;
DROP FUNCTION recommendations_second_wall()
"""
CLEAR = """
CREATE OR REPLACE FUNCTION recommendations_clear_staging() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    TRUNCATE recommendations_stagedsuggestion, recommendations_stagedfunnelcount
$$
"""

FEN = 100
# code: (name in Chinese, in English, family, regime, risk, minimum in yuan, term in days, meant for)
PRODUCTS = {
    "family-cover": ("家庭保障保险", "Cover for the family", "insurance", "insurance", 1, 500, 365, "家里有人要供养、有房贷的家庭"),
    "cover-talk": ("保障检视", "Looking through one's cover", "", "none", None, 0, None, "在别处也买了保险、想理一理保障的客户"),
    "joint-talk": ("两人一起的规划", "Planning for two", "", "none", None, 0, None, "新婚、有共同目标的客户"),
    "repayment-talk": ("还款安排沟通", "Talk about repayments", "", "none", None, 0, None, "还款有压力的客户"),
    "review-talk": ("资产检视谈话", "Review talk", "", "none", None, 0, None, "一年没有好好聊过的客户"),
}  # fmt: skip
BENEFIT = {
    "unusual-transfer": 9, "saving-goal": 7, "young-family-education": 7, "young-family-pension": 7,
    "near-retirement-pension": 7, "near-retirement-income": 6, "travels-abroad": 6, "looks-for-house": 6,
    "business-grows": 6, "business-payroll": 5, "deposit-matures-large": 6, "deposit-matures": 6, "only-deposits": 6,
}  # fmt: skip
SURE = {
    "unusual-transfer": 60, "saving-goal": 70, "travels-abroad": 60, "looks-for-house": 55, "business-grows": 60,
    "business-payroll": 50, "deposit-matures-large": 90, "deposit-matures": 90, "idle-balance": 60,
}  # fmt: skip

# (code, names, need, product or family, condition, life event, days, benefit, sure, reason zh, en, words to say zh, en)
RULES = [
    (
        "newborn-account", "添了宝宝：儿童账户", "A child is born: an account", "child", "instalment-saving", "", "birth",
        365, 7, 70,
        "{event} 家里添了宝宝。",
        "A child was born on {event}.",
        "恭喜恭喜！不少家长会给孩子单独开个账户，压岁钱、每月一点点都存进去，长大了就是一份心意。不急，等您忙过这阵再说。",
        "Congratulations! Many parents open an account for the child, for New Year money and a little every month. There is no"
        " hurry: when things are quieter, we can talk about it.",
    ),
    (
        "newborn-cover", "添了宝宝：家庭保障", "A child is born: cover", "cover", "family-cover",
        'families !~ "insurance"', "birth", 365, 6, 50,
        "{event} 家里添了宝宝，在我行还没有保障类产品。",
        "A child was born on {event}, and there is no cover with us.",
        "有了孩子，大人的保障最要紧。您看看家里已经有哪些，缺的再补；保险有犹豫期，条款我陪您慢慢看。",
        "With a child, the parents' cover comes first. Let us see what there is already and add only what is missing. There is"
        " a cooling-off period, and we read the terms together.",
    ),
    (
        "married-goals", "新婚：共同目标", "Newly married: goals of two", "joint", "joint-talk", "", "marriage", 365, 6, 70,
        "{event} 结婚，两个人会有共同的打算。",
        "Married on {event}: two people make plans together.",
        "新婚快乐！两个人的钱怎么分、怎么合，很多小夫妻都想聊聊。您俩哪天有空，一起来坐坐，我只帮着理思路。",
        "All the best for the two of you! Many couples wonder what to keep apart and what to share. Come together one day: I only"
        " help to sort things.",
    ),
    (
        "claims-after-illness", "生病：理赔协助", "Illness: help with claims", "liquidity", "claims-help", "", "illness", 180,
        8, 60,
        "客户说过身体的情况，可能需要理赔和备用的钱。",
        "The customer told of their health: claims and ready money may matter now.",
        "您先安心休养。保险理赔要哪些材料，我帮您列好、帮您盯着；要用钱随时说一声，不用跑来跑去。",
        "Please rest first. I list what the claim needs and keep an eye on it. If you need money, just say so; you need not"
        " come here.",
    ),
    (
        "repayment-late", "还款吃紧", "Repayments are hard", "liquidity", "repayment-talk", "overdue_days >= 1", "", 180, 8, 80,
        "有一笔还款已逾期 {overdue_days} 天。",
        "A repayment is {overdue_days} days overdue.",
        "最近是不是手头有点紧？还款的事别一个人扛着，我们一起看看怎么安排，早说早有办法。",
        "Is money short just now? Do not carry it alone: let us see together how the repayments can be arranged. The sooner we"
        " talk, the more can be done.",
    ),
    (
        "pays-tuition", "在付学费", "Pays for school", "education", "education-saving", "tuition_12 >= 1000", "", 180, 6, 60,
        "过去一年付学费 {tuition_12}元。",
        "Paid {tuition_12} for school within a year.",
        "孩子上学是家里的大事。往后几年的学费可以提前一点点备，存多少、存多久都由您定。",
        "School is a big thing for a family. The fees of the coming years can be put aside little by little, as much and as long"
        " as you like.",
    ),
    (
        "pays-rent", "一直在租房", "Pays rent", "house", "mortgage-talk",
        "rent_months_6 >= 5 and payroll = True and mortgage_since = None", "", 180, 5, 35,
        "近半年有 {rent_months_6} 个月在付房租，工资按月到账，没有房贷。",
        "Paid rent in {rent_months_6} of 6 months, has a regular salary and no mortgage.",
        "您现在租房住得还习惯吗？要是以后有买房的想法，我可以先帮您算算首付和月供，心里有个数。",
        "Is renting fine for you? Should you ever think of buying, I can work out down payment and monthly rates, just so that"
        " you know.",
    ),
    (
        "insured-elsewhere", "在别处买了保险", "Insured elsewhere", "cover", "cover-talk",
        'insurance_12 >= 1000 and families !~ "insurance"', "", 180, 6, 50,
        "过去一年付保费 {insurance_12}元，保单不在我行。",
        "Paid {insurance_12} of premiums within a year, for policies of others.",
        "您在别处也买了保险。方便的话带上保单，我们一起理一理：哪些重复，哪些没保到。只看，不推销。",
        "You are insured elsewhere. If you like, bring the policies and we sort out what is doubled and what is missing. Just"
        " looking: nothing is sold.",
    ),
    (
        "invests-elsewhere", "钱转去别处理财", "Invests at other banks", "growth", "review-talk",
        "invested_elsewhere_6 >= 50000", "", 180, 6, 60,
        "近半年有 {invested_elsewhere_6}元转到别的银行买理财。",
        "{invested_elsewhere_6} went to investments at other banks within half a year.",
        "您在别处也做了些安排，挺好的。哪天有空，我们把几处的钱放在一起看看：期限、风险、急用时取不取得出来。",
        "You placed money elsewhere: quite right. One day we could look at all of it together: terms, risks, and whether it can"
        " be had when needed.",
    ),
    (
        "manager", "经理提出", "Proposed by the manager", "growth", "review-talk", "", "", 180, 5, 50,
        "客户经理提出：{note}",
        "Proposed by the manager: {note}",
        "按刚才聊的，我把这个产品的条款和风险先讲清楚，您不急着决定。",
        "As we said: let me explain the terms and the risks first. There is no need to decide now.",
    ),
]  # fmt: skip


def begin(apps, schema_editor):
    using = schema_editor.connection.alias
    products, rules, weights = (
        apps.get_model("recommendations", name).objects.using(using) for name in ("Product", "Rule", "Weights")
    )
    for code, (name_zh, name_en, family, regime, risk, minimum, term, target) in PRODUCTS.items():
        products.get_or_create(
            code=code,
            defaults={
                "name_zh": name_zh, "name_en": name_en, "family": family, "regime": regime, "risk": risk,
                "minimum": minimum * FEN, "term_days": term, "target": target,
            },
        )  # fmt: skip
    known = {product.code: product for product in products.all()}
    for order, rule in enumerate(RULES, start=20):
        code, name_zh, name_en, need, suggests, condition, event, days, benefit, sure, *texts = rule
        if suggests not in known:
            continue
        rules.get_or_create(
            code=code,
            defaults={
                "name_zh": name_zh, "name_en": name_en, "need": need, "product": known[suggests], "order": order * 10,
                "condition": condition, "event": event, "event_days": days, "benefit": benefit, "sure": sure,
                "active": code != "manager",
                **dict(zip(("reason_zh", "reason_en", "talk_zh", "talk_en"), texts, strict=True)),
            },
        )  # fmt: skip
    for column, numbers in (("benefit", BENEFIT), ("sure", SURE)):
        for code, number in numbers.items():
            rules.filter(code=code).update(**{column: number})
    weights.get_or_create(only=True)


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0004_needs")]
    operations = [
        migrations.RunSQL(WALL, NO_WALL),
        migrations.RunSQL(CLEAR, migrations.RunSQL.noop),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
