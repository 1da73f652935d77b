"""Indexes of what lists are narrowed to and ordered by, and steps of cases that stay as they were written."""

from django.db import migrations, models

KEEP_STEPS = """
CREATE FUNCTION customers_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER case_steps_stay BEFORE UPDATE OR DELETE ON customers_casestep
    FOR EACH ROW EXECUTE FUNCTION customers_refuse_change();
"""
LET_STEPS_GO = """
DROP TRIGGER case_steps_stay ON customers_casestep;
DROP FUNCTION customers_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_months_by_partition")]
    operations = [
        migrations.AddIndex(
            "features",
            models.Index(
                fields=["-aum", "customer"], name="features_assets", condition=models.Q(("aum__isnull", False))
            ),
        ),
        migrations.AddIndex("features", models.Index(fields=["tier", "customer"], name="features_tier")),
        migrations.AddIndex(
            "features",
            models.Index(
                fields=["next_maturity_on"],
                name="features_maturing",
                condition=models.Q(("next_maturity_on__isnull", False)),
            ),
        ),
        migrations.AddIndex(
            "features",
            models.Index(fields=["customer"], name="features_overdue", condition=models.Q(("overdue_days__gt", 0))),
        ),
        migrations.AddIndex("compliancecase", models.Index(fields=["-day", "-id"], name="case_day")),
        migrations.AddIndex(
            "riskwarning",
            models.Index(fields=["-day", "-id"], name="warning_explained", condition=models.Q(("state", "explained"))),
        ),
        migrations.RunSQL(KEEP_STEPS, LET_STEPS_GO),
    ]
