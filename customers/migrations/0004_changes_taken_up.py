"""What a night has taken up of the changes since the last one."""

from django.db import migrations, models

CLEAR = """
CREATE OR REPLACE FUNCTION customers_clear_staging() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    TRUNCATE customers_stagedchange, customers_stagedfeatures, customers_stagedmembership, customers_stagedfinding
$$
"""
CLEAR_WITHOUT = """
CREATE OR REPLACE FUNCTION customers_clear_staging() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    TRUNCATE customers_stagedfeatures, customers_stagedmembership, customers_stagedfinding
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_money_and_night"),
    ]

    operations = [
        migrations.CreateModel(
            name="StagedChange",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run", "changed_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("run", models.BigIntegerField()),
                ("changed_id", models.BigIntegerField()),
                ("customer_id", models.BigIntegerField(null=True)),
                ("month", models.DateField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.RunSQL(CLEAR, CLEAR_WITHOUT),
    ]
