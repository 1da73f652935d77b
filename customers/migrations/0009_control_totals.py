"""The sum of a file of movements stays with its batch."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0008_lists_and_steps"),
    ]

    operations = [
        migrations.AddField(
            model_name="importbatch",
            name="control_total",
            field=models.DecimalField(decimal_places=2, max_digits=20, null=True, verbose_name="control total"),
        ),
    ]
