"""Features that needs of a stage of life are seen by: the birth date, and since when a house is being paid off."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0009_control_totals")]
    operations = [
        migrations.AddField(model, name, models.DateField(null=True))
        for model in ("features", "stagedfeatures")
        for name in ("birth_date", "mortgage_since")
    ]
