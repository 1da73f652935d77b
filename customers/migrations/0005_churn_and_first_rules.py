"""Signs of leaving, and the tiers, segments and detectors a bank begins with (usual practice; admins change them)."""

from django.db import migrations, models

# Monthly average AUM, in fen. 500,000 and 10,000,000 are usual in Chinese retail banks; the others are a beginning.
TIERS = [
    ("mass", "大众", "mass", 0),
    ("gold", "金卡", "gold", 50_000_00),
    ("sunflower", "金葵花", "sunflower", 500_000_00),
    ("diamond", "钻石", "diamond", 5_000_000_00),
    ("private", "私人银行", "private", 10_000_000_00),
]
# (code, name in Chinese, in English, served by, contact every so many days, rule), the first that holds counts.
SEGMENTS = [
    ("dormant", "睡眠", "dormant", "self", None, "aum < 100 and days_since_active > 365"),
    (
        "at_risk", "流失预警", "at risk", "owned", 14,
        'churn in ("light", "severe") or tier in ("gold", "sunflower", "diamond", "private")'
        ' and lifecycle in ("declining", "lost")',
    ),
    ("vip", "贵宾", "VIP", "owned", 30, 'tier in ("diamond", "private")'),
    (
        "potential", "潜力", "potential", "owned", 60,
        'tier in ("mass", "gold") and (business_growth >= 0.3 or inflow_growth >= 0.5 and inflow_3 >= 60000'
        " or near_upgrade = True)",
    ),
    ("new", "新客", "new", "pool", 30, 'lifecycle = "new"'),
    (
        "core", "核心", "core", "owned", 90,
        'tier = "sunflower" or tier = "gold" and (payroll = True or family_count >= 3)',
    ),
    ("ordinary", "普通", "ordinary", "self", None, ""),
]  # fmt: skip
# Thresholds of large value: 金融机构大额交易和可疑交易报告管理办法; each direction separately, inclusive, per day. Amounts in yuan.
DETECTORS = {
    "large_value": {
        "cash": 50_000, "transfer": 500_000, "cross_border": 200_000,
        "cash_foreign": 10_000, "transfer_foreign": 100_000, "cross_border_foreign": 10_000,
    },
    "large_move": {"least": 50_000, "times": 5, "months": 6},
    "frequent_large": {"least": 50_000, "count": 3, "days": 7, "quiet_days": 90},
    "dormant_active": {"least": 5_000, "quiet_days": 365},
    "rapid_in_out": {"least": 100_000, "days": 3, "share_out": 0.9},
    "early_repayment": {"payments": 3},
    "overdue": {"days": 1},
    "credit_fall": {"points": 50},
    "structuring": {"from_share": 0.8, "count": 3, "days": 10},
    "dispersed_in": {"parties": 5, "days": 10, "least": 100_000, "share": 0.8},
    "dispersed_out": {"parties": 5, "days": 10, "least": 100_000, "share": 0.8},
}  # fmt: skip


def begin(apps, schema_editor):
    tiers, segments, rules, detectors = (
        apps.get_model("customers", name).objects.using(schema_editor.connection.alias)
        for name in ("Tier", "Segment", "SegmentRule", "DetectorSetting")
    )
    for code, name_zh, name_en, from_aum in TIERS:
        tiers.create(code=code, name_zh=name_zh, name_en=name_en, from_aum=from_aum)
    for order, (code, name_zh, name_en, served, interval, text) in enumerate(SEGMENTS, start=1):
        segment = segments.create(
            code=code, name_zh=name_zh, name_en=name_en, order=order * 10, service_model=served,
            contact_interval=interval,
        )  # fmt: skip
        segment.rule = rules.create(segment=segment, text=text)
        segment.save()
    for detector, parameters in DETECTORS.items():
        detectors.create(detector=detector, parameters=parameters)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_changes_taken_up"),
    ]

    operations = [
        migrations.AddField(
            model_name="features",
            name="churn",
            field=models.CharField(
                choices=[
                    ("light", "below the tier at the end of the month"),
                    ("severe", "below the tier for a month"),
                    ("rescued", "back at the tier"),
                ],
                max_length=8,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="features",
            name="near_upgrade",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="stagedfeatures",
            name="churn",
            field=models.CharField(
                choices=[
                    ("light", "below the tier at the end of the month"),
                    ("severe", "below the tier for a month"),
                    ("rescued", "back at the tier"),
                ],
                max_length=8,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="stagedfeatures",
            name="near_upgrade",
            field=models.BooleanField(null=True),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
