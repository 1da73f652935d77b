"""Portrait tags with the rules a bank begins with, and the features they need."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The app's role may not truncate.
CLEAR = """
CREATE FUNCTION customers_clear_portraits() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    TRUNCATE customers_stagedportrait
$$;
"""
UNDO_CLEAR = "DROP FUNCTION customers_clear_portraits()"

# (code, name in Chinese, in English, condition, new evidence by, reason in Chinese, in English)
TAGS = [
    (
        "business_travel", "商旅常客", "travels for business", "fx_moves_12 >= 3 and overseas_moves_12 >= 2",
        "overseas_moves_12",
        "近一年购汇 {fx_moves_12} 次，境外消费 {overseas_moves_12} 次，共 {overseas_amount_12}。",
        "Bought foreign currency {fx_moves_12} times within a year and paid abroad {overseas_moves_12} times,"
        " {overseas_amount_12} in all.",
    ),
    (
        "saver", "有目标的储蓄者", "saver with a goal", "saving_months_12 >= 5", "saving_months_12",
        "近 12 个月有 {saving_months_12} 个月在存钱，每月约 {saving_average_12}；近期取回：{saving_broken}。",
        "Put money aside in {saving_months_12} of 12 months, about {saving_average_12} a month; taken back lately:"
        " {saving_broken}.",
    ),
    (
        "new_house", "新房业主", "new house owner", "days_since_mortgage <= 365", "mortgage_since",
        "{mortgage_since} 起有住房按揭，到现在 {days_since_mortgage}。",
        "A mortgage since {mortgage_since}, {days_since_mortgage} ago.",
    ),
    (
        "young_business", "青年创业者", "young entrepreneur",
        "age >= 18 and age <= 40 and business_growth >= 0.3", "inflow_3",
        "{age}，经营收款近三个月比前九个月的月均增长 {business_growth}，三个月共进账 {inflow_3}。",
        "{age} old; business receipts of the last three months {business_growth} against the nine before,"
        " {inflow_3} in.",
    ),
    (
        "on_mobile", "习惯用手机办", "likes to do things on the mobile",
        "age >= 50 and mobile_months_6 >= 5 and counter_months_6 = 0", "",
        "近 6 个月有 {mobile_months_6} 个月用手机银行办过业务，没到过柜台。",
        "Used the mobile bank in {mobile_months_6} of the last 6 months, and never the counter.",
    ),
    (
        "at_counter", "习惯到柜台办", "likes to do things at the counter",
        "counter_months_6 >= 3 and mobile_months_6 <= 1", "",
        "近 6 个月有 {counter_months_6} 个月到柜台办过业务，用手机银行的只有 {mobile_months_6} 个月。",
        "At the counter in {counter_months_6} of the last 6 months, on the mobile bank in {mobile_months_6}.",
    ),
    (
        "cautious", "稳健型投资者", "cautious investor",
        "risk_level <= 2 and days_until_reassessment >= 0 and aum >= 50000", "days_until_reassessment",
        "自己填的风险评估为 C{risk_level}，还有 {days_until_reassessment} 有效。",
        "Risk tolerance C{risk_level} by their own answers, valid for another {days_until_reassessment}.",
    ),
    (
        "long_deposit", "多年老储户", "long-time depositor",
        'days_as_customer >= 2555 and families ~ "time" and family_count <= 2', "",
        "{customer_since} 开户至今，一直只用：{families}。",
        "With the bank since {customer_since}, and has had nothing but {families}.",
    ),
    (
        "parent", "已为父母", "parent", "children >= 1 and age >= 18", "children",
        "客户告诉过我们有孩子，共 {children} 个。", "Told us of children: {children}.",
    ),
    (
        "near_retirement", "临近退休", "near retirement", "age >= 55 and age <= 62", "",
        "今年 {age}；近 6 个月有 {salary_months_6} 个月还有工资入账。",
        "{age} old; a salary still came in {salary_months_6} of the last 6 months.",
    ),
    (
        "elsewhere", "在他行也有投资", "invests elsewhere", "to_other_banks_3 >= 100000", "to_other_banks_3",
        "近三个月转往他行 {to_other_banks_3}。", "Moved {to_other_banks_3} to other banks within three months.",
    ),
]  # fmt: skip


def begin(apps, schema_editor):
    rules = apps.get_model("customers", "PortraitRule").objects.using(schema_editor.connection.alias)
    for place, (code, name_zh, name_en, condition, proof, reason_zh, reason_en) in enumerate(TAGS, start=1):
        rules.create(
            code=code, name_zh=name_zh, name_en=name_en, order=place * 10, condition=condition, proof=proof,
            reason_zh=reason_zh, reason_en=reason_en,
        )  # fmt: skip


def column(model, name, field):
    return migrations.AddField(model_name=model, name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0014_duplicates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            column(model, name, models.IntegerField(null=True))
            for model in ("features", "stagedfeatures")
            for name in ("mobile_months_6", "counter_months_6", "children")
        ),
        *(column(model, "child_born_on", models.DateField(null=True)) for model in ("features", "stagedfeatures")),
        migrations.CreateModel(
            name="PortraitRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=40, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=40, verbose_name="name in English")),
                ("code", models.SlugField(max_length=24, unique=True, verbose_name="code")),
                ("order", models.PositiveSmallIntegerField(default=50, verbose_name="order")),
                ("active", models.BooleanField(default=True, verbose_name="in use")),
                ("condition", models.TextField(verbose_name="condition")),
                ("reason_zh", models.TextField(verbose_name="reason in Chinese")),
                ("reason_en", models.TextField(verbose_name="reason in English")),
                ("proof", models.CharField(blank=True, max_length=32, verbose_name="new evidence by")),
            ],
            options={
                "verbose_name": "portrait tag",
                "verbose_name_plural": "portrait tags",
                "ordering": ["order", "code"],
            },
        ),
        migrations.CreateModel(
            name="StagedPortrait",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run", "customer_id", "rule_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("run", models.BigIntegerField()),
                ("customer_id", models.BigIntegerField()),
                ("rule_id", models.BigIntegerField()),
                ("values", models.JSONField(default=dict)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="PortraitTag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("values", models.JSONField(default=dict)),
                ("since", models.DateField(verbose_name="since")),
                (
                    "state",
                    models.CharField(
                        choices=[("live", "holds"), ("wrong", "said to be wrong")],
                        default="live",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("wrong_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="portrait", to="customers.customer"
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.portraitrule"
                    ),
                ),
                (
                    "wrong_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("customer", "rule"), name="one_portrait_tag_a_rule")],
            },
        ),
        migrations.RunSQL(CLEAR, UNDO_CLEAR),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
