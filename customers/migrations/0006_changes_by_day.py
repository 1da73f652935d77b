"""A change taken up keeps its day: findings are looked for on that day and those that follow from it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_churn_and_first_rules")]
    operations = [
        migrations.RemoveField("stagedchange", "month"),
        migrations.AddField("stagedchange", "day", models.DateField(default="2000-01-01"), preserve_default=False),
    ]
